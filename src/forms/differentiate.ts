/**
 * The derivative of an expression with respect to a log-probability of the policy.
 * Stop-gradients are constants; distinct response variables stand for distinct responses.
 */

import { freshName, occursFree, same, substitute } from '../expr/binder.ts';
import type { Apply, Call, Expr, Sum, Var } from '../expr/expr.ts';
import { add, apply, call, exp, log, minus, mul, num, pow, reciprocal, sigmoid, sum } from '../expr/expr.ts';
import type { FnName } from '../expr/function.ts';
import { isOne, isZero } from '../expr/rational.ts';

const NOUGHT = num(0);
const UNIT = num(1);
const isNought = (e: Expr): boolean => e.kind === 'num' && isZero(e.value);
const isUnit = (e: Expr): boolean => e.kind === 'num' && isOne(e.value);

/** A sum without its zero terms; a product without its unit factors, zero if one factor is. */
function total(terms: readonly Expr[]): Expr {
  const kept = terms.filter((term) => !isNought(term));
  return kept.length === 0 ? NOUGHT : kept.length === 1 ? (kept[0] ?? NOUGHT) : add(kept);
}
function product(factors: readonly Expr[]): Expr {
  if (factors.some(isNought)) return NOUGHT;
  const kept = factors.filter((factor) => !isUnit(factor));
  return kept.length === 0 ? UNIT : kept.length === 1 ? (kept[0] ?? UNIT) : mul(kept);
}

interface Target {
  readonly of: Apply;
  /** Argument positions that already stand for a bound index: that index is met by no other. */
  readonly pinned: readonly boolean[];
}

/**
 * d e / d log(target), where target is `pi(y)`, `pi(y,t)` or `pi(y,t,v)` with free variables as arguments.
 * A token target also moves the sequence probability: d log(pi(y)) / d log(pi(y,t)) = 1. Token
 * probabilities and vocabulary distributions are separate coordinates.
 * At kinks (max, relu, clamp, abs) one one-sided derivative is given: relu'(0) = abs'(0) = 0.
 */
export const differentiate = (e: Expr, target: Apply): Expr =>
  derivative(e, { of: target, pinned: target.args.map(() => false) });

function derivative(e: Expr, target: Target): Expr {
  const d = (part: Expr): Expr => derivative(part, target);
  switch (e.kind) {
    case 'num':
    case 'sym':
    case 'var':
    case 'freeze':
      return NOUGHT;
    case 'apply':
      return product([e, ofLogDatum(e, target)]);
    case 'add':
      return total(e.terms.map(d));
    case 'mul':
      return total(e.factors.map((factor, i) => product(e.factors.with(i, d(factor)))));
    case 'pow':
      return ofPower(e.base, e.exponent, d);
    case 'call':
      return ofCall(e, target);
    case 'sum':
      return ofSum(e, target);
    case 'grad':
      throw new TypeError('a gradient has no value of its own');
  }
}

/** d (b^p) = p b^(p-1) db + b^p log(b) dp: the second part only where the exponent moves. */
function ofPower(base: Expr, exponent: Expr, d: (e: Expr) => Expr): Expr {
  const [db, dp] = [d(base), d(exponent)];
  const lowered =
    exponent.kind === 'num' && isOne(exponent.value) ? UNIT : pow(base, add([exponent, num(-1)]));
  return total([product([exponent, lowered, db]), product([pow(base, exponent), log(base), dp])]);
}

/** d log(e): taken through products, powers and exp, so that no probability is divided by itself. */
function logarithmic(e: Expr, target: Target): Expr {
  switch (e.kind) {
    case 'apply':
      return ofLogDatum(e, target);
    case 'mul':
      return total(e.factors.map((factor) => logarithmic(factor, target)));
    case 'pow':
      return total([
        product([e.exponent, logarithmic(e.base, target)]),
        product([derivative(e.exponent, target), log(e.base)]),
      ]);
    case 'call': {
      const [u = NOUGHT] = e.args;
      if (e.fn === 'exp') return derivative(u, target);
      if (e.fn === 'sigmoid') return product([sigmoid(minus(u)), derivative(u, target)]);
      return product([derivative(e, target), reciprocal(e)]);
    }
    default:
      return product([derivative(e, target), reciprocal(e)]);
  }
}

/** d log(datum) / d log(target): 1, 0, or an indicator where two token positions may coincide. */
function ofLogDatum(e: Apply, { of: target, pinned }: Target): Expr {
  const [response, ...indices] = e.args;
  const [targetResponse, ...targetIndices] = target.args;
  if (e.name !== target.name || response === undefined || targetResponse === undefined) return NOUGHT;
  if (!same(response, targetResponse)) return NOUGHT;
  if (indices.length === 0 && targetIndices.length <= 1) {
    // A pinned token stands for one bound index; the sequence was already met outside that sum.
    return pinned[1] === true ? NOUGHT : UNIT;
  }
  if (indices.length !== targetIndices.length) return NOUGHT;
  const meets = indices.map((index, i): Expr => {
    const other = targetIndices[i] ?? NOUGHT;
    if (same(index, other)) return UNIT;
    const fixed = index.kind === 'num' && pinned[i + 1] !== true;
    return fixed && other.kind !== 'num' ? call('eq', [other, index]) : NOUGHT;
  });
  return product(meets);
}

/**
 * A sum moves where the target is one of its terms, and through what its terms share:
 * d/dp_t sum_s f(p_s, q) = f'(p_t, q) + sum_s (df/dq)(dq/dp_t).
 */
function ofSum(written: Sum, target: Target): Expr {
  const e = apart(written, target.of);
  const shared = derivative(e.body, target);
  const parts: Expr[] = [isNought(shared) ? NOUGHT : sum(e.index, e.range, shared)];
  const position = target.of.args.findIndex(
    (arg, i) => arg.kind === 'var' && arg.sort === e.index.sort && target.pinned[i] !== true,
  );
  const place = target.of.args[position];
  if (place?.kind === 'var') {
    const met = metAt(e, place, position, target);
    if (!isNought(met)) parts.push(met);
  }
  return total(parts);
}

/** The same sum with an index that the target does not mention: the target's own variable is another one. */
function apart(e: Sum, target: Apply): Sum {
  if (!occursFree(target, e.index)) return e;
  const index = freshName(e.index, [target, e.body]);
  return sum(index, e.range, substitute(e.body, [[e.index, index]]));
}

/** The term of the sum at the target's own index; zero where that index lies outside the range. */
function metAt(e: Sum, place: Var, position: number, target: Target): Expr {
  const inner: Target = {
    of: apply(target.of.name, target.of.args.with(position, e.index)),
    pinned: target.pinned.with(position, true),
  };
  const term = substitute(derivative(e.body, inner), [[e.index, place]]);
  const [response] = target.of.args;
  if (e.range.kind !== 'tokens' || (response !== undefined && same(e.range.of, response))) return term;
  return product([call('le', [place, apply('len', [e.range.of])]), term]);
}

/** The outer derivative of each function at its arguments. */
const OUTER: Readonly<Record<FnName, (args: readonly Expr[], d: (e: Expr) => Expr) => Expr>> = {
  exp: chain((u) => exp(u)),
  log: () => NOUGHT, // taken by `logarithmic`
  sqrt: chain((u) => mul([num({ n: 1n, d: 2n }), pow(u, num({ n: -1n, d: 2n }))])),
  log1p: chain((u) => reciprocal(add([UNIT, u]))),
  expm1: chain((u) => exp(u)),
  sigmoid: chain((u) => mul([sigmoid(u), sigmoid(minus(u))])),
  logsigmoid: chain((u) => sigmoid(minus(u))),
  softplus: chain((u) => sigmoid(u)),
  tanh: chain((u) => add([UNIT, minus(pow(call('tanh', [u]), num(2)))])),
  abs: chain((u) => add([call('lt', [NOUGHT, u]), minus(call('lt', [u, NOUGHT]))])),
  relu: chain((u) => call('lt', [NOUGHT, u])),
  max: (args, d) => ofExtreme(args, d, 'max'),
  min: (args, d) => ofExtreme(args, d, 'min'),
  clamp: ([u = NOUGHT, low = NOUGHT, high = NOUGHT], d) =>
    total([
      product([call('le', [low, u]), call('le', [u, high]), d(u)]),
      product([call('lt', [u, low]), call('le', [low, high]), d(low)]),
      // Where the bounds cross, the upper one has the last word.
      product([call('lt', [high, call('max', [u, low])]), d(high)]),
    ]),
  le: () => NOUGHT,
  lt: () => NOUGHT,
  eq: () => NOUGHT,
};

function chain(outer: (u: Expr) => Expr) {
  return ([u = NOUGHT]: readonly Expr[], d: (e: Expr) => Expr): Expr => {
    const inner = d(u);
    return isNought(inner) ? NOUGHT : product([outer(u), inner]);
  };
}

/** The derivative of the first argument that attains the extreme; the others are one extreme of their own. */
function ofExtreme(args: readonly Expr[], d: (e: Expr) => Expr, fn: 'max' | 'min'): Expr {
  const [first = NOUGHT, ...others] = args;
  const [second = NOUGHT] = others;
  if (others.length === 0) return d(first);
  const rest = others.length === 1 ? second : call(fn, others);
  const [firstWins, restWins] =
    fn === 'max'
      ? [call('le', [rest, first]), call('lt', [first, rest])]
      : [call('le', [first, rest]), call('lt', [rest, first])];
  return total([product([firstWins, d(first)]), product([restWins, ofExtreme(others, d, fn)])]);
}

function ofCall(e: Call, target: Target): Expr {
  const [u = NOUGHT] = e.args;
  if (e.fn === 'log') return logarithmic(u, target);
  return OUTER[e.fn](e.args, (part) => derivative(part, target));
}
