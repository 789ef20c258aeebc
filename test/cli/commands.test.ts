/** Every command on the catalogue, on files and on formulas: what it answers and what it prints. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderWith, midpo, ROOT } from './run.ts';

const DPO = '-log(sigmoid(beta * (log(pi(w)/ref(w)) - log(pi(l)/ref(l)))))';
const IPO = '(log(pi(w)/ref(w)) - log(pi(l)/ref(l)) - 1/(2*beta))^2';
const R_DPO_FLIPPED = '-log(sigmoid(beta*(h(w) - h(l)) - alpha*(len(w) - len(l))))';

describe('what holds is 0, what does not is 1', () => {
  test.each<[args: string[], exit: number, out: RegExp, input?: string]>([
    [['list'], 0, /^dpo .*conditional[\s\S]*^simpo .*label-dependent/m],
    [['--version'], 0, /^\d+\.\d+\.\d+\n$/],
    [['--help'], 0, /Exit codes: 0 holds/],
    [['help', 'check'], 0, /Usage: midpo check \[options\] <claim>/],

    [['check', 'dpo'], 0, /conditional/],
    [['check', 'r-dpo'], 0, /conditional/],
    [['check', 'h-dpo'], 0, /conditional/],
    [['check', 'simpo'], 0, /label-dependent/],
    [['check', 'derivations/simpo.yaml'], 0, /label-dependent/],
    [['check', './derivations/simpo.yaml'], 0, /label-dependent/],
    [['check', `=${DPO}`, '--assume', 'beta > 0'], 0, /conditional/],
    [['check', '-e', DPO], 0, /logistic/],
    [['check', `-e=${DPO}`], 0, /logistic/],
    [['check', `--expression=${DPO}`], 0, /logistic/],
    [['check', '-'], 0, /logistic/, `${DPO}\n`],
    [['check', '-'], 0, /logistic/, `=${DPO}\n`],
    [['check', `=${IPO}`, '--assume', 'beta > 0'], 1, /outside/],
    [['check', '-e', '-log(sigmoid(log(pi(w)/pi(l)) + s(w) - s(l)))', '--data', 's(y)'], 0, /conditional/],

    [['compare', 'dpo', 'dpo'], 0, /proved/],
    [['compare', 'dpo', 'r-dpo'], 1, /α = 0/],
    [['compare', 'dpo', '-e', DPO], 0, /proved/],
    [['compare', 'r-dpo', `=${R_DPO_FLIPPED}`], 1, /α = 0/],
    [['compare', '-e', R_DPO_FLIPPED, 'r-dpo'], 1, /α = 0/],
    [['compare', '=1', '=2'], 1, /refuted/],
    [['compare', '=log(a*b)', '=log(a) + log(b)', '--assume', 'a > 0', '--assume', 'b > 0'], 0, /proved/],
    [['compare', '=(a^2 - b^2)/(a - b)', '=a + b'], 0, /a - b != 0|a != b/],
    [['compare', 'dpo', '-'], 0, /proved/, DPO],

    [['derive', 'dpo'], 0, /^S5\. Preference model$[\s\S]*^Result$[\s\S]*accepted all/m],
    [['derive', 'simpo', '--to', 'latex'], 0, /\\documentclass[\s\S]*\\end\{document\}/],
    [['derive', 'simpo', '--to', 'latex-fragment'], 0, /^(?![\s\S]*\\documentclass)[\s\S]*\\begin/],
    [['derive', 'r-dpo', '--to', 'markdown'], 0, /^# /m],
    [['derive', 'h-dpo', '--to', 'json'], 0, /"schema": "midpo\/trace"/],
    [['derive', '-e', DPO, '--assume', 'beta > 0'], 0, /accepted/],
    [['derive', `=${IPO}`], 1, /outside/],

    [['verify', 'dpo', '--pairs', '8', '--tokens', '6'], 0, /^dpo {2}verified$/m],
    [['verify', 'r-dpo', '--pairs', '8', '--tokens', '6'], 0, /r_dpo_oxrl/],
    [['verify', 'h-dpo', '--pairs', '8', '--tokens', '6'], 0, /h_dpo/],
    [['verify', 'simpo', '--pairs', '8', '--tokens', '6'], 0, /hinge/],
    [['verify', 'r-dpo', '--vectors', 'r_dpo_oxrl', '--pairs', '8', '--tokens', '6'], 1, /mismatch|differ/i],
    [
      ['verify', 'r-dpo', '--vectors', 'r_dpo_oxrl', '--map', 'alpha = -alpha', '--pairs', '8'],
      0,
      /r_dpo_oxrl/,
    ],
    [
      ['verify', 'simpo', '--vectors', './test/golden/simpo.json', '--where', 'loss_type = sigmoid'].concat([
        '--map',
        'gamma = beta * gamma_beta_ratio',
        '--pairs',
        '8',
      ]),
      0,
      /simpo/,
    ],
  ])('midpo %j -> %i', (args, exit, out, input = '') => {
    const run = midpo(args, { input });
    expect(run).toMatchObject({ exit, err: '' });
    expect(run.out).toMatch(out);
    expect(run.out.endsWith('\n')).toBe(true);
  });
});

describe('--json is one document with its schema and version', () => {
  test.each<[args: string[], exit: number, json: object]>([
    [
      ['check', 'r-dpo'],
      0,
      { schema: 'midpo/check', version: 1, claim: 'r-dpo', tier: 'conditional', outside: null },
    ],
    [['check', 'simpo'], 0, { schema: 'midpo/check', tier: 'label-dependent', link: 'logistic' }],
    [['check', `=${IPO}`], 1, { tier: 'outside', outside: { why: 'link' } }],
    [
      ['compare', 'dpo', 'r-dpo'],
      1,
      { schema: 'midpo/compare', version: 1, values: { answer: 'refuted', when: ['alpha = 0'] } },
    ],
    [['compare', 'dpo', `=${DPO}`], 0, { values: { answer: 'proved' }, gradients: { answer: 'proved' } }],
    [
      ['compare', '=stopgrad(log(pi(w)))', '=log(pi(w))'],
      0,
      { values: { answer: 'proved' }, gradients: { answer: 'refuted' } },
    ],
    [
      ['verify', 'dpo', '--seed', '7', '--pairs', '8'],
      0,
      { schema: 'midpo/verify', version: 1, answer: 'verified', seed: 7 },
    ],
    [['verify', 'r-dpo', '--vectors', 'r_dpo_oxrl', '--pairs', '8'], 1, { answer: 'mismatch' }],
  ])('midpo %j --json', (args, exit, json) => {
    const run = midpo([...args, '--json']);
    expect(run).toMatchObject({ exit, err: '' });
    expect(JSON.parse(run.out)).toMatchObject(json);
  });

  test('list', () => {
    const run = midpo(['list', '--json']);
    expect(run).toMatchObject({ exit: 0, err: '' });
    for (const id of ['dpo', 'h-dpo', 'r-dpo', 'simpo']) expect(run.out).toContain(`"${id}"`);
    expect(JSON.parse(run.out)).toHaveProperty('schema');
  });
});

test('the same command prints the same bytes', () => {
  for (const args of [
    ['check', 'simpo', '--json'],
    ['derive', 'simpo', '--to', 'latex'],
    ['verify', 'dpo', '--pairs', '8'],
  ]) {
    expect(midpo(args)).toEqual(midpo(args));
  }
});

test('from any folder the catalogue and its vectors are found', () => {
  const run = midpo(['verify', 'dpo', '--pairs', '8'], { cwd: folderWith() });
  expect(run).toMatchObject({ exit: 0, err: '' });
});

test('a derivation file of one’s own brings its vectors along', () => {
  const yaml = readFileSync(join(ROOT, 'derivations/dpo.yaml'), 'utf8').replace(
    'vectors: dpo',
    'vectors: ./mine.json',
  );
  const vectors = readFileSync(join(ROOT, 'test/golden/dpo.json'), 'utf8');
  const folder = folderWith({ 'mine.yaml': yaml, 'mine.json': vectors });
  const run = midpo(['verify', join(folder, 'mine.yaml'), '--pairs', '8']);
  expect(run).toMatchObject({ exit: 0, err: '' });
  expect(run.out).toContain('./mine.json');
});
