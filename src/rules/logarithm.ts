/** Laws of logarithm, exponential and powers, each with the domain that it needs. */

import { positive, ruleTable } from './rule.ts';

export const LOGARITHM = ruleTable('identity', {
  'log-product': {
    lhs: 'log(_a * _b)',
    rhs: 'log(_a) + log(_b)',
    where: [positive('_a'), positive('_b')],
    latex: String.raw`\log ab = \log a + \log b`,
    says: 'the logarithm turns a product of positive factors into a sum',
  },
  'log-quotient': {
    lhs: 'log(_a / _b)',
    rhs: 'log(_a) - log(_b)',
    where: [positive('_a'), positive('_b')],
    latex: String.raw`\log\frac{a}{b} = \log a - \log b`,
    says: 'the logarithm turns a quotient of positive numbers into a difference',
  },
  'log-power': {
    lhs: 'log(_a ^ _b)',
    rhs: '_b * log(_a)',
    where: [positive('_a')],
    latex: String.raw`\log a^b = b \log a`,
    says: 'the logarithm takes the exponent of a positive number down',
  },
  'log-exp': {
    lhs: 'log(exp(_a))',
    rhs: '_a',
    latex: String.raw`\log e^a = a`,
    says: 'the logarithm undoes the exponential',
  },
  'log-one': {
    lhs: 'log(1)',
    rhs: '0',
    latex: String.raw`\log 1 = 0`,
    says: 'the logarithm of one is zero',
  },
  'exp-log': {
    lhs: 'exp(log(_a))',
    rhs: '_a',
    where: [positive('_a')],
    latex: String.raw`e^{\log a} = a`,
    says: 'the exponential undoes the logarithm of a positive number',
  },
  'log-one-plus-definition': {
    lhs: 'log1p(_a)',
    rhs: 'log(1 + _a)',
    latex: String.raw`\operatorname{log1p} a = \log(1 + a)`,
    says: 'log1p is the logarithm of one plus its argument',
  },
  'exp-minus-one-definition': {
    lhs: 'expm1(_a)',
    rhs: 'exp(_a) - 1',
    latex: String.raw`\operatorname{expm1} a = e^a - 1`,
    says: 'expm1 is the exponential minus one',
  },
  'power-exp': {
    lhs: '_a ^ _b',
    rhs: 'exp(_b * log(_a))',
    where: [positive('_a')],
    latex: String.raw`a^b = e^{b \log a}`,
    says: 'a power of a positive number is an exponential of its logarithm',
  },
  'root-definition': {
    lhs: 'sqrt(_a)',
    rhs: '_a ^ (1/2)',
    where: [positive('_a')],
    latex: String.raw`\sqrt{a} = a^{1/2}`,
    says: 'the square root is the power one half',
  },
});
