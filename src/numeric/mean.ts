/** The mean of bounded numbers, bounded: what code gives that reduces a batch to one loss. */

import type { Decimal } from 'decimal.js';
import type { Bounded } from './compile.ts';
import { decimals } from './exactness.ts';
import { INFLATE, UNIT } from './functions.ts';

const DIGITS = 60;

/**
 * The mean over all parts. Whatever the order of the sum, n - 1 additions and a division give each term at most
 * n roundings, so that the error is at most gamma_n times the mean size, beside what the terms bring with them.
 */
export function meanOf(
  parts: readonly Bounded[],
  exactTerm: (part: number, i: number) => Decimal,
): { readonly ours: Bounded; readonly exact: () => Decimal } {
  const n = parts.reduce((count, { values }) => count + values.length, 0);
  const total = (of: (part: Bounded) => Float64Array, term: (x: number) => number): number =>
    parts.reduce((sum, part) => of(part).reduce((s, x) => s + term(x), sum), 0);
  const size = total(({ values }) => values, Math.abs) / n;
  const rounding = ((n * UNIT) / (1 - n * UNIT)) * size;
  const bound = (of: (part: Bounded) => Float64Array): Float64Array =>
    Float64Array.of((total(of, (x) => x) / n + rounding) * INFLATE);
  return {
    ours: {
      values: Float64Array.of(
        total(
          ({ values }) => values,
          (x) => x,
        ) / n,
      ),
      own: bound(({ own }) => own),
      other: bound(({ other }) => other),
    },
    exact() {
      let sum: Decimal = new (decimals(DIGITS))(0);
      for (const [p, { values }] of parts.entries()) {
        for (let i = 0; i < values.length; i++) sum = sum.plus(exactTerm(p, i));
      }
      return sum.div(n);
    },
  };
}
