/** Expr -> graph of float operations, in log space wherever a value may leave the range of doubles. */

import type { Apply, Call, Expr, Sum, Var } from '../expr/expr.ts';
import { add, minus, num } from '../expr/expr.ts';
import { isOne, MINUS_ONE, ONE, sameRational } from '../expr/rational.ts';
import { rebuild } from '../expr/walk.ts';
import type { BatchShape } from './batch.ts';
import { GraphBuilder } from './builder.ts';
import { roleOf, storeOf } from './demand.ts';
import type { Graph, NodeId, Over, TokenAt } from './graph.ts';

import type { Known } from './structure.ts';
import { factors, logNatural, nonnegative, reflected, signed, terms, wholeExponent } from './structure.ts';

/** A variable and the loop it is the index of. */
export interface Bound {
  readonly variable: Var;
  readonly level: number;
}

const isHalf = (e: Expr): boolean => e.kind === 'num' && e.value.n === 1n && e.value.d === 2n;

/**
 * The graph that computes `e`, whose demands are met (see `findFault`). Every stop-gradient is dropped.
 * `free` are variables bound from outside, level by level.
 */
export function lower(
  e: Expr,
  shape: BatchShape,
  parameters: ReadonlyMap<string, number>,
  free: readonly Var[],
): Graph {
  const graph = new GraphBuilder();
  const known: Known = { parameters, distributions: shape.distributions };
  const bound = free.map((variable, level): Bound => ({ variable, level }));
  const plain = rebuild(e, (node) => (node.kind === 'freeze' ? node.body : node));
  return graph.finish(new Lowering(graph, known, shape, bound).linear(plain));
}

/** One body: `linear` gives the node of a value, `logOf` that of the log of a nonnegative value. */
class Lowering {
  readonly #graph: GraphBuilder;
  readonly #known: Known;
  readonly #shape: BatchShape;
  readonly #bound: readonly Bound[];

  constructor(graph: GraphBuilder, known: Known, shape: BatchShape, bound: readonly Bound[]) {
    this.#graph = graph;
    this.#known = known;
    this.#shape = shape;
    this.#bound = bound;
  }

  linear(e: Expr): NodeId {
    switch (e.kind) {
      case 'num':
        return this.#graph.add({ op: 'rational', value: e.value });
      case 'sym':
        return this.#graph.add({ op: 'number', value: this.#known.parameters.get(e.name) ?? Number.NaN });
      case 'var':
        return this.#graph.add({ op: 'position', level: this.#levelOf(e) });
      case 'apply':
        return this.#datum(e);
      case 'add':
        return this.#sum(e);
      case 'mul':
        return this.#product(factors(e));
      case 'pow':
        return this.#power(e.base, e.exponent);
      case 'call':
        return this.#call(e);
      case 'sum':
        return this.#each(e, (inner) => inner.linear(e.body), false);
      case 'freeze':
        return this.linear(e.body);
    }
  }

  logOf(e: Expr): NodeId {
    switch (e.kind) {
      case 'apply': {
        const log = this.#logDatum(e);
        return log ?? this.#graph.scalar('log', this.linear(e));
      }
      case 'mul':
        return this.#logProduct(factors(e));
      case 'pow':
        return this.#logPower(e.base, e.exponent);
      case 'add':
        return this.#logSum(terms(e), e);
      case 'call':
        return this.#logCall(e);
      case 'sum':
        return nonnegative(e.body, this.#known) && logNatural(e.body, this.#known)
          ? this.#each(e, (inner) => inner.logOf(e.body), true)
          : this.#graph.scalar('log', this.linear(e));
      case 'freeze':
        return this.logOf(e.body);
      default:
        return e.kind === 'num' && isOne(e.value)
          ? this.linear(num(0))
          : this.#graph.scalar('log', this.linear(e));
    }
  }

  // Data

  #datum(e: Apply): NodeId {
    const log = this.#logDatum(e);
    if (log !== undefined) return this.#graph.scalar('exp', log);
    const role = roleOf(e.args[0]) ?? 'chosen';
    const { name } = e;
    switch (storeOf(e, this.#shape)) {
      case 'length':
        return this.#graph.add({ op: 'length', role });
      case 'per-response':
        return this.#graph.add({ op: 'per-response', name, role });
      case 'per-token':
        return this.#graph.add({ op: 'per-token', name, role, token: this.#token(e.args[1]) });
      case 'per-pair':
        return this.#graph.add({ op: 'per-pair', name });
      default:
        return this.#graph.add({ op: 'per-prompt', name });
    }
  }

  /** The log of a probability is what the batch holds; undefined for other data. */
  #logDatum(e: Apply): NodeId | undefined {
    const role = roleOf(e.args[0]) ?? 'chosen';
    const { name } = e;
    const [, token, entry] = e.args;
    switch (storeOf(e, this.#shape)) {
      case 'sequence':
        return this.#graph.add({ op: 'sequence', name, role });
      case 'log-prob':
        return this.#graph.add({ op: 'log-prob', name, role, token: this.#token(token) });
      case 'row':
        return this.#graph.add({
          op: 'row',
          name,
          role,
          token: this.#token(token),
          level: this.#levelOf(entry),
        });
      default:
        return undefined;
    }
  }

  #token(e: Expr | undefined): TokenAt {
    return e?.kind === 'num'
      ? { kind: 'fixed', position: Number(e.value.n) }
      : { kind: 'bound', level: this.#levelOf(e) };
  }

  #levelOf(e: Expr | undefined): number {
    const found = e?.kind === 'var' ? this.#bound.findLast(({ variable }) => variable.name === e.name) : e;
    if (found === undefined || !('level' in found)) throw new RangeError('an index that no loop binds');
    return found.level;
  }

  #each(e: Sum, body: (inner: Lowering) => NodeId, log: boolean): NodeId {
    const over: Over = e.range.kind === 'tokens' ? (roleOf(e.range.of) ?? 'chosen') : 'vocabulary';
    const level = this.#bound.length;
    const bound = [...this.#bound, { variable: e.index, level }];
    const inner = new Lowering(this.#graph, this.#known, this.#shape, bound);
    return this.#graph.add({ op: 'each', over, level, body: body(inner), log });
  }

  // Values

  #sum(e: Expr): NodeId {
    const u = reflected(e);
    if (u !== undefined) return this.#graph.scalar('sigmoid', this.linear(minus(u)));
    const parts = terms(e);
    const exponential = this.#exponentialLessOne(parts);
    return exponential ?? this.#graph.total(parts.map((part) => this.linear(part)));
  }

  /** exp(u) - 1 and 1 - exp(u), which cancel where u is small. */
  #exponentialLessOne(parts: readonly Expr[]): NodeId | undefined {
    if (parts.length !== 2) return undefined;
    for (const [i, part] of parts.entries()) {
      const other = parts[1 - i];
      const of = signed(part, this.#known);
      if (other === undefined || of?.size.kind !== 'call' || of.size.fn !== 'exp') continue;
      const [u] = of.size.args;
      const wanted = of.sign === 1 ? MINUS_ONE : ONE;
      if (u === undefined || other.kind !== 'num' || !sameRational(other.value, wanted)) continue;
      const difference = this.#graph.scalar('expm1', this.linear(u));
      return of.sign === 1 ? difference : this.#graph.negate(difference);
    }
    return undefined;
  }

  #product(all: readonly Expr[]): NodeId {
    const inLogs = all.filter((part) => logNatural(part, this.#known) && nonnegative(part, this.#known));
    const rest = inLogs.length < 2 ? all : all.filter((part) => !inLogs.includes(part));
    let result: NodeId | undefined =
      inLogs.length < 2 ? undefined : this.#graph.scalar('exp', this.#logProduct(inLogs));
    const below: NodeId[] = [];
    for (const part of rest) {
      if (part.kind === 'pow' && this.#isPlainReciprocal(part.base, part.exponent)) {
        below.push(this.linear(part.base));
      } else {
        const id = this.linear(part);
        result = result === undefined ? id : this.#graph.times(result, id);
      }
    }
    let quotient = result ?? this.linear(num(1));
    for (const b of below) quotient = this.#graph.add({ op: 'over', a: quotient, b });
    return quotient;
  }

  #isPlainReciprocal(base: Expr, exponent: Expr): boolean {
    const inLogs = logNatural(base, this.#known) && nonnegative(base, this.#known);
    return !inLogs && exponent.kind === 'num' && sameRational(exponent.value, MINUS_ONE);
  }

  #power(base: Expr, exponent: Expr): NodeId {
    const inLogs = logNatural(base, this.#known) && nonnegative(base, this.#known);
    if (!inLogs) {
      const k = wholeExponent(exponent, this.#known);
      if (k !== undefined) return this.#wholePower(base, k);
      if (isHalf(exponent)) return this.#graph.scalar('sqrt', this.linear(base));
    }
    return this.#graph.scalar('exp', this.#logPower(base, exponent));
  }

  /** Repeated squaring. */
  #wholePower(base: Expr, k: number): NodeId {
    const one = this.linear(num(1));
    let square = this.linear(base);
    let result = one;
    for (let left = Math.abs(k); left > 0; left = Math.floor(left / 2)) {
      if (left % 2 === 1) result = this.#graph.times(result, square);
      if (left > 1) square = this.#graph.times(square, square);
    }
    return k < 0 ? this.#graph.add({ op: 'over', a: one, b: result }) : result;
  }

  #call(e: Call): NodeId {
    const [u = num(0), ...others] = e.args;
    switch (e.fn) {
      case 'log':
        return this.logOf(u);
      case 'log1p':
        return this.logOf(add([num(1), u]));
      case 'max':
      case 'min': {
        const op = e.fn;
        return others.reduce((a, part) => this.#graph.add({ op, a, b: this.linear(part) }), this.linear(u));
      }
      case 'clamp': {
        const [low = u, high = u] = others;
        const raised = this.#graph.add({ op: 'max', a: this.linear(u), b: this.linear(low) });
        return this.#graph.add({ op: 'min', a: raised, b: this.linear(high) });
      }
      case 'le':
      case 'lt':
      case 'eq': {
        const [b = u] = others;
        return this.#graph.add({ op: 'compare', fn: e.fn, a: this.linear(u), b: this.linear(b) });
      }
      default:
        return this.#graph.scalar(e.fn, this.linear(u));
    }
  }

  // Logs

  #logProduct(all: readonly Expr[]): NodeId {
    const isSized = (part: Expr): boolean => nonnegative(part, this.#known);
    const sized = all.filter(isSized).map((part) => this.logOf(part));
    // Factors whose sign is not known make one product: only its sign matters.
    const others = all.filter((part) => !isSized(part));
    return this.#graph.total(
      others.length === 0 ? sized : [...sized, this.#graph.scalar('log', this.#product(others))],
    );
  }

  #logPower(base: Expr, exponent: Expr): NodeId {
    const k = wholeExponent(exponent, this.#known);
    const even = k !== undefined && k % 2 === 0;
    const log =
      even && !nonnegative(base, this.#known)
        ? this.#graph.scalar('log', this.#graph.scalar('abs', this.linear(base)))
        : this.logOf(base);
    return this.#graph.times(this.linear(exponent), log);
  }

  #logSum(parts: readonly Expr[], whole: Expr): NodeId {
    const u = reflected(whole);
    if (u !== undefined) return this.#graph.scalar('logsigmoid', this.linear(minus(u)));
    const each = parts.map((part) => signed(part, this.#known));
    const known = each.filter((part) => part !== undefined);
    if (known.length === parts.length && parts.some((part) => logNatural(part, this.#known))) {
      return this.#logSigned(
        known.map(({ size }) => this.logOf(size)),
        known.map(({ sign }) => sign),
      );
    }
    const one = parts.findIndex((part) => part.kind === 'num' && isOne(part.value));
    if (one < 0) return this.#graph.scalar('log', this.linear(whole));
    return this.#graph.scalar(
      'log1p',
      this.#graph.total(parts.toSpliced(one, 1).map((part) => this.linear(part))),
    );
  }

  /** log(1 + exp(u)) and log(1 - exp(u)) have functions of their own. */
  #logSigned(logs: readonly NodeId[], signs: readonly (1 | -1)[]): NodeId {
    const [a, b] = logs;
    if (logs.length === 2 && a !== undefined && b !== undefined) {
      const nought = this.linear(num(0));
      for (const [one, other, signOfOne, signOfOther] of [
        [a, b, signs[0], signs[1]],
        [b, a, signs[1], signs[0]],
      ] as const) {
        if (one === nought && signOfOne === 1) {
          return this.#graph.scalar(signOfOther === 1 ? 'softplus' : 'log1mexp', other);
        }
      }
    }
    return this.#graph.add({ op: 'log-sum', terms: logs, signs });
  }

  #logCall(e: Call): NodeId {
    const [u = num(0)] = e.args;
    const inLogs = nonnegative(e, this.#known) && e.args.every((part) => nonnegative(part, this.#known));
    switch (e.fn) {
      case 'exp':
        return this.linear(u);
      case 'sigmoid':
        return this.#graph.scalar('logsigmoid', this.linear(u));
      case 'sqrt':
        return this.#logPower(u, num({ n: 1n, d: 2n }));
      case 'max':
      case 'min': {
        if (!inLogs || !logNatural(e, this.#known)) break;
        const op = e.fn;
        const [first = 0, ...others] = e.args.map((part) => this.logOf(part));
        return others.reduce((a, b) => this.#graph.add({ op, a, b }), first);
      }
      default:
    }
    return this.#graph.scalar('log', this.linear(e));
  }
}
