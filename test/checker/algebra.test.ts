/** Steps by algebra: what is a ring identity is accepted, what merely looks like one at many points is not. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { check } from '../../src/checker/check.ts';
import { equalByAlgebra } from '../../src/checker/field.ts';
import type { Declarations } from '../../src/expr/declare.ts';
import { NOTHING_DECLARED } from '../../src/expr/declare.ts';
import type { Expr } from '../../src/expr/expr.ts';
import { add, call, mul, num, pow, subtract, sum, sym, variable } from '../../src/expr/expr.ts';
import { rational } from '../../src/expr/rational.ts';
import { parse } from '../../src/syntax/parse.ts';
import { oneStep, positives } from './traces.ts';

const X = sym('x');
const MERSENNE_61 = 2n ** 61n - 1n;

/** x^k with k large, by squaring: a short formula of huge degree. */
function towering(base: Expr, k: bigint): Expr {
  if (k === 1n) return base;
  const half = pow(towering(base, k / 2n), num(2));
  return k % 2n === 0n ? half : mul([half, base]);
}
/** Vanishes at every whole number from -n to n. */
const vanishingUpTo = (n: number): Expr =>
  mul(Array.from({ length: 2 * n + 1 }, (_, i) => subtract(X, num(i - n))));

const verdictOn = (before: Expr, after: Expr, declared: Declarations = NOTHING_DECLARED): string => {
  const verdict = check(oneStep(before, 'algebra', after, { declared }));
  return verdict.kind === 'accepted' ? 'accepted' : verdict.fault.reason.kind;
};

describe('by algebra', () => {
  test.each<[before: string, after: string]>([
    ['2 * (x + y_1) - x', 'x + 2 * y_1'],
    ['(x + 1)^3', 'x^3 + 3*x^2 + 3*x + 1'],
    ['x / x', '1'],
    ['1 / (1 / x)', 'x'],
    ['x^2 * x^(-3)', '1 / x'],
    ['x / 3 + x / 6', 'x / 2'],
    ['a / x + b / (x + 1)', '(a * (x + 1) + b * x) / (x * (x + 1))'],
    ['log(x) + log(x)', '2 * log(x)'],
    ['exp(a + b) - exp(b + a)', '0'],
    ['sum(t, w, pi(w, t)) - sum(s, w, pi(w, s))', '0'],
    ['x^0', '1'],
    ['x^65', 'x * x^64'],
    ['10^300 * x * 10^200', '10^500 * x'],
  ])('%s = %s', (before, after) => {
    expect(verdictOn(parse(before), parse(after), positives('x'))).toBe('accepted');
  });

  test.each<[what: string, before: Expr, after: Expr]>([
    ['a coefficient', parse('2 * x'), parse('3 * x')],
    ['a small difference', parse('x'), add([X, num(rational(1n, 10n ** 30n))])],
    ['a huge number against its double', num(10n ** 400n), num(10n ** 400n + 1n)],
    ['agreement at the whole numbers from -50 to 50', vanishingUpTo(50), num(0)],
    ['a multiple of a well-known prime', num(MERSENNE_61), num(0)],
    ['a multiple of a well-known prime as coefficient', mul([num(MERSENNE_61), X]), num(0)],
    ['a division by a well-known prime', num(rational(1n, MERSENNE_61)), num(0)],
    ['a multiple of the prime that small formulas are judged by', mul([num(2n ** 521n - 1n), X]), num(0)],
    ['the same prime as a power of two less one', mul([subtract(pow(num(2), num(521)), num(1)), X]), num(0)],
    ['the little theorem of Fermat', towering(X, MERSENNE_61), X],
    ['the little theorem of Fermat by one power', pow(X, num(MERSENNE_61)), X],
    ['the same for the prime of small formulas', pow(X, num(2n ** 521n - 1n)), X],
    ['a power too large to look at', pow(X, num(10n ** 450n)), X],
    ['a power too large to look at, of one', pow(num(1), num(10n ** 450n)), num(2)],
    ['fractional powers as if whole', parse('(x^(1/2))^2'), X],
    ['the logarithm of a product', parse('log(2 * x)'), parse('log(2) + log(x)')],
    ['the two responses', parse('log(pi(w))'), parse('log(pi(l))')],
    ['policy and reference', parse('pi(w)'), parse('ref(w)')],
    ['a stop-gradient dropped', parse('stopgrad(x)'), X],
    ['a stop-gradient moved', parse('stopgrad(x) * a'), parse('x * stopgrad(a)')],
    ['arguments of a function in another order', call('le', [X, num(1)]), call('le', [num(1), X])],
    ['base and exponent', parse('x^a'), parse('a^x')],
    ['sums over other tokens', parse('sum(t, w, pi(w, t))'), parse('sum(t, l, pi(w, 1))')],
    ['sums over tokens and over the vocabulary', parse('sum(t, w, x)'), parse('sum(v, V, x)')],
    ['nested indices swapped', parse('sum(t, w, sum(s, l, t))'), parse('sum(t, w, sum(s, l, s))')],
    ['an index taken for a parameter', parse('sum(t, w, t)'), parse('sum(s, w, x)')],
  ])('%s is refused', (_, before, after) => {
    expect(verdictOn(before, after, positives('x', 'a'))).toBe('algebra-fails');
  });

  test.each<[before: string, after: string, granted: Declarations['parameters']]>([
    ['x / x', '1', {}],
    ['x / x', '1', { x: 'nonnegative' }],
    ['x / x', '1', { x: 'integer' }],
    ['x / x', '1', { x: 'boolean' }],
    ['1', 'x^0 * x^(-1) * x', {}],
    ['0 / (x - x)', '0', { x: 'positive' }],
    ['0^(-1)', '0', {}],
    ['0^(-1) * 0', '1', {}],
    ['(1 / (x - 1)) * (x - 1)', '1', { x: 'positive' }],
    ['1 / (x * (1 / x))', '1', {}],
    ['(x^2 - 1) / (x - 1)', 'x + 1', { x: 'positive' }],
    ['1 / log(pi(w)) * log(pi(w))', '1', {}],
    ['1 / sum(v, V, r(w)) * sum(v, V, r(w))', '1', {}],
    ['(1 / x)^0', '1', {}],
  ])('%s = %s divides by what may be zero', (before, after, parameters) => {
    const declared = { ...NOTHING_DECLARED, parameters };
    expect(verdictOn(parse(before), parse(after), declared)).toBe('condition-not-met');
  });

  test('indices bound above the place are letters like any other', () => {
    const t = variable('t', 'token');
    const w = variable('w', 'response');
    const over = (body: string): Expr => {
      const inner = parse(body, { ...SCOPE, bound: [t] });
      return sum(t, { kind: 'tokens', of: w }, inner);
    };
    const at = [1];
    const honest = oneStep(over('t + t * pi(w, t)'), 'algebra', over('t * (1 + pi(w, t))'), { at });
    expect(check(honest)).toMatchObject({ kind: 'accepted' });
    const forged = oneStep(over('t + t * pi(w, t)'), 'algebra', over('t * (1 + pi(w, 1))'), { at });
    expect(check(forged)).toMatchObject({ fault: { reason: { kind: 'algebra-fails' } } });
  });

  test('binders above the place may not trade their names', () => {
    const two = (first: string, second: string): Expr =>
      parse(`sum(${first}, w, sum(${second}, l, t * pi(l, s)))`);
    const forged = oneStep(two('t', 's'), 'algebra', parse('sum(s, l, sum(t, w, t * pi(l, s)))'), {
      at: [1, 1],
    });
    expect(check(forged)).toMatchObject({ fault: { reason: { kind: 'wrong-result' } } });
    const renamed = oneStep(two('t', 's'), 'algebra', parse('sum(a, w, sum(b, l, a * pi(l, b)))'), {
      at: [],
    });
    expect(check(renamed)).toMatchObject({ kind: 'accepted' });
  });
});

const SCOPE = {
  declared: NOTHING_DECLARED,
  names: 'open',
  responses: ['w', 'l', 'y'],
  definitions: {},
} as const;

/** Polynomials in two hyper-parameters and two opaque atoms. */
const polynomials = fc.letrec<{ poly: Expr }>((tie) => ({
  poly: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Expr>(X, sym('a'), parse('r(w)'), parse('log(x)')),
    fc.integer({ min: -9, max: 9 }).map(num),
    fc.tuple(tie('poly'), tie('poly')).map(add),
    fc.tuple(tie('poly'), tie('poly')).map(mul),
    tie('poly').map((base) => pow(base, num(2))),
  ),
})).poly;

test('property: the sides of a ring law are equal, and are not beside one part in seven', () => {
  fc.assert(
    fc.property(polynomials, polynomials, polynomials, (a, b, c) => {
      const [left, right] = [mul([a, add([b, c])]), add([mul([c, a]), mul([b, a])])];
      expect(equalByAlgebra(left, right)).toBe(true);
      expect(equalByAlgebra(left, add([right, num(rational(1n, 7n))]))).toBe(false);
    }),
  );
});
