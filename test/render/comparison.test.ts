/** A comparison says where the sides differ even where there is nothing to choose, and why gradients agree. */

import { describe, expect, test } from 'vitest';
import { comparisonText } from '../../src/render/comparison-text.ts';
import { decimal } from '../../src/render/value.ts';
import { reportComparison } from '../../src/report/comparison.ts';
import { formula } from './claims.ts';

function page(left: string, right: string): string {
  const report = reportComparison(formula(left), formula(right));
  if ('kind' in report) throw new TypeError(report.kind);
  return comparisonText(report, { color: false, width: 90 });
}

describe('where two sides differ', () => {
  test.each([
    ['two numbers', 'max(2, 3)', '2', /differ {7}everywhere\n/],
    ['what a sum counts', 'sum(v, V, 1)', '2', /differ {7}over a vocabulary of 3\n/],
    ['a hyper-parameter', 'beta', '2*beta', /differ at {4}β = 1\n/],
  ])('%s', (_, left, right, says) => expect(page(left, right)).toMatch(says));
});

describe('gradients without a policy', () => {
  test('are told to agree for that reason', () =>
    expect(page('beta', '2*beta')).toContain('gradients  equal, proved: no policy in either side\n'));
  test.each([
    ['equal', 'log(pi(w)^2)', '2*log(pi(w))', 'gradients  equal, proved\n'],
    ['different', 'log(pi(w))', 'beta', 'gradients  not equal, refuted\n'],
  ])('a policy in a side: %s', (_, left, right, says) => expect(page(left, right)).toContain(says));
});

describe('numbers with many zeros', () => {
  test.each([
    ['1e-400', '1/10^400'],
    ['beta*2e-400', 'β/(5·10^399)'],
    ['7e30*beta', '7·10^30·β'],
    ['100000000000*beta', '100000000000·β'],
    ['-1e12', '-10^12'],
    ['1/3e40', '1/(3·10^40)'],
    ['0', '0'],
  ])('%s', (left, says) => expect(page(left, 'gamma')).toContain(`formula  ${says}\n`));

  test.each([
    [{ n: 1n, d: 10n ** 400n }, '1e-400'],
    [{ n: -7n, d: 10n ** 31n }, '-7e-31'],
    [{ n: 1n, d: 3n * 10n ** 40n }, `1/3${'0'.repeat(40)}`],
    [{ n: 1n, d: 8n }, '0.125'],
  ])('as a value: %o', (value, says) => expect(decimal(value)).toBe(says));
});
