/** Writes docs/findings.md from the catalogue: `npx tsx scripts/findings.ts`. */

import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { findingsPage } from '../src/render/findings.ts';
import { reportMembership } from '../src/report/membership.ts';
import { catalogue, loadVariant } from '../src/variant/files.ts';

const here = import.meta.dirname;
const reports = catalogue().map((id) => {
  const variant = loadVariant(id);
  if (variant.kind !== 'variant') throw new Error(`not a derivation file: ${id}`);
  return reportMembership(variant);
});
const prose = readFileSync(resolve(here, 'findings-prose.md'), 'utf8');
writeFileSync(resolve(here, '../docs/findings.md'), findingsPage(reports, prose));
