import { describe, expect, test } from 'vitest';
import { compareArrays } from '../../src/numeric/compare.ts';

const place = (i: number): number => i;
const within = (tolerance: number) => (): number => tolerance;

describe('comparing arrays', () => {
  test('reports the largest differences and where the tolerance was used up most', () => {
    const allowed = [1, 0.5, 4];
    const found = compareArrays([1, 2, 100], [1, 2.25, 102], (i) => allowed[i] ?? 0, place);
    expect(found).toMatchObject({ count: 3, exceeded: [], passed: true });
    expect(found.worst).toMatchObject({ abs: 2, used: 0.5, at: 1 });
    expect(found.worst.rel).toBeCloseTo(0.25 / 2.25, 15);
  });

  test.each<[what: string, a: number, b: number, tolerance: number, passed: boolean]>([
    ['just within', 1, 1.5, 0.5, true],
    ['just beyond', 1, 1.5, 0.49, false],
    ['equal infinities', Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0, true],
    ['an infinity and a number, whatever the bound', 1, Number.POSITIVE_INFINITY, Infinity, false],
    ['numbers under a bound that says nothing', 1, 2, Infinity, false],
    ['numbers under a bound that is no number', 1, 2, Number.NaN, false],
    ['equal numbers under no bound', 2, 2, Number.NaN, true],
    ['NaN and NaN', Number.NaN, Number.NaN, Infinity, false],
    ['zeros of either sign', 0, -0, 0, true],
  ])('%s', (_, a, b, tolerance, passed) => {
    expect(compareArrays([a], [b], within(tolerance), place).passed).toBe(passed);
  });

  test('NaN agrees with NaN on demand', () => {
    const compared = compareArrays([Number.NaN], [Number.NaN], within(0), place, { nanAgrees: true });
    expect(compared.passed).toBe(true);
    expect(compareArrays([Number.NaN], [1], within(0), place, { nanAgrees: true }).passed).toBe(false);
  });

  test('arrays of different lengths do not pass', () => {
    expect(compareArrays([1, 2], [1], within(1), place)).toMatchObject({ count: 1, passed: false });
  });
});
