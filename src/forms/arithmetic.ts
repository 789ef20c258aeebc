/** Products, powers, reciprocals and exponentials of canonical elements. */

import type { Rational } from '../expr/rational.ts';
import {
  compareRationals,
  invert,
  MINUS_ONE,
  negate,
  ONE,
  power,
  rational,
  times,
  ZERO,
} from '../expr/rational.ts';
import type { Atom, Mono, Poly, Power, Ring } from './element.ts';
import {
  accumulate,
  addPolys,
  atomOf,
  BudgetError,
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
import { domainOfLeaf } from './leaf.ts';
import { compareExponents, compareMonos } from './order.ts';
import { divisionStep } from './partial.ts';

/** Powers merged in atom order; a zero power is dropped, which is licensed where the atom is not zero. */
function mergePowers(ring: Ring, a: readonly Power[], b: readonly Power[]): readonly Power[] {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const merged: Power[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const [p, q] = [a[i], b[j]];
    if (p !== undefined && (q === undefined || p.atom.id < q.atom.id)) {
      merged.push(p);
      i++;
    } else if (q !== undefined && (p === undefined || q.atom.id < p.atom.id)) {
      merged.push(q);
      j++;
    } else if (p !== undefined && q !== undefined) {
      if (p.times * q.times < 0) licence(ring, 'nonzero', single(ofAtom(ring, p.atom), ONE));
      if (p.times + q.times !== 0) merged.push({ atom: p.atom, times: p.times + q.times });
      i++;
      j++;
    }
  }
  return merged;
}

/** {0, 1}-valued atoms: b^k = b. */
function isBoolean(ring: Ring, { shape }: Atom): boolean {
  if (shape.kind === 'fn') return shape.fn === 'le' || shape.fn === 'lt' || shape.fn === 'eq';
  return shape.kind === 'name' && domainOfLeaf(ring.declared, shape.of) === 'boolean';
}

const floor = ({ n, d }: Rational): bigint => (n >= 0n ? n / d : -((-n + d - 1n) / d));

/** The argument of the logarithm that a term of an exponent is a rational multiple of. */
function loneLog(mono: Mono): Poly | undefined {
  const [only, second] = mono.powers;
  if (only === undefined || second !== undefined || mono.exponent !== undefined || only.times !== 1)
    return undefined;
  return only.atom.shape.kind === 'log' ? only.atom.shape.of : undefined;
}

const MOST_POWER = 1024;
const isUnit = ({ n, d }: Rational): boolean => d === 1n && (n === 1n || n === -1n);

/**
 * exp(exponent) as powers times a remaining exponential: of every rational multiple of a logarithm the
 * integer part is pulled out, so that exp(log p) = p and what stays is in [0, 1).
 */
function pullOut(exponent: Poly): {
  readonly rest: Poly;
  readonly pulled: readonly (readonly [Poly, number])[];
} {
  let rest: Map<Mono, Rational> | undefined;
  const pulled: (readonly [Poly, number])[] = [];
  for (const [mono, c] of exponent) {
    const argument = loneLog(mono);
    if (argument === undefined) continue;
    const whole = floor(c);
    if (whole === 0n || !isModest(argument, whole)) continue;
    rest ??= new Map(exponent);
    accumulate(rest, mono, rational(-whole));
    pulled.push([argument, Number(whole)]);
  }
  return { rest: rest ?? exponent, pulled };
}

/** Powers that have a simpler form: b^2 = b, a root raised to its degree, a parity squared, a divisor as a factor. */
const isIrregular = (ring: Ring, { atom, times: k }: Power): boolean => {
  switch (atom.shape.kind) {
    case 'group':
      return k > 0;
    case 'root':
      return k >= atom.shape.degree;
    case 'parity':
      return k !== 1;
    default:
      return k > 1 && isBoolean(ring, atom);
  }
};

/** A regular power in place of an irregular one, with what must be multiplied out beside it. */
function regular(ring: Ring, { atom, times: k }: Power, beside: Poly[]): readonly Power[] {
  const { shape } = atom;
  switch (shape.kind) {
    case 'group':
      beside.push(powerOf(ring, shape.of, k));
      return [];
    case 'root': {
      // (E^(1/d))^k = E^floor(k/d) (E^(1/d))^(k mod d): E >= 0 wherever the root is defined.
      beside.push(powerOf(ring, shape.of, Math.floor(k / shape.degree)));
      const left = k % shape.degree;
      return left === 0 ? [] : [{ atom, times: left }];
    }
    case 'parity':
      return k % 2 === 0 ? [] : [{ atom, times: 1 }];
    default:
      return [{ atom, times: 1 }];
  }
}

/** Whether a power stays small: the digits of a number grow with its exponent, the terms of a sum faster. */
function isModest(base: Poly, power: bigint): boolean {
  const size = power < 0n ? -power : power;
  if (base.size > 1) return size <= MOST_EXPANDED;
  const [c = ONE] = base.values();
  const digits = BigInt(c.n.toString().length + c.d.toString().length);
  return size <= MOST_POWER && size * digits <= 4n * BigInt(MOST_POWER);
}
const MOST_EXPANDED = 64n;

/** A monomial from merged parts: nearly always one, else what comes of multiplying out. */
function settle(ring: Ring, merged: readonly Power[], exponent: Poly): Mono | Poly {
  const beside: Poly[] = [];
  let powers = merged;
  if (merged.some((p) => isIrregular(ring, p))) {
    powers = merged.flatMap((p) => (isIrregular(ring, p) ? regular(ring, p, beside) : [p]));
  }
  if (exponent.size === 0 && beside.length === 0) return monomial(ring, powers, undefined);
  const { rest, pulled } = pullOut(dividedOut(ring, exponent));
  if (pulled.length === 0 && beside.length === 0) return monomial(ring, powers, rest);
  let made: Poly = single(monomial(ring, powers, rest), ONE);
  for (const poly of beside) made = multiply(ring, made, poly);
  for (const [base, k] of pulled) made = multiply(ring, made, powerOf(ring, base, k));
  return made;
}

const isMono = (e: Mono | Poly): e is Mono => 'powers' in e;
const asPoly = (e: Mono | Poly): Poly => (isMono(e) ? single(e, ONE) : e);

/** The product of two monomials: nearly always one monomial. */
function timesMono(ring: Ring, a: Mono, b: Mono): Mono | Poly {
  if (a === ring.one) return b;
  if (b === ring.one) return a;
  const exponent =
    a.exponent === undefined
      ? (b.exponent ?? ZERO_POLY)
      : b.exponent === undefined
        ? a.exponent
        : addPolys(ring, [a.exponent, b.exponent]);
  return settle(ring, mergePowers(ring, a.powers, b.powers), exponent);
}

/** Arithmetic on long numbers is work too. */
const HUGE = 2n ** 512n;
const HUGE_COST = 50;
const isHuge = ({ n, d }: Rational): boolean => n > HUGE || n < -HUGE || d > HUGE;

export function multiply(ring: Ring, a: Poly, b: Poly): Poly {
  const product = new Map<Mono, Rational>();
  for (const [m, c] of a) {
    spend(ring, b.size);
    for (const [n, d] of b) {
      const coefficient = times(c, d);
      if (isHuge(coefficient)) spend(ring, HUGE_COST);
      const made = timesMono(ring, m, n);
      if (isMono(made)) accumulate(product, made, coefficient);
      else for (const [mono, e] of made) accumulate(product, mono, times(coefficient, e));
    }
  }
  return product;
}

/** poly^k. Throws UndefinedError for a negative power of zero. */
export function powerOf(ring: Ring, poly: Poly, k: number): Poly {
  if (k === 0) return constant(ring, ONE);
  const only = loneTerm(poly);
  if (only !== undefined && only[0].exponent === undefined && plain(ring, only[0])) {
    const [mono, c] = only;
    if (Math.abs(k) > MOST_POWER && !isUnit(c)) throw new BudgetError('power of a number');
    const powers = mono.powers.map(({ atom, times: j }) => ({ atom, times: j * k }));
    return single(monomial(ring, powers, undefined), power(c, k));
  }
  if (k < 0) return powerOf(ring, reciprocalOf(ring, poly), -k);
  let result = constant(ring, ONE);
  let square = poly;
  for (let left = k; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = multiply(ring, result, square);
    if (left > 1) square = multiply(ring, square, square);
  }
  return result;
}

/** Whether powers of the monomial stay monomials. */
const plain = (ring: Ring, mono: Mono): boolean =>
  mono.powers.every(
    ({ atom }) => atom.shape.kind !== 'group' && atom.shape.kind !== 'root' && !isBoolean(ring, atom),
  );

/** The single term of a polynomial that has one. */
export function loneTerm(poly: Poly): readonly [Mono, Rational] | undefined {
  if (poly.size !== 1) return undefined;
  for (const term of poly) return term;
  return undefined;
}

/** exp(exponent) as an element. */
export const exponential = (ring: Ring, exponent: Poly): Poly => asPoly(settle(ring, [], exponent));

/** 1/mono. A negative power of a root is kept; it is defined where the original is. */
function invertMono(ring: Ring, mono: Mono): Poly {
  const inverse = mono.powers.map(({ atom, times: k }) => ({ atom, times: -k }));
  return asPoly(settle(ring, inverse, scale(mono.exponent ?? ZERO_POLY, MINUS_ONE)));
}

/** 1/poly. Throws UndefinedError when the polynomial is zero. */
export function reciprocalOf(ring: Ring, poly: Poly): Poly {
  if (poly.size === 0) throw new UndefinedError('division by zero');
  const only = loneTerm(poly);
  if (only !== undefined) return scale(invertMono(ring, only[0]), invert(only[1]));
  const { numerator, divisors } = overCommon(ring, reduced(ring, poly));
  if (numerator.size === 0) throw new UndefinedError('division by zero');
  const { coefficient, unit, rest } = primitive(ring, numerator);
  const whole = loneTerm(rest);
  const inverse: Poly =
    whole !== undefined
      ? single(ring.one, invert(whole[1]))
      : single(
          monomial(
            ring,
            [{ atom: atomOf(ring, { kind: 'group', of: canonicalArgument(ring, rest) }), times: -1 }],
            undefined,
          ),
          ONE,
        );
  let result = scale(multiply(ring, inverse, invertMono(ring, unit)), invert(coefficient));
  for (const { atom, times: k } of divisors) {
    if (atom.shape.kind === 'group') result = multiply(ring, result, powerOf(ring, atom.shape.of, k));
  }
  return result;
}

/** The quotient of a polynomial's terms by group atoms cleared: poly = numerator / product of divisors. */
export function overCommon(
  ring: Ring,
  poly: Poly,
): { readonly numerator: Poly; readonly divisors: readonly Power[] } {
  let numerator = poly;
  const divisors: Power[] = [];
  for (;;) {
    const group = firstGroup(numerator);
    if (group === undefined) return { numerator, divisors };
    const by = new Map<number, Map<Mono, Rational>>();
    let most = 0;
    for (const [mono, c] of numerator) {
      const k = -(mono.powers.find(({ atom }) => atom === group)?.times ?? 0);
      most = Math.max(most, k);
      const stripped =
        k === 0
          ? mono
          : monomial(
              ring,
              mono.powers.filter(({ atom }) => atom !== group),
              mono.exponent,
            );
      let part = by.get(k);
      if (part === undefined) {
        part = new Map();
        by.set(k, part);
      }
      accumulate(part, stripped, c);
    }
    if (group.shape.kind !== 'group') return { numerator, divisors };
    // Horner: sum_k part_k Q^(most - k).
    let total: Poly = by.get(0) ?? ZERO_POLY;
    for (let k = 1; k <= most; k++) {
      total = addPolys(ring, [multiply(ring, total, group.shape.of), by.get(k) ?? ZERO_POLY]);
    }
    numerator = total;
    divisors.push({ atom: group, times: most });
  }
}

/**
 * An element with divisors as one quotient, divisors that divide the numerator cancelled.
 */
export function reduced(ring: Ring, poly: Poly): Poly {
  if (firstGroup(poly) === undefined) return poly;
  let { numerator, divisors } = overCommon(ring, poly);
  for (const divisor of divisors) {
    if (divisor.atom.shape.kind !== 'group') continue;
    for (let k = divisor.times; k > 0; k--) {
      const quotient = divideExactly(ring, numerator, divisor.atom.shape.of);
      if (quotient === undefined) break;
      numerator = quotient;
      divisors = divisors.flatMap((d) =>
        d.atom !== divisor.atom ? [d] : d.times > 1 ? [{ atom: d.atom, times: d.times - 1 }] : [],
      );
    }
  }
  const powers = divisors
    .map(({ atom, times: k }) => ({ atom, times: -k }))
    .sort((p, q) => p.atom.id - q.atom.id);
  return multiply(ring, numerator, single(monomial(ring, powers, undefined), ONE));
}

/** An element whose divisors all cancel, without them; any other as it is. */
export function undivided(ring: Ring, poly: Poly): Poly {
  const whole = reduced(ring, poly);
  return firstGroup(whole) === undefined ? whole : poly;
}

const MOST_DIVISIONS = 200;

/** The element with its quotients divided out, term by term; as it was where that does not end. */
export function dividedOut(ring: Ring, poly: Poly): Poly {
  let here = poly;
  for (let k = 0; k < MOST_DIVISIONS; k++) {
    const next = divideOnce(ring, here);
    if (next === here) return here;
    here = next;
  }
  return poly;
}

function divideOnce(ring: Ring, poly: Poly): Poly {
  for (const [mono, c] of poly) {
    const step = divisionStep(ring, mono);
    if (step === undefined) continue;
    const [t, d] = step.by;
    const left = new Map<Mono, Rational>(poly);
    left.delete(mono);
    const quotient = multiply(ring, single(mono, times(c, invert(d))), invertMono(ring, t));
    const rest = scale(multiply(ring, quotient, step.rest), MINUS_ONE);
    return addPolys(ring, [left, cancelled(ring, quotient, step.group), rest]);
  }
  return poly;
}

/** q * G with one power of the divisor taken off: multiplied, G would come out expanded over G. */
function cancelled(ring: Ring, q: Poly, group: Atom): Poly {
  const result = new Map<Mono, Rational>();
  for (const [mono, c] of q) {
    const powers = mono.powers.flatMap((p) =>
      p.atom !== group ? [p] : p.times === -1 ? [] : [{ atom: p.atom, times: p.times + 1 }],
    );
    accumulate(result, monomial(ring, powers, mono.exponent), c);
  }
  return result;
}

const MOST_DIVISION_STEPS = 200;

/** a / b where b divides a, by leading terms; undefined where it does not, or not within a few hundred steps. */
export function divideExactly(ring: Ring, a: Poly, b: Poly): Poly | undefined {
  const head = leading(ring, b);
  let left = a;
  const quotient = new Map<Mono, Rational>();
  for (let step = 0; step < MOST_DIVISION_STEPS && head !== undefined; step++) {
    const top = leading(ring, left);
    if (top === undefined) return quotient;
    // Coefficients that grow without end are no sign of a divisor.
    if (isHuge(top[1])) return undefined;
    spend(ring, left.size);
    const ratio = multiply(ring, single(top[0], times(top[1], invert(head[1]))), invertMono(ring, head[0]));
    const [mono] = loneTerm(ratio) ?? [];
    const whole = mono?.powers.every(({ atom, times: k }) => k > 0 || atom.shape.kind === 'group') ?? false;
    if (mono === undefined || !whole) return undefined;
    for (const [m, c] of ratio) accumulate(quotient, m, c);
    left = addPolys(ring, [left, scale(multiply(ring, ratio, b), MINUS_ONE)]);
  }
  return undefined;
}

function leading(ring: Ring, poly: Poly): readonly [Mono, Rational] | undefined {
  let best: readonly [Mono, Rational] | undefined;
  for (const term of poly) {
    if (best === undefined || compareMonos(ring, term[0], best[0]) > 0) best = term;
  }
  return best;
}

function firstGroup(poly: Poly): Atom | undefined {
  for (const mono of poly.keys()) {
    for (const { atom } of mono.powers) if (atom.shape.kind === 'group') return atom;
  }
  return undefined;
}

/** Whether the element is identically zero: sound and, on this ring, complete. */
export const isZeroPoly = (ring: Ring, poly: Poly): boolean =>
  poly.size === 0 || (firstGroup(poly) !== undefined && overCommon(ring, poly).numerator.size === 0);

/** The interned representative of an argument: equal elements with divisors may be written differently. */
export function canonicalArgument(ring: Ring, poly: Poly): Poly {
  const here = intern(ring, reduced(ring, poly));
  if (firstGroup(here) === undefined || ring.hard.includes(here)) return here;
  for (const other of ring.hard) {
    if (isZeroPoly(ring, addPolys(ring, [here, scale(other, MINUS_ONE)]))) return other;
  }
  ring.hard.push(here);
  return here;
}

export interface Primitive {
  /** Non-zero; negative where the leading coefficient is. */
  readonly coefficient: Rational;
  readonly unit: Mono;
  readonly rest: Poly;
}

/**
 * poly = coefficient * unit * rest, for a polynomial without divisors: the coefficients of `rest` are
 * coprime integers with a positive leading one, its atom powers have minimum 0 and its least
 * exponential is 1. `log(1+exp(u))` and `u + log(1+exp(-u))` meet here.
 */
export function primitive(ring: Ring, poly: Poly): Primitive {
  spend(ring, poly.size);
  const only = loneTerm(poly);
  if (only !== undefined) return { coefficient: only[1], unit: only[0], rest: constant(ring, ONE) };
  const { unit, stripped } = stripUnit(ring, poly);
  let n = 0n;
  let d = 1n;
  let leading: Mono | undefined;
  for (const [mono, c] of stripped) {
    n = gcd(n, c.n);
    d = (d * c.d) / gcd(d, c.d);
    if (leading === undefined || compareMonos(ring, mono, leading) > 0) leading = mono;
  }
  const size = rational(n, d);
  const sign = leading === undefined ? ONE : (stripped.get(leading) ?? ONE);
  const coefficient = compareRationals(sign, ZERO) < 0 ? negate(size) : size;
  return { coefficient, unit, rest: scale(stripped, invert(coefficient)) };
}

/**
 * A polynomial without its common unit. Dividing by an exponential can leave powers (half a logarithm less
 * another half is a whole one down), so the unit is taken off until none is left.
 */
function stripUnit(ring: Ring, poly: Poly): { readonly unit: Mono; readonly stripped: Poly } {
  let unit = ring.one;
  let stripped = poly;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const next = commonUnit(ring, stripped);
    const both = timesMono(ring, unit, next);
    if (next === ring.one || !isMono(both)) break;
    unit = both;
    stripped = quotientBy(ring, stripped, next);
  }
  return { unit, stripped };
}
const MOST_ROUNDS = 4;

/** Every term divided by a monomial, power by power: no divisor is introduced where none remains. */
function quotientBy(ring: Ring, poly: Poly, unit: Mono): Poly {
  const powers = unit.powers.map(({ atom, times: k }) => ({ atom, times: -k }));
  const exponent = scale(unit.exponent ?? ZERO_POLY, MINUS_ONE);
  const quotient = new Map<Mono, Rational>();
  for (const [mono, c] of poly) {
    const left = addPolys(ring, [mono.exponent ?? ZERO_POLY, exponent]);
    for (const [m, d] of asPoly(settle(ring, mergePowers(ring, mono.powers, powers), left))) {
      accumulate(quotient, m, times(c, d));
    }
  }
  return quotient;
}

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

/** The common monomial factor: least powers of the atoms, and the least exponential. */
function commonUnit(ring: Ring, poly: Poly): Mono {
  let exponent: Poly | undefined;
  let least: Map<Atom, number> | undefined;
  for (const mono of poly.keys()) {
    const own = mono.exponent ?? ZERO_POLY;
    if (exponent === undefined || (own !== exponent && compareExponents(ring, own, exponent) < 0))
      exponent = own;
    const powers = new Map(mono.powers.map(({ atom, times: k }) => [atom, k] as const));
    if (least === undefined) {
      least = powers;
      continue;
    }
    for (const [atom, k] of least) {
      const other = powers.get(atom) ?? 0;
      if (other < k) least.set(atom, other);
    }
    for (const [atom, k] of powers) if (k < 0 && !least.has(atom)) least.set(atom, k);
  }
  const powers = [...(least ?? [])]
    .filter(([, k]) => k !== 0)
    .map(([atom, k]) => ({ atom, times: k }))
    .sort((p, q) => p.atom.id - q.atom.id);
  return monomial(ring, powers, exponent);
}
