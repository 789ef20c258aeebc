/**
 * Each function against 50 and more digits. The asserted bounds in ulp are what the parts add up to:
 * exp, log1p, expm1 and log are within 1 ulp each, a sum or quotient within half an ulp.
 */

import type { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimalOfDouble, decimals } from '../../src/numeric/exactness.ts';
import { SCALAR, UNIT } from '../../src/numeric/functions.ts';
import { log1mExp, logAddExp, logSigmoid, relu, sigmoid, softplus } from '../../src/numeric/stable.ts';
import { ulpDistance } from '../../src/numeric/ulp.ts';

// 1 + exp(x) with |x| up to 750 costs 326 digits; more than 50 are left.
const D = decimals(400);
const exactly = (x: number): Decimal => decimalOfDouble(D, x);
const exactSoftplus = (x: number): Decimal => exactly(x).exp().plus(1).ln();

/** Every kind of argument: near 0, moderate, where the result underflows, and far beyond. */
const GRID = [
  0,
  1e-300,
  1e-20,
  1e-9,
  1e-4,
  0.01,
  0.1,
  0.5,
  Math.LN2,
  1,
  2,
  5,
  10,
  20,
  36,
  37,
  40,
  100,
  300,
  700,
  708.3,
  709.7,
  720,
  740,
  745,
  746,
  1e3,
  1e4,
].flatMap((x) => [x, -x]);

describe('against decimal arithmetic', () => {
  // exp 1 ulp, log1p 1 ulp (its condition number is at most 1), the sum half: under 3.
  test.each(GRID)('softplus(%d), logSigmoid and sigmoid', (x) => {
    expect(ulpDistance(softplus(x), exactSoftplus(x).toNumber())).toBeLessThanOrEqual(3);
    expect(ulpDistance(logSigmoid(-x), exactSoftplus(x).neg().toNumber())).toBeLessThanOrEqual(3);
    // exp 1 ulp, 1 + z half, the quotient half, one more for results just above a power of two: 3.
    const exact = new D(1).div(exactly(x).neg().exp().plus(1)).toNumber();
    expect(ulpDistance(sigmoid(x), exact)).toBeLessThanOrEqual(3);
  });

  // expm1 1 ulp and log 1 ulp, with a condition number of at most 1/log 2.
  test.each(GRID.filter((x) => x < 0))('log1mExp(%d)', (x) => {
    const exact = new D(1).minus(exactly(x).exp()).ln().toNumber();
    expect(ulpDistance(log1mExp(x), exact)).toBeLessThanOrEqual(3);
  });

  test('softplus at random arguments', () => {
    const argument = fc.double({ min: -750, max: 750, noNaN: true });
    fc.assert(
      fc.property(argument, (x) => ulpDistance(softplus(x), exactSoftplus(x).toNumber()) <= 3),
      { numRuns: 60 },
    );
  });

  test('logAddExp is accurate in units of its larger argument', () => {
    const argument = fc.double({ min: -1e4, max: 1e4, noNaN: true });
    fc.assert(
      fc.property(argument, argument, (a, b) => {
        const top = Math.max(a, b);
        const exact = exactly(a).minus(exactly(b)).abs().neg().exp().plus(1).ln().plus(exactly(top));
        // The difference rounds once, and log1p, exp and the last sum as above.
        const bound = (Math.abs(a - b) + 6 * Math.abs(top) + 6) * UNIT;
        return exact
          .minus(exactly(logAddExp(a, b)))
          .abs()
          .lte(bound);
      }),
      { numRuns: 60 },
    );
  });
});

describe("the library's functions are within the units counted for them", () => {
  const IN_DECIMALS: readonly (readonly [
    keyof typeof SCALAR,
    (x: Decimal) => Decimal,
    low: number,
    high: number,
  ])[] = [
    ['exp', (x) => x.exp(), -745, 709],
    ['log', (x) => x.ln(), 1e-300, 2],
    ['log1p', (x) => x.plus(1).ln(), -0.9999, 10],
    ['expm1', (x) => x.exp().minus(1), -40, 40],
    ['tanh', (x) => x.tanh(), -3, 3],
    ['sigmoid', (x) => new D(1).div(x.neg().exp().plus(1)), -40, 40],
    ['log1mexp', (x) => new D(1).minus(x.exp()).ln(), -40, -1e-9],
  ];
  test.each(IN_DECIMALS)('%s', (fn, exact, min, max) => {
    fc.assert(
      fc.property(fc.double({ min, max, noNaN: true }), (x) => {
        const { value, units } = SCALAR[fn];
        const truth = exact(exactly(x));
        const bound = truth
          .abs()
          .times(units * UNIT)
          .plus(units * 2 ** -1074);
        return truth
          .minus(exactly(value(x)))
          .abs()
          .lte(bound);
      }),
      { numRuns: 60 },
    );
  });
});

test.each<[name: string, found: number, expected: number]>([
  ['softplus(Infinity)', softplus(Number.POSITIVE_INFINITY), Number.POSITIVE_INFINITY],
  ['softplus(-Infinity)', softplus(Number.NEGATIVE_INFINITY), 0],
  ['sigmoid(-Infinity)', sigmoid(Number.NEGATIVE_INFINITY), 0],
  ['sigmoid(1e308)', sigmoid(1e308), 1],
  ['softplus(1e308)', softplus(1e308), 1e308],
  ['logSigmoid(-1e308)', logSigmoid(-1e308), -1e308],
  ['log1mExp(0)', log1mExp(0), Number.NEGATIVE_INFINITY],
  ['log1mExp(1)', log1mExp(1), Number.NaN],
  ['logAddExp of -Infinity twice', logAddExp(-Infinity, -Infinity), -Infinity],
  ['logAddExp(-Infinity, 3)', logAddExp(Number.NEGATIVE_INFINITY, 3), 3],
  ['relu(NaN)', relu(Number.NaN), Number.NaN],
  ['relu(-1)', relu(-1), 0],
])('%s', (_, found, expected) => expect(found).toBe(expected));
