/** `derive` with the user's own notation, a bibliography, every step, and what changes set off. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderWith, midpo } from './run.ts';

const MINE = String.raw`
pi: '\pi_\phi'
ref: '\pi_0'
w: 'y^+'
l: 'y^-'
parameters: { beta: '\lambda' }
`;

describe('--notation', () => {
  const folder = folderWith({ 'mine.yaml': MINE, 'bad.yaml': String.raw`pi: '\write18{ls}'` });
  const mine = join(folder, 'mine.yaml');

  test.each([
    ['text', 'λ·log(π_φ(y⁺)/π_0(y⁺))'],
    ['latex', String.raw`\lambda \log \frac{\pi_\phi(y^+ \mid x)}{\pi_0(y^+ \mid x)}`],
    ['latex-fragment', String.raw`\pi_0(y^- \mid x)`],
    ['markdown', String.raw`\lambda \log \frac{\pi_\phi(y^+ \mid x)}`],
    ['quarto', String.raw`$\tau = \lambda$`],
  ])('--to %s writes the symbols of the file', (to, wanted) => {
    const { exit, out, err } = midpo(['derive', 'dpo', '--to', to, '--notation', mine]);
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    expect(out).toContain(wanted);
    expect(out).not.toMatch(/\\beta|β|\\pi_\\theta|π\(|y_w/);
  });

  test.each([
    [
      'what does more than stand for a symbol',
      ['--notation', join(folder, 'bad.yaml')],
      'is more than a symbol',
    ],
    ['a file that is not there', ['--notation', join(folder, 'none.yaml')], 'no file'],
    ['json', ['--to', 'json', '--notation', mine], 'says nothing to --to json'],
  ])('is refused: %s', (_, options, says) => {
    const output = join(folder, 'never');
    const { exit, out, err } = midpo(['derive', 'dpo', '-o', output, ...options]);
    expect({ exit, out }).toEqual({ exit: 2, out: '' });
    expect(err).toContain(says);
    expect(existsSync(output)).toBe(false);
  });
});

test('--bib writes what the page cites', () => {
  const folder = folderWith();
  const [page, bib] = [join(folder, 'dpo.tex'), join(folder, 'dpo.bib')];
  const { exit } = midpo(['derive', 'dpo', '--to', 'latex-fragment', '-o', page, '--bib', bib]);
  expect(exit).toBe(0);
  const cited = [...readFileSync(page, 'utf8').matchAll(/\\cite\{(.*?)\}/g)].map(([, key]) => key).sort();
  const entries = [...readFileSync(bib, 'utf8').matchAll(/^@misc\{(.*?),$/gm)].map(([, key]) => key).sort();
  expect(cited.length).toBe(3);
  expect(entries).toEqual(cited);
});

test.each([
  ['--highlight', []],
  ['--bib', ['never.bib']],
])('%s is for LaTeX', (option, rest) => {
  const { exit, err } = midpo(['derive', 'dpo', option, ...rest]);
  expect(exit).toBe(2);
  expect(err).toContain('add --to latex');
  expect(existsSync('never.bib')).toBe(false);
});

test('--steps shows every step, --highlight sets off what changes', () => {
  expect(midpo(['derive', 'dpo', '--steps']).out).toMatch(/^ +S7\.4 weight: τ = β$/m);
  expect(midpo(['derive', 'dpo']).out).not.toMatch(/^ +S7\.4 /m);
  expect(midpo(['derive', 'dpo', '--to', 'latex', '--highlight']).out).toContain('\\midpochanged{\\beta}');
  expect(midpo(['derive', 'dpo', '--to', 'markdown']).out).toMatch(
    /<details>\n<summary>All \d+ steps of S2</,
  );
  expect(midpo(['derive', 'dpo', '--to', 'quarto']).out).toContain('::: {.callout-note collapse="true"}');
});
