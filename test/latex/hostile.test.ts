/** What others write comes out as text, and a fragment fits into an article that is not ours. */

import { describe, expect, test } from 'vitest';
import { derivationBib, derivationLatex } from '../../src/render/derivation-latex.ts';
import { plainText } from '../../src/render/escape.ts';
import { marksOf } from '../../src/render/marks.ts';
import type { Marks } from '../../src/render/notation.ts';
import type { Derived } from '../../src/render/remark.ts';
import { reportDerivation } from '../../src/report/derivation.ts';
import { readNotation } from '../../src/variant/notation-file.ts';
import { readVariant } from '../../src/variant/read.ts';
import type { Variant } from '../../src/variant/variant.ts';
import { HOSTILE, hostile, published } from '../render/claims.ts';
import { compile, HAS_TEX, NEEDS } from './compile.ts';

function derived(variant: Variant): Derived {
  const report = reportDerivation(variant);
  if (report.kind !== 'derived') throw new TypeError('nothing to derive');
  return report;
}

function marks(text: string): Marks {
  const file = readNotation(text, 'mine.yaml');
  const read = file.kind === 'notation' ? marksOf(file) : file;
  if ('kind' in read) throw new TypeError(read.kind);
  return read;
}

const article = (packages: string, body: string): string =>
  `\\documentclass{article}\n\\usepackage{amsmath,amssymb}\n${packages}\n\\begin{document}\n${body}\n\\end{document}\n`;

describe.skipIf(!HAS_TEX)('an article of the user', () => {
  test.each([
    ['plain', ''],
    ['with its own proposition and proof', '\\usepackage{amsthm}\n\\newtheorem{proposition}{Proposition}'],
  ])(
    'takes two fragments, %s',
    async (_, packages) => {
      const options = { standalone: false, steps: true } as const;
      const { complaints, text } = await compile({
        'main.tex': article(
          `\\usepackage[margin=1in]{geometry}\n${packages}`,
          '\\input{dpo}\n\\input{simpo}',
        ),
        'dpo.tex': derivationLatex(derived(published('dpo')), options),
        'simpo.tex': derivationLatex(derived(published('simpo')), options),
      });
      expect(complaints).toEqual([]);
      expect(text.includes('SimPO')).toBe(true);
    },
    60_000,
  );

  test('cites through a generated .bib', async () => {
    const report = derived({ ...published('dpo'), ...bibliographical });
    const fragment = derivationLatex(report, { standalone: false, cites: true });
    const { complaints, text } = await compile({
      'main.tex': article(
        '\\usepackage[margin=1in]{geometry}',
        '\\input{dpo}\n\\bibliographystyle{plain}\n\\bibliography{all}',
      ),
      'dpo.tex': fragment,
      'all.bib': derivationBib(report),
    });
    expect(complaints).toEqual([]);
    expect(text.includes('Rank Analysis')).toBe(true);
    expect(text.replace(/\s+/g, ' ').includes('Braces { of one kind')).toBe(true);
    expect(fragment).not.toContain('Rank Analysis');
  }, 60_000);
});

/** A paper whose data would break a careless .bib file. */
const bibliographical = {
  paper: { authors: ['Poe and Sons', 'Ünal'], year: 2024, title: 'Braces { of one kind', venue: '100% @ #1' },
};

describe.skipIf(!HAS_TEX)('text of others', () => {
  test.each(HOSTILE.map((text, i) => [i, text] as const))(
    'number %i is set as it is',
    async (_, text) => {
      const { complaints, text: shown } = await compile({
        'main.tex': derivationLatex(derived(hostile(text)), { standalone: true, steps: false }),
      });
      expect(complaints).toEqual([]);
      // What a terminal would obey is no text; of the rest, words are enough: marks have glyphs of their own.
      const [word = ''] = plainText(text).match(/[A-Za-z]{4,}/) ?? [];
      expect(word).not.toBe('');
      expect(shown.includes(word)).toBe(true);
    },
    60_000,
  );

  test('letters of any alphabet, ligatures and dashes do not stop TeX', async () => {
    const text = 'Ünal Łukasz 中文 🎉 привет ---- ,,x,, <<y>> ?` ﬁ ß Ĳ ĸ ŉ €';
    const { complaints, text: shown } = await compile({
      'main.tex': derivationLatex(derived(hostile(text)), { standalone: true, steps: false }),
    });
    expect(complaints).toEqual([]);
    expect(shown.includes('Ünal Łukasz')).toBe(true);
    expect(shown.includes('---- ,,x,, <<y>> ?')).toBe(true);
  }, 60_000);

  test('symbols of a file that are no symbols are words', async () => {
    const variant = readVariant(
      String.raw`
title: Mine
parameters: { beta: { is: positive, latex: '\input{/etc/passwd} % ' } }
data: { 's(y)': { is: real, latex: '\def\pi{}' } }
loss: -log(sigmoid(beta * (log(pi(w)/pi(l))) - s(w) + s(l)))
`,
      'mine.yaml',
    );
    if (variant.kind !== 'variant') throw new TypeError(variant.kind);
    const source = derivationLatex(derived(variant), { standalone: true });
    const { text } = await compile({ 'main.tex': source });
    expect(text.replace(/\s+/g, '').includes('input{/etc/passwd}%')).toBe(true);
  }, 60_000);

  test('the notation of the user is set, in text and subscripts', async () => {
    const mine = marks(String.raw`
pi: '\pi_\phi'
ref: '\pi_0'
theta: '\phi'
w: 'y^+'
l: 'y^-'
x: q
loss: '\ell'
sigma: s
parameters: { beta: '\lambda' }
`);
    const variant = published('dpo');
    const source = derivationLatex(derived(variant), { standalone: true, marks: mine });
    const { complaints, text } = await compile({ 'main.tex': source });
    expect(complaints).toEqual([]);
    expect(text.includes('πϕ')).toBe(true);
    expect(source).not.toMatch(/\\beta|\\theta|y_w|\\sigma|mathrm\{ref\}/);
  }, 60_000);
});

test.runIf(!HAS_TEX)(`skipped: ${NEEDS}`, ({ skip }) => skip(NEEDS));
