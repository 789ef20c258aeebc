/** A loss and its implicit rewards row by row, and what they come to: counts, means, extremes, the worst rows. */

import type { Expr } from '../expr/expr.ts';
import type { Batch } from './batch.ts';
import { ROLES, shapeOf } from './batch.ts';
import type { Parameters } from './compile.ts';
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
  /** What evaluates: plain JavaScript, or WebAssembly with a vectorised exp and log, whose last digits may differ. */
  readonly engine: 'plain' | 'wasm';
  readonly run: (batch: Batch) => Tabulated;
}

/**
 * Numbers, log-probabilities or logits, from which on compiling to WebAssembly takes less time than it saves: loading
 * the compiler takes as long as evaluating about this many plainly.
 */
const MANY = 1 << 22;

const numbersIn = (batch: Batch): number =>
  ROLES.flatMap((role) => [...batch[role].rows.values(), ...batch[role].logProbs.values()]).reduce(
    (sum, { length }) => sum + length,
    0,
  );

/**
 * Compiles for batches like the first one. There may be more: `pairs` in all, if that is known. Whether WebAssembly
 * evaluates follows from the sizes alone, and from what the host can do.
 */
export async function tabulator(
  formulas: Quantities<Expr>,
  like: Batch,
  parameters: Parameters,
  pairs = like.pairs,
): Promise<Tabulator | CompileFault> {
  const plain = plainTabulator(formulas, like, parameters);
  const numbers = numbersIn(like) * (pairs / Math.max(1, like.pairs));
  if (plain.kind !== 'tabulator' || numbers < MANY) return plain;
  return (await wasmTabulator(formulas, like, parameters)) ?? plain;
}

type Run = (batch: Batch) => Float64Array;

export function plainTabulator(
  formulas: Quantities<Expr>,
  like: Batch,
  parameters: Parameters,
): Tabulator | CompileFault {
  const runs = new Map<Quantity, Run>();
  for (const quantity of QUANTITIES) {
    const formula = formulas[quantity];
    if (formula === undefined) continue;
    const kernel = compile(formula, shapeOf(like), parameters);
    if (kernel.kind !== 'kernel') return kernel;
    runs.set(quantity, kernel.run);
  }
  return running('plain', runs);
}

/** Undefined where one of the formulas has no such kernel, or the engine has no vectors. */
export async function wasmTabulator(
  formulas: Quantities<Expr>,
  like: Batch,
  parameters: Parameters,
): Promise<Tabulator | undefined> {
  const { compileBatch, layoutOf } = await import('./wasm/batch-kernel.ts');
  const runs = new Map<Quantity, Run>();
  for (const quantity of QUANTITIES) {
    const formula = formulas[quantity];
    if (formula === undefined) continue;
    const kernel = await compileBatch(formula, layoutOf(like), parameters);
    if (kernel.kind !== 'batch-kernel') return undefined;
    runs.set(quantity, (batch) => kernel.run(batch).losses);
  }
  return running('wasm', runs);
}

function running(engine: Tabulator['engine'], runs: ReadonlyMap<Quantity, Run>): Tabulator {
  return {
    kind: 'tabulator',
    engine,
    run(batch) {
      const rest = [...runs].filter(([quantity]) => quantity !== 'loss');
      return {
        loss: runs.get('loss')?.(batch) ?? new Float64Array(0),
        ...Object.fromEntries(rest.map(([quantity, run]) => [quantity, run(batch)])),
      };
    },
  };
}
