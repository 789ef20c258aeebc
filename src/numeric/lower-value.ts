/** Sums, products, powers and calls as nodes of a graph, by their values. */

import type { Call, Expr } from '../expr/expr.ts';
import { add, minus, num } from '../expr/expr.ts';
import { MINUS_ONE, ONE, sameRational } from '../expr/rational.ts';
import type { NodeId } from './graph.ts';
import type { LogLowering } from './lower-log.ts';
import type { Lowering } from './lowering.ts';
import { logNatural, nonnegative, reflected, signed, terms, wholeExponent } from './structure.ts';

export interface ValueLowering {
  readonly sum: (e: Expr) => NodeId;
  /** The product of factors that are not products themselves. */
  readonly product: (all: readonly Expr[]) => NodeId;
  readonly power: (base: Expr, exponent: Expr) => NodeId;
  readonly call: (e: Call) => NodeId;
}

const isHalf = (e: Expr): boolean => e.kind === 'num' && e.value.n === 1n && e.value.d === 2n;
const isIndicator = (e: Expr): boolean =>
  e.kind === 'call' && (e.fn === 'le' || e.fn === 'lt' || e.fn === 'eq');

export function valueLowering(
  { graph, known, manner, linear, logOf }: Lowering,
  logs: LogLowering,
): ValueLowering {
  function sum(e: Expr): NodeId {
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

  function product(all: readonly Expr[]): NodeId {
    const gates = all.filter(isIndicator);
    if (gates.length < all.length && gates.length > 0) {
      // Nought times what overflows, or lies beyond the end of a response, is nought: the indicator rules it out.
      const rest = product(all.filter((part) => !isIndicator(part)));
      return gates.reduce((b, gate) => graph.add({ op: 'gate', a: linear(gate), b }), rest);
    }
    const asWritten = (part: Expr): boolean => manner === 'literal' && reflected(part) !== undefined;
    const inLogs = all.filter(
      (part) => logNatural(part, known) && nonnegative(part, known) && !asWritten(part),
    );
    const rest = inLogs.length < 2 ? all : all.filter((part) => !inLogs.includes(part));
    let result: NodeId | undefined =
      inLogs.length < 2 ? undefined : graph.scalar('exp', logs.product(inLogs));
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

  function isPlainReciprocal(base: Expr, exponent: Expr): boolean {
    const inLogs = logNatural(base, known) && nonnegative(base, known);
    return !inLogs && exponent.kind === 'num' && sameRational(exponent.value, MINUS_ONE);
  }

  function power(base: Expr, exponent: Expr): NodeId {
    const inLogs = logNatural(base, known) && nonnegative(base, known);
    if (!inLogs) {
      const k = wholeExponent(exponent, known);
      if (k !== undefined) return wholePower(base, k);
      if (isHalf(exponent)) return graph.scalar('sqrt', linear(base));
    }
    return graph.scalar('exp', logs.power(base, exponent));
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

  function call(e: Call): NodeId {
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

  return { sum, product, power, call };
}
