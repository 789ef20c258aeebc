/** A loss and its implicit rewards row by row, and what they come to: counts, means, extremes, the worst rows. */

import type { Expr } from '../expr/expr.ts';
import type { Batch } from './batch.ts';
import { shapeOf } from './batch.ts';
import type { Kernel, Parameters } from './compile.ts';
import { compile } from './compile.ts';
import type { CompileFault } from './demand.ts';

/** What is computed for each pair, in w and l. */
export interface Quantities<T> {
  readonly loss: T;
  /** The implicit rewards of the two responses, and by how much the chosen one wins; where there are such. */
  readonly chosen?: T;
  readonly rejected?: T;
  readonly margin?: T;
}
export type Quantity = keyof Quantities<unknown>;
export const QUANTITIES = ['loss', 'chosen', 'rejected', 'margin'] as const satisfies readonly Quantity[];

/** One number per pair of each. */
export type Tabulated = Quantities<Float64Array>;

/** Evaluates on batches that have what the first one had. */
export interface Tabulator {
  readonly kind: 'tabulator';
  readonly run: (batch: Batch) => Tabulated;
}

export function tabulator(
  formulas: Quantities<Expr>,
  like: Batch,
  parameters: Parameters,
): Tabulator | CompileFault {
  const kernels = new Map<Quantity, Kernel>();
  for (const quantity of QUANTITIES) {
    const formula = formulas[quantity];
    if (formula === undefined) continue;
    const kernel = compile(formula, shapeOf(like), parameters);
    if (kernel.kind !== 'kernel') return kernel;
    kernels.set(quantity, kernel);
  }
  return {
    kind: 'tabulator',
    run(batch) {
      const loss = kernels.get('loss')?.run(batch) ?? new Float64Array(0);
      const rest = [...kernels].filter(([quantity]) => quantity !== 'loss');
      return { loss, ...Object.fromEntries(rest.map(([quantity, kernel]) => [quantity, kernel.run(batch)])) };
    },
  };
}
