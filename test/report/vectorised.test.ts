/** A verification with compiled kernels: one more check, or the reason why there is none; and the words for both. */

import { afterEach, describe, expect, test, vi } from 'vitest';
import { verificationJson } from '../../src/render/json.ts';
import { verificationText } from '../../src/render/verification-text.ts';
import { withVectorised } from '../../src/report/vectorised.ts';
import type { VerificationReport } from '../../src/report/verification.ts';
import { reportVerification } from '../../src/report/verification.ts';
import { loadVariant } from '../../src/variant/files.ts';

const SAMPLING = { seed: 5, pairs: 16, tokens: 5, vocabulary: 4 };

async function reportOf(id: string): Promise<VerificationReport> {
  const variant = loadVariant(id);
  if (variant.kind !== 'variant') throw new Error(JSON.stringify(variant));
  return told(await reportVerification(variant, [], SAMPLING));
}
function told(report: { readonly kind: string }): VerificationReport {
  if (report.kind !== 'verification') throw new Error(JSON.stringify(report));
  return report as VerificationReport;
}
/** In one line: where lines break is no matter here. */
const textOf = (report: VerificationReport): string =>
  verificationText(report, { color: false, width: 100 }).replaceAll(/\s+/g, ' ');

afterEach(() => vi.unstubAllGlobals());

test('the check comes after the others, and counts', async () => {
  const plain = await reportOf('simpo');
  const report = told(await withVectorised(plain));
  expect(report.checks.slice(0, -1)).toEqual(plain.checks);
  expect(report.checks.at(-1)).toMatchObject({
    name: 'WebAssembly kernel against the plain kernel',
    values: 16,
    passed: true,
  });
  expect(report.verified).toBe(true);
  expect(textOf(report)).toContain('the WebAssembly kernel, on 16 pairs of up to 5 tokens');
  expect(textOf(plain)).not.toContain('WebAssembly');
});

test('it does not verify what did not hold without it', async () => {
  expect(told(await withVectorised({ ...(await reportOf('dpo')), verified: false })).verified).toBe(false);
});

test('long runs compare some of the pairs', async () => {
  const plain = await reportOf('dpo');
  const long = { ...plain, sampling: { ...plain.sampling, pairs: 1_000_000, tokens: 1 } };
  expect(told(await withVectorised(long)).vectorised).toMatchObject({ sampling: { pairs: 8192 } });
});

test('a loss without records of real code is still said to have none', async () => {
  const sentence = 'There are no records of real code either';
  const report = await reportOf('discopop');
  expect(textOf(report)).toContain(sentence);
  expect(textOf(told(await withVectorised(report)))).toContain(sentence);
});

describe('a host without WebAssembly', () => {
  test('has the other checks, and is told why not this one', async () => {
    const plain = await reportOf('dpo');
    vi.stubGlobal('WebAssembly', undefined);
    const report = told(await withVectorised(plain));
    expect(report.checks).toEqual(plain.checks);
    expect(report.verified).toBe(true);
    expect(report.vectorised).toEqual({ kind: 'not-vectorised', reason: 'engine' });
    expect(verificationJson(report)).toEqual(verificationJson(plain));
    expect(textOf(report)).toContain(
      'no WebAssembly kernel, because this host cannot run WebAssembly with SIMD',
    );
  });
});
