/** Losses against what real implementations gave, values and gradients, extremes included. */

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { substitute } from '../../src/expr/binder.ts';
import type { Expr } from '../../src/expr/expr.ts';
import { add, apply, log, minus, mul, num, subtract, sym } from '../../src/expr/expr.ts';
import type { Check } from '../../src/numeric/tally.ts';
import type { Vectors } from '../../src/numeric/vectors.ts';
import { readVectors } from '../../src/numeric/vectors.ts';
import type { VectorsQuestion } from '../../src/numeric/verify.ts';
import { verifyVectors } from '../../src/numeric/verify.ts';
import {
  alpha,
  beta,
  dpo,
  dpoWithoutReference,
  hDpo,
  l,
  logistic,
  pi,
  rDpo,
  ref,
  simpo,
  simpoHinge,
  w,
} from './formulas.ts';

/** The parts of a file that tests change. */
interface Loose {
  readonly batches: Record<string, Record<string, unknown>>;
  readonly cases: readonly { readonly outputs: { readonly losses: number[] } }[];
}

function golden(name: string, change: (json: Loose) => void = () => undefined): Vectors {
  const json: Loose = JSON.parse(readFileSync(new URL(`../golden/${name}.json`, import.meta.url), 'utf8'));
  change(json);
  const vectors = readVectors(json);
  if (vectors.kind !== 'vectors') throw new Error(JSON.stringify(vectors));
  return vectors;
}

type Question = Omit<VectorsQuestion, 'name' | 'vectors'> & { readonly vectors: string };

function ask({ vectors, ...rest }: Question): Check {
  const check = verifyVectors({ name: vectors, vectors: golden(vectors), ...rest });
  if (check.kind !== 'check') throw new Error(JSON.stringify(check));
  return check;
}

/** How many tokens the cases of a question have in all. */
const tokensOf = ({ vectors, where = new Map() }: Question): number => {
  const { batches, cases } = golden(vectors);
  const asked = cases.filter(({ hyperparameters }) =>
    [...where].every(([key, value]) => (hyperparameters.get(key) ?? null) === value),
  );
  const sides = asked.flatMap(({ batch }) => {
    const found = batches.get(batch)?.batch;
    return found === undefined ? [] : [found.chosen, found.rejected];
  });
  return sides.reduce((sum, { offsets }) => sum + (offsets.at(-1) ?? 0), 0);
};

const GAMMA = new Map<string, Expr>([['gamma', mul([beta, sym('gamma_beta_ratio')])]]);
const REPRODUCED: readonly (readonly [what: string, cases: number, Question])[] = [
  ['DPO', 9, { vectors: 'dpo', loss: dpo, where: new Map([['reference_free', null]]) }],
  [
    'DPO without a reference',
    3,
    { vectors: 'dpo', loss: dpoWithoutReference, where: new Map([['reference_free', true]]) },
  ],
  ['H-DPO', 12, { vectors: 'h_dpo', loss: hDpo, parameters: new Map([['alpha', sym('hdpo_alpha')]]) }],
  [
    'SimPO',
    9,
    { vectors: 'simpo', loss: simpo, parameters: GAMMA, where: new Map([['loss_type', 'sigmoid']]) },
  ],
  [
    'SimPO hinge',
    3,
    { vectors: 'simpo', loss: simpoHinge, parameters: GAMMA, where: new Map([['loss_type', 'hinge']]) },
  ],
  [
    'R-DPO, alpha negated',
    9,
    { vectors: 'r_dpo_oxrl', loss: rDpo, parameters: new Map([['alpha', minus(alpha)]]) },
  ],
];

describe.each(REPRODUCED)('%s', (_, cases, question) => {
  const check = ask(question);

  test('is reproduced, values and gradients, on ordinary and edge batches', () => {
    // The eight losses of each case and their mean.
    expect(check).toMatchObject({ cases, values: 9 * cases, passed: true, disagreements: [] });
    expect(check.gradients?.passed).toBe(true);
    expect(check.gradients?.values).toBe(tokensOf(question));
    expect(check.worst.used).toBeLessThanOrEqual(1);
  });

  test('is told from mutants', () => {
    const exchanged = substitute(question.loss, [
      [w, l],
      [l, w],
    ]);
    expect(ask({ ...question, loss: exchanged }).passed).toBe(false);
    expect(ask({ ...question, loss: minus(question.loss) }).passed).toBe(false);
    // One part in 10^12 is far beyond rounding at most inputs.
    const offset = mul([question.loss, add([num(1), num({ n: 1n, d: 10n ** 12n })])]);
    const near = ask({ ...question, loss: offset });
    expect(near.passed).toBe(false);
    expect(near.disagreements[0]).toMatchObject({ oursIsRight: true });
  });
});

test('the published R-DPO does not reproduce code with the sign of alpha flipped', () => {
  const check = ask({ vectors: 'r_dpo_oxrl', loss: rDpo });
  expect(check.passed).toBe(false);
  expect(check.gradients?.passed).toBe(false);
  expect(check.disagreements[0]?.oursIsRight).toBe(true);
});

test('other spellings of DPO pass, with any grouping of the terms', () => {
  const grouped = add([
    mul([beta, log(pi(w))]),
    mul([num(-1), beta, log(ref(w))]),
    mul([num(-1), beta, log(pi(l))]),
    mul([beta, log(ref(l))]),
  ]);
  const where = new Map([['reference_free', null]]);
  expect(ask({ vectors: 'dpo', loss: logistic(grouped), where }).passed).toBe(true);
});

test('a record that is off by a little more than rounding explains is a mismatch', () => {
  const vectors = golden('dpo', (json) => {
    const losses = json.cases[0]?.outputs.losses ?? [];
    losses[5] = (losses[5] ?? 0) * (1 + 1e-13);
  });
  const check = verifyVectors({
    name: 'dpo',
    loss: dpo,
    vectors,
    where: new Map([['reference_free', null]]),
  });
  expect(check).toMatchObject({
    passed: false,
    worst: { at: { case: 0, batch: 'random_a', pair: 5 } },
    gradients: { passed: true },
    disagreements: [{ oursIsRight: true }],
  });
});

test('data of the method are read by path, further distributions by name', () => {
  const scores = [1, 2, 3, 4, 5, 6, 7, 8];
  const vectors = golden('dpo', (json) => {
    for (const one of Object.values(json.batches)) {
      one.extra = { score: { chosen: scores.map((x) => [x]), rejected: scores } };
    }
  });
  const prev = (y: Expr): Expr => log(apply('prev', [y]));
  const u = subtract(subtract(log(pi(w)), prev(w)), subtract(log(pi(l)), prev(l)));
  const margin = subtract(apply('score', [w]), apply('score', [l]));
  const question = {
    name: 'dpo',
    loss: logistic(add([mul([beta, u]), margin])),
    vectors,
    where: new Map([['reference_free', null]]),
  };
  const data = new Map([
    ['prev', 'ref'],
    ['score', 'extra.score'],
  ]);
  expect(verifyVectors({ ...question, data })).toMatchObject({ kind: 'check', passed: true });
  expect(
    verifyVectors({
      ...question,
      data: new Map([
        ['prev', 'ref'],
        ['score', 'extra.constructor'],
      ]),
    }),
  ).toMatchObject({
    kind: 'no-such-path',
    name: 'score',
  });
  expect(verifyVectors(question)).toMatchObject({ kind: 'missing-data', name: 'prev' });
});

test('what cannot be asked is a fault', () => {
  expect(verifyVectors({ name: 's', loss: simpo, vectors: golden('simpo') })).toEqual({
    kind: 'missing-parameter',
    name: 'gamma',
    available: ['beta', 'gamma_beta_ratio', 'label_smoothing'],
  });
  expect(
    verifyVectors({ name: 'd', loss: dpo, vectors: golden('dpo'), where: new Map([['beta', 7]]) }),
  ).toEqual({ kind: 'no-cases' });
});
