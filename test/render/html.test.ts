/** HTML pages: valid, self-contained, without scripts, and what a file says is text. */

import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileSystemConfigLoader, HtmlValidate } from 'html-validate';
import { describe, expect, test } from 'vitest';
import { katexFiles } from '../../src/cli/katex.ts';
import { derivationHtml } from '../../src/render/derivation-html.ts';
import { USUAL_COLUMNS } from '../../src/render/table-head.ts';
import { tableHtml } from '../../src/render/table-html.ts';
import { reportDerivation } from '../../src/report/derivation.ts';
import { reportTable } from '../../src/report/table.ts';
import { catalogue, loadVariant } from '../../src/variant/files.ts';
import type { Variant } from '../../src/variant/variant.ts';
import { BIN, ROOT } from '../cli/run.ts';
import { controls, HOSTILE, hostile } from './claims.ts';

const KATEX = katexFiles();
const validator = new HtmlValidate(
  new FileSystemConfigLoader({
    root: true,
    extends: ['html-validate:recommended'],
    rules: {
      // KaTeX places its boxes with styles, and repeats its SVG; style and fonts are inside on purpose.
      'no-inline-style': 'off',
      'long-title': 'off',
      // MathML spells attributes in its own way.
      'attr-case': 'off',
    },
  }),
);

async function faultsOf(html: string): Promise<readonly string[]> {
  const report = await validator.validateString(html);
  return report.results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, line }) => `${line}: ${ruleId}: ${message}`),
  );
}

async function page(variant: Variant): Promise<string> {
  const report = reportDerivation(variant);
  if (report.kind !== 'derived') throw new Error(`${variant.id} is outside`);
  return derivationHtml(report, KATEX);
}
const load = (id: string): Variant => {
  const variant = loadVariant(id);
  if (variant.kind !== 'variant') throw new Error(id);
  return variant;
};
const INSIDE = catalogue()
  .map(load)
  .filter((variant) => variant.expect.tier !== 'outside');

describe('a derivation', () => {
  test.each(INSIDE.map((variant) => [variant.id, variant] as const))(
    'of %s sets every formula at KaTeX’s strictest',
    async (_, variant) => {
      const html = await page(variant);
      expect(html).toContain('<math xmlns="http://www.w3.org/1998/Math/MathML"');
      expect(html).not.toContain('katex-error');
      // KaTeX prints the option of an environment that it does not know.
      expect(html).not.toContain('aligned}[');
    },
  );
  test.each([
    ['dpo', load('dpo')],
    ['simpo', load('simpo')],
    ['markup for a title', hostile(HOSTILE[1] ?? '')],
  ])('of %s is valid HTML', async (_, variant) => {
    expect(await faultsOf(await page(variant))).toEqual([]);
  });
  test('loads nothing and runs nothing', async () => {
    const html = await page(load('dpo'));
    expect(html).toContain(`default-src 'none'`);
    expect(html).not.toMatch(/<script|<link|<img|<iframe|@import|\son\w+=/i);
    const urls = [...html.matchAll(/url\(([^)]{0,40})/g)].map((found) => found[1] ?? '');
    expect(urls.length).toBeGreaterThan(2);
    for (const url of urls) expect(url).toMatch(/^data:font\/woff2;base64,/);
  });
  test('has one title, headings without gaps, and links that lead somewhere', async () => {
    const html = await page(load('simpo'));
    expect(html.match(/<h1>/g)).toHaveLength(1);
    const ids = new Set([...html.matchAll(/ id="([^"]+)"/g)].map((found) => found[1]));
    const links = [...html.matchAll(/href="#([^"]+)"/g)].map((found) => found[1]);
    expect(links.length).toBeGreaterThan(8);
    expect(links.filter((link) => !ids.has(link))).toEqual([]);
    expect(html).toMatch(/<html lang="en">/);
    expect(html).toMatch(/prefers-color-scheme: dark/);
    expect(html).toMatch(/@media print/);
  });
  test.each(HOSTILE)('keeps what a file says as text: %j', async (text) => {
    const html = await page(hostile(text));
    expect(html).not.toMatch(/<script>|<img/);
    expect(
      controls(html.slice(html.indexOf('<body>')).replaceAll('\u200b', '').replaceAll('\u2061', '')),
    ).toEqual([]);
  });
});

test('a font is inside only if a formula uses it', async () => {
  const html = await tableHtml(reportTable([load('dpo')]), ['id', 'tier'], KATEX);
  expect(html).toContain('font-family:KaTeX_Main;src:');
  expect(html).not.toContain('font-family:KaTeX_Caligraphic;src:');
  expect(await page(load('dpo'))).toContain('font-family:KaTeX_Caligraphic;src:');
});

test('a table is valid HTML', async () => {
  const report = reportTable(['dpo', 'simpo', 'tdpo2', 'kto', 'ld-dpo'].map(load));
  expect(await faultsOf(await tableHtml(report, USUAL_COLUMNS, KATEX))).toEqual([]);
});

test('the program finds its fonts where it is installed, with nothing beside it', async () => {
  const { spawnSync } = await import('node:child_process');
  const folder = mkdtempSync(join(tmpdir(), 'midpo-installed-'));
  for (const part of ['dist', 'derivations', 'package.json']) {
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  }
  const bin = BIN.replace(ROOT, folder);
  const run = spawnSync(process.execPath, [bin, 'derive', 'dpo', '--to', 'html'], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  expect(run.stderr).toBe('');
  expect(run.stdout).toMatch(/data:font\/woff2;base64,[A-Za-z0-9+/]{1000}/);
});
