/** Expr -> graph of float operations, in log space wherever a value may leave the range of doubles. */

import type { Apply, Call, Expr, Sum, Var } from '../expr/expr.ts';
import { add, minus, num } from '../expr/expr.ts';
import { isOne, MINUS_ONE, ONE, sameRational } from '../expr/rational.ts';
import { rebuild } from '../expr/walk.ts';
import type { BatchShape } from './batch.ts';
import type { GraphBuilder } from './builder.ts';
import { graphBuilder } from './builder.ts';
import { roleOf, storeOf } from './demand.ts';
import type { Graph, NodeId, Over, TokenAt } from './graph.ts';
import type { Known } from './structure.ts';
import {
  asBackpropagated,
  factors,
  logNatural,
  nonnegative,
  reflected,
  signed,
  terms,
  wholeExponent,
} from './structure.ts';

/** A variable and the loop it is the index of. */
export interface Bound {
  readonly variable: Var;
  readonly level: number;
}

const isHalf = (e: Expr): boolean => e.kind === 'num' && e.value.n === 1n && e.value.d === 2n;

/**
 * The graph that computes `e`, whose demands are met (see `findFault`). Every stop-gradient is dropped.
 * `free` are variables bound from outside, level by level. `careful` avoids cancellation where the shape of `e`
 * shows it, as in 1 - sigmoid(u); `literal` does what is written, as other implementations may.
 */
export function lower(
  e: Expr,
  shape: BatchShape,
  parameters: ReadonlyMap<string, number>,
  free: readonly Var[],
  manner: Manner = 'careful',
): Graph {
  const graph = graphBuilder();
  const known: Known = { parameters, distributions: shape.distributions };
  const bound = free.map((variable, level): Bound => ({ variable, level }));
  const thawed = rebuild(e, (node) => (node.kind === 'freeze' ? node.body : node));
  const plain = manner === 'literal' ? rebuild(thawed, asBackpropagated) : thawed;
  return graph.finish(lowering(graph, known, shape, bound, manner).linear(plain));
}

export type Manner = 'careful' | 'literal';

/** What is made of an expression under given bound indices. */
interface Lowering {
  /** The node of its value. */
  readonly linear: (e: Expr) => NodeId;
  /** The node of the log of its value, which is not negative. */
  readonly logOf: (e: Expr) => NodeId;
}

function lowering(
  graph: GraphBuilder,
  known: Known,
  shape: BatchShape,
  bound: readonly Bound[],
  manner: Manner,
): Lowering {
  function linear(e: Expr): NodeId {
    switch (e.kind) {
      case 'num':
        return graph.add({ op: 'rational', value: e.value });
      case 'sym':
        return graph.add({ op: 'number', value: known.parameters.get(e.name) ?? Number.NaN });
      case 'var':
        return graph.add({ op: 'position', level: levelOf(e) });
      case 'apply':
        return datum(e);
      case 'add':
        return sumOf(e);
      case 'mul':
        return productOf(factors(e));
      case 'pow':
        return powerOf(e.base, e.exponent);
      case 'call':
        return callOf(e);
      case 'sum':
        return loop(e, (inner) => inner.linear(e.body), false);
      case 'freeze':
        return linear(e.body);
    }
  }

  function logOf(e: Expr): NodeId {
    switch (e.kind) {
      case 'apply': {
        const log = logDatum(e);
        return log ?? graph.scalar('log', linear(e));
      }
      case 'mul':
        return logProduct(factors(e));
      case 'pow':
        return logPower(e.base, e.exponent);
      case 'add':
        return logSum(terms(e), e);
      case 'call':
        return logCall(e);
      case 'sum':
        return nonnegative(e.body, known) && logNatural(e.body, known)
          ? loop(e, (inner) => inner.logOf(e.body), true)
          : graph.scalar('log', linear(e));
      case 'freeze':
        return logOf(e.body);
      default:
        return e.kind === 'num' && isOne(e.value) ? linear(num(0)) : graph.scalar('log', linear(e));
    }
  }

  // Data

  function datum(e: Apply): NodeId {
    const log = logDatum(e);
    if (log !== undefined) return graph.scalar('exp', log);
    const role = roleOf(e.args[0]) ?? 'chosen';
    const { name } = e;
    switch (storeOf(e, shape)) {
      case 'length':
        return graph.add({ op: 'length', role });
      case 'per-response':
        return graph.add({ op: 'per-response', name, role });
      case 'per-token':
        return graph.add({ op: 'per-token', name, role, token: tokenAt(e.args[1]) });
      case 'per-pair':
        return graph.add({ op: 'per-pair', name });
      default:
        return graph.add({ op: 'per-prompt', name });
    }
  }

  /** The log of a probability is what the batch holds; undefined for other data. */
  function logDatum(e: Apply): NodeId | undefined {
    const role = roleOf(e.args[0]) ?? 'chosen';
    const { name } = e;
    const [, token, entry] = e.args;
    switch (storeOf(e, shape)) {
      case 'sequence':
        return graph.add({ op: 'sequence', name, role });
      case 'log-prob':
        return graph.add({ op: 'log-prob', name, role, token: tokenAt(token) });
      case 'row':
        return graph.add({
          op: 'row',
          name,
          role,
          token: tokenAt(token),
          level: levelOf(entry),
        });
      default:
        return undefined;
    }
  }

  function tokenAt(e: Expr | undefined): TokenAt {
    return e?.kind === 'num'
      ? { kind: 'fixed', position: Number(e.value.n) }
      : { kind: 'bound', level: levelOf(e) };
  }

  function levelOf(e: Expr | undefined): number {
    const found = e?.kind === 'var' ? bound.findLast(({ variable }) => variable.name === e.name) : e;
    if (found === undefined || !('level' in found)) throw new RangeError('an index that no loop binds');
    return found.level;
  }

  function loop(e: Sum, body: (inner: Lowering) => NodeId, log: boolean): NodeId {
    const over: Over = e.range.kind === 'tokens' ? (roleOf(e.range.of) ?? 'chosen') : 'vocabulary';
    const level = bound.length;
    const inner = lowering(graph, known, shape, [...bound, { variable: e.index, level }], manner);
    return graph.add({ op: 'each', over, level, body: body(inner), log });
  }

  // Values

  function sumOf(e: Expr): NodeId {
    const parts = terms(e);
    if (manner === 'literal') return graph.total(parts.map((part) => linear(part)));
    const u = reflected(e);
    if (u !== undefined) return graph.scalar('sigmoid', linear(minus(u)));
    const exponential = exponentialLessOne(parts);
    return exponential ?? graph.total(parts.map((part) => linear(part)));
  }

  /** exp(u) - 1 and 1 - exp(u), which cancel where u is small. */
  function exponentialLessOne(parts: readonly Expr[]): NodeId | undefined {
    if (parts.length !== 2) return undefined;
    for (const [i, part] of parts.entries()) {
      const other = parts[1 - i];
      const of = signed(part, known);
      if (other === undefined || of?.size.kind !== 'call' || of.size.fn !== 'exp') continue;
      const [u] = of.size.args;
      const wanted = of.sign === 1 ? MINUS_ONE : ONE;
      if (u === undefined || other.kind !== 'num' || !sameRational(other.value, wanted)) continue;
      const difference = graph.scalar('expm1', linear(u));
      return of.sign === 1 ? difference : graph.negate(difference);
    }
    return undefined;
  }

  function productOf(all: readonly Expr[]): NodeId {
    const gates = all.filter(isIndicator);
    if (gates.length < all.length && gates.length > 0) {
      // Nought times what overflows, or lies beyond the end of a response, is nought: the indicator rules it out.
      const rest = productOf(all.filter((part) => !isIndicator(part)));
      return gates.reduce((b, gate) => graph.add({ op: 'gate', a: linear(gate), b }), rest);
    }
    const asWritten = (part: Expr): boolean => manner === 'literal' && reflected(part) !== undefined;
    const inLogs = all.filter(
      (part) => logNatural(part, known) && nonnegative(part, known) && !asWritten(part),
    );
    const rest = inLogs.length < 2 ? all : all.filter((part) => !inLogs.includes(part));
    let result: NodeId | undefined = inLogs.length < 2 ? undefined : graph.scalar('exp', logProduct(inLogs));
    const below: NodeId[] = [];
    for (const part of rest) {
      if (part.kind === 'pow' && isPlainReciprocal(part.base, part.exponent)) {
        below.push(linear(part.base));
      } else {
        const id = linear(part);
        result = result === undefined ? id : graph.times(result, id);
      }
    }
    let quotient = result ?? linear(num(1));
    for (const b of below) quotient = graph.add({ op: 'over', a: quotient, b });
    return quotient;
  }

  const isIndicator = (e: Expr): boolean =>
    e.kind === 'call' && (e.fn === 'le' || e.fn === 'lt' || e.fn === 'eq');

  function isPlainReciprocal(base: Expr, exponent: Expr): boolean {
    const inLogs = logNatural(base, known) && nonnegative(base, known);
    return !inLogs && exponent.kind === 'num' && sameRational(exponent.value, MINUS_ONE);
  }

  function powerOf(base: Expr, exponent: Expr): NodeId {
    const inLogs = logNatural(base, known) && nonnegative(base, known);
    if (!inLogs) {
      const k = wholeExponent(exponent, known);
      if (k !== undefined) return wholePower(base, k);
      if (isHalf(exponent)) return graph.scalar('sqrt', linear(base));
    }
    return graph.scalar('exp', logPower(base, exponent));
  }

  /** Repeated squaring. */
  function wholePower(base: Expr, k: number): NodeId {
    const one = linear(num(1));
    let square = linear(base);
    let result = one;
    for (let left = Math.abs(k); left > 0; left = Math.floor(left / 2)) {
      if (left % 2 === 1) result = graph.times(result, square);
      if (left > 1) square = graph.times(square, square);
    }
    return k < 0 ? graph.add({ op: 'over', a: one, b: result }) : result;
  }

  function callOf(e: Call): NodeId {
    const [u = num(0), ...others] = e.args;
    switch (e.fn) {
      case 'log':
        return logOf(u);
      case 'log1p':
        return logOf(add([num(1), u]));
      case 'max':
      case 'min': {
        const op = e.fn;
        return others.reduce((a, part) => graph.add({ op, a, b: linear(part) }), linear(u));
      }
      case 'clamp': {
        const [low = u, high = u] = others;
        const raised = graph.add({ op: 'max', a: linear(u), b: linear(low) });
        return graph.add({ op: 'min', a: raised, b: linear(high) });
      }
      case 'le':
      case 'lt':
      case 'eq': {
        const [b = u] = others;
        return graph.add({ op: 'compare', fn: e.fn, a: linear(u), b: linear(b) });
      }
      default:
        return graph.scalar(e.fn, linear(u));
    }
  }

  // Logs

  function logProduct(all: readonly Expr[]): NodeId {
    const isSized = (part: Expr): boolean => nonnegative(part, known);
    const sized = all.filter(isSized).map((part) => logOf(part));
    // Factors whose sign is not known make one product: only its sign matters.
    const others = all.filter((part) => !isSized(part));
    return graph.total(others.length === 0 ? sized : [...sized, graph.scalar('log', productOf(others))]);
  }

  function logPower(base: Expr, exponent: Expr): NodeId {
    const k = wholeExponent(exponent, known);
    const even = k !== undefined && k % 2 === 0;
    const log =
      even && !nonnegative(base, known)
        ? graph.scalar('log', graph.scalar('abs', linear(base)))
        : logOf(base);
    return graph.times(linear(exponent), log);
  }

  function logSum(parts: readonly Expr[], whole: Expr): NodeId {
    const u = reflected(whole);
    if (u !== undefined) return graph.scalar('logsigmoid', linear(minus(u)));
    const each = parts.map((part) => signed(part, known));
    const told = each.filter((part) => part !== undefined);
    if (told.length === parts.length && parts.some((part) => logNatural(part, known))) {
      return logSigned(
        told.map(({ size }) => logOf(size)),
        told.map(({ sign }) => sign),
      );
    }
    const one = parts.findIndex((part) => part.kind === 'num' && isOne(part.value));
    if (one < 0) return graph.scalar('log', linear(whole));
    return graph.scalar('log1p', graph.total(parts.toSpliced(one, 1).map((part) => linear(part))));
  }

  /** log(1 + exp(u)) and log(1 - exp(u)) have functions of their own. */
  function logSigned(logs: readonly NodeId[], signs: readonly (1 | -1)[]): NodeId {
    const [a, b] = logs;
    if (logs.length === 2 && a !== undefined && b !== undefined) {
      const nought = linear(num(0));
      for (const [one, other, signOfOne, signOfOther] of [
        [a, b, signs[0], signs[1]],
        [b, a, signs[1], signs[0]],
      ] as const) {
        if (one === nought && signOfOne === 1) {
          if (signOfOther === 1) return graph.scalar('softplus', other);
          return manner === 'careful'
            ? graph.scalar('log1mexp', other)
            : graph.scalar('log1p', graph.negate(graph.scalar('exp', other)));
        }
      }
    }
    return graph.add({ op: 'log-sum', terms: logs, signs });
  }

  function logCall(e: Call): NodeId {
    const [u = num(0)] = e.args;
    const inLogs = nonnegative(e, known) && e.args.every((part) => nonnegative(part, known));
    switch (e.fn) {
      case 'exp':
        return linear(u);
      case 'sigmoid':
        return graph.scalar('logsigmoid', linear(u));
      case 'sqrt':
        return logPower(u, num({ n: 1n, d: 2n }));
      case 'max':
      case 'min': {
        if (!inLogs || !logNatural(e, known)) break;
        const op = e.fn;
        const [first = 0, ...others] = e.args.map((part) => logOf(part));
        return others.reduce((a, b) => graph.add({ op, a, b }), first);
      }
      default:
    }
    return graph.scalar('log', linear(e));
  }

  return { linear, logOf };
}
