/** Compiled kernels against plain ones on random batches: losses and gradients, within the bounds of both. */

import type { Decimal } from 'decimal.js';
import type { Expr } from '../expr/expr.ts';
import { shapeOf } from './batch.ts';
import type { Bounded } from './compile.ts';
import { compile } from './compile.ts';
import type { Draw, SampledFault } from './draws.ts';
import { coordinatesOf, inputOf } from './draws.ts';
import { exactValue } from './exact.ts';
import { slopesOf } from './slopes.ts';
import type { Found, Tally, Wanted, Where } from './tally.ts';
import { tally } from './tally.ts';
import { compileBatch, layoutOf } from './wasm/batch-kernel.ts';
import type { VectorFault } from './wasm/instance.ts';

/**
 * Whether the WebAssembly kernel of `loss` gives what the plain one does. Numbers without a bound are passed
 * over: where the formula as written loses every digit, nothing can be said of what another evaluation gives.
 */
export async function compareVectorised(
  { loss }: { readonly loss: Expr },
  { batch, parameters, index }: Draw,
  wanted: Wanted,
): Promise<Found | SampledFault | VectorFault> {
  const values = tally({ nanAgrees: true, most: wanted.values });
  const gradients = tally({ nanAgrees: true, most: wanted.gradients });
  const fast = await compileBatch(loss, layoutOf(batch), parameters, { gradients: true });
  if (fast.kind !== 'batch-kernel') return fast;
  const plain = compile(loss, shapeOf(batch), parameters);
  if (plain.kind !== 'kernel') return plain;
  const at = { case: index };
  const slopes = slopesOf(loss, batch, parameters, coordinatesOf(batch), at);
  if ('kind' in slopes) return slopes;
  const withInput = inputOf(batch, parameters);
  const found = fast.run(batch);
  compareBounded(
    values,
    found.losses,
    plain.runBounded(batch),
    (pair) => withInput({ ...at, pair }),
    (pair) => exactValue(loss, { batch, pair, parameters }),
  );
  for (const { role, ours, place, exact } of slopes) {
    const ofRole = found.gradients?.[role] ?? new Float64Array(0);
    compareBounded(gradients, ofRole, ours, (i) => withInput(place(i)), exact);
  }
  return { values: values.tallied(), gradients: gradients.tallied() };
}

/** The kernel is an implementation like any other: it may be off by what any float64 evaluation may. */
function compareBounded(
  into: Tally,
  found: Float64Array,
  { values, own, other }: Bounded,
  place: (i: number) => Where,
  exact: (i: number) => Decimal,
): void {
  const isTold = (i: number): boolean => Number.isFinite((own[i] ?? Number.NaN) + (other[i] ?? Number.NaN));
  const told = (all: Float64Array): Float64Array => all.map((x, i) => (isTold(i) ? x : Number.NaN));
  into.compare({ values: told(found), own: other }, told(values), own, place, exact);
}
