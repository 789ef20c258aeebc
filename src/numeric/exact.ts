/**
 * The literal evaluator: a formula read word by word in decimal arithmetic of many digits. It shares
 * nothing with the compiled kernels, takes no short cuts, and settles what double precision leaves open.
 */

import type { Decimal } from 'decimal.js';
import { occursFree } from '../expr/binder.ts';
import type { Apply, Call, Expr, Sum, Var } from '../expr/expr.ts';
import type { Batch, Role } from './batch.ts';
import { roleOf } from './demand.ts';
import { decimalOf, decimalOfDouble, decimals } from './exactness.ts';

type Indices = readonly (readonly [variable: Var, index: number])[];

/** What an evaluation is at: a pair of a batch, hyper-parameters, and indices of free variables (0-based). */
export interface Point {
  readonly batch: Batch;
  readonly pair: number;
  readonly parameters: ReadonlyMap<string, number>;
  readonly free?: Indices;
}

/** A change of one log-probability of the policy, or of one logit, unseen by stop-gradients. */
export interface Nudge {
  readonly role: Role;
  /** 0-based, in the response. */
  readonly token: number;
  /** The vocabulary entry whose logit changes; without one the log-probability of the token itself does. */
  readonly entry?: number;
  readonly by: Decimal;
}

const FEWEST_DIGITS = 60;
/** Enough for every value a double can hold: log(1 + 2^-1074) needs 324 digits to differ from 0. */
const MOST_DIGITS = 480;

/** Evaluates formulas at one place; what they share, of whole sums, is worked out once. */
export type ExactEvaluator = (e: Expr, free?: Indices) => Decimal;

/** The value of `e` at a point: see `exactEvaluator`. */
export const exactValue = (e: Expr, point: Point): Decimal => exactEvaluator(point)(e, point.free);

/**
 * Gives values correct to 30 significant digits: precision is doubled until two evaluations agree. A value that
 * stays 0 or keeps changing is what the highest precision gives. NaN where a formula is undefined.
 */
export function exactEvaluator(point: Point): ExactEvaluator {
  const byDigits = new Map<number, ReturnType<typeof exactly>>();
  const at = (digits: number): ReturnType<typeof exactly> => {
    const known = byDigits.get(digits) ?? exactly(decimals(digits), point, undefined);
    byDigits.set(digits, known);
    return known;
  };
  return (e, free = []) => {
    let last = at(FEWEST_DIGITS)(e, free);
    for (let digits = 2 * FEWEST_DIGITS; digits <= MOST_DIGITS; digits *= 2) {
      const next = at(digits)(e, free);
      const change = next.minus(last).abs();
      if (!next.isFinite() || (!next.isZero() && change.lte(next.abs().times('1e-30')))) return next;
      last = next;
    }
    return last;
  };
}

/** Whether a double is within a bound of an exact value, itself known to 30 digits. NaN is within no bound. */
export function isWithin(value: number, exact: Decimal, bound: number): boolean {
  const D = decimals(FEWEST_DIGITS);
  const resolution = exact.abs().times('1e-29');
  return exact
    .minus(decimalOfDouble(D, value))
    .abs()
    .lte(resolution.plus(decimalOfDouble(D, bound)));
}

/** Values of `e` around a point, computed with that many digits throughout, whatever is left of them at the end. */
export function nudged(e: Expr, point: Point, digits: number): (nudge: Nudge) => Decimal {
  const still: Known = new Map();
  return (nudge) => exactly(decimals(digits), point, nudge, still)(e, point.free ?? []);
}

/** Probabilities and normalisers by what they are of. */
type Known = Map<string, Decimal>;

/**
 * The evaluator of expressions at one point, under given bound indices. `still` is known of this point whatever
 * the nudge, in that many digits: evaluators that differ in the nudge alone may share it.
 */
function exactly(
  D: typeof Decimal,
  point: Point,
  nudge: Nudge | undefined,
  still: Known = new Map(),
): (e: Expr, at: Indices) => Decimal {
  const sums = new Map<Sum, Decimal>();
  const moved: Known = new Map();

  /** Worked out once: here where the nudge moves it, else for every nudge. */
  function once(isMoved: boolean, key: string, find: () => Decimal): Decimal {
    const known = isMoved ? moved : still;
    const value = known.get(key) ?? find();
    known.set(key, value);
    return value;
  }

  function value(e: Expr, at: Indices): Decimal {
    switch (e.kind) {
      case 'num':
        return decimalOf(D, e.value);
      case 'sym':
        return decimalOfDouble(D, point.parameters.get(e.name) ?? Number.NaN);
      case 'var':
        return new D(indexOf(e, at) + 1);
      case 'apply':
        return datum(e, at);
      case 'add':
        return e.terms.reduce((sum, part) => sum.plus(value(part, at)), new D(0));
      case 'mul':
        // An indicator that is nought rules out whatever it multiplies, defined or not.
        return e.factors.some((part) => isIndicator(part) && value(part, at).isZero())
          ? new D(0)
          : e.factors.reduce((product, part) => product.times(value(part, at)), new D(1));
      case 'pow':
        return value(e.base, at).pow(value(e.exponent, at));
      case 'call':
        return callOf(e, at);
      case 'freeze':
        return exactly(D, point, undefined, still)(e.body, at);
      case 'grad':
        throw new TypeError('a gradient has no value of its own');
      case 'sum':
        return at.some(([index]) => occursFree(e, index)) ? sumOf(e, at) : wholeSum(e);
    }
  }

  /** A sum that depends on no index around it has one value. */
  function wholeSum(e: Sum): Decimal {
    const known = sums.get(e) ?? sumOf(e, []);
    sums.set(e, known);
    return known;
  }

  function sumOf(e: Sum, at: Indices): Decimal {
    const { batch, pair } = point;
    const role = e.range.kind === 'tokens' ? roleOf(e.range.of) : undefined;
    const count = role === undefined ? batch.vocabulary : span(batch, role, pair).length;
    let total = new D(0);
    for (let i = 0; i < count; i++) total = total.plus(value(e.body, [...at, [e.index, i]]));
    return total;
  }

  function callOf(e: Call, at: Indices): Decimal {
    const all = e.args.map((part) => value(part, at));
    const [x = new D(Number.NaN), y = x, z = y] = all;
    const indicator = (holds: boolean): Decimal => new D(holds ? 1 : 0);
    switch (e.fn) {
      case 'exp':
        return x.exp();
      case 'log':
        return x.ln();
      case 'sqrt':
        return x.sqrt();
      case 'log1p':
        return x.plus(1).ln();
      case 'expm1':
        return x.exp().minus(1);
      case 'sigmoid':
        return new D(1).div(x.neg().exp().plus(1));
      case 'logsigmoid':
        return x.neg().exp().plus(1).ln().neg();
      case 'softplus':
        return x.exp().plus(1).ln();
      case 'tanh':
        return x.tanh();
      case 'abs':
        return x.abs();
      case 'relu':
        return D.max(0, x);
      case 'max':
        return D.max(...all);
      case 'min':
        return D.min(...all);
      case 'clamp':
        return D.min(D.max(x, y), z);
      case 'le':
        return indicator(x.lte(y));
      case 'lt':
        return indicator(x.lt(y));
      case 'eq':
        return indicator(x.eq(y));
    }
  }

  function datum({ name, args }: Apply, at: Indices): Decimal {
    const { batch, pair } = point;
    const role = roleOf(args[0]);
    const number = (x: number | undefined): Decimal => decimalOfDouble(D, x ?? Number.NaN);
    if (role === undefined) return number(batch.perPrompt.get(name)?.[pair]);
    if (args.length === 2 && roleOf(args[1]) !== undefined) return number(batch.perPair.get(name)?.[pair]);
    const side = batch[role];
    const { start, length } = span(batch, role, pair);
    const [, token, entry] = args;
    if (token === undefined) {
      if (name === 'len') return new D(length);
      if (!isDistribution(name, role)) return number(side.perResponse.get(name)?.[pair]);
      return once(isOfPolicy(name, role), `${role} ${name}`, () => {
        let log = new D(0);
        for (let t = 0; t < length; t++) log = log.plus(logProb(name, role, start, t));
        return log.exp();
      });
    }
    const t = indexOf(token, at);
    if (t >= length) return new D(Number.NaN);
    const isMoved = moves(name, role, t);
    if (entry !== undefined) {
      const v = indexOf(entry, at);
      return once(isMoved, `${role} ${name} ${t} ${v}`, () => ofEntry(name, role, start, t, v).exp());
    }
    if (isDistribution(name, role)) {
      return once(isMoved, `${role} ${name} ${t}`, () => logProb(name, role, start, t).exp());
    }
    return number(side.perToken.get(name)?.[start + t]);
  }

  const isDistribution = (name: string, role: Role): boolean =>
    point.batch[role].logProbs.has(name) || point.batch[role].rows.has(name);

  function logProb(name: string, role: Role, start: number, t: number): Decimal {
    const { logProbs, labels } = point.batch[role];
    const given = logProbs.get(name);
    const log =
      given === undefined
        ? ofEntry(name, role, start, t, labels[start + t] ?? Number.NaN)
        : decimalOfDouble(D, given[start + t] ?? Number.NaN);
    return moves(name, role, t) && nudge?.entry === undefined ? log.plus(nudge?.by ?? 0) : log;
  }

  const isOfPolicy = (name: string, role: Role): boolean => name === 'pi' && nudge?.role === role;
  const moves = (name: string, role: Role, t: number): boolean =>
    isOfPolicy(name, role) && nudge?.token === t;

  /** The log of what the softmax of a row of logits gives to an entry. */
  function ofEntry(name: string, role: Role, start: number, t: number, entry: number): Decimal {
    const { vocabulary } = point.batch;
    const row = point.batch[role].rows.get(name);
    const logit = (i: number): Decimal => {
      const z = decimalOfDouble(D, row?.[(start + t) * vocabulary + i] ?? Number.NaN);
      return moves(name, role, t) && nudge?.entry === i ? z.plus(nudge.by) : z;
    };
    const normaliser = once(moves(name, role, t), `log sum ${role} ${name} ${t}`, () => {
      let total = new D(0);
      for (let i = 0; i < vocabulary; i++) total = total.plus(logit(i).exp());
      return total.ln();
    });
    return logit(entry).minus(normaliser);
  }

  return value;
}

const isIndicator = (e: Expr): boolean =>
  e.kind === 'call' && (e.fn === 'le' || e.fn === 'lt' || e.fn === 'eq');

function span(batch: Batch, role: Role, pair: number): { readonly start: number; readonly length: number } {
  const start = batch[role].offsets[pair] ?? 0;
  return { start, length: (batch[role].offsets[pair + 1] ?? start) - start };
}

/** 0-based; the innermost binder of the name decides. */
function indexOf(e: Expr, at: Indices): number {
  if (e.kind === 'num') return Number(e.value.n) - 1;
  return e.kind === 'var'
    ? (at.findLast(([variable]) => variable.name === e.name)?.[1] ?? Number.NaN)
    : Number.NaN;
}
