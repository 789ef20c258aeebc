/** The gradient of a loss in the policy's token log-probabilities, and a second opinion on it. */

import { Decimal } from 'decimal.js';
import type { Expr, Var } from '../expr/expr.ts';
import { apply, variable } from '../expr/expr.ts';
import { nodes } from '../expr/walk.ts';
import { differentiate } from '../forms/differentiate.ts';
import type { BatchShape, Role } from './batch.ts';
import type { Parameters, TokenKernel } from './compile.ts';
import { compileTokens } from './compile.ts';
import type { CompileFault } from './demand.ts';
import type { Point } from './exact.ts';
import { nudged } from './exact.ts';

/** The response variable of each role. */
export const RESPONSE: Readonly<Record<Role, Var>> = {
  chosen: variable('w', 'response'),
  rejected: variable('l', 'response'),
};

/** The derivative with respect to log pi(y,t) as an expression in its free token variable. */
export interface TokenDerivative {
  readonly token: Var;
  readonly derivative: Expr;
}

export function derivativeByToken(loss: Expr, role: Role): TokenDerivative {
  const token = variable(variableOutside(loss, 't'), 'token');
  return { token, derivative: differentiate(loss, apply('pi', [RESPONSE[role], token])) };
}

/** A name that `loss` mentions nowhere, bound or free: a sum over it must not catch the target of a derivative. */
export function variableOutside(loss: Expr, wanted: string): string {
  const taken = new Set<string>();
  for (const [node] of nodes(loss)) {
    if (node.kind === 'var') taken.add(node.name);
    if (node.kind === 'sum') taken.add(node.index.name);
  }
  let name = wanted;
  for (let k = 1; taken.has(name); k++) name = `${wanted}_${k}`;
  return name;
}

/**
 * The symbolic gradient of the sum of the losses of a batch by the token log-probabilities of one role, in the
 * order of its token arrays, compiled. Stop-gradients are constants.
 */
export function gradientByTokens(
  loss: Expr,
  role: Role,
  shape: BatchShape,
  parameters: Parameters,
): TokenKernel | CompileFault {
  const { token, derivative } = derivativeByToken(loss, role);
  return compileTokens(derivative, token, role, shape, parameters);
}

const DIGITS = 80;
const STEP = new Decimal('1e-20');

/** One coordinate of the policy: the log-probability of a token, or the logit of an entry of its distribution. */
export interface Coordinate {
  readonly role: Role;
  /** 0-based, in the response. */
  readonly token: number;
  readonly entry?: number;
}

/** A slope found without symbols. */
export interface Difference {
  readonly value: number;
  /** A bound on the error of `value` where the loss is smooth. */
  readonly error: number;
  /** The slopes on the two sides, the smaller first: equal but at a kink, where any slope between them is right. */
  readonly between: readonly [number, number];
}

/** One-sided slopes of a smooth loss differ by the step times its curvature: nothing like this share. */
const KINK = new Decimal('1e-6');

/**
 * The derivative of `loss` at one coordinate by central differences in decimal arithmetic, with a bound on its
 * error where the loss is smooth: what halving the step changes, and the digits lost by subtracting.
 * The truncation error falls fourfold as the step halves, so the change is three quarters of it.
 */
export function finiteDifference(loss: Expr, point: Point, coordinate: Coordinate): Difference {
  const lossWith = nudged(loss, point, DIGITS);
  const at = (by: Decimal): Decimal => lossWith({ ...coordinate, by });
  const here = at(new Decimal(0));
  const around = (step: Decimal): { readonly above: Decimal; readonly below: Decimal } => ({
    above: at(step).minus(here).div(step),
    below: here.minus(at(step.neg())).div(step),
  });
  const mean = ({ above, below }: ReturnType<typeof around>): Decimal => above.plus(below).div(2);
  const [whole, half] = [around(STEP), around(STEP.div(2))];
  // The intermediate results may be larger than the loss; the digits that leaves are 20 above what is used.
  const lost = here
    .abs()
    .plus(1)
    .div(STEP)
    .times(2)
    .times(`1e-${DIGITS - 20}`);
  const value = mean(half);
  const { above, below } = half;
  const isKink = above.minus(below).abs().gt(Decimal.max(above.abs(), below.abs()).times(KINK));
  const [least, most] = isKink ? [Decimal.min(above, below), Decimal.max(above, below)] : [value, value];
  return {
    value: value.toNumber(),
    error: value.minus(mean(whole)).abs().times(2).plus(lost).toNumber(),
    between: [least.toNumber(), most.toNumber()],
  };
}
