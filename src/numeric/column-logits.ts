/** Rows of logits in the columns of a file, and the tokens that they are about. */

import type { Frame } from './column-frame.ts';
import { columnIn, listsIn, widthOf } from './column-frame.ts';
import type { SidePlan, TokenColumn } from './column-plan.ts';
import type { Matrices, Rows } from './columns.ts';
import { refuseRow } from './rows-fault.ts';

/** The distributions of one response that come as logits, token after token. */
export interface Logits {
  /** The tokens of each row. */
  readonly frame: Frame;
  readonly labels: Int32Array;
  /** Distribution -> `vocabulary` numbers for each token. */
  readonly rows: ReadonlyMap<string, Float64Array>;
}

/** Throws RowsRefusal for what is no logit, no distribution, or no token. */
export function logitsOf(
  rows: Rows,
  plan: SidePlan,
  tokens: TokenColumn,
  frame: Frame,
  vocabulary: Vocabulary,
): Logits {
  const shift = tokens.inputs === undefined ? 0 : 1;
  const made = new Map<string, Float64Array>();
  let labels: Int32Array = new Int32Array(0);
  for (const [name, column] of plan.logits) {
    const data = columnIn(rows, column);
    if (data.kind !== 'matrices') return refuseRow(rows, column, 0, { kind: 'logits-wanted' });
    vocabulary.agree(rows, column, data.width);
    if (made.size === 0) labels = labelsOf(rows, tokens, frame, data.width);
    const values = picked(rows, column, data, frame, shift);
    checkLogits(rows, column, values, labels, frame);
    made.set(name, values);
  }
  return { frame, labels, rows: made };
}

/** The one size of vocabulary that all columns of a file have. */
export interface Vocabulary {
  /** 0 before any column. */
  readonly size: () => number;
  /** Refuses another size than the first. */
  readonly agree: (rows: Rows, column: string, width: number) => void;
}

export function oneVocabulary(): Vocabulary {
  let first: { readonly column: string; readonly width: number } | undefined;
  return {
    size: () => first?.width ?? 0,
    agree(rows, column, found) {
      first ??= { column, width: found };
      const { width: expected } = first;
      const other = first.column === column ? undefined : first.column;
      if (found !== expected)
        refuseRow(rows, column, 0, { kind: 'other-vocabulary', found, expected, other });
    },
  };
}

/** The tokens; where their ids stand beside what the model took, they are the same. */
function labelsOf(rows: Rows, { column, inputs }: TokenColumn, frame: Frame, vocabulary: number): Int32Array {
  const ids = listsIn(rows, column);
  const others = inputs === undefined ? ids : listsIn(rows, inputs);
  const labels = new Int32Array(frame.entries.length);
  eachToken(rows, frame, (i, k, entry) => {
    for (const [name, list] of [[column, ids] as const, [inputs ?? column, others] as const]) {
      fits(rows, name, i, widthOf(list, i), frame);
    }
    const found = ids.values[(ids.offsets[i] ?? 0) + entry] ?? Number.NaN;
    if (!Number.isInteger(found) || found < 0 || found >= vocabulary) {
      refuseRow(rows, column, i, { kind: 'bad-label', found, size: vocabulary, entry });
    }
    const expected = others.values[(others.offsets[i] ?? 0) + entry] ?? Number.NaN;
    if (found !== expected) {
      refuseRow(rows, column, i, { kind: 'other-label', found, expected, entry, other: inputs ?? column });
    }
    labels[k] = found;
  });
  return labels;
}

function eachToken(rows: Rows, frame: Frame, visit: (i: number, k: number, entry: number) => void): void {
  for (let i = 0; i < rows.count; i++) {
    for (let k = frame.offsets[i] ?? 0; k < (frame.offsets[i + 1] ?? 0); k++) {
      visit(i, k, frame.entries[k] ?? 0);
    }
  }
}

/** Refuses lists that are not as long as the others of their response, give or take the first `less`. */
function fits(rows: Rows, name: string, i: number, found: number, frame: Frame, less = 0): void {
  const expected = frame.width(i);
  const enough = frame.exact ? found === expected || found === expected - less : found >= expected - less;
  if (!enough) refuseRow(rows, name, i, { kind: 'uneven', found, expected, other: frame.column });
}

/** The rows that predict the tokens, which are `shift` before them; the last one may have been left out then. */
function picked(rows: Rows, name: string, data: Matrices, frame: Frame, shift: 0 | 1): Float64Array {
  const { offsets, width, values } = data;
  for (let i = 0; i < rows.count; i++) fits(rows, name, i, widthOf(data, i), frame, shift);
  // Where all rows are taken, they are taken as they stand: they may be many.
  if (shift === 0 && frame.entries.length === offsets[rows.count]) return values;
  const out = new Float64Array(frame.entries.length * width);
  eachToken(rows, frame, (i, k, entry) => {
    const from = ((offsets[i] ?? 0) + entry - shift) * width;
    out.set(values.subarray(from, from + width), k * width);
  });
  return out;
}

/** A logit is finite, or -Infinity where an entry is ruled out; not all of a row are, and not that of the token. */
function checkLogits(rows: Rows, name: string, values: Float64Array, labels: Int32Array, frame: Frame): void {
  const width = values.length / labels.length;
  eachToken(rows, frame, (i, k, entry) => {
    const row = values.subarray(k * width, (k + 1) * width);
    let possible = false;
    for (let v = 0; v < width; v++) {
      const found = row[v] ?? Number.NaN;
      if (!(found < Number.POSITIVE_INFINITY)) {
        refuseRow(rows, name, i, { kind: 'bad-number', wanted: 'logit', found, entry, vocabulary: v });
      }
      possible ||= found !== Number.NEGATIVE_INFINITY;
    }
    if (!possible) refuseRow(rows, name, i, { kind: 'no-distribution', entry });
    const label = labels[k] ?? 0;
    if (row[label] === Number.NEGATIVE_INFINITY) {
      refuseRow(rows, name, i, { kind: 'impossible-token', label, entry });
    }
  });
}
