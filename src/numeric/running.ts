/**
 * Doubles with a running error bound (Wilkinson; Higham 2002, section 3.3): each rounding adds half an ulp of
 * its result, each function its own error, and errors of operands spread by bounds on the derivative.
 */

import { toNumber } from '../expr/rational.ts';
import type { Arithmetic } from './arithmetic.ts';
import { isExact } from './exactness.ts';
import { COMPARISON, INFLATE, isPole, SCALAR, TINY, UNIT } from './functions.ts';

/** |exact value - value| <= error. Without meaning where `value` is not finite. */
export interface Ball {
  readonly value: number;
  readonly error: number;
}

const ball = (value: number, error: number): Ball => ({ value, error: error * INFLATE });
/** The error of one rounding to `value`, which may have underflowed. */
const rounding = (value: number): number => UNIT * Math.abs(value) + TINY;

export const RUNNING: Arithmetic<Ball> = {
  rational(r) {
    const value = toNumber(r);
    return ball(value, isExact(value, r) ? 0 : rounding(value));
  },
  given: (value) => ({ value, error: 0 }),
  float: (x) => x.value,
  sum(n, term) {
    if (n === 0) return { value: 0, error: 0 };
    let { value, error } = term(0);
    for (let i = 1; i < n; i++) {
      const next = term(i);
      value += next.value;
      // A sum of doubles cannot underflow: small sums are exact.
      error += next.error + UNIT * Math.abs(value);
    }
    return ball(value, error);
  },
  negate: ({ value, error }) => ({ value: -value, error }),
  times(a, b) {
    const value = a.value * b.value;
    const spread = Math.abs(a.value) * b.error + Math.abs(b.value) * a.error + a.error * b.error;
    return ball(value, spread + rounding(value));
  },
  over(a, b) {
    const value = a.value / b.value;
    const least = Math.abs(b.value) - b.error;
    // |x/y - a/b| <= (|x - a| + |a/b| |y - b|) / |y|
    const spread =
      least > 0 ? (a.error + Math.abs(value) * INFLATE * b.error) / least : Number.POSITIVE_INFINITY;
    return ball(value, (a.error === 0 && b.error === 0 ? 0 : spread) + rounding(value));
  },
  gate(indicator, value) {
    if (indicator.value !== 0) return RUNNING.times(indicator, value);
    // Nought, as without bounds, also where the other is not finite; in doubt it may be all of the other.
    const doubt = indicator.error === 0 ? 0 : indicator.error * (Math.abs(value.value) + value.error);
    return ball(0, doubt);
  },
  max: (a, b) => extreme(a, b, Math.max(a.value, b.value), a.value - a.error > b.value + b.error),
  min: (a, b) => extreme(a, b, Math.min(a.value, b.value), a.value + a.error < b.value - b.error),
  scalar(fn, a) {
    const { value: f, spread, units } = SCALAR[fn];
    const value = f(a.value);
    // A value that underflows may be off by some units of the smallest double.
    const own = units === 0 || isPole(value, a.error) ? 0 : units * rounding(value);
    return ball(value, (a.error === 0 ? 0 : spread(a.value, a.error)) + own);
  },
  compare(fn, a, b) {
    const doubt = a.error + b.error;
    const decided = doubt === 0 || Math.abs(a.value - b.value) > doubt;
    return { value: COMPARISON[fn](a.value, b.value), error: decided ? 0 : 1 };
  },
};

/** max and min: the operand that certainly wins, else either, |max(x,y) - max(a,b)| <= max(|x-a|, |y-b|). */
function extreme(a: Ball, b: Ball, value: number, aWins: boolean): Ball {
  const apart = Math.abs(a.value - b.value) > a.error + b.error;
  return { value, error: apart ? (aWins ? a.error : b.error) : Math.max(a.error, b.error) };
}
