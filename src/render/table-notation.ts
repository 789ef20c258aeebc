/** The notation of a table: that of each claim, without the prompt, on which everything depends alike. */

import type { TableRow } from '../report/table.ts';
import type { Notation } from './notation.ts';
import { variantNotation } from './variant-notation.ts';

export const withoutPrompt = (notation: Notation): Notation => ({
  ...notation,
  data: Object.fromEntries(
    Object.entries(notation.data).map(([name, mark]) => [name, { ...mark, prompt: false }]),
  ),
});

export const tableNotation = ({ variant, membership }: TableRow): Notation =>
  withoutPrompt(variantNotation(variant, membership.tier));
