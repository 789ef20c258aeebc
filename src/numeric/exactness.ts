/** Doubles as the exact numbers they are: fractions, and decimals of many digits. */

import { Decimal } from 'decimal.js';
import type { Rational } from '../expr/rational.ts';

/** A finite double as an exact fraction, its divisor a power of two. */
export function exactFraction(x: number): Rational | undefined {
  if (!Number.isFinite(x)) return undefined;
  let numerator = x;
  let shift = 0n;
  // Doubling is exact; a double has at most 1074 binary places.
  while (!Number.isInteger(numerator)) {
    numerator *= 2;
    shift += 1n;
  }
  return { n: BigInt(numerator), d: 1n << shift };
}

export function isExact(x: number, r: Rational): boolean {
  const exact = exactFraction(x);
  return exact !== undefined && exact.n * r.d === r.n * exact.d;
}

/** An exact fraction as a decimal, rounded to the precision of `D`. */
export const decimalOf = (D: typeof Decimal, { n, d }: Rational): Decimal =>
  new D(n.toString()).div(d.toString());

/**
 * A double as a decimal, rounded to the precision of `D`. Not `new D(x)`: that reads the shortest
 * text that round-trips, which is off by up to half an ulp.
 */
export function decimalOfDouble(D: typeof Decimal, x: number): Decimal {
  const exact = exactFraction(x);
  return exact === undefined ? new D(x) : decimalOf(D, exact);
}

/** Decimal arithmetic with that many significant digits. */
export const decimals = (digits: number): typeof Decimal =>
  Decimal.clone({ precision: digits, defaults: true });
