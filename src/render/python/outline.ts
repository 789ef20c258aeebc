/** What the writing of a graph goes by: the operands of a node, the axes its value moves with, the response it is about. */

import type { Role } from '../../numeric/batch.ts';
import type { Node, NodeId, Over, TokenAt } from '../../numeric/graph.ts';
import { operands } from '../../numeric/graph.ts';
import type { Program } from '../../report/program.ts';
import { leafOf } from '../../report/program.ts';
import { BATCH, joined } from './code.ts';

/** What a loop at each level runs over, where the writer stands. */
export type Loops = readonly Over[];
export const FREE: Loops = [];

/** A node, and what its free indices run over. */
export interface Root {
  readonly id: NodeId;
  readonly loops: Loops;
}

export interface Outline {
  readonly program: Program;
  /** Throws RangeError if there is none. */
  readonly nodeAt: (id: NodeId) => Node;
  /** What is read of a node: its operands, with the loops they stand in. */
  readonly below: (id: NodeId, loops: Loops) => readonly (readonly [NodeId, Loops])[];
  /** The batch axis and the levels of loops that the value of a node moves with. */
  readonly axesOf: (id: NodeId) => readonly number[];
  /** A node in its loops: only those its value moves with tell it from another. */
  readonly keyOf: (id: NodeId, loops: Loops) => string;
  /** Whether it is a hyper-parameter that its own size stands for. */
  readonly isSize: (id: NodeId) => boolean;
  /** Whether it is read rather than computed. */
  readonly isLeaf: (id: NodeId) => boolean;
  readonly isLogistic: (id: NodeId) => boolean;
  /** The one response that a node is about; undefined where it is about both or neither. */
  readonly roleBelow: (id: NodeId, loops: Loops) => Role | undefined;
}

export function outlineOf(program: Program): Outline {
  const nodeAt = (id: NodeId): Node => {
    const node = program.nodes[id];
    if (node === undefined) throw new RangeError(`no node ${id}`);
    return node;
  };

  function below(id: NodeId, loops: Loops): readonly (readonly [NodeId, Loops])[] {
    const node = nodeAt(id);
    const local = node.op === 'per-prompt' ? leafOf(node.name) : undefined;
    if (local?.kind === 'local') return [[program.locals[local.index]?.value ?? id, []]];
    const inner = node.op === 'each' ? [...loops.slice(0, node.level), node.over] : loops;
    return operands(node).map((operand) => [operand, inner]);
  }

  function axesOf(id: NodeId): readonly number[] {
    const node = nodeAt(id);
    const at = (token: TokenAt): readonly number[] => (token.kind === 'bound' ? [token.level] : []);
    switch (node.op) {
      case 'rational':
      case 'number':
        return [];
      case 'position':
        return [node.level];
      case 'per-token':
      case 'log-prob':
        return joined([BATCH], at(node.token));
      case 'row':
        return joined([BATCH], at(node.token), [node.level]);
      case 'length':
      case 'sequence':
      case 'per-response':
      case 'per-pair':
        return [BATCH];
      case 'per-prompt': {
        const leaf = leafOf(node.name);
        if (leaf.kind === 'local') return axesOf(program.locals[leaf.index]?.value ?? id);
        return leaf.kind === 'parameter' ? [] : [BATCH];
      }
      case 'each': {
        const body = axesOf(node.body).filter((axis) => axis !== node.level);
        return node.over === 'vocabulary' ? body : joined([BATCH], body);
      }
      default:
        return joined(...operands(node).map(axesOf));
    }
  }

  const keyOf = (id: NodeId, loops: Loops): string => `${id} ${axesOf(id).map((axis) => loops[axis] ?? '')}`;

  const isSize = (id: NodeId): boolean => {
    const node = nodeAt(id);
    const of = node.op === 'scalar' && node.fn === 'abs' ? nodeAt(node.of) : undefined;
    const leaf = of?.op === 'per-prompt' ? leafOf(of.name) : undefined;
    return leaf?.kind === 'parameter' && leaf.nonnegative;
  };

  const isLeaf = (id: NodeId): boolean => {
    const node = nodeAt(id);
    return operands(node).length === 0 || isSize(id) || (node.op === 'negate' && isLeaf(node.of));
  };

  const isLogistic = (id: NodeId): boolean => {
    const node = nodeAt(id);
    return node.op === 'scalar' && LOGISTIC.has(node.fn);
  };

  function roleBelow(id: NodeId, loops: Loops): Role | undefined {
    const roles = new Set<Role>();
    const visit = (node: NodeId, inner: Loops): void => {
      const at = nodeAt(node);
      if ('role' in at) roles.add(at.role);
      for (const axis of axesOf(node)) {
        const over = inner[axis];
        if (over === 'chosen' || over === 'rejected') roles.add(over);
      }
      for (const [operand, more] of below(node, inner)) visit(operand, more);
    };
    visit(id, loops);
    const [only] = roles;
    return roles.size === 1 ? only : undefined;
  }

  return { program, nodeAt, below, axesOf, keyOf, isSize, isLeaf, isLogistic, roleBelow };
}

const LOGISTIC: ReadonlySet<string> = new Set(['logsigmoid', 'sigmoid', 'softplus']);

/** How often each node, in its loops, is read on the way from the roots. */
export function countUses({ below, keyOf }: Outline, roots: readonly Root[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const visit = (id: NodeId, loops: Loops): void => {
    const key = keyOf(id, loops);
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    if (count === 0) for (const [operand, inner] of below(id, loops)) visit(operand, inner);
  };
  for (const { id, loops } of roots) visit(id, loops);
  return counts;
}
