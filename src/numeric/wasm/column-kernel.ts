/** Kernels for losses of whole responses: one number per pair goes in for each datum, a loss and its gradient come out. */

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
import type { Instance, VectorFault } from './instance.ts';
import { instantiate } from './instance.ts';
import type { Output } from './output.ts';
import { translator } from './translate.ts';
import type { Column } from './vector.ts';
import { planBuilder } from './vector.ts';

/** Numbers per pair. A distribution's column holds log-probabilities: `pi(w)` is log pi(w). */
export type Columns = ReadonlyMap<string, Float64Array>;

export interface ColumnResults {
  readonly losses: Float64Array;
  /** The derivative of each loss by the policy's log-probability of each response. */
  readonly gradients?: Readonly<Record<Role, Float64Array>>;
}

export type ColumnFault = { readonly kind: 'wrong-column'; readonly name: string; readonly found: number };

export interface ColumnKernel {
  readonly kind: 'column-kernel';
  /** The columns it reads, by name: `pi(w)`, `len(l)`, `phi(w,l)`. */
  readonly reads: readonly string[];
  /**
   * Fills the results, as many as there are losses; gradients only if they were compiled and are given. A column
   * that is missing or of another length is a fault, found before anything is written.
   */
  readonly run: (columns: Columns, results: ColumnResults) => ColumnFault | undefined;
}

/** Pairs in memory at a time: few enough for the caches, many enough that calls cost nothing. */
const BLOCK = 4096;

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
  return 'kind' in instance ? instance : kernelOf(instance, outputs.length);
}

const readsTokens = (e: Expr): boolean =>
  e.kind === 'sum' || (e.kind === 'apply' && sortsOf(e).some((sort) => sort === 'token' || sort === 'vocab'));

function kernelOf(instance: Instance, results: number): ColumnKernel {
  const reads = instance.sources.flatMap((source) =>
    source.kind === 'column' ? [nameOf(source.column)] : [],
  );
  const count = reads.length + results;
  const pointers = instance.allocate(Array.from({ length: count }, () => 8 * BLOCK));
  const views = pointers.map((address) => instance.doubles(address, BLOCK));
  return {
    kind: 'column-kernel',
    reads,
    run(columns, { losses, gradients }) {
      const pairs = losses.length;
      const inputs: Float64Array[] = [];
      for (const name of reads) {
        const column = columns.get(name);
        if (column?.length !== pairs) return { kind: 'wrong-column', name, found: column?.length ?? 0 };
        inputs.push(column);
      }
      const wanted = gradients === undefined ? [losses] : [losses, gradients.chosen, gradients.rejected];
      for (let from = 0; from < pairs; from += BLOCK) {
        const until = Math.min(pairs, from + BLOCK);
        for (const [i, input] of inputs.entries()) views[i]?.set(input.subarray(from, until));
        instance.run(until - from, 0, pointers);
        for (const [i, result] of wanted.entries()) {
          const view = views[reads.length + i];
          if (view !== undefined) result.set(view.subarray(0, until - from), from);
        }
      }
      return undefined;
    },
  };
}
