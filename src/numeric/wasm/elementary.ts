/**
 * exp, expm1, log and log1p on pairs of doubles, from additions, products and bit patterns: within 1 ulp of the
 * exact value over the whole range (expm1: 1.25), special values as in IEEE 754. The reductions are those of fdlibm (Sun
 * Microsystems 1993); the polynomials are minimax ones of our own (Remez), so that no table is needed.
 */

import type { PlanBuilder, VectorId } from './vector.ts';

/** 1.5 * 2^52: a double plus this is rounded to a whole number, which stands in the low bits. */
const ROUNDER = 6755399441055744;
/** ln 2 in two parts; products of the first with exponents are exact. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
/** (exp(r) - 1 - r)/r^2 for |r| <= ln(2)/2, relative to exp(r): 2^-57.9. */
const EXP = [
  0.5000000000000011, 0.1666666666666641, 0.04166666666652973, 0.00833333333349498, 0.0013888888943759893,
  0.0001984126950576604, 2.480149294966484e-5, 2.7557586811282347e-6, 2.7630306247961874e-7,
  2.500001637788809e-8,
];
/** (log((1 + s)/(1 - s))/s - 2)/s^2 in powers of s^2, for s^2 <= 0.04, relative to the logarithm: 2^-62.6. */
const LOG = [
  0.666666666666666, 0.4000000000005695, 0.2857142855576781, 0.22222224302858884, 0.18181665511803688,
  0.15391123381324515, 0.13173412794758116, 0.13844272095419893,
];
/** The upper half of the bits of sqrt(1/2). */
const ROOT_HALF = 0x3fe6a09e;

export interface Elementary {
  readonly exp: (x: VectorId) => VectorId;
  readonly expm1: (x: VectorId) => VectorId;
  readonly log: (x: VectorId) => VectorId;
  readonly log1p: (x: VectorId) => VectorId;
  /** exp(x) for x <= 0 alone: faster, and within 1.1 ulp. */
  readonly expFalling: (x: VectorId) => VectorId;
  /** log(1 + z) for 0 <= z <= 1 alone. */
  readonly log1pUnit: (z: VectorId) => VectorId;
}

export function elementary({ constant, bits, apply, shift }: PlanBuilder): Elementary {
  const add = (a: VectorId, b: VectorId): VectorId => apply('add', a, b);
  const sub = (a: VectorId, b: VectorId): VectorId => apply('sub', a, b);
  const mul = (a: VectorId, b: VectorId): VectorId => apply('mul', a, b);
  const select = (yes: VectorId, no: VectorId, where: VectorId): VectorId => apply('select', yes, no, where);
  const zero = constant(0);
  const one = constant(1);
  const half = constant(0.5);
  const high2 = constant(LN2_HIGH);
  const low2 = constant(LN2_LOW);

  /** A polynomial by Estrin's scheme: neighbouring coefficients in pairs, so that the additions do not wait in line. */
  function polynomial(coefficients: readonly number[], x: VectorId): VectorId {
    let parts = coefficients.map(constant);
    for (let power = x; parts.length > 1; power = mul(power, power)) {
      const next: VectorId[] = [];
      for (let i = 0; i < parts.length; i += 2) {
        const [low = zero, high] = [parts[i], parts[i + 1]];
        next.push(high === undefined ? low : add(low, mul(high, power)));
      }
      parts = next;
    }
    return parts[0] ?? zero;
  }

  /** x = k ln 2 + r + rest with |r| <= ln(2)/2, for x between the given ends; NaN stays. */
  function reduced(x: VectorId, least: number, greatest?: number) {
    const above = apply('greatest', x, constant(least));
    const within = greatest === undefined ? above : apply('least', above, constant(greatest));
    const sum = add(mul(within, constant(Math.LOG2E)), constant(ROUNDER));
    const k = sub(sum, constant(ROUNDER));
    const high = sub(within, mul(k, high2));
    const low = mul(k, low2);
    const r = sub(high, low);
    const rest = (): VectorId => sub(sub(high, r), low);
    // exp(r) - 1 - r
    const curved = mul(mul(r, r), polynomial(EXP, r));
    return { sum, k, r, rest, curved };
  }

  /** 2^k, with k in the lower half of each lane's bits; what stands in the upper halves is shifted out. */
  const powerOfTwo = (k: VectorId): VectorId =>
    shift('shift-left', apply('add-halves', k, bits(0, 1023)), 52);

  /** y * 2^k in two steps, so that neither factor leaves the range where the result does not. */
  function scaled(y: VectorId, k: VectorId): VectorId {
    const first = shift('shift-halves-right', k, 1);
    return mul(mul(y, powerOfTwo(first)), powerOfTwo(apply('sub-halves', k, first)));
  }

  function expFalling(x: VectorId): VectorId {
    const { sum, r, curved } = reduced(x, -746);
    // 2^(k + 54) is a normal number for all k there are.
    const scale = shift('shift-left', apply('add-halves', sum, bits(0, 1023 + 54)), 52);
    return mul(mul(add(one, add(r, curved)), scale), constant(2 ** -54));
  }

  function exp(x: VectorId): VectorId {
    // Beyond these ends the result is 0 or Infinity all the same.
    const { sum, r, rest, curved } = reduced(x, -746, 710);
    return scaled(add(one, add(r, add(rest(), curved))), sum);
  }

  /** 2^k ((1 - 2^-k) + r + (exp(r) - 1 - r)); the first sum with its rounding error (Dekker 1971). */
  function expm1(x: VectorId): VectorId {
    // Below -40 the result rounds to -1.
    const { sum, k, r, rest, curved } = reduced(x, -40, 710);
    // From k = 64 on, 1 - 2^-k is 1.
    const minusK = sub(constant(ROUNDER), apply('least', k, constant(64)));
    const shifted = sub(one, powerOfTwo(minusK));
    const top = add(shifted, r);
    const lost = sub(r, sub(top, shifted));
    const y = add(top, add(lost, add(rest(), curved)));
    // -0 and the smallest numbers are their own images.
    return select(x, scaled(y, sum), apply('eq', x, zero));
  }

  /** log(1 + f) - f + f^2/2 = s (f^2/2 + R(s^2)) with s = f/(2 + f). */
  function bent(f: VectorId) {
    const s = apply('div', f, add(constant(2), f));
    const z = mul(s, s);
    const square = mul(half, mul(f, f));
    return { square, rise: mul(s, add(square, mul(z, polynomial(LOG, z)))) };
  }

  /** high + low + log(1 + f), smallest parts first. */
  function assembled(high: VectorId, low: VectorId, f: VectorId): VectorId {
    const { square, rise } = bent(f);
    return sub(high, sub(sub(square, add(rise, low)), f));
  }

  /** u = 2^k m with sqrt(1/2) <= m < sqrt(2), for normal u > 0. */
  function split(u: VectorId) {
    const above = apply('sub-halves', u, bits(ROOT_HALF));
    const k = apply('upper-to-double', shift('shift-halves-right', above, 20));
    const m = apply('sub-halves', u, apply('and', above, bits(-(2 ** 20))));
    return { k, m };
  }

  /** The value where 0 < x < Infinity; else -Infinity at 0, and x itself or NaN. */
  function logarithmOf(x: VectorId, value: VectorId): VectorId {
    const positive = apply('lt', zero, x);
    const pole = apply('eq', x, zero);
    const elsewhere = select(constant(-Infinity), constant(Number.NaN), pole);
    const infinite = apply('eq', x, constant(Infinity));
    return select(select(x, value, infinite), elsewhere, positive);
  }

  function log(x: VectorId): VectorId {
    const tiny = apply('lt', x, constant(2 ** -1022));
    const { k, m } = split(select(mul(x, constant(2 ** 54)), x, tiny));
    const exponent = sub(k, apply('and', constant(54), tiny));
    return logarithmOf(x, assembled(mul(exponent, high2), mul(exponent, low2), sub(m, one)));
  }

  function log1p(x: VectorId): VectorId {
    const u = add(one, x);
    const { k, m } = split(u);
    // Where u needs no scaling, x is what it stands for; elsewhere what rounding took from u is put back.
    const near = apply('eq', k, zero);
    const lost = select(sub(one, sub(u, x)), sub(x, sub(u, one)), apply('lt', one, k));
    const rest = apply('and-not', apply('div', lost, u), near);
    const f = select(x, sub(m, one), near);
    const value = logarithmOf(u, assembled(mul(k, high2), add(mul(k, low2), rest), f));
    return select(x, value, apply('eq', x, zero));
  }

  function log1pUnit(z: VectorId): VectorId {
    // From 1/2 on, 1 + z = 2 (1 + (z - 1)/2), and z - 1 is exact.
    const upper = apply('le', half, z);
    const f = select(mul(half, sub(z, one)), z, upper);
    return assembled(apply('and', high2, upper), apply('and', low2, upper), f);
  }

  return { exp, expFalling, expm1, log, log1p, log1pUnit };
}
