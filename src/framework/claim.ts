/** A property of a loss, answered like an equality: proved, refuted with a point where it fails, or undecided. */

import type { Declarations } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { call, minus, num } from '../expr/expr.ts';
import { provesEqual } from '../forms/decide.ts';
import { refute } from '../forms/refute.ts';
import type { Witness } from '../forms/witness.ts';
import { halfOf } from './half.ts';

export type Answer =
  | { readonly answer: 'proved' }
  | { readonly answer: 'refuted'; readonly witness: Witness }
  | { readonly answer: 'undecided' };

const GLANCE = { points: 64, operations: 300_000 } as const;

/** Whether an expression is nowhere positive. */
export function nowherePositive(e: Expr, declared: Declarations): Answer {
  if (halfOf(minus(e), declared) === 'nonnegative') return { answer: 'proved' };
  return refuted(call('lt', [num(0), e]), num(0), declared);
}

/** Whether an expression is nowhere negative. */
export const nowhereNegative = (e: Expr, declared: Declarations): Answer =>
  nowherePositive(minus(e), declared);

/** Whether two expressions are equal everywhere. */
export function equalEverywhere(a: Expr, b: Expr, declared: Declarations): Answer {
  // A proof is cheap; looking for a point at which equal things differ is not.
  return provesEqual(a, b, declared) ? { answer: 'proved' } : refuted(a, b, declared);
}

/** Refuted by a point where `a` and `b` differ; undecided otherwise. */
export function refuted(a: Expr, b: Expr, declared: Declarations): Answer {
  const witness = refute(a, b, declared, GLANCE);
  return witness === undefined ? { answer: 'undecided' } : { answer: 'refuted', witness };
}

/** All of several: refuted by the first that is, proved if all are. */
export function all(answers: readonly Answer[]): Answer {
  const no = answers.find(({ answer }) => answer === 'refuted');
  if (no !== undefined) return no;
  return answers.every(({ answer }) => answer === 'proved') ? { answer: 'proved' } : { answer: 'undecided' };
}
