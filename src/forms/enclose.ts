/** The rigorous enclosure of an expression at concrete values: doubles first, then more digits. */

import type { Expr } from '../expr/expr.ts';
import type { Rational } from '../expr/rational.ts';
import { DOUBLE } from './double.ts';
import type { Arithmetic, Interval, Outcome } from './interval.ts';
import { below, boundsOf } from './interval.ts';
import { precise } from './precise.ts';
import type { Program } from './program.ts';
import { compile, run } from './program.ts';
import type { Space } from './space.ts';

/** Bounds of a value as decimal strings, rounded outward: the true value lies between them. */
export interface Enclosure {
  readonly low: string;
  readonly high: string;
}

/**
 * The enclosure of `e` over a space, the named inputs (`beta`, `pi(w)`, `pi(w,1)`) having the given values;
 * `unknown` where a value is missing. Sums are unrolled over the space.
 */
export function enclose<N>(
  e: Expr,
  space: Space,
  values: ReadonlyMap<string, Rational>,
  arithmetic: Arithmetic<N>,
): Outcome<N> {
  const program = compile([e], space);
  if (program === undefined) return 'unknown';
  const inputs: Interval<N>[] = [];
  for (const { key } of program.inputs) {
    const value = values.get(key);
    if (value === undefined) return 'unknown';
    inputs.push(arithmetic.rational(value));
  }
  return run(program, arithmetic, inputs)[0] ?? 'unknown';
}

/** What comparing two sides at a point can show. */
export type Comparison =
  | { readonly kind: 'apart'; readonly left: Enclosure; readonly right: Enclosure }
  /** Both are defined, and their enclosures overlap. */
  | { readonly kind: 'together' }
  /** One side is surely outside its domain. */
  | { readonly kind: 'undefined' }
  | { readonly kind: 'unknown' };

/** Whether the enclosures are disjoint, without formatting them. */
export function areApart<N>(arithmetic: Arithmetic<N>, left: Outcome<N>, right: Outcome<N>): boolean {
  if (typeof left === 'string' || typeof right === 'string') return false;
  return below(arithmetic, left, right) || below(arithmetic, right, left);
}

/** Compares the first two outputs of a program in one arithmetic. */
export function compareOutcomes<N>(
  arithmetic: Arithmetic<N>,
  left: Outcome<N>,
  right: Outcome<N>,
): Comparison {
  if (left === 'undefined' || right === 'undefined') return { kind: 'undefined' };
  if (left === 'unknown' || right === 'unknown') return { kind: 'unknown' };
  if (!areApart(arithmetic, left, right)) return { kind: 'together' };
  return { kind: 'apart', left: boundsOf(arithmetic, left), right: boundsOf(arithmetic, right) };
}

/** A stage of rising effort. `weight` is the cost of an elementary function in double operations. */
export interface Effort {
  readonly weight: number;
  /** The outputs' outcomes, judged by whoever knows what they mean. */
  readonly judge: <T>(program: Program, values: readonly Rational[], by: Judgement<T>) => T;
}
export type Judgement<T> = <N>(arithmetic: Arithmetic<N>, outcomes: readonly Outcome<N>[]) => T;

function effort<N>(weight: number, arithmetic: () => Arithmetic<N>): Effort {
  return {
    weight,
    judge: (program, values, by) => {
      const used = arithmetic();
      const inputs = values.map((value) => used.rational(value));
      return by(used, run(program, used, inputs));
    },
  };
}

export const QUICK: Effort = effort(1, () => DOUBLE);
/** Weights as measured: an elementary function takes about 0.1, 0.5 and 10 ms at these precisions. */
export const THOROUGH: readonly Effort[] = [
  effort(2_000, () => precise(40)),
  effort(10_000, () => precise(120)),
  effort(200_000, () => precise(400)),
];
