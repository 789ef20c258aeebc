/** The scalar functions of the losses on pairs of doubles, made of the elementary ones. */

import type { ScalarName } from '../functions.ts';
import type { Elementary } from './elementary.ts';
import type { PlanBuilder, VectorId } from './vector.ts';
import { SIGN } from './vector.ts';

export type ScalarFunctions = Readonly<Record<ScalarName, (x: VectorId) => VectorId>>;

/**
 * What a loss and its gradient share is built of the same operations, and so computed once: softplus(u),
 * sigmoid(u) and sigmoid(-u) all start from exp(-|u|).
 */
export function scalarFunctions(
  build: PlanBuilder,
  { exp, expFalling, expm1, log, log1p, log1pUnit }: Elementary,
): ScalarFunctions {
  const { apply, constant, bits } = build;
  const zero = constant(0);
  const one = constant(1);
  const two = constant(2);
  const minus = (x: VectorId): VectorId => apply('neg', x);
  const size = (x: VectorId): VectorId => apply('abs', x);
  const tail = (x: VectorId): VectorId => expFalling(minus(size(x)));

  /** upper/(base + t) for 0 <= t <= base, with what rounding the divisor took put back. */
  const fraction = (upper: VectorId, base: VectorId, t: VectorId): VectorId => {
    const divisor = apply('add', base, t);
    const lost = apply('sub', t, apply('sub', divisor, base));
    const quotient = apply('div', upper, divisor);
    return apply('sub', quotient, apply('div', apply('mul', quotient, lost), divisor));
  };

  const softplus = (x: VectorId): VectorId => apply('add', apply('greatest', x, zero), log1pUnit(tail(x)));
  const sigmoid = (x: VectorId): VectorId => {
    const z = tail(x);
    return fraction(apply('select', z, one, apply('lt', x, zero)), one, z);
  };
  const tanh = (x: VectorId): VectorId => {
    const t = expm1(apply('mul', two, size(x)));
    // The quotient is accurate near 0, the difference where what is taken away is at most 1/2.
    const near = fraction(t, two, t);
    const far = apply('sub', one, apply('div', two, apply('add', two, t)));
    const sign = apply('and', x, bits(SIGN));
    return apply('or', apply('select', near, far, apply('lt', t, two)), sign);
  };
  // The switch is Maechler's, as in the plain function.
  const log1mexp = (x: VectorId): VectorId =>
    apply('select', log(minus(expm1(x))), log1p(minus(exp(x))), apply('lt', constant(-Math.LN2), x));

  return {
    exp,
    log,
    log1p,
    expm1,
    sqrt: (x) => apply('sqrt', x),
    sigmoid,
    logsigmoid: (x) => minus(softplus(minus(x))),
    softplus,
    log1mexp,
    tanh,
    abs: size,
    relu: (x) => apply('max', x, zero),
  };
}
