/** Exact rational numbers: the only numbers the symbolic rooms know. */

export interface Rational {
  /** Numerator; carries the sign. */
  readonly n: bigint;
  /** Denominator; positive, coprime to `n`. */
  readonly d: bigint;
}

function gcd(a: bigint, b: bigint): bigint {
  let x = a < 0n ? -a : a;
  let y = b < 0n ? -b : b;
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

/** The reduced fraction n/d. Throws RangeError when d is zero: callers decide what a zero divisor means. */
export function rational(n: bigint | number, d: bigint | number = 1n): Rational {
  let p = BigInt(n);
  let q = BigInt(d);
  if (q === 0n) throw new RangeError('zero denominator');
  if (q === 1n) return { n: p, d: q };
  if (q < 0n) [p, q] = [-p, -q];
  const g = gcd(p, q);
  return { n: p / g, d: q / g };
}

export const ZERO = rational(0);
export const ONE = rational(1);
export const MINUS_ONE = rational(-1);

export const isZero = (a: Rational): boolean => a.n === 0n;
export const isOne = (a: Rational): boolean => a.n === 1n && a.d === 1n;
export const isInteger = (a: Rational): boolean => a.d === 1n;
export const sameRational = (a: Rational, b: Rational): boolean => a.n === b.n && a.d === b.d;
export const negate = (a: Rational): Rational => ({ n: -a.n, d: a.d });

export function plus(a: Rational, b: Rational): Rational {
  if (a.d === 1n && b.d === 1n) return { n: a.n + b.n, d: 1n };
  return rational(a.n * b.d + b.n * a.d, a.d * b.d);
}

export function times(a: Rational, b: Rational): Rational {
  if (isOne(a)) return b;
  if (isOne(b)) return a;
  if (a.d === 1n && b.d === 1n) return { n: a.n * b.n, d: 1n };
  return rational(a.n * b.n, a.d * b.d);
}

/** 1/a. Throws RangeError on zero. */
export const invert = (a: Rational): Rational => rational(a.d, a.n);

/** a^k for an integer k. Throws RangeError on 0^(negative). */
export function power(a: Rational, k: number): Rational {
  if (k < 0) return power(invert(a), -k);
  return rational(a.n ** BigInt(k), a.d ** BigInt(k));
}

/** Negative, zero or positive, as a < b, a = b, a > b. */
export function compareRationals(a: Rational, b: Rational): number {
  const left = a.n * b.d;
  const right = b.n * a.d;
  return left < right ? -1 : left > right ? 1 : 0;
}

/**
 * Reads a decimal or scientific literal exactly: `0.1` is 1/10, `1e-3` is 1/1000.
 * Returns undefined for anything else, and for more than 400 digits or a last digit more than 400 places
 * from the units (the text is untrusted; a short literal must not make a long number).
 */
export function readDecimal(text: string): Rational | undefined {
  const found = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/.exec(text);
  if (found === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = found;
  const digits = whole + fraction;
  const shift = Number(exponent) - fraction.length;
  if (digits === '' || digits.length > 400 || Math.abs(shift) > 400) return undefined;
  const size = BigInt(sign === '-' ? `-${digits}` : digits);
  return shift >= 0 ? rational(size * 10n ** BigInt(shift)) : rational(size, 10n ** BigInt(-shift));
}

const bits = (v: bigint): number => v.toString(2).length;

/** The nearest double, ties to even, also where numerator or denominator overflow one; `Infinity` beyond the largest. */
export function toNumber(a: Rational): number {
  const [n, d] = [Number(a.n), Number(a.d)];
  if (Number.isSafeInteger(n) && Number.isSafeInteger(d)) return n / d;
  const size = a.n < 0n ? -a.n : a.n;
  const above = bits(size) - bits(a.d);
  const scaled = (shift: number): readonly [bigint, bigint] =>
    shift >= 0 ? [size << BigInt(shift), a.d] : [size, a.d << BigInt(-shift)];
  const [p, q] = scaled(-above);
  const leading = p >= q ? above : above - 1;
  // The place of the last bit of the double: 52 below the leading one, never below that of subnormals.
  const last = Math.max(leading - 52, -1074);
  const value = Number(nearestInteger(...scaled(-last))) * 2 ** last;
  return a.n < 0n ? -value : value;
}

/** n/d rounded to the nearest integer, ties to even, for n >= 0 and d > 0. */
function nearestInteger(n: bigint, d: bigint): bigint {
  const q = n / d;
  const twice = 2n * (n % d);
  return twice > d || (twice === d && q % 2n === 1n) ? q + 1n : q;
}

/** `-3`, `1/2`: the reduced fraction as text. */
export const writeRational = (a: Rational): string => (a.d === 1n ? `${a.n}` : `${a.n}/${a.d}`);

/** Reads what `writeRational` writes, and nothing else; undefined otherwise. */
export function readRational(text: string): Rational | undefined {
  const found = /^(-?\d+)(?:\/(\d+))?$/.exec(text);
  if (found === null || /^0+$/.test(found[2] ?? '1')) return undefined;
  const value = rational(BigInt(found[1] ?? '0'), BigInt(found[2] ?? '1'));
  return writeRational(value) === text ? value : undefined;
}
