/** Cases at which code gives NaN although the loss has a value: the records are NaN, and ours are the exact values. */

import type { Decimal } from 'decimal.js';
import type { Expr } from '../expr/expr.ts';
import type { Batch } from './batch.ts';
import { ROLES, shapeOf } from './batch.ts';
import { compile } from './compile.ts';
import type { CompileFault } from './demand.ts';
import { exactValue } from './exact.ts';
import { numeric } from './hyperparameter.ts';
import type { Slopes } from './slopes.ts';
import { compareSlopes, slopesOf } from './slopes.ts';
import type { Tally, Where } from './tally.ts';
import { ulpOf } from './ulp.ts';
import type { VectorCase } from './vectors.ts';

/**
 * Compares ours with the exact values wherever the record is NaN. A record that is a number contradicts the
 * claim that the code gives none: there ours has nothing to agree with.
 */
export function compareUndefined(
  loss: Expr,
  batch: Batch,
  one: VectorCase,
  index: number,
  values: Tally,
  gradients: Tally,
): CompileFault | undefined {
  const parameters = numeric(one.hyperparameters);
  const at: Where = { case: index, batch: one.batch };
  const kernel = compile(loss, shapeOf(batch), parameters);
  if (kernel.kind !== 'kernel') return kernel;
  const exact = (pair: number): Decimal => exactValue(loss, { batch, pair, parameters });
  const wanted = standIn(one.losses ?? new Float64Array(0), exact);
  values.compare(kernel.runBounded(batch), wanted, wanted.map(halfUlp), (pair) => ({ ...at, pair }), exact);
  if (one.gradients === undefined) return undefined;
  const slopes = slopesOf(loss, batch, parameters, one.gradients.in, at);
  if ('kind' in slopes) return slopes;
  const { values: recorded } = one.gradients;
  const [chosen, rejected] = ROLES.map((role) => roleOf(slopes, role, recorded[role]));
  if (chosen !== undefined && rejected !== undefined) compareSlopes(slopes, { chosen, rejected }, gradients);
  return undefined;
}

const roleOf = (slopes: readonly Slopes[], role: Slopes['role'], recorded: Float64Array) => {
  const found = slopes.find((one) => one.role === role);
  const values = standIn(recorded, (i) => found?.exact(i));
  return { values, bounds: values.map(halfUlp) };
};

/** The nearest double of an exact value. */
const halfUlp = (x: number): number => ulpOf(x) / 2;

const standIn = (recorded: Float64Array, exact: (i: number) => Decimal | undefined): Float64Array =>
  recorded.map((x, i) => (Number.isNaN(x) ? (exact(i)?.toNumber() ?? Number.NaN) : Number.NaN));
