/** Which marks a file may give, and how names are written otherwise. */

import fc from 'fast-check';
import katex from 'katex';
import { describe, expect, test } from 'vitest';
import { markOf, safeLatex, upright } from '../../src/render/mark.ts';
import { hostile } from './arbitrary.ts';

const STRICT = { strict: 'error', throwOnError: true, trust: false } as const;

describe('marks given by files', () => {
  test.each([
    String.raw`\beta`,
    'm_t',
    String.raw`\pi_k`,
    String.raw`\pi_{\theta_k}`,
    String.raw`\hat{\beta}`,
    String.raw`\mathrm{gamma\_beta\_ratio}`,
    String.raw`\lambda_{\mathrm{SFT}}`,
    String.raw`\mathcal{D}'`,
    String.raw`\pi^{(k-1)}`,
    'r^*_2',
    String.raw`\epsilon_{0.1}`,
  ])('%s is printed as it is', (mark) => expect(safeLatex(mark)).toBe(true));

  test.each([
    '',
    ' ',
    '2',
    '^2',
    '_t',
    "'",
    'a}{b',
    '{a',
    'a^b^c',
    'a_',
    'a+b',
    'a%b',
    'a&b',
    '$a$',
    '\\',
    String.raw`\input{x}`,
    String.raw`\def\a{b}`,
    String.raw`\href{http://a}{b}`,
    String.raw`\includegraphics{a}`,
    String.raw`\catcode`,
    String.raw`\url{a}`,
    String.raw`\rule{99em}{99em}`,
    String.raw`\color{red}`,
    String.raw`\htmlClass{a}{b}`,
    String.raw`\mathrm`,
    String.raw`\mathrm{\input{x}}`,
    String.raw`\csname input\endcsname`,
    '^^5cinput',
    'β',
    `${'{'.repeat(20)}a${'}'.repeat(20)}`,
    'a'.repeat(500),
  ])('%s is refused', (mark) => expect(safeLatex(mark)).toBe(false));

  const pieces = [
    '\\beta',
    '\\mathrm',
    '\\hat',
    '{',
    '}',
    '_',
    '^',
    "'",
    'a',
    't',
    '1',
    '*',
    '(',
    ' ',
    '\\_',
    '\\ell',
    '=',
  ];
  const nearMarks = fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((list) => list.join(''));

  test('what is let through is a formula, alone and with an exponent, next to others', () => {
    fc.assert(
      fc.property(nearMarks, (mark) => {
        fc.pre(safeLatex(mark));
        expect(() => katex.renderToString(`a {${mark}}^{2} ${mark} b ${mark}(y)`, STRICT)).not.toThrow();
      }),
      { numRuns: 3000, maxSkipsPerRun: 10_000 },
    );
  });

  test('any text stands upright in a formula', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(() => katex.renderToString(upright(text), STRICT)).not.toThrow();
      }),
    );
  });
});

test.each([
  ['beta', String.raw`\beta`, 'β'],
  ['β', String.raw`\beta`, 'β'],
  ['beta_1', String.raw`\beta_{1}`, 'β_1'],
  ['lambda_sft', String.raw`\lambda_{\mathrm{sft}}`, 'λ_sft'],
  ['pi_theta', String.raw`\pi_{\theta}`, 'π_θ'],
  ['k', 'k', 'k'],
  ['score', String.raw`\mathrm{score}`, 'score'],
  ['gamma_beta_ratio', String.raw`\mathrm{gamma\_beta\_ratio}`, 'gamma_beta_ratio'],
  ['beta1', String.raw`\mathrm{beta1}`, 'beta1'],
  ['constructor', String.raw`\mathrm{constructor}`, 'constructor'],
])('%s is %s, or %s as text', (name, latex, text) => expect(markOf(name)).toEqual({ latex, text }));
