/** High-precision scalars that round downward, over decimal.js, and the interval arithmetic over them. */

import { Decimal } from 'decimal.js';
import type { Arithmetic, Rounded, Scalars } from './interval.ts';
import { intervals } from './interval.ts';

/** Decimal exponents beyond this count as overflow or underflow: far from the library's own limits. */
const MAX_EXPONENT = 1_000_000_000;
/** Beyond this argument `exp` is bounded by monotonicity instead of computed, so nests of exp stay cheap. */
const MAX_ARGUMENT = 1_000_000;

const cache = new Map<number, Arithmetic<Decimal>>();

/** Interval arithmetic with `digits` significant decimal digits (at most 400). */
export function precise(digits: number): Arithmetic<Decimal> {
  const found = cache.get(digits);
  if (found !== undefined) return found;
  const made = intervals(scalars(Math.min(digits, 400)));
  cache.set(digits, made);
  return made;
}

function scalars(digits: number): Scalars<Decimal> {
  const Floor = Decimal.clone({ precision: digits, rounding: Decimal.ROUND_FLOOR, defaults: true });
  const Ceil = Decimal.clone({ precision: digits, rounding: Decimal.ROUND_CEIL, defaults: true });
  const WideFloor = Floor.clone({ precision: 2 * digits, rounding: Decimal.ROUND_FLOOR });
  const WideCeil = Floor.clone({ precision: 2 * digits, rounding: Decimal.ROUND_CEIL });
  const tiny = (x: Decimal): boolean => x.isZero() || x.e < -digits;
  const zero = new Floor(0);
  const one = new Floor(1);
  const infinity = new Floor(Number.POSITIVE_INFINITY);
  const largest = new Floor(`1e${MAX_EXPONENT}`);
  const smallest = new Floor(`1e-${MAX_EXPONENT}`);

  /** A lower bound whose exponent is in range, from any lower bound. */
  const settleDown = (x: Decimal): Decimal => {
    if (x.isZero() || Math.abs(x.e) < MAX_EXPONENT) return x;
    if (!x.isFinite() || x.e > 0) return x.isNegative() ? infinity.neg() : largest;
    return x.isNegative() ? smallest.neg() : zero;
  };
  const settleUp = (x: Decimal): Decimal => settleDown(x.neg()).neg();

  /**
   * decimal.js gives exp and ln correctly rounded to its working precision, but for rare cases off by one
   * unit in the last place; two units on either side cover both.
   */
  const slack = new Floor(`2e-${digits - 1}`);
  const shrink = Floor.sub(one, slack);
  const grow = Ceil.add(one, slack);
  const padDown = (x: Decimal): Decimal => settleDown(Floor.mul(x, x.isNegative() ? grow : shrink));
  const padUp = (x: Decimal): Decimal => settleUp(Ceil.mul(x, x.isNegative() ? shrink : grow));

  /** The last result is kept, because both bounds of a point ask for the same one. `exact` goes to `to`. */
  const padded = (f: (x: Decimal) => Decimal, exact: Decimal, to: Decimal): Rounded<Decimal> => {
    let last = exact;
    let value = to;
    const at = (x: Decimal): Decimal => {
      if (!x.eq(last)) {
        value = f(x);
        last = x;
      }
      return value;
    };
    return {
      down: (x) => (x.eq(exact) ? to : padDown(at(x))),
      up: (x) => (x.eq(exact) ? to : padUp(at(x))),
    };
  };

  const within = padded((x) => Floor.exp(x), zero, one);
  const edge = new Floor(MAX_ARGUMENT);
  const exp: Rounded<Decimal> = {
    down: (x) => (x.lt(edge.neg()) ? zero : within.down(x.gt(edge) ? edge : x)),
    up: (x) => (x.gt(edge) ? infinity : within.up(x.lt(edge.neg()) ? edge.neg() : x)),
  };
  const ln = padded((x) => Floor.ln(x), one, zero);
  const log: Rounded<Decimal> = { down: ln.down, up: (x) => (x.isFinite() ? ln.up(x) : infinity) };

  return {
    zero,
    one,
    infinity,
    less: (a, b) => a.lt(b),
    negate: (a) => a.neg(),
    addDown: (a, b) => settleDown(Floor.add(a, b)),
    mulDown: (a, b) => (a.isZero() || b.isZero() ? zero : settleDown(Floor.mul(a, b))),
    divDown: (a, b) => (a.isZero() || !b.isFinite() ? quotientByNone(a, b) : settleDown(Floor.div(a, b))),
    rationalDown: ({ n, d }) => Floor.div(n.toString(), d.toString()),
    sqrt: {
      down: (x) => Floor.sqrt(x),
      up: (x) => Ceil.sqrt(x),
    },
    exp,
    log,
    // x / (1 + x) <= log(1 + x) <= x, tight where x is tiny; elsewhere 1 + x keeps the digits of x.
    log1p: {
      down: (x) => {
        if (!tiny(x)) return log.down(WideFloor.add(one, x));
        return settleDown(Floor.div(x, (x.isNegative() ? Floor : Ceil).add(one, x)));
      },
      up: (x) => (tiny(x) ? x : log.up(WideCeil.add(one, x))),
    },
    // x <= exp(x) - 1; the upper bound's rounding is absolute, which is enough once the precision rises.
    expm1: {
      down: (x) => (tiny(x) ? x : settleDown(Floor.sub(exp.down(x), one))),
      up: (x) => settleUp(Ceil.sub(exp.up(x), one)),
    },
    integer: (a) => {
      const value = a.toNumber();
      return a.isInteger() && Number.isSafeInteger(value) ? value : undefined;
    },
    textDown: (a) => a.toSignificantDigits(digits, Decimal.ROUND_FLOOR).toString(),
  };

  /** Zero over anything, or anything over an unbounded divisor: zero, from below where it is approached so. */
  function quotientByNone(a: Decimal, b: Decimal): Decimal {
    return a.isZero() || a.isNegative() === b.isNegative() ? zero : smallest.neg();
  }
}
