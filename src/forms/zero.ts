/** Where one element in the unknowns vanishes: a step towards equations for single unknowns, each step an equivalence. */

import type { Declarations } from '../expr/declare.ts';
import { datumOf, domainOf } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import type { Rational } from '../expr/rational.ts';
import {
  compareRationals,
  invert,
  isInteger,
  MINUS_ONE,
  negate,
  ONE,
  rational,
  times,
  ZERO,
} from '../expr/rational.ts';
import type { Equation } from './alternative.ts';
import { compareLefts } from './alternative.ts';
import { exponential, multiply, powerOf, reciprocalOf, undivided } from './arithmetic.ts';
import type { Case } from './cases.ts';
import { splitCases } from './cases.ts';
import type { Atom, Mono, Poly, Ring } from './element.ts';
import { addPolys, constant, ofAtom, scale, single, ZERO_POLY } from './element.ts';
import { coefficientsIn, factors } from './factor.ts';
import { isNonzero, signOf } from './infer.ts';
import { generalPower, logOf, numberOf } from './logarithm.ts';
import { reify } from './reify.ts';
import { monoSign } from './sign.ts';
import type { Unknowns } from './unknown.ts';
import { insideMono, partsOf } from './unknown.ts';

/** One way in which an element may vanish. */
export type Way =
  | { readonly kind: 'equation'; readonly equation: Equation }
  /** All of these vanish. */
  | { readonly kind: 'elements'; readonly all: readonly Expr[] }
  /** In one of several cases that cover everything. */
  | { readonly kind: 'case'; readonly of: Case };

/** It vanishes in one of these ways; if `complete`, only in these. */
export interface Ways {
  readonly ways: readonly Way[];
  readonly complete: boolean;
}

const NEVER: Ways = { ways: [], complete: true };
const UNKNOWN: Ways = { ways: [], complete: false };
const elements = (ring: Ring, ...all: readonly Poly[]): Way => ({
  kind: 'elements',
  all: all.map((poly) => reify(ring, poly)),
});
const together = (parts: readonly Ways[]): Ways => ({
  ways: parts.flatMap(({ ways }) => ways),
  complete: parts.every(({ complete }) => complete),
});

/** A product vanishes where a factor does. */
export function waysToVanish(ring: Ring, poly: Poly, unknowns: Unknowns): Ways {
  const parts = factors(ring, poly);
  const [only] = parts;
  if (only === undefined) return NEVER;
  const cases = splitCases(ring, poly);
  if (cases !== undefined) return { ways: cases.map((of) => ({ kind: 'case', of })), complete: true };
  return together(parts.map((part) => ofFactor(ring, part, unknowns)));
}

function ofFactor(ring: Ring, factor: Poly, unknowns: Unknowns): Ways {
  if (isNonzero(ring, factor)) return NEVER;
  const letters = ownLetters(ring, factor, unknowns);
  const certain = linear(ring, factor, letters, 'slope known not to vanish');
  if (certain !== undefined) return certain;
  const simpler = exponentiated(ring, factor, isNoNumber) ?? balanced(ring, factor);
  if (simpler !== undefined) return { ways: [elements(ring, simpler)], complete: true };
  return linear(ring, factor, letters, 'any slope') ?? quadratic(ring, factor, letters) ?? UNKNOWN;
}

const isNoNumber = (of: Poly): boolean =>
  [...of.keys()].some(({ powers, exponent }) => powers.length > 0 || exponent !== undefined);

const MOST_POWER = 16;

/**
 * sum_i k_i log A_i + R vanishes iff prod_i A_i^k_i exp(R) = 1, each A_i positive where its logarithm is
 * defined. Only logarithms whose argument is `chosen` are taken, undefined where there is none.
 */
export function exponentiated(ring: Ring, poly: Poly, chosen: (of: Poly) => boolean): Poly | undefined {
  const logs = [...poly].flatMap(([mono, c]) => {
    const of = loneLog(mono);
    return of !== undefined && chosen(of) ? [{ mono, of, c }] : [];
  });
  const [first] = logs;
  if (first === undefined) return undefined;
  const exponent = new Map(scale(poly, invert(first.c)));
  let product = constant(ring, ONE);
  for (const { mono, of, c } of logs) {
    const ratio = times(c, invert(first.c));
    const k = Number(ratio.n);
    if (!isInteger(ratio) || Math.abs(k) > MOST_POWER) return undefined;
    exponent.delete(mono);
    product = multiply(
      ring,
      product,
      k < 0 ? powerOf(ring, reciprocalOf(ring, of), -k) : powerOf(ring, of, k),
    );
  }
  return addPolys(ring, [multiply(ring, product, exponential(ring, exponent)), constant(ring, MINUS_ONE)]);
}

/** The argument where a monomial is one logarithm. */
function loneLog({ powers, exponent }: Mono): Poly | undefined {
  const [only, more] = powers;
  if (only?.times !== 1 || more !== undefined || exponent !== undefined) return undefined;
  return only.atom.shape.kind === 'log' ? only.atom.shape.of : undefined;
}

/** c M = d N for positive monomials, not both free of exponentials: the logarithm of the quotient vanishes. */
export function balanced(ring: Ring, poly: Poly): Poly | undefined {
  const [first, second, third] = [...poly];
  if (first === undefined || second === undefined || third !== undefined) return undefined;
  const [[m, c], [n, d]] = [first, second];
  if (m.exponent === undefined && n.exponent === undefined) return undefined;
  if (monoSign(ring, m) !== 'positive' || monoSign(ring, n) !== 'positive') return undefined;
  const ratio = times(negate(c), invert(d));
  if (compareRationals(ratio, ZERO) <= 0) return undefined;
  return logOf(ring, multiply(ring, single(m, ratio), reciprocalOf(ring, single(n, ONE))));
}

/** The unknowns that stand as plain factors of terms and nowhere inside an atom or exponent. */
function ownLetters(ring: Ring, poly: Poly, unknowns: Unknowns): readonly Atom[] {
  const letters = new Set<Atom>();
  const hidden = new Set<Atom>();
  const hide = (mono: Mono): void => {
    for (const { atom } of mono.powers) {
      hidden.add(atom);
      partsOf(atom.shape).forEach(hide);
    }
    for (const inner of mono.exponent?.keys() ?? []) hide(inner);
  };
  for (const mono of poly.keys()) {
    for (const { atom } of mono.powers) {
      if (atom.shape.kind === 'name') letters.add(atom);
      else partsOf(atom.shape).forEach(hide);
    }
    for (const inner of mono.exponent?.keys() ?? []) hide(inner);
  }
  return [...letters]
    .filter((atom) => !hidden.has(atom) && insideMono(ofAtom(ring, atom), unknowns).unknowns)
    .flatMap((atom) => {
      const left = leftOf(atom);
      return left === undefined ? [] : [{ atom, left }];
    })
    .sort((a, b) => compareLefts(a.left, b.left))
    .map(({ atom }) => atom);
}

/** What an equation for an atom has on its left. */
const leftOf = ({ shape }: Atom): Equation['left'] | undefined =>
  shape.kind === 'name' && shape.of.kind !== 'var' ? shape.of : undefined;

/** slope * x + offset vanishes where x = -offset/slope; where the slope may vanish, also where both do. */
function linear(
  ring: Ring,
  poly: Poly,
  letters: readonly Atom[],
  where: 'slope known not to vanish' | 'any slope',
): Ways | undefined {
  const candidates = letters.flatMap((letter) => {
    const [offset, slope, more] = coefficientsIn(ring, poly, letter);
    return offset === undefined || slope === undefined || more !== undefined
      ? []
      : [{ letter, offset, slope }];
  });
  const chosen =
    candidates.find(({ slope }) => numberOf(ring, slope) !== undefined) ??
    candidates.find(({ slope }) => isNonzero(ring, slope)) ??
    (where === 'any slope' ? candidates[0] : undefined);
  if (chosen === undefined) return undefined;
  const { letter, offset, slope } = chosen;
  const value = scale(multiply(ring, offset, reciprocalOf(ring, slope)), MINUS_ONE);
  const solved = equationFor(ring, letter, value);
  return isNonzero(ring, slope)
    ? solved
    : together([solved, { ways: [elements(ring, slope, offset)], complete: true }]);
}

/** a x^2 + b x + c with numbers for coefficients: its real roots; with a negative discriminant there are none. */
function quadratic(ring: Ring, poly: Poly, letters: readonly Atom[]): Ways | undefined {
  for (const letter of letters) {
    const [c = ZERO_POLY, b = ZERO_POLY, a, more] = coefficientsIn(ring, poly, letter);
    if (a === undefined || more !== undefined) continue;
    const discriminant = addPolys(ring, [multiply(ring, b, b), scale(multiply(ring, a, c), rational(-4))]);
    const sign = signOf(ring, discriminant);
    if (sign === 'negative') return NEVER;
    if (sign !== 'positive' || numberOf(ring, a) === undefined || numberOf(ring, b) === undefined) continue;
    const root = generalPower(ring, discriminant, constant(ring, rational(1, 2)));
    const over = reciprocalOf(ring, scale(a, rational(2)));
    return together(
      [ONE, MINUS_ONE].map((side) =>
        equationFor(
          ring,
          letter,
          multiply(ring, addPolys(ring, [scale(b, MINUS_ONE), scale(root, side)]), over),
        ),
      ),
    );
  }
  return undefined;
}
/** The equation letter = value, none where the domain of the letter excludes it. */
function equationFor(ring: Ring, letter: Atom, value: Poly): Ways {
  const left = leftOf(letter);
  if (left === undefined) return UNKNOWN;
  const sign = signOf(ring, addPolys(ring, [single(ofAtom(ring, letter), ONE), scale(value, MINUS_ONE)]));
  if (sign === 'positive' || sign === 'negative') return NEVER;
  const number = numberOf(ring, value);
  if (number !== undefined && !isIn(ring.declared, left, number)) return NEVER;
  return {
    ways: [{ kind: 'equation', equation: { left, right: reify(ring, undivided(ring, value)) } }],
    complete: true,
  };
}

function isIn(declared: Declarations, left: Equation['left'], number: Rational): boolean {
  const [low, high] = [compareRationals(number, ZERO), compareRationals(number, ONE)];
  if (left.kind === 'apply' && left.name === 'len') return isInteger(number) && high >= 0;
  const is =
    left.kind === 'sym' ? domainOf(declared, left.name) : (datumOf(declared, left.name)?.is ?? 'real');
  return {
    real: true,
    positive: low > 0,
    nonnegative: low >= 0,
    unit: low >= 0 && high <= 0,
    'open-unit': low > 0 && high < 0,
    integer: isInteger(number),
    boolean: low === 0 || high === 0,
  }[is];
}
