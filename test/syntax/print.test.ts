import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { same } from '../../src/expr/binder.ts';
import { NOTHING_DECLARED } from '../../src/expr/declare.ts';
import type { Expr } from '../../src/expr/expr.ts';
import { add, minus, mul, num, pow, reciprocal, sum, sym, variable } from '../../src/expr/expr.ts';
import { rational } from '../../src/expr/rational.ts';
import { parse } from '../../src/syntax/parse.ts';
import { print } from '../../src/syntax/print.ts';
import type { Scope } from '../../src/syntax/scope.ts';
import { FORMULA_SCOPE } from '../../src/syntax/scope.ts';
import { expressions, FULL } from '../arbitrary/expr.ts';

describe('readable', () => {
  test.each([
    '-log(sigmoid(beta * (log(pi(w)) / len(w) - log(pi(l)) / len(l)) - gamma))',
    'ref(y) * exp(-alpha / beta * len(y))',
    'ref(y)^(1 / alpha)',
    'pi(y)^(1 - 1 / len(y))',
    '2/3 * a - 1/2',
    'a - 2 * b + c',
    '(a + b)^2 / (c * d)',
    '1 / a',
    '-1 / a',
    '2^(-1)',
    'x1^(1/2)',
    'a / (b / c)',
    'a * (-b)',
    'a * (1/2)',
    'sum(t, y, indicator(t <= min(len(w), len(l))) * log(pi(y, t)))',
    'sum(t, w, sum(v, V, ref(w, t, v) * log(ref(w, t, v) / pi(w, t, v))))',
    'stopgrad(min(1, exp(c1 + c2)))',
    'sum(x, X, D(x) * sum(y, Y, pi(y) * r(y))) / Z()',
  ])('%s is printed as it is written', (text) => {
    expect(print(parse(text))).toBe(text);
  });

  const [a, b] = [sym('a'), sym('b')];
  test.each<[tree: Expr, text: string]>([
    [mul([num(2), reciprocal(num(3)), a]), '2 * 3^(-1) * a'],
    [mul([num(1), reciprocal(a)]), '1 * a^(-1)'],
    [mul([num(-1), num(2)]), '-1 * 2'],
    [minus(minus(a)), '-(-a)'],
    [pow(num(-2), a), '(-2)^a'],
    [pow(num(rational(1, 2)), a), '(1/2)^a'],
    [reciprocal(reciprocal(a)), '1 / (1 / a)'],
    [add([a, add([b, a])]), 'a + (b + a)'],
    [add([minus(a), minus(b)]), '-a - b'],
  ])('%#: a tree that nobody writes', (tree, text) => {
    expect(print(tree)).toBe(text);
    expect(parse(text)).toEqual(tree);
  });
});

test('an index that shares its name with a hyper-parameter is renamed', () => {
  const [t, y] = [variable('t', 'token'), variable('y', 'response')];
  const e = mul([sym('t'), sym('t_1'), sum(t, { kind: 'tokens', of: y }, add([sym('t'), t]))]);
  expect(print(e)).toBe('t * t_1 * sum(t_2, y, t + t_2)');
  expect(same(parse(print(e)), e)).toBe(true);
});

describe('parse reads back what print writes', () => {
  const scope: Scope = {
    ...FORMULA_SCOPE,
    declared: {
      ...NOTHING_DECLARED,
      data: {
        ...NOTHING_DECLARED.data,
        phi: {
          is: 'real',
          shapes: [['response', 'response']],
          distribution: false,
          prompt: true,
          policy: false,
        },
      },
    },
  };

  test('any expression', () => {
    fc.assert(
      fc.property(expressions(FULL), (e) => {
        const text = print(e);
        const back = parse(text, scope);
        expect(same(back, e), text).toBe(true);
        // What has been read once is printed for good.
        expect(print(back)).toBe(text);
      }),
      { numRuns: 3000 },
    );
  });

  test('the longest and the smallest literals', () => {
    for (const text of [
      '1e400',
      '1e-400',
      `${'7'.repeat(400)}e400`,
      `${'7'.repeat(400)}`,
      '-3e-400',
      `1${'0'.repeat(399)}e400`,
    ]) {
      const e = parse(text);
      expect(parse(print(e))).toEqual(e);
      expect(parse(print(mul([e, sym('a')])))).toEqual(mul([e, sym('a')]));
    }
  });
});
