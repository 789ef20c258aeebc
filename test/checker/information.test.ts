/** Prompts: what they enter unseen does not leave their sum; and the mutual-information reading, forged. */

import { describe, expect, test } from 'vitest';
import { num } from '../../src/expr/expr.ts';
import type { Definition, Stage, Trace } from '../../src/trace/trace.ts';
import { DECLARED, outcome, read, W } from './formulas.ts';
import { derivationOfFormula, editDefinition, editStage, editStep, oneStep } from './traces.ts';

const given = (...equations: readonly (readonly [string, string])[]): readonly Definition[] =>
  equations.map(([lhs, rhs], i) => ({ id: `d${i}`, lhs: read(lhs), rhs: read(rhs) }));

describe('a factor before a sum over prompts', () => {
  const pulled = (factor: string, definitions: readonly Definition[] = []): Trace =>
    oneStep(
      read(`sum(x, X, (${factor}) * D(x))`),
      'prompt-sum-of-product',
      read(`(${factor}) * sum(x, X, D(x))`),
      { bindings: { _a: read(factor), _b: read('D(x)') }, declared: DECLARED, definitions },
    );
  test.each<[what: string, claim: Trace, outcome: string]>([
    ['a hyper-parameter', pulled('beta'), 'accepted'],
    ['a length', pulled('len(w)'), 'accepted'],
    ['data of the response alone', pulled('n(w)'), 'accepted'],
    ['the marginal of the policy', pulled('log(policy_marginal(w))'), 'accepted'],
    ['the mutual information', pulled('mutual_information()'), 'accepted'],
    ['a mean over prompts', pulled('sum(x, X, D(x) * pi(w))'), 'accepted'],
    ['the policy', pulled('pi(w)'), 'condition-not-met: prompt-free'],
    ['the reference', pulled('log(ref(w))'), 'condition-not-met: prompt-free'],
    ['data of the prompt', pulled('g(w)'), 'condition-not-met: prompt-free'],
    ['the reward', pulled('r(w)'), 'condition-not-met: prompt-free'],
    ['the partition function', pulled('Z()'), 'condition-not-met: prompt-free'],
    ['what a stop-gradient holds', pulled('stopgrad(pi(w))'), 'condition-not-met: prompt-free'],
    ['a gradient', pulled('grad(log(pi(w)))'), 'condition-not-met: prompt-free'],
    ['the prompt itself', pulled('D(x)'), 'condition-not-met: free-of'],
    ['a sum over responses', pulled('sum(y, Y, pi(y)^2)'), 'condition-not-met: prompt-free'],
    ['a prior of which nothing is said', pulled('zeta(w)'), 'condition-not-met: prompt-free'],
    ['a prior of the response alone', pulled('zeta(w)', given(['zeta(_y)', 'exp(-len(_y))'])), 'accepted'],
    [
      'the density of such a prior',
      pulled('prior_density(w)', given(['zeta(_y)', 'exp(-len(_y))'])),
      'accepted',
    ],
    [
      'the reference as the prior',
      pulled('zeta(w)', given(['zeta(_y)', 'ref(_y)'])),
      'condition-not-met: prompt-free',
    ],
    [
      'the density of the reference as the prior',
      pulled('prior_density(w)', given(['zeta(_y)', 'ref(_y)'])),
      'condition-not-met: prompt-free',
    ],
    [
      'a weight that a prompt enters',
      pulled('kl_weight()', given(['kl_weight()', 'sum(y, Y, ref(y)^2)'])),
      'condition-not-met: prompt-free',
    ],
    [
      'a weight that names the prompt',
      pulled('kl_weight()', given(['kl_weight()', 'D(x)'])),
      'condition-not-met: prompt-free',
    ],
    [
      'an abbreviation of what a prompt enters',
      pulled('h(w)', given(['h(_y)', 'log(pi(_y))'])),
      'condition-not-met: prompt-free',
    ],
  ])('%s', (_, claim, expected) => expect(outcome(claim)).toBe(expected));
});

describe('sums over prompts and responses', () => {
  const exchanged = (from: string, to: string, a: string): Trace =>
    oneStep(read(from), 'prompts-and-responses', read(to), { bindings: { _a: read(a) }, declared: DECLARED });
  test.each<[what: string, claim: Trace, outcome: string]>([
    [
      'exchanged',
      exchanged('sum(x, X, sum(y, Y, D(x) * pi(y)))', 'sum(y, Y, sum(x, X, D(x) * pi(y)))', 'D(x) * pi(y)'),
      'accepted',
    ],
    [
      'one of them dropped',
      exchanged('sum(x, X, sum(y, Y, D(x) * pi(y)))', 'sum(y, Y, pi(y))', 'D(x) * pi(y)'),
      'wrong-result',
    ],
    [
      'with something between them',
      exchanged('sum(x, X, D(x) * sum(y, Y, pi(y)))', 'sum(y, Y, sum(x, X, D(x) * pi(y)))', 'D(x) * pi(y)'),
      'does-not-match',
    ],
    [
      'a prompt that is caught on the way',
      exchanged('sum(x, X, sum(y, Y, D(x) * pi(y)))', 'sum(y, Y, sum(z, X, D(x) * pi(y)))', 'D(x) * pi(y)'),
      'wrong-result',
    ],
    [
      'the prompts of the policy taken for the response',
      oneStep(read('policy_marginal(w)'), 'policy-marginal', read('sum(x, X, D(x) * pi(l))'), {
        bindings: { _y: W },
        declared: DECLARED,
      }),
      'wrong-result',
    ],
    [
      'the marginal for the policy at one prompt',
      oneStep(read('policy_marginal(w)'), 'policy-marginal', read('pi(w)'), {
        bindings: { _y: W },
        declared: DECLARED,
      }),
      'wrong-result',
    ],
    [
      'the prompts added up without their weights',
      oneStep(read('sum(x, X, 1)'), 'prompts-are-normalised', num(1)),
      'does-not-match',
    ],
  ])('%s', (_, claim, expected) => expect(outcome(claim)).toBe(expected));
});
const CPO = derivationOfFormula('-log(sigmoid(beta * (log(pi(w)) - log(pi(l)))))', ['beta > 0']);
const stageIn = (id: string): Stage => {
  const found = CPO.stages.find((s) => s.id === id);
  if (found === undefined) throw new Error(`no stage ${id}`);
  return found;
};
const nth = (id: string, rule: string): number => {
  const k = stageIn(id).steps.findIndex((s) => s.rule === rule);
  if (k < 0) throw new Error(`no ${rule} in ${id}`);
  return k;
};

describe('a forged reading by mutual information is refused', () => {
  test.each<[what: string, forged: Trace, outcome: string]>([
    ['the honest one', CPO, 'accepted'],
    [
      'a prior of the prompt in its place',
      editDefinition(CPO, 'prior', { rhs: read('ref(_y)') }),
      'wrong-result',
    ],
    [
      'the stages by themselves, for a prior of the prompt',
      {
        ...editDefinition(CPO, 'prior', { rhs: read('ref(_y)') }),
        stages: CPO.stages.filter(({ id }) => id.startsWith('I')),
      },
      'condition-not-met: prompt-free',
    ],
    ['the bound as an equation', editStage(CPO, 'I2', () => ({ relation: '=' })), 'lemma-in-equation'],
    [
      'the bound the other way round',
      editStage(CPO, 'I2', ({ start, goal }) => ({
        start: goal,
        goal: start,
        steps: [
          {
            rule: 'I1',
            direction: 'forward',
            at: [],
            bindings: {},
            after: stageIn('I1').goal,
            waypoint: false,
          },
          {
            rule: 'gibbs-inequality',
            direction: 'forward',
            at: [1],
            bindings: { _p: read('policy_marginal(y)'), _q: read('prior_density(y)') },
            after: read('mutual_information() + 0'),
            waypoint: false,
          },
        ],
      })),
      'wrong-direction',
    ],
    [
      'the total of the marginal not in use',
      editStage(CPO, 'I2', () => ({ uses: ['I0-prior', 'I1'] })),
      'condition-not-met: normalised',
    ],
    [
      'the total of the prior not in use',
      editStage(CPO, 'I2', () => ({ uses: ['I0-marginal', 'I1'] })),
      'condition-not-met: normalised',
    ],
    [
      'the prior not divided by its total',
      editStep(CPO, 'I2', nth('I2', 'gibbs-inequality'), ({ bindings }) => ({
        bindings: { ...bindings, _q: read('zeta(y)') },
      })),
      'condition-not-met: normalised',
    ],
    [
      'the policy in the place of its marginal',
      editStep(CPO, 'I2', nth('I2', 'gibbs-inequality'), ({ bindings }) => ({
        bindings: { ...bindings, _p: read('pi(y)') },
      })),
      'wrong-result',
    ],
    [
      'the decomposition without the divergence of the marginal',
      editStage(CPO, 'I1', () => ({ goal: read('mutual_information()') })),
      'goal-not-reached',
    ],
    [
      'the decomposition as an inequality, used as an equation',
      editStage(CPO, 'I1', () => ({ relation: '<=' })),
      'unknown-rule',
    ],
    [
      'the information of the reference',
      editStep(CPO, 'I2-attained', 0, ({ after }) => ({ rule: 'policy-marginal', after })),
      'unbound-metavariable',
    ],
    [
      'the marginal laid down anew',
      { ...CPO, definitions: [...CPO.definitions, ...given(['policy_marginal(_y)', 'pi(_y)'])] },
      'bad-definition: declared-already',
    ],
    [
      'a prior made of its own density',
      { ...CPO, definitions: given(['zeta(_y)', '2 * prior_density(_y)'], ['kl_weight()', '1']) },
      'bad-definition: circular',
    ],
  ])('%s', (_, forged, expected) => expect(outcome(forged)).toBe(expected));

  test('the marginal itself may be the prior', () => {
    const best = { ...CPO, stages: CPO.stages.filter(({ id }) => id.startsWith('I')) };
    expect(outcome(editDefinition(best, 'prior', { rhs: read('policy_marginal(_y)') }))).toBe('accepted');
  });
});
