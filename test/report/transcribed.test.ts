/** The published loss against its transcription by hand, as a derivation file asks for it. */

import { describe, expect, test } from 'vitest';
import { TRANSCRIBED as NAMES } from '../../src/numeric/transcription/losses.ts';
import type { VerificationReport } from '../../src/report/verification.ts';
import { reportVerification, TRANSCRIBED } from '../../src/report/verification.ts';
import { catalogue, loadVariant } from '../../src/variant/files.ts';
import { readVariant } from '../../src/variant/read.ts';

const file = (loss: string, transcription: string): string => `title: a loss
parameters:
  beta: { is: positive }
  alpha: { is: real }
define:
  h(y): log(pi(y) / ref(y))
loss: ${loss}
transcription: ${transcription}
`;

async function reportOf(text: string): Promise<VerificationReport> {
  const variant = readVariant(text, 'mine.yaml');
  if (variant.kind !== 'variant') throw new Error(JSON.stringify(variant));
  const report = await reportVerification(variant, [], { seed: 3, pairs: 24, tokens: 6, vocabulary: 3 });
  if (report.kind !== 'verification') throw new Error(JSON.stringify(report));
  return report;
}

const checkIn = ({ checks }: VerificationReport) => checks.find(({ name }) => name === TRANSCRIBED);

const R_DPO = '-log(sigmoid(beta * (h(w) - h(l)) + alpha * (len(w) - len(l))))';

test('a loss that is what was transcribed', async () => {
  const report = await reportOf(file(R_DPO, 'r-dpo'));
  expect(report.verified).toBe(true);
  expect(checkIn(report)).toMatchObject({ passed: true, values: 24, gradients: null });
});

describe('a loss that is another one is not verified, though its gradient is', () => {
  test.each([
    ['its length term turned', R_DPO.replace('+ alpha', '- alpha'), 'r-dpo'],
    ['the roles exchanged', '-log(sigmoid(beta * (h(l) - h(w))))', 'dpo'],
    ['smoothing in place of robustness', '-log(sigmoid(beta * (h(w) - h(l)))) / (1 - 2 * beta)', 'dpo'],
    ['off by one part in 10^12', '-log(sigmoid((1 + 1e-12) * beta * (h(w) - h(l))))', 'dpo'],
  ])('%s', async (_, loss, transcription) => {
    const report = await reportOf(file(loss, transcription));
    expect(report.verified).toBe(false);
    const check = checkIn(report);
    expect(check).toMatchObject({ passed: false });
    // The fault is in the formula, not in our arithmetic; the numbers are there to repeat it.
    for (const { oursIsRight, at } of check?.disagreements ?? []) {
      expect(oursIsRight).toBe(true);
      expect(at.input).toBeDefined();
    }
    expect(check?.disagreements).not.toEqual([]);
  });
});

test('where nothing can be compared, nothing is verified', async () => {
  // The transcription asks for a hyper-parameter `omega` that this file does not have.
  expect(checkIn(await reportOf(file(R_DPO, 'sipo')))).toMatchObject({ passed: false, values: 0 });
});

test.each(['dop', 'constructor', '__proto__', '1'])('no transcription goes by the name %s', (name) => {
  expect(readVariant(file(R_DPO, name), 'mine.yaml')).toMatchObject({
    kind: 'wrong-value',
    expected: 'transcription',
    field: 'transcription',
    at: { line: 8 },
  });
});

test('each loss of the catalogue names its transcription, and each transcription is named', () => {
  const named = catalogue().map((id) => {
    const variant = loadVariant(id);
    return variant.kind === 'variant' ? variant.transcription : undefined;
  });
  expect([...named].sort()).toEqual([...NAMES].sort());
});
