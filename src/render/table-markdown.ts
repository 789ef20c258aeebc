/** A comparison table as Markdown, with formulas as GitHub and Quarto set them. */

import type { Expr } from '../expr/expr.ts';
import type { TableReport } from '../report/table.ts';
import type { Notation } from './notation.ts';
import { phraseMarkdown } from './phrase.ts';
import { latexStatement } from './statement.ts';
import type { CellPart } from './table-column.ts';
import { cellOf } from './table-column.ts';
import type { TableColumn } from './table-head.ts';
import { COLUMN_HEAD } from './table-head.ts';
import type { TableMarks } from './table-notation.ts';
import { tableNotation } from './table-notation.ts';
import { tableNotes } from './table-note.ts';

export function tableMarkdown(
  report: TableReport,
  chosen: readonly TableColumn[],
  options: TableMarks = {},
): string {
  const cells = report.rows.map((row) => chosen.map((column) => cellOf(row, column)));
  const lines = report.rows.map((row, r) => {
    const notation = tableNotation(row, options);
    return (cells[r] ?? []).map((cell) =>
      cell.length === 0 ? '–' : cell.map((part) => partMarkdown(part, notation)).join('<br>'),
    );
  });
  const notes = tableNotes(report, cells, options).map(({ equation, notation }) =>
    formula(equation, notation),
  );
  return [
    tableRow(chosen.map((column) => COLUMN_HEAD[column])),
    tableRow(chosen.map(() => '---')),
    ...lines.map(tableRow),
    ...(notes.length === 0 ? [] : ['', `The prompt is left out. Where ${notes.join('; ')}.`]),
    '',
  ].join('\n');
}

const tableRow = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** The backticks keep Markdown out of formulas, and a bar would end the cell. */
const formula = (statement: readonly (Expr | 'eq')[], notation: Notation): string =>
  `$\`${latexStatement(statement, notation).replaceAll('|', '\\vert ')}\`$`;

const partMarkdown = (part: CellPart, notation: Notation): string => {
  if (part.kind === 'words') return phraseMarkdown(part.of, notation).replace(/(?<!\\)\|/g, '\\vert ');
  return `${part.label === undefined ? '' : `${phraseMarkdown(part.label, notation)}: `}${formula([part.of], notation)}`;
};
