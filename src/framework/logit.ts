/** What a logit is: the smallest tier of prior that carries it, and under which conditions smaller ones do. */

import type { Declarations } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { num } from '../expr/expr.ts';
import type { Alternative } from '../forms/alternative.ts';
import { isParametric, under } from '../forms/alternative.ts';
import { canonical, signOfExpr } from '../forms/canonise.ts';
import { collect } from '../forms/collect.ts';
import type { Decision } from '../forms/decide.ts';
import { provesEqual } from '../forms/decide.ts';
import { refute } from '../forms/refute.ts';
import { conditions } from '../forms/solve.ts';
import type { Witness } from '../forms/witness.ts';
import type { Reached, SmallerTier, Solutions } from './conditions.ts';
import { byTier } from './conditions.ts';
import { whenPolicyFree, whenPromptFree } from './fixed.ts';
import { atEqualLengths, ofLength } from './lengths.ts';
import type { Solved } from './prior.ts';
import { fixedWeight, priorOf, weightOf } from './prior.ts';
import type { Proper } from './proper.ts';
import { bothProper, properness } from './proper.ts';
import type { Scores } from './score.ts';
import { cocycle, coupling, interaction, scoresOf, vanishes } from './score.ts';
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

/** A logit, and the prior it has if its link is the logistic one. */
export interface Standing {
  /** Collected as a paper writes it. */
  readonly logit: Expr;
  readonly tier: Tier;
  readonly prior: Prior | undefined;
  readonly conditions: readonly SmallerTier[];
  /** Outside: what must vanish for a logit to be f(w) - g(l). */
  readonly residual: Expr | undefined;
  /** Concrete numbers at which the test of the next smaller tier fails. */
  readonly witness: Witness | undefined;
  /** Tests that could not be decided; the tier is then an upper bound. */
  readonly undecided: readonly ('cocycle' | 'separable')[];
}

/** Everything, or the tier and the prior alone: without conditions for smaller tiers, witnesses and open questions. */
export type Asked = 'all' | 'tier';

export function standingOf(u: Expr, declared: Declarations, asked: Asked = 'all'): Standing {
  const logit = collect(u, declared) ?? u;
  const scores = scoresOf(u, declared);
  if (scores === undefined) return coupled(u, logit, declared, asked);
  const known = { logit, residual: undefined, witness: undefined, undecided: [] };
  const byScore = (): Standing => ({ ...known, ...ofScore(u, scores.chosen, declared, asked) });
  if (asked === 'tier') {
    if (provesEqual(cocycle(u), num(0), declared)) return byScore();
    return { ...known, tier: 'label-dependent', prior: byLabel(scores, declared), conditions: [] };
  }
  const closed = vanishes(cocycle(u), declared);
  if (closed.answer === 'proved') return byScore();
  return {
    ...known,
    tier: 'label-dependent',
    prior: byLabel(scores, declared),
    conditions: [
      ...smaller(u, declared, closed, 'label-dependent'),
      ...whenEquallyLong(u, declared, 'label-dependent'),
    ],
    witness: closed.answer === 'refuted' ? closed.witness : undefined,
    undecided: closed.answer === 'undecided' ? ['cocycle'] : [],
  };
}

/** A logit with terms that mention both responses: they need not show in the interaction, but mostly do. */
function coupled(u: Expr, logit: Expr, declared: Declarations, asked: Asked): Standing {
  const residual = interaction(coupling(u, declared));
  const none = { logit, tier: 'outside', prior: undefined, residual } as const;
  if (asked === 'tier') return { ...none, conditions: [], witness: undefined, undecided: [] };
  const apart = unlikely(residual, declared);
  const conditions = [...whenUncoupled(u, apart, declared), ...whenEquallyLong(u, declared, 'outside')];
  const outside = { ...none, conditions };
  return apart.answer === 'refuted'
    ? { ...outside, witness: apart.witness, undecided: [] }
    : { ...outside, witness: undefined, undecided: ['separable'] };
}

/** When a coupled logit is in some tier: in exact conditions on hyper-parameters. */
function whenUncoupled(u: Expr, apart: Decision, declared: Declarations): readonly SmallerTier[] {
  const separable = smaller(u, declared, apart, 'outside');
  return separable.length > 0 ? separable : smaller(u, declared, unlikely(cocycle(u), declared), 'outside');
}

/** The smaller tier that a logit has on pairs of equal length. */
function whenEquallyLong(u: Expr, declared: Declarations, than: Tier): readonly SmallerTier[] {
  const equal = atEqualLengths(u, declared);
  const reached = equal && reachedBelow(equal.logit, equal.declared, than);
  if (equal === undefined || reached === undefined) return [];
  const weight = reached.weight && ofLength(reached.weight);
  const when = { kind: 'equations', alternatives: [[equal.equation]], complete: false } as const;
  return [{ tier: reached.tier, when, ...(weight && { weight }) }];
}

function byLabel({ chosen, rejected }: Scores, declared: Declarations): Prior {
  const weight = weightOf(chosen, declared);
  const [first, second] = [priorOf(chosen, weight, declared), priorOf(rejected, weight, declared)];
  const proper = bothProper(properness(first.logZeta, declared), properness(second.logZeta, declared));
  return { kind: 'by-label', chosen: first, rejected: second, proper };
}

/** A loss whose logit is s(w) - s(l): the tier depends on what the prior of s depends on. */
function ofScore(
  u: Expr,
  score: Expr,
  declared: Declarations,
  asked: Asked,
): Pick<Standing, 'tier' | 'prior' | 'conditions'> {
  const fixed = fixedWeight(score, declared);
  const sign = fixed === undefined ? 'unknown' : signOfExpr(fixed, declared);
  const weight = weightOf(score, declared);
  const prior = priorOf(score, weight, declared);
  const tier = tierOfPrior(prior.logZeta, declared);
  const conditions: SmallerTier[] = [];
  if (fixed !== undefined && (sign === 'unknown' || sign === 'nonnegative')) {
    const would = priorOf(score, fixed, declared);
    conditions.push({ tier: tierOfPrior(would.logZeta, declared), when: { kind: 'positive', of: fixed } });
  } else if (asked === 'all') {
    const reach = (alternative: Alternative): Reached | undefined =>
      reachedBelow(under(u, alternative, declared), declared, tier);
    conditions.push(...byTier(whenFixed(score, prior.logZeta, tier, declared), u, declared, reach));
    conditions.push(...whenEquallyLong(u, declared, tier));
  }
  return { tier, prior: { kind: 'one', prior, proper: properness(prior.logZeta, declared) }, conditions };
}

/** The tier of one prior for both labels: what it depends on. */
export const tierOfPrior = (logZeta: Expr, declared: Declarations): Tier =>
  usesPolicy(logZeta, declared)
    ? 'policy-dependent'
    : usesPrompt(logZeta, declared)
      ? 'conditional'
      : 'marginal';

/** When what makes the tier what it is does not move a prior: the policy, or else the prompt. */
const whenFixed = (score: Expr, logZeta: Expr, tier: Tier, declared: Declarations): Solutions =>
  tier === 'policy-dependent'
    ? whenPolicyFree(score, declared, SOLVING)
    : tier === 'conditional'
      ? whenPromptFree(logZeta, declared, SOLVING)
      : { alternatives: [], complete: true };

const SOLVING = 2_000_000;
/** Most terms that mention both responses really couple them: a few points show it before a proof is tried. */
const GLANCE = { points: 48, operations: 1_000_000 } as const;

/** Whether an expression vanishes, where it is not expected to. */
function unlikely(e: Expr, declared: Declarations): Decision {
  const witness = refute(e, num(0), declared, GLANCE);
  if (witness === undefined) return vanishes(e, declared);
  return { answer: 'refuted', witness, ...conditions([[e, num(0)]], declared, SOLVING) };
}

/** The tier under the conditions that make a failed test pass. */
const smaller = (u: Expr, declared: Declarations, decision: Decision, than: Tier): readonly SmallerTier[] =>
  decision.answer === 'proved'
    ? []
    : byTier(
        { alternatives: decision.when.filter(isParametric), complete: decision.solved },
        u,
        declared,
        (alternative) => reachedBelow(under(u, alternative, declared), declared, than),
      );

/** The tier of a logit if it is a loss at all and smaller than another. */
function reachedBelow(u: Expr, declared: Declarations, than: Tier): Reached | undefined {
  const form = canonical(u, declared);
  if (form === undefined || !usesPolicy(form, declared)) return undefined;
  const { tier, prior } = standingOf(form, declared, 'tier');
  if (!isSmaller(tier, than)) return undefined;
  const weight = prior?.kind === 'one' ? prior.prior.weight : undefined;
  return { tier, weight, settled: () => isSettled(form, tier, prior, declared) };
}

/** Whether it is known that no equations between hyper-parameters lead from one prior to a smaller tier. */
export function isSettled(u: Expr, tier: Tier, prior: Prior | undefined, declared: Declarations): boolean {
  const score = scoresOf(u, declared)?.chosen;
  if (score === undefined || prior?.kind !== 'one') return false;
  const { alternatives, complete } = whenFixed(score, prior.prior.logZeta, tier, declared);
  return complete && alternatives.length === 0;
}
