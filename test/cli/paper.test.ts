/** Tables, plots, exported code and new files as a user asks for them: where they go, and what is said to a slip. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderWith, midpo } from './run.ts';

describe('table', () => {
  test.each([
    ['text', /^DPO\n/],
    ['latex', /\\begin\{document\}/],
    ['latex-fragment', /^% In the preamble/],
    ['markdown', /^\| Variant \|/],
    ['html', /^<!DOCTYPE html>/],
    ['json', /"schema": "midpo\/table"/],
  ])('--to %s, to the terminal and to a file', (to, expected) => {
    const file = join(folderWith(), 'page');
    const { out, exit } = midpo(['table', 'dpo', 'ipo', '--to', to]);
    expect(exit).toBe(0);
    expect(out).toMatch(expected);
    expect(midpo(['table', 'dpo', 'ipo', '--to', to, '-o', file])).toEqual({ exit: 0, out: '', err: '' });
    expect(readFileSync(file, 'utf8')).toBe(out);
  });
  test('without claims it is of the whole catalogue; files and formulas join in', () => {
    const { variants } = JSON.parse(midpo(['list', '--json']).out) as { variants: readonly unknown[] };
    const whole = JSON.parse(midpo(['table', '--columns', 'tier', '--to', 'json']).out) as {
      rows: readonly unknown[];
    };
    expect(whole.rows).toHaveLength(variants.length);
    const folder = folderWith({ 'mine.yaml': 'title: Mine\nloss: -log(sigmoid(log(pi(w)/pi(l))))\n' });
    const claims = ['./mine.yaml', 'dpo', '-e', '-log(sigmoid(2 * log(pi(w)/pi(l))))'];
    expect(midpo(['table', ...claims, '--columns', 'id,tier'], { cwd: folder }).out).toBe(
      'Id       Tier\nmine     marginal\ndpo      conditional\nformula  marginal\n',
    );
  });
  test.each([
    [['--columns', 'teir'], /did you mean `tier`/],
    [['--columns', 'tier,tier'], /named twice/],
    [['--to', 'tex'], /did you mean `latex`/],
    [['dpo', 'simpoo'], /did you mean `simpo`/],
    [['--assume', 'beta > 0'], /there is none/],
    [['=log(2)'], /mentions neither/],
  ])('%j is refused, and nothing is written', (args, says) => {
    const folder = folderWith();
    const run = midpo(['table', ...args, '-o', 'page'], { cwd: folder });
    expect(run).toMatchObject({ exit: 2, out: '' });
    expect(run.err).toMatch(says);
    expect(existsSync(join(folder, 'page'))).toBe(false);
  });
});

/** One file of notation for every command. */
const MINE = folderWith({
  'mine.yaml': String.raw`
pi: '\pi_\phi'
ref: '\pi_0'
r: R
w: 'y^+'
l: 'y^-'
x: q
loss: '\ell'
parameters: { beta: '\lambda' }
data: { score: 's' }
`,
  'bad.yaml': String.raw`pi: '\write18{ls}'`,
});
const NOTATION = ['--notation', join(MINE, 'mine.yaml')];
const HOUSE = /\\beta|β|\\pi_\\theta|π\(|y_w|\\mathrm\{ref\}|π_ref/;

describe('--notation', () => {
  test.each([
    ['text', 'where h(y) = log(π_φ(y)/π_0(y))'],
    ['latex', 'The prompt $q$ is left out'],
    ['latex-fragment', String.raw`\lambda (h(y^+) - h(y^-))`],
    ['markdown', String.raw`\frac{\pi_\phi(y)}{\pi_0(y)}`],
    ['html', String.raw`\lambda`],
  ])('of a table --to %s', (to, wanted) => {
    const page = ['table', 'dpo', 'simpo', '--to', to, '--columns', 'id,prior,weight,loss'];
    const { exit, out, err } = midpo([...page, ...NOTATION]);
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    expect(out).toContain(wanted);
    expect(out).not.toMatch(HOUSE);
    expect(midpo(page).out).toMatch(HOUSE);
  });
  test('gives no symbol of the file to a second name', () => {
    const { out } = midpo(['table', 'dpop', '--columns', 'id,weight,loss', ...NOTATION]);
    expect(out).toContain('λ·(h(y⁺) - lambda·max(0, -h(y⁺)) - h(y⁻))');
    expect(midpo(['table', 'dpop', '--columns', 'loss']).out).toContain('λ·max');
  });
  test.each(['margin', 'length'])('of a plot against the %s: axes, curves and settings', (axis) => {
    const loss = '=-log(sigmoid(beta * log(pi(w)/pi(l)) - score(w) + score(l)))';
    const args = [
      'plot',
      loss,
      '--data',
      'score(y)',
      '--assume',
      'beta > 0',
      '--set',
      'beta=0.1',
      '--x',
      axis,
    ];
    const { exit, out, err } = midpo([...args, ...NOTATION]);
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    const shown = out.replace(/<tspan[^>]*>|<\/tspan>/g, '');
    for (const wanted of [
      'loss  ℓ',
      '−∂ℓ/∂ log πφ(y⁺)',
      'R(q,y⁺) − R(q,y⁻)',
      'λ = 0.1',
      's(y⁺) = 1',
      'π0 = 0.1',
    ])
      expect(shown).toContain(wanted);
    expect(shown).toContain(axis === 'margin' ? 'log(πφ(y⁺)/π0(y⁺))' : 'response  |y⁺|');
    expect(shown).not.toMatch(/β|πref|yw/);
    expect(midpo(args).out.replace(/<tspan[^>]*>|<\/tspan>/g, '')).toMatch(/β.*πref/);
  });
  test.each([
    [['table', 'dpo', '--to', 'json', ...NOTATION], 'says nothing to --to json'],
    [['plot', 'dpo', '--to', 'csv', ...NOTATION], 'says nothing to --to csv'],
    [['plot', 'dpo', '--notation', join(MINE, 'bad.yaml')], 'is more than a symbol'],
    [['table', 'dpo', '--notation', join(MINE, 'bad.yaml')], 'is more than a symbol'],
    [['table', 'dpo', '--notation', join(MINE, 'none.yaml')], 'no file'],
  ])('%j is refused, and nothing is written', (args, says) => {
    const output = join(folderWith(), 'page');
    const { exit, out, err } = midpo([...args, '-o', output]);
    expect({ exit, out }).toEqual({ exit: 2, out: '' });
    expect(err).toContain(says);
    expect(existsSync(output)).toBe(false);
  });
});

describe('plot', () => {
  test('writes the picture and, beside it, the numbers', () => {
    const folder = folderWith();
    const run = midpo(['plot', 'dpo', 'ipo', '-o', 'p.svg', '--data', 'p.csv'], { cwd: folder });
    expect(run).toEqual({ exit: 0, out: '', err: '' });
    expect(readFileSync(join(folder, 'p.svg'), 'utf8')).toBe(midpo(['plot', 'dpo', 'ipo']).out);
    expect(readFileSync(join(folder, 'p.csv'), 'utf8')).toBe(
      midpo(['plot', 'dpo', 'ipo', '--to', 'csv']).out,
    );
    expect(midpo(['plot', 'dpo', 'ipo', '--data', '-']).out).toBe(
      midpo(['plot', 'dpo', 'ipo', '--to', 'csv']).out,
    );
  });
  test('--data with brackets declares data, as everywhere', () => {
    const loss = '=-log(sigmoid(log(pi(w)/pi(l)) - score(w) + score(l)))';
    const { out, exit } = midpo(['plot', loss, '--data', 'score(y)', '--set', 'score(w)=3', '--to', 'json']);
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ curves: [{ settings: { data: { 'score chosen': 3 } } }] });
  });
  test.each([
    [[], /at least one claim/],
    [['dpo', '--set', 'beta'], /a name and its value/],
    [['dpo', '--set', 'beta=x'], /must be a number/],
    [['dpo', '--set', 'beta=1', '--set', 'beta=2'], /set twice/],
    [['dpo', '--range', '3,1'], /the smaller first/],
    [['dpo', '--x', 'length', '--range', '0,4'], /whole numbers from 1/],
    [['dpo', '--margin', '1'], /add --x length/],
    [['dpo', '--y', 'los'], /did you mean `loss`/],
    [['dpo', '--to', 'csv', '--y-range', '0,1'], /about the picture/],
    [Array.from({ length: 9 }, () => 'dpo'), /cannot be told apart/],
    [['kto', '--y', 'reward'], /no implicit reward/],
  ])('%j is refused', (args, says) => {
    const run = midpo(['plot', ...args]);
    expect(run).toMatchObject({ exit: 2, out: '' });
    expect(run.err).toMatch(says);
  });
});

describe('new', () => {
  test('writes a file that can be checked as it is, and never over another', () => {
    const folder = folderWith();
    expect(midpo(['new', 'my-loss'], { cwd: folder })).toMatchObject({ exit: 0, err: '' });
    const text = readFileSync(join(folder, 'my-loss.yaml'), 'utf8');
    expect(midpo(['check', './my-loss.yaml'], { cwd: folder })).toMatchObject({ exit: 0, err: '' });
    expect(midpo(['new', 'my-loss'], { cwd: folder })).toMatchObject({ exit: 2, out: '' });
    expect(readFileSync(join(folder, 'my-loss.yaml'), 'utf8')).toBe(text);
    // What the notes offer can be uncommented field by field.
    const whole = text.replace(/^# (?=paper|distributions|data|prior|expect| {2}\S)/gm, '');
    const used = whole.replace(/^# evidence:[\s\S]*/m, '').replace(/^ {2}- vectors[\s\S]*/m, '');
    const other = folderWith({ 'all.yaml': used });
    expect(midpo(['check', './all.yaml'], { cwd: other })).toMatchObject({ exit: 0, err: '' });
  });
  test('says which of the two is meant where the catalogue has the id', () => {
    const folder = folderWith();
    expect(midpo(['new', 'dpo'], { cwd: folder }).out).toMatch(/catalogue has a dpo too.*\.\/dpo\.yaml/);
    expect(midpo(['new', 'my-loss'], { cwd: folder }).out).not.toContain('catalogue');
  });
  test.each(['../up', 'My-Loss', 'a b', '', 'x.yaml', '-x', '__proto__'])('%j is no id', (id) => {
    const folder = folderWith();
    expect(midpo(['new', '--', id], { cwd: folder })).toMatchObject({ exit: 2, out: '' });
  });
});
