/** Readable values to try: short decimals for every domain, and tuples of them that add up to one. */

import { DOMAINS } from '../expr/declare.ts';
import type { Rational } from '../expr/rational.ts';
import { compareRationals, isInteger, ONE, plus, rational, readDecimal, ZERO } from '../expr/rational.ts';

/** A source of numbers in [0, 1), the same in every run. */
export type Random = () => number;

/** Mulberry32: 32 bits of state, plenty for choosing among a few values. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 15), z | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const pick = <T>(items: readonly [T, ...T[]], random: Random): T =>
  items[Math.floor(random() * items.length)] ?? items[0];

/** One independent choice: the quantities it sets together, and what they may be, simplest first. */
export interface Dial {
  readonly sets: readonly number[];
  readonly options: readonly [Tuple, ...Tuple[]];
  readonly random: (random: Random) => Tuple;
}
export type Tuple = readonly Rational[];

/** What one quantity may be. A probability is above 0 and below 1. */
const KINDS = [...DOMAINS, 'probability', 'length'] as const;
export type Kind = (typeof KINDS)[number];

const decimals = (text: string): readonly Rational[] =>
  text.split(' ').flatMap((word) => readDecimal(word) ?? []);

const FRACTIONS = decimals('0.5 0.25 0.75 0.1 0.2 0.4 0.3 0.8 0.9 0.6 0.05 0.01');
const POSITIVES = decimals('1 2 0.5 3 0.1 4 10 0.25 1.5 5 0.01 100');
const COUNTS = decimals('1 2 3 4 5 7 10');
const REALS = decimals('0 1 2 -1 3 0.5 -2 0.1 -0.5 4 10 -3 1.5 -10 100 -100 0.01');
const READABLE: Readonly<Record<Kind, readonly Rational[]>> = {
  real: REALS,
  positive: POSITIVES,
  nonnegative: [ZERO, ...POSITIVES],
  unit: [ZERO, ONE, ...FRACTIONS],
  'open-unit': FRACTIONS,
  integer: REALS.filter(isInteger),
  boolean: [ZERO, ONE],
  probability: FRACTIONS,
  length: COUNTS,
};

/** Whether a value lies in the domain. */
export function inDomain(kind: Kind, value: Rational): boolean {
  const sign = compareRationals(value, ZERO);
  const below = compareRationals(value, ONE);
  switch (kind) {
    case 'real':
      return true;
    case 'positive':
      return sign > 0;
    case 'nonnegative':
      return sign >= 0;
    case 'unit':
      return sign >= 0 && below <= 0;
    case 'open-unit':
    case 'probability':
      return sign > 0 && below < 0;
    case 'integer':
      return isInteger(value);
    case 'boolean':
      return sign === 0 || below === 0;
    case 'length':
      return isInteger(value) && sign > 0;
  }
}

const HALF = rational(1, 2);
const MAX_LANDMARKS = 6;

/** Values around the literals that occur, where `max`, `clamp` and comparisons change their course. */
export function landmarks(literals: readonly Rational[]): readonly Rational[] {
  const short = literals.filter(({ n, d }) => d <= 1000n && n < 1_000_000n && n > -1_000_000n);
  const distinct = [...new Map(short.map((c) => [`${c.n}/${c.d}`, c])).values()].slice(0, MAX_LANDMARKS);
  return distinct
    .flatMap((c) => [c, plus(c, ONE), plus(c, rational(-1)), plus(c, HALF)])
    .filter(({ d }) => 1000n % d === 0n);
}

/** A decimal of one or two digits in the domain, now and then a large or a small one. */
function shortDecimal(kind: Kind, random: Random): Rational {
  const size = 1 + Math.floor(random() * 99);
  const sign = random() < 0.5 ? -1 : 1;
  switch (kind) {
    case 'real':
      return rational(sign * size * pick([1, 1, 1, 10], random), pick([1, 10, 10, 100], random));
    case 'positive':
    case 'nonnegative':
      return rational(size * pick([1, 1, 1, 10], random), pick([1, 10, 10, 100, 1000], random));
    case 'integer':
      return rational(sign * Math.floor(size / 4));
    case 'length':
      return rational(1 + Math.floor(size / 5));
    case 'boolean':
      return rational(size % 2);
    case 'unit':
    case 'open-unit':
    case 'probability':
      return rational(size, 100);
  }
}

const tuples = ([first = ONE, ...others]: readonly Rational[]): readonly [Tuple, ...Tuple[]] => [
  [first],
  ...others.map((value) => [value]),
];
const PLAIN = new Map(KINDS.map((kind) => [kind, tuples(READABLE[kind])]));

/** A dial for one quantity; `extra` are further values to try where the domain has them. */
export function scalar(kind: Kind, set: number, extra: readonly Rational[]): Dial {
  const known = READABLE[kind];
  const isNew = (value: Rational): boolean => !known.some((k) => compareRationals(k, value) === 0);
  const further = extra.filter((value) => inDomain(kind, value) && isNew(value));
  const plain = further.length === 0 ? PLAIN.get(kind) : undefined;
  return {
    sets: [set],
    options: plain ?? tuples([...known, ...further]),
    random: (random) => [shortDecimal(kind, random)],
  };
}

/** What a whole is divided into: halves, quarters, tenths, ... */
const DIVISIONS = [2, 4, 10, 20, 100, 1000] as const;

/** The whole in `size` positive parts, drawn at random, as counts of 1/whole. */
function composition(size: number, whole: number, random: Random): readonly number[] {
  const cuts = new Set<number>();
  while (cuts.size < size - 1) cuts.add(1 + Math.floor(random() * (whole - 1)));
  const edges = [0, ...[...cuts].sort((a, b) => a - b), whole];
  return edges.slice(1).map((edge, i) => edge - (edges[i] ?? 0));
}

/** A dial for 2 to 100 quantities above 0 that add up to exactly 1. */
export function simplex(sets: readonly number[]): Dial {
  const size = sets.length;
  const [coarse = 1000, ...finer] = DIVISIONS.filter((whole) => whole >= size);
  const next = seeded(size);
  const drawn = [coarse, ...finer.slice(0, 2)].flatMap((whole) =>
    Array.from({ length: 8 }, () => ({ whole, parts: composition(size, whole, next) })),
  );
  const even = { whole: coarse, parts: sets.map((_, i) => Math.floor((coarse + i) / size)) };
  const shares = ({ whole, parts }: (typeof drawn)[number]): Tuple => parts.map((n) => rational(n, whole));
  const others = new Map(drawn.map((choice) => [choice.parts.join(), shares(choice)]));
  return {
    sets,
    options: [shares(even), ...others.values()],
    random: (random) => {
      const whole = pick([coarse, ...finer.slice(0, 3)], random);
      return shares({ whole, parts: composition(size, whole, random) });
    },
  };
}
