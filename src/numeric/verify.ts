/** Does a loss reproduce what a reference implementation gave, values and gradients, within error bounds? */

import { substitute } from '../expr/binder.ts';
import type { Expr } from '../expr/expr.ts';
import { sym } from '../expr/expr.ts';
import type { AttachFault, DataMap } from './attach.ts';
import { attach } from './attach.ts';
import type { Batch } from './batch.ts';
import { shapeOf } from './batch.ts';
import type { Bounded, Parameters } from './compile.ts';
import { compile } from './compile.ts';
import type { CompileFault } from './demand.ts';
import { exactValue } from './exact.ts';
import type { Hyperparameter } from './hyperparameter.ts';
import { numeric } from './hyperparameter.ts';
import { meanOf } from './mean.ts';
import { compareSlopes, slopesOf } from './slopes.ts';
import type { Check, Tally, Where } from './tally.ts';
import { checkOf, tally } from './tally.ts';
import { compareUndefined } from './undefined.ts';
import { byResponse } from './unpaired.ts';
import type { VectorCase, Vectors } from './vectors.ts';

export type VerifyFault =
  | CompileFault
  | AttachFault
  | { readonly kind: 'no-cases' }
  /** The vectors give two losses per pair, and some term of the loss is about both responses or neither. */
  | { readonly kind: 'not-by-response'; readonly case: number }
  /** The vectors give no losses to compare with. */
  | { readonly kind: 'no-losses'; readonly case: number };

export interface VectorsQuestion {
  readonly name: string;
  /** A loss in w and l; for cases that make pairs of candidates, the reward of a candidate y. */
  readonly loss: Expr;
  readonly vectors: Vectors;
  /** Ours -> an expression in the hyper-parameters of the vectors. Names not listed are the same there. */
  readonly parameters?: ReadonlyMap<string, Expr>;
  readonly data?: DataMap;
  /** Which cases: those whose hyper-parameters have these values; null stands for one that a case lacks. */
  readonly where?: ReadonlyMap<string, Hyperparameter | null>;
  /** Which batches; all of them by default. */
  readonly batches?: ReadonlySet<string>;
  /** Whether the code gives NaN at these cases, where the loss and its gradient have values: asserted, then. */
  readonly undefinedThere?: boolean;
}

/** The loss or reward of a question in the hyper-parameters of its vectors. */
export const inTheirNames = ({ loss, parameters = new Map<string, Expr>() }: VectorsQuestion): Expr =>
  substitute(
    loss,
    [...parameters].map(([ours, by]) => [sym(ours), by] as const),
  );

/** Whether a question is about a case. */
export const isAsked = (
  { where = new Map(), batches }: Pick<VectorsQuestion, 'where' | 'batches'>,
  one: Vectors['cases'][number],
): boolean =>
  (batches === undefined || batches.has(one.batch)) &&
  [...where].every(([key, value]) => (one.hyperparameters.get(key) ?? null) === value);

/**
 * Evaluates `loss` on every case of losses that the question is about. The tolerance of each number is what our
 * own arithmetic may be off by plus what any float64 evaluation of the formula may be off by.
 */
export function verifyVectors(question: VectorsQuestion): Check | VerifyFault {
  const { vectors, name, data = new Map(), undefinedThere = false } = question;
  const loss = inTheirNames(question);
  const values = tally();
  const gradients = tally();
  let cases = 0;
  for (const [i, one] of vectors.cases.entries()) {
    if (one.kind !== 'losses' || !isAsked(question, one)) continue;
    const source = vectors.batches.get(one.batch);
    const batch = source === undefined ? undefined : attach(source, one.outputs, data, loss);
    if (batch === undefined) continue;
    if (batch.kind !== 'batch') return batch;
    const compareOne = undefinedThere ? compareUndefined : compareCase;
    const fault = compareOne(loss, batch, one, i, values, gradients);
    if (fault !== undefined) return fault;
    cases += 1;
  }
  return cases === 0
    ? { kind: 'no-cases' }
    : checkOf(name, cases, { values: values.tallied(), gradients: gradients.tallied() });
}

function compareCase(
  loss: Expr,
  batch: Batch,
  one: VectorCase,
  index: number,
  values: Tally,
  gradients: Tally,
): VerifyFault | undefined {
  const parameters = numeric(one.hyperparameters);
  const at: Where = { case: index, batch: one.batch };
  const fault = compareLosses(loss, batch, one, parameters, at, values);
  if (fault !== undefined || one.gradients === undefined) return fault;
  const slopes = slopesOf(loss, batch, parameters, one.gradients.in, at);
  if ('kind' in slopes) return slopes;
  const { chosen, rejected } = one.gradients.values;
  compareSlopes(slopes, { chosen: { values: chosen }, rejected: { values: rejected } }, gradients);
  return undefined;
}

function compareLosses(
  loss: Expr,
  batch: Batch,
  one: VectorCase,
  parameters: Parameters,
  at: Where,
  values: Tally,
): VerifyFault | undefined {
  const { losses, mean } = one;
  if (losses === undefined && mean === undefined) return { kind: 'no-losses', case: at.case };
  const paired = losses === undefined || losses.length === batch.pairs;
  const parts = paired ? [loss] : byResponse(loss);
  if (parts === undefined) return { kind: 'not-by-response', case: at.case };
  const found: Bounded[] = [];
  for (const [i, part] of parts.entries()) {
    const kernel = compile(part, shapeOf(batch), parameters);
    if (kernel.kind !== 'kernel') return kernel;
    const ours = kernel.runBounded(batch);
    found.push(ours);
    if (losses === undefined) continue;
    values.compare(
      ours,
      losses.subarray(i * batch.pairs, (i + 1) * batch.pairs),
      ours.other,
      (pair) => ({ ...at, pair, ...(!paired && { role: i === 0 ? 'chosen' : 'rejected' }) }),
      (pair) => exactValue(part, { batch, pair, parameters }),
    );
  }
  if (mean === undefined) return undefined;
  const { ours, exact } = meanOf(found, (part, pair) =>
    exactValue(parts[part] ?? loss, { batch, pair, parameters }),
  );
  values.compare(ours, [mean], ours.other, () => at, exact);
  return undefined;
}
