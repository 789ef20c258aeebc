/** Files of notation: what is read, and what is refused with its place. */

import { expect, test } from 'vitest';
import { faultText } from '../../src/render/fault.ts';
import { marksOf } from '../../src/render/marks.ts';
import { readNotation } from '../../src/variant/notation-file.ts';

const refusal = (text: string): string => {
  const file = readNotation(text, 'mine.yaml');
  const read = file.kind === 'notation' ? marksOf(file) : file;
  return 'kind' in read ? faultText(read) : 'accepted';
};

test('reads symbols, hyper-parameters and data; text is derived from LaTeX, or given', () => {
  const file = readNotation(
    String.raw`
pi: '\pi_\phi'
ref: { latex: '\pi_{\mathrm{old}}', text: old }
w: 'y^+'
l: "y^{-}"
parameters: { beta: '\lambda_{12}', constructor: '\varepsilon' }
data: { 'm': '\tilde{m}' }
`,
    'mine.yaml',
  );
  if (file.kind !== 'notation') throw new TypeError(file.kind);
  expect(marksOf(file)).toEqual({
    symbols: {
      pi: { latex: String.raw`\pi_\phi`, text: 'π_φ' },
      ref: { latex: String.raw`\pi_{\mathrm{old}}`, text: 'old' },
      w: { latex: 'y^+', text: 'y⁺' },
      l: { latex: 'y^{-}', text: 'y⁻' },
    },
    parameters: {
      beta: { latex: String.raw`\lambda_{12}`, text: 'λ_12' },
      constructor: { latex: String.raw`\varepsilon`, text: 'ε' },
    },
    data: { m: { latex: String.raw`\tilde{m}`, text: 'm' } },
  });
});

test.each([
  ['a misspelt symbol', "rfe: 'x'", 'line 1, column 1, in `rfe`: unknown field `rfe`; did you mean `ref`?'],
  ['a macro', String.raw`pi: '\input{/etc/passwd}'`, 'is more than a symbol'],
  ['a comment sign', "parameters: { beta: 'b%' }", 'in `parameters.beta`: `b%` is more than a symbol'],
  ['a group left open', "pi: 'a}{b'", 'is more than a symbol'],
  ['one mark for two', "pi: 'p'\nref: 'p'", 'line 2, column 6, in `ref`: `p` already stands for `pi`'],
  ['a list', 'pi: [a]', 'a list where there should be LaTeX in single quotes'],
  ['a number', 'parameters: { beta: 3 }', 'a number where there should be LaTeX'],
  ['a wrong part', "pi: { tex: 'p' }", 'a mapping where there should be LaTeX'],
  ['nothing', '', 'nothing in this file; an entry is, for example'],
  ['what is not YAML', "pi: 'x", 'a bracket, comma, colon, space or quotation mark is missing'],
  ['a prototype', "__proto__: 'x'", 'unknown field `__proto__`'],
  ['too much', `pi: '${'x'.repeat(100_001)}'`, 'more than 100000 characters'],
])('refuses %s', (_, text, says) => {
  expect(refusal(text)).toContain(says);
});
