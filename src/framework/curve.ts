/** How a function of one real argument runs, by the rules of composition: does it rise or fall, is it convex or concave? */

import { occursFree } from '../expr/binder.ts';
import type { Declarations } from '../expr/declare.ts';
import type { Call, Expr, Mul, Pow, Sym } from '../expr/expr.ts';
import { mul, num, subtract } from '../expr/expr.ts';
import type { FnName } from '../expr/function.ts';
import { type Half, halfOf as sideOf } from './half.ts';

type Bend = 'affine' | 'convex' | 'concave' | 'unknown';
type Slope = 'constant' | 'up' | 'down' | 'unknown';

/** `up` and `down` are meant weakly, and so are `convex` and `concave`: a constant is affine. */
export interface Course {
  readonly bend: Bend;
  readonly slope: Slope;
}

const CONSTANT: Course = { bend: 'affine', slope: 'constant' };
const UNKNOWN: Course = { bend: 'unknown', slope: 'unknown' };

/** Work for the sign of one part: links are short. */
const BUDGET = 20_000;

const halfOf = (e: Expr, declared: Declarations): Half => sideOf(e, declared, BUDGET);

export const isConvex = ({ bend }: Course): boolean => bend === 'affine' || bend === 'convex';
const isConcave = ({ bend }: Course): boolean => bend === 'affine' || bend === 'concave';
export const isFalling = ({ slope }: Course): boolean => slope === 'constant' || slope === 'down';
const isRising = ({ slope }: Course): boolean => slope === 'constant' || slope === 'up';

const courseFrom = (convex: boolean, concave: boolean, up: boolean, down: boolean): Course => ({
  bend: convex ? (concave ? 'affine' : 'convex') : concave ? 'concave' : 'unknown',
  slope: up ? (down ? 'constant' : 'up') : down ? 'down' : 'unknown',
});

const mirrored = (c: Course): Course => courseFrom(isConcave(c), isConvex(c), isFalling(c), isRising(c));

/** The course of `e` in `argument`; what no rule covers is unknown (Boyd and Vandenberghe 2004, section 3.2). */
export function courseOf(e: Expr, argument: Sym, declared: Declarations): Course {
  const of = (part: Expr): Course => courseOf(part, argument, declared);
  if (!occursFree(e, argument)) return CONSTANT;
  switch (e.kind) {
    case 'sym':
      return { bend: 'affine', slope: 'up' };
    case 'freeze':
      return of(e.body);
    case 'add':
      return together(e.terms.map(of));
    case 'mul':
      return ofProduct(e, of, declared);
    case 'pow':
      return ofPower(e, of, declared);
    case 'call':
      return ofCall(e, of, declared);
    default:
      return UNKNOWN;
  }
}

type Of = (part: Expr) => Course;

/** A sum. */
const together = (parts: readonly Course[]): Course =>
  courseFrom(parts.every(isConvex), parts.every(isConcave), parts.every(isRising), parts.every(isFalling));

/** Constants scale; factors that are nowhere negative and run the same way keep it, and convexity with it. */
function ofProduct({ factors }: Mul, of: Of, declared: Declarations): Course {
  const fixed = factors.filter((f) => of(f) === CONSTANT);
  const moving = factors.filter((f) => !fixed.includes(f));
  const scale = fixed.length === 0 ? 'nonnegative' : halfOf(mul(fixed), declared);
  const [only, another] = moving;
  if (only === undefined) return CONSTANT;
  if (another === undefined) {
    const course = of(only);
    if (scale === 'unknown')
      return { bend: course.bend === 'affine' ? 'affine' : 'unknown', slope: 'unknown' };
    return scale === 'nonnegative' ? course : mirrored(course);
  }
  const halves = moving.map((f) => halfOf(f, declared));
  if (scale === 'unknown' || halves.includes('unknown')) return UNKNOWN;
  const sizes = moving.map((f, i) => (halves[i] === 'nonpositive' ? mirrored(of(f)) : of(f)));
  const [up, down] = [sizes.every(isRising), sizes.every(isFalling)];
  const size = courseFrom((up || down) && sizes.every(isConvex), false, up, down);
  const turned = [scale, ...halves].filter((half) => half === 'nonpositive').length % 2 === 1;
  return turned ? mirrored(size) : size;
}

/** base^k for constant k, on a base that is nowhere negative or for an even k; k^argument is left to exp. */
function ofPower({ base, exponent }: Pow, of: Of, declared: Declarations): Course {
  if (of(exponent) !== CONSTANT) return UNKNOWN;
  const inner = of(base);
  const isEven = exponent.kind === 'num' && exponent.value.d === 1n && exponent.value.n % 2n === 0n;
  const isUp = halfOf(exponent, declared) === 'nonnegative';
  if (halfOf(base, declared) !== 'nonnegative') {
    return isEven && isUp && inner.bend === 'affine' ? { bend: 'convex', slope: 'unknown' } : UNKNOWN;
  }
  const atLeastOne = halfOf(subtract(exponent, num(1)), declared);
  if (halfOf(exponent, declared) === 'nonpositive') return after({ bend: 'convex', slope: 'down' }, inner);
  if (!isUp) return UNKNOWN;
  const bend = atLeastOne === 'nonnegative' ? 'convex' : atLeastOne === 'nonpositive' ? 'concave' : 'unknown';
  return after({ bend, slope: 'up' }, inner);
}

/** The functions of one argument that rise wherever they are defined. */
const RISING: Partial<Readonly<Record<FnName, Bend>>> = {
  exp: 'convex',
  expm1: 'convex',
  softplus: 'convex',
  relu: 'convex',
  log: 'concave',
  log1p: 'concave',
  logsigmoid: 'concave',
  sqrt: 'concave',
  sigmoid: 'unknown',
  tanh: 'unknown',
};

function ofCall({ fn, args }: Call, of: Of, declared: Declarations): Course {
  const inner = args.map(of);
  const [first = UNKNOWN] = inner;
  const bend = Object.hasOwn(RISING, fn) ? RISING[fn] : undefined;
  if (bend !== undefined) return after({ bend, slope: 'up' }, aboutLogit(fn, args[0], of) ?? first);
  switch (fn) {
    case 'max':
      return { ...together(inner), bend: inner.every(isConvex) ? 'convex' : 'unknown' };
    case 'min':
      return { ...together(inner), bend: inner.every(isConcave) ? 'concave' : 'unknown' };
    case 'clamp': {
      const [, ...ends] = inner;
      return { bend: 'unknown', slope: ends.every((c) => c === CONSTANT) ? first.slope : 'unknown' };
    }
    case 'le':
    case 'lt':
      // A step up where the right side has overtaken the left one.
      return { bend: 'unknown', slope: together([mirrored(first), inner[1] ?? UNKNOWN]).slope };
    case 'abs': {
      const half = args[0] === undefined ? 'unknown' : halfOf(args[0], declared);
      if (half !== 'unknown') return half === 'nonnegative' ? first : mirrored(first);
      return { bend: first.bend === 'affine' ? 'convex' : 'unknown', slope: 'unknown' };
    }
    default:
      return UNKNOWN;
  }
}

/** log(sigmoid(v)) is the concave logsigmoid(v), which its parts do not show: v is then what it is about. */
function aboutLogit(fn: FnName, arg: Expr | undefined, of: Of): Course | undefined {
  if (fn !== 'log' || arg?.kind !== 'call' || arg.fn !== 'sigmoid') return undefined;
  return arg.args.map(of)[0];
}

/** An outer function after an inner one. */
function after(outer: Course, inner: Course): Course {
  if (inner === CONSTANT) return CONSTANT;
  const straight = inner.bend === 'affine';
  const keeps = (fits: (c: Course) => boolean, other: (c: Course) => boolean): boolean =>
    fits(outer) && (straight || (isRising(outer) && fits(inner)) || (isFalling(outer) && other(inner)));
  const turned = isFalling(outer) ? mirrored(inner) : inner;
  const monotone = isRising(outer) || isFalling(outer);
  return courseFrom(
    keeps(isConvex, isConcave),
    keeps(isConcave, isConvex),
    monotone && isRising(turned),
    monotone && isFalling(turned),
  );
}
