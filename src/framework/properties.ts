/** How a loss behaves: each property proved, refuted with a point where it fails, or undecided. */

import type { Declarations } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { subtract } from '../expr/expr.ts';
import { some } from '../expr/walk.ts';
import { canonical } from '../forms/canonise.ts';
import type { Answer } from './claim.ts';
import { all, equalEverywhere } from './claim.ts';
import { coreOf } from './core.ts';
import { referencesIn } from './divergence.ts';
import { twinned } from './fixed.ts';
import { linkedTo } from './link.ts';
import type { Membership } from './membership.ts';
import { commonFall, lengthFree, shifted } from './moves.ts';
import { scoresOf } from './score.ts';
import { along } from './slopes.ts';

export const PROPERTIES = [
  /** The loss falls as the log-probability of the chosen response grows; with whole distributions, by the logits of its tokens. */
  'falls-with-chosen',
  /** The loss rises as the log-probability of the rejected response grows, in the same sense. */
  'rises-with-rejected',
  /** The link is convex in the logit. */
  'convex-in-logit',
  /** Adding a constant of the prompt to the reward changes nothing: the partition function cancels. */
  'partition-cancels',
  /** The loss stays when both log-probabilities fall by the same amount: nothing holds the chosen one up. */
  'blind-to-common-fall',
  /** At given log-probabilities per token the length does not matter. */
  'length-free',
] as const;
export type PropertyId = (typeof PROPERTIES)[number];

export interface Property {
  readonly id: PropertyId;
  readonly answer: Answer;
}

export function propertiesOf(
  loss: Expr,
  membership: Membership,
  declared: Declarations,
): readonly Property[] {
  // Without the policy there is nothing that behaves.
  if (membership.outside?.why === 'not-a-loss') return [];
  const core = coreOf(membership);
  const link = core?.link;
  const proved: Answer = { answer: 'proved' };
  // A loss that is more than a function of one logit has no link to be convex.
  const convex = link === 'logistic' ? [proved] : typeof link === 'object' ? [link.convex] : [];
  return [
    { id: 'falls-with-chosen', answer: along('w', loss, membership, declared) },
    { id: 'rises-with-rejected', answer: along('l', loss, membership, declared) },
    ...convex.map((answer) => ({ id: 'convex-in-logit', answer }) as const),
    { id: 'partition-cancels', answer: partitionCancels(loss, membership, declared) },
    { id: 'blind-to-common-fall', answer: commonFall(membership.logit ?? loss, declared) },
    { id: 'length-free', answer: lengthFree(membership.logit ?? loss, declared) },
  ];
}

/**
 * Whether log Z(x) cancels, that is, whether a constant of the prompt added to the reward of every response changes
 * nothing. In a function of f(w) - g(l) it does where both roles have one reward with one weight: where f and g
 * differ by a margin at most. Elsewhere the reference is scaled, which adds such a constant.
 */
function partitionCancels(loss: Expr, membership: Membership, declared: Declarations): Answer {
  const core = coreOf(membership);
  const references = referencesIn(loss, declared);
  // Without a reference, terms beside the logit are about no reward.
  const isWhole = core !== undefined && (core.link !== 'unknown' || references.length === 0);
  const logit = isWhole && core.tier !== 'outside' ? core.logit : linkedTo(loss, declared)?.logit;
  const scores = logit === undefined ? undefined : scoresOf(logit, declared);
  if (scores === undefined) return blindToScale(loss, references, declared);
  if (isWhole && core.tier !== 'label-dependent' && core.tier !== 'outside') return { answer: 'proved' };
  const between = subtract(scores.chosen, scores.rejected);
  const scaled = references.length === 0 ? [] : [blindToScale(between, references, declared)];
  return all([...scaled, isMargin(between, declared)]);
}

/** Whether the distributions that are no policy, or else the policy, may be multiplied by one factor. */
function blindToScale(e: Expr, references: readonly string[], declared: Declarations): Answer {
  const names = references.length > 0 ? references : ['pi'];
  const form = canonical(e, declared) ?? e;
  const { shift, declared: known } = shifted(form, names, declared);
  const answer = equalEverywhere(shift, form, known);
  // Probabilities of single tokens are not scaled: what stays is no proof.
  const byToken = some(
    form,
    (node) => node.kind === 'apply' && names.includes(node.name) && node.args.length > 1,
  );
  return byToken && answer.answer === 'proved' ? { answer: 'undecided' } : answer;
}

/** Whether two rewards differ by what the policy does not move. */
function isMargin(difference: Expr, declared: Declarations): Answer {
  const { twin, declared: known } = twinned(difference, ({ policy }) => policy, declared);
  return equalEverywhere(difference, twin, known);
}
