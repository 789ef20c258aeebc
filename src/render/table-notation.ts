/** The notation of a table: that of each claim, without the prompt, on which everything depends alike. */

import type { TableRow } from '../report/table.ts';
import type { Marks, Notation } from './notation.ts';
import { variantNotation } from './variant-notation.ts';

export interface TableMarks {
  /** The user's own symbols, for all rows alike. */
  readonly marks?: Marks | undefined;
}

export const withoutPrompt = (notation: Notation): Notation => ({
  ...notation,
  data: Object.fromEntries(
    Object.entries(notation.data).map(([name, mark]) => [name, { ...mark, prompt: false }]),
  ),
});

export const tableNotation = ({ variant, membership }: TableRow, { marks }: TableMarks): Notation =>
  withoutPrompt(variantNotation(variant, membership.tier, marks));
