/** Signs of elements: from their factors, from what is granted, by monotonicity of exp and log, and of squares. */

import type { Rational } from '../expr/rational.ts';
import { compareRationals, invert, MINUS_ONE, negate, ONE, times, ZERO } from '../expr/rational.ts';
import { exponential, loneTerm, multiply, overCommon, powerOf, primitive } from './arithmetic.ts';
import { signOfConstant } from './constant.ts';
import type { Mono, Poly, Ring } from './element.ts';
import {
  accumulate,
  addPolys,
  atomOf,
  constant,
  intern,
  monomial,
  ofAtom,
  scale,
  single,
  spend,
} from './element.ts';
import { compareMonos } from './order.ts';
import type { Sign } from './sign.ts';
import { atomSign, polySign, productSign } from './sign.ts';

/** How many granted facts are combined, and how often monotonicity is used, for one sign. */
const DEEPEST = 3;

/** What is known of the sign of an element wherever it is defined. */
export const signOf = (ring: Ring, poly: Poly): Sign => infer(ring, poly, 0);

function infer(ring: Ring, poly: Poly, depth: number): Sign {
  const direct = ownSign(ring, poly);
  if (direct === 'positive' || direct === 'negative' || direct === 'zero') return direct;
  // A weak sign may become strict factor by factor.
  const byFactors = inferByFactors(ring, poly, depth);
  if (byFactors !== 'unknown') return byFactors;
  return direct === 'unknown' && depth < DEEPEST ? inferAsItStands(ring, poly, depth) : direct;
}

/** What follows from the terms; of a number, from its enclosure. */
function ownSign(ring: Ring, poly: Poly): Sign {
  const byTerms = polySign(ring, poly);
  if (byTerms === 'positive' || byTerms === 'negative' || byTerms === 'zero') return byTerms;
  const constant = signOfConstant(ring, poly);
  return constant === 'unknown' ? byTerms : constant;
}

/** What content of unknown sign hides from the factors: of 1/a - log(1 + exp(1/a)), and of one name below a bound. */
function inferAsItStands(ring: Ring, poly: Poly, depth: number): Sign {
  const [mono] = loneTerm(poly) ?? [];
  const isName = mono?.exponent === undefined && mono?.powers.length === 1 && mono.powers[0]?.times === 1;
  return isName ? byFacts(ring, poly, depth) : (byMonotonicity(ring, poly, depth) ?? 'unknown');
}

function inferByFactors(ring: Ring, poly: Poly, depth: number): Sign {
  const { numerator, divisors } = overCommon(ring, poly);
  if (numerator.size === 0) return 'zero';
  const { coefficient, unit, rest } = primitive(ring, numerator);
  let outer: Sign = productSign(
    coefficient.n < 0n ? 'negative' : 'positive',
    polySign(ring, single(unit, ONE)),
  );
  for (const { atom, times: k } of divisors)
    if (k % 2 === 1) outer = productSign(outer, atomSign(ring, atom));
  if (outer === 'unknown') return outer;
  let inner = ownSign(ring, rest);
  if (inner === 'unknown' && depth < DEEPEST) {
    inner = byMonotonicity(ring, rest, depth) ?? bySquare(ring, rest) ?? byFacts(ring, rest, depth);
  }
  return productSign(outer, inner);
}

/** Whether an element is known not to vanish: a product does not where no factor does. */
export const isNonzero = (ring: Ring, poly: Poly): boolean => differsFromZero(ring, poly, 0);

function differsFromZero(ring: Ring, poly: Poly, depth: number): boolean {
  const sign = infer(ring, poly, depth);
  if (sign === 'positive' || sign === 'negative') return true;
  const { numerator } = overCommon(ring, poly);
  if (numerator.size === 0) return false;
  const { unit, rest } = primitive(ring, numerator);
  const known = (part: Poly): boolean => {
    const own = ownSign(ring, part);
    return own === 'positive' || own === 'negative' || ring.nonzero.has(intern(ring, part));
  };
  const exponents = depth < DEEPEST ? exponentDifference(ring, rest) : undefined;
  const apart = exponents !== undefined && differsFromZero(ring, exponents.difference, depth + 1);
  const alone = loneTerm(rest)?.[0] === ring.one;
  return (
    (alone || apart || known(rest)) && unit.powers.every(({ atom }) => known(single(ofAtom(ring, atom), ONE)))
  );
}

/** exp(u) - exp(v) has the sign of u - v, and log a - log b that of a - b. */
function byMonotonicity(ring: Ring, rest: Poly, depth: number): Sign | undefined {
  const exponents = exponentDifference(ring, rest);
  if (exponents === undefined) return byLogs(ring, rest, depth);
  const found = infer(ring, exponents.difference, depth + 1);
  return compareRationals(exponents.scale, ZERO) > 0 ? found : productSign(found, 'negative');
}

/** log M - log N where an element is a multiple of M - N, all their factors positive and one an exponential. */
function exponentDifference(
  ring: Ring,
  poly: Poly,
): { readonly difference: Poly; readonly scale: Rational } | undefined {
  const [first, second, third] = [...poly];
  if (first === undefined || second === undefined || third !== undefined) return undefined;
  const [[m, c], [n, d]] = [first, second];
  if (compareRationals(c, negate(d)) !== 0) return undefined;
  if (m.exponent === undefined && n.exponent === undefined) return undefined;
  // A negative factor to an even power has no logarithm.
  if (![m, n].every(({ powers }) => powers.every(({ atom }) => atomSign(ring, atom) === 'positive'))) {
    return undefined;
  }
  const difference = addPolys(ring, [logOfMono(ring, m), scale(logOfMono(ring, n), MINUS_ONE)]);
  return { difference, scale: c };
}

function logOfMono(ring: Ring, mono: Mono): Poly {
  const total = new Map<Mono, Rational>(mono.exponent);
  for (const { atom, times: k } of mono.powers) {
    // A group stands for its polynomial: as an atom it has negative powers only.
    const of = atom.shape.kind === 'group' ? atom.shape.of : single(ofAtom(ring, atom), ONE);
    const log = atomOf(ring, { kind: 'log', of });
    accumulate(total, ofAtom(ring, log), { n: BigInt(k), d: 1n });
  }
  return total;
}

const MOST_POWER = 8n;

/** sum_i k_i log A_i has the sign of prod_i A_i^k_i - 1, the k_i made whole by a common multiple. */
function byLogs(ring: Ring, rest: Poly, depth: number): Sign | undefined {
  const logs: (readonly [of: Poly, k: Rational])[] = [];
  const plain = new Map<Mono, Rational>();
  let multiple = 1n;
  for (const [mono, c] of rest) {
    const [only, another] = mono.powers;
    const shape =
      another === undefined && mono.exponent === undefined && only?.times === 1 ? only.atom.shape : undefined;
    if (shape?.kind !== 'log') {
      accumulate(plain, mono, c);
      continue;
    }
    logs.push([shape.of, c]);
    if (multiple % c.d !== 0n) multiple *= c.d;
  }
  if (logs.length === 0 || multiple > MOST_POWER) return undefined;
  const by: Rational = { n: multiple, d: 1n };
  let [left, right] = [exponential(ring, scale(plain, by)), constant(ring, ONE)];
  for (const [of, c] of logs) {
    const k = times(c, by).n;
    if (k > MOST_POWER || k < -MOST_POWER) return undefined;
    if (k > 0n) left = multiply(ring, left, powerOf(ring, of, Number(k)));
    else right = multiply(ring, right, powerOf(ring, of, Number(-k)));
  }
  return infer(ring, addPolys(ring, [left, scale(right, MINUS_ONE)]), depth + 1);
}

/** A perfect square is nonnegative. */
const bySquare = (ring: Ring, rest: Poly): Sign | undefined =>
  squareRoot(ring, rest) === undefined ? undefined : 'nonnegative';

const LARGEST_IN_ROOT = 2n ** 64n;

/** s with s^2 = poly, for a polynomial in plain atoms: leading terms one by one; undefined where there is none. */
export function squareRoot(ring: Ring, poly: Poly): Poly | undefined {
  const lead = (p: Poly): readonly [Mono, Rational] | undefined => {
    let best: readonly [Mono, Rational] | undefined;
    for (const term of p) if (best === undefined || compareMonos(ring, term[0], best[0]) > 0) best = term;
    return best;
  };
  const top = lead(poly);
  const first = top === undefined ? undefined : rootOfTerm(ring, top);
  if (first === undefined) return undefined;
  let root: Poly = single(...first);
  for (let k = 0; k < poly.size; k++) {
    const left = addPolys(ring, [poly, scale(multiply(ring, root, root), MINUS_ONE)]);
    spend(ring, left.size);
    const next = lead(left);
    if (next === undefined) return root;
    const quotient = dividePlain(ring, next[0], first[0]);
    if (quotient === undefined) return undefined;
    const c = times(next[1], invert(times(first[1], { n: 2n, d: 1n })));
    // Coefficients that grow without end are no sign of a square.
    if (c.d > LARGEST_IN_ROOT || c.n > LARGEST_IN_ROOT || c.n < -LARGEST_IN_ROOT) return undefined;
    root = addPolys(ring, [root, single(quotient, c)]);
  }
  return undefined;
}

function rootOfTerm(ring: Ring, [mono, c]: readonly [Mono, Rational]): readonly [Mono, Rational] | undefined {
  const [n, d] = [wholeRoot(c.n), wholeRoot(c.d)];
  if (n === undefined || d === undefined || mono.powers.some(({ times: k }) => k % 2 !== 0)) return undefined;
  const powers = mono.powers.map(({ atom, times: k }) => ({ atom, times: k / 2 }));
  const half = scale(mono.exponent ?? new Map(), { n: 1n, d: 2n });
  return [monomial(ring, powers, half), { n, d }];
}

function wholeRoot(n: bigint): bigint | undefined {
  if (n < 0n || n > 2n ** 52n) return undefined;
  const root = BigInt(Math.round(Math.sqrt(Number(n))));
  return root * root === n ? root : undefined;
}

function dividePlain(ring: Ring, a: Mono, b: Mono): Mono | undefined {
  const powers = new Map(a.powers.map(({ atom, times: k }) => [atom, k] as const));
  for (const { atom, times: k } of b.powers) powers.set(atom, (powers.get(atom) ?? 0) - k);
  const kept = [...powers].filter(([, k]) => k !== 0).map(([atom, k]) => ({ atom, times: k }));
  if (kept.some(({ times: k }) => k < 0)) return undefined;
  kept.sort((p, q) => p.atom.id - q.atom.id);
  const exponent = addPolys(ring, [a.exponent ?? new Map(), scale(b.exponent ?? new Map(), MINUS_ONE)]);
  return monomial(ring, kept, exponent);
}

/** P is at least a granted F if P - cF is nonnegative: c chosen so that a shared term cancels. */
function byFacts(ring: Ring, rest: Poly, depth: number): Sign {
  for (const flip of [false, true]) {
    const poly = flip ? scale(rest, MINUS_ONE) : rest;
    for (const [facts, strict] of [
      [ring.positive, true],
      [ring.nonnegative, false],
    ] as const) {
      for (const fact of facts) {
        const c = sharedRatio(poly, fact);
        if (c === undefined) continue;
        const left = infer(ring, addPolys(ring, [poly, scale(fact, negate(c))]), depth + 1);
        if (left !== 'positive' && left !== 'nonnegative' && left !== 'zero') continue;
        const sign: Sign = strict || left === 'positive' ? 'positive' : 'nonnegative';
        return flip ? productSign(sign, 'negative') : sign;
      }
    }
  }
  return 'unknown';
}

function sharedRatio(poly: Poly, fact: Poly): Rational | undefined {
  for (const [mono, d] of fact) {
    const c = poly.get(mono);
    if (c === undefined) continue;
    const ratio = times(c, invert(d));
    if (compareRationals(ratio, ZERO) > 0) return ratio;
  }
  return undefined;
}
