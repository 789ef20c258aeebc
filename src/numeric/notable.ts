/** The rows of a table that a report names: those of the largest losses, and those whose loss is no number. */

import type { Rows } from './columns.ts';
import type { At } from './summary.ts';
import type { Quantities, Tabulated } from './tabulate.ts';
import { QUANTITIES } from './tabulate.ts';

/** One row with everything computed of it. */
export interface NotableRow extends Quantities<number> {
  /** From 0. */
  readonly row: number;
  /** From 1, in a file of text. */
  readonly line?: number;
}

/** Keeps the rows that are still named, and takes up those of `rows` that now are. */
export function keepNotable(
  known: readonly NotableRow[],
  named: readonly At[],
  rows: Rows,
  tabulated: Tabulated,
): readonly NotableRow[] {
  return named.flatMap(({ row }) => {
    const old = known.find((one) => one.row === row);
    if (old !== undefined) return [old];
    const i = row - rows.first;
    return i < 0 || i >= rows.count ? [] : [rowOf(rows, tabulated, i)];
  });
}

/** Row `i` of these. */
export function rowOf(rows: Rows, tabulated: Tabulated, i: number): NotableRow {
  const line = rows.lines?.[i];
  const values = QUANTITIES.flatMap((quantity) => {
    const value = tabulated[quantity]?.[i];
    return value === undefined ? [] : [[quantity, value] as const];
  });
  const loss = tabulated.loss[i] ?? Number.NaN;
  return { row: rows.first + i, ...(line !== undefined && { line }), ...Object.fromEntries(values), loss };
}
