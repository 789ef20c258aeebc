/** Numbers of rows and of their tokens out of columns. Everything here throws RowsRefusal for what is wrong. */

import type { Source } from './column-find.ts';
import type { Frame } from './column-frame.ts';
import { columnIn } from './column-frame.ts';
import type { Lists, Numbers, Rows } from './columns.ts';
import { refuseRow } from './rows-fault.ts';

/** One finite number for each row. */
export function columnOf(rows: Rows, source: Source): Float64Array {
  if (typeof source === 'number') return new Float64Array(rows.count).fill(source);
  const column = columnIn(rows, source);
  if (column.kind !== 'numbers') return refuseRow(rows, source, 0, { kind: 'list-unwanted' });
  const i = column.values.findIndex((x) => !Number.isFinite(x));
  if (i < 0) return column.values;
  const found = column.values[i] ?? Number.NaN;
  return refuseRow(rows, source, i, { kind: 'bad-number', wanted: 'number', found });
}

/** One finite number for each token. */
export function tokenColumn(
  rows: Rows,
  source: Source,
  frame: Frame | undefined,
  offsets: Int32Array,
): Float64Array {
  if (typeof source === 'number') return new Float64Array(offsets[rows.count] ?? 0).fill(source);
  const column = columnIn(rows, source);
  if (column.kind === 'matrices') return refuseRow(rows, source, 0, { kind: 'list-unwanted' });
  if (column.kind === 'numbers' || frame === undefined) {
    return refuseRow(rows, source, 0, { kind: 'tokens-wanted' });
  }
  const values = picked(rows, source, column, frame);
  checkNumbers(rows, source, values, frame, 'number', Number.isFinite);
  return values;
}

/** What a list has at the tokens. */
function picked(rows: Rows, name: string, { offsets, values }: Lists, frame: Frame): Float64Array {
  const out = new Float64Array(frame.entries.length);
  for (let i = 0; i < rows.count; i++) {
    const start = offsets[i] ?? 0;
    const found = (offsets[i + 1] ?? 0) - start;
    const expected = frame.width(i);
    if (frame.exact ? found !== expected : found < expected) {
      refuseRow(rows, name, i, { kind: 'uneven', found, expected, other: frame.column });
    }
    const end = frame.offsets[i + 1] ?? 0;
    for (let k = frame.offsets[i] ?? 0; k < end; k++) {
      out[k] = values[start + (frame.entries[k] ?? 0)] ?? Number.NaN;
    }
  }
  return out;
}

/** The sum of each row's tokens. */
export const sums = (values: Float64Array, { offsets }: Frame): Float64Array =>
  Float64Array.from({ length: offsets.length - 1 }, (_, i) =>
    values.subarray(offsets[i], offsets[i + 1]).reduce((sum, x) => sum + x, 0),
  );

/**
 * Log-probabilities, one for each token of a list and one for each row of plain numbers: at most nought, and not
 * without end, which no policy can have given.
 */
export function logProbsIn(
  rows: Rows,
  name: string,
  column: Numbers | Lists,
  frame: Frame | undefined,
): Float64Array {
  const allowed = (x: number): boolean => x <= 0 && x !== Number.NEGATIVE_INFINITY;
  const of = column.kind === 'lists' ? frame : undefined;
  const values = column.kind === 'lists' && of !== undefined ? picked(rows, name, column, of) : column.values;
  checkNumbers(rows, name, values, of, 'log-probability', allowed);
  return values;
}

/** Refuses the first number that is not allowed; without a frame there is one to a row. */
function checkNumbers(
  rows: Rows,
  name: string,
  values: Float64Array,
  frame: Frame | undefined,
  wanted: 'log-probability' | 'number',
  allowed: (x: number) => boolean,
): void {
  const k = values.findIndex((x) => !allowed(x));
  if (k < 0) return;
  const found = values[k] ?? Number.NaN;
  if (frame === undefined) refuseRow(rows, name, k, { kind: 'bad-number', wanted, found });
  const i = frame.offsets.findIndex((end) => end > k) - 1;
  refuseRow(rows, name, i, { kind: 'bad-number', wanted, found, entry: frame.entries[k] ?? 0 });
}
