/** The examples in docs are what the catalogue comes to now. */

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { EXAMPLES, example } from '../../scripts/examples.ts';

test.each(EXAMPLES)(
  'docs/examples/%s.tex is up to date; if not, run `npx tsx scripts/examples.ts --pdf`',
  (id) => {
    const kept = readFileSync(new URL(`../../docs/examples/${id}.tex`, import.meta.url), 'utf8');
    expect(example(id) === kept).toBe(true);
  },
);
