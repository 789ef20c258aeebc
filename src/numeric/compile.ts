/** A formula as a kernel: evaluated on batches of preference pairs, with error bounds on demand. */

import type { Expr, Var } from '../expr/expr.ts';
import type { Arithmetic } from './arithmetic.ts';
import { FLOAT } from './arithmetic.ts';
import type { Arranged } from './arrangement.ts';
import { ARRANGED, arrangedError } from './arrangement.ts';
import type { Batch, BatchShape, Role } from './batch.ts';
import type { CompileFault } from './demand.ts';
import { findFault } from './demand.ts';
import type { Graph } from './graph.ts';
import { lower } from './lower.ts';
import { machine } from './machine.ts';
import type { Ball } from './running.ts';
import { RUNNING } from './running.ts';

/** Values of hyper-parameters by name, taken as exact. */
export type Parameters = ReadonlyMap<string, number>;

/** Values with two bounds on their distance from the exact value; a bound means nothing where a value is not finite. */
export interface Bounded {
  readonly values: Float64Array;
  /** What these values may be off by. */
  readonly own: Float64Array;
  /** What the values of any other float64 implementation of the formula may be off by. */
  readonly other: Float64Array;
}

/** All runs are on batches with at least what the shape promised; they never throw on such a batch. */
export interface Kernel {
  readonly kind: 'kernel';
  /** One number per pair. */
  readonly run: (batch: Batch) => Float64Array;
  /** The same numbers, bit for bit, with bounds. */
  readonly runBounded: (batch: Batch) => Bounded;
}

/** Like `Kernel`, with one number per token of one role, in the order of that role's token arrays. */
export interface TokenKernel {
  readonly kind: 'token-kernel';
  readonly role: Role;
  readonly runTokens: (batch: Batch) => Float64Array;
  readonly runTokensBounded: (batch: Batch) => Bounded;
}

/** `e` for each pair. What the batch or the parameters lack is a fault, found here and not while running. */
export function compile(e: Expr, shape: BatchShape, parameters: Parameters): Kernel | CompileFault {
  const fault = findFault(e, shape, parameters, []);
  if (fault !== undefined) return fault;
  const graph = lower(e, shape, parameters, []);
  const literal = (): Graph => lower(e, shape, parameters, [], 'literal');
  const all = <T>(
    of: Graph,
    batch: Batch,
    arithmetic: Arithmetic<T>,
    put: (i: number, x: T) => void,
  ): void => {
    const evaluate = machine(of, batch, arithmetic);
    for (let pair = 0; pair < batch.pairs; pair++) put(pair, evaluate(pair));
  };
  return {
    kind: 'kernel',
    run: (batch) => collect(batch.pairs, (put) => all(graph, batch, FLOAT, put)),
    runBounded: (batch) =>
      bounded(
        batch.pairs,
        (put) => all(graph, batch, RUNNING, put),
        (put) => all(literal(), batch, ARRANGED, put),
      ),
  };
}

/** `e` for each pair and each value of its free token variable, which runs over the responses of `role`. */
export function compileTokens(
  e: Expr,
  token: Var,
  role: Role,
  shape: BatchShape,
  parameters: Parameters,
): TokenKernel | CompileFault {
  const fault = findFault(e, shape, parameters, [token]);
  if (fault !== undefined) return fault;
  const graph = lower(e, shape, parameters, [token]);
  const literal = (): Graph => lower(e, shape, parameters, [token], 'literal');
  const all = <T>(
    of: Graph,
    batch: Batch,
    arithmetic: Arithmetic<T>,
    put: (i: number, x: T) => void,
  ): void => {
    const evaluate = machine(of, batch, arithmetic);
    const { offsets } = batch[role];
    for (let pair = 0; pair < batch.pairs; pair++) {
      const start = offsets[pair] ?? 0;
      const end = offsets[pair + 1] ?? start;
      for (let i = start; i < end; i++) put(i, evaluate(pair, [i - start]));
    }
  };
  const count = (batch: Batch): number => batch[role].offsets[batch.pairs] ?? 0;
  return {
    kind: 'token-kernel',
    role,
    runTokens: (batch) => collect(count(batch), (put) => all(graph, batch, FLOAT, put)),
    runTokensBounded: (batch) =>
      bounded(
        count(batch),
        (put) => all(graph, batch, RUNNING, put),
        (put) => all(literal(), batch, ARRANGED, put),
      ),
  };
}

function collect(n: number, fill: (put: (i: number, x: number) => void) => void): Float64Array {
  const values = new Float64Array(n);
  fill((i, x) => {
    values[i] = x;
  });
  return values;
}

type Fill<T> = (put: (i: number, x: T) => void) => void;

/** n values with their bounds. What others may be off by costs as much again: it is found when first asked for. */
export function bounded(n: number, running: Fill<Ball>, arranged: Fill<Arranged>): Bounded {
  const values = new Float64Array(n);
  const own = new Float64Array(n);
  running((i, { value, error }) => {
    values[i] = value;
    own[i] = error;
  });
  let other: Float64Array | undefined;
  return {
    values,
    own,
    get other() {
      other ??= collect(n, (put) => arranged((i, x) => put(i, arrangedError(x))));
      return other;
    },
  };
}
