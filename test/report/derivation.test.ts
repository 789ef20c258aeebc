/** The catalogue end to end: each entry is what it says it is, and its derivation and certificate are accepted. */

import { describe, expect, test } from 'vitest';
import { reportDerivation } from '../../src/report/derivation.ts';
import { reportMembership } from '../../src/report/membership.ts';
import { formulaClaim } from '../../src/variant/claim.ts';
import { loadVariant } from '../../src/variant/files.ts';
import type { Variant } from '../../src/variant/variant.ts';

const variantOf = (found: ReturnType<typeof loadVariant | typeof formulaClaim>): Variant => {
  if (found.kind !== 'variant') throw new Error(JSON.stringify(found));
  return found;
};

describe.each(['dpo', 'h-dpo', 'r-dpo', 'simpo'])('%s', (id) => {
  const variant = variantOf(loadVariant(id));

  test('its derivation is accepted and ends with the published loss', () => {
    const report = reportDerivation(variant);
    if (report.kind !== 'derived') throw new Error('outside');
    expect(report.verdict).toMatchObject({ kind: 'accepted', stages: report.trace.stages.length });
    expect(report.trace.claim).toBe(id);
    const stages = report.trace.stages.map(({ id: name, relation }) => `${name} ${relation}`);
    expect(stages.filter((name) => !name.startsWith('S10-prior'))).toEqual([
      'S1 =',
      'S2 =',
      'S3-normalised =',
      'S3 <=',
      'S3-attained =',
      'S4 =',
      'S5 =',
      'S6 =',
      'S7 =',
      'S8 =',
      'S9 =',
      'S10 =',
    ]);
    expect(report.trace.stages.find(({ id: name }) => name === 'S9')?.goal).toEqual(variant.loss);
  });

  test('its membership is what its file expects, with certificates that are accepted', () => {
    const { membership, identity, derivation } = reportMembership(variant);
    expect(variant.expect.tier).toBeDefined();
    expect(membership).toMatchObject(variant.expect);
    expect(identity?.verdict.kind).toBe('accepted');
    expect(derivation?.verdict.kind).toBe('accepted');
  });
});

test('a loss outside has neither derivation nor certificate', () => {
  const ipo = variantOf(formulaClaim('(log(pi(w) / ref(w)) - log(pi(l) / ref(l)) - 1 / (2 * beta))^2', {}));
  expect(reportDerivation(ipo).kind).toBe('outside');
  const { identity, derivation, membership } = reportMembership(ipo);
  expect([identity, derivation, membership.tier]).toEqual([undefined, undefined, 'outside']);
});
