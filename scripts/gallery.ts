/** Writes docs/gallery.md from the catalogue: `npx tsx scripts/gallery.ts`. */

import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readVectors } from '../src/numeric/vectors.ts';
import { isAsked } from '../src/numeric/verify.ts';
import type { GalleryEntry, Shown } from '../src/render/gallery.ts';
import { galleryPage } from '../src/render/gallery.ts';
import { reportMembership } from '../src/report/membership.ts';
import { catalogue, loadVariant, readVectorsFile } from '../src/variant/files.ts';
import type { Evidence } from '../src/variant/variant.ts';

function shown({ vectors, where, batches, selects, says }: Evidence): Shown {
  const file = readVectorsFile(vectors);
  const read = file.kind === 'json' ? readVectors(file.value) : file;
  if (read.kind !== 'vectors') throw new Error(`not a file of vectors: ${vectors}`);
  const question = { where, ...(batches !== undefined && { batches: new Set(batches) }) };
  const cases = read.cases.filter((one) => isAsked(question, one)).length;
  const { repo, function: name } = read.source;
  return { vectors, cases, says, repo, function: name, selects: selects !== undefined };
}

/** The page as the catalogue has it now. */
export function gallery(): string {
  const entries = catalogue().map((id): GalleryEntry => {
    const variant = loadVariant(id);
    if (variant.kind !== 'variant') throw new Error(`not a derivation file: ${id}`);
    return { report: reportMembership(variant), evidence: variant.evidence.map(shown) };
  });
  return galleryPage(entries);
}

if (import.meta.filename === process.argv[1]) {
  writeFileSync(resolve(import.meta.dirname, '../docs/gallery.md'), gallery());
}
