/** The shape of a link, a function of one real argument: its name if it has one, whether it falls, whether it is convex. */

import { occursFree, substitute } from '../expr/binder.ts';
import type { Datum, Declarations } from '../expr/declare.ts';
import type { Expr, Sym } from '../expr/expr.ts';
import { add, apply, call, divide, exp, log, minus, num, subtract, sym } from '../expr/expr.ts';
import { rational } from '../expr/rational.ts';
import { children, mapChildren, rebuild, some } from '../expr/walk.ts';
import { signOfExpr, termsOf } from '../forms/canonise.ts';
import { provesEqual } from '../forms/decide.ts';
import { differentiate } from '../forms/differentiate.ts';
import { thaw } from '../forms/gradient.ts';
import { refute } from '../forms/refute.ts';
import type { Answer } from './claim.ts';
import { refuted } from './claim.ts';
import { courseOf, isConvex, isFalling } from './curve.ts';
import { CHOSEN } from './score.ts';

export const LINK_NAMES = [
  'linear',
  'square',
  'hinge',
  'squared-hinge',
  'exponential',
  'sigmoid',
  'cauchy',
  'other',
] as const;
export type LinkName = (typeof LINK_NAMES)[number];

export interface Shape {
  readonly name: LinkName;
  readonly decreasing: Answer;
  readonly convex: Answer;
}

/** A positive datum whose logarithm stands for the argument: what has a derivative here are data. */
const ODDS = 'link_argument';
const ARGUMENT = apply(ODDS, [CHOSEN]);
const ODDS_DATUM: Datum = {
  is: 'positive',
  shapes: [['response']],
  distribution: false,
  prompt: false,
  policy: false,
};

/** Work for one question about a link: links are short, and those that are not have no name. */
const BUDGET = 20_000;

const vanishes = (e: Expr, declared: Declarations): boolean => provesEqual(e, num(0), declared, BUDGET);

const withOdds = (declared: Declarations): Declarations => ({
  ...declared,
  data: { ...declared.data, [ODDS]: ODDS_DATUM },
});

/** The first, second and third derivatives by the argument, in its odds. */
function derivatives(link: Expr, argument: Sym): readonly [Expr, Expr, Expr] {
  const d = (e: Expr): Expr => thaw(differentiate(e, ARGUMENT));
  const first = d(substitute(link, [[argument, log(ARGUMENT)]]));
  const second = d(first);
  return [first, second, d(second)];
}

const KINKED = new Set(['abs', 'relu', 'max', 'min', 'clamp']);
const STEPPED = new Set(['le', 'lt', 'eq']);
const uses = (e: Expr, functions: ReadonlySet<string>): boolean =>
  some(e, (node) => node.kind === 'call' && functions.has(node.fn));

export function shapeOf(link: Expr, argument: Sym, declared: Declarations): Shape {
  const known = withOdds(declared);
  const [first, second, third] = derivatives(link, argument);
  const kinked = uses(link, KINKED);
  const stepped = uses(link, STEPPED);
  const smooth = !kinked && !stepped;
  const name = !smooth
    ? kinkedName(link, argument, declared)
    : smoothName(link, argument, [first, second, third], known);
  const course = courseOf(link, argument, declared);
  const falls = isFalling(course) || (!stepped && isUp(minus(first), known));
  const bends = isConvex(course) || (smooth && (isUp(second, known) || bendsAsLogistic(second, known)));
  return {
    name,
    decreasing: falls ? { answer: 'proved' } : rising(link, argument, smooth ? first : undefined, declared),
    convex: bends ? { answer: 'proved' } : dented(link, argument, smooth ? second : undefined, declared),
  };
}

/** Whether the link is -log sigmoid plus something affine, as label smoothing is. */
function bendsAsLogistic(second: Expr, declared: Declarations): boolean {
  const [, logistic] = derivatives(call('softplus', [sym('u')]), sym('u'));
  return vanishes(subtract(second, logistic), declared);
}

function isUp(e: Expr, declared: Declarations): boolean {
  const sign = signOfExpr(e, declared, BUDGET);
  return sign === 'positive' || sign === 'nonnegative' || sign === 'zero';
}

/** A place where the link rises: by its derivative, or between two arguments where it has none everywhere. */
function rising(link: Expr, argument: Sym, slope: Expr | undefined, declared: Declarations): Answer {
  if (slope !== undefined) return somewhere((u) => call('lt', [num(0), atArgument(slope, u)]), ANY, declared);
  const at = (e: Expr): Expr => substitute(link, [[argument, e]]);
  return somewhere(
    (u, reach) => call('lt', [at(subtract(u, reach)), at(add([u, reach]))]),
    REACHES,
    declared,
  );
}

/** A place where the link is bent down: by its second derivative, or where it lies above a chord. */
function dented(link: Expr, argument: Sym, bend: Expr | undefined, declared: Declarations): Answer {
  if (bend !== undefined) return somewhere((u) => call('lt', [atArgument(bend, u), num(0)]), ANY, declared);
  const at = (e: Expr): Expr => substitute(link, [[argument, e]]);
  const chord = (u: Expr, reach: Expr): Expr =>
    divide(add([at(subtract(u, reach)), at(add([u, reach]))]), num(2));
  return somewhere((u, reach) => call('lt', [chord(u, reach), at(u)]), REACHES, declared);
}

/** A derivative, which is written in the odds of the argument, at an argument. */
const atArgument = (derivative: Expr, u: Expr): Expr =>
  rebuild(derivative, (node) => (node.kind === 'apply' && node.name === ODDS ? exp(u) : node));

/** Where links are looked at before arguments are drawn, and how far to both sides. */
const PLACES = [0, -1, 1, -2, 2, -4, 4, -8, 8].map(num);
const REACHES = [num(1), num(rational(1, 4))];
const ANY = [num(1)];
const LOOK = { points: 12, operations: 40_000 } as const;

/** Refuted where the indicator `fails` is one, at one of the places or between drawn arguments. */
function somewhere(
  fails: (place: Expr, reach: Expr) => Expr,
  reaches: readonly Expr[],
  declared: Declarations,
): Answer {
  for (const place of PLACES) {
    for (const reach of reaches) {
      const witness = refute(fails(place, reach), num(0), declared, LOOK);
      if (witness !== undefined) return { answer: 'refuted', witness };
    }
  }
  const [place, reach] = [sym('link_place'), sym('link_reach')];
  const parameters = { ...declared.parameters, [reach.name]: 'positive' } as const;
  return refuted(fails(place, reach), num(0), { ...declared, parameters });
}

/** By the ratios of derivatives, in which scale, place and offset of the link drop out. */
function smoothName(
  link: Expr,
  argument: Sym,
  [first, second, third]: readonly [Expr, Expr, Expr],
  declared: Declarations,
): LinkName {
  const isZero = (e: Expr): boolean => vanishes(e, declared);
  if (isZero(second)) return 'linear';
  if (isZero(third)) return 'square';
  if (isQuadraticLog(link, argument, declared)) return 'cauchy';
  // f = c exp(k u) + d: f''/f' is constant.
  const bend = divide(second, first);
  const turn = thaw(differentiate(bend, ARGUMENT));
  if (isZero(turn)) return 'exponential';
  // f = c sigmoid(k u) + d: f''/f' = k - 2k sigmoid(k u) is affine in f.
  if (isZero(thaw(differentiate(divide(turn, first), ARGUMENT)))) return 'sigmoid';
  return 'other';
}

/** c log(quadratic) + d. */
function isQuadraticLog(link: Expr, argument: Sym, declared: Declarations): boolean {
  const moving = (termsOf(link, declared) ?? []).filter((term) => occursFree(term, argument));
  const [only, another] = moving;
  if (only === undefined || another !== undefined) return false;
  const factors = (only.kind === 'mul' ? only.factors : [only]).filter((f) => occursFree(f, argument));
  const [factor, second] = factors;
  const of = factor?.kind === 'call' && factor.fn === 'log' ? factor.args[0] : undefined;
  if (of === undefined || second !== undefined) return false;
  const [, bend, last] = derivatives(of, argument);
  const known = withOdds(declared);
  return vanishes(last, known) && !vanishes(bend, known);
}

/** c max(d, affine) + e, or its square. */
function kinkedName(link: Expr, argument: Sym, declared: Declarations): LinkName {
  const [first, ...others] = kinks(link);
  if (first?.kind !== 'call' || others.length > 0) return 'other';
  const moving = first.args.filter((arg) => occursFree(arg, argument));
  const [only, another] = moving;
  const isHinge = first.fn === 'relu' || (first.fn === 'max' && first.args.length === 2);
  if (!isHinge || only === undefined || another !== undefined || !isAffine(only, argument, declared)) {
    return 'other';
  }
  const kink = sym(`${argument.name}_0`);
  const outer = replaceNode(link, first, kink);
  if (occursFree(outer, argument)) return 'other';
  const [, second, third] = derivatives(outer, kink);
  const known = withOdds(declared);
  if (vanishes(second, known)) return 'hinge';
  return vanishes(third, known) ? 'squared-hinge' : 'other';
}

/** The outermost kinked calls. */
function kinks(e: Expr): readonly Expr[] {
  if (e.kind === 'call' && (KINKED.has(e.fn) || STEPPED.has(e.fn))) return [e];
  return children(e).flatMap(kinks);
}

const replaceNode = (e: Expr, node: Expr, by: Expr): Expr =>
  e === node ? by : mapChildren(e, (part) => replaceNode(part, node, by));

function isAffine(e: Expr, argument: Sym, declared: Declarations): boolean {
  const [, second] = derivatives(e, argument);
  return !uses(e, KINKED) && vanishes(second, withOdds(declared));
}
