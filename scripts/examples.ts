/** Writes docs/examples: three derivations as LaTeX (`npx tsx scripts/examples.ts`), and set as PDF with `--pdf`. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { derivationLatex } from '../src/render/derivation-latex.ts';
import { reportDerivation } from '../src/report/derivation.ts';
import { loadVariant } from '../src/variant/files.ts';

export const EXAMPLES = ['dpo', 'simpo', 'tdpo2'] as const;
const FOLDER = resolve(import.meta.dirname, '../docs/examples');

/** The article as it is now. */
export function example(id: string): string {
  const variant = loadVariant(id);
  if (variant.kind !== 'variant') throw new Error(`not a derivation file: ${id}`);
  const report = reportDerivation(variant);
  if (report.kind !== 'derived') throw new Error(`no derivation of ${id}`);
  return derivationLatex(report, { standalone: true, highlight: true });
}

/** The PDF of an article; the same bytes for the same article and the same TeX. */
function setByTex(source: string): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'midpo-example-'));
  try {
    writeFileSync(join(folder, 'main.tex'), source);
    const options = ['-pdf', '-interaction=nonstopmode', '-halt-on-error', '-silent', '-norc', 'main.tex'];
    const env = { ...process.env, SOURCE_DATE_EPOCH: '0', FORCE_SOURCE_DATE: '1' };
    execFileSync('latexmk', options, { cwd: folder, env, stdio: 'ignore' });
    return readFileSync(join(folder, 'main.pdf'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.filename === process.argv[1]) {
  mkdirSync(FOLDER, { recursive: true });
  for (const id of EXAMPLES) {
    const source = example(id);
    writeFileSync(join(FOLDER, `${id}.tex`), source);
    if (process.argv.includes('--pdf')) writeFileSync(join(FOLDER, `${id}.pdf`), setByTex(source));
  }
}
