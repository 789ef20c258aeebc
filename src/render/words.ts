/** What tiers, properness and the reasons for standing outside mean, in sentences for a researcher. */

import type { Membership, Why } from '../framework/membership.ts';
import type { Proper } from '../framework/proper.ts';
import type { Tier } from '../framework/tier.ts';
import type { Phrase } from './phrase.ts';
import { listed, maths } from './phrase.ts';
import { factStatement } from './statement.ts';

export const TIER_SAYS: Readonly<Record<Tier, string>> = {
  marginal: 'The prior depends on the response alone: it is a literal mutual-information prior.',
  conditional: 'The prior may depend on the prompt, and is fixed with respect to the policy.',
  'policy-dependent':
    'The prior depends on the policy. This tier admits every antisymmetric separable logit: the tier is the finding, not "yes".',
  'label-dependent':
    'The prior differs for chosen and rejected responses: no single prior, even one that depends on the policy, carries this loss.',
  outside: 'No prior carries this loss, not even one that differs for chosen and rejected responses.',
};

/** Where a test stayed open, the tier is what could be shown and not more. */
export const tierSentence = ({ tier, undecided }: Membership): string =>
  undecided.length === 0
    ? TIER_SAYS[tier]
    : `The ${undecided.join(' and ')} test could not be decided: ${tier} is an upper bound, and a smaller tier is not excluded.`;

/** Whether a prior is normalisable, which is remarked beside a derivation and is no step of it. */
export function properPhrase({ answer, when }: Proper): Phrase {
  const finite = 'proper on finitely many responses (a bound on the length is enough)';
  switch (answer) {
    case 'always':
      return ['The prior is proper: it is bounded by a distribution over responses.'];
    case 'finite-only':
      return [`The prior stays above a positive constant: ${finite}, not otherwise.`];
    case 'unknown':
      if (when.length === 0) return [`The prior is ${finite}; without such a bound this is not established.`];
      return [
        `The prior is ${finite}. Without such a bound it is proper if `,
        ...listed(when.map((fact): Phrase => [maths(...factStatement(fact))])),
        ', being bounded by a distribution then; otherwise this is not established.',
      ];
  }
}

export const WHY_SAYS: Readonly<Record<Why, string>> = {
  link: 'The loss is not minus the log-sigmoid of a logit: it has another link.',
  mixture: 'The loss is a mixture of logistic losses, not a single one.',
  regulariser: 'The loss is a logistic loss plus a further term.',
  weight: 'The loss is a logistic loss times a weight.',
  'pair-coupled':
    'The logit is not a difference of a score of the chosen and a score of the rejected response: some part of it needs both.',
  'batch-coupled': 'The loss of a pair depends on the other pairs of the batch.',
  unpaired: 'The loss treats each response by itself: there is no logit of a pair.',
  'not-a-loss': 'The policy does not enter, so there is nothing to learn.',
};
