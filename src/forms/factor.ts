/** Factors of polynomials that split "in the open": contents, perfect discriminants, linear factors with visible roots. */

import type { Rational } from '../expr/rational.ts';
import { MINUS_ONE, ONE, rational } from '../expr/rational.ts';
import { divideExactly, multiply, primitive } from './arithmetic.ts';
import type { Atom, Mono, Poly, Ring } from './element.ts';
import {
  accumulate,
  addPolys,
  constant,
  monomial,
  ofAtom,
  scale,
  single,
  spend,
  ZERO_POLY,
} from './element.ts';
import { squareRoot } from './infer.ts';
import { numberOf } from './logarithm.ts';
import { compareAtoms } from './order.ts';

/** A polynomial in one atom: its coefficients by power, the last one not zero. */
type Coefficients = readonly Poly[];

/** The atoms of a polynomial without exponentials and negative powers; undefined for others. */
function lettersOf(ring: Ring, poly: Poly): readonly Atom[] | undefined {
  const letters = new Set<Atom>();
  for (const mono of poly.keys()) {
    if (mono.exponent !== undefined) return undefined;
    for (const { atom, times } of mono.powers) {
      if (times < 0) return undefined;
      letters.add(atom);
    }
  }
  return [...letters].sort((a, b) => compareAtoms(ring, a, b));
}

/** The polynomial as one in `letter`. */
export function coefficientsIn(ring: Ring, poly: Poly, letter: Atom): Coefficients {
  const byPower: Map<Mono, Rational>[] = [];
  for (const [mono, c] of poly) {
    const k = mono.powers.find(({ atom }) => atom === letter)?.times ?? 0;
    const others = mono.powers.filter(({ atom }) => atom !== letter);
    for (let i = byPower.length; i <= k; i++) byPower.push(new Map());
    const into = byPower[k];
    if (into !== undefined) accumulate(into, monomial(ring, others, mono.exponent), c);
  }
  return byPower;
}

const degreeIn = (poly: Poly, letter: Atom): number =>
  Math.max(0, ...[...poly.keys()].map(({ powers }) => powers.find((p) => p.atom === letter)?.times ?? 0));

/** Without its rational and monomial content, leading coefficient positive. */
const stripped = (ring: Ring, poly: Poly): Poly => (poly.size === 0 ? poly : primitive(ring, poly).rest);

/** With numeric content only taken off: monomials are factors here too. */
function monic(ring: Ring, poly: Poly): Poly {
  const { unit, rest } = primitive(ring, poly);
  return multiply(ring, single(unit, ONE), rest);
}

const MOST_TERMS = 80;
const MOST_LETTERS = 8;
const isNumber = (ring: Ring, poly: Poly): boolean => numberOf(ring, poly) !== undefined;

/** A greatest common divisor up to a number; 1 where finding it would take too long. */
function commonDivisor(ring: Ring, a: Poly, b: Poly): Poly {
  const one = constant(ring, ONE);
  if (a.size === 0) return b.size === 0 ? one : monic(ring, b);
  if (b.size === 0) return monic(ring, a);
  if (isNumber(ring, a) || isNumber(ring, b) || a.size > MOST_TERMS || b.size > MOST_TERMS) return one;
  spend(ring, a.size + b.size);
  const [ours, theirs] = [lettersOf(ring, a), lettersOf(ring, b)];
  if (ours === undefined || theirs === undefined) return one;
  const alone = ours.find((letter) => !theirs.includes(letter));
  if (alone !== undefined) return commonDivisor(ring, contentIn(ring, a, alone), b);
  const theirsAlone = theirs.find((letter) => !ours.includes(letter));
  if (theirsAlone !== undefined) return commonDivisor(ring, a, contentIn(ring, b, theirsAlone));
  const [letter] = ours;
  return letter === undefined ? one : commonDivisorIn(ring, a, b, letter);
}

/** Euclid's algorithm on primitive remainders in one letter, the contents apart. */
function commonDivisorIn(ring: Ring, a: Poly, b: Poly, letter: Atom): Poly {
  const content = commonDivisor(ring, contentIn(ring, a, letter), contentIn(ring, b, letter));
  let [high, low] = [primitiveIn(ring, a, letter), primitiveIn(ring, b, letter)];
  if (degreeIn(high, letter) < degreeIn(low, letter)) [high, low] = [low, high];
  while (degreeIn(low, letter) > 0) {
    const rest = remainder(ring, high, low, letter);
    if (rest === undefined) return content;
    if (rest.size === 0) return monic(ring, multiply(ring, content, low));
    [high, low] = [low, primitiveIn(ring, rest, letter)];
  }
  return content;
}

const contentIn = (ring: Ring, poly: Poly, letter: Atom): Poly =>
  coefficientsIn(ring, poly, letter).reduce((common, c) => commonDivisor(ring, common, c), ZERO_POLY);

const primitiveIn = (ring: Ring, poly: Poly, letter: Atom): Poly =>
  divideExactly(ring, poly, contentIn(ring, poly, letter)) ?? poly;

/** A multiple of `a` by the leading coefficient of `b`, reduced modulo `b`; undefined where it grows too large. */
function remainder(ring: Ring, a: Poly, b: Poly, letter: Atom): Poly | undefined {
  const [by, degree] = [coefficientsIn(ring, b, letter).at(-1) ?? ZERO_POLY, degreeIn(b, letter)];
  let left = a;
  while (left.size > 0 && degreeIn(left, letter) >= degree) {
    const top = coefficientsIn(ring, left, letter).at(-1) ?? ZERO_POLY;
    const shift = degreeIn(left, letter) - degree;
    const subtrahend = multiply(
      ring,
      b,
      shift === 0 ? top : multiply(ring, top, single(ofAtom(ring, letter, shift), ONE)),
    );
    left = addPolys(ring, [multiply(ring, left, by), scale(subtrahend, MINUS_ONE)]);
    if (left.size > MOST_TERMS) return undefined;
  }
  return left;
}

/**
 * Factors whose product is the polynomial up to a number and to powers: a point is a zero of the polynomial
 * if and only if it is one of a factor. Numbers are left out, repeated factors given once.
 */
export function factors(ring: Ring, poly: Poly): readonly Poly[] {
  const { unit, rest } = primitive(ring, poly);
  const monomials = unit.powers.map(({ atom }) => single(ofAtom(ring, atom), ONE));
  return [...monomials, ...(isNumber(ring, rest) ? [] : split(ring, rest))];
}

function split(ring: Ring, poly: Poly): readonly Poly[] {
  const letters = lettersOf(ring, poly);
  if (letters === undefined || letters.length > MOST_LETTERS || poly.size > MOST_TERMS) return [poly];
  const byDegree = [...letters].sort((a, b) => degreeIn(poly, a) - degreeIn(poly, b));
  for (const letter of byDegree) {
    const found =
      contentSplit(ring, poly, letter) ??
      quadraticSplit(ring, poly, letter) ??
      linearSplit(ring, poly, letter);
    if (found !== undefined)
      return unique(
        ring,
        found.flatMap((part) => factors(ring, part)),
      );
    // A primitive polynomial of degree one does not split.
    if (degreeIn(poly, letter) === 1) return [poly];
  }
  return [poly];
}

function unique(ring: Ring, polys: readonly Poly[]): readonly Poly[] {
  return polys.filter(
    (p, i) => !polys.slice(0, i).some((q) => addPolys(ring, [p, scale(q, MINUS_ONE)]).size === 0),
  );
}

function contentSplit(ring: Ring, poly: Poly, letter: Atom): readonly Poly[] | undefined {
  const content = contentIn(ring, poly, letter);
  if (isNumber(ring, content)) return undefined;
  const rest = divideExactly(ring, poly, content);
  return rest === undefined ? undefined : [content, rest];
}

/** a x^2 + b x + c with b^2 - 4ac = r^2 has the factor 2 a x + b - r, up to its content. */
function quadraticSplit(ring: Ring, poly: Poly, letter: Atom): readonly Poly[] | undefined {
  const [c = ZERO_POLY, b = ZERO_POLY, a, more] = coefficientsIn(ring, poly, letter);
  if (a === undefined || more !== undefined) return undefined;
  const discriminant = addPolys(ring, [multiply(ring, b, b), scale(multiply(ring, a, c), rational(-4))]);
  const root = discriminant.size === 0 ? ZERO_POLY : squareRoot(ring, discriminant);
  if (root === undefined) return undefined;
  const x = single(ofAtom(ring, letter), ONE);
  const factor = addPolys(ring, [scale(multiply(ring, a, x), rational(2)), b, scale(root, MINUS_ONE)]);
  return divisor(ring, poly, stripped(ring, primitiveIn(ring, factor, letter)));
}

const divisor = (ring: Ring, poly: Poly, factor: Poly): readonly Poly[] | undefined => {
  const rest = divideExactly(ring, poly, factor);
  return rest === undefined ? undefined : [factor, rest];
};

const MOST_CANDIDATES = 400;

/** A factor q x - p, where q divides the leading and p the trailing coefficient. */
function linearSplit(ring: Ring, poly: Poly, letter: Atom): readonly Poly[] | undefined {
  const coefficients = coefficientsIn(ring, poly, letter);
  const [trailing, leading] = [coefficients[0], coefficients.at(-1)];
  if (coefficients.length < 4 || trailing === undefined || leading === undefined) return undefined;
  const [tops, bottoms] = [divisors(ring, trailing), divisors(ring, leading)];
  if (tops.length * bottoms.length > MOST_CANDIDATES) return undefined;
  const x = single(ofAtom(ring, letter), ONE);
  for (const bottom of bottoms) {
    for (const top of tops) {
      for (const sign of [ONE, MINUS_ONE]) {
        const candidate = addPolys(ring, [multiply(ring, bottom, x), scale(top, sign)]);
        const found = divisor(ring, poly, candidate);
        if (found !== undefined) return found;
      }
    }
  }
  return undefined;
}

const LARGEST = 1000n;

/** Divisors of a polynomial, those of its number included, up to sign. */
function divisors(ring: Ring, poly: Poly): readonly Poly[] {
  const { coefficient, unit, rest } = primitive(ring, poly);
  const size = coefficient.n < 0n ? -coefficient.n : coefficient.n;
  let found: readonly Poly[] = [constant(ring, ONE)];
  if (size <= LARGEST) {
    const numbers: Poly[] = [];
    for (let k = 1n; k <= size; k++) if (size % k === 0n) numbers.push(constant(ring, rational(k)));
    found = numbers;
  }
  const times = (factor: Poly, most: number): void => {
    for (let k = 0, level = found; k < most; k++) {
      level = level.map((d) => multiply(ring, d, factor));
      found = [...found, ...level];
    }
  };
  for (const { atom, times: k } of unit.powers) times(single(ofAtom(ring, atom), ONE), k);
  if (!isNumber(ring, rest)) for (const factor of factors(ring, rest)) times(factor, 1);
  return found;
}
