/** Why no logistic loss with a separable logit is equal to a given loss: a point that shows it. */

import type { Declarations } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { call, exp, log, minus, mul, num, subtract } from '../expr/expr.ts';
import { refute } from '../forms/refute.ts';
import type { Witness } from '../forms/witness.ts';
import { atPair, interaction } from './score.ts';

/** What a witness shows to fail: a test of the logit, or that the loss is positive, as -log(sigmoid) is. */
export type Refuted = 'cocycle' | 'separable' | 'positive';

export interface Unserved {
  readonly refutes: Refuted;
  readonly witness: Witness;
}

const BUDGET = { points: 64, operations: 200_000 } as const;

/** What -log(sigmoid(u)) makes of exp(-u). */
const odds = (loss: Expr): Expr => subtract(exp(loss), num(1));

/** The one logit that a loss can have under the logistic link, as a formula. */
export const formalLogit = (loss: Expr): Expr => minus(log(odds(loss)));

/** Two products that are equal for all responses if the one logit that a loss can have is separable. */
export function separability(loss: Expr): readonly [Expr, Expr] {
  const at = (w: string, l: string): Expr => odds(atPair(loss, w, l));
  return [mul([at('a', 'b'), at('c', 'd')]), mul([at('a', 'd'), at('c', 'b')])];
}

/**
 * A point where the loss is not positive; else responses on which the one logit that it could have,
 * -log(exp(loss) - 1), is not separable. Undefined where neither was found.
 */
export function unserved(loss: Expr, declared: Declarations): Unserved | undefined {
  const nowhere = refute(call('le', [loss, num(0)]), num(0), declared, BUDGET);
  if (nowhere !== undefined) return { refutes: 'positive', witness: nowhere };
  const coupled = refute(interaction(formalLogit(loss)), num(0), declared, BUDGET);
  return coupled === undefined ? undefined : { refutes: 'separable', witness: coupled };
}
