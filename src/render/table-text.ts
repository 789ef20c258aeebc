/** A comparison table for a terminal: columns where they have room, else one record after another. */

import type { TableReport, TableRow } from '../report/table.ts';
import { columns } from './excerpt.ts';
import { fillFormula } from './fill.ts';
import { phraseText } from './phrase.ts';
import type { Row } from './rows.ts';
import { labelled, table } from './rows.ts';
import { textStatement } from './statement.ts';
import type { Style } from './style.ts';
import { paint } from './style.ts';
import { cellOf } from './table-column.ts';
import type { TableColumn } from './table-head.ts';
import { COLUMN_HEAD } from './table-head.ts';
import type { TableMarks } from './table-notation.ts';
import { tableNotation } from './table-notation.ts';
import { tableNotes } from './table-note.ts';
import { unicode } from './unicode.ts';

export function tableText(
  report: TableReport,
  chosen: readonly TableColumn[],
  style: Style,
  options: TableMarks = {},
): string {
  const { rows } = report;
  const cells = rows.map((row) => chosen.map((column) => linesOf(row, column, options)));
  const heads = chosen.map((column) => COLUMN_HEAD[column]);
  const wide = heads.reduce((sum, head, i) => sum + 2 + widest(head, cells, i), -2);
  const formulas = rows.map((row) => chosen.map((column) => cellOf(row, column)));
  const notes = tableNotes(report, formulas, options).map(({ equation, notation }) =>
    textStatement(equation, notation),
  );
  const body =
    wide <= style.width
      ? table(heads, cells.flatMap(spread), style)
      : rows.flatMap((row, r) => [...(r === 0 ? [] : ['']), ...record(row, chosen, style, options)]);
  return `${[
    ...body,
    ...(notes.length === 0
      ? []
      : ['', ...notes.flatMap((note, i) => fillFormula(note, style.width, i === 0 ? 'where ' : '      '))]),
  ].join('\n')}\n`;
}

const widest = (head: string, cells: readonly (readonly (readonly Row[])[])[], i: number): number =>
  Math.max(columns(head), ...cells.flatMap((row) => (row[i] ?? []).map((line) => columns(lineText(line)))));

const lineText = ({ sub, text }: Row): string => (sub === undefined ? text : `${sub}: ${text}`);

/** The lines of a cell one below the other, beside those of its neighbours. */
function spread(cells: readonly (readonly Row[])[]): readonly (readonly string[])[] {
  const height = Math.max(1, ...cells.map((cell) => cell.length));
  return Array.from({ length: height }, (_, k) =>
    cells.map((cell) => {
      const line = cell[k];
      return line === undefined ? '' : lineText(line);
    }),
  );
}

function linesOf(row: TableRow, column: TableColumn, options: TableMarks): readonly Row[] {
  const notation = tableNotation(row, options);
  const parts = cellOf(row, column);
  if (parts.length === 0) return [{ label: '', text: '-' }];
  return parts.map((part) =>
    part.kind === 'words'
      ? { label: '', text: phraseText(part.of, notation).replaceAll('\u00a0', ' ') }
      : {
          label: '',
          ...(part.label !== undefined && { sub: phraseText(part.label, notation) }),
          text: unicode(part.of, notation),
          formula: true,
        },
  );
}

/** The first column is the head of the record. */
function record(
  row: TableRow,
  chosen: readonly TableColumn[],
  style: Style,
  options: TableMarks,
): readonly string[] {
  const { title } = paint(style);
  const [first, ...others] = chosen;
  const head = first === undefined ? [] : linesOf(row, first, options).map((line) => title(lineText(line)));
  const rows = others.flatMap((column) =>
    linesOf(row, column, options).map((line, i) => ({
      ...line,
      label: i === 0 ? COLUMN_HEAD[column].toLowerCase() : '',
    })),
  );
  return [...head, ...labelled(rows, style)];
}
