/** Expr -> graph of float operations, in log space wherever a value may leave the range of doubles. */

import { freeNames } from '../expr/binder.ts';
import type { Expr, Sum, Var } from '../expr/expr.ts';
import { rebuild } from '../expr/walk.ts';
import type { BatchShape } from './batch.ts';
import type { GraphBuilder } from './builder.ts';
import { graphBuilder } from './builder.ts';
import { roleOf } from './demand.ts';
import type { Graph, NodeId, Over } from './graph.ts';
import type { Bound } from './lower-data.ts';
import { dataLowering } from './lower-data.ts';
import { logLowering } from './lower-log.ts';
import { valueLowering } from './lower-value.ts';
import type { Lowering, Manner } from './lowering.ts';
import type { Known } from './structure.ts';
import { asBackpropagated, factors } from './structure.ts';

/** An expression to be lowered, with the variables bound from outside, level by level. */
export interface Wanted {
  readonly of: Expr;
  readonly free: readonly Var[];
}

/**
 * The graph that computes `e`, whose demands are met (see `findFault`). Every stop-gradient is dropped.
 * `free` are variables bound from outside, level by level.
 */
export function lower(
  e: Expr,
  shape: BatchShape,
  parameters: ReadonlyMap<string, number>,
  free: readonly Var[],
  manner: Manner = 'careful',
): Graph {
  const [graph = { nodes: [], scopes: [], root: -1 }] = lowerAll(
    [{ of: e, free }],
    shape,
    parameters,
    manner,
  );
  return graph;
}

/** One graph for each expression, over common nodes: what they share is computed once by whoever runs them together. */
export function lowerAll(
  wanted: readonly Wanted[],
  shape: BatchShape,
  parameters: ReadonlyMap<string, number>,
  manner: Manner = 'careful',
): readonly Graph[] {
  const graph = graphBuilder();
  const known: Known = { parameters, distributions: shape.distributions };
  return wanted.map(({ of, free }) => {
    const bound = free.map((variable, level): Bound => ({ variable, level }));
    const thawed = rebuild(of, (node) => (node.kind === 'freeze' ? node.body : node));
    const plain = manner === 'literal' ? rebuild(thawed, asBackpropagated) : thawed;
    return graph.finish(lowering(graph, known, shape, bound, manner).linear(plain));
  });
}

function lowering(
  graph: GraphBuilder,
  known: Known,
  shape: BatchShape,
  bound: readonly Bound[],
  manner: Manner,
): Lowering {
  const data = dataLowering(graph, shape, bound);

  function linear(e: Expr): NodeId {
    switch (e.kind) {
      case 'num':
        return graph.add({ op: 'rational', value: e.value });
      case 'sym':
        return graph.add({ op: 'number', value: known.parameters.get(e.name) ?? Number.NaN });
      case 'var':
        return graph.add({ op: 'position', level: data.levelOf(e) });
      case 'apply':
        return data.value(e);
      case 'add':
        return values.sum(e);
      case 'mul':
        return values.product(factors(e));
      case 'pow':
        return values.power(e.base, e.exponent);
      case 'call':
        return values.call(e);
      case 'sum':
        return loop(e, (inner) => inner.linear(e.body), false);
      case 'freeze':
        return linear(e.body);
      case 'grad':
        throw new TypeError('a gradient has no value of its own');
    }
  }

  /** A loop stands at the least level at which what it reads is known, wherever it is written: equal sums are then one. */
  function loop(e: Sum, body: (inner: Lowering) => NodeId, log: boolean): NodeId {
    const over: Over = e.range.kind === 'tokens' ? (roleOf(e.range.of) ?? 'chosen') : 'vocabulary';
    const read = freeNames(e).filter((name) => name.kind === 'var' && name.sort !== 'response');
    const outer = read.flatMap((name) => bound.findLast(({ variable }) => variable.name === name.name) ?? []);
    const level = Math.max(-1, ...outer.map((one) => one.level)) + 1;
    const inner = lowering(graph, known, shape, [...bound, { variable: e.index, level }], manner);
    return graph.add({ op: 'each', over, level, body: body(inner), log });
  }

  const self: Lowering = {
    graph,
    known,
    manner,
    linear,
    logOf: (e) => logs.of(e),
    productOf: (all) => values.product(all),
    loop,
  };
  const logs = logLowering(self, data);
  const values = valueLowering(self, logs);
  return self;
}
