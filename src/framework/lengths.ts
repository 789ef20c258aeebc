/** A logit on pairs whose responses are equally long. */

import type { Declarations } from '../expr/declare.ts';
import type { Apply, Expr } from '../expr/expr.ts';
import { apply, subtract } from '../expr/expr.ts';
import { some } from '../expr/walk.ts';
import type { Equation } from '../forms/alternative.ts';
import { canonical } from '../forms/canonise.ts';
import { CHOSEN, REJECTED } from './score.ts';

const lengthOf = (y: typeof CHOSEN): Apply => apply('len', [y]);

export interface EqualLengths {
  readonly logit: Expr;
  readonly equation: Equation;
}

/**
 * What a logit is where len(w) = len(l), found by granting len(w) <= len(l) <= len(w), so that positions
 * within one response are known to lie within the other. Undefined where a length does not occur.
 */
export function atEqualLengths(u: Expr, declared: Declarations): EqualLengths | undefined {
  const equation: Equation = { left: lengthOf(CHOSEN), right: lengthOf(REJECTED) };
  if (!some(u, (node) => node.kind === 'apply' && node.name === 'len')) return undefined;
  const facts = [
    { kind: 'nonnegative', of: subtract(equation.left, equation.right) },
    { kind: 'nonnegative', of: subtract(equation.right, equation.left) },
  ] as const;
  const logit = canonical(u, { ...declared, facts: [...declared.facts, ...facts] });
  return logit === undefined ? undefined : { logit, equation };
}
