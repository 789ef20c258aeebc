/** Beyond normal form: identities that show only after exponentiating logarithms or raising roots. */

import type { Rational } from '../expr/rational.ts';
import { isInteger, MINUS_ONE, ONE, plus, times, ZERO } from '../expr/rational.ts';
import { exponential, isZeroPoly, multiply, powerOf } from './arithmetic.ts';
import type { Atom, Mono, Poly, Ring } from './element.ts';
import { accumulate, addPolys, constant, monomial, scale } from './element.ts';
import { signOf } from './infer.ts';
import type { Sign } from './sign.ts';

/** Whether an element is zero wherever it is defined: by its normal form, or by one of the laws below. */
export const vanishes = (ring: Ring, poly: Poly): boolean =>
  isZeroPoly(ring, poly) || byExponential(ring, poly) || byRoot(ring, poly);

const MOST_POWER = 64;
const isLog = ({ atom, times: k }: { readonly atom: Atom; readonly times: number }): boolean =>
  k === 1 && atom.shape.kind === 'log';

/** The logarithm that a term is linear in, with the rest of the term. */
function logFactor(ring: Ring, mono: Mono): { readonly log: Atom; readonly beside: Mono } | undefined {
  const found = mono.powers.find(isLog);
  if (found === undefined) return undefined;
  return {
    log: found.atom,
    beside: monomial(
      ring,
      mono.powers.filter((p) => p !== found),
      mono.exponent,
    ),
  };
}

/**
 * sum_m m * (sum_i k_i log A_i) + R, grouped by the factor m beside the logarithms: a group vanishes iff
 * prod_i A_i^k_i = 1, since every A_i is positive where its logarithm is defined. R counts with m = 1.
 */
function byExponential(ring: Ring, poly: Poly): boolean {
  const groups = new Map<
    Mono,
    { readonly logs: (readonly [Atom, Rational])[]; readonly plain: Map<Mono, Rational> }
  >();
  const groupOf = (beside: Mono) => {
    const group = groups.get(beside) ?? { logs: [], plain: new Map<Mono, Rational>() };
    groups.set(beside, group);
    return group;
  };
  for (const [mono, c] of poly) {
    const factor = logFactor(ring, mono);
    if (factor === undefined) accumulate(groupOf(ring.one).plain, mono, c);
    else groupOf(factor.beside).logs.push([factor.log, c]);
  }
  if ([...groups.values()].every(({ logs }) => logs.length === 0)) return false;
  return [...groups.values()].every(({ logs, plain }) => groupVanishes(ring, logs, plain));
}

function groupVanishes(ring: Ring, logs: readonly (readonly [Atom, Rational])[], plain: Poly): boolean {
  if (logs.length === 0) return isZeroPoly(ring, plain);
  const common = logs.reduce((d, [, c]) => (d * c.d) / gcd(d, c.d), 1n);
  const by: Rational = { n: common, d: 1n };
  let left = exponential(ring, scale(plain, by));
  let right = constant(ring, ONE);
  for (const [{ shape }, c] of logs) {
    const k = times(c, by);
    const power = Number(k.n);
    if (shape.kind !== 'log' || !isInteger(k) || Math.abs(power) > MOST_POWER) return false;
    if (power > 0) left = multiply(ring, left, powerOf(ring, shape.of, power));
    else right = multiply(ring, right, powerOf(ring, shape.of, -power));
  }
  return isZeroPoly(ring, addPolys(ring, [left, scale(right, MINUS_ONE)]));
}

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b);
}

/** A root in a term: a root atom, or a fractional multiple of a logarithm in the exponent. */
interface Root {
  readonly of: Poly;
  /** The fraction q: the root is of^q. */
  readonly power: Rational;
}

function rootsIn(mono: Mono): readonly Root[] {
  const atoms = mono.powers.flatMap(({ atom: { shape }, times: k }): readonly Root[] =>
    shape.kind === 'root' ? [{ of: shape.of, power: { n: BigInt(k), d: BigInt(shape.degree) } }] : [],
  );
  const exponents = [...(mono.exponent ?? [])].flatMap(([inner, c]): readonly Root[] => {
    const [only, another] = inner.powers;
    const log = only !== undefined && another === undefined && inner.exponent === undefined && isLog(only);
    return log && only.atom.shape.kind === 'log' ? [{ of: only.atom.shape.of, power: c }] : [];
  });
  return [...atoms, ...exponents];
}

/**
 * A r + B with r = E^(1/d), A and B free of r, vanishes iff A r and -B have one sign and equal d-th powers:
 * A^d E = (-B)^d. Signs must be known.
 */
function byRoot(ring: Ring, poly: Poly): boolean {
  for (const { of } of [...poly.keys()].flatMap(rootsIn)) {
    if (of.size < 2 && of.keys().next().value === ring.one) continue;
    const parts = splitByRoot(poly, of);
    if (parts === undefined) continue;
    const { withRoot, without, degree } = parts;
    const [s, t] = [signOf(ring, withRoot), signOf(ring, scale(without, MINUS_ONE))];
    if (!oneSide(s, t)) continue;
    const difference = addPolys(ring, [
      powerOf(ring, withRoot, degree),
      scale(powerOf(ring, scale(without, MINUS_ONE), degree), MINUS_ONE),
    ]);
    if (isZeroPoly(ring, difference)) return true;
  }
  return false;
}

const oneSide = (a: Sign, b: Sign): boolean => {
  const up = (s: Sign): boolean => s === 'positive' || s === 'nonnegative' || s === 'zero';
  const down = (s: Sign): boolean => s === 'negative' || s === 'nonpositive' || s === 'zero';
  return (up(a) && up(b)) || (down(a) && down(b));
};

/** The terms with the root of one element (all with the same power of it) and those without. */
function splitByRoot(
  poly: Poly,
  of: Poly,
): { readonly withRoot: Poly; readonly without: Poly; readonly degree: number } | undefined {
  const withRoot = new Map<Mono, Rational>();
  const without = new Map<Mono, Rational>();
  let power: Rational | undefined;
  for (const [mono, c] of poly) {
    const own = rootsIn(mono)
      .filter((root) => root.of === of)
      .reduce((sum, root) => plus(sum, root.power), ZERO);
    if (own.n === 0n) {
      accumulate(without, mono, c);
      continue;
    }
    if (power !== undefined && (power.n !== own.n || power.d !== own.d)) return undefined;
    power = own;
    accumulate(withRoot, mono, c);
  }
  if (power === undefined || power.d > 12n) return undefined;
  return { withRoot, without, degree: Number(power.d) };
}
