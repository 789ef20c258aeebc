/** Losses and implicit rewards row by row, as lines of a file: JSON Lines or CSV. */

import type { Rows } from '../numeric/columns.ts';
import type { Quantity, Tabulated } from '../numeric/tabulate.ts';
import { QUANTITIES } from '../numeric/tabulate.ts';

export type RowFormat = 'jsonl' | 'csv';

/** The columns of a file, after `row`. */
const COLUMNS: Readonly<Record<Quantity, string>> = {
  loss: 'loss',
  chosen: 'chosen_reward',
  rejected: 'rejected_reward',
  margin: 'margin',
};

/** The line of heads of a CSV file; JSON Lines has none. */
export const rowsHead = (format: RowFormat, values: Tabulated): string =>
  format === 'csv'
    ? `row,${present(values)
        .map((quantity) => COLUMNS[quantity])
        .join(',')}\n`
    : '';

/** A line for each row. Numbers have as many digits as it takes to read them back. */
export function rowsText(format: RowFormat, rows: Rows, values: Tabulated): string {
  const quantities = present(values);
  const lines: string[] = [];
  for (let i = 0; i < rows.count; i++) {
    const numbers = quantities.map((quantity) => [quantity, values[quantity]?.[i] ?? Number.NaN] as const);
    lines.push(
      format === 'csv'
        ? `${rows.first + i},${numbers.map(([, x]) => x).join(',')}\n`
        : `${JSON.stringify({
            row: rows.first + i,
            ...Object.fromEntries(
              numbers.map(([quantity, x]) => [COLUMNS[quantity], Number.isFinite(x) ? x : `${x}`]),
            ),
          })}\n`,
    );
  }
  return lines.join('');
}

const present = (values: Tabulated): readonly Quantity[] =>
  QUANTITIES.filter((quantity) => values[quantity] !== undefined);
