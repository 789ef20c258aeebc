/** A loss against its transcription by hand, on a random batch: a second opinion that shares no code with formulas. */

import type { Expr } from '../expr/expr.ts';
import { shapeOf } from './batch.ts';
import { compile } from './compile.ts';
import type { Draw, SampledFault } from './draws.ts';
import { inputOf } from './draws.ts';
import { exactValue } from './exact.ts';
import type { Found, Wanted } from './tally.ts';
import { NOTHING_FOUND, tally } from './tally.ts';
import { plainPair } from './transcription/batch.ts';
import type { TranscriptionName } from './transcription/losses.ts';
import { TRANSCRIPTIONS } from './transcription/losses.ts';

export interface Transcribed {
  readonly loss: Expr;
  readonly transcription: TranscriptionName;
}

/**
 * Whether `loss` has the values of a transcription, within what rounding can explain on both sides. Pairs are
 * passed over at which the transcription overflows, or where the formula as written loses every digit.
 */
export function compareTranscribed(
  { loss, transcription }: Transcribed,
  { batch, parameters, index }: Draw,
  wanted: Wanted,
): Found | SampledFault {
  const kernel = compile(loss, shapeOf(batch), parameters);
  if (kernel.kind !== 'kernel') return kernel;
  const values = tally({ nanAgrees: true, most: wanted.values });
  const ours = kernel.runBounded(batch);
  const p = Object.fromEntries(parameters);
  const theirs = ours.values.map((_, pair) => {
    const { w, l, x } = plainPair(batch, pair);
    return TRANSCRIPTIONS[transcription](w, l, p, x);
  });
  const isTold = (pair: number): boolean =>
    Number.isFinite(theirs[pair]) && Number.isFinite(ours.other[pair]);
  const told = (all: Float64Array): Float64Array => all.map((x, pair) => (isTold(pair) ? x : Number.NaN));
  const withInput = inputOf(batch, parameters);
  values.compare(
    { values: told(ours.values), own: ours.own },
    told(theirs),
    ours.other,
    (pair) => withInput({ case: index, pair }),
    (pair) => exactValue(loss, { batch, pair, parameters }),
  );
  return { ...NOTHING_FOUND, values: values.tallied() };
}
