/** The scalar functions a kernel is made of: each with its value, its spread and its rounding. */

import { log1mExp, logSigmoid, relu, sigmoid, softplus } from './stable.ts';

/** Half the distance from 1 to the next double: the relative error of one rounding. */
export const UNIT = 2 ** -53;
/** The smallest positive double: the absolute error of a result that underflows. */
export const TINY = 2 ** -1074;
/**
 * Bounds are themselves computed in doubles. Each operation on a bound errs by at most one unit, so this
 * factor on every result covers bounds computed with up to 2^22 operations each.
 */
export const INFLATE = 1 + 2 ** -30;

export interface ScalarFunction {
  readonly value: (x: number) => number;
  /**
   * A bound on |f(y) - f(x)| over all y with |y - x| <= e, where e > 0 (the mean value theorem). NaN or
   * Infinity where e is NaN: an unknown error must never become a small one.
   */
  readonly spread: (x: number, e: number) => number;
  /**
   * The relative error of one evaluation, in units of 2^-53. The library's exp, log, log1p and expm1
   * are within 1 ulp, which is at most 2 units, tanh within 2 ulp. The composed functions lose at most 6: exp 2, a sum 1,
   * then a quotient 1 or log1p 2, and one more sum. The same count holds for the usual implementations,
   * `1/(1+exp(-x))` and `min(0,x) - log1p(exp(-|x|))`, and their derivatives `z/(1+z)` and `1 - z/(1+z)`
   * with z = exp(-|x|): every sum in them is of terms of one sign, or its result is at least as large as
   * what is taken away.
   */
  readonly units: number;
}

const times = (slope: number, e: number): number => slope * e;
/** The least |y| with |y - x| <= e. */
const nearest = (x: number, e: number): number => Math.max(0, Math.abs(x) - e);
const INFINITE = Number.POSITIVE_INFINITY;

export const SCALAR = {
  exp: { value: Math.exp, spread: (x, e) => times(Math.exp(x + e), e), units: 2 },
  log: { value: Math.log, spread: (x, e) => (x > e ? e / (x - e) : INFINITE), units: 2 },
  log1p: { value: Math.log1p, spread: (x, e) => (1 + x > e ? e / (1 + x - e) : INFINITE), units: 2 },
  expm1: { value: Math.expm1, spread: (x, e) => times(Math.exp(x + e), e), units: 2 },
  sqrt: {
    value: Math.sqrt,
    spread: (x, e) => Math.min(Math.sqrt(e), x > e ? e / (2 * Math.sqrt(x - e)) : INFINITE),
    units: 1,
  },
  sigmoid: {
    value: sigmoid,
    spread: (x, e) => times(sigmoid(nearest(x, e)) * sigmoid(-nearest(x, e)), e),
    units: 6,
  },
  logsigmoid: { value: logSigmoid, spread: (x, e) => times(sigmoid(e - x), e), units: 6 },
  softplus: { value: softplus, spread: (x, e) => times(sigmoid(x + e), e), units: 6 },
  log1mexp: {
    value: log1mExp,
    spread: (x, e) => (x + e < 0 ? e / Math.expm1(-(x + e)) : INFINITE),
    units: 6,
  },
  tanh: {
    value: Math.tanh,
    spread: (x, e) => times(4 * sigmoid(2 * nearest(x, e)) * sigmoid(-2 * nearest(x, e)), e),
    units: 4,
  },
  abs: { value: Math.abs, spread: (_, e) => e, units: 0 },
  relu: { value: relu, spread: (x, e) => (x + e <= 0 ? 0 : e), units: 0 },
} as const satisfies Record<string, ScalarFunction>;

/** Whether f(x) = -Infinity is no overflow but the exact value at a pole, as log(0) is. */
export const isPole = (value: number, error: number): boolean =>
  value === Number.NEGATIVE_INFINITY && error === 0;

export type ScalarName = keyof typeof SCALAR;

export const COMPARISON = {
  le: (a, b) => (a <= b ? 1 : 0),
  lt: (a, b) => (a < b ? 1 : 0),
  eq: (a, b) => (a === b ? 1 : 0),
} as const satisfies Record<string, (a: number, b: number) => number>;

export type ComparisonName = keyof typeof COMPARISON;
