/** Two claims compared: as values, and as functions to differentiate. */

import { occursFree, same } from '../expr/binder.ts';
import type { Declarations, Domain, Fact } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import type { Decision } from '../forms/decide.ts';
import { decide } from '../forms/decide.ts';
import { decideGradients } from '../forms/gradient.ts';
import type { Change } from '../framework/changes.ts';
import { changesOf } from '../framework/changes.ts';
import { classify } from '../framework/membership.ts';
import { CHOSEN, REJECTED } from '../framework/score.ts';
import { expand } from '../variant/expand.ts';
import type { Variant } from '../variant/variant.ts';

export interface ComparisonReport {
  readonly left: Variant;
  readonly right: Variant;
  /** What was granted about the names of both: the stronger domain where both declare one. */
  readonly declared: Declarations;
  readonly values: Decision;
  readonly gradients: Decision;
  /** What the second does otherwise than the first; undefined where one of them has no logit of a pair. */
  readonly changes: readonly Change[] | undefined;
}

/** The same datum or distribution declared in two ways: the two claims do not speak of the same thing. */
export interface ClashFault {
  readonly kind: 'declared-differently';
  readonly name: string;
}

/** From the weakest to the strongest along each line; domains on different lines are not comparable. */
const STRONGER: Readonly<Record<Domain, readonly Domain[]>> = {
  real: ['nonnegative', 'positive', 'unit', 'open-unit', 'integer', 'boolean'],
  nonnegative: ['positive', 'unit', 'open-unit', 'boolean'],
  positive: ['open-unit'],
  unit: ['open-unit', 'boolean'],
  'open-unit': [],
  integer: ['boolean'],
  boolean: [],
};

/** The domain of a name that is used by both sides: both declarations hold. */
function both(name: string, a: Domain, b: Domain): { readonly is: Domain } | ClashFault {
  if (a === b || STRONGER[a].includes(b)) return { is: b };
  if (STRONGER[b].includes(a)) return { is: a };
  return { kind: 'declared-differently', name };
}

function merge(a: Declarations, b: Declarations): Declarations | ClashFault {
  const parameters: Record<string, Domain> = { ...a.parameters };
  for (const [name, is] of Object.entries(b.parameters)) {
    const own = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    const merged = both(name, own ?? is, is);
    if ('kind' in merged) return merged;
    parameters[name] = merged.is;
  }
  for (const [name, datum] of Object.entries(b.data)) {
    const own = Object.hasOwn(a.data, name) ? a.data[name] : undefined;
    if (own === undefined || own === datum) continue;
    const isOne =
      own.is === datum.is && own.distribution === datum.distribution && own.policy === datum.policy;
    if (!isOne) return { kind: 'declared-differently', name };
  }
  // What is typed once is granted to both.
  const isIn = ({ kind, of }: Fact): boolean => a.facts.some((one) => one.kind === kind && same(one.of, of));
  const facts: readonly Fact[] = [...a.facts, ...b.facts.filter((fact) => !isIn(fact))];
  return { parameters, data: { ...a.data, ...b.data }, facts };
}

/** Whether an expression is about both responses, as a loss is. */
const isOfPair = (e: Expr): boolean => occursFree(e, CHOSEN) && occursFree(e, REJECTED);

export function reportComparison(left: Variant, right: Variant): ComparisonReport | ClashFault {
  const declared = merge(left.declared, right.declared);
  if ('kind' in declared) return declared;
  const [a, b] = [expand(left.loss, left.definitions), expand(right.loss, right.definitions)];
  return {
    left,
    right,
    declared,
    values: decide(a, b, declared),
    gradients: decideGradients(a, b, declared),
    changes:
      isOfPair(a) && isOfPair(b)
        ? changesOf(classify(a, declared), classify(b, declared), declared)
        : undefined,
  };
}
