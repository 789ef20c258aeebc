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

/**
 * Collects nodes and gives equal ones the same id, so that a common sub-expression exists once. Loop
 * indices are named by nesting level, so sums equal up to the names of their indices coincide.
 */
export class GraphBuilder {
  readonly #nodes: Node[] = [];
  readonly #levels: (readonly number[])[] = [];
  readonly #scopes: Scope[] = [];
  readonly #ids = new Map<string, NodeId>();

  add(node: Node): NodeId {
    // Operands are ids already, so the key is of the size of one node, and injective.
    const key = JSON.stringify(node, (_, value: unknown) =>
      typeof value === 'bigint' ? `${value}n` : value,
    );
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const below = operands(node);
    const found = new Set([...ownLevels(node), ...below.flatMap((id) => this.#levels[id] ?? [])]);
    if (node.op === 'each') found.delete(node.level);
    const constant =
      node.op === 'rational' ||
      node.op === 'number' ||
      (below.length > 0 && node.op !== 'each' && below.every((id) => this.#scopes[id] === CONSTANT));
    const id = this.#nodes.push(node) - 1;
    this.#levels.push([...found]);
    this.#scopes.push(constant ? CONSTANT : Math.max(PAIR, ...found));
    this.#ids.set(key, id);
    return id;
  }

  node(id: NodeId): Node {
    const node = this.#nodes[id];
    if (node === undefined) throw new RangeError(`no node ${id}`);
    return node;
  }

  // Nodes, without operations that change nothing

  scalar(fn: ScalarName, of: NodeId): NodeId {
    return this.add({ op: 'scalar', fn, of });
  }

  negate(of: NodeId): NodeId {
    const node = this.node(of);
    if (node.op === 'negate') return node.of;
    if (node.op === 'rational') return this.add({ op: 'rational', value: negate(node.value) });
    return this.add({ op: 'negate', of });
  }

  times(a: NodeId, b: NodeId): NodeId {
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const node = this.node(one);
      if (node.op !== 'rational') continue;
      if (sameRational(node.value, ONE)) return other;
      if (sameRational(node.value, MINUS_ONE)) return this.negate(other);
    }
    return this.add({ op: 'times', a, b });
  }

  total(parts: readonly NodeId[]): NodeId {
    const kept = parts.filter((id) => {
      const node = this.node(id);
      return node.op !== 'rational' || !isZero(node.value);
    });
    const [first] = kept;
    if (first === undefined) return this.add({ op: 'rational', value: ZERO });
    return kept.length === 1 ? first : this.add({ op: 'sum', terms: kept });
  }

  finish(root: NodeId): Graph {
    return { nodes: this.#nodes, scopes: this.#scopes, root };
  }
}
