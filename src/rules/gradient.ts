/**
 * The gradient in the policy's parameters: linear, by the chain rule through the functions, and written in the
 * gradients of log-probabilities. Conditions on values are open (positive), so each row also holds beside the
 * point it is used at, which is what a derivative needs.
 */

import { constant, positive, ruleTable } from './rule.ts';

export const GRADIENT = ruleTable('identity', {
  'grad-add': {
    lhs: 'grad(_a + _b)',
    rhs: 'grad(_a) + grad(_b)',
    latex: String.raw`\nabla_\theta (a + b) = \nabla_\theta a + \nabla_\theta b`,
    says: 'the gradient is taken term by term',
  },
  'grad-constant': {
    lhs: 'grad(_c)',
    rhs: '0',
    where: [constant('_c')],
    latex: String.raw`\nabla_\theta c = 0`,
    says: 'what the policy does not enter has no gradient, nor has what stands under a stop-gradient',
  },
  'grad-scale': {
    lhs: 'grad(_c * _a)',
    rhs: '_c * grad(_a)',
    where: [constant('_c')],
    latex: String.raw`\nabla_\theta (c\, a) = c\, \nabla_\theta a`,
    says: 'a factor that the policy does not enter stands before the gradient',
  },
  'grad-product': {
    lhs: 'grad(_a * _b)',
    rhs: '_b * grad(_a) + _a * grad(_b)',
    latex: String.raw`\nabla_\theta (a\, b) = b\, \nabla_\theta a + a\, \nabla_\theta b`,
    says: 'the product rule',
  },
  'grad-power': {
    lhs: 'grad(_a ^ _b)',
    rhs: '_a ^ _b * grad(_b * log(_a))',
    where: [positive('_a')],
    latex: String.raw`\nabla_\theta a^b = a^b\, \nabla_\theta (b \log a)`,
    says: 'a power of a positive number is an exponential',
  },
  'grad-exp': {
    lhs: 'grad(exp(_a))',
    rhs: 'exp(_a) * grad(_a)',
    latex: String.raw`\nabla_\theta e^a = e^a\, \nabla_\theta a`,
    says: 'the chain rule for the exponential',
  },
  'grad-log': {
    lhs: 'grad(log(_a))',
    rhs: 'grad(_a) / _a',
    where: [positive('_a')],
    latex: String.raw`\nabla_\theta \log a = \frac{\nabla_\theta a}{a}`,
    says: 'the chain rule for the logarithm',
  },
  'grad-sigmoid': {
    lhs: 'grad(sigmoid(_u))',
    rhs: 'sigmoid(_u) * sigmoid(-_u) * grad(_u)',
    latex: String.raw`\nabla_\theta \sigma(u) = \sigma(u)\, \sigma(-u)\, \nabla_\theta u`,
    says: 'the chain rule for the sigmoid',
  },
  'grad-log-sigmoid': {
    lhs: 'grad(log(sigmoid(_u)))',
    rhs: 'sigmoid(-_u) * grad(_u)',
    latex: String.raw`\nabla_\theta \log\sigma(u) = \sigma(-u)\, \nabla_\theta u`,
    says: 'the chain rule for the log-sigmoid',
  },
  'stop-gradient-constant': {
    lhs: 'stopgrad(_c)',
    rhs: '_c',
    where: [constant('_c')],
    latex: String.raw`\operatorname{sg}[c] = c`,
    says: 'a stop-gradient changes nothing where the policy does not enter',
  },
  'grad-token-sum': {
    lhs: 'grad(sum(t, _y, _a))',
    rhs: 'sum(t, _y, grad(_a))',
    latex: String.raw`\nabla_\theta \sum_t a_t = \sum_t \nabla_\theta a_t`,
    says: 'the gradient of a sum over tokens is taken token by token',
  },
  'grad-vocabulary-sum': {
    lhs: 'grad(sum(v, V, _a))',
    rhs: 'sum(v, V, grad(_a))',
    latex: String.raw`\nabla_\theta \sum_v a_v = \sum_v \nabla_\theta a_v`,
    says: 'the gradient of a sum over the vocabulary is taken entry by entry',
  },
  'grad-policy': {
    lhs: 'grad(pi(_y))',
    rhs: 'pi(_y) * grad(log(pi(_y)))',
    latex: String.raw`\nabla_\theta \pi_\theta(y) = \pi_\theta(y)\, \nabla_\theta \log\pi_\theta(y)`,
    says: 'the gradient of a probability is that of its logarithm times the probability',
  },
  'grad-policy-token': {
    lhs: 'grad(pi(_y, _t))',
    rhs: 'pi(_y, _t) * grad(log(pi(_y, _t)))',
    latex: String.raw`\nabla_\theta \pi_\theta(y_t) = \pi_\theta(y_t)\, \nabla_\theta \log\pi_\theta(y_t)`,
    says: 'the gradient of the probability of a token is that of its logarithm times the probability',
  },
  'grad-policy-entry': {
    lhs: 'grad(pi(_y, _t, _v))',
    rhs: 'pi(_y, _t, _v) * grad(log(pi(_y, _t, _v)))',
    latex: String.raw`\nabla_\theta \pi_\theta(v) = \pi_\theta(v)\, \nabla_\theta \log\pi_\theta(v)`,
    says: 'the gradient of the probability of a vocabulary entry is that of its logarithm times the probability',
  },
});

export const VALUE = ruleTable('value', {
  'stop-gradient-value': {
    lhs: 'stopgrad(_a)',
    rhs: '_a',
    latex: String.raw`\operatorname{sg}[a] = a`,
    says: 'a stop-gradient leaves the value as it is',
  },
});
