/** A comparison table as one HTML file. */

import type { TableReport } from '../report/table.ts';
import { escapeHtml } from './escape.ts';
import type { KatexFiles } from './html-page.ts';
import { htmlPage } from './html-page.ts';
import { formulaSetter, phraseHtml } from './html-phrase.ts';
import { latexLines } from './lines.ts';
import { latexStatement } from './statement.ts';
import { cellOf } from './table-column.ts';
import type { TableColumn } from './table-head.ts';
import { COLUMN_HEAD } from './table-head.ts';
import type { TableMarks } from './table-notation.ts';
import { tableNotation } from './table-notation.ts';
import { tableNotes } from './table-note.ts';

/** The width of a formula in a cell, in characters of print. */
const LINE = 36;

const TITLE = 'Preference-optimisation losses under the mutual-information framework';

export async function tableHtml(
  report: TableReport,
  chosen: readonly TableColumn[],
  katex: KatexFiles,
  options: TableMarks = {},
): Promise<string> {
  const set = await formulaSetter();
  const cells = report.rows.map((row) => chosen.map((column) => cellOf(row, column)));
  const rows = report.rows.map((row, r) => {
    const notation = tableNotation(row, options);
    const written = (cells[r] ?? []).map((cell) => {
      const parts = cell.map((part) => {
        if (part.kind === 'words') return `<p>${phraseHtml(part.of, notation, set)}</p>`;
        const label = part.label === undefined ? '' : `${phraseHtml(part.label, notation, set)}: `;
        const lines = latexLines(part.of, notation, LINE).map((line) => set(line, false));
        return `<p>${label}${lines.join('<br>')}</p>`;
      });
      return `<td>${parts.length === 0 ? '–' : parts.join('')}</td>`;
    });
    return `<tr>${written.join('')}</tr>`;
  });
  const notes = tableNotes(report, cells, options).map(
    ({ equation, notation }) => `<li>${set(latexStatement(equation, notation), false)}</li>`,
  );
  const heads = chosen.map((column) => `<th scope="col">${escapeHtml(COLUMN_HEAD[column])}</th>`);
  const body = [
    `<h1>${TITLE}</h1>`,
    '<div class="scroll">',
    '<table>',
    '<caption>The prompt is left out.</caption>',
    `<thead><tr>${heads.join('')}</tr></thead>`,
    `<tbody>\n${rows.join('\n')}\n</tbody>`,
    '</table>',
    '</div>',
    ...(notes.length === 0 ? [] : ['<h2>Where</h2>', `<ul>\n${notes.join('\n')}\n</ul>`]),
  ].join('\n');
  return htmlPage({ title: TITLE, body, wide: true }, katex);
}
