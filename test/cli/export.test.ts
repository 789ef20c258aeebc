/** `export` as a user asks for it: where the code goes, in which library, and what is said to a slip. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderWith, midpo } from './run.ts';

describe('export', () => {
  test.each([
    ['python', /^import torch$/m, /^import (?:jax|numpy)/m],
    ['jax', /^import jax$/m, /^import (?:torch|numpy)/m],
    ['numpy', /^import numpy as np$/m, /^import (?:torch|jax)/m],
  ])('--to %s, to the terminal and to a file', (to, wanted, others) => {
    const file = join(folderWith(), 'loss.py');
    const { out, err, exit } = midpo(['export', 'simpo', '--to', to]);
    expect({ err, exit }).toEqual({ err: '', exit: 0 });
    expect(out).toMatch(wanted);
    expect(out).not.toMatch(others);
    expect(out).toMatch(/^def simpo_loss\(\n[\s\S]*^if __name__ == "__main__":$/m);
    expect(midpo(['export', 'simpo', '--to', to, '-o', file])).toEqual({ exit: 0, out: '', err: '' });
    expect(readFileSync(file, 'utf8')).toBe(out);
  });

  test('PyTorch is what comes without --to, and --trl adds a trainer', () => {
    const { out } = midpo(['export', 'simpo']);
    expect(midpo(['export', 'simpo', '--to', 'python']).out).toBe(out);
    const { out: trained, exit } = midpo(['export', 'simpo', '--trl']);
    expect(exit).toBe(0);
    expect(trained).toMatch(/^class \w+\(DPOTrainer\):$/m);
    expect(out).not.toContain('DPOTrainer');
  });

  test('--json says what the function takes, and holds the code', () => {
    const { out, exit } = midpo(['export', 'r-dpo', '--to', 'numpy', '--json']);
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      schema: 'midpo/export',
      version: 1,
      claim: 'r-dpo',
      to: 'numpy',
      function: 'r_dpo_loss',
      code: midpo(['export', 'r-dpo', '--to', 'numpy']).out,
    });
  });

  test('files and formulas are exported as the catalogue is', () => {
    const loss = '-log(sigmoid(beta * log(pi(w)/pi(l))))';
    const folder = folderWith({
      'mine.yaml': `title: Mine\nparameters: { beta: { is: positive } }\nloss: ${loss}\n`,
    });
    const body = (code: string): string | undefined => /^ {4}losses = .*$/m.exec(code)?.[0];
    const file = midpo(['export', './mine.yaml'], { cwd: folder });
    expect(file).toMatchObject({ exit: 0, err: '' });
    expect(file.out).toMatch(/^def mine_loss\(/m);
    const given = midpo(['export', '-e', loss, '--assume', 'beta > 0']);
    expect(body(given.out)).toBe(body(file.out));
    expect(body(given.out)).toContain('logsigmoid');
  });

  test('a loss outside is exported too: code needs no tier', () => {
    expect(midpo(['export', 'ipo'])).toMatchObject({ exit: 0, err: '' });
  });

  test('what a file says stays within its docstring, and names become harmless ones', () => {
    const folder = folderWith({
      'evil.yaml': String.raw`
title: '"""; import os; os.system("true") #'
parameters: { lambda: { is: positive, default: 0.5, says: '""" + exit(1) \' } }
loss: -log(sigmoid(lambda * log(pi(w)/pi(l))))
`,
    });
    const { out, exit, err } = midpo(['export', './evil.yaml'], { cwd: folder });
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    expect(out).toMatch(/^ {4}lambda_: float = 0\.5,$/m);
    // Docstrings and comments taken away, none of it is left.
    const code = out.replace(/"""(?:[^"\\]|\\.)*"""/gs, '').replace(/#.*$/gm, '');
    expect(code).not.toMatch(/"""|os\.system|exit\(1\)|import os/);
  });

  test.each([
    [['simpo', '--to', 'nupmy'], /did you mean `numpy`/],
    [['simpo', '--to', 'jax', '--trl'], /--trl is for PyTorch/],
    [['simpoo'], /did you mean `simpo`/],
    [['dpo', 'simpo'], /one claim wanted, 2 given/],
    [[], /one claim wanted, none given/],
    [['=sum(t, w, log(pi(l,t)))'], /read at the tokens of the other response/],
    [['=log(pi(w)'], /\^/],
    [['constructor'], /nothing by the name/],
  ])('%j is refused, and nothing is written', (args, says) => {
    const folder = folderWith();
    const run = midpo(['export', ...args, '-o', 'loss.py'], { cwd: folder });
    expect(run).toMatchObject({ exit: 2, out: '' });
    expect(run.err).toMatch(says);
    expect(existsSync(join(folder, 'loss.py'))).toBe(false);
  });

  test('a folder that is not there is no place to write to', () => {
    const run = midpo(['export', 'dpo', '-o', join(folderWith(), 'none', 'loss.py')]);
    expect(run).toMatchObject({ exit: 2, out: '' });
    expect(run.err).toMatch(/cannot write .*no such directory/);
  });
});
