/** Logarithms and general powers of canonical elements: products split only where a sign licenses it. */

import type { Rational } from '../expr/rational.ts';
import { MINUS_ONE, negate, ONE, rational, times } from '../expr/rational.ts';
import {
  canonicalArgument,
  exponential,
  loneTerm,
  multiply,
  overCommon,
  powerOf,
  primitive,
  reciprocalOf,
} from './arithmetic.ts';
import type { Mono, Poly, Power, Ring } from './element.ts';
import {
  accumulate,
  addPolys,
  atomOf,
  constant,
  intern,
  licence,
  ofAtom,
  scale,
  single,
  spend,
  UndefinedError,
  ZERO_POLY,
} from './element.ts';
import type { Sign } from './sign.ts';
import { atomSign, polySign, productSign } from './sign.ts';

const asPoly = (ring: Ring, power: Power): Poly => single(ofAtom(ring, power.atom, power.times), ONE);

/** The sign of an element, through its content and divisors and what is granted about its primitive part. */
export function signOf(ring: Ring, poly: Poly): Sign {
  const direct = polySign(ring, poly);
  if (direct !== 'unknown' || poly.size === 0) return direct;
  const { numerator, divisors } = overCommon(ring, poly);
  if (numerator.size === 0) return 'zero';
  const { coefficient, unit, rest } = primitive(ring, numerator);
  let sign: Sign = productSign(
    coefficient.n < 0n ? 'negative' : 'positive',
    polySign(ring, single(unit, ONE)),
  );
  sign = productSign(sign, polySign(ring, rest));
  for (const { atom, times: k } of divisors) if (k % 2 === 1) sign = productSign(sign, atomSign(ring, atom));
  return sign;
}

const isPositive = (ring: Ring, poly: Poly): boolean => signOf(ring, poly) === 'positive';

/** Grants that an element is positive, nonnegative or non-zero, and what follows for its factors. */
export function grant(ring: Ring, kind: 'positive' | 'nonnegative' | 'nonzero', poly: Poly): void {
  const { numerator, divisors } = overCommon(ring, poly);
  if (numerator.size === 0) return;
  const { coefficient, unit, rest } = primitive(ring, numerator);
  const parts: Poly[] = unit.powers.map((power) => single(ofAtom(ring, power.atom), ONE));
  if (loneTerm(rest)?.[0] !== ring.one) parts.push(rest);
  for (const { atom } of divisors) if (atom.shape.kind === 'group') parts.push(atom.shape.of);
  if (kind !== 'nonnegative') for (const part of parts) ring.nonzero.add(intern(ring, part));
  if (kind === 'nonzero') return;
  ring[kind].add(intern(ring, poly));
  // One factor of unknown sign and odd power: its sign follows from the others.
  const powers = [
    ...unit.powers.map((p) => [single(ofAtom(ring, p.atom), ONE), p.times] as const),
    [rest, 1] as const,
    ...divisors.map((p) => [p.atom.shape.kind === 'group' ? p.atom.shape.of : ZERO_POLY, -p.times] as const),
  ];
  const odd = powers.filter(([part, k]) => k % 2 !== 0 && !isPositive(ring, part));
  const [only, another] = odd;
  if (only === undefined || another !== undefined) return;
  ring[kind].add(intern(ring, coefficient.n < 0n ? scale(only[0], MINUS_ONE) : only[0]));
}

const LARGEST_PRIME_TRIED = 1000n;

/** log of a positive rational: a combination of logs of primes (or of a large cofactor left whole). */
function logRational(ring: Ring, c: Rational): Poly {
  const total = new Map<Mono, Rational>();
  const collect = (n: bigint, sign: Rational): void => {
    let left = n;
    const take = (p: bigint): void => {
      while (left % p === 0n) {
        left /= p;
        accumulate(total, logAtom(ring, constant(ring, rational(p))), sign);
      }
    };
    for (let p = 2n; p <= LARGEST_PRIME_TRIED && p * p <= left; p += p === 2n ? 1n : 2n) take(p);
    if (left > 1n) take(left);
  };
  collect(c.n, ONE);
  collect(c.d, MINUS_ONE);
  return total;
}

const logAtom = (ring: Ring, of: Poly): Mono =>
  ofAtom(ring, atomOf(ring, { kind: 'log', of: canonicalArgument(ring, of) }));

/** log(poly). Throws UndefinedError for zero. Positive factors are split off; each split is a licence. */
export function logOf(ring: Ring, poly: Poly): Poly {
  if (poly.size === 0) throw new UndefinedError('logarithm of zero');
  const { numerator, divisors } = overCommon(ring, poly);
  if (numerator.size === 0) throw new UndefinedError('logarithm of zero');
  const { coefficient, unit, rest } = primitive(ring, numerator);

  const total = new Map<Mono, Rational>(unit.exponent);
  const split: Poly[] = [];
  let kept: Poly = constant(ring, coefficient.n < 0n ? MINUS_ONE : ONE);
  const place = (base: Poly, k: number): void => {
    if (loneTerm(base)?.[0] === ring.one) return;
    if (isPositive(ring, base)) {
      accumulate(total, logAtom(ring, base), rational(k));
      split.push(base);
    } else kept = multiply(ring, kept, powerOf(ring, base, k));
  };
  for (const { atom, times: k } of unit.powers) {
    place(atom.shape.kind === 'group' ? atom.shape.of : asPoly(ring, { atom, times: 1 }), k);
  }
  place(rest, 1);
  for (const { atom, times: k } of divisors) {
    if (atom.shape.kind === 'group') place(atom.shape.of, -k);
  }
  const whole = loneTerm(kept);
  const leftOver = !(whole?.[0] === ring.one && whole[1].n > 0n);
  if (leftOver) accumulate(total, logAtom(ring, kept), ONE);
  if (split.length + (leftOver ? 1 : 0) > 1) {
    for (const base of split) licence(ring, 'positive', base);
  }
  const size = coefficient.n < 0n ? negate(coefficient) : coefficient;
  return addPolys(ring, [total, logRational(ring, size)]);
}

/**
 * base^exponent for an exponent that is no integer: exp(exponent * log base) where the base is
 * positive; a root, nonnegative by definition, for a rational exponent otherwise; opaque beyond that.
 */
export function generalPower(ring: Ring, base: Poly, exponent: Poly): Poly {
  spend(ring, 1);
  const number = exponent.size === 0 ? rational(0) : numberOf(ring, exponent);
  if (number?.d === 1n && number.n >= -4096n && number.n <= 4096n)
    return powerOf(ring, base, Number(number.n));
  if (base.size > 0 && isPositive(ring, base)) {
    return exponential(ring, multiply(ring, exponent, logOf(ring, base)));
  }
  if (number !== undefined && number.d <= 4096n && base.size > 0) {
    const degree = Number(number.d);
    const root = atomOf(ring, { kind: 'root', of: canonicalArgument(ring, base), degree });
    const whole = number.n < 0n ? -number.n : number.n;
    const raised = powerOf(ring, single(ofAtom(ring, root), ONE), Number(whole));
    return number.n < 0n ? reciprocalOf(ring, raised) : raised;
  }
  const args = [canonicalArgument(ring, base), canonicalArgument(ring, exponent)];
  return single(ofAtom(ring, atomOf(ring, { kind: 'fn', fn: 'pow', args })), ONE);
}

/** The value of a constant element, undefined for others. */
export function numberOf(ring: Ring, poly: Poly): Rational | undefined {
  if (poly.size === 0) return rational(0);
  const only = loneTerm(poly);
  return only?.[0] === ring.one ? times(only[1], ONE) : undefined;
}
