/** The shape of a link, a function of one real argument: its name if it has one, whether it falls, whether it is convex. */

import { occursFree, substitute } from '../expr/binder.ts';
import type { Datum, Declarations } from '../expr/declare.ts';
import type { Expr, Sym } from '../expr/expr.ts';
import { add, apply, call, divide, log, minus, mul, num, subtract, sym } from '../expr/expr.ts';
import { compareRationals, ONE } from '../expr/rational.ts';
import { children, mapChildren, some } from '../expr/walk.ts';
import { signOfExpr, termsOf } from '../forms/canonise.ts';
import { provesEqual } from '../forms/decide.ts';
import { differentiate } from '../forms/differentiate.ts';
import { thaw } from '../forms/gradient.ts';
import type { Answer } from './claim.ts';
import { refuted } from './claim.ts';
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
  const name =
    kinked || stepped
      ? kinkedName(link, argument, declared)
      : smoothName(link, argument, [first, second, third], known);
  const falls = !stepped && isUp(minus(first), known);
  const bends = convexByRules(link, argument, declared) || (!kinked && !stepped && isUp(second, known));
  return {
    name,
    decreasing: falls ? { answer: 'proved' } : rising(link, argument, declared),
    convex: bends ? { answer: 'proved' } : dented(link, argument, declared),
  };
}

function isUp(e: Expr, declared: Declarations): boolean {
  const sign = signOfExpr(e, declared, BUDGET);
  return sign === 'positive' || sign === 'nonnegative' || sign === 'zero';
}

/** Two further arguments, the first below the second. */
function twoArguments(argument: Sym, declared: Declarations) {
  const [low, high] = [sym(`${argument.name}_1`), sym(`${argument.name}_2`)];
  const facts = [...declared.facts, { kind: 'positive', of: subtract(high, low) } as const];
  return { low, high, declared: { ...declared, facts } };
}

/** Two arguments between which the link rises. */
function rising(link: Expr, argument: Sym, declared: Declarations): Answer {
  const { low, high, declared: known } = twoArguments(argument, declared);
  const at = (e: Expr): Expr => substitute(link, [[argument, e]]);
  return refuted(call('lt', [at(low), at(high)]), num(0), known);
}

/** Two arguments between which the link lies above its chord. */
function dented(link: Expr, argument: Sym, declared: Declarations): Answer {
  const { low, high, declared: known } = twoArguments(argument, declared);
  const at = (e: Expr): Expr => substitute(link, [[argument, e]]);
  const middle = at(divide(add([low, high]), num(2)));
  const chord = divide(add([at(low), at(high)]), num(2));
  return refuted(call('lt', [chord, middle]), num(0), known);
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

type Curve = 'constant' | 'affine' | 'convex' | 'concave' | 'unknown';

/** The rules of composition for convex functions (Boyd and Vandenberghe 2004, section 3.2). */
const convexByRules = (link: Expr, argument: Sym, declared: Declarations): boolean =>
  ['constant', 'affine', 'convex'].includes(curve(link, argument, declared));

function curve(e: Expr, argument: Sym, declared: Declarations): Curve {
  const of = (part: Expr): Curve => curve(part, argument, declared);
  if (!occursFree(e, argument)) return 'constant';
  if (e.kind === 'sym') return 'affine';
  if (e.kind === 'freeze') return of(e.body);
  if (e.kind === 'add') return e.terms.map(of).reduce(sumOfCurves);
  if (e.kind === 'mul') {
    const [only, another] = e.factors.filter((f) => occursFree(f, argument));
    if (only === undefined || another !== undefined) return 'unknown';
    const sign = signOfExpr(mul(e.factors.filter((f) => f !== only)), declared);
    if (sign === 'unknown') return of(only) === 'affine' ? 'affine' : 'unknown';
    return sign === 'negative' || sign === 'nonpositive' ? mirrored(of(only)) : of(only);
  }
  if (e.kind === 'pow') {
    const isSquare = e.exponent.kind === 'num' && compareRationals(e.exponent.value, ONE) > 0;
    if (!isSquare || e.exponent.kind !== 'num') return 'unknown';
    const even = e.exponent.value.d === 1n && e.exponent.value.n % 2n === 0n;
    if (even && of(e.base) === 'affine') return 'convex';
    const isUp = e.base.kind === 'call' && (e.base.fn === 'relu' || e.base.fn === 'abs');
    return isUp && isBelow(of(e.base)) ? 'convex' : 'unknown';
  }
  if (e.kind !== 'call') return 'unknown';
  const args = e.args.map(of);
  switch (e.fn) {
    case 'relu':
    case 'max':
    case 'exp':
    case 'softplus':
      return args.every(isBelow) ? 'convex' : 'unknown';
    case 'min':
    case 'log':
    case 'logsigmoid':
      return args.every((arg) => isBelow(mirrored(arg))) ? 'concave' : 'unknown';
    case 'abs':
      return args.every((arg) => arg === 'affine') ? 'convex' : 'unknown';
    default:
      return 'unknown';
  }
}

const isBelow = (c: Curve): boolean => c === 'constant' || c === 'affine' || c === 'convex';
const mirrored = (c: Curve): Curve => (c === 'convex' ? 'concave' : c === 'concave' ? 'convex' : c);

function sumOfCurves(a: Curve, b: Curve): Curve {
  if (a === 'constant' || (a === 'affine' && b !== 'constant')) return b;
  if (b === 'constant' || b === 'affine' || a === b) return a;
  return 'unknown';
}
