/** What happens along a path: the value of an expression at each pair, and how the chosen response moves a loss. */

import type { Expr } from '../expr/expr.ts';
import { FLOAT } from './arithmetic.ts';
import type { Batch } from './batch.ts';
import { shapeOf } from './batch.ts';
import type { Parameters } from './compile.ts';
import { compile } from './compile.ts';
import type { CompileFault } from './demand.ts';
import { gradientByTokens } from './gradient.ts';
import { gradientByLogits } from './logits.ts';
import { logProbabilities } from './normalise.ts';

/** One number per pair. */
export function valuesOn(e: Expr, batch: Batch, parameters: Parameters): Float64Array | CompileFault {
  const kernel = compile(e, shapeOf(batch), parameters);
  return kernel.kind === 'kernel' ? kernel.run(batch) : kernel;
}

/**
 * Minus the derivative of a loss by log pi(w), the tokens of the chosen response moving alike: what multiplies the
 * gradient of its log-probability. Where whole distributions are asked for, the other entries of the vocabulary keep
 * their proportions. Stop-gradients are constants.
 */
export function weightsOn(loss: Expr, batch: Batch, parameters: Parameters): Float64Array | CompileFault {
  const slopes = tokenSlopes(loss, batch, parameters);
  if (!(slopes instanceof Float64Array)) return slopes;
  const { offsets } = batch.chosen;
  return Float64Array.from({ length: batch.pairs }, (_, pair) => {
    const [start = 0, end = 0] = [offsets[pair], offsets[pair + 1]];
    return -slopes.subarray(start, end).reduce((sum, slope) => sum + slope, 0) / (end - start);
  });
}

/** The derivative by the log-probability of each token of the chosen responses. */
function tokenSlopes(loss: Expr, batch: Batch, parameters: Parameters): Float64Array | CompileFault {
  const shape = shapeOf(batch);
  if (!shape.vocabularies.has('pi')) {
    const kernel = gradientByTokens(loss, 'chosen', shape, parameters);
    return kernel.kind === 'token-kernel' ? kernel.runTokens(batch) : kernel;
  }
  const kernel = gradientByLogits(loss, 'chosen', shape, parameters);
  if (kernel.kind !== 'logit-kernel') return kernel;
  const byLogit = kernel.run(batch);
  const { labels } = batch.chosen;
  const logProb = logProbabilities(batch, FLOAT).ofToken('pi', 'chosen');
  // Moving one logit by dz moves its log-probability by (1 - p) dz, and leaves the proportions of the others.
  return Float64Array.from(labels, (label, i) => {
    const slope = byLogit[i * batch.vocabulary + label] ?? Number.NaN;
    return slope / -Math.expm1(logProb(i));
  });
}
