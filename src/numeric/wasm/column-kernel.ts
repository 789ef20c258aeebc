/** Losses of whole responses, compiled: one number per pair goes in for each datum, a loss and its gradient come out. */

import type { Declarations } from '../../expr/declare.ts';
import type { Expr, Sort } from '../../expr/expr.ts';
import { apply } from '../../expr/expr.ts';
import { some } from '../../expr/walk.ts';
import { differentiate } from '../../forms/differentiate.ts';
import type { BatchShape, Role } from '../batch.ts';
import { ROLES } from '../batch.ts';
import type { Parameters } from '../compile.ts';
import type { CompileFault } from '../demand.ts';
import { findFault, sortsOf } from '../demand.ts';
import { RESPONSE } from '../gradient.ts';
import { lowerAll } from '../lower.ts';
import type { ColumnKernel } from './column-run.ts';
import { columnKernel } from './column-run.ts';
import type { VectorFault } from './instance.ts';
import { instantiate } from './instance.ts';
import type { Output } from './output.ts';
import { translator } from './translate.ts';
import type { Column } from './vector.ts';
import { planBuilder } from './vector.ts';

const LETTER: Readonly<Record<Role, string>> = { chosen: 'w', rejected: 'l' };
function nameOf({ store, name, role }: Column): string {
  if (store === 'per-prompt') return `${name}(x)`;
  return store === 'per-pair' ? `${name}(w,l)` : `${name}(${LETTER[role]})`;
}

/** What could be had of declared data, one number per pair each. */
function shapeOf({ data }: Declarations): BatchShape {
  const having = (sorts: readonly Sort[], distribution: boolean): ReadonlySet<string> =>
    new Set(
      Object.entries(data).flatMap(([name, datum]) =>
        datum.distribution === distribution && datum.shapes.some((shape) => shape.join() === sorts.join())
          ? [name]
          : [],
      ),
    );
  return {
    distributions: having(['response'], true),
    vocabularies: new Set(),
    perToken: new Set(),
    perResponse: having(['response'], false),
    perPair: having(['response', 'response'], false),
    perPrompt: new Set([...having(['prompt'], false), ...having([], false)]),
  };
}

/**
 * `loss` for each pair, and with `gradients` its derivatives by log pi(w) and log pi(l), stop-gradients constant. A
 * loss that reads tokens is a fault: see `compileBatch`.
 */
export async function compileColumns(
  loss: Expr,
  declared: Declarations,
  parameters: Parameters,
  { gradients = false }: { readonly gradients?: boolean } = {},
): Promise<ColumnKernel | CompileFault | VectorFault> {
  const shape = shapeOf(declared);
  const derivatives = gradients
    ? ROLES.map((role) => differentiate(loss, apply('pi', [RESPONSE[role]])))
    : [];
  const wanted = [loss, ...derivatives];
  if (wanted.some((e) => some(e, readsTokens))) return { kind: 'not-vectorised', reason: 'tokens' };
  for (const e of wanted) {
    const fault = findFault(e, shape, parameters, []);
    if (fault !== undefined) return fault;
  }
  const graphs = lowerAll(
    wanted.map((of) => ({ of, free: [] })),
    shape,
    parameters,
  );
  const plan = planBuilder();
  const [first = { nodes: [], scopes: [], root: -1 }] = graphs;
  const translated = translator(first, plan, { flat: true, given: shape.distributions });
  const outputs = graphs.map(({ root }): Output => ({ over: 'pairs', root: translated.of(root) }));
  const instance = await instantiate(plan, outputs, true);
  if ('kind' in instance) return instance;
  const reads = instance.sources.flatMap((source) =>
    source.kind === 'column' ? [nameOf(source.column)] : [],
  );
  return columnKernel(instance, reads, outputs.length);
}

const readsTokens = (e: Expr): boolean =>
  e.kind === 'sum' || (e.kind === 'apply' && sortsOf(e).some((sort) => sort === 'token' || sort === 'vocab'));
