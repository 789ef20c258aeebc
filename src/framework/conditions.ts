/** Smaller tiers with the conditions under which they hold. */

import type { Declarations, Fact } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import type { Alternative } from '../forms/alternative.ts';
import { replace } from '../forms/alternative.ts';
import { signOfExpr } from '../forms/canonise.ts';
import type { Sign } from '../forms/sign.ts';
import type { Tier } from './tier.ts';

/** A smaller tier and when it holds: alternatives of equations, or a sign of the weight. */
export type When =
  | { readonly kind: 'equations'; readonly alternatives: readonly Alternative[] }
  | { readonly kind: 'positive'; readonly of: Expr };

export interface SmallerTier {
  readonly tier: Tier;
  readonly when: When;
}

/** `e` with every equation of an alternative put in. */
export const under = (e: Expr, alternative: Alternative): Expr => alternative.reduce<Expr>(replace, e);

const EXCLUDED: Readonly<Record<Fact['kind'], readonly Sign[]>> = {
  positive: ['zero', 'nonpositive', 'negative'],
  nonnegative: ['negative'],
  nonzero: ['zero'],
  integer: [],
};

/** Whether no assumption is known to fail where the equations hold. */
export const isAllowed = (alternative: Alternative, declared: Declarations): boolean =>
  declared.facts.every(({ kind, of }) => {
    const put = under(of, alternative);
    return put === of || !EXCLUDED[kind].includes(signOfExpr(put, { ...declared, facts: [] }));
  });

/** The alternatives by the tier that each leads to, those that lead nowhere left out. */
export function byTier(
  alternatives: readonly Alternative[],
  tierUnder: (alternative: Alternative) => Tier | undefined,
): readonly SmallerTier[] {
  const found = new Map<Tier, Alternative[]>();
  for (const alternative of alternatives) {
    const tier = tierUnder(alternative);
    if (tier !== undefined) found.set(tier, [...(found.get(tier) ?? []), alternative]);
  }
  return [...found].map(([tier, all]) => ({ tier, when: { kind: 'equations', alternatives: all } }));
}
