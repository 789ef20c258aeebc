/** What stands under a table: the abbreviations that its cells use. */

import type { Expr } from '../expr/expr.ts';
import { apply } from '../expr/expr.ts';
import { nodes } from '../expr/walk.ts';
import type { TableReport } from '../report/table.ts';
import type { Notation } from './notation.ts';
import type { Cell } from './table-column.ts';
import type { TableMarks } from './table-notation.ts';
import { withoutPrompt } from './table-notation.ts';
import { variantNotation } from './variant-notation.ts';

export interface TableNote {
  readonly equation: readonly [left: Expr, sign: 'eq', right: Expr];
  readonly notation: Notation;
}

export function tableNotes(
  { abbreviations }: TableReport,
  cells: readonly (readonly Cell[])[],
  { marks }: TableMarks,
): readonly TableNote[] {
  const used = new Set<string>();
  for (const part of cells.flat(2)) {
    if (part.kind !== 'formula') continue;
    for (const [node] of nodes(part.of)) if (node.kind === 'apply') used.add(node.name);
  }
  return abbreviations.flatMap(({ definition: { name, params, body }, of }): readonly TableNote[] =>
    used.has(name)
      ? [
          {
            equation: [apply(name, params), 'eq', body],
            notation: withoutPrompt(variantNotation(of, undefined, marks)),
          },
        ]
      : [],
  );
}
