/**
 * A total order on atoms and monomials that depends on their structure only, never on the order of
 * arrival. On monomials it is invariant under multiplication, so a "leading" term is well defined.
 */

import { compareRationals, MINUS_ONE, sameRational, ZERO } from '../expr/rational.ts';
import type { Atom, Mono, Poly, Shape } from './element.ts';
import { addPolys, type Ring, scale, ZERO_POLY } from './element.ts';
import { leafName } from './leaf.ts';

const RANK: Readonly<Record<Shape['kind'], number>> = {
  name: 0,
  log: 1,
  root: 2,
  group: 3,
  parity: 4,
  fn: 5,
  sum: 6,
};
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export function compareAtoms(ring: Ring, a: Atom, b: Atom): number {
  if (a === b) return 0;
  const [s, t] = [a.shape, b.shape];
  if (s.kind !== t.kind) return RANK[s.kind] - RANK[t.kind];
  if (s.kind === 'name' && t.kind === 'name') return byText(leafName(s.of), leafName(t.of));
  if (s.kind === 'fn' && t.kind === 'fn') {
    return byText(s.fn, t.fn) || compareLists(s.args, t.args, (p, q) => comparePolys(ring, p, q));
  }
  if (s.kind === 'sum' && t.kind === 'sum') {
    const of = (shape: typeof s): string => (shape.range.kind === 'tokens' ? leafName(shape.range.of) : '');
    return (
      byText(s.range.kind, t.range.kind) ||
      byText(of(s), of(t)) ||
      byText(s.index.name, t.index.name) ||
      compareMonos(ring, s.body, t.body)
    );
  }
  if (s.kind === 'parity' && t.kind === 'parity') return compareMonos(ring, s.of, t.of);
  if (s.kind === 'root' && t.kind === 'root' && s.degree !== t.degree) return s.degree - t.degree;
  const plain = s.kind === 'log' || s.kind === 'group' || s.kind === 'root';
  const same = t.kind === 'log' || t.kind === 'group' || t.kind === 'root';
  return plain && same ? comparePolys(ring, s.of, t.of) : 0;
}

function compareLists<T>(a: readonly T[], b: readonly T[], compare: (x: T, y: T) => number): number {
  for (const [i, x] of a.entries()) {
    const y = b[i];
    if (y === undefined) return 1;
    const found = compare(x, y);
    if (found !== 0) return found;
  }
  return a.length - b.length;
}

/** The terms, greatest monomial first. */
export const sortedTerms = (ring: Ring, poly: Poly) => [...poly].sort(([a], [b]) => compareMonos(ring, b, a));

function comparePolys(ring: Ring, a: Poly, b: Poly): number {
  if (a === b) return 0;
  return compareLists(
    sortedTerms(ring, a),
    sortedTerms(ring, b),
    ([m, c], [n, d]) => compareMonos(ring, m, n) || compareRationals(c, d),
  );
}

/** The sign of the leading coefficient of a - b: an order that addition preserves. */
export function compareExponents(ring: Ring, a: Poly, b: Poly): number {
  if (a === b) return 0;
  let leading: Mono | undefined;
  const difference = addPolys(ring, [a, scale(b, MINUS_ONE)]);
  for (const mono of difference.keys()) {
    if (leading === undefined || compareMonos(ring, mono, leading) > 0) leading = mono;
  }
  const c = leading === undefined ? undefined : difference.get(leading);
  return c === undefined || sameRational(c, ZERO) ? 0 : compareRationals(c, ZERO);
}

/** Exponentials first, then powers in the order of atoms. */
export function compareMonos(ring: Ring, a: Mono, b: Mono): number {
  if (a === b) return 0;
  if (a.exponent !== b.exponent) {
    const found = compareExponents(ring, a.exponent ?? ZERO_POLY, b.exponent ?? ZERO_POLY);
    if (found !== 0) return found;
  }
  const differing = new Map<Atom, number>();
  for (const { atom, times } of a.powers) differing.set(atom, times);
  for (const { atom, times } of b.powers) differing.set(atom, (differing.get(atom) ?? 0) - times);
  let first: Atom | undefined;
  for (const [atom, times] of differing) {
    if (times !== 0 && (first === undefined || compareAtoms(ring, atom, first) < 0)) first = atom;
  }
  return first === undefined ? 0 : (differing.get(first) ?? 0);
}
