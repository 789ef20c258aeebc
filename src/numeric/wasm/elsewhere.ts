/** Which rows a plan reads, and whether only at places where a kernel has them. */

import type { Over } from '../graph.ts';
import { CONSTANT } from '../graph.ts';
import type { Output } from './output.ts';
import type { Plan, VectorId, VectorNode } from './vector.ts';
import { operandsOf } from './vector.ts';

export type Logit = Extract<VectorNode, { op: 'logit' }>;

/** Whether a node reads the row of the token that the loop at `level` is at. */
export const readsRowAt = (node: VectorNode, level: number): node is Logit =>
  node.op === 'logit' && node.token.kind === 'bound' && node.token.level === level;

/** Whether some row is read at another place than the current token of its own response. */
export function readsRowsElsewhere({ nodes, scopes }: Plan, outputs: readonly Output[]): boolean {
  const foreign = (root: VectorId, level: number, over: Over): boolean => {
    const seen = new Set<VectorId>();
    const visit = (id: VectorId): boolean => {
      const node = nodes[id];
      if (node === undefined || seen.has(id) || (scopes[id] ?? CONSTANT) < level) return false;
      seen.add(id);
      return (readsRowAt(node, level) && node.role !== over) || operandsOf(node).some(visit);
    };
    return visit(root);
  };
  return (
    nodes.some(
      (node) =>
        (node.op === 'logit' && node.token.kind === 'fixed') ||
        (node.op === 'reduce' && foreign(node.body, node.level, node.over)),
    ) || outputs.some(({ over, root }) => over !== 'pairs' && foreign(root, 0, over))
  );
}
