/** Bounds themselves: an error that is not known must never come out as a small one. */

import { describe, expect, test } from 'vitest';
import { ARRANGED, arrangedError } from '../../src/numeric/arrangement.ts';
import type { ScalarName } from '../../src/numeric/functions.ts';
import { SCALAR } from '../../src/numeric/functions.ts';
import { RUNNING } from '../../src/numeric/running.ts';

const unknown = { value: -0.5, error: Number.NaN };
const known = { value: -0.25, error: 0 };
const FUNCTIONS = Object.keys(SCALAR) as ScalarName[];

describe('an unknown error stays unknown', () => {
  test.each(FUNCTIONS)('through %s', (fn) => {
    expect(Number.isFinite(RUNNING.scalar(fn, unknown).error)).toBe(false);
    const arranged = { value: -0.5, size: 0.5, roundings: 0, inherited: Number.NaN };
    expect(Number.isFinite(arrangedError(ARRANGED.scalar(fn, arranged)))).toBe(false);
  });

  test.each(['times', 'over', 'max', 'min'] as const)('through %s, on either side', (op) => {
    expect(Number.isFinite(RUNNING[op](unknown, known).error)).toBe(false);
    expect(Number.isFinite(RUNNING[op](known, unknown).error)).toBe(false);
  });

  test('through a sum', () => {
    expect(RUNNING.sum(2, (i) => (i === 0 ? known : unknown)).error).toBeNaN();
  });

  test('a comparison within doubt is off by one at most', () => {
    expect(RUNNING.compare('le', unknown, known)).toEqual({ value: 1, error: 1 });
    expect(RUNNING.compare('le', known, known)).toEqual({ value: 1, error: 0 });
  });
});

test('the bound of any arrangement covers two very different ones', () => {
  // 1000 terms of 0.1 added forwards and pairwise, against one product.
  const n = 1000;
  const forwards = ARRANGED.sum(n, () => ARRANGED.given(0.1));
  const product = 0.1 * n;
  const pairwise = (count: number): number =>
    count === 1 ? 0.1 : pairwise(Math.floor(count / 2)) + pairwise(Math.ceil(count / 2));
  expect(forwards.value).not.toBe(product);
  expect(Math.abs(forwards.value - product)).toBeLessThanOrEqual(arrangedError(forwards));
  expect(Math.abs(pairwise(n) - forwards.value)).toBeLessThanOrEqual(arrangedError(forwards));
});
