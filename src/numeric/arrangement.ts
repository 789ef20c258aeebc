/**
 * Error bounds that hold for any arrangement of the arithmetic, not for ours alone: what another float64
 * implementation of the same formula may be off by.
 *
 * A part built from data by +, -, * is a polynomial, and every way to compute it (any order of a sum, factored or
 * distributed) gives each monomial a factor (1 + d1)...(1 + dk), |di| <= u, with k the roundings on its way.
 * So the error is at most gamma_k = k u / (1 - k u) times the sum of the absolute values of the monomials
 * (Higham 2002, lemma 3.1). That sum, `size`, does not depend on the arrangement; k, counted
 * for our own, is doubled: another one may spend two roundings where ours spends one (a quotient as a
 * product with a rounded reciprocal, a product distributed over a sum). Functions start anew: what came in is
 * spread by the derivative, and their own error is counted as for the usual implementations (functions.ts).
 */

import { toNumber } from '../expr/rational.ts';
import type { Arithmetic } from './arithmetic.ts';
import { isExact } from './exactness.ts';
import { COMPARISON, INFLATE, isPole, SCALAR, TINY, UNIT } from './functions.ts';

export interface Arranged {
  readonly value: number;
  /** The sum of the absolute values of the monomials. */
  readonly size: number;
  /** The most roundings a monomial goes through. */
  readonly roundings: number;
  /** Absolute error that came through functions and underflow. */
  readonly inherited: number;
}

/** A bound on the error of any float64 implementation. */
export function arrangedError({ size, roundings, inherited }: Arranged): number {
  // An exact infinity has no rounding to be multiplied by.
  if (roundings === 0) return inherited;
  const k = 2 * roundings * UNIT;
  return ((k / (1 - k)) * size + inherited) * INFLATE;
}

const exact = (value: number): Arranged => ({ value, size: Math.abs(value), roundings: 0, inherited: 0 });
const settled = (value: number, inherited: number, units = 0): Arranged => ({
  value,
  size: Math.abs(value),
  // `roundings` is doubled above, the error of a function is not.
  roundings: units / 2,
  inherited: inherited * INFLATE,
});

export const ARRANGED: Arithmetic<Arranged> = {
  rational(r) {
    const value = toNumber(r);
    return { ...exact(value), roundings: isExact(value, r) ? 0 : 1 };
  },
  given: exact,
  float: (x) => x.value,
  sum(n, term) {
    if (n === 0) return exact(0);
    let { value, size, roundings, inherited } = term(0);
    for (let i = 1; i < n; i++) {
      const next = term(i);
      value += next.value;
      size += next.size;
      roundings = Math.max(roundings, next.roundings);
      inherited += next.inherited;
    }
    return { value, size, roundings: roundings + n - 1, inherited: inherited * INFLATE };
  },
  negate: (a) => ({ ...a, value: -a.value }),
  times: (a, b) => ({
    value: a.value * b.value,
    size: a.size * b.size,
    roundings: a.roundings + b.roundings + 1,
    inherited: (a.inherited * b.size + b.inherited * a.size + a.inherited * b.inherited + TINY) * INFLATE,
  }),
  gate(indicator, value) {
    if (indicator.value !== 0) return ARRANGED.times(indicator, value);
    return arrangedError(indicator) === 0 ? indicator : { ...ARRANGED.times(indicator, value), value: 0 };
  },
  over(a, b) {
    const value = a.value / b.value;
    const size = a.size / Math.abs(b.value);
    if (b.size === Math.abs(b.value) && b.inherited === 0) {
      // A divisor without cancellation is off by a relative error, as a factor would be.
      const inherited = (a.inherited / b.size + TINY) * INFLATE;
      return { value, size, roundings: a.roundings + b.roundings + 1, inherited };
    }
    const error = arrangedError(b);
    const least = Math.abs(b.value) - error;
    const inherited =
      least > 0 ? (a.inherited + (size + a.inherited) * error) / least + TINY : Number.POSITIVE_INFINITY;
    return { value, size, roundings: a.roundings + 1, inherited: inherited * INFLATE };
  },
  max: (a, b) => extreme(a, b, Math.max(a.value, b.value), a.value > b.value),
  min: (a, b) => extreme(a, b, Math.min(a.value, b.value), a.value < b.value),
  scalar(fn, a) {
    const { value: f, spread, units } = SCALAR[fn];
    const value = f(a.value);
    const error = arrangedError(a);
    if (isPole(value, error)) return exact(value);
    const underflow = units === 0 ? 0 : units * TINY;
    return settled(value, (error === 0 ? 0 : spread(a.value, error)) + underflow, units);
  },
  compare(fn, a, b) {
    const doubt = arrangedError(a) + arrangedError(b);
    const decided = doubt === 0 || Math.abs(a.value - b.value) > doubt;
    return settled(COMPARISON[fn](a.value, b.value), decided ? 0 : 1);
  },
};

/** The operand that wins whatever the rounding, else a value with the larger of both errors. */
function extreme(a: Arranged, b: Arranged, value: number, aWins: boolean): Arranged {
  const [errorA, errorB] = [arrangedError(a), arrangedError(b)];
  if (Math.abs(a.value - b.value) > errorA + errorB) return aWins ? a : b;
  return settled(value, Math.max(errorA, errorB));
}
