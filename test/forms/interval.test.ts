/** Double-precision intervals contain the true value, and say so when there is none. */

import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FnName } from '../../src/expr/function.ts';
import { rational } from '../../src/expr/rational.ts';
import { DOUBLE } from '../../src/forms/double.ts';
import type { Interval, Operation, Outcome } from '../../src/forms/interval.ts';

const Exact = Decimal.clone({ precision: 80, defaults: true });

/** A double as the decimal it exactly is: 1100 digits hold every double. */
const Long = Decimal.clone({ precision: 1100, defaults: true });
function exactly(x: number): Decimal {
  if (!Number.isFinite(x)) return new Long(x);
  const exponent = Math.max(-1074, Math.floor(Math.log2(Math.abs(x) || 1)) - 52);
  return new Long(x / 2 ** exponent).mul(new Long(2).pow(exponent));
}
const contains = ({ low, high }: Interval<number>, value: Decimal): boolean =>
  exactly(low).lte(value) && exactly(high).gte(value);

const point = (x: number): Interval<number> => ({ low: x, high: x });
const at = (operation: Operation, ...args: readonly number[]): Outcome<number> =>
  DOUBLE.operations[operation](args.map(point));

const reals = fc.oneof(
  fc.double({ min: -20, max: 20, noNaN: true }),
  fc.integer({ min: -9, max: 9 }),
  fc.double({ min: -1e-8, max: 1e-8, noNaN: true }),
  fc.double({ min: -1e30, max: 1e30, noNaN: true }),
);
const modest = fc.oneof(
  fc.double({ min: -90, max: 90, noNaN: true }).filter((x) => Math.abs(x) > 1e-20),
  fc.integer({ min: -9, max: 9 }),
);

describe('containment, against eighty digits', () => {
  const one = (x: number): Decimal => new Exact(exactly(x));
  const e = (x: Decimal): Decimal => Exact.exp(x);
  const unary: readonly (readonly [FnName, fc.Arbitrary<number>, (x: Decimal) => Decimal])[] = [
    ['exp', modest, (x) => e(x)],
    ['log', reals.map((x) => Math.abs(x) || 1), (x) => Exact.ln(x)],
    ['sqrt', reals.map(Math.abs), (x) => Exact.sqrt(x)],
    ['log1p', modest.map(Math.abs), (x) => Exact.ln(x.plus(1))],
    ['expm1', modest, (x) => e(x).minus(1)],
    ['sigmoid', modest, (x) => new Exact(1).div(e(x.neg()).plus(1))],
    ['logsigmoid', modest, (x) => Exact.ln(e(x.neg()).plus(1)).neg()],
    ['softplus', modest, (x) => Exact.ln(e(x).plus(1))],
    ['tanh', modest.map((x) => x / 20), (x) => new Exact(1).minus(new Exact(2).div(e(x.mul(2)).plus(1)))],
    ['abs', reals, (x) => x.abs()],
    ['relu', reals, (x) => Exact.max(x, 0)],
  ];
  test.each(unary)('%s', (fn, arguments_, truth) => {
    fc.assert(
      fc.property(arguments_, (x) => {
        const value = at(fn, x);
        // Even so many digits round, too: a relative slack far below a double's last place absorbs that.
        const expected = truth(one(x));
        const slack = expected.abs().mul('1e-25');
        return (
          typeof value !== 'string' &&
          exactly(value.low).lte(expected.plus(slack)) &&
          exactly(value.high).gte(expected.minus(slack))
        );
      }),
    );
  });

  test.each<[operation: 'add' | 'mul', (a: Decimal, b: Decimal) => Decimal]>([
    ['add', (a, b) => Long.add(a, b)],
    ['mul', (a, b) => Long.mul(a, b)],
  ])('%s exactly', (operation, truth) => {
    fc.assert(
      fc.property(reals, reals, (a, b) => {
        const value = at(operation, a, b);
        return typeof value !== 'string' && contains(value, truth(exactly(a), exactly(b)));
      }),
    );
  });

  test('any values of two intervals have their sum, product and quotient in the result', () => {
    const interval = fc
      .tuple(modest, modest)
      .map(([a, b]) => ({ low: Math.min(a, b), high: Math.max(a, b) }));
    const inside = ({ low, high }: Interval<number>, t: number): Decimal =>
      exactly(low).plus(exactly(high).minus(exactly(low)).mul(new Long(t)));
    const share = fc.constantFrom(0, 0.25, 0.5, 1);
    fc.assert(
      fc.property(interval, interval, share, share, (x, y, s, t) => {
        const [a, b] = [inside(x, s), inside(y, t)];
        const { add, mul, pow } = DOUBLE.operations;
        const within = (value: Outcome<number>, true_: Decimal): boolean =>
          typeof value !== 'string' && contains(value, true_);
        const inverse = pow([y, point(-1)]);
        const holdsZero = y.low <= 0 && y.high >= 0;
        return (
          within(add([x, y]), a.plus(b)) &&
          within(mul([x, y]), a.mul(b)) &&
          within(pow([x, point(2)]), a.mul(a)) &&
          within(pow([x, point(3)]), a.mul(a).mul(a)) &&
          (holdsZero ? typeof inverse === 'string' : within(inverse, Long.div(1, b)))
        );
      }),
    );
  });

  test('real powers', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-5, max: 1e5, noNaN: true }),
        fc.double({ min: -9, max: 9, noNaN: true }),
        (b, x) => {
          const value = at('pow', b, x);
          const expected = e(one(x).mul(Exact.ln(one(b))));
          return (
            typeof value !== 'string' &&
            exactly(value.low).lte(expected.mul('1.00000000000000000000000001')) &&
            exactly(value.high).gte(expected.mul('0.99999999999999999999999999'))
          );
        },
      ),
    );
  });

  test('rationals', () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 40n), 10n ** 40n), fc.bigInt(1n, 10n ** 40n), (n, d) => {
        const value = DOUBLE.rational(rational(n, d));
        const times = (x: number): Decimal => exactly(x).mul(d.toString());
        return times(value.low).lte(n.toString()) && times(value.high).gte(n.toString());
      }),
    );
  });
});

test.each<[operation: Operation, args: readonly number[], value: number]>([
  ['add', [0.5, 0.25], 0.75],
  ['mul', [3, 7], 21],
  ['mul', [0.5, 0.25], 0.125],
  ['pow', [4, -1], 0.25],
  ['pow', [-2, 3], -8],
  ['sqrt', [9], 3],
  ['exp', [0], 1],
  ['log', [1], 0],
  ['max', [1, 3, 2], 3],
  ['min', [1, 3, 2], 1],
  ['clamp', [7, -1, 2], 2],
  ['le', [2, 2], 1],
  ['lt', [2, 2], 0],
  ['eq', [2, 2], 1],
  ['eq', [2, 3], 0],
])('%s of %j is exactly %d', (operation, args, value) => {
  expect(at(operation, ...args)).toEqual(point(value));
});

test.each<[what: string, operation: Operation, args: readonly Interval<number>[], Outcome<number>]>([
  ['log of zero', 'log', [point(0)], 'undefined'],
  ['log of a negative number', 'log', [{ low: -2, high: -1 }], 'undefined'],
  ['log around zero', 'log', [{ low: -1, high: 1 }], 'unknown'],
  ['sqrt of a negative number', 'sqrt', [point(-1)], 'undefined'],
  ['sqrt around zero', 'sqrt', [{ low: -1, high: 1 }], 'unknown'],
  ['log1p of -1', 'log1p', [point(-1)], 'undefined'],
  ['1/0', 'pow', [point(0), point(-1)], 'undefined'],
  ['1/x around zero', 'pow', [{ low: -1, high: 1 }, point(-1)], 'unknown'],
  ['0^0', 'pow', [point(0), point(0)], 'undefined'],
  ['0^(-1/2)', 'pow', [point(0), point(-0.5)], 'undefined'],
  ['(-8)^(1/2)', 'pow', [point(-8), point(0.5)], 'undefined'],
  ['a negative base and an uncertain exponent', 'pow', [point(-8), { low: 1, high: 2 }], 'unknown'],
  ['an open comparison', 'le', [{ low: 0, high: 2 }, point(1)], { low: 0, high: 1 }],
  ['an open equality', 'eq', [{ low: 0, high: 2 }, point(1)], { low: 0, high: 1 }],
])('%s', (_, operation, args, outcome) => {
  expect(DOUBLE.operations[operation](args)).toEqual(outcome);
});

test('an overflow keeps its finite bound', () => {
  const power = at('exp', 1000);
  expect(power).toMatchObject({ high: Number.POSITIVE_INFINITY });
  expect(power).toHaveProperty('low', expect.closeTo(Number.MAX_VALUE, -294));
  expect(at('mul', -1e300, 1e300)).toEqual({ low: Number.NEGATIVE_INFINITY, high: -Number.MAX_VALUE });
});
