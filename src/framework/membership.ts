/** What a pairwise loss is: link, logit, the smallest tier of prior that carries it, and under which conditions smaller ones. */

import { occursFree } from '../expr/binder.ts';
import type { Datum, Declarations } from '../expr/declare.ts';
import { FIXED_DISTRIBUTION } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { apply, num } from '../expr/expr.ts';
import { rebuild, some } from '../expr/walk.ts';
import { signOfExpr, termsOf } from '../forms/canonise.ts';
import { collect, total } from '../forms/collect.ts';
import type { Decision } from '../forms/decide.ts';
import type { Alternative } from '../forms/solve.ts';
import { replace, solve } from '../forms/solve.ts';
import type { Witness } from '../forms/witness.ts';
import type { Proper, Solved } from './prior.ts';
import { fixedWeight, naturalWeight, priorOf, properness } from './prior.ts';
import type { Scores } from './score.ts';
import { CHOSEN, cocycle, interaction, logitOf, REJECTED, scoresOf, vanishes } from './score.ts';
import type { Tier } from './tier.ts';
import { isSmaller, usesPolicy, usesPrompt } from './tier.ts';

export type Prior =
  | { readonly kind: 'one'; readonly prior: Solved; readonly proper: Proper }
  | {
      readonly kind: 'by-label';
      readonly chosen: Solved;
      readonly rejected: Solved;
      readonly proper: Proper;
    };

/** A smaller tier and when it holds: alternatives of equations, or a sign of the weight. */
export type When =
  | { readonly kind: 'equations'; readonly alternatives: readonly Alternative[] }
  | { readonly kind: 'positive'; readonly of: Expr };

export interface SmallerTier {
  readonly tier: Tier;
  readonly when: When;
}

export type Why =
  | 'link'
  | 'mixture'
  | 'regulariser'
  | 'weight'
  | 'pair-coupled'
  | 'batch-coupled'
  | 'unpaired'
  | 'not-a-loss';

/** What puts a loss outside: for `pair-coupled` the residual of separability. */
export interface Outside {
  readonly why: Why;
  readonly residual: Expr | undefined;
}

export interface Membership {
  readonly logit: Expr | undefined;
  readonly tier: Tier;
  /** The tier of the loss as a function to differentiate: what stands under a stop-gradient is fixed there. */
  readonly gradientTier: Tier;
  readonly prior: Prior | undefined;
  readonly conditions: readonly SmallerTier[];
  readonly outside: Outside | undefined;
  /** Concrete numbers at which the test of the next smaller tier fails. */
  readonly witness: Witness | undefined;
  /** Tests that could not be decided; the tier is then an upper bound. */
  readonly undecided: readonly ('cocycle' | 'separable')[];
}

/** Classifies a pairwise loss in w and l, definitions expanded. Stop-gradients count as their value. */
export function classify(loss: Expr, declared: Declarations): Membership {
  const values = byValue(loss, declared);
  const hasFreeze = some(loss, (node) => node.kind === 'freeze');
  if (!hasFreeze) return { ...values, gradientTier: values.tier };
  const frozen = thawAsFixed(loss, declared);
  return { ...values, gradientTier: byValue(frozen.loss, frozen.declared).tier };
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

const outsideFor = (why: Why, logit?: Expr, residual?: Expr, decision?: Decision): ByValue => ({
  logit,
  tier: 'outside',
  prior: undefined,
  conditions: [],
  outside: { why, residual },
  witness: decision?.answer === 'refuted' ? decision.witness : undefined,
  undecided: decision?.answer === 'undecided' ? ['separable'] : [],
});

/** `under` any parameters, conditions for smaller tiers are looked for; under such a condition no further ones are. */
function byValue(loss: Expr, declared: Declarations, under: 'any' | 'these' = 'any'): ByValue {
  if (!usesPolicy(loss, declared)) return outsideFor('not-a-loss');
  const u = logitOf(loss, declared);
  if (u === undefined) return withoutLogit(loss, declared);
  const logit = collect(u, declared) ?? u;

  const closed = vanishes(cocycle(u), declared);
  if (closed.answer === 'proved') {
    const scores = scoresOf(u, declared);
    return scores === undefined ? outsideFor('pair-coupled', logit) : ofScore(logit, scores.chosen, declared);
  }
  const apart = vanishes(interaction(u), declared);
  const when = (decision: Decision, than: Tier): readonly SmallerTier[] =>
    under === 'any' ? smaller(loss, declared, decision, than) : [];
  const whenClosed = when(closed, 'label-dependent');
  if (apart.answer !== 'proved') {
    const outside = outsideFor('pair-coupled', logit, interaction(u), apart);
    return {
      ...outside,
      conditions: [...when(apart, 'outside'), ...whenClosed].slice(0, 1),
    };
  }
  const scores = scoresOf(u, declared);
  if (scores === undefined) return outsideFor('pair-coupled', logit);
  return {
    logit,
    tier: 'label-dependent',
    prior: byLabel(scores, declared),
    conditions: whenClosed,
    outside: undefined,
    witness: closed.answer === 'refuted' ? closed.witness : undefined,
    undecided: closed.answer === 'undecided' ? ['cocycle'] : [],
  };
}

/** A loss of another shape: each response on its own (unpaired), or another link. */
function withoutLogit(loss: Expr, declared: Declarations): ByValue {
  const mentions = (e: Expr): boolean => occursFree(e, CHOSEN) && occursFree(e, REJECTED);
  const terms = termsOf(loss, declared);
  const unpaired = terms !== undefined && !terms.some(mentions);
  return outsideFor(unpaired ? 'unpaired' : 'link');
}

function byLabel({ chosen, rejected }: Scores, declared: Declarations): Prior {
  const fixed = fixedWeight(chosen, declared);
  const sameWeight = fixed !== undefined && signOfExpr(fixed, declared) === 'positive' ? fixed : undefined;
  const weight = sameWeight ?? naturalWeight(chosen, declared);
  const [first, second] = [priorOf(chosen, weight, declared), priorOf(rejected, weight, declared)];
  const [a, b] = [properness(first, declared), properness(second, declared)];
  return { kind: 'by-label', chosen: first, rejected: second, proper: a === b ? a : 'unknown' };
}

/** A loss whose logit is s(w) - s(l): the tier depends on what the prior of s depends on. */
function ofScore(logit: Expr, score: Expr, declared: Declarations): ByValue {
  const fixed = fixedWeight(score, declared);
  const sign = fixed === undefined ? 'unknown' : signOfExpr(fixed, declared);
  const weight = fixed !== undefined && sign === 'positive' ? fixed : naturalWeight(score, declared);
  const prior = priorOf(score, weight, declared);
  const tier: Tier = usesPolicy(prior.logZeta, declared)
    ? 'policy-dependent'
    : usesPrompt(prior.logZeta, declared)
      ? 'conditional'
      : 'marginal';
  const conditions: SmallerTier[] = [];
  if (fixed !== undefined && sign === 'unknown') {
    const under = priorOf(score, fixed, declared);
    const would: Tier = usesPrompt(under.logZeta, declared) ? 'conditional' : 'marginal';
    conditions.push({ tier: would, when: { kind: 'positive', of: fixed } });
  } else {
    conditions.push(...whenSmaller(prior.logZeta, tier, declared));
  }
  return {
    logit,
    tier,
    prior: { kind: 'one', prior, proper: properness(prior, declared) },
    conditions,
    outside: undefined,
    witness: undefined,
    undecided: [],
  };
}

/** When the terms of log zeta that make the tier what it is all vanish. */
function whenSmaller(logZeta: Expr, tier: Tier, declared: Declarations): readonly SmallerTier[] {
  const makes = tier === 'policy-dependent' ? usesPolicy : tier === 'conditional' ? usesPrompt : undefined;
  const terms = termsOf(logZeta, declared);
  if (makes === undefined || terms === undefined) return [];
  const offending = total(terms.filter((term) => makes(term, declared)));
  const alternatives = solve(offending, num(0), declared, SOLVING, 'parameters');
  const [first] = alternatives;
  if (first === undefined) return [];
  const left = first.reduce<Expr>(replace, logZeta);
  const next: Tier = usesPolicy(left, declared)
    ? 'policy-dependent'
    : usesPrompt(left, declared)
      ? 'conditional'
      : 'marginal';
  return isSmaller(next, tier) ? [{ tier: next, when: { kind: 'equations', alternatives } }] : [];
}

const SOLVING = 2_000_000;

/** The tier under the conditions that make a failed test pass. */
function smaller(loss: Expr, declared: Declarations, decision: Decision, than: Tier): readonly SmallerTier[] {
  if (decision.answer === 'proved' || decision.when.length === 0) return [];
  const byTier = new Map<Tier, Alternative[]>();
  for (const alternative of decision.when) {
    const { tier } = byValue(alternative.reduce<Expr>(replace, loss), declared, 'these');
    if (isSmaller(tier, than)) byTier.set(tier, [...(byTier.get(tier) ?? []), alternative]);
  }
  return [...byTier].map(([tier, alternatives]) => ({ tier, when: { kind: 'equations', alternatives } }));
}
