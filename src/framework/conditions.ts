/** Smaller tiers with the conditions under which they hold. */

import { freeNames, same } from '../expr/binder.ts';
import type { Declarations } from '../expr/declare.ts';
import { domainOf } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { num } from '../expr/expr.ts';
import type { Alternative } from '../forms/alternative.ts';
import { under } from '../forms/alternative.ts';
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
  /** The weight there, where it differs from pair to pair: one framework for each of its values. */
  readonly weight?: Expr;
}

/** Alternatives under which a test passes, and whether it passes under no others. */
export interface Solutions {
  readonly alternatives: readonly Alternative[];
  readonly complete: boolean;
}

/** A tier reached under equations, and whether no further equations lead from there to a smaller one. */
export interface Reached {
  readonly tier: Tier;
  /** The weight of its prior, where there is one for both labels. */
  readonly weight: Expr | undefined;
  readonly settled: () => boolean;
}

interface Way {
  readonly alternative: Alternative;
  readonly reached: Reached;
}

/**
 * The alternatives by the tier that each leads to, smallest first, those that lead nowhere left out. One that leads
 * nowhere as a whole may do so for one value of a hyper-parameter of `of` that is zero or one, and not for the other.
 */
export function byTier(
  { alternatives, complete }: Solutions,
  of: Expr,
  declared: Declarations,
  reach: (alternative: Alternative) => Reached | undefined,
): readonly SmallerTier[] {
  const ways = (all: readonly Alternative[]): readonly Way[] =>
    all.flatMap((alternative) => {
      const reached = reach(alternative);
      return reached === undefined ? [] : [{ alternative, reached }];
    });
  const whole = alternatives.map((alternative) => ways([alternative]));
  const known = whole.flat().map(({ alternative }) => alternative);
  const parts = alternatives.flatMap((alternative, i) =>
    whole[i]?.length === 0
      ? ways(toldApart(alternative, of, declared).filter((one) => !known.some((other) => has(one, other))))
      : [],
  );
  const found = new Map<Tier, Way[]>();
  for (const way of [...whole.flat(), ...parts]) {
    found.set(way.reached.tier, [...(found.get(way.reached.tier) ?? []), way]);
  }
  // With one tier alone it does not matter whether some of it is a smaller one still.
  const sure =
    complete &&
    (found.size < 2 || [...found.values()].every((all) => all.every(({ reached }) => reached.settled())));
  return TIERS.flatMap((tier): readonly SmallerTier[] => {
    const all = found.get(tier)?.map(({ alternative }) => alternative);
    return all === undefined
      ? []
      : [{ tier, when: { kind: 'equations', alternatives: all, complete: sure } }];
  });
}

/** Whether all equations of another alternative are among those of one. */
export const has = (one: Alternative, other: Alternative): boolean =>
  other.every((e) => one.some(({ left, right }) => same(left, e.left) && same(right, e.right)));

const MOST_SWITCHES = 3;

/** An alternative with every value of the {0, 1} hyper-parameters that are left under it; none where there are none. */
function toldApart(alternative: Alternative, of: Expr, declared: Declarations): readonly Alternative[] {
  const left = freeNames(under(of, alternative, declared)).flatMap((name) =>
    name.kind === 'sym' && domainOf(declared, name.name) === 'boolean' ? [name] : [],
  );
  if (left.length === 0 || left.length > MOST_SWITCHES) return [];
  return left.reduce<readonly Alternative[]>(
    (all, name) => all.flatMap((one) => [0, 1].map((n) => [...one, { left: name, right: num(n) }])),
    [alternative],
  );
}
