/** Every derivation of the catalogue, set by TeX for real: nothing sticks out, nothing is missing, and it says the loss. */

import { beforeAll, describe, expect, test } from 'vitest';
import { derivationLatex } from '../../src/render/derivation-latex.ts';
import { GREEK } from '../../src/render/escape.ts';
import { latex } from '../../src/render/latex.ts';
import type { Derived } from '../../src/render/remark.ts';
import { variantNotation } from '../../src/render/variant-notation.ts';
import { reportDerivation } from '../../src/report/derivation.ts';
import { catalogue, loadVariant } from '../../src/variant/files.ts';
import type { Compiled } from './compile.ts';
import { compile, HAS_LUA, HAS_TEX, NEEDS } from './compile.ts';

const reports = new Map<string, Derived>(
  catalogue().flatMap((id) => {
    const variant = loadVariant(id);
    if (variant.kind !== 'variant') throw new TypeError(`not a derivation file: ${id}`);
    const report = reportDerivation(variant);
    return report.kind === 'derived' ? [[id, report] as const] : [];
  }),
);
const IDS = [...reports.keys()];

const reportOf = (id: string): Derived => {
  const report = reports.get(id);
  if (report === undefined) throw new TypeError(`no derivation of ${id}`);
  return report;
};

/** Two programs at a time. */
async function inPairs<T>(ids: readonly string[], work: (id: string) => Promise<T>): Promise<Map<string, T>> {
  const done = new Map<string, T>();
  const left = [...ids];
  const worker = async (): Promise<void> => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) done.set(id, await work(id));
  };
  await Promise.all([worker(), worker()]);
  return done;
}

/** The loss as it reads in the PDF, up to its first fraction, sum or power; brackets have no letters there. */
function printed({ variant, membership }: Derived): string {
  const notation = variantNotation(variant, membership.tier);
  return latex(variant.loss, notation)
    .replace(/\\(?:frac|sum|mathbf|max|min|operatorname\{clamp\}).*$|\^.*$/, '')
    .replace(/\\(?:bigl|bigr|left|right|mathrm|operatorname|mathcal)(?![a-z])/g, '')
    .replace(/\\[lr]vert/g, '|')
    .replace(/\\mid/g, '|')
    .replace(/\\([A-Za-z]+)/g, (_, name: string) => GREEK.get(name) ?? name)
    .replaceAll('-', '−')
    .replace(/[^\p{L}\p{N}|+−,]/gu, '');
}
/** Computer Modern's phi reads as another letter than the one that has its name. */
const letters = (text: string): string => text.replaceAll('ϕ', 'φ').replace(/[^\p{L}\p{N}|+−,]/gu, '');

describe.skipIf(!HAS_TEX)('the catalogue in LaTeX', () => {
  let compiled: ReadonlyMap<string, Compiled>;
  beforeAll(async () => {
    compiled = await inPairs(IDS, (id) =>
      compile({ 'main.tex': derivationLatex(reportOf(id), { standalone: true }) }),
    );
  }, 400_000);

  test('there is something to compile', () => expect(IDS.length).toBeGreaterThan(15));

  test.each(IDS)('%s compiles, and the log has nothing to complain of', (id) => {
    expect(compiled.get(id)?.complaints).toEqual([]);
  });

  test.each(IDS)('%s prints its published loss', (id) => {
    const wanted = printed(reportOf(id));
    expect(wanted.length).toBeGreaterThan(8);
    expect(letters(compiled.get(id)?.text ?? '').includes(wanted), wanted).toBe(true);
  });

  test.each(IDS)('%s prints its title, every stage and every step', (id) => {
    const { variant, trace } = reportOf(id);
    const text = compiled.get(id)?.text ?? '';
    expect(text.includes(variant.title)).toBe(true);
    for (const { id: stage, steps } of trace.stages) {
      expect(text.includes(`${stage}. `), stage).toBe(true);
      if (steps.length > 0) expect(text.includes(`${stage}.${steps.length} `), stage).toBe(true);
    }
  });
});

describe.skipIf(!HAS_LUA)('with lualatex, and with what changes set off', () => {
  test.each(['dpo', 'simpo', 'tdpo2', 'tis-dpo'])(
    '%s',
    async (id) => {
      const source = derivationLatex(reportOf(id), { standalone: true, highlight: true });
      expect(source).toContain('\\midpochanged{\\');
      expect((await compile({ 'main.tex': source }, 'lualatex')).complaints).toEqual([]);
    },
    120_000,
  );
});

test.runIf(!HAS_TEX)(`skipped: ${NEEDS}`, ({ skip }) => skip(NEEDS));
