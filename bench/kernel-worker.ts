/** One thread of the kernel bench: compiles its kernel once, then fills its part of shared results. */

import { NOTHING_DECLARED } from '../src/expr/declare.ts';
import { compileColumns } from '../src/numeric/wasm/column-kernel.ts';
import type { ColumnKernel } from '../src/numeric/wasm/column-run.ts';
import { parse } from '../src/syntax/parse.ts';
import { FORMULA_SCOPE } from '../src/syntax/scope.ts';

export interface Part {
  readonly formula: string;
  readonly beta: number;
  readonly columns: ReadonlyMap<string, Float64Array>;
  readonly losses: Float64Array;
  readonly gradients: Readonly<Record<'chosen' | 'rejected', Float64Array>> | undefined;
}

const kernels = new Map<string, ColumnKernel>();

/** Compiles for values, or values and gradients. */
export async function kernelOf(formula: string, beta: number, gradients: boolean): Promise<ColumnKernel> {
  const key = JSON.stringify([formula, beta, gradients]);
  const known = kernels.get(key);
  if (known !== undefined) return known;
  const loss = parse(formula, FORMULA_SCOPE);
  const kernel = await compileColumns(loss, NOTHING_DECLARED, new Map([['beta', beta]]), { gradients });
  if (kernel.kind !== 'column-kernel') throw new Error(JSON.stringify(kernel));
  kernels.set(key, kernel);
  return kernel;
}

/** Fills one part; the arrays are views of memory that all threads share. */
export async function fill({ formula, beta, columns, losses, gradients }: Part): Promise<void> {
  const kernel = await kernelOf(formula, beta, gradients !== undefined);
  const fault = kernel.run(columns, gradients === undefined ? { losses } : { losses, gradients });
  if (fault !== undefined) throw new Error(JSON.stringify(fault));
}
