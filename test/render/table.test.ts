/** Comparison tables: columns as asked for, names that mean one thing, LaTeX that fits its page, text that stays text. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import katex from 'katex';
import { describe, expect, test } from 'vitest';
import type { TableColumn } from '../../src/render/table-head.ts';
import { COLUMN_HEAD, TABLE_COLUMNS, USUAL_COLUMNS } from '../../src/render/table-head.ts';
import { tableJson } from '../../src/render/table-json.ts';
import { tableLatex } from '../../src/render/table-latex.ts';
import { tableMarkdown } from '../../src/render/table-markdown.ts';
import { printWidth } from '../../src/render/table-measure.ts';
import { tableText } from '../../src/render/table-text.ts';
import { reportTable } from '../../src/report/table.ts';
import { catalogue, loadVariant } from '../../src/variant/files.ts';
import { readVariant } from '../../src/variant/read.ts';
import type { Variant } from '../../src/variant/variant.ts';
import { controls, formula, HOSTILE, hostile, published } from './claims.ts';

const STYLE = { color: false, width: 80 };
const all = reportTable(
  catalogue().flatMap((id) => {
    const variant = loadVariant(id);
    return variant.kind === 'variant' ? [variant] : [];
  }),
);
const small = reportTable([published('dpo'), published('simpo')]);

const file = (id: string, define: string, loss: string): Variant => {
  const text = `title: ${id}\nparameters: { beta: { is: positive } }\ndefine: { ${define} }\nloss: ${loss}\n`;
  const variant = readVariant(text, `${id}.yaml`);
  if (variant.kind !== 'variant') throw new Error(variant.kind);
  return variant;
};

describe('columns', () => {
  test.each<readonly TableColumn[]>([['tier'], ['loss', 'id'], [...TABLE_COLUMNS].reverse()])(
    'stand in the order asked for: %s',
    (...columns) => {
      const [head = ''] = tableMarkdown(small, columns).split('\n');
      expect(head.split(' | ').map((text) => text.replace(/^\| | \|$/g, ''))).toEqual(
        columns.map((column) => COLUMN_HEAD[column]),
      );
      expect(tableJson(small, columns)).toMatchObject({ columns });
    },
  );
  test('say what was computed', () => {
    expect(tableJson(small, USUAL_COLUMNS)).toMatchObject({
      rows: [
        { id: 'dpo', tier: 'conditional', prior: { zeta: 'ref(y)' }, weight: 'beta', conditions: [] },
        {
          id: 'simpo',
          tier: 'label-dependent',
          conditions: [{ tier: 'policy-dependent', when: 'gamma = 0', exact: true }],
        },
      ],
    });
  });
});

describe('abbreviations', () => {
  const one = file('one', '"h(y)": log(pi(y) / ref(y))', '-log(sigmoid(beta * (h(w) - h(l))))');
  const same = { ...one, id: 'same' };
  const other = file('other', '"h(y)": log(pi(y)) / len(y)', '-log(sigmoid(beta * (h(w) - h(l))))');
  test('of one name and two meanings are told apart, the commoner keeps the name', () => {
    const page = tableText(reportTable([other, one, same]), ['id', 'loss'], STYLE);
    expect(page).toContain('h(y) = log(π(y)/π_ref(y))');
    expect(page).toContain('h_2(y) = log π(y)/|y|');
    expect(page.match(/h_2\(y_w\)/g)).toHaveLength(1);
  });
  test('that no column uses are not explained', () => {
    expect(tableText(reportTable([one]), ['id', 'tier'], STYLE)).not.toContain('h(y)');
  });
  test('sums over the vocabulary have one name wherever they stand', () => {
    const page = tableText(all, ['id', 'prior'], { ...STYLE, width: 400 });
    expect(page).toMatch(/tdpo1 +π_ref\(y\)·exp\(Σ_t A_t\(y\) - Σ_t B_t\(y\)\)/);
    expect(page.match(/^\s*(?:where )?A_t\(y\) = Σ_v/gm)).toHaveLength(1);
  });
});

describe('LaTeX', () => {
  test('is a document, or a fragment that names its packages', () => {
    const whole = tableLatex(small, USUAL_COLUMNS, { standalone: true });
    const part = tableLatex(small, USUAL_COLUMNS, { standalone: false });
    expect(whole).toMatch(/^\\documentclass[\s\S]*\\end\{document\}\n$/);
    expect(part).toMatch(/^% .*booktabs/);
    expect(part).not.toMatch(/document/);
  });
  test('is turned where it is wide, and runs over pages where it is long', () => {
    const narrow = tableLatex(small, ['id', 'tier'], { standalone: false });
    expect(narrow).not.toContain('\\begin{landscape}');
    expect(narrow).toContain('\\begin{tabular}');
    const wide = tableLatex(all, USUAL_COLUMNS, { standalone: false });
    expect(wide).toContain('\\begin{landscape}');
    expect(wide).toContain('\\begin{longtable}');
  });
  test('gives every row as many cells as there are columns', () => {
    const page = tableLatex(all, USUAL_COLUMNS, { standalone: false });
    const body = page.slice(page.indexOf('\\endfoot'), page.indexOf('\\end{longtable}'));
    const rows = body.split('\\addlinespace');
    expect(rows).toHaveLength(all.rows.length);
    for (const row of rows) expect(row.match(/(?<!\\)&/g)).toHaveLength(USUAL_COLUMNS.length - 1);
  });

  const hasTex = spawnSync('pdflatex', ['--version']).status === 0;
  const needs = 'needs pdflatex: sh scripts/install-peers.sh';
  test.runIf(!hasTex)(`skipped: ${needs}`, ({ skip }) => skip(needs));
  test.skipIf(!hasTex).each<[name: string, report: typeof all, columns: readonly TableColumn[]]>([
    ['the catalogue', all, USUAL_COLUMNS],
    ['two rows', small, USUAL_COLUMNS],
    ['hostile text', reportTable(HOSTILE.map(hostile)), ['variant', 'paper', 'loss']],
  ])('compiles with no box wider than its place: %s', (_, report, columns) => {
    const folder = mkdtempSync(join(tmpdir(), 'midpo-table-'));
    writeFileSync(join(folder, 'table.tex'), tableLatex(report, columns, { standalone: true }));
    const run = spawnSync('pdflatex', ['-interaction=nonstopmode', '-halt-on-error', 'table.tex'], {
      cwd: folder,
    });
    const log = readFileSync(join(folder, 'table.log'), 'latin1');
    expect(run.status, log.slice(-2000)).toBe(0);
    const widths = [...log.matchAll(/Overfull \\hbox \((\d+\.\d+)pt/g)].map((found) => Number(found[1]));
    expect(widths.filter((width) => width > 5)).toEqual([]);
  });
});

test('every formula of the table is one to KaTeX at its strictest', () => {
  const page = tableMarkdown(all, TABLE_COLUMNS);
  const formulas = [...page.matchAll(/\$`(.*?)`\$/g)].map((found) => found[1] ?? '');
  expect(formulas.length).toBeGreaterThan(all.rows.length);
  for (const latex of formulas) katex.renderToString(latex, { strict: 'error', throwOnError: true });
});

test('a wide table is one record after another in a terminal, a narrow one has columns', () => {
  expect(tableText(small, USUAL_COLUMNS, STYLE)).toMatch(/^DPO\n {2}prior {7}π_ref/);
  expect(tableText(small, ['id', 'tier'], STYLE)).toMatch(/^Id +Tier\ndpo +conditional\n/);
});

test.each(HOSTILE)('text of a file stays text: %j', (text) => {
  const report = reportTable([hostile(text), formula('-log(sigmoid(beta * log(pi(w) / pi(l))))')]);
  const columns: readonly TableColumn[] = ['variant', 'paper', 'id'];
  const [, , row = ''] = tableMarkdown(report, columns).split('\n');
  expect(row.match(/(?<!\\)\|/g)).toHaveLength(columns.length + 1);
  expect(row).not.toMatch(/<script|<img|(?<!\\)`code/);
  expect(tableLatex(report, columns, { standalone: false })).not.toMatch(/\\input|\\end\{document\}/);
  expect(controls(tableText(report, columns, STYLE))).toEqual([]);
});

test.each([
  ['$x$', '$xx$'],
  ['$\\frac{a}{b}$', '$a + b$'],
  ['$x_{i}$', '$xi$'],
  ['$\\log x$', '$\\log xy + z$'],
])('%s is narrower than %s', (narrow, wide) => {
  expect(printWidth(narrow)).toBeLessThan(printWidth(wide));
});
