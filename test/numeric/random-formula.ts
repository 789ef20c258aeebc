/** Random formulas over what the sampled batches of these tests hold: log-ratios, lengths, a score, a mask. */

import fc from 'fast-check';
import type { Expr } from '../../src/expr/expr.ts';
import { add, apply, call, divide, exp, log, minus, mul, num, pow, sigmoid } from '../../src/expr/expr.ts';
import { rational } from '../../src/expr/rational.ts';
import {
  alpha,
  average,
  beta,
  gamma,
  l,
  len,
  logistic,
  logRatio,
  pi,
  ref,
  t,
  tokens,
  w,
} from './formulas.ts';

const at = (name: string, y: Expr, position: Expr): Expr => apply(name, [y, position]);

const leaf: fc.Arbitrary<Expr> = fc.constantFrom<Expr>(
  alpha,
  beta,
  gamma,
  len(w),
  logRatio(w),
  logRatio(l),
  average(w),
  num(-2),
  num(rational(1, 3)),
  log(at('pi', l, num(1))),
  apply('score', [w]),
  sigmoid(logRatio(l)),
  exp(average(l)),
  divide(pi(l), ref(l)),
  tokens(w, mul([at('mask', w, t), log(at('ref', w, t))])),
);
export const { formula } = fc.letrec<{ formula: Expr }>((tie) => {
  const parts = fc.array(tie('formula'), { minLength: 2, maxLength: 3 });
  const part = tie('formula');
  return {
    formula: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      leaf,
      parts.map((all) => add(all)),
      parts.map((all) => mul(all)),
      fc.tuple(part, part).map(([a, b]) => divide(a, b)),
      part.map(minus),
      part.map((e) => sigmoid(e)),
      part.map((e) => logistic(e)),
      part.map((e) => exp(minus(call('abs', [e])))),
      part.map((e) => log(add([num(1), exp(e)]))),
      part.map((e) => log(call('abs', [e]))),
      part.map((e) => call('softplus', [e])),
      part.map((e) => call('relu', [e])),
      parts.map((all) => call('max', all)),
      part.map((e) => pow(e, num(2))),
      part.map((e) => pow(sigmoid(e), num(-1))),
    ),
  };
});
