/** What conditions are sought on: elements taken apart into unknowns and the data that vary freely. */

import type { Expr } from '../expr/expr.ts';
import type { Rational } from '../expr/rational.ts';
import { ONE } from '../expr/rational.ts';
import type { Atom, Mono, Poly, Power, Ring, Shape } from './element.ts';
import { accumulate, monomial, single } from './element.ts';
import type { Leaf } from './leaf.ts';

/** Which leaves are unknowns: hyper-parameters, and lengths of responses where conditions on data are sought. */
export type Unknowns = 'parameters' | 'parameters and lengths';

const isUnknown = (leaf: Leaf, unknowns: Unknowns): boolean =>
  leaf.kind === 'sym' ||
  (unknowns !== 'parameters' && leaf.kind === 'apply' && leaf.name === 'len' && !leaf.args.some(isIndex));
const isIndex = (e: Expr): boolean => e.kind === 'var' && e.name.startsWith('#');

/** What stands inside a part of an element: unknowns, data, both, or numbers alone. */
export interface Inside {
  readonly unknowns: boolean;
  readonly data: boolean;
}
const both = (parts: Iterable<Inside>): Inside => {
  let [unknowns, data] = [false, false];
  for (const part of parts) {
    unknowns ||= part.unknowns;
    data ||= part.data;
  }
  return { unknowns, data };
};

/** The polynomials and monomials that a shape is made of. */
export function partsOf(shape: Shape): readonly Mono[] {
  switch (shape.kind) {
    case 'name':
      return [];
    case 'parity':
      return [shape.of];
    case 'sum':
      return [shape.body];
    case 'fn':
      return shape.args.flatMap((arg) => [...arg.keys()]);
    default:
      return [...shape.of.keys()];
  }
}

export function insideAtom({ shape, bound }: Atom, unknowns: Unknowns): Inside {
  if (shape.kind === 'name') {
    const unknown = isUnknown(shape.of, unknowns);
    return { unknowns: unknown, data: !unknown };
  }
  const inner = both(partsOf(shape).map((mono) => insideMono(mono, unknowns)));
  return { unknowns: inner.unknowns, data: inner.data || bound.length > 0 || shape.kind === 'sum' };
}

export const insideMono = (mono: Mono, unknowns: Unknowns): Inside =>
  both([
    ...mono.powers.map(({ atom }) => insideAtom(atom, unknowns)),
    ...[...(mono.exponent ?? [])].map(([inner]) => insideMono(inner, unknowns)),
  ]);

export const insidePoly = (poly: Poly, unknowns: Unknowns): Inside =>
  both([...poly.keys()].map((mono) => insideMono(mono, unknowns)));

/** coefficient * powers * exp(sum of rate * direction): the data of a term apart from its unknowns. */
export interface Term {
  readonly coefficient: Mono;
  /** Of data, and of atoms in which data and unknowns are mixed. */
  readonly powers: readonly Power[];
  /** Directions are monomials in data, rates are elements in unknowns. */
  readonly rates: ReadonlyMap<Mono, Poly>;
}

/** A monomial taken apart; undefined where an exponent mixes the two otherwise than term by term. */
export function takeApart(ring: Ring, mono: Mono, unknowns: Unknowns): Term | undefined {
  const own = (power: Power): boolean => !insideAtom(power.atom, unknowns).data;
  const rates = new Map<Mono, Map<Mono, Rational>>();
  const free = new Map<Mono, Rational>();
  for (const [inner, c] of mono.exponent ?? []) {
    const term = apart(ring, inner, unknowns);
    if (term === undefined) return undefined;
    if (term.direction === ring.one) accumulate(free, term.rate, c);
    else {
      const rate = rates.get(term.direction) ?? new Map<Mono, Rational>();
      accumulate(rate, term.rate, c);
      rates.set(term.direction, rate);
    }
  }
  return {
    coefficient: monomial(ring, mono.powers.filter(own), free),
    powers: mono.powers.filter((power) => !own(power)),
    rates,
  };
}

/** A monomial of an exponent as a product of unknowns and data. */
function apart(
  ring: Ring,
  mono: Mono,
  unknowns: Unknowns,
): { readonly rate: Mono; readonly direction: Mono } | undefined {
  const rate: Power[] = [];
  const direction: Power[] = [];
  for (const power of mono.powers) {
    const inside = insideAtom(power.atom, unknowns);
    if (inside.data && inside.unknowns) return undefined;
    (inside.data ? direction : rate).push(power);
  }
  const exponent = mono.exponent;
  const inside = exponent === undefined ? undefined : insidePoly(exponent, unknowns);
  if (inside?.data === true && inside.unknowns) return undefined;
  return {
    rate: monomial(ring, rate, inside?.data === true ? undefined : exponent),
    direction: monomial(ring, direction, inside?.data === true ? exponent : undefined),
  };
}

/** The unknown whose power a direction is the logarithm of: p where the direction is log(p). */
export function baseOf(direction: Mono): Atom | undefined {
  const [only, more] = direction.powers;
  if (only === undefined || more !== undefined || only.times !== 1 || direction.exponent !== undefined)
    return undefined;
  if (only.atom.shape.kind !== 'log' || only.atom.shape.of.size !== 1) return undefined;
  const [mono] = only.atom.shape.of.keys();
  const [power, another] = mono?.powers ?? [];
  const plain = another === undefined && power?.times === 1 && mono?.exponent === undefined;
  return plain ? power?.atom : undefined;
}

/** A term with the powers of the bases of some directions counted in their rates. */
export function inDirections(ring: Ring, term: Term, directions: Iterable<Mono>): Term {
  const rates = new Map(term.rates);
  let { powers } = term;
  for (const direction of directions) {
    const base = baseOf(direction);
    const power = powers.find(({ atom }) => atom === base);
    if (base === undefined || power === undefined) continue;
    powers = powers.filter((p) => p !== power);
    const rate = new Map(rates.get(direction));
    accumulate(rate, ring.one, { n: BigInt(power.times), d: 1n });
    rates.set(direction, rate);
  }
  return { coefficient: term.coefficient, powers, rates };
}

export const asPoly = (mono: Mono): Poly => single(mono, ONE);
