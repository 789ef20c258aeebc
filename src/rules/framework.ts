/** The framework's own names, its assumptions, and the one lemma that is cited and not proved. */

import { freeOf, normalised, positive, ruleTable } from './rule.ts';

/** Reward minus a weighted divergence from the prior (MI-DPO, arXiv 2501.01544), and what its optimum is made of. */
export const DEFINITION = ruleTable('definition', {
  objective: {
    lhs: 'objective()',
    rhs: 'sum(x, X, D(x) * (sum(y, Y, pi(y) * r(y)) - kl_weight() * sum(y, Y, pi(y) * log(pi(y) / zeta(y)))))',
    latex: String.raw`J = \mathbb{E}_{x}\Bigl[\mathbb{E}_{y \sim \pi_\theta}[r(x, y)] - \tau\, \mathrm{KL}(\pi_\theta \,\|\, \zeta)\Bigr]`,
    says: 'the objective is the expected reward minus the weighted divergence from the prior',
  },
  'partition-function': {
    lhs: 'Z()',
    rhs: 'sum(y, Y, zeta(y) * exp(r(y) / kl_weight()))',
    latex: String.raw`Z(x) = \sum_y \zeta(y)\, e^{r(x, y)/\tau}`,
    says: 'the partition function normalises the optimum',
  },
  'optimal-policy': {
    lhs: 'pi_star(_y)',
    rhs: 'zeta(_y) * exp(r(_y) / kl_weight()) / Z()',
    latex: String.raw`\pi^*(y \mid x) = \frac{\zeta(y)\, e^{r(x, y)/\tau}}{Z(x)}`,
    says: 'the optimum is the prior tilted by the reward',
  },
});

/** What the mutual information between prompt and response is made of (Cover & Thomas 2006, section 2.3). */
export const INFORMATION = ruleTable('definition', {
  'policy-marginal': {
    lhs: 'policy_marginal(_y)',
    rhs: 'sum(x, X, D(x) * pi(_y))',
    where: [freeOf('_y', 'x')],
    latex: String.raw`p_Y(y) = \mathbb{E}_{x}[\pi_\theta(y \mid x)]`,
    says: 'the marginal of the policy is its mean over the prompts',
  },
  'mutual-information': {
    lhs: 'mutual_information()',
    rhs: 'sum(x, X, D(x) * sum(y, Y, pi(y) * log(pi(y) / policy_marginal(y))))',
    latex: String.raw`I(X; Y) = \mathbb{E}_{x}\,\mathrm{KL}(\pi_\theta \,\|\, p_Y)`,
    says: 'the mutual information of prompt and response is the mean divergence of the policy from its marginal',
  },
  'prior-density': {
    lhs: 'prior_density(_y)',
    rhs: 'zeta(_y) / sum(y, Y, zeta(y))',
    latex: String.raw`\bar\zeta(y) = \frac{\zeta(y)}{\sum_{y'} \zeta(y')}`,
    says: 'the prior divided by its total',
  },
});

export const MODEL = ruleTable('model', {
  // Bradley & Terry 1952: the probability that one response is preferred, from the difference of rewards.
  'bradley-terry': {
    lhs: 'prefers(_w, _l)',
    rhs: 'sigmoid(r(_w) - r(_l))',
    only: 'S5',
    latex: String.raw`p(y_w \succ y_l \mid x) = \sigma\bigl(r(x, y_w) - r(x, y_l)\bigr)`,
    says: 'preferences follow the Bradley-Terry model of the reward',
  },
  'policy-is-optimal': {
    lhs: 'pi(_y)',
    rhs: 'pi_star(_y)',
    only: 'S4',
    latex: String.raw`\pi_\theta(y \mid x) = \pi^*(y \mid x)`,
    says: 'the policy is the optimum of the objective for the reward',
  },
});

export const LEMMA = ruleTable('lemma', {
  // Gibbs' inequality: -log is convex (Jensen); equality exactly where the distributions are the same.
  'gibbs-inequality': {
    lhs: 'sum(y, Y, _p * log(_p / _q))',
    rhs: '0',
    where: [positive('_p'), positive('_q'), normalised('_p', 'y'), normalised('_q', 'y')],
    latex: String.raw`\mathrm{KL}(p \,\|\, q) \ge 0`,
    says: 'a divergence between distributions is never negative, and zero only between equal ones',
  },
});
