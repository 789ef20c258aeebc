/** Exact values and measured numbers as digits. */

import type { Rational } from '../expr/rational.ts';
import { writeRational } from '../expr/rational.ts';

const MOST_PLACES = 30;

/** A positive whole number as m * 10^k, m not divisible by ten. */
export function tenfold(n: bigint): { readonly m: bigint; readonly k: number } {
  const digits = n.toString();
  const kept = digits.replace(/0+$/, '');
  return { m: BigInt(kept === '' ? '0' : kept), k: digits.length - kept.length };
}

/** A decimal where it is finite and not long (0.5, 1e-400), else a fraction (1/3). */
export function decimal(value: Rational): string {
  for (let places = 0, scale = 1n; places <= MOST_PLACES; places++, scale *= 10n) {
    if (scale % value.d !== 0n) continue;
    const scaled = value.n * (scale / value.d);
    const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(places + 1, '0');
    const sign = scaled < 0n ? '-' : '';
    return places === 0 ? sign + digits : `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
  }
  const { m, k } = tenfold(value.d);
  return m === 1n ? `${value.n}e-${k}` : writeRational(value);
}

/** Three digits of a measure: 0, 12.5, 3.2e-16. */
export function measured(x: number): string {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? 'NaN' : x > 0 ? 'Infinity' : '-Infinity';
  if (x === 0) return '0';
  const size = Math.abs(x);
  return size >= 1e-3 && size < 1e6
    ? `${Number(x.toPrecision(3))}`
    : `${Number(x.toPrecision(3)).toExponential()}`;
}
