/** Derivatives against central differences at sixty digits, over small ragged responses. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { freeNames } from '../../src/expr/binder.ts';
import type { Datum } from '../../src/expr/declare.ts';
import { BUILT_IN, FIXED_DISTRIBUTION, NOTHING_DECLARED } from '../../src/expr/declare.ts';
import type { Apply, Expr, Sort } from '../../src/expr/expr.ts';
import { apply, freeze, num, variable } from '../../src/expr/expr.ts';
import { differentiate } from '../../src/forms/differentiate.ts';
import { parse } from '../../src/syntax/parse.ts';
import { print } from '../../src/syntax/print.ts';
import type { Scope } from '../../src/syntax/scope.ts';
import { FORMULA_SCOPE } from '../../src/syntax/scope.ts';
import type { Language } from '../arbitrary/expr.ts';
import { definedExpressions } from '../arbitrary/expr.ts';
import type { World } from '../arbitrary/value.ts';
import { Real, valueIn } from '../arbitrary/value.ts';

const [w, l, y] = [variable('w', 'response'), variable('l', 'response'), variable('y', 'response')];
const [t, v] = [variable('t', 'token'), variable('v', 'vocab')];

/** Three responses; every one has log-probabilities for as many tokens as the longest, its own or padding. */
const LENGTHS = [3, 2, 1];
const LONGEST = 3;
const WORDS = 2;

/** One coordinate: a log-probability of a sequence by itself, of a token, or of a vocabulary entry. */
type Coordinate = readonly number[];
/** Log-probabilities of the policy, independent of each other: rows are not normalised. */
interface Policy {
  readonly log: (coordinate: Coordinate) => Real;
}

const nudged = (policy: Policy, at: Coordinate, by: Real): Policy => ({
  log: (c) => (c.join() === at.join() ? Real.add(policy.log(c), by) : policy.log(c)),
});

/** Positive numbers made from names, and the policy; a sequence is the product of its tokens. */
function worldOf(seed: number, policy: Policy, frozen?: World): World {
  const made = (text: string): Real => {
    let h = 2166136261 ^ seed;
    for (const c of text) h = Math.imul(h ^ (c.codePointAt(0) ?? 0), 16777619);
    return new Real((0.2 + ((h >>> 4) % 99991) / 70000).toString());
  };
  const value = (name: string, args: readonly number[]): Real => {
    const [response = 0] = args;
    if (name === 'len') return new Real(LENGTHS[response - 1] ?? 0);
    if (name !== 'pi') return made(`${name} ${args.join()}`);
    if (args.length > 1) return Real.exp(policy.log(args));
    let total = policy.log(args);
    for (let k = 1; k <= (LENGTHS[response - 1] ?? 0); k++)
      total = Real.add(total, policy.log([response, k]));
    return Real.exp(total);
  };
  const known = new Map<string, Real>();
  return {
    parameter: made,
    datum: (name, args) => {
      const key = `${name} ${args.join()}`;
      const found = known.get(key) ?? value(name, args);
      known.set(key, found);
      return found;
    },
    count: (range, of) =>
      range === 'tokens' ? (LENGTHS[of - 1] ?? 0) : range === 'vocabulary' ? WORDS : LENGTHS.length,
    ...(frozen === undefined ? {} : { frozen }),
  };
}

const policyOf = (seed: number): Policy => ({
  log: (c) => {
    // A sequence has no log-probability beside its tokens'; it is a coordinate only to be nudged.
    if (c.length === 1) return new Real(0);
    const wave = Math.sin(seed * 12.9898 + c.reduce((k, place) => 7 * k + place, 1) * 78.233) * 43758.5453;
    return new Real((-0.05 - 2 * (wave - Math.floor(wave))).toString());
  },
});

const PLACES = new Map([
  ['w', 1],
  ['l', 2],
  ['y', 3],
]);

/** A target with the places at which it is tried. */
const TARGETS: readonly (readonly [target: Apply, at: readonly Coordinate[]])[] = [
  [apply('pi', [w]), [[1]]],
  [apply('pi', [l]), [[2]]],
  [
    apply('pi', [w, t]),
    [
      [1, 1],
      [1, 2],
      [1, 3],
    ],
  ],
  [
    apply('pi', [l, t]),
    [
      [2, 1],
      [2, 2],
    ],
  ],
  [
    apply('pi', [w, t, v]),
    [
      [1, 1, 1],
      [1, 3, 2],
    ],
  ],
  [
    apply('pi', [l, t, v]),
    [
      [2, 1, 2],
      [2, 2, 1],
    ],
  ],
];
const CASES = TARGETS.flatMap(([target, at]) => at.map((coordinate) => [target, coordinate] as const));

const STEP = new Real('1e-16');

/** Compares the derivative of `e` at one coordinate with the slope there; gives the slope. */
function checkSlope(e: Expr, target: Apply, coordinate: Coordinate, seed: number): Real {
  const [, token = 1, word = 1] = coordinate;
  const places = new Map(PLACES).set('t', token).set('v', word);
  const policy = policyOf(seed);
  const here = worldOf(seed, policy);
  const at = (by: Real): Real => valueIn(e, worldOf(seed, nudged(policy, coordinate, by), here), places);
  const slope = (h: Real): Real => Real.sub(at(h), at(h.neg())).div(h).div(2);
  const [near, far] = [slope(STEP), slope(STEP.mul(2))];
  const height = Real.max(1, valueIn(e, here, places).abs());
  // Doubling the step multiplies the truncation error by four; the rest is sixty digits divided by the step.
  const bound = Real.add(Real.sub(far, near).abs(), height.mul('1e-55').div(STEP));
  const found = valueIn(differentiate(e, target), here, places);
  const context = `d ${print(e)} / d log ${print(target)} at ${coordinate.join()}: ${found} for ${near}, seed ${seed}`;
  expect(near.isFinite(), context).toBe(true);
  expect(bound.lte(Real.max(height, near.abs()).mul('1e-20')), `a kink within reach: ${context}`).toBe(true);
  expect(Real.sub(found, near).abs().lte(bound), context).toBe(true);
  return near;
}

const datum = (...shapes: readonly (readonly Sort[])[]): Datum => ({
  is: 'positive',
  shapes,
  distribution: false,
  prompt: true,
  policy: false,
});
const SCOPE: Scope = {
  ...FORMULA_SCOPE,
  declared: {
    ...NOTHING_DECLARED,
    data: {
      ...BUILT_IN,
      prev: FIXED_DISTRIBUTION,
      m: datum(['response', 'token']),
      md: datum(['response', 'token']),
      score: datum(['response']),
      c: datum(['response']),
    },
  },
};

/** Abbreviations of a formula: `h(w)` and the like, written out before it is read. */
const SHORT: Readonly<Record<string, (y: string) => string>> = {
  h: (y) => `log(pi(${y}) / ref(${y}))`,
  a: (y) => `log(pi(${y})) / len(${y})`,
  K: (y) => `sum(t, ${y}, kl(ref, pi, ${y}, t))`,
  U: (y) => `sum(t, ${y}, m(${y}, t) * log(pi(${y}, t) / ref(${y}, t)))`,
  R: (y) => `sum(t, ${y}, m(${y}, t) * kl(pi, ref, ${y}, t))`,
  D: (y) => `sum(t, ${y}, md(${y}, t) * kl(ref, pi, ${y}, t))`,
  o: (y) => `(log(pi(${y})) / len(${y}) - log(1 - exp(log(pi(${y})) / len(${y}))))`,
  js: (y) => `log(2 * (pi(${y}) / ref(${y})) / (1 + pi(${y}) / ref(${y})))`,
};
const read = (text: string): Expr =>
  parse(
    text.replace(
      /\b([a-zA-Z]+)\[([wl])\]/g,
      (_, name: string, response: string) => `(${SHORT[name]?.(response)})`,
    ),
    SCOPE,
  );
const S = (u: string): string => `-log(sigmoid(${u}))`;

describe('losses', () => {
  test.each<[name: string, loss: string]>([
    ['dpo', S('beta * (h[w] - h[l])')],
    ['dice', S('beta * (log(pi(w) / prev(w)) - log(pi(l) / prev(l))) + alpha * (len(w) - len(l))')],
    ['h-dpo', S('alpha * beta * (log(pi(w)) - log(pi(l))) - beta * (log(ref(w)) - log(ref(l)))')],
    ['simpo', S('beta * (a[w] - a[l]) - gamma')],
    ['r-dpo', S('beta * (h[w] - h[l]) + alpha * (len(w) - len(l))')],
    ['tdpo1', S('beta * (h[w] - h[l]) - beta * (K[l] - K[w])')],
    ['tdpo2', S('beta * (h[w] - h[l]) - alpha * beta * (K[l] - stopgrad(K[w]))')],
    ['tis-dpo', S('beta * (U[w] - U[l]) - alpha * beta * (R[w] - R[l])')],
    ['sparsepo', S('beta * (U[w] - U[l]) - beta * (D[l] - D[w])')],
    [
      'rainbowpo',
      S('beta * phi * (a[w] - a[l] - m0 * (log(ref(w)) / len(w) - log(ref(l)) / len(l)) - (1 - m0) * gamma)'),
    ],
    ['ln-dpo', S('beta * (h[w] / len(w) - h[l] / len(l))')],
    ['modpo', S('(beta * (h[w] - h[l]) - lambda * (score(w) - score(l))) / omega')],
    ['kto', '1 - sigmoid(beta * (h[w] - z)) + 1 - sigmoid(beta * (z - h[l]))'],
    ['ipo', '(h[w] - h[l] - 1 / (2 * beta))^2'],
    ['ipo with means', '(h[w] / len(w) - h[l] / len(l) - 1 / (2 * beta))^2'],
    ['slic', 'max(0, 1 - beta * (h[w] - h[l]))'],
    ['cdpo', `(1 - p) * (${S('beta * (h[w] - h[l])')}) + p * (${S('-beta * (h[w] - h[l])')})`],
    [
      'robust-dpo',
      `((1 - p) * (${S('beta * (h[w] - h[l])')}) - p * (${S('-beta * (h[w] - h[l])')})) / (1 - 2 * p)`,
    ],
    ['cpo', `${S('beta * (log(pi(w)) - log(pi(l)))')} - lambda * log(pi(w))`],
    ['orpo', `-a[w] + lambda * (${S('o[w] - o[l]')})`],
    ['f-dpo, Jensen-Shannon', S('beta * (js[w] - js[l])')],
    ['f-dpo, forward KL', S('beta * (-ref(w) / pi(w) + ref(l) / pi(l))')],
    ['f-dpo, alpha', S('beta * ((1 - (pi(w) / ref(w))^(-alpha)) - (1 - (pi(l) / ref(l))^(-alpha))) / alpha')],
    ['dpop', S('beta * (h[w] - h[l] - lambda * max(0, -h[w]))')],
    ['odpo', S('beta * (h[w] - h[l]) - alpha * log(score(w) + score(l))')],
    [
      'ld-dpo',
      S(
        'beta * (sum(t, w, (alpha + (1 - alpha) * indicator(t <= min(len(w), len(l)))) * log(pi(w, t) / ref(w, t))) - sum(t, l, (alpha + (1 - alpha) * indicator(t <= min(len(w), len(l)))) * log(pi(l, t) / ref(l, t))))',
      ),
    ],
    ['wpo', `stopgrad(min(1, exp(a[w] + a[l]))) * (${S('beta * (h[w] - h[l])')})`],
    ['wpo without the stop', `min(1, exp(a[w] + a[l])) * (${S('beta * (h[w] - h[l])')})`],
    [
      'exo',
      'sigmoid(beta * h[w]) * (log(sigmoid(beta * h[w])) - log(0.9)) + sigmoid(-beta * h[w]) * (log(sigmoid(-beta * h[w])) - log(0.1))',
    ],
    ['nca', `${S('beta * h[w]')} + (${S('-beta * h[w]')}) / 2 + (${S('-beta * h[l]')}) / 2`],
    ['sppo', '(h[w] - 1 / (2 * beta))^2 + (h[l] + 1 / (2 * beta))^2'],
    ['simper', '-exp(a[w]) + exp(a[l])'],
    ['alphapo', S('beta / alpha * ((1 - exp(-alpha * a[w])) - (1 - exp(-alpha * a[l]))) - gamma')],
    ['softplus', 'softplus(-beta * (h[w] - h[l]))'],
    ['logsigmoid', '-logsigmoid(beta * (h[w] - h[l]))'],
    ['log1p', 'log1p(exp(-beta * (h[w] - h[l])))'],
    ['logaddexp', 'logaddexp(beta * h[w], beta * h[l]) - beta * h[w]'],
    ['entropy', 'sum(t, w, entropy(pi, w, t)) - sum(t, l, entropy(pi, l, t))'],
  ])('%s', (_, text) => {
    const loss = read(text);
    const slopes = [1, 2].flatMap((seed) => CASES.map(([target, at]) => checkSlope(loss, target, at, seed)));
    // The loss moves somewhere: otherwise nothing was compared.
    expect(slopes.some((slope) => !slope.isZero())).toBe(true);
  });
});

describe('shapes', () => {
  test.each([
    'log(pi(w)) * sum(t, w, pi(w, t))',
    'sum(t, w, pi(w) * pi(w, t)^2)',
    'sum(t, w, sum(s, w, pi(w, t) * pi(w, s)^2))',
    'sum(t, w, sum(s, l, pi(w, t)^3 / pi(l, s)))',
    'sum(t, w, pi(w, t) * sum(t, w, pi(w, t)^2))',
    'sum(t, w, t * log(pi(w, t)))',
    'sum(t, l, log(pi(w, t)))',
    'sum(t, w, sum(t, l, log(pi(w, t))))',
    'sum(t, w, log(pi(l, t) + pi(w, t)))',
    'log(pi(w, 2) + pi(w, 1))',
    'sum(t, w, pi(w, t) * pi(w, 2)) * pi(w)',
    'sum(t, w, pi(w, t) / sum(s, w, pi(w, s)))',
    'sum(t, w, sum(v, V, pi(w, t, v) * log(pi(w, t, v) / sum(s, l, pi(l, s)))))',
    'sum(t, w, log(sum(v, V, pi(w, t, v) * ref(w, t, v))))',
    'sum(v, V, pi(w, 1, v) * pi(l, 2, v))',
    'sum(y, Y, pi(y) * log(pi(y) / ref(y)))',
    'sum(y, Y, pi(y) * sum(t, y, log(pi(y, t)) * pi(w)))',
    'sum(y, Y, sum(y, Y, pi(y)) * pi(y))',
    'log(sum(y, Y, sum(t, y, sum(v, V, pi(y, t, v)))))',
    'pi(w)^pi(l)',
    'pi(w)^2.5 * 2^pi(w)',
    '(pi(w) + pi(l))^(pi(w) * beta)',
    'log(pi(w)^pi(l))',
    'log((2 * pi(w))^beta * pi(l) / 3)',
    'log(-pi(w) * (-pi(l)))',
    'log((log(pi(w)))^2)',
    'log(sqrt(pi(w)) + pi(l))',
    'log(sigmoid(pi(w)) * exp(pi(l)))',
    'log(tanh(pi(w)))',
    'sqrt(pi(w)) + expm1(pi(w)) + tanh(pi(w)) + log1p(pi(w))',
    'relu(log(pi(w) / pi(l))) + abs(log(pi(w) / pi(l)))',
    'max(pi(w), pi(l), pi(w, 1)) - min(pi(w, 2), pi(l, 1), pi(w, 1), pi(l, 2))',
    'clamp(pi(w), pi(l), pi(l) + 1/100)',
    'clamp(pi(w), pi(l), pi(l) - 1/100)',
    'clamp(pi(w, 1), pi(w, 2), pi(l, 1))',
    'stopgrad(pi(w)) * log(pi(w)) + stopgrad(log(pi(l)) * pi(w, 1)) / pi(l)',
    'stopgrad(pi(w) * stopgrad(pi(l))) - pi(l)',
    'indicator(pi(w) <= pi(l)) * pi(w) + indicator(pi(w) > pi(l)) * pi(l)^2',
  ])('%s', (text) => {
    const e = read(text);
    const slopes = [1, 2, 3].flatMap((seed) => CASES.map(([target, at]) => checkSlope(e, target, at, seed)));
    expect(slopes.some((slope) => !slope.isZero())).toBe(true);
  });

  test('what stands still has the derivative nought, written so', () => {
    for (const text of [
      'beta',
      'log(ref(w)) + len(l)',
      'sum(t, w, m(w, t))',
      'stopgrad(log(pi(w)))',
      'indicator(pi(w) <= pi(l))',
    ])
      for (const [target] of TARGETS) expect(differentiate(read(text), target)).toEqual(num(0));
  });

  test('a kink has one of its one-sided derivatives', () => {
    const derivative = (text: string): Real => {
      const e = differentiate(read(text), apply('pi', [w]));
      return valueIn(e, worldOf(1, policyOf(1)), PLACES);
    };
    const slope = derivative('pi(w)').toString();
    expect(derivative('relu(pi(w) - pi(w))').toString()).toBe('0');
    expect(derivative('abs(log(pi(w)) - log(pi(w)))').toString()).toBe('0');
    expect(derivative('max(pi(w), pi(w))').toString()).toBe(slope);
    expect(derivative('min(pi(w), pi(w), pi(w))').toString()).toBe(slope);
    expect(derivative('clamp(pi(w), pi(w), pi(w))').toString()).toBe(slope);
  });
});

describe('any expression', () => {
  /** Little but the policy, so that most move; the token variable of the targets is free here, and an index too. */
  const LANGUAGE: Language = {
    height: 4,
    largestNumerator: 5n,
    parameters: [],
    data: [
      ['pi', 'response'],
      ['pi', 'response', 'token'],
      ['pi', 'response', 'token', 'vocab'],
    ],
    largestTokenNumber: LONGEST,
    functions: ['logsigmoid', 'tanh', 'abs', 'relu', 'max', 'min', 'clamp', 'lt'],
    indices: [t, variable('s', 'token'), v, y],
    free: [w, l, t],
    freeze: true,
  };
  const expressions = definedExpressions(LANGUAGE);
  const place = fc.record({
    t: fc.integer({ min: 1, max: 2 }),
    v: fc.integer({ min: 1, max: WORDS }),
    seed: fc.nat(999),
  });

  test('has the slope of its values', () => {
    let moving = 0;
    fc.assert(
      fc.property(expressions, place, (e, { t, v, seed }) => {
        const slopes = TARGETS.map(([target]) => {
          const response = target.args[0] === w ? 1 : 2;
          return checkSlope(e, target, [response, t, v].slice(0, target.args.length), seed);
        });
        if (slopes.some((slope) => !slope.isZero())) moving++;
      }),
      { numRuns: 150 },
    );
    expect(moving).toBeGreaterThan(40);
  });

  test('has a derivative that mentions no more than itself and the target', () => {
    fc.assert(
      fc.property(expressions, fc.constantFrom(...TARGETS), (e, [target]) => {
        const known = [e, target].flatMap((part) => freeNames(part).map(({ name }) => name));
        for (const { name } of freeNames(differentiate(e, target))) expect(known).toContain(name);
      }),
    );
  });

  test('frozen, stands still', () => {
    fc.assert(
      fc.property(expressions, (e) => {
        expect(differentiate(freeze(e), apply('pi', [w, t]))).toEqual(num(0));
      }),
    );
  });
});
