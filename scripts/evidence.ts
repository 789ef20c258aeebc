/** Writes docs/evidence.md, every recorded case against our kernels: `npx tsx scripts/evidence.ts`. */

import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readVectors } from '../src/numeric/vectors.ts';
import type { EvidenceRow, SampledRow } from '../src/render/evidence.ts';
import { evidencePage } from '../src/render/evidence.ts';
import { reportVerification, verifyExhibit } from '../src/report/verification.ts';
import { catalogue, loadVariant, readVectorsFile } from '../src/variant/files.ts';
import type { Evidence, Variant } from '../src/variant/variant.ts';

function recordOf(variant: Variant, evidence: Evidence): EvidenceRow {
  const { vectors: name, where, batches = [], gives, loss, says } = evidence;
  const file = readVectorsFile(name, variant.source.file);
  const vectors = file.kind === 'json' ? readVectors(file.value) : file;
  if (vectors.kind !== 'vectors') throw new Error(`not a file of vectors: ${name}`);
  const check = verifyExhibit(variant, { name, vectors, evidence });
  if (check.kind !== 'check')
    throw new Error(`${variant.id} could not be held against ${name}: ${check.kind}`);
  const cases = [
    ...[...where].map(([key, value]) => `${key} = ${value}`),
    ...batches.map((batch) => `batch ${batch}`),
  ];
  return {
    variant: variant.id,
    vectors: name,
    cases: cases.join(', '),
    ...vectors.source,
    check,
    says,
    deviates: gives === 'nan' ? 'no number' : loss === undefined ? undefined : 'another loss',
  };
}

async function sampledOf(variant: Variant): Promise<SampledRow> {
  const report = await reportVerification(variant, []);
  if (report.kind !== 'verification') throw new Error(`${variant.id} could not be verified: ${report.kind}`);
  return { variant: variant.id, checks: report.checks };
}

const variants = (): readonly Variant[] =>
  catalogue().map((id) => {
    const variant = loadVariant(id);
    if (variant.kind !== 'variant') throw new Error(`not a derivation file: ${id}`);
    return variant;
  });

/** Every entry of evidence in the catalogue, run. */
export const records = (): readonly EvidenceRow[] =>
  variants().flatMap((variant) => variant.evidence.map((one) => recordOf(variant, one)));

if (import.meta.filename === process.argv[1]) {
  const page = evidencePage(records(), await Promise.all(variants().map(sampledOf)));
  writeFileSync(resolve(import.meta.dirname, '../docs/evidence.md'), page);
}
