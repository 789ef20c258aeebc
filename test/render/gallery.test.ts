/** The gallery is what the catalogue computes to, and every formula on it can be set. */

import { readFileSync } from 'node:fs';
import katex from 'katex';
import { describe, expect, test } from 'vitest';
import { gallery } from '../../scripts/gallery.ts';
import { catalogue } from '../../src/variant/files.ts';

const page = readFileSync(new URL('../../docs/gallery.md', import.meta.url), 'utf8');

test('docs/gallery.md is up to date; if not, run `npx tsx scripts/gallery.ts`', () => {
  expect(gallery()).toBe(page);
});

describe('the page', () => {
  test('shows every loss of the catalogue once, and links to its file', () => {
    const heads = [...page.matchAll(/^## (.*)$/gm)].map(([, id]) => id);
    expect(heads).toEqual([...catalogue()]);
    for (const id of catalogue()) expect(page).toContain(`](../derivations/${id}.yaml)`);
  });

  test('has no formula that KaTeX does not set', () => {
    const displays = [...page.matchAll(/\$\$\n([\s\S]*?)\n\$\$/g)].map(([, formula = '']) => formula);
    expect(displays.length).toBeGreaterThan(80);
    for (const formula of displays) {
      const options = { displayMode: true, throwOnError: true, strict: 'error' } as const;
      expect(() => katex.renderToString(formula, options), formula).not.toThrow();
    }
  });
});
