/** The pairs of a batch as transcribed losses take them. */

import type { Batch, Responses } from '../batch.ts';
import type { Side } from './side.ts';

type Named<T> = Readonly<Record<string, T>>;
type Arrays = ReadonlyMap<string, Float64Array>;

/** Both responses of a pair, and its data about both of them, the prompt or the batch. */
export interface PlainPair {
  readonly w: Side;
  readonly l: Side;
  readonly x: Named<number>;
}

export function plainPair(batch: Batch, pair: number): PlainPair {
  const { chosen, rejected, vocabulary, perPair, perPrompt } = batch;
  return {
    w: sideOf(chosen, pair, vocabulary),
    l: sideOf(rejected, pair, vocabulary),
    x: { ...numbersAt(perPair, pair), ...numbersAt(perPrompt, pair) },
  };
}

function sideOf(responses: Responses, row: number, vocabulary: number): Side {
  const [start = 0, end = 0] = [responses.offsets[row], responses.offsets[row + 1]];
  const slices = (all: Arrays): Named<readonly number[]> =>
    mapped(all, (values) => [...values.subarray(start, end)]);
  const rows = mapped(responses.rows, (logits) =>
    Array.from({ length: end - start }, (_, t) => {
      const at = (start + t) * vocabulary;
      return logSoftmax([...logits.subarray(at, at + vocabulary)]);
    }),
  );
  const labels = responses.labels.subarray(start, end);
  const read = mapped(new Map(Object.entries(rows)), (row) =>
    row.map((entries, t) => entries[labels[t] ?? -1] ?? Number.NaN),
  );
  return {
    logs: { ...read, ...slices(responses.logProbs) },
    rows,
    perToken: slices(responses.perToken),
    perResponse: numbersAt(responses.perResponse, row),
  };
}

const mapped = <T, U>(all: ReadonlyMap<string, T>, to: (of: T) => U): Named<U> =>
  Object.fromEntries([...all].map(([name, of]) => [name, to(of)]));

const numbersAt = (all: Arrays, index: number): Named<number> =>
  mapped(all, (values) => values[index] ?? Number.NaN);

function logSoftmax(row: readonly number[]): readonly number[] {
  const top = Math.max(...row);
  const shift = top + Math.log(row.reduce((sum, z) => sum + Math.exp(z - top), 0));
  return row.map((z) => z - shift);
}
