/** From a logit u(w, l) to scores: the cocycle test and the separability test, each one zero test. */

import type { Replacement } from '../expr/binder.ts';
import { occursFree, substitute } from '../expr/binder.ts';
import type { Declarations } from '../expr/declare.ts';
import type { Expr, Var } from '../expr/expr.ts';
import { add, minus, num, variable } from '../expr/expr.ts';
import { logisticLogit, termsOf } from '../forms/canonise.ts';
import { total } from '../forms/collect.ts';
import type { Decision } from '../forms/decide.ts';
import { decide } from '../forms/decide.ts';

const response = (name: string): Var => variable(name, 'response');
export const CHOSEN = response('w');
export const REJECTED = response('l');
export const RESPONSE = response('y');

/** A function of the pair at two other responses. */
export const atPair = (u: Expr, w: string, l: string): Expr =>
  substitute(u, [
    [CHOSEN, response(w)],
    [REJECTED, response(l)],
  ] satisfies Replacement[]);

/** The logit of a logistic loss, in any spelling; undefined where the loss has none that splits by response. */
export const logitOf = (loss: Expr, declared: Declarations): Expr | undefined =>
  logisticLogit(loss, declared, (factor) => occursFree(factor, CHOSEN) && occursFree(factor, REJECTED));

/** u(a,b) + u(b,c) + u(c,a): zero for all responses iff u(w,l) = s(w) - s(l) for some score s. */
export const cocycle = (u: Expr): Expr =>
  add([atPair(u, 'a', 'b'), atPair(u, 'b', 'c'), atPair(u, 'c', 'a')]);

/** u(a,b) - u(a,d) - u(c,b) + u(c,d): zero for all responses iff u(w,l) = f(w) - g(l). */
export const interaction = (u: Expr): Expr =>
  add([atPair(u, 'a', 'b'), minus(atPair(u, 'a', 'd')), minus(atPair(u, 'c', 'b')), atPair(u, 'c', 'd')]);

/** Whether an expression vanishes identically. */
export const vanishes = (e: Expr, declared: Declarations): Decision => decide(e, num(0), declared);

/** u(w,l) = chosen(w) - rejected(l), both written in the response y; constants count with the chosen one. */
export interface Scores {
  readonly chosen: Expr;
  readonly rejected: Expr;
}

export type Role = 'chosen' | 'rejected' | 'both' | 'neither';

/** Which of the two responses an expression is about. */
export function roleOf(e: Expr): Role {
  const [w, l] = [occursFree(e, CHOSEN), occursFree(e, REJECTED)];
  return w ? (l ? 'both' : 'chosen') : l ? 'rejected' : 'neither';
}

const mentionsBoth = (e: Expr): boolean => roleOf(e) === 'both';

/** The canonical terms of a logit that mention both responses, all of it where its form is out of reach. */
export const coupling = (u: Expr, declared: Declarations): Expr => {
  const terms = termsOf(u, declared);
  return terms === undefined ? u : total(terms.filter(mentionsBoth));
};

/**
 * The two scores of a separable logit, from its canonical terms; undefined where some term mentions both
 * responses although the logit is separable (then no split by terms exists).
 */
export function scoresOf(u: Expr, declared: Declarations): Scores | undefined {
  const terms = termsOf(u, declared);
  if (terms === undefined || terms.some(mentionsBoth)) return undefined;
  const chosen = terms.filter((e) => !occursFree(e, REJECTED));
  const rejected = terms.filter((e) => occursFree(e, REJECTED));
  return {
    chosen: substitute(total(chosen), [[CHOSEN, RESPONSE]]),
    rejected: substitute(total(rejected.map(minus)), [[REJECTED, RESPONSE]]),
  };
}
