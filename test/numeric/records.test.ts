/** Records of other shapes than one loss per pair: responses on their own, undefined numbers, pairs of candidates. */

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Expr } from '../../src/expr/expr.ts';
import { add, apply, minus, mul, num, sigmoid, subtract, sym, variable } from '../../src/expr/expr.ts';
import { verifySelection } from '../../src/numeric/selected.ts';
import { byResponse } from '../../src/numeric/unpaired.ts';
import type { Vectors } from '../../src/numeric/vectors.ts';
import { readVectors } from '../../src/numeric/vectors.ts';
import { verifyVectors } from '../../src/numeric/verify.ts';
import { alpha, beta, dpo, l, logRatio, tdpo, w } from './formulas.ts';

/** A file of vectors, its JSON changed first. */
function golden(name: string, change: (json: Loose) => void = () => undefined): Vectors {
  const json: Loose = JSON.parse(readFileSync(new URL(`../golden/${name}.json`, import.meta.url), 'utf8'));
  change(json);
  const vectors = readVectors(json);
  if (vectors.kind !== 'vectors') throw new Error(JSON.stringify(vectors));
  return vectors;
}
interface Loose {
  cases: { outputs: Record<string, unknown> & { losses: unknown[]; kl: unknown } }[];
}

const z = apply('z', []);
const gain = subtract(num(1), sigmoid(mul([beta, subtract(logRatio(w), z)])));
const loss = subtract(num(1), sigmoid(mul([beta, subtract(z, logRatio(l))])));
const weighted = add([mul([sym('desirable_weight'), gain]), mul([sym('undesirable_weight'), loss])]);

describe('responses on their own', () => {
  const question = {
    name: 'kto',
    loss: weighted,
    data: new Map([['z', 'outputs.kl']]),
    where: new Map([['loss_type', 'kto']]),
  };

  test('two losses to a pair are compared one by one, and their mean', () => {
    const check = verifyVectors({ ...question, vectors: golden('kto_trl') });
    expect(check).toMatchObject({ kind: 'check', cases: 6, values: 6 * 17, passed: true });
  });

  test('losses of the two kinds that are exchanged are a mismatch although every sum of a pair is the same', () => {
    const vectors = golden('kto_trl', ({ cases }) => {
      const [first] = cases;
      if (first !== undefined) {
        first.outputs.losses = [...first.outputs.losses.slice(8), ...first.outputs.losses.slice(0, 8)];
      }
    });
    expect(verifyVectors({ ...question, vectors })).toMatchObject({
      passed: false,
      disagreements: [{ at: { case: 0, pair: 0, role: 'chosen' } }, {}, {}],
    });
  });

  test('the statistic of the batch is what the code says: the mean log-ratio of mismatched pairs, at least nought', () => {
    const json = JSON.parse(readFileSync(new URL('../golden/kto_trl.json', import.meta.url), 'utf8'));
    for (const { batch, hyperparameters, outputs } of json.cases) {
      if (!hyperparameters.calculate_KL) continue;
      const { policy, ref } = json.batches[batch].kl_logps;
      const ratios = policy.map((x: number, i: number) => x - ref[i]);
      const mean = ratios.reduce((s: number, x: number) => s + x, 0) / ratios.length;
      expect(outputs.kl).toBeCloseTo(Math.max(0, mean), 12);
    }
  });

  test('a loss with a term about both responses, or neither, is not compared', () => {
    expect(byResponse(dpo)).toBeUndefined();
    expect(byResponse(add([num(1), logRatio(w), logRatio(l)]))).toBeUndefined();
    expect(byResponse(add([subtract(num(1), logRatio(w)), logRatio(l)]))).toHaveLength(2);
    const asked = verifyVectors({ ...question, loss: dpo, vectors: golden('kto_trl') });
    expect(asked).toEqual({ kind: 'not-by-response', case: 0 });
  });
});

describe('records of nothing', () => {
  const question = {
    name: 'tdpo',
    loss: tdpo,
    batches: new Set(['ref_probs_underflow']),
    undefinedThere: true,
  };

  test('are asserted: theirs is NaN everywhere, ours is within its bound of the exact value', () => {
    const check = verifyVectors({ ...question, vectors: golden('tdpo_underflow') });
    expect(check).toMatchObject({ kind: 'check', cases: 1, values: 2, passed: true });
    expect(check).toMatchObject({ gradients: { values: 77, passed: true } });
  });

  test('a record that is a number contradicts them', () => {
    const vectors = golden('tdpo_underflow', ({ cases }) => {
      const [first] = cases;
      if (first !== undefined) first.outputs.losses[1] = 0.25;
    });
    expect(verifyVectors({ ...question, vectors })).toMatchObject({
      passed: false,
      disagreements: [{ at: { pair: 1 }, oursIsRight: true }],
    });
  });

  test('and unasserted they are a mismatch', () => {
    const vectors = golden('tdpo_underflow');
    const asked = { name: 'tdpo', loss: tdpo, batches: question.batches, vectors };
    expect(verifyVectors(asked)).toMatchObject({ passed: false });
  });
});

describe('pairs of candidates', () => {
  const y = variable('y', 'response');
  const reward: Expr = subtract(apply('implicit', [y]), mul([alpha, apply('characters', [y])]));
  const question = {
    name: 'selection',
    loss: reward,
    data: new Map([
      ['implicit', 'score'],
      ['characters', 'length_chars'],
    ]),
  };

  test('are the best and the worst by the reward, and the sweep comes out the same', () => {
    const check = verifySelection({ ...question, vectors: golden('dice_selection') });
    // Six prompts in three cases: two lengths and two rewards each; then 111 values of a sweep and the best of them.
    expect(check).toMatchObject({ kind: 'check', cases: 4, values: 3 * 24 + 112, passed: true });
  });

  test.each<[what: string, loss: Expr]>([
    ['a reward of the contrary sign', minus(reward)],
    [
      'a reward on length of the contrary sign',
      add([apply('implicit', [y]), mul([alpha, apply('characters', [y])])]),
    ],
    ['no penalty on length', apply('implicit', [y])],
  ])('%s makes other pairs', (_, loss) => {
    expect(verifySelection({ ...question, loss, vectors: golden('dice_selection') })).toMatchObject({
      passed: false,
    });
  });

  test('a column that is not there is a fault', () => {
    const data = new Map([...question.data, ['implicit', 'constructor']]);
    expect(verifySelection({ ...question, data, vectors: golden('dice_selection') })).toMatchObject({
      kind: 'no-such-path',
    });
  });
});
