/** Bad input: exit 2, one message on standard error with what would be right, nothing on standard output. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderWith, midpo, ROOT } from './run.ts';

const DPO_FILE = readFileSync(join(ROOT, 'derivations/dpo.yaml'), 'utf8');
const FOLDER = folderWith({
  'typo.yaml': DPO_FILE.replace(/^loss:/m, 'los:'),
  'broken.yaml': 'title: [a\n',
  'formula.yaml': DPO_FILE.replace(/^loss: .*$/m, 'loss: -log(sigmoid(betta * log(pi(w)/pi(l))))'),
  'vectors.yaml': DPO_FILE.replace('vectors: dpo', 'vectors: nowhere'),
  'other.json': '{ "schema": "something-else" }',
  'half.json': '{ "schema": ',
  'binary.yaml': '\u0000\u0001',
});
const at = (name: string): string => join(FOLDER, name);

test.each<[args: string[], err: RegExp, input?: string]>([
  [[], /Usage: midpo/],
  [['chek', 'dpo'], /unknown command 'chek'[\s\S]*check/],
  [['check', 'dpo', '--jsn'], /unknown option '--jsn'[\s\S]*--json/],
  [['check', '-log(sigmoid(w))'], /unknown option[\s\S]*begins with `=` or follows `-e`/],
  [['check', 'dpo', '--seed', '1'], /unknown option '--seed'/],
  [['check', '-e'], /argument missing/],
  [['audit'], /missing required argument/],
  [['audit', 'a.json', 'b.json'], /too many arguments/],

  [['check'], /one claim wanted, none given/],
  [['check', 'dpo', 'simpo'], /one claim wanted, 2 given/],
  [['compare', 'dpo'], /2 claims wanted, 1 given/],
  [['compare', 'dpo', '-e', 'x', '-e', 'y'], /2 claims wanted, 3 given/],
  [['compare', '-', '-'], /one claim only/, 'x'],

  [['check', 'dop'], /`dop`[\s\S]*did you mean `dpo`/],
  [['check', 'constructor'], /`constructor`/],
  [['check', '__proto__'], /`__proto__`/],
  [['check', './nope.yaml'], /no file `\.\/nope\.yaml`/],
  [['check', './derivations'], /is a directory/],
  [['check', './derivations/dop.yaml'], /did you mean `dpo\.yaml`/],
  [
    ['check', at('typo.yaml')],
    /typo\.yaml, line \d+, column 1, .*`los`; did you mean `loss`\?\n {2}los: .*\n {2}\^{3}\n/,
  ],
  [['check', at('broken.yaml')], /broken\.yaml[\s\S]*line \d+/],
  [['check', at('formula.yaml')], /`betta`; did you mean `beta`\?\n {2}loss: .*\n {21}\^{5}\n/],
  [['check', at('binary.yaml')], /binary\.yaml/],

  [
    ['check', '=2 beta'],
    /no operator between two values at line 1, column 1\n\s+2 beta\n\s+\^+\n[\s\S]*`2 \* beta`/,
  ],
  [['check', '=-log(sigmoi(w))'], /`sigmoi`[\s\S]*did you mean `sigmoid`/],
  [['check', '='], /nothing to read/],
  [['check', '-'], /nothing to read/],
  [['check', '-e', 'beta^2'], /mentions neither/],
  [['derive', '-e', 'beta^2'], /mentions neither/],
  [['verify', '-e', 'log(pi(y))'], /mentions neither/],
  [['check', 'dpo', '--assume', 'betta > 0'], /`betta`[\s\S]*did you mean `beta`/],
  [['check', 'dpo', '--assume', 'beta < 0'], /beta/],
  [['check', 'dpo', '--assume', 'beta'], /not an assumption/],
  [['check', 'dpo', '--data', 'm(y)'], /--data/],
  [['check', '=log(pi(w)) + m(w)', '--data', 'm(q)'], /q/],

  [['derive', 'dpo', '--to', 'latx'], /--to[\s\S]*did you mean `latex`/],
  [['derive', 'dpo', '--to', 'md'], /did you mean `markdown`/],
  [['derive', 'dpo', '--to', 'constructor'], /The formats are/],
  [['derive', 'dpo', '-o', FOLDER], /it is a directory/],
  [['derive', 'dpo', '-o', at('no/such/place.txt')], /no such directory/],

  [['verify', 'dpo', '--vectors', 'dop'], /no reference vectors `dop`/],
  [['verify', 'dpo', '--vectors', at('nope.json')], /no file/],
  [['verify', 'dpo', '--vectors', at('other.json')], /other\.json[\s\S]*something-else/],
  [['verify', 'dpo', '--vectors', at('half.json')], /line 1, column/],
  [['verify', at('vectors.yaml')], /`nowhere`/],
  [['verify', 'simpo', '--map', 'gamma = beta'], /--vectors/],
  [['verify', 'simpo', '--vectors', 'simpo', '--map', 'gamm = beta'], /did you mean `gamma`/],
  [['verify', 'simpo', '--vectors', 'simpo', '--map', 'gamma'], /written like/],
  [['verify', 'simpo', '--vectors', 'simpo', '--map', 'gamma = 2 beta'], /`2 \* beta`/],
  [['verify', 'simpo', '--vectors', 'simpo', '--map', 'gamma = 1', '--map', 'gamma = 2'], /twice/],
  [['verify', 'simpo', '--vectors', 'simpo', '--map-data', 'm(y,t) = masks'], /no datum `m\(y,t\)`/],
  [['verify', 'simpo', '--vectors', 'simpo', '--where', 'loss_type = nope'], /case/],
  [['verify', 'dpo', '--pairs', '0'], /whole number from 1/],
  [['verify', 'dpo', '--pairs', '1e3'], /whole number/],
  [['verify', 'dpo', '--pairs', '99999999999'], /whole number/],
  [['verify', 'dpo', '--tokens', '-1'], /whole number/],
  [['verify', 'dpo', '--seed', '1.5'], /whole number/],

  [['audit', at('nope.json')], /no file/],
  [['audit', at('half.json')], /line 1, column/],
  [['audit', at('other.json')], /not a stored derivation/],
  [['audit', '-'], /not JSON/, 'hello'],
])('midpo %j', (args, err, input = '') => {
  const run = midpo(args, { input });
  expect(run).toMatchObject({ exit: 2, out: '' });
  expect(run.err).toMatch(err);
  expect(run.err).not.toMatch(/^\s+at .*:\d+:\d+/m);
  expect(run.err).not.toMatch(/^internal error/m);
});

describe('with --json too', () => {
  test.each<[string[]]>([
    [['check', 'dop']],
    [['compare', 'dpo', '=2 beta']],
    [['verify', 'dpo', '--vectors', 'dop']],
    [['audit', '/nowhere.json']],
  ])('midpo %j --json', (args) => {
    const run = midpo([...args, '--json']);
    expect(run).toMatchObject({ exit: 2, out: '' });
    expect(run.err).toMatch(/^error: /);
  });
});

test('long and deep input is refused in time', () => {
  const deep = `${'('.repeat(50_000)}1${')'.repeat(50_000)}`;
  for (const text of [deep, `${'1+'.repeat(200_000)}1`, '-'.repeat(100_000)]) {
    expect(midpo(['compare', '-', '=1'], { input: text })).toMatchObject({ exit: 2, out: '' });
  }
});
