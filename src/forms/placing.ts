/**
 * Places for data: numbers, the same at all tokens of a response, for what varies continuously; for lengths and whole
 * numbers cones, letters that stand for everything beyond some number.
 */

import { freeNames } from '../expr/binder.ts';
import type { Datum, Declarations, Fact } from '../expr/declare.ts';
import { datumOf } from '../expr/declare.ts';
import type { Apply, Expr, Var } from '../expr/expr.ts';
import { add, apply, mul, num, pow, variable } from '../expr/expr.ts';
import type { Rational } from '../expr/rational.ts';
import { plus, rational } from '../expr/rational.ts';
import { nodes, some } from '../expr/walk.ts';
import type { Kind, Random } from './dial.ts';
import { inDomain, pick } from './dial.ts';
import { isBound, leafName } from './leaf.ts';

/** What an expression of the data is there, node by node. */
export type Place = (node: Expr) => Expr;

/** What all places of some facts have in common. */
export interface Scenery {
  readonly declared: Declarations;
  readonly responses: readonly string[];
  /** Distributions that occur token by token: a sequence's probability is a product there. */
  readonly tokenwise: ReadonlySet<string>;
  /** Numbers to try besides the usual ones. */
  readonly near: readonly Rational[];
  readonly starts: readonly [bigint, ...bigint[]];
}

export function sceneryOf(facts: readonly Fact[], declared: Declarations): Scenery {
  const all = facts.flatMap(({ of }) => [...nodes(of)].map(([node]) => node));
  const literals = all.flatMap((node) => (node.kind === 'num' ? [node.value] : []));
  const names = facts.flatMap(({ of }) => freeNames(of).filter((v) => v.kind === 'var' && isPlace(v)));
  return {
    declared,
    responses: [...new Set(names.map(({ name }) => name))],
    tokenwise: new Set(
      all.flatMap((node) => (node.kind === 'apply' && node.args.length > 1 ? [node.name] : [])),
    ),
    near: literals.flatMap((c) => [rational(1), rational(-1), rational(1, 100)].map((d) => plus(c, d))),
    starts: [0n, ...literals.map(({ n, d }) => (n < 0n ? -n : n) / d + 1n)],
  };
}

const isPlace = (e: Expr): e is Var => e.kind === 'var' && e.sort === 'response' && !isBound(e);

/** How far a length is beyond where its cone begins. */
const BEYOND = 'len beyond';

/** The declarations at a place: what is whole is counted from where its cone begins. */
export function declaredAtPlaces(declared: Declarations): Declarations {
  const data: Record<string, Datum> = {};
  for (const [name, datum] of Object.entries(declared.data)) {
    data[name] = datum.is === 'integer' ? { ...datum, is: 'nonnegative' } : datum;
    if (name === 'len') data[BEYOND] = { ...datum, is: 'nonnegative' };
  }
  return { ...declared, data };
}

const NUMBERS: readonly Rational[] = [1, 2, 3, -1, -2, -3, 5, -5, 10, -10, 100, -100]
  .map((n) => rational(n))
  .concat([2, 3, 4, 10, 100].flatMap((d) => [rational(1, d), rational(-1, d), rational(d - 1, d)]));
/** Probabilities of different responses that leave some for others. */
const SHARES: readonly [readonly Rational[], ...(readonly Rational[])[]] = [
  [2, 4, 8, 16, 32, 64].map((d) => rational(1, d)),
  [rational(19, 20), ...[50, 100, 200, 400, 1000].map((d) => rational(1, d))],
  [10, 20, 30, 100, 1000, 10_000].map((d) => rational(1, d)),
];
/** Inside the domains, not on their edges. */
const INTERIOR: Readonly<Partial<Record<Datum['is'], Kind>>> = {
  real: 'real',
  positive: 'positive',
  nonnegative: 'positive',
  unit: 'open-unit',
  'open-unit': 'open-unit',
};

/** A place drawn at random; data of bound responses and prompts, and of vocabulary entries, stay letters. */
export function placeIn({ declared, responses, tokenwise, near, starts }: Scenery, random: Random): Place {
  const order = shuffled(responses, random);
  const apart = random() < 0.4;
  const start = num(pick(starts, random));
  const drawn = new Map<string, Expr>();
  const shares = new Map<string, readonly Rational[]>();
  const once = (key: string, draw: () => Expr): Expr => {
    const value = drawn.get(key) ?? draw();
    drawn.set(key, value);
    return value;
  };
  /** Every length beyond a number, or each longer than the next in some order as well. */
  const length = (of: string): Expr => {
    const longer = apart ? [of] : order.slice(order.indexOf(of));
    const beyond = longer.map((name) => apply(BEYOND, [variable(name, 'response')]));
    return add([start, num(longer.length), ...beyond]);
  };
  const probability = (e: Apply, response: string): Expr => {
    const of = shares.get(e.name) ?? shuffled(pick(SHARES, random), random);
    shares.set(e.name, of);
    const value = of[order.indexOf(response)];
    if (value === undefined) return e;
    const share = num(value);
    return e.args.length === 1 && tokenwise.has(e.name) ? pow(share, length(response)) : share;
  };
  return (e) => {
    const datum = e.kind === 'apply' ? datumOf(declared, e.name) : undefined;
    if (e.kind !== 'apply' || datum === undefined || e.args.length > 2 || some(e, isAnywhere)) return e;
    const [first] = e.args;
    const response = first !== undefined && isPlace(first) ? first.name : undefined;
    if (e.name === 'len') return response === undefined ? e : length(response);
    if (datum.distribution) return response === undefined ? e : probability(e, response);
    // One choice for all tokens: what is said of every token is said of the first.
    const key = `${e.name} ${first === undefined ? '' : leafName(first)}`;
    if (datum.is === 'integer')
      return mul([once(key, () => num(random() < 0.5 ? 1 : -1)), add([start, num(1), e])]);
    const kind = INTERIOR[datum.is];
    if (kind === undefined) return e;
    const [value, ...others] = [...NUMBERS, ...near, ...near].filter((c) => inDomain(kind, c));
    return value === undefined ? e : once(key, () => num(pick([value, ...others], random)));
  };
}

/** What a fact is about for all values: bound responses and prompts, entries of the vocabulary. */
const isAnywhere = (e: Expr): boolean =>
  e.kind === 'var' && (e.sort === 'vocab' || (isBound(e) && e.sort !== 'token'));

function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  const left = [...items];
  const order: T[] = [];
  while (left.length > 0) order.push(...left.splice(Math.floor(random() * left.length), 1));
  return order;
}
