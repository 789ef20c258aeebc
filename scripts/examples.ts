/**
 * Writes docs/examples: three derivations as LaTeX and, where latexmk is there, as PDF, and two plots:
 * `npx tsx scripts/examples.ts`.
 */

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { derivationLatex } from '../src/render/derivation-latex.ts';
import { plotSvg } from '../src/render/plot-svg.ts';
import { reportDerivation } from '../src/report/derivation.ts';
import { reportPlot } from '../src/report/plot.ts';
import type { PlotQuestion } from '../src/report/plot-question.ts';
import { PLOT_CURVES } from '../src/report/plot-question.ts';
import { loadVariant } from '../src/variant/files.ts';
import type { Variant } from '../src/variant/variant.ts';

const FOLDER = resolve(import.meta.dirname, '../docs/examples');
const ARTICLES = ['dpo', 'simpo', 'tdpo2'] as const;

interface Drawing {
  readonly ids: readonly string[];
  readonly question: Pick<PlotQuestion, 'x' | 'from' | 'to'>;
}

/** As `midpo plot` draws them when asked for nothing else. */
const PLOTS: Readonly<Record<string, Drawing>> = {
  losses: { ids: ['dpo', 'simpo', 'slic', 'cdpo'], question: { x: 'margin', from: -40, to: 40 } },
  length: { ids: ['dpo', 'r-dpo', 'ln-dpo', 'simpo'], question: { x: 'length', from: 1, to: 60 } },
};

type Make = () => string | Promise<string>;

/** The files by their names, with what makes each as it is now. */
export const EXAMPLES: ReadonlyMap<string, Make> = new Map<string, Make>([
  ...ARTICLES.map((id) => [`${id}.tex`, () => article(id)] as const),
  ...Object.entries(PLOTS).map(([name, drawing]) => [`${name}.svg`, () => drawn(drawing)] as const),
]);

function load(id: string): Variant {
  const variant = loadVariant(id);
  if (variant.kind !== 'variant') throw new Error(`not a derivation file: ${id}`);
  return variant;
}

function article(id: string): string {
  const report = reportDerivation(load(id));
  if (report.kind !== 'derived') throw new Error(`no derivation of ${id}`);
  return derivationLatex(report, { standalone: true, highlight: true });
}

function drawn({ ids, question }: Drawing): Promise<string> {
  const report = reportPlot(ids.map(load), {
    ...question,
    curves: PLOT_CURVES,
    margin: 0,
    given: new Map(),
  });
  if (report.kind !== 'plot') throw new Error(`not to be drawn: ${report.kind}`);
  return plotSvg(report);
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
  const hasTex = spawnSync('latexmk', ['--version']).status === 0;
  if (!hasTex) process.stderr.write('without latexmk the PDFs stay as they are: scripts/install-peers.sh\n');
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, make] of EXAMPLES) {
    const source = await make();
    writeFileSync(join(FOLDER, name), source);
    const isArticle = name.endsWith('.tex');
    if (isArticle && hasTex) writeFileSync(join(FOLDER, name.replace('.tex', '.pdf')), setByTex(source));
  }
}
