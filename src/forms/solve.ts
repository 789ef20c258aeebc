/** When does a difference vanish? Exact conditions on hyper-parameters, and simple ones on data. */

import { same } from '../expr/binder.ts';
import type { Declarations } from '../expr/declare.ts';
import { datumOf, domainOf } from '../expr/declare.ts';
import type { Apply, Expr, Sym } from '../expr/expr.ts';
import { subtract } from '../expr/expr.ts';
import type { Rational } from '../expr/rational.ts';
import {
  compareRationals,
  invert,
  isInteger,
  MINUS_ONE,
  negate,
  ONE,
  rational,
  times,
  ZERO,
} from '../expr/rational.ts';
import { rebuild, size } from '../expr/walk.ts';
import {
  divideExactly,
  exponential,
  isZeroPoly,
  multiply,
  overCommon,
  powerOf,
  primitive,
  reciprocalOf,
} from './arithmetic.ts';
import { canoniser } from './canonical.ts';
import { needs } from './definedness.ts';
import type { Atom, Mono, Poly, Ring } from './element.ts';
import {
  accumulate,
  addPolys,
  BudgetError,
  constant,
  monomial,
  newRing,
  ofAtom,
  scale,
  single,
  UndefinedError,
} from './element.ts';
import { isNonzero, signOf } from './infer.ts';
import { grant, logOf, numberOf } from './logarithm.ts';
import { compareAtoms } from './order.ts';
import { reify } from './reify.ts';
import { rationalRoots } from './roots.ts';
import { monoSign } from './sign.ts';

/** `left` is a hyper-parameter, or a datum such as `len(w)`. */
export interface Equation {
  readonly left: Sym | Apply;
  readonly right: Expr;
}
/** Equations that must hold together. */
export type Alternative = readonly Equation[];

/** Thrown when a condition is outside what is solved here; no partial answer is given then. */
class UnsolvedError extends Error {}

const MOST_ALTERNATIVES = 12;
/** Beyond this many nodes nobody reads a condition, and finding one costs more than the decision. */
const LARGEST = 4000;

/**
 * The alternatives under which a = b, complete where any are returned: each is substituted back and proved.
 * Empty where there are none or the system was not solved. Conditions on data are given only where they are
 * asked for and no condition on hyper-parameters exists.
 */
export function solve(
  a: Expr,
  b: Expr,
  declared: Declarations,
  budget: number,
  on: 'parameters' | 'data' = 'data',
): readonly Alternative[] {
  const difference = subtract(a, b);
  if (size(difference) > LARGEST) return [];
  const inner = logits(a, b, declared, budget) ?? difference;
  const proves = (alternative: Alternative): boolean => {
    const under = alternative.reduce<Expr>(replace, difference);
    return withRing(under, declared, budget, (_, poly) => poly.size === 0) ?? false;
  };
  for (const onData of on === 'data' ? [false, true] : [false]) {
    const found = attempt(() => vanishing(inner, { declared, budget, onData }, 0));
    const allowed = found?.filter((alternative) => !contradicts(alternative, declared, budget)) ?? [];
    if (allowed.length > 0 && allowed.length <= MOST_ALTERNATIVES && allowed.every(proves)) return allowed;
  }
  return [];
}

/**
 * The difference of the log-odds where both sides are log(1 + odds): that is one-to-one, and the canonical
 * forms of the two sides may be turned different ways.
 */
function logits(a: Expr, b: Expr, declared: Declarations, budget: number): Expr | undefined {
  const oddsOf = (e: Expr): Expr | undefined =>
    withRing(e, declared, budget, (ring, poly) => {
      const odds = addPolys(ring, [exponential(ring, poly), constant(ring, MINUS_ONE)]);
      const only = odds.size === 1 && signOf(ring, odds) === 'positive';
      return only ? reify(ring, logOf(ring, odds)) : undefined;
    });
  const [left, right] = [oddsOf(a), oddsOf(b)];
  return left === undefined || right === undefined ? undefined : subtract(left, right);
}

/** Whether an alternative is excluded by what is granted. */
const contradicts = (alternative: Alternative, { facts, ...rest }: Declarations, budget: number): boolean =>
  facts.some(({ kind, of }) => {
    const under = alternative.reduce<Expr>(replace, of);
    const sign =
      withRing(under, { ...rest, facts: [] }, budget, (ring, poly) => signOf(ring, poly)) ?? 'unknown';
    if (kind === 'nonzero') return sign === 'zero';
    if (kind === 'nonnegative') return sign === 'negative';
    return kind === 'positive' && (sign === 'negative' || sign === 'nonpositive' || sign === 'zero');
  });

interface Context {
  readonly declared: Declarations;
  readonly budget: number;
  readonly onData: boolean;
}

function attempt<T>(f: () => T): T | undefined {
  try {
    return f();
  } catch (error) {
    if (error instanceof UnsolvedError || error instanceof BudgetError || error instanceof UndefinedError)
      return undefined;
    if (error instanceof RangeError) return undefined; // stack or bigint size
    throw error;
  }
}

function inRing<T>(e: Expr, declared: Declarations, budget: number, use: (ring: Ring, poly: Poly) => T): T {
  const ring = newRing(declared, budget);
  const convert = canoniser(ring);
  for (const { kind, of } of [...declared.facts, ...needs(e, declared)]) {
    if (kind === 'integer') continue;
    grant(ring, kind, convert.of(of));
    convert.forget();
  }
  const poly = convert.of(e);
  return use(ring, isZeroPoly(ring, poly) ? new Map() : poly);
}

const withRing = <T>(
  e: Expr,
  declared: Declarations,
  budget: number,
  use: (ring: Ring, poly: Poly) => T,
): T | undefined => attempt(() => inRing(e, declared, budget, use));

/** `e` with every occurrence of the equation's left side replaced. */
export const replace = (e: Expr, { left, right }: Equation): Expr =>
  rebuild(e, (node) => (node.kind === left.kind && same(node, left) ? right : node));

const DEEPEST = 12;

function vanishing(e: Expr, context: Context, depth: number): readonly Alternative[] {
  if (depth > DEEPEST) throw new UnsolvedError('depth');
  return inRing(e, context.declared, context.budget, (ring, poly) => ofPoly(ring, poly, context, depth));
}

function ofPoly(ring: Ring, poly: Poly, context: Context, depth: number): readonly Alternative[] {
  if (poly.size === 0) return [[]];
  const { numerator } = overCommon(ring, poly);
  const { unit, rest } = primitive(ring, numerator);
  const alternatives: Alternative[] = [];
  for (const { atom, times: k } of unit.powers) {
    if (k > 0) alternatives.push(...whenZero(ring, atom, context));
  }
  if (numberOf(ring, rest) === undefined) alternatives.push(...ofRest(ring, rest, context, depth));
  return distinct(alternatives);
}

/** A factor atom = 0, where its domain allows that. */
function whenZero(ring: Ring, atom: Atom, context: Context): readonly Alternative[] {
  const poly = single(ofAtom(ring, atom), ONE);
  const { shape } = atom;
  if (shape.kind === 'name') {
    if (shape.of.kind !== 'sym') return context.onData ? equationFor(ring, atom, new Map(), context) : [];
    return equationFor(ring, atom, new Map(), context);
  }
  const sign = signOf(ring, poly);
  if (sign === 'positive' || sign === 'negative') return [];
  if (shape.kind === 'log')
    return ofPoly(ring, addPolys(ring, [shape.of, constant(ring, MINUS_ONE)]), context, 1);
  if (isData(ring, atom)) return [];
  throw new UnsolvedError(shape.kind);
}

function ofRest(ring: Ring, rest: Poly, context: Context, depth: number): readonly Alternative[] {
  const again = (poly: Poly): readonly Alternative[] => vanishing(reify(ring, poly), context, depth + 1);
  const unlogged = exponentiated(ring, rest);
  if (unlogged !== undefined) return again(unlogged);
  const balanced = balance(ring, rest);
  if (balanced !== undefined) return again(balanced);

  const groups = byData(ring, rest);
  const [first] = groups;
  if (first === undefined) return [];
  if (groups.length === 1) return ofParameters(ring, first, context, depth);
  // Data monomials are independent: each coefficient must vanish.
  const together = groups
    .map((group) => reify(ring, group))
    .reduce<readonly Alternative[]>(
      (found, coefficient) =>
        found.flatMap((alternative) =>
          vanishing(
            alternative.reduce<Expr>(replace, coefficient),
            { ...context, onData: false },
            depth + 1,
          ).map((more) => [...alternative, ...more]),
        ),
      [[]],
    );
  if (together.length > 0 || !context.onData) return together;
  return linearIn(ring, rest, context, (atom) => isData(ring, atom)) ?? [];
}

/** sum_i k_i log A_i + R vanishes iff prod_i A_i^k_i exp(R) = 1. */
function exponentiated(ring: Ring, rest: Poly): Poly | undefined {
  let product = constant(ring, ONE);
  const exponent = new Map<Mono, Rational>();
  let logs = 0;
  const scaleBy = coefficientsOfLogs(rest);
  if (scaleBy === undefined) return undefined;
  for (const [mono, c] of scale(rest, scaleBy)) {
    const [only] = mono.powers;
    if (isLog(mono) && only?.atom.shape.kind === 'log' && only.atom.shape.of.size > 1) {
      const k = Number(c.n);
      if (!isInteger(c) || Math.abs(k) > 16) return undefined;
      const of = only.atom.shape.of;
      product = multiply(
        ring,
        product,
        k < 0 ? powerOf(ring, reciprocalOf(ring, of), -k) : powerOf(ring, of, k),
      );
      logs++;
    } else accumulate(exponent, mono, c);
  }
  if (logs === 0) return undefined;
  const whole = multiply(ring, product, exponential(ring, exponent));
  return addPolys(ring, [whole, constant(ring, MINUS_ONE)]);
}

const isLog = (mono: Mono): boolean =>
  mono.powers.length === 1 &&
  mono.exponent === undefined &&
  mono.powers[0]?.times === 1 &&
  mono.powers[0].atom.shape.kind === 'log';

/** 1/c where all logs of sums have coefficient c or -c. */
function coefficientsOfLogs(rest: Poly): Rational | undefined {
  for (const [mono, c] of rest) {
    const [only] = mono.powers;
    if (isLog(mono) && only?.atom.shape.kind === 'log' && only.atom.shape.of.size > 1) return invert(c);
  }
  return undefined;
}

/** c M - d N with positive monomials, not both free of exponentials: log of the quotient. */
function balance(ring: Ring, rest: Poly): Poly | undefined {
  const [first, second, third] = [...rest];
  if (first === undefined || second === undefined || third !== undefined) return undefined;
  const [[m, c], [n, d]] = [first, second];
  if (m.exponent === undefined && n.exponent === undefined) return undefined;
  if (monoSign(ring, m) !== 'positive' || monoSign(ring, n) !== 'positive') return undefined;
  const ratio = times(negate(c), invert(d));
  if (compareRationals(ratio, ZERO) <= 0) return undefined;
  const quotient = multiply(ring, single(m, ratio), reciprocalOf(ring, single(n, ONE)));
  return logOf(ring, quotient);
}

/** Whether data, not only hyper-parameters, enter the atom. */
function isData(ring: Ring, { shape, bound }: Atom): boolean {
  if (bound.length > 0) return true;
  const inPoly = (poly: Poly): boolean => [...poly.keys()].some((mono) => hasData(ring, mono));
  switch (shape.kind) {
    case 'name':
      return shape.of.kind !== 'sym';
    case 'parity':
      return hasData(ring, shape.of);
    case 'sum':
      return true;
    case 'fn':
      return shape.args.some(inPoly);
    default:
      return inPoly(shape.of);
  }
}
const hasData = (ring: Ring, mono: Mono): boolean =>
  mono.powers.some(({ atom }) => isData(ring, atom)) ||
  [...(mono.exponent ?? [])].some(([inner]) => hasData(ring, inner));
const hasParameter = (ring: Ring, mono: Mono): boolean =>
  mono.powers.some(({ atom }) => !isData(ring, atom) || mixed(ring, atom)) ||
  [...(mono.exponent ?? [])].some(([inner]) => hasParameter(ring, inner));
/** Data atoms inside which a hyper-parameter sits: not independent of one another for every value of it. */
function mixed(ring: Ring, { shape }: Atom): boolean {
  const inPoly = (poly: Poly): boolean => [...poly.keys()].some((mono) => hasParameter(ring, mono));
  switch (shape.kind) {
    case 'name':
      return false;
    case 'parity':
      return hasParameter(ring, shape.of);
    case 'sum':
      return hasParameter(ring, shape.body);
    case 'fn':
      return shape.args.some(inPoly);
    default:
      return inPoly(shape.of);
  }
}

/** The coefficients of the data monomials. Throws UnsolvedError where those need not be independent. */
function byData(ring: Ring, rest: Poly): readonly Poly[] {
  const groups = new Map<Mono, Map<Mono, Rational>>();
  for (const [mono, c] of rest) {
    const data = mono.powers.filter(({ atom }) => isData(ring, atom));
    if (data.some(({ atom }) => mixed(ring, atom))) throw new UnsolvedError('parameter inside data');
    const exponents = [...(mono.exponent ?? [])];
    const dataExponent = exponents.filter(([m]) => hasData(ring, m));
    if (dataExponent.some(([m]) => hasParameter(ring, m)))
      throw new UnsolvedError('parameter inside exponent');
    const key = monomial(ring, data, new Map(dataExponent));
    const coefficient = monomial(
      ring,
      mono.powers.filter(({ atom }) => !isData(ring, atom)),
      new Map(exponents.filter(([m]) => !hasData(ring, m))),
    );
    const group = groups.get(key) ?? new Map<Mono, Rational>();
    accumulate(group, coefficient, c);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** A polynomial in hyper-parameters: linear in one of them, or univariate with rational roots. */
function ofParameters(ring: Ring, poly: Poly, context: Context, depth: number): readonly Alternative[] {
  if (numberOf(ring, poly) !== undefined) return [];
  const { unit, rest } = primitive(ring, poly);
  const fromUnit = unit.powers.flatMap(({ atom, times: k }) => (k > 0 ? whenZero(ring, atom, context) : []));
  if (numberOf(ring, rest) !== undefined) return fromUnit;
  const linear = linearIn(
    ring,
    rest,
    context,
    (atom) => atom.shape.kind === 'name' && atom.shape.of.kind === 'sym',
    depth,
  );
  if (linear !== undefined) return [...fromUnit, ...linear];
  const roots = rationalRoots(rest);
  if (roots === undefined) throw new UnsolvedError('not linear, not split');
  return [
    ...fromUnit,
    ...roots.values.flatMap((value) => equationFor(ring, roots.atom, constant(ring, value), context)),
  ];
}

/** The solutions of c x + d = 0 for the first suitable atom x that occurs to the first power only. */
function linearIn(
  ring: Ring,
  rest: Poly,
  context: Context,
  suitable: (atom: Atom) => boolean,
  depth = 0,
): readonly Alternative[] | undefined {
  const atoms = [...new Set([...rest.keys()].flatMap((mono) => mono.powers.map(({ atom }) => atom)))]
    .filter(suitable)
    .sort((p, q) => compareAtoms(ring, p, q));
  const candidates = atoms.flatMap((atom) => {
    const parts = linearParts(ring, rest, atom);
    return parts === undefined ? [] : [{ atom, ...parts }];
  });
  const simple = candidates.find(({ slope }) => numberOf(ring, slope) !== undefined);
  if (simple !== undefined) {
    const c = numberOf(ring, simple.slope) ?? ONE;
    return equationFor(ring, simple.atom, scale(simple.offset, negate(invert(c))), context);
  }
  const certain = candidates.find(({ slope }) => isNonzero(ring, slope));
  if (certain !== undefined) {
    const value = multiply(ring, certain.offset, reciprocalOf(ring, certain.slope));
    return equationFor(ring, certain.atom, scale(value, MINUS_ONE), context);
  }
  for (const { atom, slope, offset } of candidates) {
    const quotient = divideExactly(ring, offset, slope);
    if (quotient === undefined) continue;
    return [
      ...vanishing(reify(ring, slope), context, depth + 1),
      ...equationFor(ring, atom, scale(quotient, MINUS_ONE), context),
    ];
  }
  return undefined;
}

/** rest = slope * atom + offset, both free of the atom; undefined where it is not so. */
function linearParts(
  ring: Ring,
  rest: Poly,
  atom: Atom,
): { readonly slope: Poly; readonly offset: Poly } | undefined {
  const slope = new Map<Mono, Rational>();
  const offset = new Map<Mono, Rational>();
  for (const [mono, c] of rest) {
    const power = mono.powers.find((p) => p.atom === atom);
    const others = mono.powers.filter((p) => p.atom !== atom);
    const hidden = others.some((p) => p.atom.shape.kind !== 'name') || mono.exponent !== undefined;
    if (hidden || (power !== undefined && power.times !== 1)) return undefined;
    if (power === undefined) accumulate(offset, mono, c);
    else accumulate(slope, monomial(ring, others, undefined), c);
  }
  return { slope, offset };
}

/** The equation atom = value, none where the atom's domain excludes it. */
function equationFor(ring: Ring, atom: Atom, value: Poly, { declared }: Context): readonly Alternative[] {
  const left = atom.shape.kind === 'name' ? atom.shape.of : undefined;
  if (left === undefined || left.kind === 'var') return [];
  const gap = addPolys(ring, [single(ofAtom(ring, atom), ONE), scale(value, MINUS_ONE)]);
  const sign = signOf(ring, gap);
  if (sign === 'positive' || sign === 'negative') return [];
  const number = numberOf(ring, value);
  const is =
    left.kind === 'sym' ? domainOf(declared, left.name) : (datumOf(declared, left.name)?.is ?? 'real');
  if (number !== undefined) {
    const [low, high] = [compareRationals(number, ZERO), compareRationals(number, rational(1))];
    const allowed = {
      real: true,
      positive: low > 0,
      nonnegative: low >= 0,
      unit: low >= 0 && high <= 0,
      'open-unit': low > 0 && high < 0,
      integer: isInteger(number),
      boolean: low === 0 || high === 0,
    }[is];
    if (!allowed) return [];
  }
  return [[{ left, right: reify(ring, value) }]];
}

function distinct(alternatives: readonly Alternative[]): readonly Alternative[] {
  const equal = (a: Alternative, b: Alternative): boolean =>
    a.length === b.length &&
    a.every((x, i) => {
      const y = b[i];
      return y !== undefined && same(x.left, y.left) && same(x.right, y.right);
    });
  return alternatives.filter((a, i) => alternatives.findIndex((b) => equal(a, b)) === i);
}
