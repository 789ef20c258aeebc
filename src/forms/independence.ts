/**
 * Which elements are independent functions of data that vary freely (see freedom.ts): where a sum of them with coefficients in the unknowns
 * vanishes for all data, every coefficient does. Claimed only where an argument is known; else not claimed.
 *
 * Polynomials, single logarithms and exponentials of different letters are independent, and so are sums
 * over tokens or vocabulary whose bodies hold data, because lengths and vocabularies are unbounded. Logarithms of
 * several terms A_i are, where no product of their powers is trivial: each in turn has a letter that the
 * others lack. Piecewise functions, roots and sums of powers of an index have relations of their own.
 */

import type { Atom, Mono, Poly, Ring } from './element.ts';
import { domainOfLeaf } from './leaf.ts';
import { partsOf } from './unknown.ts';

/** Every atom of some monomials, those inside atoms and exponents too. */
function atomsOf(monos: Iterable<Mono>, found = new Set<Atom>()): ReadonlySet<Atom> {
  for (const mono of monos) {
    for (const { atom } of mono.powers) {
      if (found.has(atom)) continue;
      found.add(atom);
      atomsOf(partsOf(atom.shape), found);
    }
    if (mono.exponent !== undefined) atomsOf(mono.exponent.keys(), found);
  }
  return found;
}

/** Whether data, not only indices as numbers, stand in the body of a sum. */
export const hasData = (body: Mono): boolean =>
  [...atomsOf([body])].some(
    ({ shape, bound }) => bound.length > 0 && shape.kind === 'name' && shape.of.kind === 'apply',
  );

const isPlain = ({ shape }: Atom): boolean =>
  shape.kind === 'name' ||
  shape.kind === 'log' ||
  shape.kind === 'group' ||
  (shape.kind === 'sum' && hasData(shape.body));

/** Whether the monomials, taken as functions of the data, are independent for every value of the unknowns. */
export function areIndependent(ring: Ring, keys: readonly Mono[]): boolean {
  const atoms = [...atomsOf(keys)];
  // Two divisors under a sum have partial fractions in common.
  if (atoms.filter(({ shape }) => shape.kind === 'group').length > 1) return false;
  if (!atoms.every(isPlain)) return false;
  // For b in {0, 1}, log(1 + b) = b log 2.
  if (
    hiddenAtoms(atoms, keys).some(
      ({ shape }) => shape.kind === 'name' && domainOfLeaf(ring.declared, shape.of) === 'boolean',
    )
  )
    return false;
  return logsAreIndependent(
    atoms.flatMap(({ shape }) => (shape.kind === 'log' && shape.of.size > 1 ? [shape.of] : [])),
  );
}

/** Atoms inside logarithms, divisors and exponents. */
function hiddenAtoms(atoms: readonly Atom[], keys: readonly Mono[]): readonly Atom[] {
  const bodies = atoms.flatMap(({ shape }) => (shape.kind === 'sum' ? [shape.body] : []));
  const inner = atoms.flatMap(({ shape }) => (shape.kind === 'sum' ? [] : partsOf(shape)));
  const exponents = [...keys, ...bodies, ...inner].flatMap(({ exponent }) => [...(exponent?.keys() ?? [])]);
  return [...atomsOf([...inner, ...exponents])];
}

function logsAreIndependent(of: readonly Poly[]): boolean {
  if (of.length < 2) return true;
  const letters = of.map(
    (poly) => new Set([...atomsOf(poly.keys())].filter(({ shape }) => shape.kind === 'name')),
  );
  const own = letters.findIndex((set, i) =>
    [...set].some((letter) => letters.every((other, k) => k === i || !other.has(letter))),
  );
  return own >= 0 && logsAreIndependent(of.toSpliced(own, 1));
}
