/** Logs of expressions as nodes of a graph, without computing what they are the logs of where that may overflow. */

import type { Call, Expr } from '../expr/expr.ts';
import { minus, num } from '../expr/expr.ts';
import { isOne } from '../expr/rational.ts';
import type { NodeId } from './graph.ts';
import type { DataLowering } from './lower-data.ts';
import type { Lowering } from './lowering.ts';
import { factors, logNatural, nonnegative, reflected, signed, terms, wholeExponent } from './structure.ts';

export interface LogLowering {
  readonly of: (e: Expr) => NodeId;
  /** The log of the product of factors that are not products themselves. */
  readonly product: (all: readonly Expr[]) => NodeId;
  readonly power: (base: Expr, exponent: Expr) => NodeId;
}

export function logLowering(
  { graph, known, manner, linear, productOf, loop }: Lowering,
  data: DataLowering,
): LogLowering {
  function of(e: Expr): NodeId {
    switch (e.kind) {
      case 'apply':
        return data.log(e) ?? graph.scalar('log', linear(e));
      case 'mul':
        return product(factors(e));
      case 'pow':
        return power(e.base, e.exponent);
      case 'add':
        return sum(terms(e), e);
      case 'call':
        return call(e);
      case 'sum':
        return nonnegative(e.body, known) && logNatural(e.body, known)
          ? loop(e, (inner) => inner.logOf(e.body), true)
          : graph.scalar('log', linear(e));
      case 'freeze':
        return of(e.body);
      default:
        return e.kind === 'num' && isOne(e.value) ? linear(num(0)) : graph.scalar('log', linear(e));
    }
  }

  function product(all: readonly Expr[]): NodeId {
    const isSized = (part: Expr): boolean => nonnegative(part, known);
    const sized = all.filter(isSized).map(of);
    // Factors whose sign is not known make one product: only its sign matters.
    const others = all.filter((part) => !isSized(part));
    if (others.length === 0) return graph.total(sized);
    return graph.total([...sized, graph.scalar('log', productOf(others))]);
  }

  function power(base: Expr, exponent: Expr): NodeId {
    const k = wholeExponent(exponent, known);
    const even = k !== undefined && k % 2 === 0;
    const log =
      even && !nonnegative(base, known) ? graph.scalar('log', graph.scalar('abs', linear(base))) : of(base);
    return graph.times(linear(exponent), log);
  }

  function sum(parts: readonly Expr[], whole: Expr): NodeId {
    const u = reflected(whole);
    if (u !== undefined) return graph.scalar('logsigmoid', linear(minus(u)));
    const each = parts.map((part) => signed(part, known));
    const told = each.filter((part) => part !== undefined);
    if (told.length === parts.length && parts.some((part) => logNatural(part, known))) {
      return ofSigned(
        told.map(({ size }) => of(size)),
        told.map(({ sign }) => sign),
      );
    }
    const one = parts.findIndex((part) => part.kind === 'num' && isOne(part.value));
    if (one < 0) return graph.scalar('log', linear(whole));
    return graph.scalar('log1p', graph.total(parts.toSpliced(one, 1).map((part) => linear(part))));
  }

  /** log(1 + exp(u)) and log(1 - exp(u)) have functions of their own. */
  function ofSigned(logs: readonly NodeId[], signs: readonly (1 | -1)[]): NodeId {
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

  function call(e: Call): NodeId {
    const [u = num(0)] = e.args;
    const inLogs = nonnegative(e, known) && e.args.every((part) => nonnegative(part, known));
    switch (e.fn) {
      case 'exp':
        return linear(u);
      case 'sigmoid':
        return graph.scalar('logsigmoid', linear(u));
      case 'sqrt':
        return power(u, num({ n: 1n, d: 2n }));
      case 'max':
      case 'min': {
        if (!inLogs || !logNatural(e, known)) break;
        const op = e.fn;
        const [first = 0, ...others] = e.args.map(of);
        return others.reduce((a, b) => graph.add({ op, a, b }), first);
      }
      default:
    }
    return graph.scalar('log', linear(e));
  }

  return { of, product, power };
}
