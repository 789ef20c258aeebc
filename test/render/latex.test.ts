/** LaTeX as a referee wants to read it, valid to the strictest reader there is. */

import fc from 'fast-check';
import katex from 'katex';
import { describe, expect, test } from 'vitest';
import type { Declarations } from '../../src/expr/declare.ts';
import { BUILT_IN, FIXED_DISTRIBUTION } from '../../src/expr/declare.ts';
import { apply, divide, pow, sigmoid, sum, sym, variable } from '../../src/expr/expr.ts';
import { latex } from '../../src/render/latex.ts';
import { latexLines } from '../../src/render/lines.ts';
import { defaultNotation } from '../../src/render/notation.ts';
import { parse } from '../../src/syntax/parse.ts';
import { FORMULA_SCOPE } from '../../src/syntax/scope.ts';
import { expressions } from './arbitrary.ts';
import { FORMULAS } from './formulas.ts';

const N = defaultNotation();
const check = (formula: string): string =>
  katex.renderToString(formula, { strict: 'error', throwOnError: true, trust: false, displayMode: true });

test.each(Object.entries(FORMULAS))('%s', (_, { e, latex: expected }) => {
  expect(latex(e, N)).toBe(expected);
  expect(() => check(expected)).not.toThrow();
});

test('every formula is valid', () => {
  fc.assert(
    fc.property(expressions({ sums: true }), (e) => {
      expect(() => check(latex(e, N))).not.toThrow();
    }),
    { numRuns: 300 },
  );
});

const W = variable('w', 'response');
const T = variable('t', 'token');
const declaring = (parameters: readonly string[], data: Declarations['data'] = {}): Declarations => ({
  parameters: Object.fromEntries(parameters.map((name) => [name, 'real'])),
  data: { ...BUILT_IN, ...data },
  facts: [],
});
const TOKENWISE = {
  is: 'real',
  shapes: [['response', 'token']],
  distribution: false,
  prompt: false,
  policy: false,
} as const;

describe('notation', () => {
  test.each<[parameters: readonly string[], latexOf: Readonly<Record<string, string>>, weight: string]>([
    [[], {}, String.raw`\tau`],
    [['tau'], {}, String.raw`\kappa`],
    [['tau', 'kappa'], {}, String.raw`\lambda`],
    [['temperature'], { temperature: String.raw`\tau` }, String.raw`\kappa`],
    [['tau'], { tau: 'T' }, String.raw`\tau`],
  ])('beside %j %j the weight is %s', (parameters, overrides, weight) => {
    const notation = defaultNotation({ declared: declaring(parameters), latex: overrides });
    expect(latex(apply('kl_weight', []), notation)).toBe(weight);
  });

  test.each<[override: string, expected: string]>([
    ['m_t', 'm_t(y_w)'],
    ['m_{t}', 'm_{t}(y_w)'],
    [String.raw`\mu`, String.raw`\mu_t(y_w)`],
    ['m_k', 'm_k(y_w, t)'],
    ["m'", "m'(y_w, t)"],
    [String.raw`\input{a}`, String.raw`\text{\textbackslash{}input\{a\}}_t(y_w)`],
  ])('m(w,t) written %s is %s', (override, expected) => {
    const notation = defaultNotation({ declared: declaring([], { m: TOKENWISE }), latex: { m: override } });
    expect(latex(apply('m', [W, T]), notation)).toBe(expected);
    expect(() => check(expected)).not.toThrow();
  });

  test('declared distributions are written as the reference is', () => {
    const declared = declaring([], { prev: FIXED_DISTRIBUTION });
    const notation = defaultNotation({ declared, latex: { prev: String.raw`\pi_k` } });
    expect(latex(divide(apply('prev', [W]), apply('prev', [W, T])), notation)).toBe(
      String.raw`\frac{\pi_k(y_w \mid x)}{\pi_k(y_{w,t} \mid x, y_{w,<t})}`,
    );
  });

  test('a prior of the response alone shows no prompt', () => {
    const declared = declaring([], { zeta: { ...FIXED_DISTRIBUTION, distribution: false, prompt: false } });
    expect(latex(apply('zeta', [W]), defaultNotation({ declared }))).toBe(String.raw`\zeta(y_w)`);
  });

  test('a hyper-parameter called sigma takes the letter from the logistic function', () => {
    const notation = defaultNotation({ declared: declaring(['sigma']) });
    expect(latex(sigmoid(sym('sigma')), notation)).toBe(String.raw`\operatorname{sigmoid}(\sigma)`);
  });

  test('a mark with an exponent of its own takes another one', () => {
    const notation = defaultNotation({ latex: { k: 'k^*' } });
    expect(latex(pow(sym('k'), sym('n')), notation)).toBe('{k^*}^{n}');
    expect(() => check('{k^*}^{n}')).not.toThrow();
  });

  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'é', '$', 'β'])(
    'the name %s is harmless',
    (name) => {
      const i = variable(name, 'token');
      const e = divide(sum(i, { kind: 'tokens', of: W }, apply(name, [W, i])), sym(name));
      const notation = defaultNotation({ declared: declaring([name]) });
      expect(() => check(latex(e, N))).not.toThrow();
      expect(() => check(latex(e, notation))).not.toThrow();
      expect(latex(e, notation)).not.toContain('undefined');
    },
  );
});

describe('long formulas', () => {
  const hdpo = FORMULAS['H-DPO, loss']?.e ?? sym('missing');

  test('break where a mathematician breaks them', () => {
    expect(latexLines(hdpo, N, 45)).toEqual([
      String.raw`-\log \sigma\bigl( \alpha \beta (\log \pi_\theta(y_w \mid x) - \log \pi_\theta(y_l \mid x))`,
      String.raw`\quad {} - \beta (\log \pi_{\mathrm{ref}}(y_w \mid x) - \log \pi_{\mathrm{ref}}(y_l \mid x)) \bigr)`,
    ]);
    expect(latexLines(hdpo, N, 30)).toEqual([
      String.raw`-\log \sigma\bigl( \alpha \beta \bigl( \log \pi_\theta(y_w \mid x)`,
      String.raw`\quad \quad {} - \log \pi_\theta(y_l \mid x) \bigr)`,
      String.raw`\quad {} - \beta \bigl( \log \pi_{\mathrm{ref}}(y_w \mid x)`,
      String.raw`\quad \quad {} - \log \pi_{\mathrm{ref}}(y_l \mid x) \bigr) \bigr)`,
    ]);
  });

  test('stay on one line where they fit', () => {
    fc.assert(
      fc.property(expressions({ sums: true }), (e) => {
        expect(latexLines(e, N, 1e9)).toEqual([latex(e, N)]);
      }),
    );
  });

  test('every line is valid, alone and in its environment', () => {
    fc.assert(
      fc.property(expressions({ sums: true }), fc.integer({ min: 1, max: 40 }), (e, limit) => {
        const lines = latexLines(e, N, limit);
        for (const line of lines) expect(() => check(line)).not.toThrow();
        expect(() =>
          check(`\\begin{aligned}${lines.map((line) => `&${line}`).join('\\\\')}\\end{aligned}`),
        ).not.toThrow();
      }),
      { numRuns: 200 },
    );
  });

  test.each([
    [
      'a wide product, before its last factor',
      '(a + b + c + d) * sigmoid(a + b + c + d)',
      26,
      ['(a + b + c + d)', String.raw`{} \times \sigma(a + b + c + d)`],
    ],
    [
      'a wide fraction, as one over the other, closed after a log',
      'log((a + b + c + d + f)/(g + h + k + m + n))',
      18,
      [
        String.raw`\log\biggl( \bigl( a + b + c`,
        String.raw`\quad \quad {} + d + f \bigr)`,
        String.raw`\quad \Big/ \bigl( g + h + k`,
        String.raw`\quad \quad {} + m + n \bigr) \biggr)`,
      ],
    ],
    [
      'arguments',
      'max(a + b + c + d, f + g + h + k)',
      24,
      [String.raw`\max\bigl( a + b + c + d,`, String.raw`\quad f + g + h + k \bigr)`],
    ],
  ] as const)('%s', (_, text, limit, lines) => {
    expect(latexLines(parse(text, FORMULA_SCOPE), N, limit)).toEqual(lines);
  });

  test('the lines together are the formula', () => {
    // Sizes of brackets, spaces and empty groups are all that breaking may add, except to fractions and products.
    const bare = (text: string): string =>
      text.replace(/\\(?:left|right|quad|[bB]igg?[lr])(?![A-Za-z])|\{\}|\s/g, '');
    const letters = (text: string): string => bare(text).replace(/\\(?:frac|times|cdot|Big\/)|[(){}]/g, '');
    fc.assert(
      fc.property(expressions({ sums: true }), fc.integer({ min: 1, max: 40 }), (e, limit) => {
        const [lines, whole] = [latexLines(e, N, limit).join(' '), latex(e, N)];
        const isPlain = !/\\(?:Big|times)(?![A-Za-z])/.test(lines);
        expect(letters(lines)).toBe(letters(whole));
        if (isPlain) expect(bare(lines)).toBe(bare(whole));
      }),
    );
  });
});
