/**
 * What must hold of the unknowns for an element to vanish for all data: a disjunction of systems of equations
 * in the unknowns alone. Every step is an equivalence or widens, so no solution is lost.
 */

import { datumOf } from '../expr/declare.ts';
import { MINUS_ONE, ONE } from '../expr/rational.ts';
import type { Atom, Mono, Poly, Ring } from './element.ts';
import { addPolys, constant, monomial, scale, ZERO_POLY } from './element.ts';
import { areIndependent, hasData } from './independence.ts';
import { isNonzero } from './infer.ts';
import { leafName } from './leaf.ts';
import { numberOf } from './logarithm.ts';
import type { Term, Unknowns } from './unknown.ts';
import { asPoly, baseOf, inDirections, insideAtom, takeApart } from './unknown.ts';

/** Elements in the unknowns that must vanish together. */
export type Branch = readonly Poly[];
export interface Necessary {
  readonly branches: readonly Branch[];
  /** Whether every solution is one of some branch. */
  readonly complete: boolean;
}

/** The terms with one key and one set of rates, their coefficients added. */
interface Group {
  readonly key: Mono;
  readonly rates: ReadonlyMap<Mono, Poly>;
  readonly coefficient: Poly;
}

/** Undefined where unknowns and data are mixed in a way that is not taken apart here. */
export function necessary(ring: Ring, poly: Poly, unknowns: Unknowns): Necessary | undefined {
  const groups = groupsOf(ring, poly, unknowns);
  if (groups === undefined) return undefined;
  const sums = [...new Set(groups.flatMap(({ key }) => key.powers.map(({ atom }) => atom)))].filter(isSum);
  const mixed = sums.filter((atom) => insideAtom(atom, unknowns).unknowns);
  const complete = areIndependent(
    ring,
    groups.flatMap(({ key, rates }) => [key, ...rates.keys()]),
  );
  if (mixed.length === 0 && groups.every(({ rates }) => rates.size === 0))
    return { branches: [groups.map(({ coefficient }) => coefficient)], complete };
  const collisions = mixed.flatMap((atom) => [
    ...degenerate(ring, atom, unknowns),
    ...sums.flatMap((other) => coincidence(ring, atom, other, unknowns) ?? []),
  ]);
  const [fewest] = groups.map((group) => cancelling(ring, group, groups)).sort((a, b) => a.length - b.length);
  return { branches: [...(fewest ?? []), ...collisions], complete };
}

/** A term goes away where its coefficient vanishes, or where another comes to have its powers and rates. */
function cancelling(ring: Ring, group: Group, groups: readonly Group[]): readonly Branch[] {
  const merged = groups.flatMap((other) =>
    other === group || other.key !== group.key ? [] : (equalRates(ring, group.rates, other.rates) ?? []),
  );
  return isNonzero(ring, group.coefficient) ? merged : [[group.coefficient], ...merged];
}

/** What must vanish for two sets of rates to be the same: one branch, or none where they never are. */
function equalRates(
  ring: Ring,
  a: ReadonlyMap<Mono, Poly>,
  b: ReadonlyMap<Mono, Poly>,
): readonly Branch[] | undefined {
  const gaps = [...new Set([...a.keys(), ...b.keys()])]
    .map((direction) => {
      const [p, q] = [a.get(direction) ?? ZERO_POLY, b.get(direction) ?? ZERO_POLY];
      return addPolys(ring, [p, scale(q, MINUS_ONE)]);
    })
    .filter((gap) => gap.size > 0);
  return gaps.length === 0 || gaps.some((gap) => isNonzero(ring, gap)) ? undefined : [gaps];
}

const isSum = ({ shape }: Atom): boolean => shape.kind === 'sum';

function groupsOf(ring: Ring, poly: Poly, unknowns: Unknowns): readonly Group[] | undefined {
  const terms: (readonly [Term, Poly])[] = [];
  for (const [mono, c] of poly) {
    const term = takeApart(ring, mono, unknowns);
    if (term === undefined || !term.powers.every(({ atom }) => isSuited(ring, atom, unknowns)))
      return undefined;
    terms.push([term, scale(asPoly(term.coefficient), c)]);
  }
  const moving = new Set(terms.flatMap(([term]) => movingIn(ring, term)));
  if ([...moving].some(hidesSum)) return undefined;
  const groups = new Map<string, Group>();
  for (const [term, coefficient] of terms) {
    const { powers, rates } = inDirections(ring, term, moving);
    const still = new Map(
      [...rates].flatMap(([d, rate]) => {
        const number = numberOf(ring, rate);
        return moving.has(d) || number === undefined ? [] : [[d, number] as const];
      }),
    );
    const key = monomial(ring, powers, still);
    const kept = new Map([...rates].filter(([d, rate]) => moving.has(d) && rate.size > 0));
    const name = [key.id, ...[...moving].map((d) => monomial(ring, [], kept.get(d)).id)].join();
    const before = groups.get(name)?.coefficient ?? ZERO_POLY;
    groups.set(name, { key, rates: kept, coefficient: addPolys(ring, [before, coefficient]) });
  }
  return [...groups.values()];
}

/** The directions in which a term's rate is not a number. */
const movingIn = (ring: Ring, { rates }: Term): readonly Mono[] =>
  [...rates].flatMap(([direction, rate]) => (numberOf(ring, rate) === undefined ? [direction] : []));

/** exp(k log(a + b)) is a power of a sum for whole k: not independent of the powers of a and b. */
const hidesSum = (direction: Mono): boolean =>
  direction.powers.some(({ atom: { shape } }) => shape.kind === 'log' && shape.of.size > 1);

/** Data alone, or a sum over one monomial of data with rates in the unknowns and at most one sum inside. */
function isSuited(ring: Ring, atom: Atom, unknowns: Unknowns): boolean {
  if (!insideAtom(atom, unknowns).unknowns) return true;
  if (atom.shape.kind !== 'sum' || !hasData(atom.shape.body)) return false;
  const term = takeApart(ring, atom.shape.body, unknowns);
  if (term === undefined || term.powers.filter((power) => isSum(power.atom)).length > 1) return false;
  return (
    !movingIn(ring, term).some(hidesSum) &&
    term.powers.every(
      (power) => (isSum(power.atom) ? power.times === 1 : true) && isSuited(ring, power.atom, unknowns),
    )
  );
}

/** The body of a sum with all its rates, and the sum inside it. */
function bodyOf(ring: Ring, atom: Atom, directions: Iterable<Mono>, unknowns: Unknowns) {
  const term = atom.shape.kind === 'sum' ? takeApart(ring, atom.shape.body, unknowns) : undefined;
  if (term === undefined) return undefined;
  const { powers, rates } = inDirections(ring, term, directions);
  const inner = powers.find((power) => isSum(power.atom))?.atom;
  return {
    plain: monomial(
      ring,
      powers.filter((power) => !isSum(power.atom)),
      undefined,
    ),
    rates,
    inner,
  };
}

const directionsOf = (ring: Ring, { shape }: Atom, unknowns: Unknowns): readonly Mono[] =>
  shape.kind === 'sum' ? [...(takeApart(ring, shape.body, unknowns)?.rates.keys() ?? [])] : [];

/** When two sums become the same: at most one branch. */
function coincidence(ring: Ring, a: Atom, b: Atom, unknowns: Unknowns): readonly Branch[] | undefined {
  if (a === b || rangeName(a) !== rangeName(b)) return undefined;
  const directions = [...directionsOf(ring, a, unknowns), ...directionsOf(ring, b, unknowns)];
  const [p, q] = [bodyOf(ring, a, directions, unknowns), bodyOf(ring, b, directions, unknowns)];
  if (p === undefined || q === undefined || p.plain !== q.plain) return undefined;
  const inner = coincidenceInside(ring, p.inner, q.inner, unknowns);
  if (inner === undefined) return undefined;
  const own = equalRates(ring, p.rates, q.rates);
  if (own === undefined) return sameRates(ring, p.rates, q.rates) && inner.length > 0 ? [inner] : undefined;
  return own.map((gaps) => [...gaps, ...inner]);
}

/** What must vanish for the sums inside to be the same: nothing where they are. */
function coincidenceInside(
  ring: Ring,
  a: Atom | undefined,
  b: Atom | undefined,
  unknowns: Unknowns,
): Branch | undefined {
  if (a === b) return [];
  return a === undefined || b === undefined ? undefined : coincidence(ring, a, b, unknowns)?.[0];
}

const sameRates = (ring: Ring, a: ReadonlyMap<Mono, Poly>, b: ReadonlyMap<Mono, Poly>): boolean =>
  [...new Set([...a.keys(), ...b.keys()])].every(
    (d) => addPolys(ring, [a.get(d) ?? ZERO_POLY, scale(b.get(d) ?? ZERO_POLY, MINUS_ONE)]).size === 0,
  );

const rangeName = ({ shape }: Atom): string =>
  shape.kind !== 'sum'
    ? ''
    : `${shape.range.kind} ${shape.range.kind === 'tokens' ? leafName(shape.range.of) : ''} ${shape.index.name}`;

/** When a sum loses the form it has: its rates vanish, or its body becomes a distribution that adds up to one. */
function degenerate(ring: Ring, atom: Atom, unknowns: Unknowns): readonly Branch[] {
  const body = bodyOf(ring, atom, directionsOf(ring, atom, unknowns), unknowns);
  if (body === undefined) return [];
  const { plain, rates, inner } = body;
  const within = inner === undefined ? [] : degenerate(ring, inner, unknowns);
  if (rates.size === 0) return within;
  const normalised = [...rates.keys()]
    .filter(
      (direction) =>
        plain === ring.one && inner === undefined && isDistribution(ring, baseOf(direction), atom),
    )
    .flatMap((direction) => equalRates(ring, rates, new Map([[direction, constant(ring, ONE)]])) ?? []);
  const still = equalRates(ring, rates, new Map()) ?? [];
  return [...within, ...still, ...normalised];
}

/** Whether a base is a probability of what the sum runs over. */
function isDistribution(ring: Ring, base: Atom | undefined, { shape }: Atom): boolean {
  if (base?.shape.kind !== 'name' || shape.kind !== 'sum' || base.shape.of.kind !== 'apply') return false;
  const { name, args } = base.shape.of;
  const last = args.at(-1);
  return (
    datumOf(ring.declared, name)?.distribution === true &&
    last?.kind === 'var' &&
    last.name === shape.index.name
  );
}
