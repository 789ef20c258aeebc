/** A logit on pairs whose responses are equally long. */

import type { Declarations } from '../expr/declare.ts';
import type { Apply, Expr } from '../expr/expr.ts';
import { apply, subtract, sym } from '../expr/expr.ts';
import { rebuild, some } from '../expr/walk.ts';
import type { Equation } from '../forms/alternative.ts';
import { canonical } from '../forms/canonise.ts';
import { CHOSEN, REJECTED, RESPONSE } from './score.ts';

const lengthOf = (y: typeof CHOSEN): Apply => apply('len', [y]);
/** The length that both have, no longer that of one response. */
const COMMON = sym('common length');

export interface EqualLengths {
  readonly logit: Expr;
  readonly declared: Declarations;
  readonly equation: Equation;
}

/** Where the common length enters an expression, the same in the length of the generic response; else undefined. */
export function ofLength(e: Expr): Expr | undefined {
  const isCommon = (node: Expr): boolean => node.kind === 'sym' && node.name === COMMON.name;
  if (!some(e, isCommon)) return undefined;
  return rebuild(e, (node) => (isCommon(node) ? lengthOf(RESPONSE) : node));
}

/**
 * What a logit is where len(w) = len(l), found by granting len(w) <= len(l) <= len(w), so that positions
 * within one response are known to lie within the other; the length itself is then a constant.
 * Undefined where a length does not occur.
 */
export function atEqualLengths(u: Expr, declared: Declarations): EqualLengths | undefined {
  const equation: Equation = { left: lengthOf(CHOSEN), right: lengthOf(REJECTED) };
  if (!some(u, isLength)) return undefined;
  const facts = [
    { kind: 'nonnegative', of: subtract(equation.left, equation.right) },
    { kind: 'nonnegative', of: subtract(equation.right, equation.left) },
  ] as const;
  const form = canonical(u, { ...declared, facts: [...declared.facts, ...facts] });
  if (form === undefined) return undefined;
  const logit = rebuild(form, (node) => (isLength(node) ? COMMON : node));
  const parameters = { ...declared.parameters, [COMMON.name]: 'positive' } as const;
  return { logit, declared: { ...declared, parameters }, equation };
}

const isLength = (node: Expr): boolean => node.kind === 'apply' && node.name === 'len';
