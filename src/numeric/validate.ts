/** Checking and flattening the ragged arrays of a batch; every fault says which field, pair and token. */

export type BatchFault =
  | {
      readonly kind: 'wrong-count';
      readonly field: string;
      readonly pair?: number;
      readonly token?: number;
      readonly expected: number;
      readonly found: number;
    }
  | {
      readonly kind: 'bad-value';
      readonly field: string;
      readonly pair: number;
      readonly token?: number;
      readonly expected: 'length' | 'log-probability' | 'finite number' | 'label';
      readonly found: number;
    }
  | { readonly kind: 'no-labels'; readonly field: string };

export interface Limits {
  /** Whether a log-probability may be -Infinity: a token the distribution excludes. Not by default. */
  readonly impossible?: boolean;
}

/** A response of more tokens than this is taken for a mistake. */
const MOST_TOKENS = 1 << 24;

/** Offsets from lengths. A response has at least one token. */
export function readLengths(lengths: readonly number[], field: string): Int32Array | BatchFault {
  const offsets = new Int32Array(lengths.length + 1);
  let end = 0;
  for (const [pair, length] of lengths.entries()) {
    end += length;
    if (!Number.isInteger(length) || length < 1 || end > MOST_TOKENS) {
      return { kind: 'bad-value', field, pair, expected: 'length', found: length };
    }
    offsets[pair + 1] = end;
  }
  return offsets;
}

/** Flattens `[row][token]` after checking the counts; `allowed` judges each number. */
function flatten(
  value: readonly (readonly number[])[],
  offsets: Int32Array,
  field: string,
  expected: 'log-probability' | 'finite number' | 'label',
  allowed: (x: number) => boolean,
): Float64Array | BatchFault {
  const rows = offsets.length - 1;
  if (value.length !== rows) return { kind: 'wrong-count', field, expected: rows, found: value.length };
  const flat = new Float64Array(offsets[rows] ?? 0);
  for (const [pair, row] of value.entries()) {
    const start = offsets[pair] ?? 0;
    const length = (offsets[pair + 1] ?? 0) - start;
    if (row.length !== length) {
      return { kind: 'wrong-count', field, pair, expected: length, found: row.length };
    }
    for (const [token, found] of row.entries()) {
      if (!allowed(found)) return { kind: 'bad-value', field, pair, token, expected, found };
    }
    flat.set(row, start);
  }
  return flat;
}

const isLogProb =
  (limits: Limits) =>
  (x: number): boolean =>
    x <= 0 && (x !== Number.NEGATIVE_INFINITY || limits.impossible === true);

export const flatLogProbs = (
  value: readonly (readonly number[])[],
  offsets: Int32Array,
  field: string,
  limits: Limits,
): Float64Array | BatchFault => flatten(value, offsets, field, 'log-probability', isLogProb(limits));

export const flatNumbers = (
  value: readonly (readonly number[])[],
  offsets: Int32Array,
  field: string,
): Float64Array | BatchFault => flatten(value, offsets, field, 'finite number', Number.isFinite);

/** Vocabulary indices, from 0. */
export function pickLabels(
  value: readonly (readonly number[])[],
  offsets: Int32Array,
  vocabulary: number,
  field: string,
): Int32Array | BatchFault {
  const isLabel = (x: number): boolean => Number.isInteger(x) && x >= 0 && x < vocabulary;
  const flat = flatten(value, offsets, field, 'label', isLabel);
  return flat instanceof Float64Array ? Int32Array.from(flat) : flat;
}

/** Flattens `[row][token][vocabulary]`. */
export function flatRows(
  value: readonly (readonly (readonly number[])[])[],
  offsets: Int32Array,
  vocabulary: number,
  field: string,
  limits: Limits,
): Float64Array | BatchFault {
  const rows = offsets.length - 1;
  if (value.length !== rows) return { kind: 'wrong-count', field, expected: rows, found: value.length };
  const flat = new Float64Array((offsets[rows] ?? 0) * vocabulary);
  const allowed = isLogProb(limits);
  for (const [pair, tokens] of value.entries()) {
    const start = offsets[pair] ?? 0;
    const length = (offsets[pair + 1] ?? 0) - start;
    if (tokens.length !== length) {
      return { kind: 'wrong-count', field, pair, expected: length, found: tokens.length };
    }
    for (const [token, row] of tokens.entries()) {
      if (row.length !== vocabulary) {
        return { kind: 'wrong-count', field, pair, token, expected: vocabulary, found: row.length };
      }
      const bad = row.find((x) => !allowed(x));
      if (bad !== undefined) {
        return { kind: 'bad-value', field, pair, token, expected: 'log-probability', found: bad };
      }
      flat.set(row, (start + token) * vocabulary);
    }
  }
  return flat;
}
