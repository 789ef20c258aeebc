/** Functions made of cases, in terms of one another. */

import { positive, ruleTable } from './rule.ts';

export const PIECEWISE = ruleTable('identity', {
  'relu-definition': {
    lhs: 'relu(_a)',
    rhs: 'max(0, _a)',
    latex: String.raw`\operatorname{relu} a = \max(0, a)`,
    says: 'relu is the larger of zero and its argument',
  },
  'max-reflect': {
    lhs: 'max(0, _a)',
    rhs: 'max(0, -_a) + _a',
    latex: String.raw`\max(0, a) = \max(0, -a) + a`,
    says: 'the positive parts of opposite numbers differ by the number',
  },
  'max-positive': {
    lhs: 'max(0, _a)',
    rhs: '_a',
    where: [positive('_a')],
    latex: String.raw`\max(0, a) = a`,
    says: 'the larger of zero and a positive number is the number',
  },
  'abs-definition': {
    lhs: 'abs(_a)',
    rhs: '2 * max(0, _a) - _a',
    latex: String.raw`|a| = 2\max(0, a) - a`,
    says: 'a number and its absolute value differ by twice the negative part',
  },
});
