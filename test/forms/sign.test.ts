/** Signs of piecewise functions of hyper-parameters, by the cases of each kink; and how absolute values are written. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonical, signOfExpr } from '../../src/forms/canonise.ts';
import type { Sign } from '../../src/forms/sign.ts';
import { print } from '../../src/syntax/print.ts';
import { formulaClaim } from '../../src/variant/claim.ts';

function read(text: string, assume: readonly string[]) {
  const variant = formulaClaim(text, { assume });
  if (variant.kind !== 'variant') throw new Error(`not a formula: ${text}`);
  return variant;
}
const signOf = (text: string, assume: readonly string[] = []): Sign => {
  const { loss, declared } = read(text, assume);
  return signOfExpr(loss, declared);
};

test.each<[text: string, assume: readonly string[], sign: Sign]>([
  ['abs(b)', [], 'nonnegative'],
  ['abs(b)', ['b != 0'], 'positive'],
  ['-3 * abs(b)', ['b != 0'], 'negative'],
  ['1 / abs(b)', [], 'positive'],
  ['abs(a - b)', [], 'nonnegative'],
  ['abs(a - b)', ['a != b'], 'positive'],
  ['c * abs(a - b)', ['a != b', 'c > 0'], 'positive'],
  ['abs(b) + 1', [], 'positive'],
  ['abs(b)^2 + abs(b)', ['b != 0'], 'positive'],
  ['abs(b) - b', [], 'nonnegative'],
  ['abs(b) + b', [], 'nonnegative'],
  ['max(a, b) - a', [], 'nonnegative'],
  ['min(a, b) - a', [], 'nonpositive'],
  ['abs(a) + abs(b)', ['a != 0'], 'positive'],
  // What is granted in one case is forgotten in the next.
  ['abs(b) * b', [], 'unknown'],
  ['abs(b) - 1', [], 'unknown'],
  ['abs(b) - 2 * b', [], 'unknown'],
  ['max(0, b) - 1', [], 'unknown'],
  ['max(0, a) - max(0, b)', [], 'unknown'],
])('%s given %j is %s', (text, assume, sign) => {
  expect(signOf(text, assume)).toBe(sign);
});

describe('a sign that is told', () => {
  const whole = fc.integer({ min: -3, max: 3 });
  const ALLOWS: Readonly<Record<Sign, (x: number) => boolean>> = {
    positive: (x) => x > 0,
    nonnegative: (x) => x >= 0,
    zero: (x) => x === 0,
    nonpositive: (x) => x <= 0,
    negative: (x) => x < 0,
    unknown: () => true,
  };
  const POINTS = [-2, -1, 0, 1, 2].flatMap((a) => [-2, -1, 0, 1, 2].map((b) => [a, b] as const));

  test('holds wherever two hyper-parameters lie', () => {
    let told = 0;
    const law = (k: readonly number[]): void => {
      const [k0 = 0, k1 = 0, k2 = 0, k3 = 0, k4 = 0, k5 = 0] = k;
      const sign = signOf(
        `(${k0}) + (${k1}) * a + (${k2}) * b + (${k3}) * max(0, a) + (${k4}) * abs(a - b) + (${k5}) * abs(b)`,
      );
      if (sign !== 'unknown') told += 1;
      for (const [a, b] of POINTS) {
        const value = k0 + k1 * a + k2 * b + k3 * Math.max(0, a) + k4 * Math.abs(a - b) + k5 * Math.abs(b);
        expect(ALLOWS[sign](value), `${sign} at ${a}, ${b}`).toBe(true);
      }
    };
    fc.assert(fc.property(fc.tuple(whole, whole, whole, whole, whole, whole), law), { numRuns: 150 });
    expect(told).toBeGreaterThan(0);
  });
});

test.each<[text: string, assume: readonly string[], written: string]>([
  ['2 * max(0, b) - b', [], 'abs(b)'],
  ['abs(b) * c', [], 'c * abs(b)'],
  ['c - abs(a - b)', [], 'c - abs(a - b)'],
  ['1 / abs(b)', [], '1 / abs(b)'],
  ['max(0, b) - b', [], '-b + relu(b)'],
  ['3 * max(0, b) - b', [], '-b + 3 * relu(b)'],
])('%s given %j is written %s', (text, assume, written) => {
  const { loss, declared } = read(text, assume);
  const form = canonical(loss, declared);
  expect(form && print(form)).toBe(written);
});

test('the logarithm of a product of two negative factors is taken apart', () => {
  const { loss, declared } = read('log(log(pi(l)) / log(pi(w)))', []);
  const form = canonical(loss, declared);
  expect(form && print(form)).toBe('log(-log(pi(l))) - log(-log(pi(w)))');
});
