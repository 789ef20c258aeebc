/** Exact division of polynomials, and rational roots of univariate ones: for solving conditions only. */

import type { Rational } from '../expr/rational.ts';
import { invert, isZero, plus, rational, times, ZERO } from '../expr/rational.ts';
import { multiply } from './arithmetic.ts';
import type { Atom, Mono, Poly, Ring } from './element.ts';
import { addPolys, monomial, scale, single, spend, ZERO_POLY } from './element.ts';
import { compareMonos } from './order.ts';

function leading(ring: Ring, poly: Poly): readonly [Mono, Rational] | undefined {
  let best: readonly [Mono, Rational] | undefined;
  for (const term of poly) if (best === undefined || compareMonos(ring, term[0], best[0]) > 0) best = term;
  return best;
}

/** a / b where b divides a, for polynomials in plain atoms; undefined otherwise. */
export function divideExactly(ring: Ring, a: Poly, b: Poly): Poly | undefined {
  const head = leading(ring, b);
  if (head === undefined) return undefined;
  let left = a;
  let quotient: Poly = ZERO_POLY;
  while (left.size > 0) {
    spend(ring, left.size);
    const top = leading(ring, left);
    const ratio = top === undefined ? undefined : quotientOfMonos(ring, top[0], head[0]);
    if (top === undefined || ratio === undefined) return undefined;
    const term = single(ratio, times(top[1], invert(head[1])));
    quotient = addPolys(ring, [quotient, term]);
    left = addPolys(ring, [left, scale(multiply(ring, term, b), rational(-1))]);
  }
  return quotient;
}

function quotientOfMonos(ring: Ring, a: Mono, b: Mono): Mono | undefined {
  if (a.exponent !== undefined || b.exponent !== undefined) return undefined;
  const left = new Map(a.powers.map(({ atom, times: k }) => [atom, k] as const));
  for (const { atom, times: k } of b.powers) left.set(atom, (left.get(atom) ?? 0) - k);
  if ([...left.values()].some((k) => k < 0)) return undefined;
  const powers = [...left]
    .filter(([, k]) => k > 0)
    .map(([atom, k]) => ({ atom, times: k }))
    .sort((p, q) => p.atom.id - q.atom.id);
  return monomial(ring, powers, undefined);
}

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
