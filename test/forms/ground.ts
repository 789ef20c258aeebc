/** The ground that random equalities are tried on: what is declared, expressions over it, and the worlds they have values in. */

import type fc from 'fast-check';
import type { Declarations } from '../../src/expr/declare.ts';
import { BUILT_IN } from '../../src/expr/declare.ts';
import type { Expr } from '../../src/expr/expr.ts';
import { variable } from '../../src/expr/expr.ts';
import type { Language } from '../arbitrary/expr.ts';
import { definedExpressions } from '../arbitrary/expr.ts';
import type { World } from '../arbitrary/value.ts';
import { Real, valueIn } from '../arbitrary/value.ts';

const perToken = {
  shapes: [['response', 'token']],
  distribution: false,
  prompt: true,
  policy: false,
} as const;
const perResponse = { shapes: [['response']], distribution: false, prompt: true, policy: false } as const;

export const GROUND: Declarations = {
  parameters: { beta: 'positive', alpha: 'positive', eps: 'open-unit', gamma: 'real', rho: 'nonnegative' },
  data: {
    ...BUILT_IN,
    score: { is: 'real', ...perResponse },
    m: { is: 'positive', ...perToken },
    k: { is: 'real', ...perToken },
  },
  facts: [],
};

const LANGUAGE: Language = {
  height: 3,
  largestNumerator: 6n,
  parameters: ['beta', 'alpha', 'eps'],
  data: [
    ['len', 'response'],
    ['pi', 'response'],
    ['ref', 'response'],
    ['pi', 'response', 'token'],
    ['ref', 'response', 'token'],
    ['m', 'response', 'token'],
  ],
  real: {
    parameters: ['gamma', 'rho'],
    data: [
      ['score', 'response'],
      ['k', 'response', 'token'],
    ],
  },
  largestTokenNumber: 1,
  functions: ['abs', 'relu', 'max', 'min', 'logsigmoid', 'clamp'],
  indices: [variable('t', 'token'), variable('s', 'token')],
  free: ['w', 'l', 'y'].map((name) => variable(name, 'response')),
  freeze: false,
};
/** Without functions that have kinks: normal form alone decides there. */
export const SMOOTH: Language = { ...LANGUAGE, functions: ['logsigmoid'] };
/** With them: cases must be told apart. */
export const KINKED: Language = { ...LANGUAGE, height: 2 };

export const groundExpressions = (language: Language = SMOOTH): fc.Arbitrary<Expr> =>
  definedExpressions(language);

/** The test runs of a property; the environment variable MIDPO_RUNS multiplies them. */
export const runs = (count: number): { readonly numRuns: number } => ({
  numRuns: Math.ceil(count * Number(process.env.MIDPO_RUNS ?? '1')),
});

/** Responses by the vocabulary entries they consist of: no one begins another, together they are all. */
const LANGUAGES: readonly (readonly (readonly number[])[])[] = [
  [[1], [2, 1], [2, 2]],
  [[2, 2], [1], [2, 1]],
  [[2, 1, 1], [1], [2, 2], [2, 1, 2]],
  [
    [1, 1],
    [2, 2, 1],
    [1, 2, 2],
    [1, 2, 1],
    [2, 1],
    [2, 2, 2],
  ],
];
const NAMES = ['w', 'l', 'y'] as const;

/** A number strictly between 0 and 1 that depends on all of the parts and on nothing else. */
function chance(...parts: readonly (string | number)[]): Real {
  let hash = 0x811c9dc5;
  for (const c of parts.join(' ')) hash = Math.imul(hash ^ c.charCodeAt(0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return new Real((hash ^ (hash >>> 15)) >>> 0).plus(1).div(2 ** 32 + 2);
}

/** A world in which distributions are such, and every domain of the ground is kept; `seed` says which. */
export function worldOf(seed: number, declared: Declarations = GROUND): World {
  const words = LANGUAGES[seed % LANGUAGES.length] ?? [];
  const word = (response: number): readonly number[] => words[response - 1] ?? [];
  /** Log-odds of the first entry after what was written so far. */
  const row = (name: string, prefix: readonly number[], entry: number): Real => {
    const first = chance(seed, name, prefix.join());
    return entry === 1 ? first : Real.sub(1, first);
  };
  const within = (is: string, u: Real): Real => {
    switch (is) {
      case 'positive':
        return u.div(Real.sub(1, u));
      case 'nonnegative':
        return u.lt(0.3) ? new Real(0) : u.mul(3);
      case 'open-unit':
        return u;
      case 'unit':
        return u.lt(0.2) ? new Real(0) : u.gt(0.8) ? new Real(1) : u;
      case 'boolean':
        return u.round();
      case 'integer':
        return u.mul(7).floor().sub(3);
      default:
        return u.mul(4).sub(2);
    }
  };
  return {
    parameter: (name) => within(declared.parameters[name] ?? 'real', chance(seed, name)),
    datum: (name, args) => {
      const [response = 1, at, entry] = args;
      if (name === 'len') return new Real(word(response).length);
      const datum = declared.data[name];
      if (datum?.distribution !== true) return within(datum?.is ?? 'real', chance(seed, name, ...args));
      const letters = word(response);
      if (at === undefined) {
        return letters.reduce((p, v, t) => p.mul(row(name, letters.slice(0, t), v)), new Real(1));
      }
      return row(name, letters.slice(0, at - 1), entry ?? letters[at - 1] ?? Number.NaN);
    },
    count: (range, of) =>
      range === 'tokens'
        ? word(of).length
        : range === 'responses'
          ? words.length
          : range === 'prompts'
            ? 1
            : 2,
  };
}

/** Where the free responses of the ground stand. */
export const PLACES: ReadonlyMap<string, number> = new Map(NAMES.map((name, i) => [name, i + 1]));

/** Whether two expressions have the same value, to forty of sixty digits, in every one of some worlds that define both. */
export function sameInWorlds(a: Expr, b: Expr, declared: Declarations = GROUND, count = 8): boolean {
  return Array.from({ length: count }, (_, seed) => worldOf(seed, declared)).every((world) => {
    const [u, v] = [valueIn(a, world, PLACES), valueIn(b, world, PLACES)];
    if (!u.isFinite() || !v.isFinite()) return true;
    const size = Real.max(1, u.abs(), v.abs());
    return Real.sub(u, v).abs().lte(size.mul('1e-40'));
  });
}
