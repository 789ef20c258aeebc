/** Smaller tiers with the conditions under which they hold. */

import type { Expr } from '../expr/expr.ts';
import type { Alternative } from '../forms/alternative.ts';
import type { Tier } from './tier.ts';
import { TIERS } from './tier.ts';

/** A smaller tier and when it holds: alternatives of equations, or a sign of the weight. */
export type When =
  | {
      readonly kind: 'equations';
      readonly alternatives: readonly Alternative[];
      /** Whether the tier is reached, for all data, under these equations only. */
      readonly complete: boolean;
    }
  | { readonly kind: 'positive'; readonly of: Expr };

export interface SmallerTier {
  readonly tier: Tier;
  readonly when: When;
}

/** Alternatives under which a test passes, and whether it passes under no others. */
export interface Solutions {
  readonly alternatives: readonly Alternative[];
  readonly complete: boolean;
}

/** A tier reached under equations, and whether no further equations lead from there to a smaller one. */
export interface Reached {
  readonly tier: Tier;
  readonly settled: () => boolean;
}

/** The alternatives by the tier that each leads to, smallest first, those that lead nowhere left out. */
export function byTier(
  { alternatives, complete }: Solutions,
  reach: (alternative: Alternative) => Reached | undefined,
): readonly SmallerTier[] {
  const found = new Map<Tier, { readonly alternative: Alternative; readonly reached: Reached }[]>();
  for (const alternative of alternatives) {
    const reached = reach(alternative);
    if (reached === undefined) continue;
    found.set(reached.tier, [...(found.get(reached.tier) ?? []), { alternative, reached }]);
  }
  // With one tier alone it does not matter whether some of it is a smaller one still.
  const whole =
    complete &&
    (found.size < 2 || [...found.values()].every((all) => all.every(({ reached }) => reached.settled())));
  return TIERS.flatMap((tier): readonly SmallerTier[] => {
    const all = found.get(tier)?.map(({ alternative }) => alternative);
    return all === undefined
      ? []
      : [{ tier, when: { kind: 'equations', alternatives: all, complete: whole } }];
  });
}
