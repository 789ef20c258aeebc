/** Concrete worlds: which independent choices determine the inputs of a program, and whether they fit together. */

import type { Declarations } from '../expr/declare.ts';
import { datumOf, domainOf } from '../expr/declare.ts';
import type { Apply } from '../expr/expr.ts';
import type { Rational } from '../expr/rational.ts';
import { compareRationals, ONE, plus, rational, times, ZERO } from '../expr/rational.ts';
import type { Dial, Kind, Random, Tuple } from './dial.ts';
import { pick, scalar, simplex } from './dial.ts';
import type { Input } from './program.ts';
import { isResponse } from './program.ts';
import type { Space } from './space.ts';

/** The datum that counts tokens: `sum(t, y, 1)`. */
export const LENGTH = 'len';

/**
 * How points of a space are made. A point is one tuple per dial; the dials set the quantities, and every
 * input is a product of quantities: `pi(w)` is `pi(w,1) * pi(w,2)` where tokens are looked at.
 */
export interface Layout {
  readonly dials: readonly Dial[];
  /** For each input the quantities it is a product of. */
  readonly factors: readonly (readonly number[])[];
  readonly quantities: number;
  /** Quantities that are probabilities of exclusive events: they add up to at most 1. */
  readonly exclusive: readonly (readonly number[])[];
}
export type Point = readonly Tuple[];

/** The sort of thing a scalar datum's values are. */
export function kindOf(declared: Declarations, name: string): Kind {
  if (name === LENGTH) return 'length';
  const datum = datumOf(declared, name);
  return datum?.distribution === true ? 'probability' : (datum?.is ?? 'real');
}

/** The dials that determine the inputs of a program over a space. `detail` is the survey's. */
export function layout(
  inputs: readonly Input[],
  space: Space,
  declared: Declarations,
  detail: ReadonlyMap<string, number>,
  extra: readonly Rational[],
): Layout {
  const dials: Dial[] = [];
  const quantity = new Map<string, number>();
  const exclusive = new Map<string, number[]>();
  let count = 0;

  const single = (key: string, kind: Kind): number => {
    const known = quantity.get(key);
    if (known !== undefined) return known;
    dials.push(scalar(kind, count, kind === 'probability' ? [] : extra));
    quantity.set(key, count);
    return count++;
  };
  const fixed = (key: string, value: Rational): number => {
    dials.push({ sets: [count], options: [[value]], random: () => [value] });
    quantity.set(key, count);
    return count++;
  };
  /** Quantities that add up to 1, of which number `i` is wanted. */
  const share = (key: string, size: number, i: number): number => {
    const first = quantity.get(key) ?? count;
    if (first === count) {
      dials.push(simplex(Array.from({ length: size }, (_, k) => first + k)));
      quantity.set(key, first);
      count += size;
    }
    return first + i;
  };
  const among = (group: string, index: number): number => {
    const members = exclusive.get(group) ?? [];
    if (!members.includes(index)) exclusive.set(group, [...members, index]);
    return index;
  };

  // If one distribution is looked at by entries, the tokens of all come from rows over the vocabulary.
  const isDistribution = (name: string): boolean => datumOf(declared, name)?.distribution === true;
  const finest = Math.max(0, ...[...detail].map(([name, n]) => (isDistribution(name) ? n : 0)));
  const byRows = finest >= 3 || (space.complete && finest >= 2);

  /** The row over the vocabulary is shared by all responses that begin alike. */
  const entry = (name: string, response: string, at: number, v: number): number => {
    const prefix = (space.spelling.get(response) ?? []).slice(0, at - 1);
    return share(`${name} after ${prefix.join()}`, space.vocabulary, v);
  };
  const token = (name: string, response: string, at: number): number => {
    if (byRows) return entry(name, response, at, space.spelling.get(response)?.[at - 1] ?? 0);
    const index = single(`${name}(${response},${at})`, 'probability');
    // Different responses begin differently here, so their first tokens exclude each other.
    return at === 1 ? among(name, index) : index;
  };
  const whole = (name: string, response: string): readonly number[] => {
    if ((detail.get(name) ?? 1) > 1) {
      const length = space.lengths.get(response) ?? 0;
      return Array.from({ length }, (_, k) => token(name, response, k + 1));
    }
    const i = space.responses.findIndex((y) => y.name === response);
    if (space.complete) return [share(name, space.responses.length, i)];
    return [among(name, single(`${name}(${response})`, 'probability'))];
  };

  const factorsOf = ({ key, of }: Input): readonly number[] => {
    if (of.kind === 'sym') return [single(`sym ${key}`, domainOf(declared, of.name))];
    const [head, at, v] = of.args;
    if (of.name === LENGTH && isResponse(head)) {
      const length = space.lengths.get(head.name);
      return [length === undefined ? single(key, 'length') : fixed(key, rational(length))];
    }
    if (isDistribution(of.name) && isResponse(head)) {
      if (at === undefined) return whole(of.name, head.name);
      if (at.kind === 'num' && v === undefined) return [token(of.name, head.name, Number(at.value.n))];
      if (at.kind === 'num' && v?.kind === 'num') {
        return [entry(of.name, head.name, Number(at.value.n), Number(v.value.n) - 1)];
      }
    }
    if (isDistribution(of.name) && space.prompts.length > 1 && isPrompt(of)) {
      const i = space.prompts.findIndex((x) => head?.kind === 'var' && x.name === head.name);
      return [share(of.name, space.prompts.length, i)];
    }
    return [single(key, kindOf(declared, of.name))];
  };

  const factors = inputs.map(factorsOf);
  return { dials, factors, quantities: count, exclusive: [...exclusive.values()] };
}

const isPrompt = ({ args: [x, ...rest] }: Apply): boolean =>
  rest.length === 0 && x?.kind === 'var' && x.sort === 'prompt';

/** The quantities at a point. */
function quantitiesAt({ dials, quantities }: Layout, point: Point): readonly Rational[] {
  const values = new Array<Rational>(quantities).fill(ZERO);
  dials.forEach(({ sets }, d) => {
    sets.forEach((index, i) => {
      values[index] = point[d]?.[i] ?? ZERO;
    });
  });
  return values;
}

/** The inputs' values at a point; undefined where exclusive probabilities add up to more than 1. */
export function valuesAt(made: Layout, point: Point): readonly Rational[] | undefined {
  const values = quantitiesAt(made, point);
  for (const group of made.exclusive) {
    if (group.length < 2) continue;
    const total = group.reduce((sum, index) => plus(sum, values[index] ?? ZERO), ZERO);
    if (compareRationals(total, ONE) > 0) return undefined;
  }
  return made.factors.map((indices) => {
    const [first, ...others] = indices.map((index) => values[index] ?? ZERO);
    return others.reduce(times, first ?? ONE);
  });
}

/**
 * A point for the `round`-th trial: readable values first, from ever longer lists, then mixed with drawn
 * ones. Exclusive probabilities are drawn from those that leave room for the others.
 */
export function draw(made: Layout, round: number, random: Random): Point {
  const crowd = new Map(
    made.exclusive.flatMap((group) => group.map((index) => [index, group.length] as const)),
  );
  return made.dials.map((dial) => {
    const [index = 0] = dial.sets;
    const members = crowd.get(index) ?? 1;
    if (members > 1) {
      const room = rational(1, members);
      const small = dial.options.filter(([value = ONE]) => compareRationals(value, room) <= 0);
      const [first = [rational(1, 10 ** Math.ceil(Math.log10(members)))], ...others] = small;
      return round % 4 < 3 ? pick([first, ...others], random) : dial.random(random);
    }
    if (round >= 8 && random() < 0.5) return dial.random(random);
    const [first, ...others] = dial.options;
    return pick([first, ...others.slice(0, 3 + round)], random);
  });
}
