/** Several claims side by side: the membership of each, and the abbreviations in which they are short enough to compare. */

import type { Expr } from '../expr/expr.ts';
import { apply } from '../expr/expr.ts';
import { nodes, rebuild } from '../expr/walk.ts';
import type { Membership, Prior } from '../framework/membership.ts';
import { classify } from '../framework/membership.ts';
import { expand } from '../variant/expand.ts';
import type { Definition, Variant } from '../variant/variant.ts';
import { meaningsOf } from './meaning.ts';
import { vocabularySums } from './vocabulary-sum.ts';

export interface TableRow {
  readonly variant: Variant;
  readonly membership: Membership;
  /** The published loss, the prior and the logit in the abbreviations of the table. */
  readonly loss: Expr;
  readonly prior: Prior | undefined;
  readonly logit: Expr | undefined;
}

/** What a name of the table stands for, and a claim in whose marks it is written. */
export interface Abbreviation {
  readonly definition: Definition;
  readonly of: Variant;
}

export interface TableReport {
  readonly rows: readonly TableRow[];
  /** Names given by the claims, then those of the table's own; only some columns use them. */
  readonly abbreviations: readonly Abbreviation[];
}

/** A name that different claims give different meanings is numbered; sums over the vocabulary get names of their own. */
export function reportTable(variants: readonly Variant[]): TableReport {
  const meanings = meaningsOf(variants);
  const sums = vocabularySums(namesOf(variants));
  const rows = variants.map((variant): TableRow => {
    const membership = classify(expand(variant.loss, variant.definitions), variant.declared);
    const short = (e: Expr): Expr => sums.abbreviate(e, variant);
    return {
      variant,
      membership,
      loss: short(
        rebuild(variant.loss, (node) =>
          node.kind === 'apply' ? apply(meanings.nameOf(variant, node.name), node.args) : node,
        ),
      ),
      prior: membership.prior && shortened(membership.prior, short),
      logit: membership.logit && short(membership.logit),
    };
  });
  return { rows, abbreviations: [...meanings.all, ...sums.found()] };
}

function shortened(prior: Prior, short: (e: Expr) => Expr): Prior {
  if (prior.kind === 'one') {
    return { ...prior, prior: { ...prior.prior, zeta: short(prior.prior.zeta) } };
  }
  const { chosen, rejected } = prior;
  return {
    ...prior,
    chosen: { ...chosen, zeta: short(chosen.zeta) },
    rejected: { ...rejected, zeta: short(rejected.zeta) },
  };
}

/** Every name that a formula of the table may use already. */
function namesOf(variants: readonly Variant[]): ReadonlySet<string> {
  return new Set(
    variants.flatMap(({ declared, definitions, loss }) => [
      ...Object.keys(declared.parameters),
      ...Object.keys(declared.data),
      ...definitions.map(({ name }) => name),
      ...[...nodes(loss)].flatMap(([node]) => (node.kind === 'sym' ? [node.name] : [])),
    ]),
  );
}
