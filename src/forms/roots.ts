/** Rational roots of univariate polynomials: for solving conditions. */

import type { Rational } from '../expr/rational.ts';
import { isZero, plus, rational, times, ZERO } from '../expr/rational.ts';
import type { Atom, Poly } from './element.ts';

/** The only atom of a polynomial with numeric coefficients, and the coefficients by power. */
function univariate(
  poly: Poly,
): { readonly atom: Atom; readonly coefficients: readonly Rational[] } | undefined {
  let atom: Atom | undefined;
  const coefficients: Rational[] = [];
  for (const [mono, c] of poly) {
    const [power, another] = mono.powers;
    if (another !== undefined || mono.exponent !== undefined) return undefined;
    if (power !== undefined && (power.times < 0 || power.times > 16)) return undefined;
    if (power !== undefined && atom !== undefined && power.atom !== atom) return undefined;
    atom = power?.atom ?? atom;
    coefficients[power?.times ?? 0] = c;
  }
  return atom === undefined ? undefined : { atom, coefficients: Array.from(coefficients, (c) => c ?? ZERO) };
}

const value = (coefficients: readonly Rational[], x: Rational): Rational =>
  coefficients.reduceRight((sum, c) => plus(times(sum, x), c), ZERO);

const MOST_DIVISORS = 10_000n;
function divisors(n: bigint): readonly bigint[] | undefined {
  const size = n < 0n ? -n : n;
  if (size > MOST_DIVISORS) return undefined;
  const found: bigint[] = [];
  for (let k = 1n; k <= size; k++) if (size % k === 0n) found.push(k);
  return found;
}

/**
 * All real roots of a univariate polynomial with integer coefficients, where they are rational (a factor
 * left over without real roots is allowed: a quadratic of negative discriminant); undefined otherwise.
 */
export function rationalRoots(
  poly: Poly,
): { readonly atom: Atom; readonly values: readonly Rational[] } | undefined {
  const found = univariate(poly);
  if (found === undefined || found.atom.shape.kind !== 'name') return undefined;
  let { coefficients } = found;
  const values: Rational[] = [];
  const tops = divisors(coefficients[0]?.n ?? 0n);
  const bottoms = divisors(coefficients.at(-1)?.n ?? 0n);
  if (tops === undefined || bottoms === undefined) return undefined;
  const candidates = tops.flatMap((p) => bottoms.flatMap((q) => [rational(p, q), rational(-p, q)]));
  for (const x of candidates) {
    while (coefficients.length > 1 && isZero(value(coefficients, x))) {
      if (!values.some((v) => v.n === x.n && v.d === x.d)) values.push(x);
      coefficients = deflate(coefficients, x);
    }
  }
  if (coefficients.length === 1) return { atom: found.atom, values };
  const [c = ZERO, b = ZERO, a = ZERO] = coefficients;
  if (coefficients.length !== 3) return undefined;
  const discriminant = plus(times(b, b), times(rational(-4), times(a, c)));
  return discriminant.n < 0n ? { atom: found.atom, values } : undefined;
}

/** Division by (x - root), by Horner's scheme. */
function deflate(coefficients: readonly Rational[], root: Rational): readonly Rational[] {
  const quotient: Rational[] = [];
  let carry = ZERO;
  for (const c of [...coefficients].reverse().slice(0, -1)) {
    carry = plus(times(carry, root), c);
    quotient.unshift(carry);
  }
  return quotient;
}
