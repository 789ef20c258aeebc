/** What a pairwise loss is: link, logit, the smallest tier of prior that carries it, and under which conditions smaller ones. */

import type { Datum, Declarations } from '../expr/declare.ts';
import { FIXED_DISTRIBUTION } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { apply } from '../expr/expr.ts';
import { rebuild, some } from '../expr/walk.ts';
import type { Alternative } from '../forms/alternative.ts';
import { canonical, logisticLogit } from '../forms/canonise.ts';
import type { Witness } from '../forms/witness.ts';
import type { SmallerTier } from './conditions.ts';
import { byTier, isAllowed, under } from './conditions.ts';
import { batchOutside, coupledOutside, statisticsIn } from './coupled.ts';
import { outsideOf } from './decompose.ts';
import { linkedTo, logisticUnderneath } from './link.ts';
import type { Asked, Prior } from './logit.ts';
import { standingOf } from './logit.ts';
import type { Parts } from './members.ts';
import { partsOf } from './members.ts';
import type { Outside } from './outside.ts';
import { notALoss } from './outside.ts';
import { scoresOf } from './score.ts';
import type { Tier } from './tier.ts';
import { usesPolicy } from './tier.ts';
import type { Refuted, Unserved } from './unserved.ts';
import { formalLogit, unserved } from './unserved.ts';

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
  const values = byValue(loss, declared);
  const hasFreeze = some(loss, (node) => node.kind === 'freeze');
  if (!hasFreeze) return { ...values, gradientTier: values.tier };
  const frozen = thawAsFixed(loss, declared);
  return { ...values, gradientTier: byValue(frozen.loss, frozen.declared, 'tier').tier };
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
  return ofLogit(u, declared, asked);
}

function ofLogit(u: Expr, declared: Declarations, asked: Asked): ByValue {
  const whole = standingOf(u, declared, asked);
  const { residual: _, ...standing } = whole;
  const { tier, witness } = standing;
  const refutes = witness === undefined ? undefined : tier === 'outside' ? 'separable' : 'cocycle';
  const outside = tier === 'outside' && asked === 'all' ? coupledOutside(whole, declared) : undefined;
  return { ...standing, outside, refutes };
}

/** A loss with another shape: outside if a point shows that it can have no separable logit, inside if it has one. */
function withoutLogit(loss: Expr, parts: Parts, declared: Declarations, asked: Asked): ByValue {
  const shown = unserved(loss, declared);
  const logit = formalLogit(loss);
  if (shown === undefined) {
    if (scoresOf(logit, declared) !== undefined) return ofLogit(logit, declared, asked);
    const linked = linkedTo(loss, declared);
    const underneath = linked === undefined ? undefined : logisticUnderneath(linked, declared);
    if (underneath !== undefined) return ofLogit(underneath, declared, asked);
  }
  if (asked === 'tier') return standsOutside(undefined, shown);
  const outside = outsideOf(loss, parts, declared);
  const conditions = insideWhen(loss, outside.ways, declared);
  const undecided = shown === undefined ? (['separable'] as const) : [];
  return { ...standsOutside(outside, shown), conditions, undecided };
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

/** The tiers that a loss outside has where what keeps it there is gone. */
const insideWhen = (
  loss: Expr,
  ways: readonly Alternative[],
  declared: Declarations,
): readonly SmallerTier[] =>
  byTier(
    ways.filter((way) => isAllowed(way, declared)),
    (way) => {
      const { tier } = byValue(under(loss, way), declared, 'tier');
      return tier === 'outside' ? undefined : tier;
    },
  );
