/** The losses the tests of this folder evaluate, built by the constructors. */

import type { Expr } from '../../src/expr/expr.ts';
import {
  add,
  apply,
  call,
  divide,
  log,
  minus,
  mul,
  num,
  sigmoid,
  subtract,
  sum,
  sym,
  variable,
} from '../../src/expr/expr.ts';

export const w = variable('w', 'response');
export const l = variable('l', 'response');
export const t = variable('t', 'token');
export const v = variable('v', 'vocab');
export const beta = sym('beta');
export const alpha = sym('alpha');
export const gamma = sym('gamma');

export const pi = (y: Expr): Expr => apply('pi', [y]);
export const ref = (y: Expr): Expr => apply('ref', [y]);
export const len = (y: Expr): Expr => apply('len', [y]);
export const logRatio = (y: Expr): Expr => log(divide(pi(y), ref(y)));
export const average = (y: Expr): Expr => divide(log(pi(y)), len(y));
/** -log sigmoid(u) */
export const logistic = (u: Expr): Expr => minus(log(sigmoid(u)));
export const tokens = (y: Expr, body: Expr): Expr => sum(t, { kind: 'tokens', of: y }, body);
export const vocabulary = (body: Expr): Expr => sum(v, { kind: 'vocabulary' }, body);

export const dpo = logistic(mul([beta, subtract(logRatio(w), logRatio(l))]));
export const dpoWithoutReference = logistic(mul([beta, subtract(log(pi(w)), log(pi(l)))]));
export const hDpo = logistic(
  subtract(
    mul([alpha, beta, subtract(log(pi(w)), log(pi(l)))]),
    mul([beta, subtract(log(ref(w)), log(ref(l)))]),
  ),
);
const simpoMargin = subtract(mul([beta, subtract(average(w), average(l))]), gamma);
export const simpo = logistic(simpoMargin);
export const simpoHinge = call('relu', [subtract(num(1), simpoMargin)]);
export const rDpo = logistic(
  add([mul([beta, subtract(logRatio(w), logRatio(l))]), mul([alpha, subtract(len(w), len(l))])]),
);
/** sum(t, y, sum(v, V, ref(y,t,v) * log(ref(y,t,v) / pi(y,t,v)))) */
export const forwardKl = (y: Expr): Expr => {
  const [p, q] = [apply('ref', [y, t, v]), apply('pi', [y, t, v])];
  return tokens(y, vocabulary(mul([p, log(divide(p, q))])));
};
export const tdpo = logistic(
  subtract(
    mul([beta, subtract(logRatio(w), logRatio(l))]),
    mul([beta, subtract(forwardKl(l), forwardKl(w))]),
  ),
);
