/** What a pairwise loss is: link, logit, the smallest tier of prior that carries it, and under which conditions smaller ones. */

import type { Datum, Declarations } from '../expr/declare.ts';
import { FIXED_DISTRIBUTION } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { apply } from '../expr/expr.ts';
import { rebuild, size, some } from '../expr/walk.ts';
import type { Alternative } from '../forms/alternative.ts';
import { contradicts, isParametric, under } from '../forms/alternative.ts';
import { canonical, logisticLogit } from '../forms/canonise.ts';
import { needs } from '../forms/definedness.ts';
import { conditions } from '../forms/solve.ts';
import type { Witness } from '../forms/witness.ts';
import type { SmallerTier, Solutions } from './conditions.ts';
import { byTier } from './conditions.ts';
import { batchOutside, coupledOutside, statisticsIn } from './coupled.ts';
import { outsideOf } from './decompose.ts';
import { linkedTo, logisticUnderneath } from './link.ts';
import type { Asked, Prior } from './logit.ts';
import { isSettled, standingOf } from './logit.ts';
import type { Parts } from './members.ts';
import { partsOf, writtenLogit } from './members.ts';
import { ofData, withDataNamed } from './on-data.ts';
import type { Outside } from './outside.ts';
import { notALoss } from './outside.ts';
import { scoresOf } from './score.ts';
import type { Tier } from './tier.ts';
import { usesPolicy } from './tier.ts';
import type { Refuted, Unserved } from './unserved.ts';
import { formalLogit, separability, unserved } from './unserved.ts';
import { asWritten } from './written.ts';

export type { SmallerTier, When } from './conditions.ts';
export type { Prior } from './logit.ts';
export type { Outside, Why } from './outside.ts';

export interface Membership {
  /** The logit of a logistic loss; undefined where the loss has none of its own. */
  readonly logit: Expr | undefined;
  readonly tier: Tier;
  /** The tier of the loss as a function to differentiate: what stands under a stop-gradient is fixed there. */
  readonly gradientTier: Tier;
  readonly prior: Prior | undefined;
  readonly conditions: readonly SmallerTier[];
  readonly outside: Outside | undefined;
  /** Concrete numbers at which the test of the next smaller tier fails. */
  readonly witness: Witness | undefined;
  /** Which test that is. */
  readonly refutes: Refuted | undefined;
  /** Tests that could not be decided; the tier is then an upper bound. */
  readonly undecided: readonly ('cocycle' | 'separable')[];
}

/** Classifies a pairwise loss in w and l, definitions expanded. Stop-gradients count as their value. */
export function classify(loss: Expr, declared: Declarations): Membership {
  const found = byValue(loss, declared);
  const values = { ...found, conditions: [...found.conditions, ...whenData(loss, found, declared)] };
  const hasFreeze = some(loss, (node) => node.kind === 'freeze');
  if (!hasFreeze) return { ...values, gradientTier: values.tier };
  const frozen = thawAsFixed(loss, declared);
  return { ...values, gradientTier: byValue(frozen.loss, frozen.declared, 'tier').tier };
}

/** Conditions for smaller tiers on data that have one value for a pair. */
function whenData(loss: Expr, known: ByValue, declared: Declarations): readonly SmallerTier[] {
  const named = withDataNamed(loss, declared);
  return named === undefined ? [] : ofData(byValue(named.loss, named.declared).conditions, named.data, known);
}

/** The tiers that `classify` finds, and nothing else of it: no conditions, no witness, nothing of what is outside. */
export function tiersOf(loss: Expr, declared: Declarations): Pick<Membership, 'tier' | 'gradientTier'> {
  const { tier } = byValue(loss, declared, 'tier');
  if (!some(loss, (node) => node.kind === 'freeze')) return { tier, gradientTier: tier };
  const frozen = thawAsFixed(loss, declared);
  return { tier, gradientTier: byValue(frozen.loss, frozen.declared, 'tier').tier };
}

/** What stands under a stop-gradient, read as data: the policy inside becomes a fixed distribution. */
function thawAsFixed(
  loss: Expr,
  declared: Declarations,
): { readonly loss: Expr; readonly declared: Declarations } {
  const data: Record<string, Datum> = { ...declared.data };
  const fix = (e: Expr): Expr =>
    rebuild(e, (node) => {
      if (node.kind !== 'apply' || !usesPolicy(node, declared)) return node;
      const name = `${node.name}_frozen`;
      data[name] = FIXED_DISTRIBUTION;
      return apply(name, node.args);
    });
  const opened = rebuild(loss, (node) => (node.kind === 'freeze' ? fix(node.body) : node));
  return { loss: opened, declared: { ...declared, data } };
}

type ByValue = Omit<Membership, 'gradientTier'>;

function byValue(loss: Expr, declared: Declarations, asked: Asked = 'all'): ByValue {
  const form = canonical(loss, declared);
  if (!usesPolicy(form ?? loss, declared)) return standsOutside(notALoss, undefined);
  const whole = logisticLogit(loss, declared);
  // A point that no separable logit can serve settles the tier, whatever the loss is made of.
  if (whole === undefined && asked === 'tier' && unserved(loss, declared) !== undefined) {
    return standsOutside(undefined, undefined);
  }
  const parts = whole === undefined ? partsOf(loss, declared) : undefined;
  const u = whole ?? (parts && loneLogit(parts));
  if (u === undefined) return withoutLogit(loss, parts ?? partsOf(loss, declared), declared, asked);
  if (statisticsIn(canonical(u, declared) ?? u).length > 0) {
    return standsOutside(asked === 'all' ? batchOutside(u, declared) : undefined, undefined);
  }
  return ofLogit(u, writtenLogit(loss), declared, asked);
}

/** A logit that couples the responses is shown as it is written, where that is no longer. */
function ofLogit(u: Expr, written: Expr | undefined, declared: Declarations, asked: Asked): ByValue {
  const standing = standingOf(u, declared, asked);
  const isShown = written !== undefined && asked === 'all';
  const found = isShown ? asWritten(standing, written, declared) : standing;
  const shorter = written !== undefined && size(written) <= size(found.logit);
  const whole = found.tier === 'outside' && shorter ? { ...found, logit: written } : found;
  const { residual: _, ...rest } = whole;
  const { tier, witness } = rest;
  const refutes = witness === undefined ? undefined : tier === 'outside' ? 'separable' : 'cocycle';
  const outside =
    tier === 'outside' && asked === 'all' ? coupledOutside(whole, written ?? u, declared) : undefined;
  return { ...rest, outside, refutes };
}

/** A loss with another shape: outside if a point shows that it can have no separable logit, inside if it has one. */
function withoutLogit(loss: Expr, parts: Parts, declared: Declarations, asked: Asked): ByValue {
  const shown = unserved(loss, declared);
  const logit = formalLogit(loss);
  if (shown === undefined) {
    if (scoresOf(logit, declared) !== undefined) return ofLogit(logit, undefined, declared, asked);
    const linked = linkedTo(loss, declared);
    const underneath = linked === undefined ? undefined : logisticUnderneath(linked, declared);
    if (underneath !== undefined) return ofLogit(underneath, undefined, declared, asked);
  }
  if (asked === 'tier') return standsOutside(undefined, shown);
  const outside = outsideOf(loss, parts, declared);
  const inside = insideWhen(loss, outside.ways, declared);
  const undecided = shown === undefined ? (['separable'] as const) : [];
  return { ...standsOutside(outside, shown), conditions: inside, undecided };
}

/** The logit of a loss that is one logistic loss as it is written, where its canonical form does not show it. */
const loneLogit = ({ members, rest }: Parts): Expr | undefined => {
  const [only, another] = members;
  return only !== undefined && another === undefined && isNumber(only.weight, 1n) && isNumber(rest, 0n)
    ? only.logit
    : undefined;
};

const isNumber = (e: Expr, n: bigint): boolean => e.kind === 'num' && e.value.n === n && e.value.d === 1n;

const standsOutside = (outside: Outside | undefined, shown: Unserved | undefined): ByValue => ({
  logit: undefined,
  tier: 'outside',
  prior: undefined,
  conditions: [],
  outside,
  witness: shown?.witness,
  refutes: shown?.refutes,
  undecided: [],
});

/** The tiers that a loss outside has where what keeps it there is gone: all of them where the test of exp(loss) was solved. */
function insideWhen(
  loss: Expr,
  ways: readonly Alternative[],
  declared: Declarations,
): readonly SmallerTier[] {
  if (ways.length === 0) return [];
  const { when, solved } = conditions([separability(loss)], declared, SOLVING);
  const found: Solutions = solved
    ? { alternatives: when.filter(isParametric), complete: true }
    : { alternatives: ways, complete: false };
  return byTier(found, loss, declared, (way) => {
    if (!isWithin(way, loss, declared)) return undefined;
    const { tier, logit, prior } = byValue(under(loss, way, declared), declared, 'tier');
    if (tier === 'outside' || logit === undefined) return undefined;
    const weight = prior?.kind === 'one' ? prior.prior.weight : undefined;
    return { tier, weight, settled: () => isSettled(logit, tier, prior, declared) };
  });
}

const SOLVING = 2_000_000;

const WITHIN = 200_000;

/** Whether a loss is defined where the equations hold, as far as that is known. */
const isWithin = (way: Alternative, loss: Expr, declared: Declarations): boolean =>
  !contradicts(way, { ...declared, facts: [...declared.facts, ...needs(loss, declared)] }, WITHIN);
