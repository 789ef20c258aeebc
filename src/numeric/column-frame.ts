/** Which entries of the lists of a response are its tokens: all, those a mask marks, or the first so many. */

import type { Role } from './batch.ts';
import type { SidePlan, TokenColumn } from './column-plan.ts';
import type { Column, Lists, Rows } from './columns.ts';
import { LONGEST_ROW } from './columns.ts';
import { refuseRow } from './rows-fault.ts';

export interface Frame {
  /** Of the tokens: row i has those from `offsets[i]` to `offsets[i + 1]`. */
  readonly offsets: Int32Array;
  /** For each token its place in the list of its row. */
  readonly entries: Int32Array;
  /** The column that says so. */
  readonly column: string;
  /** How long the list of a row has to be, or at least. */
  readonly width: (i: number) => number;
  readonly exact: boolean;
}

export const columnIn = (rows: Rows, name: string): Column =>
  rows.columns.get(name) ?? { kind: 'numbers', values: new Float64Array(rows.count).fill(Number.NaN) };

/** The numbers of tokens that a column gives. Throws RowsRefusal, as all here does. */
export function lengthsOf(rows: Rows, name: string): Float64Array {
  const column = columnIn(rows, name);
  if (column.kind !== 'numbers') return refuseRow(rows, name, 0, { kind: 'list-unwanted' });
  for (const [i, found] of column.values.entries()) {
    if (Number.isInteger(found) && found >= 1 && found <= LONGEST_ROW) continue;
    refuseRow(rows, name, i, { kind: 'bad-number', wanted: 'length', found });
  }
  return column.values;
}

/** Undefined where no column of the response has lists. */
export function frameOf(rows: Rows, plan: SidePlan, role: Role): Frame | undefined {
  const { mask, lengths, logProbs, perToken, tokens } = plan;
  const given = lengths === undefined ? undefined : lengthsOf(rows, lengths);
  if (tokens !== undefined) return frameOfTokens(rows, plan, tokens, role, given);
  const sources = [mask, ...logProbs.values(), ...perToken.values()];
  const names = sources.filter((source) => typeof source === 'string');
  const name = names.find((one) => columnIn(rows, one).kind === 'lists');
  const lists = name === undefined ? undefined : columnIn(rows, name);
  if (name === undefined || lists?.kind !== 'lists') return undefined;
  if (name === mask) return marked(rows, name, lists, given, lengths ?? '');
  if (given !== undefined) return leading(rows, name, lists, given, lengths ?? '');
  const width = widthOf(lists, 0);
  if (lists.padded && width > 1) refuseRow(rows, name, 0, { kind: 'padding-unknown', role, width });
  const frame = framed(rows, name, (i) => all(widthOf(lists, i)));
  return { ...frame, width: (i) => widthOf(lists, i), exact: true };
}

/** Stands for no token among token ids, as in training code. */
const NO_TOKEN = -100;

/** A frame of token ids, which has to tell where the rows of logits stand that predict them. */
function frameOfTokens(
  rows: Rows,
  plan: SidePlan,
  tokens: TokenColumn,
  role: Role,
  given: Float64Array | undefined,
): Frame {
  const { column, inputs, doubtful } = tokens;
  const frame = countedTokens(rows, plan, tokens, role, given);
  for (let i = 0; i < rows.count; i++) {
    const first = frame.entries[frame.offsets[i] ?? 0];
    if (doubtful && first !== 0) refuseRow(rows, column, i, { kind: 'alignment-unknown', role });
    if (inputs !== undefined && first === 0) refuseRow(rows, column, i, { kind: 'not-predicted' });
  }
  return frame;
}

/** The tokens that a mask marks; else the first so many; else all that are not `NO_TOKEN`. */
function countedTokens(
  rows: Rows,
  { mask, lengths = '' }: SidePlan,
  { column, inputs }: TokenColumn,
  role: Role,
  given: Float64Array | undefined,
): Frame {
  if (mask !== undefined) return marked(rows, mask, listsIn(rows, mask), given, lengths);
  if (column === inputs) return refuseRow(rows, column, 0, { kind: 'prompt-unknown', role });
  const ids = listsIn(rows, column);
  if (given !== undefined && inputs === undefined) return leading(rows, column, ids, given, lengths);
  return chosenBy((found) => found !== NO_TOKEN, rows, column, ids, given, lengths);
}

/** A column as lists: arrays whose rows are one token long come as numbers. */
export function listsIn(rows: Rows, name: string): Lists {
  const column = columnIn(rows, name);
  if (column.kind === 'lists') return column;
  if (column.kind === 'matrices') return refuseRow(rows, name, 0, { kind: 'logits-unwanted' });
  const offsets = Int32Array.from({ length: rows.count + 1 }, (_, i) => i);
  return { kind: 'lists', offsets, values: column.values, padded: true };
}

/** How many entries row i has. */
export const widthOf = ({ offsets }: Pick<Lists, 'offsets'>, i: number): number =>
  (offsets[i + 1] ?? 0) - (offsets[i] ?? 0);
const all = (n: number): readonly number[] => Array.from({ length: n }, (_, k) => k);

/** The entries that a mask of 0 and 1 marks. */
function marked(
  rows: Rows,
  name: string,
  mask: Lists,
  given: Float64Array | undefined,
  lengths: string,
): Frame {
  const isMarked = (found: number, i: number, entry: number): boolean =>
    found === 0 || found === 1
      ? found === 1
      : refuseRow(rows, name, i, { kind: 'bad-number', wanted: 'mask', found, entry });
  return chosenBy(isMarked, rows, name, mask, given, lengths);
}

/** The entries that pass a test; of a number of tokens given too, as many. */
function chosenBy(
  test: (found: number, i: number, entry: number) => boolean,
  rows: Rows,
  name: string,
  lists: Lists,
  given: Float64Array | undefined,
  lengths: string,
): Frame {
  const frame = framed(rows, name, (i) => {
    const start = lists.offsets[i] ?? 0;
    const kept = all(widthOf(lists, i)).filter((entry) =>
      test(lists.values[start + entry] ?? Number.NaN, i, entry),
    );
    const expected = given?.[i] ?? kept.length;
    if (expected !== kept.length) {
      refuseRow(rows, name, i, { kind: 'uneven', found: kept.length, expected, other: lengths });
    }
    return kept;
  });
  return { ...frame, width: (i) => widthOf(lists, i), exact: true };
}

/** The first so many entries. */
function leading(rows: Rows, name: string, lists: Lists, given: Float64Array, lengths: string): Frame {
  const frame = framed(rows, lengths, (i) => {
    const expected = given[i] ?? 0;
    const found = widthOf(lists, i);
    if (found < expected) refuseRow(rows, name, i, { kind: 'uneven', found, expected, other: lengths });
    return all(expected);
  });
  return { ...frame, width: (i) => given[i] ?? 0, exact: false };
}

function framed(
  rows: Rows,
  column: string,
  kept: (i: number) => readonly number[],
): Pick<Frame, 'offsets' | 'entries' | 'column'> {
  const offsets = new Int32Array(rows.count + 1);
  const parts: (readonly number[])[] = [];
  for (let i = 0; i < rows.count; i++) {
    const part = kept(i);
    if (part.length === 0) refuseRow(rows, column, i, { kind: 'no-tokens' });
    offsets[i + 1] = (offsets[i] ?? 0) + part.length;
    parts.push(part);
  }
  return { offsets, entries: Int32Array.from(parts.flat()), column };
}
