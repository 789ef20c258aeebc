/** Building a graph: equal nodes are one node, and operations that change nothing are left out. */

import { isZero, MINUS_ONE, negate, ONE, sameRational, ZERO } from '../expr/rational.ts';
import type { ScalarName } from './functions.ts';
import type { Graph, Node, NodeId, Scope } from './graph.ts';
import { CONSTANT, operands, PAIR } from './graph.ts';

/** The loop levels whose index `node` reads itself. */
function ownLevels(node: Node): readonly number[] {
  const levels: number[] = [];
  if (node.op === 'position' || node.op === 'row') levels.push(node.level);
  if ('token' in node && node.token.kind === 'bound') levels.push(node.token.level);
  return levels;
}

/** Every method gives the id of a node, new or known. */
export interface GraphBuilder {
  readonly add: (node: Node) => NodeId;
  readonly scalar: (fn: ScalarName, of: NodeId) => NodeId;
  readonly negate: (of: NodeId) => NodeId;
  readonly times: (a: NodeId, b: NodeId) => NodeId;
  readonly total: (parts: readonly NodeId[]) => NodeId;
  readonly finish: (root: NodeId) => Graph;
}

/**
 * Collects nodes and gives equal ones the same id, so that a common sub-expression exists once. Loop
 * indices are named by nesting level, so sums equal up to the names of their indices coincide.
 */
export function graphBuilder(): GraphBuilder {
  const nodes: Node[] = [];
  const levels: (readonly number[])[] = [];
  const scopes: Scope[] = [];
  const ids = new Map<string, NodeId>();

  function add(node: Node): NodeId {
    // Operands are ids already, so the key is of the size of one node, and injective.
    const key = JSON.stringify(node, (_, value: unknown) =>
      typeof value === 'bigint' ? `${value}n` : value,
    );
    const known = ids.get(key);
    if (known !== undefined) return known;
    const below = operands(node);
    const found = new Set([...ownLevels(node), ...below.flatMap((id) => levels[id] ?? [])]);
    if (node.op === 'each') found.delete(node.level);
    const constant =
      node.op === 'rational' ||
      node.op === 'number' ||
      (below.length > 0 && node.op !== 'each' && below.every((id) => scopes[id] === CONSTANT));
    const id = nodes.push(node) - 1;
    levels.push([...found]);
    scopes.push(constant ? CONSTANT : Math.max(PAIR, ...found));
    ids.set(key, id);
    return id;
  }

  function nodeOf(id: NodeId): Node {
    const node = nodes[id];
    if (node === undefined) throw new RangeError(`no node ${id}`);
    return node;
  }

  function scalar(fn: ScalarName, of: NodeId): NodeId {
    return add({ op: 'scalar', fn, of });
  }

  function negated(of: NodeId): NodeId {
    const node = nodeOf(of);
    if (node.op === 'negate') return node.of;
    if (node.op === 'rational') return add({ op: 'rational', value: negate(node.value) });
    return add({ op: 'negate', of });
  }

  function times(a: NodeId, b: NodeId): NodeId {
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const node = nodeOf(one);
      if (node.op !== 'rational') continue;
      if (sameRational(node.value, ONE)) return other;
      if (sameRational(node.value, MINUS_ONE)) return negated(other);
    }
    return add({ op: 'times', a, b });
  }

  function total(parts: readonly NodeId[]): NodeId {
    const kept = parts.filter((id) => {
      const node = nodeOf(id);
      return node.op !== 'rational' || !isZero(node.value);
    });
    const [first] = kept;
    if (first === undefined) return add({ op: 'rational', value: ZERO });
    return kept.length === 1 ? first : add({ op: 'sum', terms: kept });
  }

  function finish(root: NodeId): Graph {
    return { nodes: nodes, scopes: scopes, root };
  }

  return { add, scalar, negate: negated, times, total, finish };
}
