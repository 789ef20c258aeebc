import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ordinal, ulpDistance, ulpOf } from '../../src/numeric/ulp.ts';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

describe('distance in ulp', () => {
  test.each<[a: number, b: number, distance: number]>([
    [1, 1, 0],
    [1, 1 + 2 ** -52, 1],
    [1, 1 - 2 ** -53, 1],
    [0, -0, 0],
    [0, 2 ** -1074, 1],
    [-(2 ** -1074), 2 ** -1074, 2],
    [1, 2, 2 ** 52],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0],
    [Number.POSITIVE_INFINITY, Number.MAX_VALUE, Number.POSITIVE_INFINITY],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    [Number.NaN, 1, Number.NaN],
    [Number.NaN, Number.NaN, Number.NaN],
  ])('from %d to %d is %d', (a, b, distance) => {
    expect(ulpDistance(a, b)).toBe(distance);
    expect(ulpDistance(b, a)).toBe(distance);
  });

  test('the ordinal is monotone', () => {
    fc.assert(fc.property(finite, finite, (a, b) => a < b === ordinal(a) < ordinal(b) || a === b));
  });
});

describe('the size of an ulp', () => {
  test.each<[x: number, size: number]>([
    [1, 2 ** -52],
    [-1, 2 ** -52],
    [0, 2 ** -1074],
    [2 ** -1022, 2 ** -1074],
    [Number.MAX_VALUE, 2 ** 971],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    [Number.NaN, Number.NaN],
  ])('at %d is %d', (x, size) => expect(ulpOf(x)).toBe(size));

  test('is the step to the next double', () => {
    fc.assert(
      fc.property(finite, (x) => {
        const next = Math.abs(x) + ulpOf(x);
        return next === Number.POSITIVE_INFINITY || ulpDistance(Math.abs(x), next) === 1;
      }),
    );
  });
});
