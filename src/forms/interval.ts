/** Interval arithmetic for every operation of the language, over any scalars that round in a known direction. */

import type { FnName } from '../expr/function.ts';
import type { Rational } from '../expr/rational.ts';

/**
 * The set of reals between two bounds. `low` may be minus infinity and `high` infinity, meaning no bound;
 * `low` is never infinity and `high` never minus infinity, so an overflow keeps a finite bound on its other side.
 */
export interface Interval<N> {
  readonly low: N;
  readonly high: N;
}

/** An enclosure of the value, or why there is none: surely outside the domain, or cannot tell. */
export type Outcome<N> = Interval<N> | 'undefined' | 'unknown';

/** A function's value at a scalar, rounded down and rounded up. */
export interface Rounded<N> {
  readonly down: (x: N) => N;
  readonly up: (x: N) => N;
}

/** What interval arithmetic needs to know about its end-points. Every `down` is a lower bound of the true value. */
export interface Scalars<N> {
  readonly zero: N;
  readonly one: N;
  readonly infinity: N;
  readonly less: (a: N, b: N) => boolean;
  readonly negate: (a: N) => N;
  readonly addDown: (a: N, b: N) => N;
  /** Zero times an infinite bound is zero. */
  readonly mulDown: (a: N, b: N) => N;
  /** The divisor is not zero. */
  readonly divDown: (a: N, b: N) => N;
  readonly rationalDown: (a: Rational) => N;
  readonly sqrt: Rounded<N>;
  readonly exp: Rounded<N>;
  readonly log: Rounded<N>;
  readonly log1p: Rounded<N>;
  readonly expm1: Rounded<N>;
  /** The value as a safe integer, undefined if it is none. */
  readonly integer: (a: N) => number | undefined;
  /** A decimal string at or below the value. */
  readonly textDown: (a: N) => string;
}

export type Operation = 'add' | 'mul' | 'pow' | FnName;

export interface Arithmetic<N> {
  readonly scalars: Scalars<N>;
  readonly rational: (a: Rational) => Interval<N>;
  /** Every operation, on as many arguments as the expression has. All arguments are surely defined. */
  readonly operations: Readonly<Record<Operation, (args: readonly Interval<N>[]) => Outcome<N>>>;
}

/** Whether every number of `a` is below every number of `b`. */
export const below = <N>({ scalars }: Arithmetic<N>, a: Interval<N>, b: Interval<N>): boolean =>
  scalars.less(a.high, b.low);

/** The bounds as decimal strings, rounded outward. */
export const boundsOf = <N>({ scalars }: Arithmetic<N>, a: Interval<N>): { low: string; high: string } => {
  const mirrored = scalars.textDown(scalars.negate(a.high));
  const high = mirrored === '0' ? '0' : mirrored.startsWith('-') ? mirrored.slice(1) : `-${mirrored}`;
  return { low: scalars.textDown(a.low), high };
};

/** The interval arithmetic over the given scalars. */
export function intervals<N>(scalars: Scalars<N>): Arithmetic<N> {
  const { zero, one, infinity, less, negate, addDown, mulDown, divDown } = scalars;
  const two = scalars.rationalDown({ n: 2n, d: 1n });
  // Rounding up is rounding the mirror image down.
  const addUp = (a: N, b: N): N => negate(addDown(negate(a), negate(b)));
  const mulUp = (a: N, b: N): N => negate(mulDown(negate(a), b));
  const divUp = (a: N, b: N): N => negate(divDown(negate(a), b));
  const smaller = (a: N, b: N): N => (less(b, a) ? b : a);
  const larger = (a: N, b: N): N => (less(a, b) ? b : a);
  const interval = (low: N, high: N): Interval<N> => ({ low, high });
  const mirror = (x: Interval<N>): Interval<N> => interval(negate(x.high), negate(x.low));
  const isPoint = (x: Interval<N>): boolean => !less(x.low, x.high);
  const ZERO = interval(zero, zero);
  const ONE = interval(one, one);
  const BIT = interval(zero, one);
  // A search asks for the same few readable numbers again and again.
  const rationals = new WeakMap<Rational, Interval<N>>();

  const add = (a: Interval<N>, b: Interval<N>): Interval<N> =>
    interval(addDown(a.low, b.low), addUp(a.high, b.high));

  const multiply = (a: Interval<N>, b: Interval<N>): Interval<N> => {
    if (!less(a.low, zero) && !less(b.low, zero)) {
      return interval(mulDown(a.low, b.low), mulUp(a.high, b.high));
    }
    const { low: p, high: q } = a;
    const { low: r, high: s } = b;
    return interval(
      smaller(smaller(mulDown(p, r), mulDown(p, s)), smaller(mulDown(q, r), mulDown(q, s))),
      larger(larger(mulUp(p, r), mulUp(p, s)), larger(mulUp(q, r), mulUp(q, s))),
    );
  };

  const invert = (a: Interval<N>): Outcome<N> => {
    if (less(zero, a.low) || less(a.high, zero)) return interval(divDown(one, a.high), divUp(one, a.low));
    return less(a.low, zero) || less(zero, a.high) ? 'unknown' : 'undefined';
  };

  /** x^k for x >= 0 and k >= 1 by repeated squaring, every product rounded by `times`. */
  const natural = (x: N, k: number, times: (a: N, b: N) => N): N => {
    let result = one;
    let square = x;
    for (let left = k; ; square = times(square, square)) {
      if (left % 2 === 1) result = times(result, square);
      left = Math.floor(left / 2);
      if (left === 0) return result;
    }
  };
  const powDown = (x: N, k: number): N => natural(x, k, mulDown);
  const powUp = (x: N, k: number): N => natural(x, k, mulUp);

  /** 0^0 has no value here: the language's laws for powers do not need one. */
  const integerPower = (x: Interval<N>, k: number): Outcome<N> => {
    if (k < 0) {
      const positive = integerPower(x, -k);
      return typeof positive === 'string' ? positive : invert(positive);
    }
    if (k === 0) {
      if (less(zero, x.low) || less(x.high, zero)) return ONE;
      return less(x.low, zero) || less(zero, x.high) ? 'unknown' : 'undefined';
    }
    if (!less(x.low, zero)) return interval(powDown(x.low, k), powUp(x.high, k));
    if (k % 2 === 1) {
      const low = negate(powUp(negate(x.low), k));
      const high = less(x.high, zero) ? negate(powDown(negate(x.high), k)) : powUp(x.high, k);
      return interval(low, high);
    }
    if (less(x.high, zero)) return interval(powDown(negate(x.high), k), powUp(negate(x.low), k));
    return interval(zero, powUp(larger(negate(x.low), x.high), k));
  };

  const increasing =
    ({ down, up }: Rounded<N>) =>
    ([x = ZERO]: readonly Interval<N>[]): Interval<N> =>
      interval(down(x.low), up(x.high));

  /** An increasing function that is defined above `edge` only; at the edge itself if `closed`. */
  const above =
    (f: Rounded<N>, edge: N, closed: boolean) =>
    ([x = ZERO]: readonly Interval<N>[]): Outcome<N> => {
      const outside = (end: N): boolean => (closed ? less(end, edge) : !less(edge, end));
      if (!outside(x.low)) return interval(f.down(x.low), f.up(x.high));
      return outside(x.high) ? 'undefined' : 'unknown';
    };

  const exp = increasing(scalars.exp);
  const log = above(scalars.log, zero, false);

  /** A power is a repeated product at integers, and exp(exponent * log(base)) on positive bases. */
  const power = (base: Interval<N>, exponent: Interval<N>): Outcome<N> => {
    const k = isPoint(exponent) ? scalars.integer(exponent.low) : undefined;
    if (k !== undefined) return integerPower(base, k);
    if (less(zero, base.low)) {
      const logarithm = log([base]);
      return typeof logarithm === 'string' ? logarithm : exp([multiply(exponent, logarithm)]);
    }
    if (less(base.low, zero) && !less(base.high, zero)) return 'unknown';
    if (less(base.high, zero)) return isPoint(exponent) ? 'undefined' : 'unknown';
    if (!less(zero, exponent.low)) {
      return less(zero, base.high) || less(zero, exponent.high) ? 'unknown' : 'undefined';
    }
    const top = less(zero, base.high) ? power(interval(base.high, base.high), exponent) : ZERO;
    return typeof top === 'string' ? top : interval(zero, top.high);
  };

  const softplusAt = (side: keyof Rounded<N>, x: N): N => {
    if (!less(zero, x)) return scalars.log1p[side](scalars.exp[side](x));
    const rest = scalars.log1p[side](scalars.exp[side](negate(x)));
    return side === 'down' ? addDown(x, rest) : addUp(x, rest);
  };
  const softplus = increasing({ down: (x) => softplusAt('down', x), up: (x) => softplusAt('up', x) });

  const sigmoid = increasing({
    down: (x) => divDown(one, addUp(one, scalars.exp.up(negate(x)))),
    up: (x) => divUp(one, addDown(one, scalars.exp.down(negate(x)))),
  });

  // tanh(x) = e / (e + 2) with e = exp(2x) - 1, which increases with e; odd, so x >= 0 is enough.
  const tanhDown = (x: N): N => {
    const e = scalars.expm1.down(mulDown(two, x));
    return less(zero, e) ? divDown(e, addUp(e, two)) : zero;
  };
  const tanhUp = (x: N): N => {
    const e = scalars.expm1.up(mulUp(two, x));
    return less(e, infinity) ? divUp(e, addDown(e, two)) : one;
  };
  const tanh = increasing({
    down: (x) => (less(x, zero) ? negate(tanhUp(negate(x))) : tanhDown(x)),
    up: (x) => (less(x, zero) ? negate(tanhDown(negate(x))) : tanhUp(x)),
  });

  const max = (args: readonly Interval<N>[]): Interval<N> =>
    args.reduce((a, b) => interval(larger(a.low, b.low), larger(a.high, b.high)));
  const min = (args: readonly Interval<N>[]): Interval<N> =>
    args.reduce((a, b) => interval(smaller(a.low, b.low), smaller(a.high, b.high)));

  /** 1, 0, or all of [0, 1] while the comparison is open. */
  const truth = (holds: boolean, fails: boolean): Interval<N> => (holds ? ONE : fails ? ZERO : BIT);

  return {
    scalars,
    rational: (a) => {
      const known = rationals.get(a);
      if (known !== undefined) return known;
      const made = interval(scalars.rationalDown(a), negate(scalars.rationalDown({ n: -a.n, d: a.d })));
      rationals.set(a, made);
      return made;
    },
    operations: {
      add: (args) => fold(args, ZERO, add),
      mul: (args) => fold(args, ONE, multiply),
      pow: ([base = ZERO, exponent = ZERO]) => power(base, exponent),
      exp,
      log,
      sqrt: above(scalars.sqrt, zero, true),
      log1p: above(scalars.log1p, negate(one), false),
      expm1: increasing(scalars.expm1),
      sigmoid,
      logsigmoid: ([x = ZERO]) => mirror(softplus([mirror(x)])),
      softplus,
      tanh,
      abs: ([x = ZERO]) => {
        if (!less(x.low, zero)) return x;
        return less(zero, x.high) ? interval(zero, larger(negate(x.low), x.high)) : mirror(x);
      },
      relu: ([x = ZERO]) => max([x, ZERO]),
      max,
      min,
      clamp: ([x = ZERO, low = ZERO, high = ZERO]) => min([max([x, low]), high]),
      le: ([a = ZERO, b = ZERO]) => truth(!less(b.low, a.high), less(b.high, a.low)),
      lt: ([a = ZERO, b = ZERO]) => truth(less(a.high, b.low), !less(a.low, b.high)),
      eq: ([a = ZERO, b = ZERO]) =>
        truth(
          isPoint(a) && isPoint(b) && !less(a.low, b.low) && !less(b.low, a.low),
          less(a.high, b.low) || less(b.high, a.low),
        ),
    },
  };
}

/** A fold that starts from the first item, so that a neutral element costs no rounding. */
function fold<T>(items: readonly T[], empty: T, join: (a: T, b: T) => T): T {
  let result = items[0];
  if (result === undefined) return empty;
  for (let i = 1; i < items.length; i++) {
    const item = items[i];
    if (item !== undefined) result = join(result, item);
  }
  return result;
}
