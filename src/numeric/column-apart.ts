/** Log-probabilities of tokens that stand beside logits: how far they are from what the logits say. */

import { columnIn } from './column-frame.ts';
import type { Logits } from './column-logits.ts';
import { logProbsIn, sums } from './column-values.ts';
import type { Rows } from './columns.ts';
import { refuseRow } from './rows-fault.ts';
import { tokenLogProbs } from './token-log-probs.ts';

/** The largest difference of a column from what logits say. */
export interface Apart {
  readonly column: string;
  /** The column of the logits. */
  readonly other: string;
  readonly row: number;
  readonly difference: number;
}

/**
 * Compares `checks` with the logits in `columns`, both by distribution: single tokens, or sums. Refuses the first
 * number that is further off than rounding on the way to either explains.
 */
export function apartOf(
  rows: Rows,
  checks: ReadonlyMap<string, string>,
  columns: ReadonlyMap<string, string>,
  { frame, labels, rows: logits }: Logits,
): readonly Apart[] {
  const found: Apart[] = [];
  for (const [name, column] of checks) {
    const data = columnIn(rows, column);
    if (data.kind === 'matrices') return refuseRow(rows, column, 0, { kind: 'logits-unwanted' });
    const theirs = logProbsIn(rows, column, data, frame);
    const ours = tokenLogProbs(logits.get(name) ?? new Float64Array(0), labels);
    const byToken = data.kind === 'lists';
    const values = byToken ? ours.values : sums(ours.values, frame);
    const slack = byToken ? ours.slack : sums(ours.slack, frame);
    const other = columns.get(name) ?? '';
    let most: Apart | undefined;
    for (let i = 0; i < rows.count; i++) {
      const [from, until] = byToken ? [frame.offsets[i] ?? 0, frame.offsets[i + 1] ?? 0] : [i, i + 1];
      for (let k = from; k < until; k++) {
        const [their = Number.NaN, our = Number.NaN] = [theirs[k], values[k]];
        const difference = Math.abs(their - our);
        if (!(difference <= (slack[k] ?? 0))) {
          const at = byToken ? { entry: frame.entries[k] ?? 0 } : {};
          refuseRow(rows, column, i, { kind: 'disagrees', found: their, expected: our, other, ...at });
        }
        if (most === undefined || difference > most.difference) {
          most = { column, other, row: rows.first + i, difference };
        }
      }
    }
    if (most !== undefined) found.push(most);
  }
  return found;
}
