/** A batch of preference pairs: what a loss is evaluated on. Ragged arrays are flat, with offsets. */

import type { BatchFault, Limits } from './validate.ts';
import { flatLogProbs, flatNumbers, flatRows, pickLabels, readLengths } from './validate.ts';

export type Role = 'chosen' | 'rejected';
export const ROLES: readonly Role[] = ['chosen', 'rejected'];

type Named<T> = ReadonlyMap<string, T>;

/**
 * One response per row, with everything known about it. Token arrays hold the rows one after another;
 * row i has the positions from `offsets[i]` to `offsets[i + 1]`. Unpaired data are one such block and a label.
 */
export interface Responses {
  readonly count: number;
  readonly offsets: Int32Array;
  /**
   * Distribution -> log-probability of each token, at most 0. `pi` is the policy, `ref` the reference. A
   * distribution with `rows` need not be here: its tokens are read off them.
   */
  readonly logProbs: Named<Float64Array>;
  /**
   * Distribution -> logits over the vocabulary, `vocabulary` numbers per token; may be empty. Whoever reads them
   * normalises: log-probabilities rounded to doubles do not sum to one, and gradients by logits turn on that.
   */
  readonly rows: Named<Float64Array>;
  /** Which vocabulary entry each token is; empty without `rows`. */
  readonly labels: Int32Array;
  /** Further data, one number per token (masks, weights). */
  readonly perToken: Named<Float64Array>;
  /** Further data, one number per response (scores). */
  readonly perResponse: Named<Float64Array>;
}

export interface Batch {
  readonly kind: 'batch';
  readonly pairs: number;
  /** The size of the vocabulary, 0 where no full distributions are given. */
  readonly vocabulary: number;
  readonly chosen: Responses;
  readonly rejected: Responses;
  readonly perPair: Named<Float64Array>;
  readonly perPrompt: Named<Float64Array>;
}

/** Nested arrays `[row]`, `[row][token]` and `[row][token][vocabulary]`, as they stand in files. */
export interface ResponsesInput {
  /** Number of tokens of each row. */
  readonly lengths: readonly number[];
  readonly logProbs?: Named<readonly (readonly number[])[]>;
  /** Given with `labels`; the token log-probabilities are then read off them. */
  readonly rows?: Named<readonly (readonly (readonly number[])[])[]>;
  readonly labels?: readonly (readonly number[])[];
  readonly perToken?: Named<readonly (readonly number[])[]>;
  readonly perResponse?: Named<readonly number[]>;
}

export interface BatchInput {
  readonly chosen: ResponsesInput;
  readonly rejected: ResponsesInput;
  readonly perPair?: Named<readonly number[]>;
  readonly perPrompt?: Named<readonly number[]>;
}

const isFault = (x: object): x is BatchFault => 'kind' in x && x.kind !== 'batch';

/** Applies a reader to each named array; stops at the first fault. */
function readAll<In, Out extends object>(
  from: Named<In> | undefined,
  read: (value: In, name: string) => Out | BatchFault,
): Map<string, Out> | BatchFault {
  const out = new Map<string, Out>();
  for (const [name, value] of from ?? []) {
    const done = read(value, name);
    if (isFault(done)) return done;
    out.set(name, done);
  }
  return out;
}

/**
 * Checks and flattens one block of responses. `field` begins the name of a faulty field.
 * Log-probabilities above 0 are refused, also by one rounding: clip them where they are made.
 */
export function responses(
  input: ResponsesInput,
  field: string,
  vocabulary: number,
  limits: Limits = {},
): Responses | BatchFault {
  const offsets = readLengths(input.lengths, `${field}.lengths`);
  if (isFault(offsets)) return offsets;
  const given = readAll(input.logProbs, (value, name) =>
    flatLogProbs(value, offsets, `${field}.logProbs.${name}`, limits),
  );
  if (isFault(given)) return given;
  const rows = readAll(input.rows, (value, name) =>
    flatRows(value, offsets, vocabulary, `${field}.rows.${name}`, limits),
  );
  if (isFault(rows)) return rows;
  const labels =
    input.labels === undefined
      ? new Int32Array(0)
      : pickLabels(input.labels, offsets, vocabulary, `${field}.labels`);
  if (isFault(labels)) return labels;
  const perToken = readAll(input.perToken, (value, name) =>
    flatNumbers(value, offsets, `${field}.perToken.${name}`),
  );
  if (isFault(perToken)) return perToken;
  const count = offsets.length - 1;
  const perResponse = readAll(input.perResponse, (value, name) =>
    columnOf(value, count, `${field}.perResponse.${name}`),
  );
  if (isFault(perResponse)) return perResponse;
  if (rows.size > 0 && input.labels === undefined) return { kind: 'no-labels', field: `${field}.labels` };

  return { count, offsets, logProbs: given, rows, labels, perToken, perResponse };
}

const columnOf = (value: readonly number[], count: number, field: string): Float64Array | BatchFault =>
  flatNumbers([value], Int32Array.of(0, count), field);

/** Checks and flattens a batch; a fault names the field, the pair and, where it is about one, the token. */
export function batch(input: BatchInput, limits: Limits = {}): Batch | BatchFault {
  const pairs = input.chosen.lengths.length;
  const found = input.rejected.lengths.length;
  if (found !== pairs) return { kind: 'wrong-count', field: 'rejected.lengths', expected: pairs, found };
  const [firstRows] = input.chosen.rows?.values() ?? [];
  const vocabulary = firstRows?.[0]?.[0]?.length ?? 0;
  const chosen = responses(input.chosen, 'chosen', vocabulary, limits);
  if (isFault(chosen)) return chosen;
  const rejected = responses(input.rejected, 'rejected', vocabulary, limits);
  if (isFault(rejected)) return rejected;
  const perPair = readAll(input.perPair, (value, name) => columnOf(value, pairs, `perPair.${name}`));
  if (isFault(perPair)) return perPair;
  const perPrompt = readAll(input.perPrompt, (value, name) => columnOf(value, pairs, `perPrompt.${name}`));
  if (isFault(perPrompt)) return perPrompt;
  return { kind: 'batch', pairs, vocabulary, chosen, rejected, perPair, perPrompt };
}

/** The names of what a batch holds, which is all that compiling needs to know. */
export interface BatchShape {
  readonly distributions: ReadonlySet<string>;
  readonly vocabularies: ReadonlySet<string>;
  readonly perToken: ReadonlySet<string>;
  readonly perResponse: ReadonlySet<string>;
  readonly perPair: ReadonlySet<string>;
  readonly perPrompt: ReadonlySet<string>;
}

/** What may be asked of a batch: what both roles have. */
export function shapeOf({ chosen, rejected, perPair, perPrompt }: Batch): BatchShape {
  const both = (of: (side: Responses) => Named<unknown>): ReadonlySet<string> =>
    new Set([...of(chosen).keys()].filter((name) => of(rejected).has(name)));
  return {
    distributions: both((side) => new Map<string, unknown>([...side.rows, ...side.logProbs])),
    vocabularies: both((side) => side.rows),
    perToken: both((side) => side.perToken),
    perResponse: both((side) => side.perResponse),
    perPair: new Set(perPair.keys()),
    perPrompt: new Set(perPrompt.keys()),
  };
}
