/**
 * Canonical elements: polynomials with exact coefficients over interned atoms, monomials carrying one
 * exponential. Everything is interned in a Ring, so equal parts are one object and equality of
 * canonical elements is identity of monomials.
 */

import type { Declarations, Fact } from '../expr/declare.ts';
import type { Range, Var } from '../expr/expr.ts';
import type { Rational } from '../expr/rational.ts';
import { isZero, plus, times } from '../expr/rational.ts';
import type { Leaf } from './leaf.ts';
import { boundInLeaf, leafName } from './leaf.ts';

/** A generator of the ring. */
export type Shape =
  /** A hyper-parameter, a bound index as a number, or a datum. */
  | { readonly kind: 'name'; readonly of: Leaf }
  /** The logarithm of an element that no licence splits further. */
  | { readonly kind: 'log'; readonly of: Poly }
  /** A polynomial of several terms that occurs as a divisor: its powers are negative. */
  | { readonly kind: 'group'; readonly of: Poly }
  /** The real root of given degree of an element not known positive; it is nonnegative. */
  | { readonly kind: 'root'; readonly of: Poly; readonly degree: number }
  /** (-1)^of for a product of different integers: its square is one. */
  | { readonly kind: 'parity'; readonly of: Mono }
  /** An opaque power, and the piecewise functions: max(0, ...), indicators. */
  | { readonly kind: 'fn'; readonly fn: 'pow' | 'max' | 'le' | 'lt' | 'eq'; readonly args: readonly Poly[] }
  /** A sum whose body is one monomial that depends on the index throughout. */
  | { readonly kind: 'sum'; readonly index: Var; readonly range: Range; readonly body: Mono };

export interface Atom {
  readonly id: number;
  readonly shape: Shape;
  /** Names of bound indices that occur in it. */
  readonly bound: readonly string[];
  /** How many sums are nested in it. */
  readonly height: number;
}

/** atom^times; `times` is a non-zero integer. */
export interface Power {
  readonly atom: Atom;
  readonly times: number;
}

/** A product of atom powers and exp(exponent). */
export interface Mono {
  readonly id: number;
  /** Sorted by atom id. */
  readonly powers: readonly Power[];
  readonly exponent: Poly | undefined;
  readonly bound: readonly string[];
  readonly height: number;
}

/** Monomial -> non-zero coefficient. Two polynomials of one ring are equal iff they have the same entries. */
export type Poly = ReadonlyMap<Mono, Rational>;

/** A property that a rewriting relied on. */
export interface Licence {
  readonly kind: Fact['kind'];
  readonly of: Poly;
}

export interface Ring {
  readonly declared: Declarations;
  readonly atoms: Map<string, Atom>;
  readonly monos: Map<string, Mono>;
  /** Each atom to the first power. */
  readonly alone: Map<Atom, Mono>;
  readonly polys: Map<string, Poly>;
  readonly polyIds: Map<Poly, number>;
  /** Interned arguments that contain divisors: equal ones may be written differently. */
  readonly hard: Poly[];
  /** Elements known positive, or known non-zero, because both sides must be defined. */
  readonly positive: Set<Poly>;
  readonly nonzero: Set<Poly>;
  readonly nonnegative: Set<Poly>;
  /** Signs of numbers found by enclosure. */
  readonly constants: Map<Poly, 'positive' | 'negative' | 'unknown'>;
  /** Licences used, by what they licence. */
  readonly used: Map<string, Licence>;
  readonly one: Mono;
  /** Remaining work, in term operations. */
  budget: number;
  fresh: number;
}

/** Thrown inside `forms` when the work budget is used up; `decide` turns it into an answer. */
export class BudgetError extends Error {}
/** Thrown inside `forms` on a division by an element that is identically zero. */
export class UndefinedError extends Error {}

export function newRing(declared: Declarations, budget: number): Ring {
  const one: Mono = { id: 0, powers: [], exponent: undefined, bound: [], height: 0 };
  return {
    declared,
    atoms: new Map(),
    monos: new Map([['', one]]),
    alone: new Map(),
    polys: new Map(),
    polyIds: new Map(),
    hard: [],
    positive: new Set(),
    nonzero: new Set(),
    nonnegative: new Set(),
    constants: new Map(),
    used: new Map(),
    one,
    budget,
    fresh: 0,
  };
}

/** A ring of its own in which all is known that is known in `ring`, with `budget` left to spend. */
export const copyOf = (ring: Ring, budget: number): Ring => ({
  ...ring,
  atoms: new Map(ring.atoms),
  monos: new Map(ring.monos),
  alone: new Map(ring.alone),
  polys: new Map(ring.polys),
  polyIds: new Map(ring.polyIds),
  hard: [...ring.hard],
  positive: new Set(ring.positive),
  nonzero: new Set(ring.nonzero),
  nonnegative: new Set(ring.nonnegative),
  constants: new Map(ring.constants),
  used: new Map(ring.used),
  budget,
});

/** Records that a rewriting relied on a property. */
export function licence(ring: Ring, kind: Licence['kind'], of: Poly): void {
  ring.used.set(`${kind} ${idOf(ring, of)}`, { kind, of });
}

/** Accounts for `n` term operations. Throws BudgetError when none are left. */
export function spend(ring: Ring, n: number): void {
  ring.budget -= n;
  if (ring.budget < 0) throw new BudgetError('budget');
}

export const ZERO_POLY: Poly = new Map();
export const constant = (ring: Ring, c: Rational): Poly => (isZero(c) ? ZERO_POLY : new Map([[ring.one, c]]));
export const single = (mono: Mono, c: Rational): Poly => new Map([[mono, c]]);

/** Adds c * mono into a polynomial under construction. */
export function accumulate(into: Map<Mono, Rational>, mono: Mono, c: Rational): void {
  const old = into.get(mono);
  if (old === undefined) {
    into.set(mono, c);
    return;
  }
  const next = plus(old, c);
  if (isZero(next)) into.delete(mono);
  else into.set(mono, next);
}

export function addPolys(ring: Ring, polys: readonly Poly[]): Poly {
  const [first = ZERO_POLY] = polys;
  if (polys.length === 1) return first;
  const total = new Map<Mono, Rational>();
  for (const poly of polys) {
    spend(ring, poly.size);
    for (const [mono, c] of poly) accumulate(total, mono, c);
  }
  return total;
}

export function scale(poly: Poly, by: Rational): Poly {
  if (isZero(by)) return ZERO_POLY;
  const scaled = new Map<Mono, Rational>();
  for (const [mono, c] of poly) scaled.set(mono, times(c, by));
  return scaled;
}

/** The same polynomial with the same entries as one object. */
export function intern(ring: Ring, poly: Poly): Poly {
  if (ring.polyIds.has(poly)) return poly;
  const entries = [...poly].sort(([a], [b]) => a.id - b.id);
  const key = entries.map(([mono, c]) => `${mono.id}:${c.n}/${c.d}`).join('+');
  const known = ring.polys.get(key);
  if (known !== undefined) return known;
  ring.polys.set(key, poly);
  ring.polyIds.set(poly, ring.polyIds.size);
  return poly;
}

const idOf = (ring: Ring, poly: Poly): number => ring.polyIds.get(intern(ring, poly)) ?? -1;

const EMPTY: readonly string[] = [];
function union(lists: readonly (readonly string[])[]): readonly string[] {
  const filled = lists.filter((list) => list.length > 0);
  if (filled.length === 0) return EMPTY;
  return [...new Set(filled.flat())];
}

export const boundIn = (poly: Poly): readonly string[] => union([...poly.keys()].map((mono) => mono.bound));
function heightOf(poly: Poly): number {
  let height = 0;
  for (const mono of poly.keys()) height = Math.max(height, mono.height);
  return height;
}

/** The monomial with these powers and this exponent. Powers must be sorted by atom id and non-zero. */
export function monomial(ring: Ring, powers: readonly Power[], exponent: Poly | undefined): Mono {
  const inner = exponent === undefined || exponent.size === 0 ? undefined : intern(ring, exponent);
  let key = '';
  for (const { atom, times: k } of powers) key += `${atom.id}^${k}*`;
  if (inner !== undefined) key += `|${idOf(ring, inner)}`;
  const known = ring.monos.get(key);
  if (known !== undefined) return known;
  // A product of many factors costs more than one term.
  spend(ring, powers.length);
  let bound = inner === undefined ? EMPTY : boundIn(inner);
  let height = inner === undefined ? 0 : heightOf(inner);
  for (const { atom } of powers) {
    if (atom.bound.length > 0) bound = bound.length === 0 ? atom.bound : union([bound, atom.bound]);
    if (atom.height > height) height = atom.height;
  }
  const made: Mono = { id: ring.monos.size, powers, exponent: inner, bound, height };
  ring.monos.set(key, made);
  return made;
}

export function ofAtom(ring: Ring, atom: Atom, k = 1): Mono {
  if (k !== 1) return monomial(ring, [{ atom, times: k }], undefined);
  const known = ring.alone.get(atom);
  if (known !== undefined) return known;
  const made = monomial(ring, [{ atom, times: 1 }], undefined);
  ring.alone.set(atom, made);
  return made;
}

/**
 * Keys are built from ids of interned parts and from leaf names, which contain no brackets or commas:
 * two shapes share a key only if they are the same shape.
 */
function keyOf(ring: Ring, shape: Shape): string {
  switch (shape.kind) {
    case 'name':
      return leafName(shape.of);
    case 'log':
    case 'group':
      return `${shape.kind}[${idOf(ring, shape.of)}]`;
    case 'root':
      return `root${shape.degree}[${idOf(ring, shape.of)}]`;
    case 'parity':
      return `parity[${shape.of.id}]`;
    case 'fn':
      return `${shape.fn}[${shape.args.map((arg) => idOf(ring, arg)).join()}]`;
    case 'sum': {
      const of = shape.range.kind === 'tokens' ? leafName(shape.range.of) : '';
      return `sum[${shape.range.kind},${of},${shape.index.name},${shape.body.id}]`;
    }
  }
}

function boundOfShape(shape: Shape): readonly string[] {
  switch (shape.kind) {
    case 'name':
      return boundInLeaf(shape.of);
    case 'log':
    case 'group':
    case 'root':
      return boundIn(shape.of);
    case 'parity':
      return shape.of.bound;
    case 'fn':
      return union(shape.args.map(boundIn));
    case 'sum': {
      const range = shape.range.kind === 'tokens' ? boundInLeaf(shape.range.of) : EMPTY;
      return union([range, shape.body.bound.filter((name) => name !== shape.index.name)]);
    }
  }
}

function heightOfShape(shape: Shape): number {
  switch (shape.kind) {
    case 'name':
      return 0;
    case 'parity':
      return shape.of.height;
    case 'sum':
      return shape.body.height + 1;
    case 'fn':
      return Math.max(0, ...shape.args.map(heightOf));
    default:
      return heightOf(shape.of);
  }
}

/** The atom of this shape, the same object for the same shape. */
export function atomOf(ring: Ring, shape: Shape): Atom {
  const key = keyOf(ring, shape);
  const known = ring.atoms.get(key);
  if (known !== undefined) return known;
  const made: Atom = {
    id: ring.atoms.size,
    shape,
    bound: boundOfShape(shape),
    height: heightOfShape(shape),
  };
  ring.atoms.set(key, made);
  return made;
}
