/** What can be wrong with the numbers in the rows of a file: data with a place. */

import type { Role } from './batch.ts';
import type { Rows } from './columns.ts';

type Wrong =
  | {
      readonly kind: 'bad-number';
      readonly wanted: 'log-probability' | 'number' | 'mask' | 'length';
      readonly found: number;
      /** The place in the list of the row, from 0. */
      readonly entry?: number;
    }
  /** Two columns of one response speak of different numbers of tokens. */
  | { readonly kind: 'uneven'; readonly found: number; readonly expected: number; readonly other: string }
  | { readonly kind: 'no-tokens' }
  /** Lists made equally long, and nothing that says which of their entries are tokens. */
  | { readonly kind: 'padding-unknown'; readonly role: Role; readonly width: number }
  /** One number for a response where the loss asks for those of its tokens. */
  | { readonly kind: 'tokens-wanted' }
  /** One number for a response, and a loss that asks how many tokens it has. */
  | { readonly kind: 'lengths-wanted'; readonly role: Role }
  | { readonly kind: 'list-unwanted' };

export type RowsFault = Wrong & {
  readonly column: string;
  /** From 0. */
  readonly row: number;
  /** From 1, in a file of text. */
  readonly line?: number;
};

/** Thrown where a batch is put together, caught where that was asked for. */
export class RowsRefusal extends Error {
  readonly fault: RowsFault;

  constructor(fault: RowsFault) {
    super(fault.kind);
    this.name = 'RowsRefusal';
    this.fault = fault;
  }
}

/** Refuses row `i` of these. */
export function refuseRow(rows: Rows, column: string, i: number, wrong: Wrong): never {
  const line = rows.lines?.[i];
  throw new RowsRefusal({ ...wrong, column, row: rows.first + i, ...(line !== undefined && { line }) });
}
