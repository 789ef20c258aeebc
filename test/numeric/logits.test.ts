/** Rows of logits: normalised on the way in, and the gradient by logits on the way out. */

import { describe, expect, test } from 'vitest';
import type { Expr } from '../../src/expr/expr.ts';
import { apply, freeze, log, mul, sum, variable } from '../../src/expr/expr.ts';
import type { Batch } from '../../src/numeric/batch.ts';
import { batch, ROLES, shapeOf } from '../../src/numeric/batch.ts';
import { compile } from '../../src/numeric/compile.ts';
import { finiteDifference } from '../../src/numeric/gradient.ts';
import { gradientByLogits } from '../../src/numeric/logits.ts';
import { sampleBatch } from '../../src/numeric/sample.ts';
import { slopesOf } from '../../src/numeric/slopes.ts';
import { dpo, forwardKl, l, t, tdpo, v, vocabulary, w } from './formulas.ts';

const PARAMETERS = new Map([
  ['beta', 0.4],
  ['alpha', 0.7],
]);

/** One pair of one-token responses with the given logits under the policy; the reference is uniform. */
function single(logits: readonly number[], label: number): Batch {
  const flat = logits.map(() => 0);
  const side = {
    lengths: [1],
    labels: [[label]],
    rows: new Map([
      ['pi', [[logits]]],
      ['ref', [[flat]]],
    ]),
  };
  const made = batch({ chosen: side, rejected: side });
  if (made.kind !== 'batch') throw new Error(made.kind);
  return made;
}
const entry = (y: Expr, at: Expr): Expr => apply('pi', [y, t, at]);
const overTokens = (body: Expr): Expr => sum(t, { kind: 'tokens', of: w }, body);

describe('rows are logits', () => {
  test.each<[what: string, logits: readonly number[], e: Expr, value: number]>([
    ['a token is its softmax', [-1, -1, -1, -1], log(apply('pi', [w])), -Math.log(4)],
    ['whatever the logits are shifted by', [-901, -901, -901, -901], log(apply('pi', [w])), -Math.log(4)],
    ['entries sum to one', [-1, -2, -700, -0.5], overTokens(vocabulary(entry(w, v))), 1],
    [
      'an impossible entry has no probability',
      [0, Number.NEGATIVE_INFINITY, 0, 0],
      overTokens(vocabulary(entry(w, v))),
      1,
    ],
  ])('%s', (_, logits, e, value) => {
    const made = batch(
      {
        chosen: { lengths: [1], labels: [[0]], rows: new Map([['pi', [[logits]]]]) },
        rejected: { lengths: [1], labels: [[0]], rows: new Map([['pi', [[logits]]]]) },
      },
      { impossible: true },
    );
    if (made.kind !== 'batch') throw new Error(made.kind);
    const kernel = compile(e, shapeOf(made), new Map());
    if (kernel.kind !== 'kernel') throw new Error(kernel.kind);
    expect(kernel.run(made)[0]).toBeCloseTo(value, 14);
  });
});

describe('the gradient by logits', () => {
  const gradientOf = (loss: Expr, of: Batch): Float64Array => {
    const kernel = gradientByLogits(loss, 'chosen', shapeOf(of), PARAMETERS);
    if (kernel.kind !== 'logit-kernel') throw new Error(kernel.kind);
    expect([...kernel.run(of)]).toEqual([...kernel.runBounded(of).values]);
    return kernel.run(of);
  };

  test('of a log-probability is one at its label less the softmax', () => {
    const found = gradientOf(log(apply('pi', [w])), single([-1, -1, -1, -1], 2));
    expect([...found]).toEqual([-0.25, -0.25, 0.75, -0.25]);
  });

  test('of the divergence from the reference is the policy less the reference', () => {
    const weights = [0.1, 0.2, 0.3, 0.4];
    const found = gradientOf(forwardKl(w), single(weights.map(Math.log), 0));
    for (const [i, weight] of weights.entries()) expect(found[i]).toBeCloseTo(weight - 0.25, 15);
  });

  test('of a normalised sum is nought', () => {
    const found = gradientOf(overTokens(vocabulary(entry(w, v))), single([-1, -2, -3, -4], 1));
    for (const slope of found) expect(Math.abs(slope)).toBeLessThan(1e-16);
  });

  test.each<[what: string, loss: Expr]>([
    ['DPO', dpo],
    ['TDPO', tdpo],
    ['a frozen divergence', mul([freeze(forwardKl(w)), dpo])],
    ['entropies against each other', mul([forwardKl(w), forwardKl(l)])],
    [
      'the collision probability',
      overTokens(log(vocabulary(mul([entry(w, v), entry(w, variable('v', 'vocab'))])))),
    ],
  ])('of %s is its derivative at every entry', (_, loss) => {
    const made = sampleBatch({ seed: 3, pairs: 3, tokens: 2, vocabulary: 3 });
    const slopes = slopesOf(loss, made, PARAMETERS, 'logits', { case: 0 });
    if ('kind' in slopes) throw new Error(slopes.kind);
    expect(slopes.map(({ role }) => role)).toEqual(ROLES);
    for (const { role, ours, place, exact } of slopes) {
      for (let i = 0; i < ours.values.length; i++) {
        const { pair = 0, token = 0, entry: at = 0 } = place(i);
        const point = { batch: made, pair, parameters: PARAMETERS };
        const { value, error } = finiteDifference(loss, point, { role, token, entry: at });
        const bound = (ours.own[i] ?? 0) + error;
        expect(Math.abs((ours.values[i] ?? Number.NaN) - value)).toBeLessThanOrEqual(bound);
        expect(Math.abs(exact(i).toNumber() - value)).toBeLessThanOrEqual(error + 1e-16 * Math.abs(value));
      }
    }
  });
});
