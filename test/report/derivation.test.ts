/** The catalogue end to end: each entry is what it says it is, and its derivation and certificate are accepted. */

import { describe, expect, test } from 'vitest';
import { reportDerivation } from '../../src/report/derivation.ts';
import { reportMembership } from '../../src/report/membership.ts';
import { print } from '../../src/syntax/print.ts';
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

describe('a prior of the response alone is read by mutual information', () => {
  // The preference term of CPO (Xu et al. 2024), whose prior is uniform; and one that favours short responses.
  test.each([
    ['CPO', '-log(sigmoid(beta * (log(pi(w)) - log(pi(l)))))'],
    [
      'a length penalty without a reference',
      '-log(sigmoid(beta * (log(pi(w)) - log(pi(l))) + len(w) - len(l)))',
    ],
  ])('%s', (_, loss) => {
    const report = reportDerivation(variantOf(formulaClaim(loss, { assume: ['beta > 0'] })));
    if (report.kind !== 'derived') throw new Error('outside');
    expect(report.membership.tier).toBe('marginal');
    expect(report.verdict).toMatchObject({ kind: 'accepted', stages: report.trace.stages.length });
    const reading = report.trace.stages.filter(({ id }) => id.startsWith('I'));
    expect(
      reading.map(({ id, start, relation, goal }) => [id, `${print(start)} ${relation} ${print(goal)}`]),
    ).toEqual([
      ['I0-marginal', 'sum(y, Y, policy_marginal(y)) = 1'],
      ['I0-prior', 'sum(y, Y, prior_density(y)) = 1'],
      [
        'I1',
        'sum(x, X, D(x) * sum(y, Y, pi(y) * log(pi(y) / prior_density(y)))) = ' +
          'mutual_information() + sum(y, Y, policy_marginal(y) * log(policy_marginal(y) / prior_density(y)))',
      ],
      ['I2', 'mutual_information() <= sum(x, X, D(x) * sum(y, Y, pi(y) * log(pi(y) / prior_density(y))))'],
      [
        'I2-attained',
        'sum(x, X, D(x) * sum(y, Y, pi(y) * log(pi(y) / policy_marginal(y)))) = mutual_information()',
      ],
    ]);
  });
});
