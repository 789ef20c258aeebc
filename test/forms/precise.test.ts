/** High-precision intervals: containment against more digits, tightness, and no hanging on towers. */

import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FnName } from '../../src/expr/function.ts';
import { rational } from '../../src/expr/rational.ts';
import { DOUBLE } from '../../src/forms/double.ts';
import type { Interval } from '../../src/forms/interval.ts';
import { below } from '../../src/forms/interval.ts';
import { precise } from '../../src/forms/precise.ts';

const forty = precise(40);
const More = Decimal.clone({ precision: 90, defaults: true });
const decimalText = fc
  .tuple(fc.integer({ min: -99_999, max: 99_999 }), fc.integer({ min: 0, max: 8 }))
  .map(([size, shift]) => rational(size, 10n ** BigInt(shift)));

const width = ({ low, high }: Interval<Decimal>): Decimal => More.sub(high, low);

describe('containment and tightness, against ninety digits', () => {
  test.each<[fn: FnName, (x: Decimal) => Decimal]>([
    ['exp', (x) => More.exp(x)],
    ['log', (x) => More.ln(x)],
    ['sqrt', (x) => More.sqrt(x)],
    ['log1p', (x) => More.ln(x.plus(1))],
    ['expm1', (x) => More.exp(x).minus(1)],
    ['sigmoid', (x) => new More(1).div(More.exp(x.neg()).plus(1))],
    ['softplus', (x) => More.ln(More.exp(x).plus(1))],
    ['tanh', (x) => More.tanh(x)],
  ])('%s', (fn, truth) => {
    fc.assert(
      fc.property(decimalText, (q) => {
        const positive = rational(q.n < 0n ? -q.n : q.n + 1n, q.d * 1000n);
        const value = forty.operations[fn]([forty.rational(positive)]);
        if (typeof value === 'string') return false;
        const expected = truth(More.div(positive.n.toString(), positive.d.toString()));
        const scale = Decimal.max(expected.abs(), 1);
        return value.low.lte(expected) && value.high.gte(expected) && width(value).lte(scale.mul('1e-36'));
      }),
      { numRuns: 60 },
    );
  });

  test('sums, products, quotients', () => {
    fc.assert(
      fc.property(decimalText, decimalText, (p, q) => {
        const [a, b] = [forty.rational(p), forty.rational(q)];
        const { add, mul, pow } = forty.operations;
        const total = add([a, b]);
        const product = mul([a, b]);
        const quotient = pow([b, forty.rational(rational(-1))]);
        const wide = (r: typeof p): Decimal => More.div(r.n.toString(), r.d.toString());
        const within = (value: typeof total, truth: Decimal): boolean =>
          typeof value !== 'string' && value.low.lte(truth) && value.high.gte(truth);
        return (
          within(total, wide(p).plus(wide(q))) &&
          within(product, wide(p).mul(wide(q))) &&
          (q.n === 0n ? quotient === 'undefined' : within(quotient, new More(1).div(wide(q))))
        );
      }),
    );
  });

  test('it lies inside what doubles say', () => {
    fc.assert(
      fc.property(decimalText, (q) => {
        const fine = forty.operations.sigmoid([forty.rational(q)]);
        const coarse = DOUBLE.operations.sigmoid([DOUBLE.rational(q)]);
        if (typeof fine === 'string' || typeof coarse === 'string') return false;
        // Doubles print within one unit in the last place, hence the slack.
        return (
          fine.high.gte(new More(coarse.low).mul('0.999999999999999')) &&
          fine.low.lte(new More(coarse.high).mul('1.000000000000001'))
        );
      }),
    );
  });
});

test.each<[fn: FnName, x: string]>([
  ['log1p', '1e-30'],
  ['log1p', '-1e-30'],
  ['log1p', '1e-60'],
  ['log1p', '-1e-60'],
  ['softplus', '-120'],
])('%s(%s) keeps its relative precision', (fn, x) => {
  const value = forty.operations[fn]([{ low: new Decimal(x), high: new Decimal(x) }]);
  if (typeof value === 'string') throw new Error('defined everywhere here');
  const truth = precise(120).operations[fn]([{ low: new Decimal(x), high: new Decimal(x) }]);
  if (typeof truth === 'string') throw new Error('defined everywhere here');
  expect(value.low.lte(truth.low) && value.high.gte(truth.high)).toBe(true);
  expect(width(value).div(value.high).abs().toNumber()).toBeLessThan(1e-28);
});

test('more digits separate what fewer cannot', () => {
  const one = rational(1);
  const near = rational(10n ** 60n + 1n, 10n ** 60n);
  const apart = (digits: number): boolean => {
    const arithmetic = precise(digits);
    return below(arithmetic, arithmetic.rational(one), arithmetic.rational(near));
  };
  expect([apart(40), apart(120)]).toEqual([false, true]);
});

test('a tower of exponentials is unbounded above, at once', () => {
  let value = forty.rational(rational(100));
  for (let level = 0; level < 50; level++) {
    const next = forty.operations.exp([value]);
    if (typeof next === 'string') throw new Error('exp is defined everywhere');
    value = next;
  }
  expect(value.high.isFinite()).toBe(false);
  expect(value.low.isFinite()).toBe(true);
  const inverse = forty.operations.exp([{ low: value.high.neg(), high: value.low.neg() }]);
  if (typeof inverse === 'string') throw new Error('exp is defined everywhere');
  expect(inverse.low.isZero()).toBe(true);
  expect(inverse.high.lt('1e-400000')).toBe(true);
});

test('huge powers end as bounds, not as errors', () => {
  const huge = forty.operations.pow([forty.rational(rational(10)), forty.rational(rational(10n ** 15n))]);
  expect(typeof huge).toBe('object');
  const tiny = forty.operations.pow([forty.rational(rational(10)), forty.rational(rational(-(10n ** 15n)))]);
  if (typeof tiny === 'string') throw new Error('a power of ten is defined');
  expect(tiny.low.isZero()).toBe(true);
  expect(tiny.high.gt(0)).toBe(true);
});
