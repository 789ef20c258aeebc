/** Data of a batch as nodes of a graph: where each is loaded from. */

import type { Apply, Expr, Var } from '../expr/expr.ts';
import type { BatchShape } from './batch.ts';
import type { GraphBuilder } from './builder.ts';
import { roleOf, storeOf } from './demand.ts';
import type { NodeId, TokenAt } from './graph.ts';

/** A variable and the loop it is the index of. */
export interface Bound {
  readonly variable: Var;
  readonly level: number;
}

export interface DataLowering {
  readonly value: (e: Apply) => NodeId;
  /** The log of a probability is what the batch holds; undefined for other data. */
  readonly log: (e: Apply) => NodeId | undefined;
  /** The level of the loop that binds a variable. */
  readonly levelOf: (e: Expr | undefined) => number;
}

export function dataLowering(graph: GraphBuilder, shape: BatchShape, bound: readonly Bound[]): DataLowering {
  function value(e: Apply): NodeId {
    const known = log(e);
    if (known !== undefined) return graph.scalar('exp', known);
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

  function log(e: Apply): NodeId | undefined {
    const role = roleOf(e.args[0]) ?? 'chosen';
    const { name } = e;
    const [, token, entry] = e.args;
    switch (storeOf(e, shape)) {
      case 'sequence':
        return graph.add({ op: 'sequence', name, role });
      case 'log-prob':
        return graph.add({ op: 'log-prob', name, role, token: tokenAt(token) });
      case 'row':
        return graph.add({ op: 'row', name, role, token: tokenAt(token), level: levelOf(entry) });
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
    const found = e?.kind === 'var' ? bound.findLast(({ variable }) => variable.name === e.name) : undefined;
    if (found === undefined) throw new RangeError('an index that no loop binds');
    return found.level;
  }

  return { value, log, levelOf };
}
