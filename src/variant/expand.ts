/** Unfolding a file's own definitions, and how far that goes before it is done. */

import { substitute } from '../expr/binder.ts';
import type { Expr } from '../expr/expr.ts';
import { children, rebuild } from '../expr/walk.ts';
import type { Definition } from './variant.ts';

/**
 * `e` with every call of a definition replaced by what it stands for; bound indices are renamed where they
 * would capture an argument. Definitions may call those before them.
 */
export function expand(e: Expr, definitions: readonly Definition[]): Expr {
  const known = new Map<string, Definition>();
  for (const definition of definitions) {
    known.set(definition.name, { ...definition, body: unfold(definition.body, known) });
  }
  return unfold(e, known);
}

/** The bodies of `known` are free of calls. */
function unfold(e: Expr, known: ReadonlyMap<string, Definition>): Expr {
  if (known.size === 0) return e;
  return rebuild(e, (node) => {
    const called = node.kind === 'apply' ? known.get(node.name) : undefined;
    if (node.kind !== 'apply' || called === undefined) return node;
    return substitute(
      called.body,
      called.params.flatMap((param, i) => {
        const arg = node.args[i];
        return arg === undefined ? [] : [[param, arg] as const];
      }),
    );
  });
}

export interface Extent {
  readonly nodes: number;
  readonly height: number;
}

/** The measure of `e` with the calls of `known` unfolded, found without unfolding them: doubling twice is cheap to write. */
export function extentOf(e: Expr, known: ReadonlyMap<string, Extent>): Extent {
  const called = e.kind === 'apply' ? known.get(e.name) : undefined;
  if (called !== undefined) return called;
  let nodes = 1;
  let height = 0;
  for (const part of children(e)) {
    const inner = extentOf(part, known);
    nodes += inner.nodes;
    height = Math.max(height, inner.height);
  }
  return { nodes, height: height + 1 };
}
