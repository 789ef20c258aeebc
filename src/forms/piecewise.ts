/** max, min, relu, abs, clamp and indicators, all brought to one atom: max(0, ...) of ordered differences. */

import { invert, MINUS_ONE, ONE, rational } from '../expr/rational.ts';
import { canonicalArgument, multiply, overCommon, primitive } from './arithmetic.ts';
import type { Atom, Mono, Poly, Ring } from './element.ts';
import {
  addPolys,
  atomOf,
  constant,
  licence,
  monomial,
  ofAtom,
  scale,
  single,
  ZERO_POLY,
} from './element.ts';
import { signOf } from './infer.ts';
import { numberOf } from './logarithm.ts';
import { compareExponents } from './order.ts';
import { atomSign, monoSign } from './sign.ts';

const minus = (ring: Ring, a: Poly, b: Poly): Poly => addPolys(ring, [a, scale(b, MINUS_ONE)]);

/**
 * max(e_1, ..., e_n) = e_1 + max(0, e_2 - e_1, ...), measured from the least element in an order that
 * addition preserves, and scaled to coprime coefficients: so max(a,b) = max(b,a) and
 * relu(x) - relu(-x) = x hold by construction.
 */
export function maxOf(ring: Ring, elements: readonly Poly[]): Poly {
  const distinct: Poly[] = [];
  for (const e of elements.flatMap((element) => unnested(ring, element))) {
    const known = canonicalArgument(ring, e);
    if (!distinct.includes(known)) distinct.push(known);
  }
  const kept = distinct.filter((e) => {
    // Dropped where another is surely at least as large.
    const by = distinct.find(
      (other) =>
        other !== e &&
        isAtLeast(ring, other, e) &&
        !(isAtLeast(ring, e, other) && distinct.indexOf(other) > distinct.indexOf(e)),
    );
    if (by !== undefined) licence(ring, 'nonnegative', minus(ring, by, e));
    return by === undefined;
  });
  const [first = ZERO_POLY] = kept;
  if (kept.length === 1) return first;
  let base = first;
  for (const e of kept) if (compareExponents(ring, e, base) < 0) base = e;
  const others = kept.filter((e) => e !== base).map((e) => minus(ring, e, base));
  const { unit, inner } = positiveContent(ring, others, 'nonnegative');
  const args = inner.map((e) => canonicalArgument(ring, e)).sort((a, b) => compareExponents(ring, a, b));
  const atom = atomOf(ring, { kind: 'fn', fn: 'max', args });
  return addPolys(ring, [base, multiply(ring, unit, single(ofAtom(ring, atom), ONE))]);
}

/** base + u max(0, d, ...) with u positive is max(base, base + u d, ...): a maximum within a maximum falls apart. */
function unnested(ring: Ring, element: Poly): readonly Poly[] {
  for (const [mono, c] of element) {
    const k = mono.powers.findIndex(({ atom, times }) => times === 1 && isMax(atom));
    const found = mono.powers[k]?.atom.shape;
    if (found?.kind !== 'fn' || c.n <= 0n || mono.exponent !== undefined) continue;
    const unit = single(monomial(ring, mono.powers.toSpliced(k, 1), undefined), c);
    if (monoSign(ring, monomial(ring, mono.powers.toSpliced(k, 1), undefined)) !== 'positive') continue;
    const base = minus(ring, element, single(mono, c));
    const branches = [base, ...found.args.map((d) => addPolys(ring, [base, multiply(ring, unit, d)]))];
    return branches.flatMap((branch) => unnested(ring, branch));
  }
  return [element];
}
const isMax = ({ shape }: Atom): boolean => shape.kind === 'fn' && shape.fn === 'max';

const isAtLeast = (ring: Ring, a: Poly, b: Poly): boolean => {
  const sign = signOf(ring, minus(ring, a, b));
  return sign === 'positive' || sign === 'nonnegative' || sign === 'zero';
};

/** The common factor of several elements: rational content and atoms known positive (or, for max, nonnegative). */
function positiveContent(
  ring: Ring,
  elements: readonly Poly[],
  scaling: 'positive' | 'nonnegative',
): { readonly unit: Poly; readonly inner: readonly Poly[] } {
  // One polynomial that has all their terms; tagged by a fresh direction each, so that none cancel.
  const all = new Map<Mono, ReturnType<typeof rational>>();
  for (const e of elements) for (const [mono] of overCommon(ring, e).numerator) all.set(mono, ONE);
  const { unit } = primitive(ring, all);
  const powers = unit.powers.filter(({ atom, times: k }) => {
    const sign = atomSign(ring, atom);
    return sign === 'positive' || (sign === 'nonnegative' && k > 0 && scaling === 'nonnegative');
  });
  let n = 0n;
  let d = 1n;
  const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? (a < 0n ? -a : a) : gcd(b, a % b));
  for (const e of elements) {
    for (const c of e.values()) {
      n = gcd(n, c.n);
      d = (d * c.d) / gcd(d, c.d);
    }
  }
  const size = rational(n, d);
  const inverse = single(
    monomial(
      ring,
      powers.map(({ atom, times }) => ({ atom, times: -times })),
      undefined,
    ),
    invert(size),
  );
  return {
    unit: single(monomial(ring, powers, undefined), size),
    inner: elements.map((e) => multiply(ring, e, inverse)),
  };
}

/** indicator(a R b): 0 or 1; decided where the sign of the difference is known. */
export function indicator(ring: Ring, fn: 'le' | 'lt' | 'eq', a: Poly, b: Poly): Poly {
  const difference = minus(ring, b, a);
  const sign = signOf(ring, difference);
  const one = constant(ring, ONE);
  if (sign === 'positive') return fn === 'eq' ? ZERO_POLY : one;
  if (sign === 'negative') return ZERO_POLY;
  if (sign === 'zero') return fn === 'lt' ? ZERO_POLY : one;
  if (sign === 'nonnegative' && fn === 'le') return one;
  if (sign === 'nonpositive' && fn === 'lt') return ZERO_POLY;
  const { inner } = positiveContent(ring, [difference], 'positive');
  const [scaled = difference] = inner;
  if (numberOf(ring, scaled) !== undefined) return ZERO_POLY;
  const flipped = compareExponents(ring, scaled, ZERO_POLY) < 0;
  if (fn === 'eq') return ofFn(ring, 'eq', flipped ? scale(scaled, MINUS_ONE) : scaled);
  // 1[x >= 0] = 1 - 1[-x > 0]: one orientation for each pair of opposite comparisons.
  if (!flipped) return ofFn(ring, fn, scaled);
  const opposite = ofFn(ring, fn === 'le' ? 'lt' : 'le', scale(scaled, MINUS_ONE));
  return minus(ring, one, opposite);
}

/** `le` of x is 1[0 <= x], `lt` is 1[0 < x], `eq` is 1[x = 0]. */
const ofFn = (ring: Ring, fn: 'le' | 'lt' | 'eq', x: Poly): Poly =>
  single(ofAtom(ring, atomOf(ring, { kind: 'fn', fn, args: [canonicalArgument(ring, x)] })), ONE);
