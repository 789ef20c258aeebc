/** Logarithms and general powers of canonical elements: products split only where a sign licenses it. */

import { same } from '../expr/binder.ts';
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
  reduced,
} from './arithmetic.ts';
import type { Atom, Mono, Poly, Power, Ring } from './element.ts';
import {
  accumulate,
  addPolys,
  atomOf,
  constant,
  intern,
  licence,
  monomial,
  ofAtom,
  scale,
  single,
  spend,
  UndefinedError,
  ZERO_POLY,
} from './element.ts';
import { signOf, squareRoot } from './infer.ts';
import { domainOfLeaf } from './leaf.ts';

const asPoly = (ring: Ring, power: Power): Poly => single(ofAtom(ring, power.atom, power.times), ONE);

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
  if (kind !== 'nonnegative') {
    // A root vanishes where its argument does.
    for (const { atom } of unit.powers) if (atom.shape.kind === 'root') grant(ring, 'nonzero', atom.shape.of);
  }
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

/** log(poly). Throws UndefinedError for zero. Factors of known sign are split off; each split is a licence. */
export function logOf(ring: Ring, poly: Poly): Poly {
  if (poly.size === 0) throw new UndefinedError('logarithm of zero');
  const { numerator, divisors } = overCommon(ring, reduced(ring, poly));
  if (numerator.size === 0) throw new UndefinedError('logarithm of zero');
  const { coefficient, unit, rest } = primitive(ring, numerator);

  const total = new Map<Mono, Rational>(unit.exponent);
  const split: Poly[] = [];
  let kept: Poly = constant(ring, coefficient.n < 0n ? MINUS_ONE : ONE);
  const place = (factor: Poly, k: number): void => {
    if (loneTerm(factor)?.[0] === ring.one) return;
    const isNegative = signOf(ring, factor) === 'negative';
    const base = isNegative ? scale(factor, MINUS_ONE) : factor;
    if (isNegative && k % 2 !== 0) kept = scale(kept, MINUS_ONE);
    if (isNegative || isPositive(ring, base)) {
      // log(P^2) = 2 log P for a positive P that is no longer visible as a square.
      const root = base.size > 2 ? squareRoot(ring, base) : undefined;
      const whole = root !== undefined && isPositive(ring, root) ? root : base;
      const number = numberOf(ring, canonicalArgument(ring, whole));
      const log = number === undefined ? single(logAtom(ring, whole), ONE) : logRational(ring, number);
      for (const [mono, c] of scale(log, rational(whole === base ? k : 2 * k))) accumulate(total, mono, c);
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
  const whole = base.size > 0 ? integerPower(ring, base, exponent) : undefined;
  if (whole !== undefined) return whole;
  if (base.size > 0 && isPositive(ring, base)) {
    return exponential(ring, multiply(ring, exponent, logOf(ring, base)));
  }
  if (number !== undefined && number.d <= 4096n && base.size > 0) {
    const degree = Number(number.d);
    const root = atomOf(ring, { kind: 'root', of: canonicalArgument(ring, base), degree });
    const size = number.n < 0n ? -number.n : number.n;
    const raised = powerOf(ring, single(ofAtom(ring, root), ONE), Number(size));
    return number.n < 0n ? reciprocalOf(ring, raised) : raised;
  }
  const args = [canonicalArgument(ring, base), canonicalArgument(ring, exponent)];
  return single(ofAtom(ring, atomOf(ring, { kind: 'fn', fn: 'pow', args })), ONE);
}

/**
 * base^E for an integer E that is no literal and a base of one term that is not known positive: factor by
 * factor, signs apart as (-1)^E. Undefined where a factor's sign is unknown.
 */
function integerPower(ring: Ring, base: Poly, exponent: Poly): Poly | undefined {
  const only = loneTerm(base);
  if (only === undefined || numberOf(ring, exponent) !== undefined || !isIntegral(ring, exponent))
    return undefined;
  const [mono, c] = only;
  let result = exponential(ring, multiply(ring, exponent, mono.exponent ?? ZERO_POLY));
  const raise = (factor: Poly): boolean => {
    const sign = signOf(ring, factor);
    if (sign !== 'positive' && sign !== 'negative') return false;
    const size = sign === 'negative' ? scale(factor, MINUS_ONE) : factor;
    result = multiply(ring, result, exponential(ring, multiply(ring, exponent, logOf(ring, size))));
    if (sign === 'negative') result = multiply(ring, result, parityOf(ring, exponent));
    return true;
  };
  if (c.n !== c.d && !raise(constant(ring, c))) return undefined;
  for (const { atom, times: k } of mono.powers) {
    if (atom.shape.kind === 'parity')
      result = multiply(ring, result, parityOf(ring, multiply(ring, exponent, single(atom.shape.of, ONE))));
    else if (!raise(asPoly(ring, { atom, times: k }))) return undefined;
  }
  return result;
}

/** Whether an element takes integer values only: integer coefficients, integer hyper-parameters and indices. */
const isIntegral = (ring: Ring, poly: Poly): boolean =>
  [...poly].every(
    ([mono, c]) =>
      c.d === 1n &&
      mono.exponent === undefined &&
      mono.powers.every(({ atom, times: k }) => k > 0 && isIntegerAtom(ring, atom)),
  );
function isIntegerAtom(ring: Ring, { shape }: Atom): boolean {
  if (shape.kind !== 'name') return false;
  const leaf = shape.of;
  if (leaf.kind === 'var') return true;
  const is = domainOfLeaf(ring.declared, leaf);
  if (is === 'integer' || is === 'boolean' || (leaf.kind === 'apply' && leaf.name === 'len')) return true;
  return ring.declared.facts.some(({ kind, of }) => kind === 'integer' && same(of, leaf));
}

/** (-1)^E for an integral E: only odd coefficients count, and a power of an integer has its parity. */
function parityOf(ring: Ring, exponent: Poly): Poly {
  let result = constant(ring, ONE);
  for (const [mono, c] of exponent) {
    if (c.n % 2n === 0n) continue;
    if (mono === ring.one) result = scale(result, MINUS_ONE);
    else {
      const of = monomial(
        ring,
        mono.powers.map(({ atom }) => ({ atom, times: 1 })),
        undefined,
      );
      result = multiply(ring, result, single(ofAtom(ring, atomOf(ring, { kind: 'parity', of })), ONE));
    }
  }
  return result;
}

/** The value of a constant element, undefined for others. */
export function numberOf(ring: Ring, poly: Poly): Rational | undefined {
  if (poly.size === 0) return rational(0);
  const only = loneTerm(poly);
  return only?.[0] === ring.one ? times(only[1], ONE) : undefined;
}
