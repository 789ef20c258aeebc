/** How a printed table fits its page: upright or turned, how small, and where its cells are broken. */

import { latexLines } from './lines.ts';
import type { Notation } from './notation.ts';
import { phraseLatex } from './phrase.ts';
import type { Cell } from './table-column.ts';
import { printWidth } from './table-measure.ts';

/** A cell as lines of LaTeX; words are left to TeX to break. */
type Lines = readonly string[];

/** A column is a share of the page; lines of a formula that its column cannot hold are shrunk. */
export interface ColumnLayout {
  /** Of the width of the page without what stands between columns, between 0 and 1. */
  readonly share: number;
  readonly words: boolean;
  /** The width in halves of an em. */
  readonly width: number;
}

export interface TableLayout {
  readonly landscape: boolean;
  readonly size: string;
  readonly columns: readonly ColumnLayout[];
  readonly rows: readonly (readonly Lines[])[];
  /** About how many lines of print all rows take together. */
  readonly height: number;
}

/** The pages that are tried, the best first; `room` is their width in halves of an em of their letters. */
const PAGES = [
  { landscape: false, size: '\\footnotesize', room: 104 },
  { landscape: true, size: '\\footnotesize', room: 144 },
  { landscape: true, size: '\\scriptsize', room: 162 },
  { landscape: true, size: '\\tiny', room: 216 },
] as const;
type Page = (typeof PAGES)[number];
/** What stands between two columns, in the same units. */
const GAP = 2;
/** Formulas are broken at some width between these. */
const WIDEST = 72;
const NARROWEST = 24;
/** A page will do if formulas have this much room, or as much as they want, and none is shrunk below this. */
const COMFORT = 36;
const LEAST_SHRUNK = 0.8;
/** Words are filled to about this width, or half of that of formulas, or to that of the longest of them. */
const WIDEST_WORDS = 20;

/** A part of a cell, ready to be printed. */
type Part = { readonly words: string } | { readonly lines: (limit: number) => Lines };

export function layoutOf(
  heads: readonly string[],
  cells: readonly (readonly Cell[])[],
  notations: readonly Notation[],
): TableLayout {
  const parts = cells.map((row, r) => row.map((cell) => cell.map((part) => printed(part, notations[r]))));
  const fits = PAGES.map((page) => fitOn(page, heads, parts));
  const good = fits.find(({ level, shrunk }) => level >= COMFORT && shrunk >= LEAST_SHRUNK);
  const [first] = fits;
  return (good ?? fits.at(-1) ?? first ?? fitTo(PAGES[0], WIDEST, heads, parts)).layout;
}

function printed(part: Cell[number], notation: Notation | undefined): Part {
  if (notation === undefined) return { words: '' };
  if (part.kind === 'words') return { words: phraseLatex(part.of, notation) };
  const label = part.label === undefined ? '' : `${phraseLatex(part.label, notation)}: `;
  return {
    lines: (limit) =>
      latexLines(part.of, notation, limit).map((line, i) => `${i === 0 ? label : ''}$${line}$`),
  };
}

/** What TeX keeps on one line: words, and formulas but for their relations. */
const UNBROKEN = /\$[^$]*\$|[^\s$-]+/g;
/** Lines higher than text, and the space between rows in lines. */
const TALL = /\\(?:frac|sum|bigg[lr])/;
const BETWEEN_ROWS = 0.3;

interface Fit {
  readonly layout: TableLayout;
  /** Where formulas are broken. */
  readonly level: number;
  /** How much the widest line is shrunk to fit its column. */
  readonly shrunk: number;
  readonly total: number;
}

/** The widest formulas with which the table fits a page. */
function fitOn(page: Page, heads: readonly string[], parts: readonly (readonly (readonly Part[])[])[]): Fit {
  let level = WIDEST;
  let fit = fitTo(page, level, heads, parts);
  while (fit.total > page.room && level > NARROWEST) {
    level -= 2;
    fit = fitTo(page, level, heads, parts);
  }
  return fit;
}

/** The table with formulas broken at `level` on one page. */
function fitTo(
  { landscape, size, room }: Page,
  level: number,
  heads: readonly string[],
  parts: readonly (readonly (readonly Part[])[])[],
): Fit {
  const rows = parts.map((row) =>
    row.map((cell) => cell.flatMap((part) => ('words' in part ? [part.words] : part.lines(level)))),
  );
  const wants = heads.map((head, i) => {
    const lines = rows.flatMap((row) => row[i] ?? []);
    const words = parts.every((row) => (row[i] ?? []).every((part) => 'words' in part));
    const whole = Math.max(printWidth(head), ...lines.map(printWidth));
    if (!words) return { words, whole, width: Math.max(printWidth(head), Math.min(whole, level)) };
    const pieces = [head, ...lines].flatMap((text) => text.match(UNBROKEN) ?? []);
    const longest = Math.max(...pieces.map(printWidth));
    return { words, whole: 0, width: Math.max(longest + 1, Math.min(whole, WIDEST_WORDS, level / 2)) };
  });
  const gaps = GAP * (heads.length - 1);
  const total = wants.reduce((sum, { width }) => sum + width, gaps);
  const columns = wants.map(
    ({ words, width }): ColumnLayout => ({ words, width, share: width / Math.max(total, room) }),
  );
  const height = (lines: Lines, i: number): number => {
    const { words = false, width = 1 } = columns[i] ?? {};
    return words
      ? lines.reduce((sum, text) => sum + Math.ceil(printWidth(text) / width), 0)
      : lines.reduce((sum, text) => sum + (TALL.test(text) ? 1.7 : 1), 0);
  };
  return {
    level,
    total,
    shrunk: Math.min(1, ...wants.map(({ width, whole }) => (whole === 0 ? 1 : width / whole))),
    layout: {
      landscape,
      size,
      columns,
      rows,
      height: rows.reduce((sum, row) => sum + BETWEEN_ROWS + Math.max(1, ...row.map(height)), 0),
    },
  };
}
