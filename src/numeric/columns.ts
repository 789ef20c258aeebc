/** Columns of numbers as training runs leave them: one number to a row, or one list, read a few rows at a time. */

/** One number for each row. */
export interface Numbers {
  readonly kind: 'numbers';
  readonly values: Float64Array;
}

/** One list for each row, one after another: row i has the positions from `offsets[i]` to `offsets[i + 1]`. */
export interface Lists {
  readonly kind: 'lists';
  readonly offsets: Int32Array;
  readonly values: Float64Array;
  /** Whether all rows were made equally long: then some of the numbers may stand for no token. */
  readonly padded: boolean;
}

/**
 * One list for each row, and each entry of it a row of `width` numbers: logits over a vocabulary, token by token.
 * Row i has the entries from `offsets[i]` to `offsets[i + 1]`.
 */
export interface Matrices {
  readonly kind: 'matrices';
  readonly offsets: Int32Array;
  readonly width: number;
  readonly values: Float64Array;
  /** As of lists. */
  readonly padded: boolean;
}

export type Column = Numbers | Lists | Matrices;

/** Consecutive rows. */
export interface Rows {
  readonly kind: 'rows';
  /** The number of the first, from 0. */
  readonly first: number;
  readonly count: number;
  readonly columns: ReadonlyMap<string, Column>;
  /** The line of each row in a file of text, from 1. */
  readonly lines?: Int32Array;
}

/** A file of columns. */
export interface Table<Fault> {
  readonly kind: 'table';
  readonly names: readonly string[];
  /** What the file calls its numbers where they are of less than double precision: `float16`, by column. */
  readonly narrow: ReadonlyMap<string, string>;
  /** How many rows these columns have, where the file tells before it is read. */
  readonly count?: (names: readonly string[]) => number | undefined;
  /** The rows of these columns in order; after a fault nothing follows. */
  readonly read: (names: readonly string[]) => AsyncIterable<Rows | Fault>;
}

/** As many rows at a time as keep memory small and kernels busy. */
export const MOST_ROWS = 4096;
/** The most numbers of one column at a time, but for a single row that has more. */
export const MOST_NUMBERS = 1 << 20;
/** A row of more tokens than this is taken for a mistake. */
export const LONGEST_ROW = 1 << 22;
/** The most numbers of one row of logits, tokens times vocabulary: they are in memory together. */
export const LARGEST_MATRIX = 1 << 25;
