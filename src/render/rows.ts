/** Labelled rows and aligned tables for a terminal. */

import { columns } from './excerpt.ts';
import { fill, fillFormula } from './fill.ts';
import type { Style } from './style.ts';
import { paint } from './style.ts';

/** One row: a label, a second label where one needs it, and words or a formula. */
export interface Row {
  readonly label: string;
  readonly sub?: string;
  readonly text: string;
  /** Formulas are broken at signs, words at blanks. */
  readonly formula?: boolean;
}

const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - columns(text)));

/** Rows with their labels in columns, indented by two. */
export function labelled(rows: readonly Row[], style: Style): readonly string[] {
  const { faint } = paint(style);
  const widest = Math.max(0, ...rows.map(({ label }) => columns(label)));
  const subs = Math.max(0, ...rows.map(({ sub = '' }) => columns(sub)));
  return rows.flatMap(({ label, sub, text, formula }) => {
    const inner = sub === undefined ? '' : `${pad(sub, subs)}  `;
    const front = `  ${pad(label, widest)}  `;
    const lines = (formula === true ? fillFormula : fill)(text, style.width, front + inner);
    return lines.map((line, i) =>
      i === 0 ? faint(front.trimEnd()) + line.slice(front.trimEnd().length) : line,
    );
  });
}

/** A table with a line of heads, columns two blanks apart; numbers stand to the right. Only the last column may be wide. */
export function table(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  style: Style,
  right: readonly boolean[] = [],
): readonly string[] {
  const widths = heads.map((head, i) => Math.max(columns(head), ...rows.map((row) => columns(row[i] ?? ''))));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) =>
        right[i] === true
          ? ' '.repeat(Math.max(0, (widths[i] ?? 0) - columns(cell))) + cell
          : pad(cell, widths[i] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [paint(style).faint(line(heads)), ...rows.map(line)];
}
