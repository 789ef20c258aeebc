/**
 * Conditions where data do not vary freely: {0, 1} data, whole numbers, data tied by what is granted or by what the
 * sides need. Where the conditions are said to be all, values at many data must agree: the sides are equal just there.
 */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Declarations, Fact } from '../../src/expr/declare.ts';
import type { Expr } from '../../src/expr/expr.ts';
import type { Alternative } from '../../src/forms/alternative.ts';
import { isParametric } from '../../src/forms/alternative.ts';
import type { Decision } from '../../src/forms/decide.ts';
import { decide } from '../../src/forms/decide.ts';
import { coordinates, decideGradients } from '../../src/forms/gradient.ts';
import { FormulaError } from '../../src/syntax/fault.ts';
import { print } from '../../src/syntax/print.ts';
import type { World } from '../arbitrary/value.ts';
import { Real, valueIn } from '../arbitrary/value.ts';
import type { Statement } from '../corpus/statement.ts';
import { statementOf } from '../corpus/statement.ts';
import { PLACES, runs, worldOf } from './ground.ts';

const DATA = ['k(y) boolean', 'q(y,t) boolean', 'n(y) integer', 's(y)', 'm(y,t) > 0'];

const coefficient = fc.constantFrom(
  ...[
    '1',
    '1',
    '-1',
    '2',
    'b',
    'c',
    '(b - 1)',
    '(c - 1)',
    'b * c',
    '(b - c)',
    'b^2',
    '(c^2 - 1)',
    'a',
    '2^a',
  ],
);
const switches = fc.constantFrom(
  ...['k(w)', '1/k(w)', '2^k(w)', 'k(l)', 'k(w)^2', 'k(w) * k(l)', 'k(l)/k(w)', 'b^k(w)', 'exp(k(w) - k(l))'],
  ...[
    'log(1 + k(w))',
    'log(k(w))',
    'sigmoid(k(w))',
    'log(1 + c^2 * k(w))',
    'log(c + k(w))',
    'softplus(b * k(w))',
  ],
  ...['indicator(0 < k(w))', '1/indicator(0 < k(w))', 'relu(k(w) - k(l))', 'abs(k(w) - c)', '1/(b + k(w))'],
);
const masks = fc.constantFrom(
  ...['sum(t, w, q(w,t) * log(pi(w,t)))', 'sum(t, w, 2^q(w,t) * log(pi(w,t)))', 'sum(t, w, 1/q(w,t))'],
  ...[
    'sum(t, w, q(w,t))',
    'sum(t, w, q(w,t)^b)',
    'sum(t, w, log(1 + c^2 * q(w,t)))',
    'sum(t, w, exp(b * q(w,t)))',
  ],
  ...[
    'sum(t, w, m(w,t)^q(w,t))',
    'len(w)',
    '1/sum(t, w, q(w,t))',
    'sum(t, w, q(w,t) * k(w))',
    'sum(t, w, k(w)^b)',
  ],
);
const numbers = fc.constantFrom(
  ...[
    'n(w)',
    'n(w)^2',
    '1/n(w)',
    'log(n(w))',
    'sqrt(n(w))',
    'n(w) * n(l)',
    '2^n(w)',
    's(w)',
    's(w)^2',
    '1/s(w)',
  ],
  ...[
    'sqrt(s(w))',
    'sqrt(-s(w)^2)',
    'log(s(w))',
    'sqrt(b * s(w))',
    's(w) * s(l)',
    'exp(s(w))',
    'log(1 - s(w)^2)',
  ],
  ...['abs(s(w))', 'relu(s(w) - s(l))', 's(w)^b', 'sqrt(s(w) - b)', 'log(b + s(w)^2)', 'sqrt(-(s(w) - b)^2)'],
  ...['log(pi(w))', 'sqrt(log(pi(w)))', 'log(1 - pi(w))', 'sqrt(1 - len(w))', 'log(b - len(w))', 'log(-1)'],
);
const facts = fc.constantFrom(
  ...[
    's(w) > 0',
    's(w) >= 0',
    's(w) <= 0',
    's(w) < 1',
    's(w) > s(l)',
    's(w) >= s(l)',
    's(l) >= s(w)',
    's(w) != 0',
  ],
  ...['n(w) > 0', 'n(w) < 2', 'n(w) > -1', 'n(w) < 1', 'n(w) >= 2', 'n(w) > n(l)', 'n(w) <= 0'],
  ...[
    'k(w) > 0',
    'k(w) >= k(l)',
    'k(w) < 1',
    'pi(w) >= 1',
    'pi(w) > pi(l)',
    'len(w) <= 1',
    'len(w) > len(l)',
  ],
  ...[
    'b > 0',
    'c > b',
    'b >= 0',
    's(w) * (b - c)^2 <= 0',
    'b * s(w) > 0',
    'c >= k(w)',
    'b < s(w)',
    's(w)^2 <= c',
  ],
);

const VALUES: readonly Real[] = [-2, -1, 0, 1, 2, 0.5].map((value) => new Real(value));
const POINTS = VALUES.flatMap((b) => VALUES.flatMap((c) => [0, 1].map((a) => ({ a: new Real(a), b, c }))));
type Parameters = (typeof POINTS)[number];

/** A number in [0, 1) that depends on all of the parts. */
function chance(...parts: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const letter of parts.join(' ')) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
}

const REALS = [-2, -1, -0.5, 0, 0.5, 1, 2];

/** Values at which what is granted may hold just so, and others. */
function thinWorld(seed: number, declared: Declarations, point: Parameters): World {
  const world = worldOf(seed, declared);
  return {
    ...world,
    parameter: (name) =>
      Object.hasOwn(point, name) ? point[name as keyof Parameters] : new Real(Number.NaN),
    datum: (name, args) => {
      const u = chance(seed, name, ...args);
      if (name === 'k' || name === 'q') return new Real(chance(seed, name) < 0.3 || u < 0.6 ? 1 : 0);
      if (name === 'n') return new Real(Math.floor(u * 7) - 3);
      if (name === 's') return new Real(u < 0.5 ? (REALS[Math.floor(u * 14)] ?? 0) : (u - 0.75) * 8);
      return world.datum(name, args);
    },
  };
}

const holds = ({ kind, of }: Fact, world: World): boolean => {
  const value = valueIn(of, world, PLACES);
  if (kind === 'positive') return value.gt(0);
  if (kind === 'nonnegative') return value.gte(0);
  return kind === 'nonzero' ? !value.isZero() && value.isFinite() : value.isInteger();
};

const agree = (u: Real, v: Real): boolean =>
  Real.sub(u, v)
    .abs()
    .lte(Real.max(1, u.abs(), v.abs()).mul('1e-40'));

/** The token and the entry by which derivatives are taken are the first. */
const AT = new Map([...PLACES, ['j', 1], ['u', 1]]);
const WORLDS = 240;
const ENOUGH = 24;

/** Sides that must be equal together: the two of a statement, or their derivatives by every coordinate. */
interface Claim {
  readonly pairs: readonly (readonly [Expr, Expr])[];
  readonly declared: Declarations;
}

/** Whether all sides agree at many data where they are defined; undefined where too few were found. */
function equalAt({ pairs, declared }: Claim, point: Parameters, enough = ENOUGH): boolean | undefined {
  let met = 0;
  for (let seed = 0; seed < WORLDS && met < enough; seed++) {
    const world = thinWorld(seed, declared, point);
    if (!declared.facts.every((fact) => holds(fact, world))) continue;
    const values = pairs.map(([a, b]) => [valueIn(a, world, AT), valueIn(b, world, AT)] as const);
    const defined = values.filter(([u, v]) => u.isFinite() && v.isFinite());
    if (defined.some(([u, v]) => !agree(u, v))) return false;
    if (defined.length === pairs.length) met++;
  }
  return met === enough ? true : undefined;
}

const inDomains = ({ declared }: Claim, point: Parameters): boolean =>
  Object.entries(point).every(([name, value]) => {
    const is = Object.hasOwn(declared.parameters, name) ? declared.parameters[name] : 'real';
    if (is === 'positive') return value.gt(0);
    if (is === 'open-unit') return value.gt(0) && value.lt(1);
    if (is === 'unit') return value.gte(0) && value.lte(1);
    return is !== 'nonnegative' || value.gte(0);
  });

const listedAt = (alternatives: readonly Alternative[], world: World): boolean =>
  alternatives.some((one) =>
    one.every(({ left, right }) => {
      const [u, v] = [valueIn(left, world, PLACES), valueIn(right, world, PLACES)];
      return u.isFinite() && v.isFinite() && agree(u, v);
    }),
  );

/** What is wrong with the conditions found, as far as values show. */
function mistakes(claim: Claim, decision: Decision): readonly string[] {
  if (decision.answer === 'proved') return [];
  const given = decision.when.filter(isParametric);
  const text = given
    .map((one) => one.map((e) => `${print(e.left)} = ${print(e.right)}`).join(' and '))
    .join(' or ');
  return POINTS.filter((point) => inDomains(claim, point)).flatMap((point) => {
    const listed = listedAt(given, thinWorld(0, claim.declared, point));
    if (!listed && !decision.solved) return [];
    const equal = equalAt(claim, point, listed ? 4 : ENOUGH);
    const where = `a = ${point.a}, b = ${point.b}, c = ${point.c}`;
    return equal === undefined || equal === listed
      ? []
      : [`${where}: equal ${equal}, said iff ${text || 'never'}`];
  });
}

const sums = (basis: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .array(
      fc.tuple(coefficient, basis).map(([p, x]) => `${p} * ${x}`),
      { minLength: 1, maxLength: 2 },
    )
    .map((terms) => terms.join(' + '));
/** Two sides that may well be equal for some hyper-parameters: often the same functions of the data on both. */
const sides = (basis: fc.Arbitrary<string>): fc.Arbitrary<readonly [string, string]> =>
  fc.oneof(
    fc.tuple(sums(basis), sums(basis)),
    fc
      .tuple(coefficient, coefficient, basis)
      .map(([p, q, x]): readonly [string, string] => [`${p} * ${x}`, `${q} * ${x}`]),
    fc.tuple(sums(basis), fc.constantFrom('0', '1', 'c')),
  );

const KINDS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  'data that are zero or one': switches,
  'masks under sums': masks,
  'numbers and their bounds': numbers,
  'all together': fc.oneof(switches, masks, numbers),
};

const granted = fc.array(facts, { maxLength: 2 });

function stated(left: string, right: string, assume: readonly string[]): Statement | undefined {
  try {
    return statementOf({ left, right, assume: [...assume, 'a boolean'], data: DATA });
  } catch (error) {
    // Assumptions that contradict one another.
    if (error instanceof FormulaError) return undefined;
    throw error;
  }
}

/** What is wrong with the answer to a question, after a line that says which it was; whether it was solved. */
function tried(
  [left, right]: readonly [string, string],
  assume: readonly string[],
  mode: 'values' | 'gradients',
): { readonly lines: readonly string[]; readonly solved: boolean } {
  const lines = [`${mode}: ${left} = ${right} [${assume.join(', ')}]`];
  const statement = stated(left, right, assume);
  if (statement === undefined) return { lines, solved: false };
  const { a, b, declared } = statement;
  const decision = (mode === 'values' ? decide : decideGradients)(a, b, declared);
  const pairs =
    mode === 'values'
      ? [[a, b] as const]
      : coordinates([a, b], declared).map(({ derivative }) => [derivative(a), derivative(b)] as const);
  return {
    lines: [...lines, ...mistakes({ pairs, declared }, decision)],
    solved: decision.answer !== 'proved' && decision.solved,
  };
}

describe('conditions are said to be all only where they are', () => {
  test.each(Object.entries(KINDS))('%s', (_, basis) => {
    let solved = 0;
    fc.assert(
      fc.property(sides(basis), granted, (both, assume) => {
        const answer = tried(both, assume, 'values');
        if (answer.solved) solved++;
        expect(answer.lines).toHaveLength(1);
      }),
      runs(60),
    );
    expect(solved).toBeGreaterThan(0);
  });

  test('gradients', () => {
    let solved = 0;
    const moving = sides(KINDS['all together'] ?? switches).map(
      ([left, right]): readonly [string, string] => [`log(pi(l)) * (${left})`, `log(pi(l)) * (${right})`],
    );
    fc.assert(
      fc.property(moving, granted, (both, assume) => {
        const answer = tried(both, assume, 'gradients');
        if (answer.solved) solved++;
        expect(answer.lines).toHaveLength(1);
      }),
      runs(40),
    );
    expect(solved).toBeGreaterThan(0);
  });
});
