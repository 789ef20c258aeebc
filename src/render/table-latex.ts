/** A comparison table as LaTeX: booktabs, on a turned page where it is wide, over several pages where it is long. */

import type { TableReport } from '../report/table.ts';
import { escapeLatex } from './escape.ts';
import { defaultNotation } from './notation.ts';
import { latexStatement } from './statement.ts';
import { cellOf } from './table-column.ts';
import type { TableColumn } from './table-head.ts';
import { COLUMN_HEAD } from './table-head.ts';
import type { ColumnLayout, TableLayout } from './table-layout.ts';
import { layoutOf } from './table-layout.ts';
import { printWidth } from './table-measure.ts';
import type { TableMarks } from './table-notation.ts';
import { tableNotation } from './table-notation.ts';
import type { TableNote } from './table-note.ts';
import { tableNotes } from './table-note.ts';

const PACKAGES = ['amsmath', 'amssymb', 'array', 'booktabs', 'graphicx', 'longtable', 'pdflscape'];
const PREAMBLE = String.raw`\documentclass[11pt]{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\IfFileExists{lmodern.sty}{\usepackage{lmodern}}{}
\usepackage[margin=1in]{geometry}
${PACKAGES.map((name) => `\\usepackage{${name}}`).join('\n')}
\begin{document}
`;
const captionOf = ({ marks }: TableMarks): string =>
  `Preference-optimisation losses under the mutual-information framework. The prompt $${defaultNotation({ marks }).prompt.latex}$ is left out`;

export interface TableLatexOptions extends TableMarks {
  /** A whole document; otherwise what goes into one, for \input. */
  readonly standalone: boolean;
}

export function tableLatex(
  report: TableReport,
  chosen: readonly TableColumn[],
  options: TableLatexOptions,
): string {
  const notations = report.rows.map((row) => tableNotation(row, options));
  const cells = report.rows.map((row) => chosen.map((column) => cellOf(row, column)));
  const heads = chosen.map((column) => escapeLatex(COLUMN_HEAD[column]));
  const layout = layoutOf(heads, cells, notations);
  const { landscape, height } = layout;
  const notes = tableNotes(report, cells, options);
  const long = height + NOTE * notes.length > (landscape ? SHORT.turned : SHORT.upright);
  const table = tableOf(layout, heads, captionOf(options), notesLatex(notes), long);
  const whole = landscape ? `\\begin{landscape}\n${table}\n\\end{landscape}` : table;
  return options.standalone ? `${PREAMBLE}\n${whole}\n\n\\end{document}\n` : `${NEEDS}\n${whole}\n`;
}

const NEEDS = `% In the preamble: ${PACKAGES.map((name) => `\\usepackage{${name}}`).join(' ')}`;

/** The most lines of a table that stands on one page with its caption and notes. */
const SHORT = { upright: 44, turned: 28 } as const;
/** The lines that a note takes, about. */
const NOTE = 0.6;

/** In pt, on either side of a column. */
const SEPARATION = 4;

/** Shares of the page: whatever its width, the table is no wider. */
function columnSpecs(columns: readonly ColumnLayout[]): string {
  const gaps = 2 * SEPARATION * (columns.length - 1);
  const specs = columns.map(
    ({ share }) =>
      `>{\\raggedright\\arraybackslash}p{${share.toFixed(3)}\\dimexpr\\linewidth-${gaps}pt\\relax}`,
  );
  return `@{}${specs.join('')}@{}`;
}

/** A line as wide as its column and no wider, whatever the fonts: TeX measures it. */
const FIT = String.raw`\providecommand{\fitline}[1]{\sbox0{#1}\ifdim\wd0>\linewidth\resizebox{\linewidth}{!}{\usebox0}\else\usebox0\fi}`;

const STYLE = [
  FIT,
  `\\setlength{\\tabcolsep}{${SEPARATION}pt}`,
  '\\setlength{\\LTcapwidth}{0.9\\linewidth}',
  '\\setlength{\\belowcaptionskip}{6pt}',
  '\\renewcommand{\\arraystretch}{1.15}',
] as const;
const BETWEEN = ' \\\\\n\\addlinespace[3pt]\n';

function tableOf(
  { columns, rows, size }: TableLayout,
  heads: readonly string[],
  says: string,
  notes: string,
  long: boolean,
): string {
  const spec = columnSpecs(columns);
  const caption = `\\caption{${says}.}\\label{tab:losses}`;
  const head = `\\toprule\n${heads.join(' & ')} \\\\\n\\midrule`;
  const body = rows.map((row) => row.map((cell, i) => cellLatex(cell, columns[i])).join(' & ')).join(BETWEEN);
  const below = notes === '' ? [] : [notes];
  if (long) {
    const again = `\\multicolumn{${heads.length}}{@{}l@{}}{\\tablename~\\thetable, continued} \\\\\n`;
    return [
      '\\begingroup',
      size,
      ...STYLE,
      `\\begin{longtable}{${spec}}`,
      `${caption} \\\\`,
      head,
      '\\endfirsthead',
      `${again}${head}`,
      '\\endhead',
      '\\bottomrule',
      '\\endfoot',
      `${body} \\\\`,
      '\\end{longtable}',
      ...below,
      '\\par\\endgroup',
    ].join('\n');
  }
  return [
    '\\begin{table}[htbp]',
    '\\centering',
    size,
    ...STYLE,
    caption,
    `\\begin{tabular}{${spec}}`,
    head,
    `${body} \\\\`,
    '\\bottomrule',
    '\\end{tabular}',
    ...(notes === '' ? [] : ['', '\\medskip', notes]),
    '\\end{table}',
  ].join('\n');
}

function cellLatex(lines: readonly string[], column: ColumnLayout | undefined): string {
  if (lines.length === 0) return '---';
  if (column === undefined || column.words) return lines.join('\\newline ');
  return lines.map((line) => fitted(line, column.width)).join('\\newline ');
}

/** Estimates of width are rough: what comes near that of its column is measured. */
const NEAR = 0.45;
const fitted = (line: string, width: number): string =>
  printWidth(line) < NEAR * width ? line : `\\fitline{${line}}`;

/** What the abbreviations in the table stand for. */
function notesLatex(notes: readonly TableNote[]): string {
  if (notes.length === 0) return '';
  const equations = notes.map(({ equation, notation }) => `$${latexStatement(equation, notation)}$`);
  return `\\noindent\\raggedright\\lineskip=3pt\\lineskiplimit=2pt Where ${equations.join('; ')}.\\par`;
}
