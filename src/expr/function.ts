/** The known functions. A new function is one row here; the compiler then asks every room that owes it an answer. */

export interface FnShape {
  /** How many arguments it takes; `max` undefined means any number from `min` on. */
  readonly min: number;
  readonly max: number | undefined;
}

const shape = (arity: number): FnShape => ({ min: arity, max: arity });
const atLeast = (min: number): FnShape => ({ min, max: undefined });

export const FUNCTIONS = {
  exp: shape(1),
  log: shape(1),
  sqrt: shape(1),
  /** log(1 + x) */
  log1p: shape(1),
  /** exp(x) - 1 */
  expm1: shape(1),
  /** 1 / (1 + exp(-x)) */
  sigmoid: shape(1),
  /** log(sigmoid(x)) */
  logsigmoid: shape(1),
  /** log(1 + exp(x)) */
  softplus: shape(1),
  tanh: shape(1),
  abs: shape(1),
  /** max(0, x) */
  relu: shape(1),
  max: atLeast(2),
  min: atLeast(2),
  /** clamp(x, low, high) = min(max(x, low), high) */
  clamp: shape(3),
  /** 1 where a <= b, else 0; written indicator(a <= b). */
  le: shape(2),
  /** 1 where a < b, else 0; written indicator(a < b). */
  lt: shape(2),
  /** 1 where a = b, else 0; written indicator(a == b). */
  eq: shape(2),
} as const satisfies Record<string, FnShape>;

export type FnName = keyof typeof FUNCTIONS;

export const FN_NAMES = Object.freeze(Object.keys(FUNCTIONS)) as readonly FnName[];

/** Whether `name` is a known function; safe for names such as `constructor`. */
export const isFnName = (name: string): name is FnName => Object.hasOwn(FUNCTIONS, name);
