/** What an expression is worth in a small finite world, to sixty digits: written for tests, shared with no room. */

import { Decimal } from 'decimal.js';
import type { Expr, Range } from '../../src/expr/expr.ts';
import type { FnName } from '../../src/expr/function.ts';

export const Real = Decimal.clone({ precision: 60, defaults: true });
export type Real = Decimal;

/** What each variable in scope stands for: the number of a response, token, vocabulary entry or prompt, from 1. */
export type Places = ReadonlyMap<string, number>;

/** Everything that an expression leaves open. */
export interface World {
  readonly parameter: (name: string, places: Places) => Real;
  readonly datum: (name: string, args: readonly number[]) => Real;
  /** How many places a range has; `of` is the response whose tokens are counted. */
  readonly count: (range: Range['kind'], of: number) => number;
  /** The world in which stop-gradients are evaluated, if it is another one. */
  readonly frozen?: World;
  /** The derivative of an expression as this world moves; without it gradients have no value. */
  readonly tangent?: (e: Expr, places: Places) => Real;
}

const UNDEFINED = new Real(Number.NaN);
const ONE = new Real(1);
const NOUGHT = new Real(0);

/** The value of `e`, NaN where it has none (domains, division by zero). */
export function valueIn(e: Expr, world: World, places: Places = new Map()): Real {
  const value = compute(e, world, places);
  return value.isFinite() ? value : UNDEFINED;
}

function compute(e: Expr, world: World, places: Places): Real {
  const inner = (part: Expr): Real => valueIn(part, world, places);
  switch (e.kind) {
    case 'num':
      return Real.div(e.value.n.toString(), e.value.d.toString());
    case 'sym':
      return world.parameter(e.name, places);
    case 'var':
      return new Real(placeOf(e, places));
    case 'apply':
      return world.datum(
        e.name,
        e.args.map((arg) => placeOf(arg, places)),
      );
    case 'add':
      return e.terms.reduce((total, term) => Real.add(total, inner(term)), NOUGHT);
    case 'mul':
      return e.factors.reduce((total, factor) => Real.mul(total, inner(factor)), ONE);
    case 'pow':
      return raised(inner(e.base), inner(e.exponent));
    case 'call': {
      const args = e.args.map(inner);
      return args.every((arg) => arg.isFinite()) ? CALLED[e.fn](args) : UNDEFINED;
    }
    case 'sum': {
      const of = e.range.kind === 'tokens' ? placeOf(e.range.of, places) : 0;
      let total = NOUGHT;
      for (let k = 1; k <= world.count(e.range.kind, of); k++) {
        total = Real.add(total, valueIn(e.body, world, new Map(places).set(e.index.name, k)));
      }
      return total;
    }
    case 'freeze':
      return valueIn(e.body, world.frozen ?? world, places);
    case 'grad':
      return world.tangent?.(e.body, places) ?? UNDEFINED;
  }
}

export function placeOf(e: Expr, places: Places): number {
  if (e.kind === 'num') return Number(e.value.n);
  const place = e.kind === 'var' ? places.get(e.name) : undefined;
  if (place === undefined) throw new RangeError(`nothing stands for ${JSON.stringify(e.kind)}`);
  return place;
}

/** b^p over the reals: any p for b > 0, p >= 0 for b = 0, whole p for b < 0. */
function raised(base: Real, exponent: Real): Real {
  if (!base.isFinite() || !exponent.isFinite()) return UNDEFINED;
  const whole = exponent.isInteger() && exponent.abs().lte(1000);
  if (base.lt(0) && !whole) return UNDEFINED;
  if (base.isZero() && exponent.lt(0)) return UNDEFINED;
  return whole || base.isZero() ? Real.pow(base, exponent) : exponential(Real.mul(exponent, Real.ln(base)));
}

/** Zero below minus a million, no value above a million: such powers would take for ever. */
const exponential = (x: Real): Real => (x.lt(-1e6) ? NOUGHT : x.gt(1e6) ? UNDEFINED : Real.exp(x));
const logarithm = (x: Real): Real => (x.gt(0) ? Real.ln(x) : UNDEFINED);

/** log(1 + x); by its series where 1 + x would lose the digits of x. */
function logOnePlus(x: Real): Real {
  if (x.abs().gt(1e-16)) return logarithm(Real.add(ONE, x));
  const terms = [1, 2, 3, 4, 5].map((k) => Real.pow(x, k).div(k % 2 === 0 ? -k : k));
  return terms.reduce((total, term) => Real.add(total, term), NOUGHT);
}
const softplus = (x: Real): Real => Real.add(Real.max(x, NOUGHT), logOnePlus(exponential(Real.abs(x).neg())));
function sigmoid(x: Real): Real {
  const u = exponential(x.abs().neg());
  return Real.div(x.isNegative() ? u : ONE, Real.add(ONE, u));
}
/** From exp(-2|x|), which neither overflows nor takes long. */
function tangent(x: Real): Real {
  const u = exponential(x.abs().mul(-2));
  return Real.div(Real.sub(ONE, u), Real.add(ONE, u)).mul(Real.sign(x));
}
const truth = (holds: boolean): Real => (holds ? ONE : NOUGHT);

type Called = (args: readonly Real[]) => Real;
const unary =
  (f: (x: Real) => Real): Called =>
  ([x = UNDEFINED]) =>
    f(x);
const binary =
  (f: (x: Real, y: Real) => boolean): Called =>
  ([x = UNDEFINED, y = UNDEFINED]) =>
    truth(f(x, y));

const CALLED: Readonly<Record<FnName, Called>> = {
  exp: unary(exponential),
  log: unary(logarithm),
  sqrt: unary((x) => Real.sqrt(x)),
  log1p: unary(logOnePlus),
  expm1: unary((x) => Real.sub(exponential(x), ONE)),
  sigmoid: unary(sigmoid),
  logsigmoid: unary((x) => softplus(x.neg()).neg()),
  softplus: unary(softplus),
  tanh: unary(tangent),
  abs: unary((x) => Real.abs(x)),
  relu: unary((x) => Real.max(x, NOUGHT)),
  max: (args) => Real.max(...args),
  min: (args) => Real.min(...args),
  clamp: ([x = UNDEFINED, low = UNDEFINED, high = UNDEFINED]) => Real.min(Real.max(x, low), high),
  le: binary((x, y) => x.lte(y)),
  lt: binary((x, y) => x.lt(y)),
  eq: binary((x, y) => x.eq(y)),
};
