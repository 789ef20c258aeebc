/** The logistic family: every spelling of the log-sigmoid loss meets in -log(sigmoid(u)). */

import { positive, ruleTable } from './rule.ts';

export const LOGISTIC = ruleTable('identity', {
  'log-sigmoid-definition': {
    lhs: 'logsigmoid(_u)',
    rhs: 'log(sigmoid(_u))',
    latex: String.raw`\operatorname{logsigmoid} u = \log\sigma(u)`,
    says: 'logsigmoid is the logarithm of the sigmoid',
  },
  'softplus-definition': {
    lhs: 'softplus(_u)',
    rhs: '-log(sigmoid(-_u))',
    latex: String.raw`\operatorname{softplus} u = -\log\sigma(-u)`,
    says: 'softplus is minus the log-sigmoid of the opposite logit',
  },
  'log-one-plus': {
    lhs: 'log(1 + _a)',
    rhs: '-log(sigmoid(-log(_a)))',
    where: [positive('_a')],
    latex: String.raw`\log(1 + a) = -\log\sigma(-\log a)`,
    says: 'one plus a positive number is an inverse sigmoid',
  },
  'log-sum': {
    lhs: 'log(_a + _b)',
    rhs: 'log(_a) - log(sigmoid(log(_a) - log(_b)))',
    where: [positive('_a'), positive('_b')],
    latex: String.raw`\log(a + b) = \log a - \log\sigma(\log a - \log b)`,
    says: 'the logarithm of a sum of positive numbers is that of one of them less that of its share',
  },
  'sigmoid-odds': {
    lhs: '_a / (_a + _b)',
    rhs: 'sigmoid(log(_a) - log(_b))',
    where: [positive('_a'), positive('_b')],
    latex: String.raw`\frac{a}{a + b} = \sigma(\log a - \log b)`,
    says: 'the share of one of two positive numbers is the sigmoid of their log-ratio',
  },
  'sigmoid-reciprocal': {
    lhs: '1 / (1 + exp(_u))',
    rhs: 'sigmoid(-_u)',
    latex: String.raw`\frac{1}{1 + e^{u}} = \sigma(-u)`,
    says: 'the definition of the sigmoid',
  },
  'sigmoid-reflect': {
    lhs: '1 - sigmoid(_u)',
    rhs: 'sigmoid(-_u)',
    latex: String.raw`1 - \sigma(u) = \sigma(-u)`,
    says: 'the sigmoid of the opposite logit is the complement',
  },
  'tanh-sigmoid': {
    lhs: '1 + tanh(_a)',
    rhs: '2 * sigmoid(2 * _a)',
    latex: String.raw`1 + \tanh a = 2\sigma(2a)`,
    says: 'the hyperbolic tangent is a sigmoid of twice its argument, stretched',
  },
  'tanh-reflect': {
    lhs: '1 - tanh(_a)',
    rhs: '2 * sigmoid(-2 * _a)',
    latex: String.raw`1 - \tanh a = 2\sigma(-2a)`,
    says: 'the complement of a hyperbolic tangent is a sigmoid of twice the opposite, stretched',
  },
  'log-sigmoid-reflect': {
    lhs: 'log(sigmoid(_u))',
    rhs: 'log(sigmoid(-_u)) + _u',
    latex: String.raw`\log\sigma(u) = \log\sigma(-u) + u`,
    says: 'the log-sigmoids of opposite logits differ by the logit',
  },
});
