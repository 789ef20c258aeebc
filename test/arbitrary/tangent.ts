/** The derivative of an expression in a small finite world that moves in one direction, to sixty digits: by dual numbers. */

import type { Expr } from '../../src/expr/expr.ts';
import type { FnName } from '../../src/expr/function.ts';
import type { Places, World } from './value.ts';
import { placeOf, Real, valueIn } from './value.ts';

/** How fast each leaf moves. */
export interface Motion {
  readonly parameter: World['parameter'];
  readonly datum: World['datum'];
}

const UNDEFINED = new Real(Number.NaN);
const NOUGHT = new Real(0);
const ONE = new Real(1);

/** NaN where `e` has no derivative: off its domain, and at kinks. */
export function tangentIn(e: Expr, world: World, motion: Motion, places: Places): Real {
  const d = (part: Expr): Real => tangentIn(part, world, motion, places);
  const v = (part: Expr): Real => valueIn(part, world, places);
  switch (e.kind) {
    case 'num':
    case 'var':
    case 'freeze':
      return v(e).isFinite() ? NOUGHT : UNDEFINED;
    case 'sym':
      return motion.parameter(e.name, places);
    case 'apply':
      return motion.datum(
        e.name,
        e.args.map((arg) => placeOf(arg, places)),
      );
    case 'add':
      return e.terms.reduce((total, term) => Real.add(total, d(term)), NOUGHT);
    case 'mul':
      return e.factors.reduce(
        (total, factor, i) =>
          Real.add(
            total,
            e.factors.reduce(
              (product, other, k) => (k === i ? product : Real.mul(product, v(other))),
              d(factor),
            ),
          ),
        NOUGHT,
      );
    case 'pow':
      return ofPower(v(e.base), v(e.exponent), d(e.base), d(e.exponent), v(e));
    case 'call': {
      const [x = UNDEFINED, y = UNDEFINED] = e.args.map(v);
      const [dx = UNDEFINED, dy = UNDEFINED] = e.args.map(d);
      const at = SLOPES[e.fn];
      if (at === undefined) throw new Error(`say here what the derivative of ${e.fn} is`);
      return at({ x, y, dx, dy, value: v(e) });
    }
    case 'sum': {
      const of = e.range.kind === 'tokens' ? placeOf(e.range.of, places) : 0;
      let total = NOUGHT;
      for (let k = 1; k <= world.count(e.range.kind, of); k++) {
        total = Real.add(total, tangentIn(e.body, world, motion, new Map(places).set(e.index.name, k)));
      }
      return total;
    }
    case 'grad':
      throw new Error('second derivatives are not tried');
  }
}

/** d (b^p) = b^p (dp log b + p db / b); of a constant whole power also where the base is not positive. */
function ofPower(base: Real, exponent: Real, dBase: Real, dExponent: Real, value: Real): Real {
  if (!value.isFinite()) return UNDEFINED;
  if (base.gt(0)) {
    return Real.mul(value, Real.add(Real.mul(dExponent, Real.ln(base)), Real.mul(exponent, dBase).div(base)));
  }
  if (!exponent.isInteger() || !dExponent.isZero()) return UNDEFINED;
  if (exponent.isZero()) return NOUGHT;
  return base.isZero() && exponent.lt(1)
    ? UNDEFINED
    : Real.mul(exponent, Real.pow(base, exponent.sub(1))).mul(dBase);
}

interface At {
  readonly x: Real;
  readonly y: Real;
  readonly dx: Real;
  readonly dy: Real;
  /** The function's value. */
  readonly value: Real;
}
const sigmoid = (x: Real): Real => {
  const u = Real.exp(x.abs().neg().clamp(-1e6, 0));
  return Real.div(x.isNegative() ? u : ONE, Real.add(ONE, u));
};
const larger = (x: Real, y: Real, dx: Real, dy: Real): Real => (x.gt(y) ? dx : x.lt(y) ? dy : UNDEFINED);

/** The chain rule by function; those that no identity mentions are not there. */
const SLOPES: Readonly<Partial<Record<FnName, (at: At) => Real>>> = {
  exp: ({ dx, value }) => Real.mul(value, dx),
  log: ({ x, dx }) => (x.gt(0) ? dx.div(x) : UNDEFINED),
  sqrt: ({ dx, value }) => (value.gt(0) ? dx.div(value).div(2) : UNDEFINED),
  log1p: ({ x, dx }) => (x.gt(-1) ? dx.div(x.add(1)) : UNDEFINED),
  expm1: ({ dx, value }) => Real.mul(value.add(1), dx),
  sigmoid: ({ x, dx }) => Real.mul(sigmoid(x), sigmoid(x.neg())).mul(dx),
  logsigmoid: ({ x, dx }) => Real.mul(sigmoid(x.neg()), dx),
  softplus: ({ x, dx }) => Real.mul(sigmoid(x), dx),
  tanh: ({ dx, value }) => Real.mul(ONE.sub(Real.mul(value, value)), dx),
  abs: ({ x, dx }) => larger(x, x.neg(), dx, dx.neg()),
  relu: ({ x, dx }) => larger(x, NOUGHT, dx, NOUGHT),
  max: ({ x, y, dx, dy }) => larger(x, y, dx, dy),
};
