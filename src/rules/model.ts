/** What the framework assumes: not identities, and shown as assumptions wherever they are used. */

import { ruleTable } from './rule.ts';

export const MODEL = ruleTable('model', {
  // Bradley & Terry 1952: the probability that one response is preferred, from the difference of rewards.
  'bradley-terry': {
    lhs: 'prefers(_w, _l)',
    rhs: 'sigmoid(r(_w) - r(_l))',
    latex: String.raw`p(y_w \succ y_l \mid x) = \sigma\bigl(r(x, y_w) - r(x, y_l)\bigr)`,
    says: 'preferences follow the Bradley-Terry model of the reward',
  },
  // The optimum of E[r] - weight * KL(pi || zeta) solved for the reward; Z normalises the optimum.
  'reward-under-prior': {
    lhs: 'r(_y)',
    rhs: 'kl_weight() * log(pi(_y) / zeta(_y)) + kl_weight() * log(Z())',
    latex: String.raw`r(x, y) = \tau \log\frac{\pi_\theta(y \mid x)}{\zeta(y)} + \tau \log Z(x)`,
    says: 'the reward for which the policy is the optimum of the objective under the prior',
  },
});
