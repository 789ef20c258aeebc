/** Signs that follow from declared domains: never guessed, `unknown` where nothing follows. */

import { compareRationals, MINUS_ONE, ONE, ZERO } from '../expr/rational.ts';
import { multiply, powerOf } from './arithmetic.ts';
import type { Atom, Mono, Poly, Power, Ring } from './element.ts';
import {
  accumulate,
  addPolys,
  constant,
  intern,
  monomial,
  ofAtom,
  scale,
  single,
  spend,
  ZERO_POLY,
} from './element.ts';
import { domainOfLeaf, isProbability } from './leaf.ts';

export type Sign = 'positive' | 'nonnegative' | 'zero' | 'nonpositive' | 'negative' | 'unknown';

const OPPOSITE: Readonly<Record<Sign, Sign>> = {
  positive: 'negative',
  nonnegative: 'nonpositive',
  zero: 'zero',
  nonpositive: 'nonnegative',
  negative: 'positive',
  unknown: 'unknown',
};

/** What is known of a product of two factors. */
export function productSign(a: Sign, b: Sign): Sign {
  if (a === 'zero' || b === 'zero') return 'zero';
  if (a === 'unknown' || b === 'unknown') return 'unknown';
  const strict = (a === 'positive' || a === 'negative') && (b === 'positive' || b === 'negative');
  const below = (a === 'negative' || a === 'nonpositive') !== (b === 'negative' || b === 'nonpositive');
  if (strict) return below ? 'negative' : 'positive';
  return below ? 'nonpositive' : 'nonnegative';
}

/** What is known of a sum of two terms. */
function sumSign(a: Sign, b: Sign): Sign {
  if (a === 'zero') return b;
  if (b === 'zero') return a;
  const up = (s: Sign): boolean => s === 'positive' || s === 'nonnegative';
  const down = (s: Sign): boolean => s === 'negative' || s === 'nonpositive';
  if (up(a) && up(b)) return a === 'positive' || b === 'positive' ? 'positive' : 'nonnegative';
  if (down(a) && down(b)) return a === 'negative' || b === 'negative' ? 'negative' : 'nonpositive';
  return 'unknown';
}

function leafSign(ring: Ring, atom: Atom): Sign {
  if (atom.shape.kind !== 'name') return 'unknown';
  switch (domainOfLeaf(ring.declared, atom.shape.of)) {
    case 'positive':
    case 'open-unit':
      return 'positive';
    case 'nonnegative':
    case 'unit':
    case 'boolean':
      return 'nonnegative';
    default:
      return 'unknown';
  }
}

/** The sign of an atom's value wherever it is defined. */
export function atomSign(ring: Ring, atom: Atom): Sign {
  const alone = intern(ring, single(ofAtom(ring, atom), ONE));
  if (ring.positive.has(alone)) return 'positive';
  const found = shapeSign(ring, atom);
  const sign = found === 'unknown' ? (factSign(ring, alone) ?? found) : found;
  return ring.nonzero.has(alone) ? strictly(sign) : sign;
}

/** The sign of what does not vanish. */
const strictly = (sign: Sign): Sign =>
  sign === 'nonnegative' ? 'positive' : sign === 'nonpositive' ? 'negative' : sign;

/** What is known of a value that is one of several. */
function eitherSign(signs: readonly Sign[]): Sign {
  const all = (...allowed: readonly Sign[]): boolean => signs.every((s) => allowed.includes(s));
  for (const sign of ['zero', 'positive', 'negative'] as const) if (all(sign)) return sign;
  if (all('positive', 'nonnegative', 'zero')) return 'nonnegative';
  return all('negative', 'nonpositive', 'zero') ? 'nonpositive' : 'unknown';
}

function shapeSign(ring: Ring, atom: Atom): Sign {
  const { shape } = atom;
  switch (shape.kind) {
    case 'name':
      return leafSign(ring, atom);
    case 'log': {
      const [only, ...others] = [...shape.of.keys()];
      const leaf = others.length === 0 ? only?.powers[0]?.atom.shape : undefined;
      if (leaf?.kind === 'name' && isProbability(ring.declared, leaf.of)) return 'nonpositive';
      // log(1 + something positive) is positive.
      return polySign(ring, addPolys(ring, [shape.of, constant(ring, MINUS_ONE)]));
    }
    case 'group':
      return polySign(ring, shape.of);
    case 'root':
      return polySign(ring, shape.of) === 'positive' || ring.nonzero.has(shape.of)
        ? 'positive'
        : 'nonnegative';
    case 'parity':
      return 'unknown';
    case 'fn':
      return shape.fn === 'pow' ? 'unknown' : 'nonnegative';
    case 'sum':
      return monoSign(ring, shape.body);
  }
}

function powerSign(ring: Ring, { atom, times }: Power): Sign {
  const base = atomSign(ring, atom);
  // A power that is defined at all with a negative exponent has a non-zero base.
  const strict =
    times < 0 ||
    base === 'positive' ||
    base === 'negative' ||
    ring.nonzero.has(intern(ring, single(ofAtom(ring, atom), ONE)));
  if (times % 2 === 0) return strict ? 'positive' : 'nonnegative';
  if (times < 0 && base === 'nonnegative') return 'positive';
  return times < 0 && base === 'nonpositive' ? 'negative' : base;
}

export function monoSign(ring: Ring, mono: Mono): Sign {
  let sign: Sign = 'positive';
  for (const power of mono.powers) sign = productSign(sign, powerSign(ring, power));
  return sign;
}

/** The sign of a polynomial: term by term, then case by case, then by its values at the corners of the unit box. */
export function polySign(ring: Ring, poly: Poly): Sign {
  spend(ring, poly.size);
  let sign: Sign = 'zero';
  for (const [mono, c] of poly) {
    const term = monoSign(ring, mono);
    sign = sumSign(sign, compareRationals(c, ZERO) < 0 ? OPPOSITE[term] : term);
    if (sign === 'unknown') return factSign(ring, poly) ?? kinkSign(ring, poly) ?? cornerSign(ring, poly);
  }
  return sign;
}

function factSign(ring: Ring, poly: Poly): Sign | undefined {
  const known = intern(ring, poly);
  const opposite = intern(ring, scale(poly, MINUS_ONE));
  if (ring.positive.has(known)) return 'positive';
  if (ring.positive.has(opposite)) return 'negative';
  if (ring.nonnegative.has(known) && ring.nonnegative.has(opposite)) return 'zero';
  const sign = ring.nonnegative.has(known)
    ? 'nonnegative'
    : ring.nonnegative.has(opposite)
      ? 'nonpositive'
      : undefined;
  const vanishesNot = ring.nonzero.has(known) || ring.nonzero.has(opposite);
  return sign === undefined || !vanishesNot ? sign : strictly(sign);
}

const MOST_KINKS = 2;
const MOST_BRANCHES = 3;

/** By cases: max(0, d, ...) is one of its arguments, and at least each of the others. Undefined where that decides nothing. */
function kinkSign(ring: Ring, poly: Poly): Sign | undefined {
  const kinks = new Set<Atom>();
  for (const { powers } of poly.keys()) {
    for (const { atom, times } of powers) {
      if (atom.shape.kind !== 'fn' || atom.shape.fn !== 'max') continue;
      // Within a divisor a case may be excluded, and an index of a sum stands for many values: left alone.
      if (times < 0 || atom.bound.length > 0) return undefined;
      kinks.add(atom);
    }
  }
  const [kink] = kinks;
  const branches = kink?.shape.kind === 'fn' ? [ZERO_POLY, ...kink.shape.args] : [];
  if (kink === undefined || kinks.size > MOST_KINKS || branches.length > MOST_BRANCHES) return undefined;
  const signs: Sign[] = [];
  for (const branch of branches) {
    const facts = branches
      .filter((other) => other !== branch)
      .map((other) => addPolys(ring, [branch, scale(other, MINUS_ONE)]));
    const sign = granting(ring, facts, () => polySign(ring, withAtom(ring, poly, kink, branch)));
    if (sign === 'unknown') return undefined;
    signs.push(sign);
  }
  const sign = eitherSign(signs);
  return sign === 'unknown' ? undefined : sign;
}

/** A polynomial with another value in the place of an atom that divides nothing. */
function withAtom(ring: Ring, poly: Poly, atom: Atom, value: Poly): Poly {
  const parts = [...poly].map(([mono, c]): Poly => {
    const power = mono.powers.find((one) => one.atom === atom);
    if (power === undefined) return single(mono, c);
    const others = mono.powers.filter((one) => one !== power);
    const rest = single(monomial(ring, others, mono.exponent), c);
    return multiply(ring, rest, powerOf(ring, value, power.times));
  });
  return addPolys(ring, parts);
}

/** The value of `use` while these are known to be nonnegative, and no longer. */
function granting<T>(ring: Ring, facts: readonly Poly[], use: () => T): T {
  const fresh = facts.map((fact) => intern(ring, fact)).filter((fact) => !ring.nonnegative.has(fact));
  for (const fact of fresh) ring.nonnegative.add(fact);
  try {
    return use();
  } finally {
    for (const fact of fresh) ring.nonnegative.delete(fact);
  }
}

const MOST_CORNERS = 6;

/** How an atom lies in [0, 1], if it does. */
function unitRange(ring: Ring, atom: Atom): 'open' | 'closed' | undefined {
  const { shape } = atom;
  if (shape.kind === 'fn') return shape.fn === 'pow' || shape.fn === 'max' ? undefined : 'closed';
  if (shape.kind !== 'name') return undefined;
  const domain = domainOfLeaf(ring.declared, shape.of);
  if (domain === 'open-unit') return 'open';
  if (domain === 'unit' || domain === 'boolean') return 'closed';
  return isProbability(ring.declared, shape.of) ? 'closed' : undefined;
}

/**
 * A function affine in each of several variables of [0, 1] is a weighted mean of its corner values,
 * with positive weights inside the box. Powers of one atom count as separate variables: that only
 * enlarges the box.
 */
function cornerSign(ring: Ring, poly: Poly): Sign {
  const variables = new Map<string, Power>();
  let open = true;
  for (const mono of poly.keys()) {
    for (const power of mono.powers) {
      const range = power.times > 0 ? unitRange(ring, power.atom) : undefined;
      if (range === undefined) continue;
      if (range === 'closed') open = false;
      variables.set(`${power.atom.id}^${power.times}`, power);
    }
  }
  if (variables.size === 0 || variables.size > MOST_CORNERS) return 'unknown';
  const signs = corners(ring, poly, [...variables.values()]);
  const sign = eitherSign(signs);
  return open && signs.some((s) => s === 'positive' || s === 'negative') ? strictly(sign) : sign;
}

function corners(ring: Ring, poly: Poly, variables: readonly Power[]): readonly Sign[] {
  const [first, ...others] = variables;
  if (first === undefined) return [polySign(ring, poly)];
  return [false, true].flatMap((atOne) => {
    const face = new Map();
    for (const [mono, c] of poly) {
      const has = mono.powers.some((power) => power.atom === first.atom && power.times === first.times);
      if (has && !atOne) continue;
      const kept = mono.powers.filter(({ atom, times }) => !(atom === first.atom && times === first.times));
      accumulate(face, has ? monomial(ring, kept, mono.exponent) : mono, c);
    }
    return corners(ring, face, others);
  });
}
