/** What a kernel computes with: plain doubles, or doubles that carry an error bound. */

import type { Rational } from '../expr/rational.ts';
import { toNumber } from '../expr/rational.ts';
import type { ComparisonName, ScalarName } from './functions.ts';
import { COMPARISON, SCALAR } from './functions.ts';

/** The fixed set of operations. All arithmetics round alike: their values agree bit for bit. */
export interface Arithmetic<T> {
  readonly rational: (value: Rational) => T;
  /** A double taken as exact: batch data, hyper-parameters, indices. */
  readonly given: (value: number) => T;
  readonly float: (x: T) => number;
  /** The sum of n terms from first to last. */
  readonly sum: (n: number, term: (i: number) => T) => T;
  readonly negate: (a: T) => T;
  readonly times: (a: T, b: T) => T;
  readonly over: (a: T, b: T) => T;
  /** An indicator times a value: nought where the indicator certainly is, whatever the value. */
  readonly gate: (indicator: T, value: T) => T;
  readonly max: (a: T, b: T) => T;
  readonly min: (a: T, b: T) => T;
  readonly scalar: (fn: ScalarName, a: T) => T;
  readonly compare: (fn: ComparisonName, a: T, b: T) => T;
}

/** Doubles and nothing else. */
export const FLOAT: Arithmetic<number> = {
  rational: toNumber,
  given: (value) => value,
  float: (x) => x,
  sum(n, term) {
    if (n === 0) return 0;
    let total = term(0);
    for (let i = 1; i < n; i++) total += term(i);
    return total;
  },
  negate: (a) => -a,
  times: (a, b) => a * b,
  over: (a, b) => a / b,
  gate: (indicator, value) => (indicator === 0 ? 0 : indicator * value),
  max: Math.max,
  min: Math.min,
  scalar: (fn, a) => SCALAR[fn].value(a),
  compare: (fn, a, b) => COMPARISON[fn](a, b),
};

/**
 * log(sum of sign(i)*exp(term(i))): the largest term is taken out, so that nothing overflows; NaN where
 * the sum is negative. Written over any arithmetic: the shift is exact whatever its value.
 */
export function logSum<T>(
  arithmetic: Arithmetic<T>,
  n: number,
  sign: (i: number) => 1 | -1,
  term: (i: number) => T,
): T {
  const { float, sum, scalar, negate, given } = arithmetic;
  if (n === 0) return given(Number.NEGATIVE_INFINITY);
  const logs: T[] = [];
  let place = 0;
  for (let i = 0; i < n; i++) {
    const x = term(i);
    logs.push(x);
    if (float(x) > float(at(logs, place))) place = i;
  }
  const top = at(logs, place);
  // All terms vanish, or one is infinite: the largest one is the answer.
  if (n === 1 || !Number.isFinite(float(top))) return sign(place) === 1 ? top : given(Number.NaN);
  if (n === 2 && sign(place) === 1) {
    const other = 1 - place;
    const distance = sum(2, (i) => (i === 0 ? at(logs, other) : negate(top)));
    const rest = scalar(sign(other) === 1 ? 'softplus' : 'log1mexp', distance);
    return sum(2, (i) => (i === 0 ? top : rest));
  }
  const shift = float(top);
  const shifted = sum(n, (i) => {
    const size = scalar(
      'exp',
      sum(2, (k) => (k === 0 ? at(logs, i) : given(-shift))),
    );
    return sign(i) === 1 ? size : negate(size);
  });
  const rest = scalar('log', shifted);
  return sum(2, (i) => (i === 0 ? given(shift) : rest));
}

function at<T>(all: readonly T[], i: number): T {
  const found = all[i];
  if (found === undefined) throw new RangeError(`no term ${i}`);
  return found;
}
