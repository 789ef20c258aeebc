/** Hostile inputs end with an answer: within bounded work, without overflow of the stack, and never with a wrong one. */

import { describe, expect, test } from 'vitest';
import { NOTHING_DECLARED } from '../../src/expr/declare.ts';
import type { Expr } from '../../src/expr/expr.ts';
import { add, call, exp, log, minus, mul, num, pow, reciprocal, subtract, sym } from '../../src/expr/expr.ts';
import type { FnName } from '../../src/expr/function.ts';
import { rational } from '../../src/expr/rational.ts';
import type { Decision } from '../../src/forms/decide.ts';
import { decide } from '../../src/forms/decide.ts';
import { decideGradients } from '../../src/forms/gradient.ts';

type Answer = Decision['answer'];

const x = sym('x');
const y = sym('y');
const count = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);
const nested = (levels: number, wrap: (e: Expr, level: number) => Expr, from: Expr = x): Expr =>
  count(levels).reduce(wrap, from);
const through = (fn: FnName, levels: number): Expr => nested(levels, (e) => call(fn, [e]));
const squares = (levels: number): Expr => nested(levels, (e) => pow(add([e, num(1)]), num(2)));
const binomials = (n: number): Expr => mul(count(n).map((i) => add([sym(`a${i}`), sym(`b${i}`)])));
const one = num(1);

/** What may be answered: undecided always may, the opposite of the truth never. */
const TRUE: readonly Answer[] = ['proved', 'undecided'];
const FALSE: readonly Answer[] = ['refuted', 'undecided'];

describe('true, however hard', () => {
  test.each<[string, Expr, Expr]>([
    ['nested squares', squares(12), add([squares(12), x, minus(x)])],
    ['nested squares, expanded by a power', squares(9), pow(add([squares(8), one]), num(2))],
    [
      'a product of 60 binomials in another order',
      binomials(60),
      mul([...count(60)].reverse().map((i) => add([sym(`b${i}`), sym(`a${i}`)]))),
    ],
    ['the logarithm of a nest of exponentials', log(through('exp', 150)), through('exp', 149)],
    ['a nest of logistic functions', through('sigmoid', 150), add([through('sigmoid', 150), num(0)])],
    ['a nest of softplus', through('softplus', 60), log(add([one, exp(through('softplus', 59))]))],
    ['a nest of tanh', through('tanh', 40), minus(call('tanh', [minus(through('tanh', 39))]))],
    ['a nest of logarithms', through('log', 150), through('log', 150)],
    ['a nest of roots', through('sqrt', 150), pow(x, num(rational(1n, 2n ** 150n)))],
    ['a tower of absolute values', through('abs', 150), call('abs', [x])],
    [
      'a tower of maxima',
      nested(60, (e, i) => call('max', [e, sym(`a${i}`)])),
      call('max', [x, ...count(60).map((i) => sym(`a${i}`))]),
    ],
    [
      'a continued fraction',
      nested(60, (e) => reciprocal(add([one, e]))),
      add([nested(60, (e) => reciprocal(add([one, e]))), num(0)]),
    ],
    [
      'a tower of powers',
      nested(40, (e) => pow(num(2), e)),
      nested(40, (e) => pow(num(2), add([e, num(0)]))),
    ],
    [
      'a difference of huge powers',
      subtract(pow(add([x, one]), num(100_000)), pow(add([one, x]), num(100_000))),
      num(0),
    ],
    ['huge exponents', mul([pow(x, num(10n ** 30n)), x]), pow(x, num(10n ** 30n + 1n))],
    ['a sum nested 3000 deep', nested(3000, (e) => add([e, one])), add([x, num(3000)])],
    ['signs nested 3000 deep', nested(3000, (e) => minus(e)), x],
    [
      'the square of a sum of 400 terms',
      pow(add(count(400).map((i) => sym(`a${i}`))), num(2)),
      mul([add(count(400).map((i) => sym(`a${i}`))), add(count(400).map((i) => sym(`a${i}`)))]),
    ],
  ])('%s', (_, a, b) => {
    expect(TRUE).toContain(decide(a, b, NOTHING_DECLARED).answer);
  });
});

describe('false, however hidden', () => {
  test.each<[string, Expr, Expr]>([
    ['nested squares, one more', squares(10), add([squares(10), num(rational(1n, 10n ** 30n))])],
    [
      'a product of 60 binomials with one sign wrong',
      binomials(60),
      mul([
        subtract(sym('a0'), sym('b0')),
        ...count(59).map((i) => add([sym(`a${i + 1}`), sym(`b${i + 1}`)])),
      ]),
    ],
    [
      '100000 terms',
      add(count(100_000).map((i) => sym(`a${i}`))),
      add(count(100_000).map((i) => sym(`a${i === 777 ? 778 : i}`))),
    ],
    [
      '100000 products',
      add(count(100_000).map((i) => mul([num(i + 1), sym(`a${i % 10}`), sym(`b${i % 7}`)]))),
      num(0),
    ],
    ['a nest of exponentials', through('exp', 100), through('exp', 101)],
    [
      'exponentials of nothing',
      nested(6, exp, num(1)),
      nested(6, exp, num(rational(10n ** 12n + 1n, 10n ** 12n))),
    ],
    ['a huge power', pow(add([x, y]), num(100_000)), pow(add([x, y]), num(100_001))],
    ['a huge power of a number', pow(num(3), num(100_000_000)), pow(num(3), num(100_000_001))],
    ['a huge fractional power', pow(num(2), num(rational(10n ** 20n + 1n, 10n ** 20n))), num(2)],
    ['a huge number', num(10n ** 3000n), num(10n ** 3000n + 1n)],
    [
      'a tower of maxima without one',
      nested(60, (e, i) => call('max', [e, sym(`a${i}`)])),
      nested(59, (e, i) => call('max', [e, sym(`a${i}`)])),
    ],
    ['many indicators', mul(count(40).map((i) => call('le', [sym(`a${i}`), sym(`a${i + 1}`)]))), one],
    [
      'many absolute values',
      add(count(30).map((i) => call('abs', [sym(`a${i}`)]))),
      call('abs', [add(count(30).map((i) => sym(`a${i}`)))]),
    ],
    ['many roots', add(count(30).map((i) => pow(num(i + 2), num(rational(1, 2))))), num(rational(1, 3))],
    [
      'a determinant written out',
      mul(count(12).map((i) => add(count(12).map((j) => mul([sym(`a${i}`), sym(`b${j}`)]))))),
      one,
    ],
  ])('%s', (_, a, b) => {
    expect(FALSE).toContain(decide(a, b, NOTHING_DECLARED).answer);
  });
});

describe('a smaller budget', () => {
  const [a, b] = [pow(add([x, y, one]), num(30)), mul(count(30).map(() => add([one, y, x])))];
  test('gives up and says why', () => {
    expect(decide(a, b, NOTHING_DECLARED, 100)).toMatchObject({ answer: 'undecided', reason: 'budget' });
  });
  test('is not needed', () => {
    expect(decide(a, b, NOTHING_DECLARED).answer).toBe('proved');
  });
  test.each([0, 1, 10, 1000, 100_000])('%s: never a wrong answer', (budget) => {
    expect(TRUE).toContain(decide(a, b, NOTHING_DECLARED, budget).answer);
    expect(FALSE).toContain(decide(a, add([b, one]), NOTHING_DECLARED, budget).answer);
  });
});

test('gradients of a deep nest', () => {
  const deep = through('sigmoid', 40);
  expect(TRUE).toContain(decideGradients(deep, deep, NOTHING_DECLARED).answer);
});
