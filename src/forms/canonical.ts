/** Expressions into canonical elements (THEORY of the ring in docs/equality.md). Stop-gradients count as their value. */

import type { Apply, Call, Expr, Range, Sum, Var } from '../expr/expr.ts';
import { apply } from '../expr/expr.ts';
import type { FnName } from '../expr/function.ts';
import { isInteger, MINUS_ONE, ONE, rational } from '../expr/rational.ts';
import { exponential, multiply, powerOf, reciprocalOf } from './arithmetic.ts';
import type { Poly, Ring } from './element.ts';
import {
  addPolys,
  atomOf,
  BudgetError,
  constant,
  intern,
  ofAtom,
  scale,
  single,
  spend,
  ZERO_POLY,
} from './element.ts';
import { signOf } from './infer.ts';
import type { Leaf } from './leaf.ts';
import { hasHiddenPrompt, indexAt, leafName, nesting } from './leaf.ts';
import { generalPower, logOf } from './logarithm.ts';
import { indicator, maxOf } from './piecewise.ts';
import { sumOf } from './summation.ts';

/** Which canonical index stands for a variable bound further out. */
interface Scope {
  readonly name: Var;
  readonly stands: Var;
  readonly outer: Scope | undefined;
}

const DEEPEST = 1000;

export interface Canoniser {
  /** The canonical element of an expression. Throws BudgetError, UndefinedError. */
  readonly of: (e: Expr) => Poly;
  /** Forgets what was converted: to be called when something new was granted. */
  readonly forget: () => void;
}

/** Converts expressions of one ring; what was converted once is remembered. */
export function canoniser(ring: Ring): Canoniser {
  const known = new Map<Expr, Poly>();

  const one = constant(ring, ONE);
  const leaves = new Map<string, Poly>();
  const ofLeaf = (of: Leaf): Poly => {
    const name = leafName(of);
    const before = leaves.get(name);
    if (before !== undefined) return before;
    const made = single(ofAtom(ring, atomOf(ring, { kind: 'name', of })), ONE);
    leaves.set(name, made);
    return made;
  };

  const convert = (e: Expr, scope: Scope | undefined, depth: number): Poly => {
    if (e.kind === 'num') return constant(ring, e.value);
    if (e.kind === 'sym') return ofLeaf(e);
    const before = scope === undefined ? known.get(e) : undefined;
    if (before !== undefined) return before;
    if (depth > DEEPEST) throw new BudgetError('depth');
    spend(ring, 1);
    const made = build(e, scope, depth);
    if (scope === undefined) known.set(e, made);
    return made;
  };

  const build = (e: Expr, scope: Scope | undefined, depth: number): Poly => {
    const inner = (part: Expr): Poly => convert(part, scope, depth + 1);
    switch (e.kind) {
      case 'num':
        return constant(ring, e.value);
      case 'sym':
        return ofLeaf(e);
      case 'var': {
        const found = resolve(e, scope);
        return found.kind === 'var' ? ofLeaf(found) : ZERO_POLY;
      }
      case 'apply':
        return ofLeaf(applied(ring, e, scope));
      case 'add':
        return addPolys(ring, e.terms.map(inner));
      case 'mul':
        return e.factors.length === 0
          ? one
          : e.factors.map(inner).reduce((product, factor) => multiply(ring, product, factor));
      case 'pow':
        return ofPower(e.base, e.exponent, inner);
      case 'call':
        return CALLS[e.fn](ring, e, inner);
      case 'sum':
        return ofSum(e, scope, depth);
      case 'freeze':
        return inner(e.body);
      case 'grad':
        throw new TypeError('a gradient has no value of its own');
    }
  };

  const ofPower = (base: Expr, exponent: Expr, inner: (e: Expr) => Poly): Poly => {
    if (exponent.kind === 'num' && isInteger(exponent.value)) {
      const k = Number(exponent.value.n);
      if (Math.abs(k) > 100_000) throw new BudgetError('power');
      return k < 0 ? powerOf(ring, reciprocalOf(ring, inner(base)), -k) : powerOf(ring, inner(base), k);
    }
    return generalPower(ring, inner(base), inner(exponent));
  };

  const ofSum = (e: Sum, scope: Scope | undefined, depth: number): Poly => {
    const range: Range =
      e.range.kind === 'tokens' ? { kind: 'tokens', of: resolve(e.range.of, scope) } : e.range;
    const stands = indexAt(nesting(e.body), range);
    const convertBody = (): Poly => convert(e.body, { name: e.index, stands, outer: scope }, depth + 1);
    const body = range.kind === 'tokens' ? within(stands, range.of, convertBody) : convertBody();
    return sumOf(ring, stands, range, body);
  };

  /** Inside a sum over tokens the index is at most the length: granted there and nowhere else. */
  const within = (index: Var, of: Expr, convertBody: () => Poly): Poly => {
    const gap = addPolys(ring, [ofLeaf(apply('len', [of])), scale(ofLeaf(index), MINUS_ONE)]);
    const known = intern(ring, gap);
    const before = ring.nonnegative.has(known);
    ring.nonnegative.add(known);
    const body = convertBody();
    if (!before) ring.nonnegative.delete(known);
    return body;
  };

  return { of: (e) => convert(e, undefined, 0), forget: () => known.clear() };
}

/**
 * The prompt is implicit: under a sum over prompts, a datum that depends on the prompt takes the summed one
 * as a further argument here, so that it is never mistaken for a constant of that sum.
 */
function applied(ring: Ring, e: Apply, scope: Scope | undefined): Apply {
  const args = e.args.map((arg) => resolve(arg, scope));
  const prompt = hasHiddenPrompt(ring.declared, e) ? summedPrompt(scope) : undefined;
  return apply(e.name, prompt === undefined ? args : [...args, prompt]);
}

function summedPrompt(scope: Scope | undefined): Var | undefined {
  for (let here = scope; here !== undefined; here = here.outer) {
    if (here.stands.sort === 'prompt') return here.stands;
  }
  return undefined;
}

/** An argument with its bound variables replaced by the indices that stand for them. */
function resolve(arg: Expr, scope: Scope | undefined): Expr {
  if (arg.kind !== 'var') return arg;
  for (let here = scope; here !== undefined; here = here.outer) {
    if (here.name.name === arg.name) return here.stands;
  }
  return arg;
}

type Inner = (e: Expr) => Poly;
const argument = (e: Call, i: number): Expr => {
  const arg = e.args[i];
  if (arg === undefined) throw new TypeError(`${e.fn} lacks argument ${i + 1}`);
  return arg;
};

const unary =
  (f: (ring: Ring, u: Poly) => Poly) =>
  (ring: Ring, e: Call, inner: Inner): Poly =>
    f(ring, inner(argument(e, 0)));
const minus = (u: Poly): Poly => scale(u, MINUS_ONE);
const onePlus = (ring: Ring, u: Poly): Poly => addPolys(ring, [constant(ring, ONE), u]);
const sigmoidOf = (ring: Ring, u: Poly): Poly =>
  reciprocalOf(ring, onePlus(ring, exponential(ring, minus(u))));
const HALF = rational(1, 2);

const CALLS: Readonly<Record<FnName, (ring: Ring, e: Call, inner: Inner) => Poly>> = {
  exp: unary(exponential),
  log: (ring, e, inner) => logOfExpr(ring, argument(e, 0), inner),
  sqrt: unary((ring, u) => generalPower(ring, u, constant(ring, HALF))),
  log1p: unary((ring, u) => logOf(ring, onePlus(ring, u))),
  expm1: unary((ring, u) => addPolys(ring, [exponential(ring, u), constant(ring, MINUS_ONE)])),
  sigmoid: unary(sigmoidOf),
  logsigmoid: unary((ring, u) => minus(logOf(ring, onePlus(ring, exponential(ring, minus(u)))))),
  softplus: unary((ring, u) => logOf(ring, onePlus(ring, exponential(ring, u)))),
  tanh: unary((ring, u) =>
    // tanh u = 2 sigmoid(2u) - 1
    addPolys(ring, [scale(sigmoidOf(ring, scale(u, rational(2))), rational(2)), constant(ring, MINUS_ONE)]),
  ),
  abs: unary((ring, u) => maxOf(ring, [u, minus(u)])),
  relu: unary((ring, u) => maxOf(ring, [ZERO_POLY, u])),
  max: (ring, e, inner) => maxOf(ring, e.args.map(inner)),
  min: (ring, e, inner) => minOf(ring, e.args.map(inner)),
  clamp: (ring, e, inner) =>
    minOf(ring, [maxOf(ring, [inner(argument(e, 0)), inner(argument(e, 1))]), inner(argument(e, 2))]),
  le: (ring, e, inner) => indicator(ring, 'le', inner(argument(e, 0)), inner(argument(e, 1))),
  lt: (ring, e, inner) => indicator(ring, 'lt', inner(argument(e, 0)), inner(argument(e, 1))),
  eq: (ring, e, inner) => indicator(ring, 'eq', inner(argument(e, 0)), inner(argument(e, 1))),
};

const minOf = (ring: Ring, elements: readonly Poly[]): Poly => minus(maxOf(ring, elements.map(minus)));

/** log of a product or power taken factor by factor where the factors are positive, before they are multiplied out. */
function logOfExpr(ring: Ring, e: Expr, inner: Inner): Poly {
  if (e.kind === 'mul') {
    const logs: Poly[] = [];
    let rest: Poly = constant(ring, ONE);
    for (const factor of e.factors) {
      if (signOf(ring, inner(factor)) === 'positive') logs.push(logOfExpr(ring, factor, inner));
      else rest = multiply(ring, rest, inner(factor));
    }
    return addPolys(ring, [...logs, logOf(ring, rest)]);
  }
  if (e.kind === 'pow' && signOf(ring, inner(e.base)) === 'positive') {
    return multiply(ring, inner(e.exponent), logOfExpr(ring, e.base, inner));
  }
  if (e.kind === 'call' && e.fn === 'exp') return inner(argument(e, 0));
  return logOf(ring, inner(e));
}
