/** Kernels against the literal evaluator: every value within its own bound, and the bounds worth having. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
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
  reciprocal,
  sigmoid,
  subtract,
  sum,
  sym,
  variable,
} from '../../src/expr/expr.ts';
import { rational } from '../../src/expr/rational.ts';
import type { Batch } from '../../src/numeric/batch.ts';
import { batch, shapeOf } from '../../src/numeric/batch.ts';
import type { Bounded, Kernel } from '../../src/numeric/compile.ts';
import { compile, compileTokens } from '../../src/numeric/compile.ts';
import { exactValue, isWithin } from '../../src/numeric/exact.ts';
import { sampleBatch } from '../../src/numeric/sample.ts';
import {
  alpha,
  average,
  beta,
  dpo,
  forwardKl,
  gamma,
  hDpo,
  l,
  len,
  logRatio,
  pi,
  rDpo,
  ref,
  simpo,
  simpoHinge,
  t,
  tdpo,
  tokens,
  v,
  vocabulary,
  w,
} from './formulas.ts';
import { formula } from './random-formula.ts';

const PARAMETERS = new Map([
  ['alpha', 0.7],
  ['beta', 0.1],
  ['gamma', -1.3],
]);
const score = { is: 'positive', shapes: [['response']], distribution: false } as const;
const mask = { is: 'unit', shapes: [['response', 'token']], distribution: false } as const;
const cost = { is: 'real', shapes: [['prompt']], distribution: false } as const;
const BATCH = sampleBatch({
  seed: 20,
  pairs: 7,
  tokens: 6,
  data: new Map(Object.entries({ score, mask, cost })),
});
const FULL = sampleBatch({ seed: 21, pairs: 3, tokens: 3, vocabulary: 4 });

function kernelOf(e: Expr, of: Batch): Kernel {
  const kernel = compile(e, shapeOf(of), PARAMETERS);
  if (kernel.kind !== 'kernel') throw new Error(JSON.stringify(kernel));
  return kernel;
}

/** The pairs at which a kernel is not within its own bound of the exact value; non-finite values must be exact. */
const beyond = (e: Expr, of: Batch, { values, own }: Bounded): readonly number[] =>
  [...values.keys()].filter((pair) => {
    const value = values[pair] ?? Number.NaN;
    const exact = exactValue(e, { batch: of, pair, parameters: PARAMETERS });
    if (!Number.isFinite(value)) return !Object.is(exact.toNumber(), value);
    return !isWithin(value, exact, own[pair] ?? Number.NaN);
  });

const u = mul([beta, subtract(logRatio(w), logRatio(l))]);
const half = num(rational(1, 2));
const at = (name: string, y: Expr, position: Expr): Expr => apply(name, [y, position]);
const one = num(1);

/** Formulas that overflow, underflow or cancel when read word by word. */
const FORMULAS: Readonly<Record<string, readonly [Expr, Batch?]>> = {
  dpo: [dpo],
  'h-dpo': [hDpo],
  simpo: [simpo],
  'simpo hinge': [simpoHinge],
  'r-dpo': [rDpo],
  tdpo: [tdpo, FULL],
  'forward KL': [forwardKl(w), FULL],
  'softplus spelled out': [log(add([one, exp(minus(u))]))],
  'two logits': [minus(log(divide(exp(logRatio(w)), add([exp(logRatio(w)), exp(logRatio(l))]))))],
  'probabilities in place of logs': [minus(log(divide(pi(w), add([pi(w), pi(l)]))))],
  'quotient of underflowing probabilities': [divide(pi(w), ref(w))],
  'derivative through a quotient': [mul([reciprocal(sigmoid(u)), sigmoid(u), add([one, minus(sigmoid(u))])])],
  'log of one minus a probability': [log(add([one, minus(exp(average(w)))]))],
  odds: [subtract(average(w), log(subtract(one, exp(average(w)))))],
  'log of a difference': [log(add([exp(len(w)), minus(exp(num(-3)))]))],
  'three terms of either sign': [log(add([exp(len(w)), minus(exp(half)), minus(half)]))],
  'power of a ratio': [log(pow(divide(pi(w), ref(w)), alpha))],
  'root of a probability': [pow(pi(w), half)],
  'reward-weighted prior': [log(mul([pow(ref(w), reciprocal(alpha)), exp(mul([gamma, len(w)]))]))],
  'square of a negative': [log(pow(log(pi(w)), num(2)))],
  'an exponent that is whole when worked out': [pow(logRatio(w), add([num(2), num(-1)]))],
  'log of an even power': [log(pow(subtract(logRatio(w), gamma), mul([num(2), num(1)])))],
  'square of a probability': [log(pow(pi(w), num(2)))],
  'whole powers': [pow(gamma, num(-5))],
  'loss to logit': [log(subtract(exp(dpo), one))],
  'token sum': [tokens(w, mul([at('mask', w, t), log(divide(at('pi', w, t), at('ref', w, t)))]))],
  'position weights': [tokens(l, mul([t, log(at('pi', l, t))]))],
  'shared prefix': [tokens(w, mul([call('le', [t, call('min', [len(w), len(l)])]), log(at('pi', w, t))]))],
  'log of a token sum': [log(tokens(w, at('pi', w, t)))],
  collision: [tokens(w, log(vocabulary(pow(apply('pi', [w, t, v]), num(2))))), FULL],
  'nested tokens': [
    tokens(
      w,
      sum(variable('s', 'token'), { kind: 'tokens', of: l }, mul([t, at('pi', l, variable('s', 'token'))])),
    ),
  ],
  'first token': [log(at('pi', w, num(1)))],
  'score margin': [log(add([apply('score', [w]), apply('score', [l])]))],
  'prompt cost': [mul([apply('cost', [variable('x', 'prompt')]), logRatio(w)])],
  clamped: [call('clamp', [logRatio(w), minus(half), half])],
  extremes: [call('max', [logRatio(w), logRatio(l), num(0)])],
  'an extreme of which one side is nought': [
    pow(pow(call('max', [call('relu', [num(-2)]), divide(pi(l), ref(l))]), num(2)), num(-1)),
  ],
  'log of an extreme': [log(call('min', [one, pi(w)]))],
  frozen: [mul([freeze(pi(w)), reciprocal(pi(w))])],
  hyperbolic: [call('tanh', [u])],
  'small exponential': [subtract(exp(mul([num(rational(1, 1_000_000)), u])), one)],
};

describe.each(Object.entries(FORMULAS))('%s', (_, [e, of = BATCH]) => {
  const found = kernelOf(e, of).runBounded(of);

  test('is within its bound of the exact value', () => {
    expect(beyond(e, of, found)).toEqual([]);
  });

  test('has bounds that say something', () => {
    for (const [i, value] of found.values.entries()) {
      expect(value).not.toBeNaN();
      if (!Number.isFinite(value)) continue; // A quotient that overflows, and is exact as such: see above.
      expect(found.own[i]).toBeLessThan(Number.POSITIVE_INFINITY);
      expect(found.other[i]).toBeLessThan(Number.POSITIVE_INFINITY);
    }
  });

  test('has the same values with bounds as without', () => {
    expect([...kernelOf(e, of).run(of)]).toEqual([...found.values]);
  });
});

describe('random formulas', () => {
  test('are within their bounds of the exact value, and the bounds mostly say something', () => {
    let finite = 0;
    let all = 0;
    fc.assert(
      fc.property(formula, (e) => {
        const found = kernelOf(e, BATCH).runBounded(BATCH);
        for (let pair = 0; pair < BATCH.pairs; pair += 3) {
          const [value, own] = [found.values[pair] ?? 0, found.own[pair] ?? 0];
          all += 1;
          if (!Number.isFinite(value) || !Number.isFinite(own)) continue;
          finite += 1;
          const exact = exactValue(e, { batch: BATCH, pair, parameters: PARAMETERS });
          if (!isWithin(value, exact, own)) return false;
        }
        return true;
      }),
      { numRuns: 120 },
    );
    expect(finite / all).toBeGreaterThan(0.5);
  });
});

describe('numbers known by hand', () => {
  const single = (policy: number[], reference: number[]) => ({
    lengths: [policy.length],
    logProbs: new Map([
      ['pi', [policy]],
      ['ref', [reference]],
    ]),
  });
  const made = batch({ chosen: single([-1, -2], [-2, -3]), rejected: single([-1500], [-500]) });
  if (made.kind !== 'batch') throw new Error(made.kind);
  test.each<[what: string, e: Expr, value: number]>([
    ['a sum of log-probabilities', log(pi(w)), -3],
    ['an underflowing sequence', log(pi(l)), -1500],
    ['the ratio of underflowing sequences', divide(pow(pi(l), num(2)), pow(pi(l), num(2))), 1],
    ['a length', len(w), 2],
    ['a token index', tokens(w, t), 3],
    ['a fixed token', log(at('pi', w, num(2))), -2],
    ['a token beyond the end', log(at('pi', l, num(2))), Number.NaN],
    ['an indicator', call('lt', [len(l), len(w)]), 1],
    ['the log of a negative number', log(num(-1)), Number.NaN],
  ])('%s', (_, e, value) => expect([...kernelOf(e, made).run(made)]).toEqual([value]));
});

test('a kernel with a free token runs over the tokens of one role', () => {
  const e = mul([t, log(at('pi', l, t)), len(w)]);
  const kernel = compileTokens(e, t, 'rejected', shapeOf(BATCH), PARAMETERS);
  if (kernel.kind !== 'token-kernel') throw new Error(kernel.kind);
  const { offsets, logProbs } = BATCH.rejected;
  const expected = Array.from({ length: BATCH.pairs }, (_, pair) => {
    const [start = 0, end = 0] = [offsets[pair], offsets[pair + 1]];
    const length = (BATCH.chosen.offsets[pair + 1] ?? 0) - (BATCH.chosen.offsets[pair] ?? 0);
    const logs = [...(logProbs.get('pi') ?? []).slice(start, end)];
    return logs.map((x, i) => (i + 1) * x * length);
  }).flat();
  expect([...kernel.runTokens(BATCH)]).toEqual(expected);
  expect([...kernel.runTokensBounded(BATCH).values]).toEqual(expected);
});

describe('what a batch lacks is a fault when compiling', () => {
  const y = variable('y', 'response');
  test.each<[what: string, e: Expr, fault: object]>([
    ['a distribution', apply('prev', [w]), { kind: 'missing-data', name: 'prev', shape: ['response'] }],
    ['full distributions', forwardKl(w), { kind: 'missing-data', name: 'ref' }],
    ['data named like a method', apply('toString', [w]), { kind: 'missing-data', name: 'toString' }],
    [
      'a parameter',
      sym('delta'),
      { kind: 'missing-parameter', name: 'delta', available: ['alpha', 'beta', 'gamma'] },
    ],
    [
      'a parameter named like a method',
      sym('constructor'),
      { kind: 'missing-parameter', name: 'constructor' },
    ],
    ['another response', pi(y), { kind: 'free-variable', name: 'y' }],
    ['an unbound token', at('pi', w, t), { kind: 'free-variable', name: 't' }],
    [
      'a sum over responses',
      sum(y, { kind: 'responses' }, pi(y)),
      { kind: 'unsupported-range', range: 'responses' },
    ],
    ['token 0', at('pi', w, num(0)), { kind: 'unsupported-arguments', name: 'pi' }],
  ])('%s', (_, e, fault) => expect(compile(e, shapeOf(BATCH), PARAMETERS)).toMatchObject(fault));
});
