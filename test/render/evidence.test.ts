/** The page of evidence is what the catalogue's records come to, and no number on it is beyond its bound. */

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { records } from '../../scripts/evidence.ts';
import { evidencePage } from '../../src/render/evidence.ts';
import { catalogue, loadVariant, vectorsCatalogue } from '../../src/variant/files.ts';

const PAGE = readFileSync(new URL('../../docs/evidence.md', import.meta.url), 'utf8');
const RANDOM = '## Random batches';

/** The page down to the random batches, without the four measures of each row: those may differ between machines. */
const masked = (page: string): string =>
  (page.split(RANDOM)[0] ?? '').replace(/^(\|.*?)(?: [^|]* \|){4}$/gm, '$1');

const rows = PAGE.split('\n').flatMap((line) =>
  /^\| .*\|$/.test(line) && !line.includes('---')
    ? [line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, ''))]
    : [],
);

test('docs/evidence.md is up to date; if not, run `npx tsx scripts/evidence.ts`', () => {
  expect(masked(PAGE)).toContain('| dpo | dpo (reference');
  expect(masked(evidencePage(records(), []))).toBe(masked(PAGE));
});

describe('the page', () => {
  test('has every file of records', () => {
    const named = new Set(rows.map(([, vectors = '']) => vectors.replace(/ \(.*/, '').replaceAll('\\', '')));
    expect(vectorsCatalogue().filter((name) => !named.has(name))).toEqual([]);
  });

  test('has no difference beyond its bound', () => {
    const shares = rows.map((row) => Number(row.at(-1))).filter((share) => Number.isFinite(share));
    expect(shares.length).toBeGreaterThan(150);
    expect(Math.max(...shares)).toBeLessThanOrEqual(1);
  });

  test('has the checks of every loss on random batches: a closed form where a prior gives the loss', () => {
    const below = PAGE.slice(PAGE.indexOf(RANDOM));
    for (const id of catalogue()) {
      const variant = loadVariant(id);
      if (variant.kind !== 'variant') throw new Error(id);
      expect(below, id).toContain(`| ${id} | finite differences | gradients |`);
      expect(below.includes(`| ${id} | closed form | losses |`), id).toBe(variant.expect.tier !== 'outside');
    }
  });
});
