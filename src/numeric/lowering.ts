/** What turning expressions into graph nodes passes around: the contract between the parts that do it. */

import type { Expr, Sum } from '../expr/expr.ts';
import type { GraphBuilder } from './builder.ts';
import type { NodeId } from './graph.ts';
import type { Known } from './structure.ts';

/** `careful` avoids cancellation where the shape of an expression shows it, as in 1 - sigmoid(u); `literal` does what is written. */
export type Manner = 'careful' | 'literal';

/** What is made of an expression under given bound indices. */
export interface Lowering {
  readonly graph: GraphBuilder;
  readonly known: Known;
  readonly manner: Manner;
  /** The node of its value. */
  readonly linear: (e: Expr) => NodeId;
  /** The node of the log of its value, which is not negative. */
  readonly logOf: (e: Expr) => NodeId;
  /** The node of the product of the given factors, which are not products themselves. */
  readonly productOf: (all: readonly Expr[]) => NodeId;
  /** The sum over an index of what `body` gives; with `log`, the log of the sum of what it gives the logs of. */
  readonly loop: (e: Sum, body: (inner: Lowering) => NodeId, log: boolean) => NodeId;
}
