/** The examples in docs are what the catalogue comes to now, and the PDFs are set from them. */

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EXAMPLES } from '../../scripts/examples.ts';
import { compile, HAS_TEX, NEEDS, words } from './compile.ts';

const FOLDER = resolve(import.meta.dirname, '../../docs/examples');
const REFRESH = 'if not, run `npx tsx scripts/examples.ts`';

test.each([...EXAMPLES])(`docs/examples/%s is up to date; ${REFRESH}`, async (name, make) => {
  const kept = readFileSync(join(FOLDER, name), 'utf8');
  expect((await make()) === kept).toBe(true);
});

describe.skipIf(!HAS_TEX)('the PDF beside each article', () => {
  const articles = [...EXAMPLES.keys()].filter((name) => name.endsWith('.tex'));
  test.each(articles)(`says what %s says; ${REFRESH}`, async (name) => {
    const { text } = await compile({ 'main.tex': readFileSync(join(FOLDER, name), 'utf8') });
    const pdf = join(FOLDER, name.replace('.tex', '.pdf'));
    const { stdout } = spawnSync('pdftotext', ['-raw', pdf, '-'], { encoding: 'utf8', maxBuffer: 1 << 26 });
    // Where lines and words are broken is up to the version of TeX.
    const letters = (of: string): string => words(of).replace(/[\s-]+/g, '');
    expect(letters(stdout).length).toBeGreaterThan(1000);
    expect(letters(stdout) === letters(text)).toBe(true);
  });
});

test.runIf(!HAS_TEX)(`skipped: ${NEEDS}`, ({ skip }) => skip(NEEDS));
