/** How a loss behaves: each property proved, refuted with a point where it fails, or undecided. */

import type { Declarations } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import type { Answer } from './claim.ts';
import { equalEverywhere } from './claim.ts';
import { coreOf } from './core.ts';
import { referencesIn } from './divergence.ts';
import type { Membership } from './membership.ts';
import { commonFall, lengthFree, shifted } from './moves.ts';
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
 * Rewards enter as differences wherever the loss is a function of f(w) - g(l). With further terms the reference
 * is scaled, which adds a constant to every reward; without a reference such terms are about no reward.
 */
function partitionCancels(loss: Expr, membership: Membership, declared: Declarations): Answer {
  const core = coreOf(membership);
  const references = referencesIn(loss, declared);
  const separable = core !== undefined && core.tier !== 'outside';
  if (separable && (core.link !== 'unknown' || references.length === 0)) return { answer: 'proved' };
  const { shift, declared: known } = shifted(loss, references.length > 0 ? references : ['pi'], declared);
  return equalEverywhere(shift, loss, known);
}
