/** Double-precision scalars that round downward, and the fast interval arithmetic over them. */

import { toNumber } from '../expr/rational.ts';
import type { Rounded, Scalars } from './interval.ts';
import { intervals } from './interval.ts';

const TINY = Number.MIN_VALUE;
const HUGE = Number.MAX_VALUE;

/**
 * A double at least one unit in the last place below `x`: |x| * 2^-52 is at least one unit, and TINY
 * covers the subnormal numbers. An overflow to infinity still lies above the largest finite double.
 */
function lower(x: number): number {
  const y = x - Math.abs(x) * Number.EPSILON - TINY;
  return Number.isNaN(y) ? HUGE : y;
}
const upper = (x: number): number => -lower(-x);

/** Where the error of a product is itself a double: no factor of Dekker's product over- or underflows. */
const inRange = (x: number): boolean => Math.abs(x) > 1e-140 && Math.abs(x) < 1e140;

/** a*b - p exactly, for p the rounded product (Dekker 1971, with Veltkamp's splitting). */
function productError(a: number, b: number, p: number): number {
  const SPLIT = 134217729;
  const ca = SPLIT * a;
  const ah = ca - (ca - a);
  const al = a - ah;
  const cb = SPLIT * b;
  const bh = cb - (cb - b);
  const bl = b - bh;
  return al * bl - (p - ah * bh - al * bh - ah * bl);
}

/** The error of a sum is a double (Knuth's TwoSum); its sign tells on which side the rounded sum lies. */
function addDown(a: number, b: number): number {
  const s = a + b;
  const t = s - a;
  const error = a - (s - t) + (b - t);
  return error >= 0 ? s : lower(s);
}

function mulDown(a: number, b: number): number {
  const p = a * b;
  if (a === 0 || b === 0) return 0;
  if (inRange(a) && inRange(b)) return productError(a, b, p) >= 0 ? p : lower(p);
  // An underflow keeps its sign: positive factors have a product above zero.
  return p === 0 && a > 0 === b > 0 ? 0 : lower(p);
}

function divDown(a: number, b: number): number {
  const q = a / b;
  if (a === 0) return 0;
  if (inRange(a) && inRange(b) && inRange(q)) {
    // The remainder of a rounded quotient is a double, so its sign is exact.
    const p = q * b;
    const remainder = a - p - productError(q, b, p);
    return remainder === 0 || remainder > 0 === b > 0 ? q : lower(q);
  }
  return q === 0 && a > 0 === b > 0 ? 0 : lower(q);
}

/**
 * V8 ports fdlibm, whose authors bound the error of exp, expm1, log and log1p by one unit in the last
 * place; other engines use libraries of like quality, but the language promises nothing. Three steps of
 * at least one unit each are kept as a margin. `fixed` goes to `to` exactly.
 */
const padded = (f: (x: number) => number, fixed: number, to: number, least: number): Rounded<number> => ({
  down: (x) => (x === fixed ? to : Math.max(least, lower(lower(lower(f(x)))))),
  up: (x) => (x === fixed ? to : upper(upper(upper(f(x))))),
});

/** Square roots are correctly rounded (IEEE 754), hence exact where the square of the root is. */
function rootIsExact(x: number, s: number): boolean {
  const p = s * s;
  return x === 0 || (inRange(s) && p === x && productError(s, s, p) === 0);
}
function rootDown(x: number): number {
  const s = Math.sqrt(x);
  return rootIsExact(x, s) ? s : Math.max(0, lower(s));
}
function rootUp(x: number): number {
  const s = Math.sqrt(x);
  return rootIsExact(x, s) ? s : upper(s);
}

export const DOUBLES: Scalars<number> = {
  zero: 0,
  one: 1,
  infinity: Number.POSITIVE_INFINITY,
  less: (a, b) => a < b,
  negate: (a) => -a,
  addDown,
  mulDown,
  divDown,
  rationalDown: ({ n, d }) => {
    const top = Number(n);
    const bottom = Number(d);
    if (Number.isSafeInteger(top) && Number.isSafeInteger(bottom)) return divDown(top, bottom);
    return lower(toNumber({ n, d }));
  },
  sqrt: { down: rootDown, up: rootUp },
  exp: padded(Math.exp, 0, 1, 0),
  log: padded(Math.log, 1, 0, Number.NEGATIVE_INFINITY),
  log1p: padded(Math.log1p, 0, 0, Number.NEGATIVE_INFINITY),
  expm1: padded(Math.expm1, 0, 0, -1),
  integer: (a) => (Number.isSafeInteger(a) ? a : undefined),
  // The shortest text that reads back as a double is less than one unit away from it.
  textDown: (a) => String(Number.isSafeInteger(a) ? a + 0 : lower(a)),
};

export const DOUBLE = intervals(DOUBLES);
