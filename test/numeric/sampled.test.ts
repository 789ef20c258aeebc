/** Formulas against each other on random batches; symbolic gradients against finite differences. */

import { describe, expect, test } from 'vitest';
import { BUILT_IN, type Declarations } from '../../src/expr/declare.ts';
import type { Expr } from '../../src/expr/expr.ts';
import {
  add,
  apply,
  call,
  divide,
  exp,
  freeze,
  log,
  minus,
  mul,
  num,
  pow,
  sigmoid,
  subtract,
} from '../../src/expr/expr.ts';
import { verifyDraws } from '../../src/numeric/dealt.ts';
import type { SampledFault, SampledQuestion } from '../../src/numeric/draws.ts';
import type { Check } from '../../src/numeric/tally.ts';
import {
  alpha,
  average,
  beta,
  dpo,
  gamma,
  hDpo,
  l,
  len,
  logistic,
  logRatio,
  pi,
  rDpo,
  ref,
  simpo,
  simpoHinge,
  t,
  tokens,
  w,
} from './formulas.ts';

const DECLARED: Declarations = {
  parameters: { alpha: 'positive', beta: 'positive', gamma: 'nonnegative' },
  data: {
    ...BUILT_IN,
    m: {
      is: 'nonnegative',
      shapes: [['response', 'token']],
      distribution: false,
      prompt: true,
      policy: false,
    },
    score: { is: 'real', shapes: [['response']], distribution: false, prompt: true, policy: false },
  },
  facts: [],
};
const QUESTION: SampledQuestion = { name: 'x', declared: DECLARED, seed: 1, pairs: 56, tokens: 8, draws: 4 };

type Answer = Promise<Check | SampledFault>;
const verifyClosedForm = (published: Expr, derived: Expr, question: SampledQuestion): Answer =>
  verifyDraws({ kind: 'closed-form', published, derived }, question);
const verifyGradient = (loss: Expr, question: SampledQuestion): Answer =>
  verifyDraws({ kind: 'gradient', loss }, question);

const margin = mul([beta, subtract(logRatio(w), logRatio(l))]);
/** The framework's loss with the prior of R-DPO put in. */
const rDpoFromPrior = ((): Expr => {
  const zeta = (y: Expr): Expr => mul([ref(y), exp(mul([num(-1), divide(alpha, beta), len(y)]))]);
  return logistic(
    subtract(mul([beta, log(divide(pi(w), zeta(w)))]), mul([beta, log(divide(pi(l), zeta(l)))])),
  );
})();

describe('closed forms', () => {
  test.each<[what: string, published: Expr, derived: Expr]>([
    ['softplus', dpo, call('softplus', [minus(margin)])],
    ['two logits', dpo, log(add([num(1), exp(minus(margin))]))],
    ['R-DPO from its prior', rDpo, rDpoFromPrior],
    [
      'H-DPO regrouped',
      hDpo,
      logistic(
        add([
          mul([beta, subtract(mul([alpha, log(pi(w))]), log(ref(w)))]),
          minus(mul([beta, subtract(mul([alpha, log(pi(l))]), log(ref(l)))])),
        ]),
      ),
    ],
  ])('%s agrees in values and gradients', async (_, published, derived) => {
    const check = await verifyClosedForm(published, derived, QUESTION);
    expect(check).toMatchObject({
      kind: 'check',
      cases: 4,
      values: 56,
      passed: true,
      gradients: { passed: true },
    });
  });

  test('a stop-gradient shows in the gradients alone', async () => {
    expect(await verifyClosedForm(dpo, logistic(freeze(margin)), QUESTION)).toMatchObject({
      passed: true,
      gradients: { passed: false },
    });
  });

  test.each<[what: string, derived: Expr]>([
    ['the roles exchanged', logistic(minus(margin))],
    ['means in place of sums', logistic(mul([beta, subtract(average(w), average(l))]))],
    ['the weight applied twice', logistic(mul([beta, margin]))],
    [
      'the references exchanged',
      logistic(mul([beta, subtract(log(divide(pi(w), ref(l))), log(divide(pi(l), ref(w))))])),
    ],
  ])('%s is a mismatch', async (_, derived) => {
    expect(await verifyClosedForm(dpo, derived, QUESTION)).toMatchObject({ kind: 'check', passed: false });
  });

  test('points at which both sides are undefined are passed over, but not all', async () => {
    const margin = subtract(apply('score', [w]), apply('score', [l]));
    const some = await verifyClosedForm(log(margin), log(minus(minus(margin))), QUESTION);
    if (some.kind !== 'check') throw new Error(some.kind);
    expect(some.passed).toBe(true);
    expect(some.values).toBeGreaterThan(0);
    expect(some.values).toBeLessThan(56);
    const never = log(minus(exp(margin)));
    expect(await verifyClosedForm(never, never, QUESTION)).toMatchObject({ values: 0, passed: false });
  });

  test('the same seed gives the same check, another seed another one', async () => {
    const published = logistic(add([margin, num({ n: 1n, d: 10n ** 14n })]));
    const answer = async (seed: number): Promise<string> =>
      JSON.stringify(await verifyClosedForm(published, dpo, { ...QUESTION, seed }));
    expect(await answer(1)).toBe(await answer(1));
    expect(await answer(1)).not.toBe(await answer(2));
  });

  test('hyper-parameters are drawn so that the declared facts hold', async () => {
    const facts = [{ kind: 'positive', of: subtract(beta, alpha) }] as const;
    const declared = { ...DECLARED, facts };
    const same = mul([beta, log(pi(w))]);
    const larger = mul([call('max', [alpha, beta]), log(pi(w))]);
    expect(await verifyClosedForm(same, larger, { ...QUESTION, declared, draws: 8 })).toMatchObject({
      passed: true,
    });
    expect(await verifyClosedForm(same, larger, { ...QUESTION, draws: 8 })).toMatchObject({ passed: false });
    const never = { ...DECLARED, facts: [{ kind: 'positive', of: minus(beta) }] as const };
    expect(await verifyClosedForm(same, larger, { ...QUESTION, declared: never })).toMatchObject({
      kind: 'no-parameters',
    });
  });
});

describe('gradients', () => {
  const weighted = (y: Expr): Expr =>
    tokens(y, mul([apply('m', [y, t]), log(divide(apply('pi', [y, t]), apply('ref', [y, t])))]));
  test.each<[what: string, loss: Expr]>([
    ['dpo', dpo],
    ['h-dpo', hDpo],
    ['simpo', simpo],
    ['simpo hinge', simpoHinge],
    ['r-dpo', rDpo],
    ['odds ratio', subtract(average(w), log(subtract(num(1), exp(average(w)))))],
    ['token weights', logistic(mul([beta, subtract(weighted(w), weighted(l))]))],
    ['a score', logistic(add([margin, minus(apply('score', [w])), apply('score', [l])]))],
    ['a frozen weight', mul([freeze(sigmoid(logRatio(w))), dpo])],
    ['a square', mul([subtract(margin, gamma), subtract(margin, gamma)])],
    ['a power', pow(subtract(margin, gamma), num(3))],
    ['probabilities', mul([sigmoid(margin), pi(w)])],
    // A third of the pairs are at the kink: there the policy is the reference.
    ['a kink', call('max', [num(0), minus(logRatio(l))])],
    ['a kink twice as steep on one side', add([logRatio(w), call('max', [logRatio(w), num(0)])])],
    // The ratio of deep responses is beyond doubles, and the clamp holds the loss.
    ['a clamp that holds where numbers overflow', call('clamp', [divide(pi(w), ref(w)), num(0), num(2)])],
    ['tokens pulled against each other', tokens(w, mul([t, apply('pi', [w, t]), log(pi(w))]))],
  ])('the symbolic gradient of %s is its derivative', async (_, loss) => {
    const check = await verifyGradient(loss, { ...QUESTION, pairs: 14, draws: 2 });
    if (check.kind !== 'check') throw new Error(JSON.stringify(check));
    expect(check).toMatchObject({ passed: true, values: 28, disagreements: [] });
  });

  test('a wrong derivative is found', async () => {
    // The frozen part is a constant to both: freezing only one factor's twin changes the derivative.
    const check = await verifyClosedForm(mul([margin, margin]), mul([margin, freeze(margin)]), QUESTION);
    expect(check).toMatchObject({ passed: true, gradients: { passed: false } });
  });
});

test('many pairs go by in batches, each with its own hyper-parameters, and say how far they are', async () => {
  const told: number[] = [];
  const question = { ...QUESTION, tokens: 2, pairs: 1300 };
  const compared = {
    kind: 'closed-form',
    published: dpo,
    derived: call('softplus', [minus(margin)]),
  } as const;
  const check = await verifyDraws(compared, question, { onProgress: (done) => told.push(done) });
  // 512 pairs at a time at most, but as many draws as are asked for.
  expect(check).toMatchObject({ kind: 'check', cases: 4, values: 1300, passed: true });
  expect(told).toEqual([325, 650, 975, 1300]);
  const more = await verifyClosedForm(dpo, dpo, { ...question, draws: 1 });
  expect(more).toMatchObject({ cases: 3, values: 1300 });
});
