/** The page of findings is what the catalogue computes to, and its prose says nothing that the catalogue does not. */

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findingsPage } from '../../src/render/findings.ts';
import { reportMembership } from '../../src/report/membership.ts';
import { catalogue, loadVariant } from '../../src/variant/files.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(resolve(ROOT, path), 'utf8');
const reports = catalogue().map((id) => {
  const variant = loadVariant(id);
  if (variant.kind !== 'variant') throw new Error(`not a derivation file: ${id}`);
  return reportMembership(variant);
});
const tierOf = (id: string): string | undefined =>
  reports.find(({ variant }) => variant.id === id)?.membership.tier;

test('docs/findings.md is up to date; if not, run `npx tsx scripts/findings.ts`', () => {
  expect(findingsPage(reports, read('scripts/findings-prose.md'))).toBe(read('docs/findings.md'));
});

describe('what the prose claims', () => {
  test('the tier of every loss is proved to the checker, or refuted by a point', () => {
    const open = reports.filter(({ membership: { tier, outside, witness }, identity }) =>
      tier === 'outside'
        ? witness === undefined && outside?.why !== 'batch-coupled'
        : identity?.verdict.kind !== 'accepted',
    );
    expect(open.map(({ variant }) => variant.id)).toEqual([]);
  });

  test('no loss as published has a prior of the response alone', () => {
    expect(reports.filter(({ membership }) => membership.tier === 'marginal')).toEqual([]);
    const cpo = reports.find(({ variant }) => variant.id === 'cpo')?.membership.outside;
    expect(cpo).toMatchObject({ why: 'regulariser', inner: { tier: 'marginal' } });
  });

  test.each([
    ['dpo', 'conditional'],
    ['dice', 'conditional'],
    ['h-dpo', 'conditional'],
    ['r-dpo', 'conditional'],
    ['tdpo1', 'policy-dependent'],
    ['tdpo2', 'policy-dependent'],
    ['sparsepo-common', 'policy-dependent'],
    ['simpo', 'label-dependent'],
  ])('%s is %s', (id, tier) => {
    expect(tierOf(id)).toBe(tier);
  });
});
