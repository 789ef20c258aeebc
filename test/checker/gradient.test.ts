/** Gradients: constants are judged through definitions, equations of values stay outside, nothing is captured. */

import { describe, expect, test } from 'vitest';
import type { Expr } from '../../src/expr/expr.ts';
import { grad, log, minus, mul, num, variable } from '../../src/expr/expr.ts';
import { rebuild, replaceAt } from '../../src/expr/walk.ts';
import type { Definition, Stage, Step, Trace } from '../../src/trace/trace.ts';
import { DECLARED, outcome, positive, read } from './formulas.ts';
import {
  derivationOf,
  derivationOfFormula,
  editStage,
  editStep,
  oneStep,
  stage,
  step,
  trace,
} from './traces.ts';

type Letters = Readonly<Record<string, string | Expr>>;
/** A response by its letter, anything else a formula. */
const letter = (text: string): Expr => (/^[wly]$/.test(text) ? variable(text, 'response') : read(text));
const readAll = (letters: Letters): Readonly<Record<string, Expr>> =>
  Object.fromEntries(
    Object.entries(letters).map(([name, e]) => [name, typeof e === 'string' ? letter(e) : e]),
  );
const by = (
  rule: string,
  from: string,
  to: string,
  letters: Letters = {},
  more: Partial<Step & Stage & Trace> = {},
): Trace => oneStep(read(from), rule, read(to), { bindings: readAll(letters), declared: DECLARED, ...more });

const defining = (lhs: string, rhs: string): readonly Definition[] => [
  { id: 'given', lhs: read(lhs), rhs: read(rhs) },
];

describe('what the policy does not enter', () => {
  const scaled = (factor: string, more: Partial<Trace> = {}): Trace =>
    by(
      'grad-scale',
      `grad((${factor}) * pi(w))`,
      `(${factor}) * grad(pi(w))`,
      { _c: factor, _a: 'pi(w)' },
      more,
    );
  test.each<[what: string, claim: Trace, outcome: string]>([
    ['a hyper-parameter', scaled('gamma'), 'accepted'],
    ['a number', scaled('2'), 'accepted'],
    ['data and lengths', scaled('g(w) / len(l)'), 'accepted'],
    ['the reference', scaled('ref(w)'), 'accepted'],
    ['the policy under a stop-gradient', scaled('stopgrad(pi(l))'), 'accepted'],
    ['a sum of the reference', scaled('sum(v, V, ref(w, 1, v))'), 'accepted'],
    ['the policy', scaled('pi(l)'), 'condition-not-met: constant'],
    ['the policy at a token', scaled('pi(l, 1)'), 'condition-not-met: constant'],
    ['the policy inside a function', scaled('exp(gamma * log(pi(l)))'), 'condition-not-met: constant'],
    ['the policy inside a sum', scaled('sum(v, V, pi(w, 1, v))'), 'condition-not-met: constant'],
    ['the policy beside a stop-gradient', scaled('stopgrad(pi(l)) + pi(l)'), 'condition-not-met: constant'],
    ['a gradient', scaled('grad(pi(l))'), 'condition-not-met: constant'],
    ['the marginal of the policy', scaled('policy_marginal(w)'), 'condition-not-met: constant'],
    ['the mutual information', scaled('mutual_information()'), 'condition-not-met: constant'],
    ['the objective', scaled('objective()'), 'condition-not-met: constant'],
    ['the prior where nothing is laid down of it', scaled('zeta(w)'), 'accepted'],
    ['a fixed prior', scaled('zeta(w)', { definitions: defining('zeta(_y)', 'ref(_y)') }), 'accepted'],
    [
      'a prior that moves with the policy',
      scaled('zeta(w)', { definitions: defining('zeta(_y)', 'pi(_y)^2') }),
      'condition-not-met: constant',
    ],
    [
      'the partition function of such a prior',
      scaled('Z()', { definitions: defining('zeta(_y)', 'pi(_y)^2') }),
      'condition-not-met: constant',
    ],
    [
      'an abbreviation of the policy',
      scaled('h(w)', { definitions: defining('h(_y)', 'log(pi(_y))') }),
      'condition-not-met: constant',
    ],
    [
      'an abbreviation of the partition function of a prior that moves with the policy',
      scaled('h(w)', {
        definitions: [
          ...defining('zeta(_y)', 'pi(_y)^2'),
          { id: 'h', lhs: read('h(_y)'), rhs: read('len(_y) * Z()') },
        ],
      }),
      'condition-not-met: constant',
    ],
    ['an abbreviation of data', scaled('h(w)', { definitions: defining('h(_y)', 'g(_y)') }), 'accepted'],
    [
      'a prior by label, where one moves',
      scaled('zeta(l)', {
        definitions: [
          { id: 'one', lhs: read('zeta(w)'), rhs: read('pi(w)') },
          { id: 'other', lhs: read('zeta(l)'), rhs: read('ref(l)') },
        ],
      }),
      'condition-not-met: constant',
    ],
  ])('%s', (_, claim, expected) => expect(outcome(claim)).toBe(expected));
});

describe('a rule of the gradient', () => {
  const overTokens = 'sum(t, w, log(pi(w, t)))';
  test.each<[what: string, claim: Trace, outcome: string]>([
    [
      'term by term',
      by('grad-add', 'grad(pi(w) + g(w))', 'grad(pi(w)) + grad(g(w))', { _a: 'pi(w)', _b: 'g(w)' }),
      'accepted',
    ],
    ['of a constant', by('grad-constant', 'grad(ref(w))', '0', { _c: 'ref(w)' }), 'accepted'],
    [
      'of what is no constant',
      by('grad-constant', 'grad(pi(w))', '0', { _c: 'pi(w)' }),
      'condition-not-met: constant',
    ],
    [
      'of a logarithm',
      by('grad-log', 'grad(log(pi(w)))', 'grad(pi(w)) / pi(w)', { _a: 'pi(w)' }),
      'accepted',
    ],
    [
      'of a logarithm of unknown sign',
      by('grad-log', 'grad(log(g(w)))', 'grad(g(w)) / g(w)', { _a: 'g(w)' }),
      'condition-not-met: positive',
    ],
    [
      'of a logarithm, granted',
      by('grad-log', 'grad(log(g(w)))', 'grad(g(w)) / g(w)', { _a: 'g(w)' }, positive('g(w)')),
      'accepted',
    ],
    [
      'of a power of unknown sign',
      by('grad-power', 'grad(g(w)^2)', 'g(w)^2 * grad(2 * log(g(w)))', { _a: 'g(w)', _b: '2' }),
      'condition-not-met: positive',
    ],
    [
      'of a log-sigmoid',
      by(
        'grad-log-sigmoid',
        'grad(log(sigmoid(h(w))))',
        'sigmoid(-h(w)) * grad(h(w))',
        { _u: 'h(w)' },
        {
          definitions: defining('h(_y)', 'log(pi(_y))'),
        },
      ),
      'accepted',
    ],
    [
      'of a log-sigmoid with the sign of the logit dropped',
      by('grad-log-sigmoid', 'grad(log(sigmoid(pi(w))))', 'sigmoid(pi(w)) * grad(pi(w))', { _u: 'pi(w)' }),
      'wrong-result',
    ],
    [
      'of a product with a factor lost',
      by('grad-product', 'grad(pi(w) * pi(l))', 'pi(l) * grad(pi(w))', { _a: 'pi(w)', _b: 'pi(l)' }),
      'wrong-result',
    ],
    [
      'of a probability',
      by('grad-policy', 'grad(pi(w))', 'pi(w) * grad(log(pi(w)))', { _y: 'w' }),
      'accepted',
    ],
    [
      'of the reference as if it were the policy',
      by('grad-policy', 'grad(ref(w))', 'ref(w) * grad(log(ref(w)))', { _y: variable('w', 'response') }),
      'does-not-match',
    ],
    [
      'of a sum over tokens, of something else',
      by('grad-token-sum', `grad(${overTokens})`, 'sum(t, w, grad(log(pi(w, t))))', {
        _y: variable('w', 'response'),
        _a: log(read('pi(w)')),
      }),
      'does-not-match',
    ],
    [
      'of a sum over other tokens',
      by('grad-token-sum', `grad(${overTokens})`, 'sum(t, l, grad(log(pi(w, t))))', TOKENS('w')),
      'wrong-result',
    ],
    [
      'of a sum whose inner index is caught by the outer one',
      by(
        'grad-token-sum',
        'sum(t, l, grad(sum(s, w, log(pi(l, t)))))',
        'sum(t, l, sum(t, w, grad(log(pi(l, t)))))',
        { ...TOKENS('w'), _a: log(TOKEN('l')) },
        { at: [1] },
      ),
      'does-not-match',
    ],
    [
      'of one token as of all',
      by('grad-vocabulary-sum', `grad(${overTokens})`, 'sum(v, V, grad(log(pi(w, 1))))', {
        _a: 'log(pi(w, 1))',
      }),
      'does-not-match',
    ],
    [
      'read backwards',
      by(
        'grad-add',
        'grad(pi(w)) + grad(pi(l))',
        'grad(pi(w) + pi(l))',
        { _a: 'pi(w)', _b: 'pi(l)' },
        {
          direction: 'backward',
        },
      ),
      'accepted',
    ],
    ['taken for the thing itself', by('algebra', 'grad(pi(w))', 'pi(w)'), 'algebra-fails'],
    ['linear by algebra', by('algebra', 'grad(2 * pi(w))', '2 * grad(pi(w))'), 'algebra-fails'],
    ['algebra inside', by('algebra', 'grad(pi(w) + pi(w))', 'grad(2 * pi(w))', {}, { at: [0] }), 'accepted'],
    ['a letter to algebra', by('algebra', 'grad(pi(w)) + grad(pi(w))', '2 * grad(pi(w))'), 'accepted'],
    [
      'of a stop-gradient by algebra',
      by('algebra', 'grad(stopgrad(pi(w)))', 'grad(pi(w))', {}, { at: [0] }),
      'algebra-fails',
    ],
  ])('%s', (_, claim, expected) => expect(outcome(claim)).toBe(expected));
});

/** The policy at the token of the rule's sum. */
function TOKEN(response: string): Expr {
  const of = read(`sum(t, ${response}, pi(${response}, t))`);
  return of.kind === 'sum' ? of.body : of;
}
function TOKENS(response: string): Letters {
  return { _y: variable(response, 'response'), _a: log(TOKEN(response)) };
}

test.each([
  [
    'a sum over tokens',
    by('grad-token-sum', 'grad(sum(t, w, log(pi(w, t))))', 'sum(t, w, grad(log(pi(w, t))))', TOKENS('w')),
  ],
  [
    'a sum over tokens by another index',
    by('grad-token-sum', 'grad(sum(s, w, log(pi(w, s))))', 'sum(s, w, grad(log(pi(w, s))))', TOKENS('w')),
  ],
  [
    'a probability',
    by('grad-policy', 'grad(pi(w))', 'pi(w) * grad(log(pi(w)))', { _y: variable('w', 'response') }),
  ],
])('%s is accepted', (_, claim) => expect(outcome(claim)).toBe('accepted'));

describe('inside a gradient', () => {
  const W = variable('w', 'response');
  const opened = by(
    'stop-gradient-value',
    'grad(stopgrad(pi(w)))',
    'grad(pi(w))',
    { _a: 'pi(w)' },
    { at: [0] },
  );
  const optimal = (id: string): Stage =>
    stage(read('pi(w)'), [step('policy-is-optimal', read('pi_star(w)'), { bindings: { _y: W } })], { id });
  const using = (first: Stage, from: string, to: string, more: Partial<Trace> = {}): Trace =>
    trace(
      [first, stage(read(from), [step(first.id, read(to), { at: [0] })], { id: 'last', uses: [first.id] })],
      {
        declared: DECLARED,
        ...more,
      },
    );
  const value = stage(
    read('stopgrad(pi(w))'),
    [step('stop-gradient-value', read('pi(w)'), { bindings: { _a: read('pi(w)') } })],
    { id: 'value' },
  );
  const passedOn = stage(read('stopgrad(pi(w)) * 1'), [step('value', read('pi(w) * 1'), { at: [0] })], {
    id: 'passed-on',
    uses: ['value'],
  });
  test.each<[what: string, claim: Trace, outcome: string]>([
    [
      'a stop-gradient opened outside',
      by('stop-gradient-value', 'stopgrad(pi(w))', 'pi(w)', { _a: 'pi(w)' }),
      'accepted',
    ],
    ['a stop-gradient opened', opened, 'value-in-gradient'],
    [
      'a stop-gradient put in',
      by(
        'stop-gradient-value',
        'grad(pi(w))',
        'grad(stopgrad(pi(w)))',
        { _a: 'pi(w)' },
        {
          at: [0],
          direction: 'backward',
        },
      ),
      'value-in-gradient',
    ],
    [
      'a stop-gradient of a constant opened',
      by('stop-gradient-constant', 'grad(stopgrad(ref(w)))', 'grad(ref(w))', { _c: 'ref(w)' }, { at: [0] }),
      'accepted',
    ],
    [
      'a stop-gradient of the policy opened as one of a constant',
      by('stop-gradient-constant', 'grad(stopgrad(pi(w)))', 'grad(pi(w))', { _c: 'pi(w)' }, { at: [0] }),
      'condition-not-met: constant',
    ],
    [
      'deep inside',
      by(
        'stop-gradient-value',
        'grad(log(1 + exp(stopgrad(pi(w)))))',
        'grad(log(1 + exp(pi(w))))',
        { _a: 'pi(w)' },
        { at: [0, 0, 1, 0] },
      ),
      'value-in-gradient',
    ],
    ['a stage that opens one', using(value, 'grad(stopgrad(pi(w)))', 'grad(pi(w))'), 'value-in-gradient'],
    [
      'a stage that rests on such a stage',
      trace(
        [
          value,
          passedOn,
          stage(
            read('grad(stopgrad(pi(w)) * 1)'),
            [step('passed-on', read('grad(pi(w) * 1)'), { at: [0] })],
            {
              id: 'last',
              uses: ['passed-on'],
            },
          ),
        ],
        { declared: DECLARED },
      ),
      'value-in-gradient',
    ],
    [
      'the policy taken for the optimum',
      trace(
        [
          stage(
            read('grad(pi(w))'),
            [step('policy-is-optimal', read('grad(pi_star(w))'), { at: [0], bindings: { _y: W } })],
            { id: 'S4' },
          ),
        ],
        { declared: DECLARED },
      ),
      'value-in-gradient',
    ],
    [
      'the stage that takes it for the optimum',
      using(optimal('S4'), 'grad(pi(w))', 'grad(pi_star(w))'),
      'value-in-gradient',
    ],
    [
      'the preference model',
      trace(
        [
          stage(
            read('grad(prefers(w, l))'),
            [
              step('bradley-terry', read('grad(sigmoid(r(w) - r(l)))'), {
                at: [0],
                bindings: { _w: W, _l: variable('l', 'response') },
              }),
            ],
            { id: 'S5' },
          ),
        ],
        { declared: DECLARED },
      ),
      'value-in-gradient',
    ],
    [
      'a definition',
      by(
        'given',
        'grad(h(w))',
        'grad(pi(w))',
        { _y: W },
        {
          at: [0],
          uses: ['given'],
          definitions: defining('h(_y)', 'pi(_y)'),
        },
      ),
      'accepted',
    ],
    [
      'a stage of identities',
      using(
        stage(
          read('log(exp(pi(w)))'),
          [step('log-exp', read('pi(w)'), { bindings: { _a: read('pi(w)') } })],
          {
            id: 'first',
          },
        ),
        'grad(log(exp(pi(w))))',
        'grad(pi(w))',
      ),
      'accepted',
    ],
    [
      'the lemma',
      trace(
        [
          stage(
            read('-grad(sum(y, Y, pi(y) * log(pi(y) / ref(y))))'),
            [
              step('gibbs-inequality', read('-grad(0)'), {
                at: [1, 0],
                bindings: { _p: read('pi(y)'), _q: read('ref(y)') },
              }),
            ],
            { relation: '<=' },
          ),
        ],
        { declared: DECLARED },
      ),
      'wrong-direction',
    ],
  ])('%s', (_, claim, expected) => expect(outcome(claim)).toBe(expected));
});

describe('a forged gradient of a loss is refused', () => {
  const DPO = derivationOf('dpo');
  const SIMPO = derivationOf('simpo');
  const TDPO2 = derivationOf('tdpo2');
  const stageIn = (t: Trace, id: string): Stage => {
    const found = t.stages.find((s) => s.id === id);
    if (found === undefined) throw new Error(`no stage ${id}`);
    return found;
  };
  const nth = (t: Trace, id: string, rule: string): number => {
    const k = stageIn(t, id).steps.findIndex((s) => s.rule === rule);
    if (k < 0) throw new Error(`no ${rule} in ${id}`);
    return k;
  };
  const without = (e: Expr, test_: (node: Expr) => boolean): Expr =>
    rebuild(e, (node) => (test_(node) ? num(1) : node));
  const isSigmoid = (e: Expr): boolean => e.kind === 'call' && e.fn === 'sigmoid';
  const last = (t: Trace, id: string): number => stageIn(t, id).steps.length - 1;
  const start = stageIn(DPO, 'S10').start;
  const begun = (
    rule: string,
    bindings: Step['bindings'],
    after: Expr | undefined,
    at: readonly number[],
  ): Trace =>
    editStage(DPO, 'S10', ({ steps }) => ({
      steps: [step(rule, after ?? start, { at, bindings }), ...steps],
    }));
  test.each<[what: string, forged: Trace, outcome: string]>([
    ['the honest ones', DPO, 'accepted'],
    ['the sign turned', editStage(DPO, 'S10', ({ goal }) => ({ goal: minus(goal) })), 'goal-not-reached'],
    [
      'chosen and rejected exchanged',
      editStage(DPO, 'S10', ({ goal }) => ({
        goal: rebuild(goal, (n) =>
          n.kind === 'var' && n.sort === 'response' ? variable(n.name === 'w' ? 'l' : 'w', n.sort) : n,
        ),
      })),
      'goal-not-reached',
    ],
    [
      'the weight of the example dropped',
      editStep(DPO, 'S10', last(DPO, 'S10'), ({ after }) => ({ after: without(after, isSigmoid) })),
      'algebra-fails',
    ],
    [
      'the logarithm in the gradient dropped',
      editStep(DPO, 'S10', last(DPO, 'S10'), ({ after }) => ({
        after: rebuild(after, (n) =>
          n.kind === 'grad' && n.body.kind === 'call' ? grad(n.body.args[0] ?? n.body) : n,
        ),
      })),
      'algebra-fails',
    ],
    [
      'the reference moved with the policy',
      editStep(DPO, 'S10', nth(DPO, 'S10', 'grad-constant'), () => ({ rule: 'grad-policy' })),
      'needless-binding',
    ],
    ['the closed form not in use', editStage(DPO, 'S10', () => ({ uses: [] })), 'not-in-use'],
    [
      'the preference differentiated in its place',
      editStage(DPO, 'S10', ({ steps }) => ({
        uses: ['S6'],
        steps: steps.map((s) => (s.rule === 'S9' ? { ...s, rule: 'S6' } : s)),
      })),
      'value-in-gradient',
    ],
    [
      'the closed form of a loss that has it in value only',
      editStage(TDPO2, 'S10', ({ goal }) => ({
        uses: ['S9'],
        goal,
        steps: [step('S9', grad(stageIn(TDPO2, 'S9').start), { at: [0], direction: 'backward' })],
      })),
      'value-in-gradient',
    ],
    [
      'a weight that is no constant',
      begun(
        'grad-scale',
        { _c: log(read('pi(w)')), _a: num(1) },
        replaceAt(start, [], mul([log(read('pi(w)')), grad(num(1))])),
        [],
      ),
      'condition-not-met: constant',
    ],
    [
      'the gradient of a prior that moves, taken for zero',
      editStage(SIMPO, 'S10-prior-chosen', ({ start: of }) => ({
        goal: num(0),
        steps: [step('grad-constant', num(0), { bindings: { _c: of.kind === 'grad' ? of.body : of } })],
      })),
      'condition-not-met: constant',
    ],
    [
      'the prior of the other label',
      editStage(SIMPO, 'S10-prior-chosen', ({ steps }) => ({
        uses: ['prior-rejected'],
        steps: steps.map((s) => (s.rule === 'prior-chosen' ? { ...s, rule: 'prior-rejected' } : s)),
      })),
      'does-not-match',
    ],
    [
      'the share of the length dropped from the prior',
      editStep(SIMPO, 'S10-prior-rejected', last(SIMPO, 'S10-prior-rejected'), ({ after }) => ({
        after: rebuild(after, (n) => (n.kind === 'apply' && n.name === 'len' ? num(2) : n)),
      })),
      'wrong-result',
    ],
  ])('%s', (_, forged, expected) => expect(outcome(forged)).toBe(expected));

  test('the gradient of a loss with stop-gradients is accepted, and of the published loss', () => {
    expect(outcome(TDPO2)).toBe('accepted');
    expect(stageIn(TDPO2, 'S10').remarks).toEqual([{ kind: 'published-gradient' }]);
    expect(outcome(derivationOfFormula('-log(sigmoid(log(pi(w)) - stopgrad(log(pi(l)))))', []))).toBe(
      'accepted',
    );
  });
});
