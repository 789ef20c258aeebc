/** Log-probabilities of tokens and vocabulary entries: given as they are, or read off rows of logits. */

import type { Arithmetic } from './arithmetic.ts';
import { logSum } from './arithmetic.ts';
import type { Batch, Role } from './batch.ts';

/** Readers by distribution and role. Positions are flat; what lies outside of the arrays is NaN. */
export interface LogProbabilities<T> {
  readonly ofToken: (name: string, role: Role) => (position: number) => T;
  readonly ofEntry: (name: string, role: Role) => (position: number, entry: number) => T;
}

/** Readers of a batch in any arithmetic: z - log(sum exp z), the normaliser of each row computed once. */
export function logProbabilities<T>(batch: Batch, arithmetic: Arithmetic<T>): LogProbabilities<T> {
  const { given, sum, negate } = arithmetic;
  const { vocabulary } = batch;
  const readers = new Map<string, (position: number, entry: number) => T>();

  function ofEntry(name: string, role: Role): (position: number, entry: number) => T {
    const key = `${role} ${name}`;
    const known = readers.get(key);
    if (known !== undefined) return known;
    const logits = batch[role].rows.get(name) ?? new Float64Array(0);
    const shifts: T[] = [];
    const shiftOf = (position: number): T => {
      const done = shifts[position];
      if (done !== undefined) return done;
      const start = position * vocabulary;
      const shift = negate(
        logSum(
          arithmetic,
          vocabulary,
          () => 1,
          (i) => given(logits[start + i] ?? Number.NaN),
        ),
      );
      shifts[position] = shift;
      return shift;
    };
    const reader = (position: number, entry: number): T => {
      const logit = logits[position * vocabulary + entry] ?? Number.NaN;
      // An impossible entry is exactly so; and there is no normaliser beyond the end of a response.
      if (!Number.isFinite(logit)) return given(logit);
      const shift = shiftOf(position);
      return sum(2, (i) => (i === 0 ? given(logit) : shift));
    };
    readers.set(key, reader);
    return reader;
  }

  function ofToken(name: string, role: Role): (position: number) => T {
    const side = batch[role];
    const values = side.logProbs.get(name);
    if (values !== undefined) return (position) => given(values[position] ?? Number.NaN);
    const read = ofEntry(name, role);
    return (position) => read(position, side.labels[position] ?? Number.NaN);
  }

  return { ofToken, ofEntry };
}
