/** The columns of one response as arrays of a batch. Everything here throws RowsRefusal for what is wrong. */

import type { Responses, Role } from './batch.ts';
import type { Source } from './column-find.ts';
import type { Frame } from './column-frame.ts';
import { columnIn, frameOf, lengthsOf } from './column-frame.ts';
import type { SidePlan } from './column-plan.ts';
import type { Lists, Rows } from './columns.ts';
import type { Needs } from './needs.ts';
import { refuseRow } from './rows-fault.ts';

/** The name under which a batch has the numbers of tokens: no formula can take it for its own data. */
export const TOKEN_COUNT = 'number of tokens';

/**
 * One side of a batch. Where a response has one number in place of its tokens' log-probabilities, it is one token
 * of that log-probability, so lengths are data of their own.
 */
export function sideOf(rows: Rows, plan: SidePlan, needs: Needs, role: Role): Responses {
  const frame = frameOf(rows, plan, role);
  const given = [...plan.logProbs].map(([name, column]) => ({ name, column, data: columnIn(rows, column) }));
  const sum = given.find(({ data }) => data.kind === 'numbers');
  if (sum !== undefined && needs.tokens.has(role)) refuseRow(rows, sum.column, 0, { kind: 'tokens-wanted' });
  const tokens = sum === undefined ? frame : undefined;
  const offsets = tokens?.offsets ?? Int32Array.from({ length: rows.count + 1 }, (_, i) => i);
  const logProbs = new Map<string, Float64Array>();
  for (const { name, column, data } of given) {
    const of = data.kind === 'lists' && frame !== undefined ? picked(rows, column, data, frame) : data.values;
    checkLogProbs(rows, column, of, data.kind === 'lists' ? frame : undefined);
    logProbs.set(
      name,
      data.kind === 'lists' && frame !== undefined && tokens === undefined ? sums(of, frame) : of,
    );
  }
  const counts = countsOf(rows, plan, frame);
  if (counts === undefined && needs.lengths.has(role)) {
    refuseRow(rows, given[0]?.column ?? '', 0, { kind: 'lengths-wanted', role });
  }
  const perResponse = new Map(
    [...plan.perResponse].map(([name, source]) => [name, columnOf(rows, source)] as const),
  );
  const perToken = [...plan.perToken].map(
    ([name, source]) => [name, tokenColumn(rows, source, frame, offsets)] as const,
  );
  return {
    count: rows.count,
    offsets,
    logProbs,
    rows: new Map(),
    labels: new Int32Array(0),
    perResponse: perResponse.set(TOKEN_COUNT, counts ?? new Float64Array(rows.count).fill(Number.NaN)),
    perToken: new Map(perToken),
  };
}

/** One finite number for each row. */
export function columnOf(rows: Rows, source: Source): Float64Array {
  if (typeof source === 'number') return new Float64Array(rows.count).fill(source);
  const column = columnIn(rows, source);
  if (column.kind === 'lists') return refuseRow(rows, source, 0, { kind: 'list-unwanted' });
  const i = column.values.findIndex((x) => !Number.isFinite(x));
  if (i < 0) return column.values;
  const found = column.values[i] ?? Number.NaN;
  return refuseRow(rows, source, i, { kind: 'bad-number', wanted: 'number', found });
}

function tokenColumn(
  rows: Rows,
  source: Source,
  frame: Frame | undefined,
  offsets: Int32Array,
): Float64Array {
  if (typeof source === 'number') return new Float64Array(offsets[rows.count] ?? 0).fill(source);
  const column = columnIn(rows, source);
  if (column.kind === 'numbers' || frame === undefined) {
    return refuseRow(rows, source, 0, { kind: 'tokens-wanted' });
  }
  const values = picked(rows, source, column, frame);
  checkNumbers(rows, source, values, frame, 'number', Number.isFinite);
  return values;
}

/** The numbers of tokens, where some column tells. */
function countsOf(rows: Rows, plan: SidePlan, frame: Frame | undefined): Float64Array | undefined {
  if (frame === undefined) return plan.lengths === undefined ? undefined : lengthsOf(rows, plan.lengths);
  return Float64Array.from(
    { length: rows.count },
    (_, i) => (frame.offsets[i + 1] ?? 0) - (frame.offsets[i] ?? 0),
  );
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

const sums = (values: Float64Array, { offsets }: Frame): Float64Array =>
  Float64Array.from({ length: offsets.length - 1 }, (_, i) =>
    values.subarray(offsets[i], offsets[i + 1]).reduce((sum, x) => sum + x, 0),
  );

/** At most nought, and not without end: what no policy can have given. */
function checkLogProbs(rows: Rows, name: string, values: Float64Array, frame: Frame | undefined): void {
  const allowed = (x: number): boolean => x <= 0 && x !== Number.NEGATIVE_INFINITY;
  checkNumbers(rows, name, values, frame, 'log-probability', allowed);
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
