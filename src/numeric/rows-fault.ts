/** What can be wrong with the numbers in the rows of a file: data with a place. */

import type { Role } from './batch.ts';
import type { Rows } from './columns.ts';

type Wrong =
  | {
      readonly kind: 'bad-number';
      readonly wanted: 'log-probability' | 'number' | 'mask' | 'length' | 'logit';
      readonly found: number;
      /** The place in the list of the row, from 0. */
      readonly entry?: number;
      /** The place in the row of logits, from 0. */
      readonly vocabulary?: number;
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
  | { readonly kind: 'list-unwanted' }
  /** Rows over the vocabulary where one number per token is wanted. */
  | { readonly kind: 'logits-unwanted' }
  /** One number per response or token where rows over the vocabulary are wanted. */
  | { readonly kind: 'logits-wanted' }
  /** Distributions over vocabularies of different sizes. */
  | {
      readonly kind: 'other-vocabulary';
      readonly found: number;
      readonly expected: number;
      /** The column that has the expected size; none where rows before have it. */
      readonly other: string | undefined;
    }
  /** A token id that is no entry of the vocabulary. */
  | {
      readonly kind: 'bad-label';
      readonly found: number;
      /** Of the vocabulary. */
      readonly size: number;
      readonly entry: number;
    }
  /** Ids of the tokens of prompt and response, and nothing that says which are of the response. */
  | { readonly kind: 'prompt-unknown'; readonly role: Role }
  /** Labels that do not begin with a token: they may stand under the rows that predict them, or one further. */
  | { readonly kind: 'alignment-unknown'; readonly role: Role }
  /** The first token of all, which no row of logits predicts. */
  | { readonly kind: 'not-predicted' }
  /** Labels beside the ids they should be. */
  | {
      readonly kind: 'other-label';
      readonly found: number;
      readonly expected: number;
      readonly entry: number;
      readonly other: string;
    }
  /** A row of logits in which nothing is possible. */
  | { readonly kind: 'no-distribution'; readonly entry: number }
  /** A token whose logit is -Infinity. */
  | { readonly kind: 'impossible-token'; readonly label: number; readonly entry: number }
  /** Log-probabilities further from what the logits say than rounding explains. */
  | {
      readonly kind: 'disagrees';
      readonly found: number;
      readonly expected: number;
      readonly other: string;
      readonly entry?: number;
    };

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
