/** Logits that need more than one response at a time: both of a pair, or those of the whole batch. */

import { same } from '../expr/binder.ts';
import type { Declarations, Domain } from '../expr/declare.ts';
import { BUILT_IN, datumOf } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { sym } from '../expr/expr.ts';
import { nodes, rebuild } from '../expr/walk.ts';
import { termsOf } from '../forms/canonise.ts';
import { product, total } from '../forms/collect.ts';
import type { Standing } from './logit.ts';
import { standingOf } from './logit.ts';
import { termsAsWritten } from './members.ts';
import type { Nearest } from './nearest.ts';
import { nearestOf } from './nearest.ts';
import type { Outside } from './outside.ts';
import { NOTHING } from './outside.ts';
import { roleOf } from './score.ts';
import { isSmaller, usesPolicy } from './tier.ts';

/**
 * A logit with terms that mention both responses: what it would be without them, without the bounds around it, or
 * with their common factor constant. `written` is the logit before it was brought to canonical form.
 */
export function coupledOutside(standing: Standing, written: Expr, declared: Declarations): Outside {
  const changes = [
    withoutCoupling(termsAsWritten(written, declared), declared),
    withoutCoupling(termsOf(standing.logit, declared) ?? [], declared),
    nearestOf('without-bounds', unbounded(written, declared), undefined, declared),
    ...withoutFactor(standing.logit, declared),
  ].filter((change) => change !== undefined);
  const nearest = changes.reduce<Nearest | undefined>(
    (best, one) => (best === undefined || isSmaller(one.tier, best.tier) ? one : best),
    undefined,
  );
  return { ...NOTHING, why: 'pair-coupled', residual: standing.residual, inner: standing, nearest };
}

function withoutCoupling(terms: readonly Expr[], declared: Declarations): Nearest | undefined {
  const drop = terms.filter((term) => roleOf(term) === 'both');
  const left = terms.filter((term) => roleOf(term) !== 'both');
  return nearestOf('without-coupling', total(left), total(drop), declared);
}

/** A logit with what is clipped in place of the clip. */
const unbounded = (logit: Expr, declared: Declarations): Expr =>
  rebuild(logit, (node) => {
    if (node.kind !== 'call' || !BOUNDS.has(node.fn)) return node;
    const [moving, another] = node.args.filter((arg) => usesPolicy(arg, declared));
    return moving !== undefined && another === undefined ? moving : node;
  });
const BOUNDS: ReadonlySet<string> = new Set(['clamp', 'max', 'min', 'relu']);

/** The logit with one factor of the terms that couple replaced by one: a temperature of the pair or of one response. */
function withoutFactor(logit: Expr, declared: Declarations): readonly (Nearest | undefined)[] {
  const terms = termsOf(logit, declared) ?? [];
  const shared = factorsOf(terms.find((term) => roleOf(term) === 'both')).filter(
    (f) => roleOf(f) !== 'neither' && !usesPolicy(f, declared),
  );
  return shared.map((factor) => {
    const without = terms.map((term) => product(factorsOf(term).filter((f) => !same(f, factor))));
    return nearestOf('without-factor', total(without), factor, declared);
  });
}

const factorsOf = (e: Expr | undefined): readonly Expr[] =>
  e === undefined ? [] : e.kind === 'mul' ? e.factors : [e];

/** The statistics of a batch that an expression uses: declared data that belong to no response, token or prompt. */
export const statisticsIn = (e: Expr): readonly Expr[] =>
  [...nodes(e)].flatMap(([node]) =>
    node.kind === 'apply' && node.args.length === 0 && !Object.hasOwn(BUILT_IN, node.name) ? [node] : [],
  );

/** A logit that moves with the rest of the batch: with the statistic a constant, it is what `inner` says. */
export function batchOutside(logit: Expr, declared: Declarations): Outside {
  const parameters: Record<string, Domain> = { ...declared.parameters };
  const fixed = rebuild(logit, (node) => {
    if (statisticsIn(node)[0] !== node || node.kind !== 'apply') return node;
    parameters[node.name] = datumOf(declared, node.name)?.is ?? 'real';
    return sym(node.name);
  });
  const known: Declarations = { ...declared, parameters };
  const nearest = nearestOf('fixed-statistic', fixed, undefined, known);
  return { ...NOTHING, why: 'batch-coupled', inner: standingOf(fixed, known, 'tier'), nearest };
}
