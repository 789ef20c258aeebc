/** Exact fractions against identities of whole numbers, and against the bits of doubles where they become one. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Rational } from '../../src/expr/rational.ts';
import {
  compareRationals,
  invert,
  isInteger,
  isOne,
  isZero,
  negate,
  ONE,
  plus,
  power,
  rational,
  readDecimal,
  readRational,
  sameRational,
  times,
  toNumber,
  writeRational,
  ZERO,
} from '../../src/expr/rational.ts';

const whole = fc.oneof(
  fc.bigInt({ min: -20n, max: 20n }),
  fc.bigInt({ min: -(10n ** 60n), max: 10n ** 60n }),
);
const divisor = whole.map((d) => (d === 0n ? 1n : d));
const fraction = fc.tuple(whole, divisor).map(([n, d]) => rational(n, d));
const nonzero = fc.tuple(divisor, divisor).map(([n, d]) => rational(n, d));

const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? (a < 0n ? -a : a) : gcd(b, a % b));

describe('fractions are reduced', () => {
  test('and worth what was written', () => {
    fc.assert(
      fc.property(whole, divisor, (n, d) => {
        const q = rational(n, d);
        expect(q.d > 0n).toBe(true);
        expect(gcd(q.n, q.d)).toBe(1n);
        expect(q.n * d).toBe(n * q.d);
      }),
    );
  });

  test('so that equality is by parts', () => {
    fc.assert(
      fc.property(whole, divisor, divisor, (n, d, k) => {
        expect(sameRational(rational(n, d), rational(n * k, d * k))).toBe(true);
        expect(sameRational(rational(n, d), rational(n + d, d))).toBe(false);
      }),
    );
  });

  test('after every operation', () => {
    const reduced = (q: Rational): boolean => q.d > 0n && gcd(q.n, q.d) === 1n;
    fc.assert(
      fc.property(fraction, nonzero, fc.integer({ min: -5, max: 5 }), (a, b, k) =>
        [a, negate(a), plus(a, b), times(a, b), invert(b), power(b, k)].every(reduced),
      ),
    );
  });
});

describe('arithmetic', () => {
  const same = (a: Rational, b: Rational): void => expect(writeRational(a)).toBe(writeRational(b));

  test('sums and products are those of numerators over a common denominator', () => {
    fc.assert(
      fc.property(fraction, fraction, (a, b) => {
        const [total, product] = [plus(a, b), times(a, b)];
        expect(total.n * a.d * b.d).toBe((a.n * b.d + b.n * a.d) * total.d);
        expect(product.n * a.d * b.d).toBe(a.n * b.n * product.d);
      }),
    );
  });

  test('it is a field', () => {
    fc.assert(
      fc.property(fraction, fraction, nonzero, (a, b, c) => {
        same(plus(a, b), plus(b, a));
        same(times(plus(a, b), c), plus(times(a, c), times(b, c)));
        same(plus(a, negate(a)), ZERO);
        same(times(c, invert(c)), ONE);
      }),
    );
  });

  test('powers multiply', () => {
    const k = fc.integer({ min: -6, max: 6 });
    fc.assert(
      fc.property(nonzero, k, k, (a, i, j) => {
        same(power(a, i + j), times(power(a, i), power(a, j)));
        same(power(a, -i), invert(power(a, i)));
      }),
    );
    same(power(ZERO, 0), ONE);
  });

  test('order is that of the difference', () => {
    fc.assert(
      fc.property(fraction, fraction, (a, b) => {
        const difference = plus(a, negate(b));
        expect(Math.sign(compareRationals(a, b))).toBe(difference.n < 0n ? -1 : difference.n > 0n ? 1 : 0);
      }),
    );
  });

  test.each<[what: string, q: Rational, zero: boolean, one: boolean, integer: boolean]>([
    ['0', rational(0, -7), true, false, true],
    ['1', rational(-3, -3), false, true, true],
    ['-1', rational(3, -3), false, false, true],
    ['1/2', rational(1, 2), false, false, false],
  ])('%s is told apart', (text, q, zero, one, integer) => {
    expect(writeRational(q)).toBe(text);
    expect([isZero(q), isOne(q), isInteger(q)]).toEqual([zero, one, integer]);
  });

  test.each<[what: string, f: () => Rational]>([
    ['a zero denominator', () => rational(1, 0)],
    ['the inverse of zero', () => invert(ZERO)],
    ['a negative power of zero', () => power(ZERO, -1)],
    ['a number that is not whole', () => rational(0.5)],
    ['a power that is not whole', () => power(ONE, 0.5)],
  ])('%s throws', (_, f) => {
    expect(f).toThrow(RangeError);
  });
});

describe('literals', () => {
  test.each<[text: string, n: bigint, d: bigint]>([
    ['0', 0n, 1n],
    ['-0', 0n, 1n],
    ['0.1', 1n, 10n],
    ['.5', 1n, 2n],
    ['5.', 5n, 1n],
    ['+2.50', 5n, 2n],
    ['1e-3', 1n, 1000n],
    ['-1.5E+2', -150n, 1n],
    ['12.34e1', 617n, 5n],
    ['1e0400', 10n ** 400n, 1n],
    ['1e-400', 1n, 10n ** 400n],
    [`0.${'0'.repeat(399)}1`.slice(1), 1n, 10n ** 400n],
    ['9'.repeat(400), 10n ** 400n - 1n, 1n],
  ])('%s is exact', (text, n, d) => {
    expect(readDecimal(text)).toEqual(rational(n, d));
  });

  test.each([
    '',
    '.',
    '-',
    'e5',
    '.e5',
    '1e',
    '1e+',
    '1.2.3',
    '1,5',
    ' 1',
    '1 ',
    '1\n',
    '0x10',
    '1n',
    '1_000',
    'NaN',
    'Infinity',
    '١',
    '--1',
    '1e401',
    '1e-401',
    '0.1e-400',
    '1e99999',
    '9'.repeat(401),
    `0.${'0'.repeat(400)}`,
  ])('%j is none', (text) => {
    expect(readDecimal(text)).toBeUndefined();
  });

  test('what JavaScript writes of a double is read back as that double', () => {
    fc.assert(
      fc.property(fc.double({ noDefaultInfinity: true, noNaN: true }), (x) => {
        expect(toNumber(readDecimal(`${x}`) ?? rational(1, 3))).toBe(x === 0 ? 0 : x);
      }),
      { numRuns: 2000 },
    );
  });

  test('fractions as text are read back, and only in the one spelling', () => {
    fc.assert(
      fc.property(fraction, fc.bigInt({ min: 2n, max: 9n }), (q, k) => {
        expect(readRational(writeRational(q))).toEqual(q);
        expect(readRational(`${q.n * k}/${q.d * k}`)).toBeUndefined();
      }),
    );
  });

  test.each(['-0', '00', '01', '1/1', '2/4', '1/0', '1/-2', '+1', '1/2/3', '', '1.5', ' 1', '0/5', '1/02'])(
    '%j is not how a fraction is written',
    (text) => {
      expect(readRational(text)).toBeUndefined();
    },
  );
});

describe('the nearest double', () => {
  const cells = new DataView(new ArrayBuffer(8));
  const bitsOf = (x: number): bigint => {
    cells.setFloat64(0, x);
    return cells.getBigInt64(0);
  };
  /** The double next to a positive one. */
  const neighbour = (x: number, by: -1n | 1n): number => {
    cells.setBigInt64(0, bitsOf(x) + by);
    return cells.getFloat64(0);
  };
  /** What the bits of a positive double are worth; the bits of Infinity are worth 2^1024 here. */
  const fractionOf = (x: number): Rational => {
    const field = bitsOf(x) >> 52n;
    const size = (bitsOf(x) & (2n ** 52n - 1n)) + (field === 0n ? 0n : 2n ** 52n);
    return rational(size * 2n ** (field === 0n ? 1n : field), 2n ** 1075n);
  };
  const HALF = rational(1, 2);
  const difference = (a: Rational, b: Rational): Rational => plus(a, negate(b));

  test('no other double is nearer, for fractions of any size', () => {
    const size = fc.integer({ min: 0, max: 1070 });
    const any = fc
      .tuple(fc.bigInt({ min: 1n, max: 1n << 200n }), fc.bigInt({ min: 1n, max: 1n << 200n }), size, size)
      .map(([n, d, i, j]) => rational(n << BigInt(i), d << BigInt(j)));
    fc.assert(
      fc.property(any, (q) => {
        const found = toNumber(q);
        expect(toNumber(negate(q))).toBe(-found);
        const distance = (x: number): Rational => {
          const d = difference(q, fractionOf(x));
          return d.n < 0n ? negate(d) : d;
        };
        for (const by of [1n, -1n] as const) {
          // Beyond infinity there is nothing, and zero has no neighbour below.
          if (by === 1n ? Number.isFinite(found) : found > 0)
            expect(compareRationals(distance(found), distance(neighbour(found, by)))).toBeLessThanOrEqual(0);
        }
      }),
      { numRuns: 500 },
    );
  });

  const doubles = fc.double({ min: Number.MIN_VALUE, max: Number.MAX_VALUE / 2, noNaN: true });

  test('half-way goes to the even one, a hair beside to the near one, on either side of zero', () => {
    const hair = rational(1n, 10n ** 1200n);
    fc.assert(
      fc.property(doubles, (x) => {
        const next = neighbour(x, 1n);
        const middle = times(HALF, plus(fractionOf(x), fractionOf(next)));
        const expected: readonly (readonly [Rational, number])[] = [
          [middle, bitsOf(x) % 2n === 0n ? x : next],
          [plus(middle, hair), next],
          [difference(middle, hair), x],
        ];
        for (const [q, to] of expected) {
          expect(toNumber(q)).toBe(to);
          expect(toNumber(negate(q))).toBe(-to);
        }
      }),
      { numRuns: 300 },
    );
  });

  const BIG = 2n ** 1074n;
  test.each<[what: string, q: Rational, to: number]>([
    ['zero', ZERO, 0],
    ['the smallest double', rational(1n, BIG), Number.MIN_VALUE],
    ['half the smallest double', rational(1n, 2n * BIG), 0],
    ['a hair more than that', rational(BIG + 1n, 2n * BIG * BIG), Number.MIN_VALUE],
    ['the largest double', fractionOf(Number.MAX_VALUE), Number.MAX_VALUE],
    ['a hair below overflow', rational(2n ** 1024n - 2n ** 970n - 1n), Number.MAX_VALUE],
    ['overflow', rational(2n ** 1024n - 2n ** 970n), Number.POSITIVE_INFINITY],
    ['far beyond', rational(10n ** 4000n), Number.POSITIVE_INFINITY],
    ['far below', rational(1n, 10n ** 4000n), 0],
    ['a ratio of two overflows', rational(3n * 10n ** 4000n, 2n * 10n ** 4000n + 1n), 1.5],
    ['an odd whole number of 54 bits', rational(2n ** 53n + 1n), 2 ** 53],
  ])('%s', (_, q, to) => {
    expect(toNumber(q)).toBe(to);
  });
});
