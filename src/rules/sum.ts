/** Sums are linear: over the tokens of a response, the vocabulary and the responses alike. Metavariables under a sum may mention its index. */

import { freeOf, promptFree, ruleTable } from './rule.ts';

export const SUM = ruleTable('identity', {
  'token-sum-of-sum': {
    lhs: 'sum(t, _y, _a + _b)',
    rhs: 'sum(t, _y, _a) + sum(t, _y, _b)',
    latex: String.raw`\sum_t (a_t + b_t) = \sum_t a_t + \sum_t b_t`,
    says: 'a sum over tokens is taken term by term',
  },
  'token-sum-of-product': {
    lhs: 'sum(t, _y, _a * _b)',
    rhs: '_a * sum(t, _y, _b)',
    where: [freeOf('_a', 't')],
    latex: String.raw`\sum_t a\, b_t = a \sum_t b_t`,
    says: 'a factor that is the same at every token stands before the sum',
  },
  'vocabulary-sum-of-sum': {
    lhs: 'sum(v, V, _a + _b)',
    rhs: 'sum(v, V, _a) + sum(v, V, _b)',
    latex: String.raw`\sum_v (a_v + b_v) = \sum_v a_v + \sum_v b_v`,
    says: 'a sum over the vocabulary is taken term by term',
  },
  'vocabulary-sum-of-product': {
    lhs: 'sum(v, V, _a * _b)',
    rhs: '_a * sum(v, V, _b)',
    where: [freeOf('_a', 'v')],
    latex: String.raw`\sum_v a\, b_v = a \sum_v b_v`,
    says: 'a factor that is the same for every vocabulary entry stands before the sum',
  },
  'response-sum-of-sum': {
    lhs: 'sum(y, Y, _a + _b)',
    rhs: 'sum(y, Y, _a) + sum(y, Y, _b)',
    latex: String.raw`\sum_y (a_y + b_y) = \sum_y a_y + \sum_y b_y`,
    says: 'a sum over responses is taken term by term',
  },
  'response-sum-of-product': {
    lhs: 'sum(y, Y, _a * _b)',
    rhs: '_a * sum(y, Y, _b)',
    where: [freeOf('_a', 'y')],
    latex: String.raw`\sum_y a\, b_y = a \sum_y b_y`,
    says: 'a factor that is the same for every response stands before the sum',
  },
  'response-sum-of-zero': {
    lhs: 'sum(y, Y, 0)',
    rhs: '0',
    latex: String.raw`\sum_y 0 = 0`,
    says: 'a sum of zeros is zero',
  },
  'prompt-sum-of-sum': {
    lhs: 'sum(x, X, _a + _b)',
    rhs: 'sum(x, X, _a) + sum(x, X, _b)',
    latex: String.raw`\sum_x (a_x + b_x) = \sum_x a_x + \sum_x b_x`,
    says: 'a sum over prompts is taken term by term',
  },
  'prompt-sum-of-product': {
    lhs: 'sum(x, X, _a * _b)',
    rhs: '_a * sum(x, X, _b)',
    where: [freeOf('_a', 'x'), promptFree('_a')],
    latex: String.raw`\sum_x a\, b_x = a \sum_x b_x`,
    says: 'a factor that is the same for every prompt stands before the sum',
  },
  'prompts-and-responses': {
    lhs: 'sum(x, X, sum(y, Y, _a))',
    rhs: 'sum(y, Y, sum(x, X, _a))',
    latex: String.raw`\sum_x \sum_y a_{xy} = \sum_y \sum_x a_{xy}`,
    says: 'sums over prompts and over responses are exchanged',
  },
  'prompts-are-normalised': {
    lhs: 'sum(x, X, D(x))',
    rhs: '1',
    latex: String.raw`\sum_x \mathcal{D}(x) = 1`,
    says: 'the probabilities of all prompts add up to one',
  },
  'policy-is-normalised': {
    lhs: 'sum(y, Y, pi(y))',
    rhs: '1',
    latex: String.raw`\sum_y \pi_\theta(y \mid x) = 1`,
    says: 'the probabilities of all responses add up to one',
  },
});
