/** What is granted, as a row for a terminal. */

import type { Declarations } from '../expr/declare.ts';
import { tied } from './fill.ts';
import type { Notation } from './notation.ts';
import type { Row } from './rows.ts';
import { assumptions, textStatement } from './statement.ts';

/** One row, or none where nothing is granted. */
export function grantedRows(declared: Declarations, notation: Notation): readonly Row[] {
  const granted = assumptions(declared).map((statement) => tied(textStatement(statement, notation)));
  return granted.length === 0 ? [] : [{ label: 'assuming', text: granted.join(', ') }];
}
