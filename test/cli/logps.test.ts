/** `midpo verify --logps`: the page about it is true, rows are written whole or not at all, bad input is refused. */

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { exampleFiles } from '../../scripts/logps-examples.ts';
import { BIN, folderWith, midpo, ROOT } from './run.ts';

const PAGE = readFileSync(join(ROOT, 'docs/logps.md'), 'utf8');
/** Commands of the page, each with what it says they print. */
const EXAMPLES = [...PAGE.matchAll(/```sh\nnpx midpo (.*)\n```\n\n```text\n([\s\S]*?)```/g)].map(
  ([, command = '', printed = '']) => [command, printed] as const,
);

/** The words of a command as a shell has them: single quotes keep blanks. */
const wordsOf = (command: string): readonly string[] =>
  [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');

describe('docs/logps.md', () => {
  test('has an example of every format', () => {
    const commands = EXAMPLES.map(([command]) => command).join('\n');
    for (const ending of ['jsonl', 'npz', 'npy', 'safetensors', 'parquet'])
      expect(commands).toContain(`.${ending}`);
  });

  test.each(EXAMPLES)('%s', (command, printed) => {
    const { exit, out, err } = midpo(wordsOf(command));
    expect(err).toBe('');
    expect(out).toContain(printed);
    expect(exit).toBe(0);
  });

  test('the files of its examples are up to date; if not, run `npx tsx scripts/logps-examples.ts`', () => {
    const files = exampleFiles();
    expect(readdirSync(join(ROOT, 'docs/logps')).sort()).toEqual(Object.keys(files).sort());
    for (const [name, content] of Object.entries(files)) {
      expect(readFileSync(join(ROOT, 'docs/logps', name)).equals(Buffer.from(content)), name).toBe(true);
    }
  });
});

const SUMS = 'docs/logps/sums.jsonl';

describe('what is written', () => {
  test('as CSV and as JSON Lines the same numbers, those of the report', () => {
    const folder = folderWith();
    const [csv, lines] = [join(folder, 'a.csv'), join(folder, 'a.jsonl')];
    const report = JSON.parse(midpo(['verify', 'dpo', '--logps', SUMS, '-o', csv, '--json']).out);
    expect(report).toMatchObject({ schema: 'midpo/logps', version: 1, claim: 'dpo', rows: 4 });
    midpo(['verify', 'dpo', '--logps', SUMS, '-o', lines]);
    const [heads, ...rows] = readFileSync(csv, 'utf8').trimEnd().split('\n');
    expect(heads).toBe('row,loss,chosen_reward,rejected_reward,margin');
    const objects = readFileSync(lines, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(objects.map((row) => Object.values(row).join(','))).toEqual(rows);
    expect(objects.map(({ loss }) => loss).sort((a, b) => b - a)).toEqual(
      report.worst.map(({ loss }: { loss: number }) => loss),
    );
    expect(readdirSync(folder).sort()).toEqual(['a.csv', 'a.jsonl']);
  });

  test('nothing, where a row late in the file is at fault; what was there before stays', () => {
    const good = readFileSync(join(ROOT, SUMS), 'utf8');
    const bad = `${good.repeat(2000)}${good.replaceAll(/-[\d.]+/g, '0.5')}`;
    const folder = folderWith({ 'bad.jsonl': bad, 'old.csv': 'old\n' });
    for (const name of ['old.csv', 'new.csv']) {
      const run = midpo(['verify', 'dpo', '--logps', join(folder, 'bad.jsonl'), '-o', join(folder, name)]);
      expect(run).toMatchObject({ exit: 2, out: '' });
      expect(run.err).toMatch(/row 8000, line 8001: it is 0\.5, which is no log-probability/);
    }
    expect(readFileSync(join(folder, 'old.csv'), 'utf8')).toBe('old\n');
    expect(readdirSync(folder).sort()).toEqual(['bad.jsonl', 'old.csv']);
  });

  test('a loss that is not finite is reported, and the exit code is 1', () => {
    const file = join(folderWith({ 'a.jsonl': '{"chosen_logps":-1,"rejected_logps":-1}\n' }), 'a.jsonl');
    const run = midpo(['verify', '=-log(log(pi(w)/pi(l)))', '--logps', file]);
    expect(run).toMatchObject({ exit: 1, err: '' });
    expect(run.out).toMatch(/1 row, 1 without a finite loss/);
  });

  test('JSON Lines come through a pipe too', () => {
    // A pipe of the shell: what runs the tests gives a socket, which has no path.
    const command = `cat ${SUMS} | "${process.execPath}" "${BIN}" verify dpo --logps -`;
    const { stdout, status } = spawnSync('sh', ['-c', command], { cwd: ROOT, encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 0, stdout: midpo(['verify', 'dpo', '--logps', SUMS]).out });
  });
});

const HOSTILE = folderWith({
  'rows.jsonl':
    '{"chosen_logps": [[-1, -2]], "rejected_logps": -1, "ref_chosen_logps": -1, "ref_rejected_logps": -1}\n',
  'pickle.npy': '\u0080\u0002',
  'page.jsonl':
    '{"chosen_logps": "\\u001b[31mred\\u001b[0m", "rejected_logps": -1, "ref_chosen_logps": -1, "ref_rejected_logps": -1}\n',
});

test.each<[args: readonly string[], err: RegExp]>([
  [['--logps', SUMS, '--set', 'betta=1'], /no hyper-parameter `betta`; did you mean `beta`\?/],
  [['--logps', SUMS, '--set', 'beta'], /--set is written like 'beta=0\.1', not 'beta'/],
  [['--logps', SUMS, '--set', 'beta=0x10'], /'0x10', which is no number/],
  [['--logps', SUMS, '--set', 'beta=0'], /`beta` is 0, and has to be greater than 0/],
  [['--logps', SUMS, '--set', 'beta=1', '--set', 'beta=2'], /--set says twice what beta is/],
  [['--logps', SUMS, '--set', '__proto__=1'], /no hyper-parameter `__proto__`/],
  [['--logps', SUMS, '--map-data', 'reff(y) = chosen_logps'], /no datum `reff`; did you mean `ref`\?/],
  [
    ['--logps', SUMS, '--map-data', 'ref(y) = base_{role}'],
    /no column for `ref\(y\)`: looked for `base_chosen`/,
  ],
  [['--logps', SUMS, '--seed', '1'], /--logps evaluates at the numbers of a file, and --seed/],
  [['--logps', SUMS, '--vectors', 'dpo'], /--vectors is about other ones/],
  [['--logps', SUMS, '-o', 'rows.tsv'], /\.jsonl, \.ndjson, \.csv files, not to rows\.tsv/],
  [['--logps', SUMS, '-o', '/nowhere/rows.csv'], /cannot write \/nowhere\/rows\.csv: no such directory/],
  [['--logps', 'docs/logps/sum.jsonl'], /no file `docs\/logps\/sum\.jsonl`; did you mean `sums\.jsonl`\?/],
  [['--logps', 'docs/logps'], /`docs\/logps` is a directory/],
  [
    ['--logps', SUMS, '--logps', 'docs/logps/chosen_logps.npy'],
    /sums\.jsonl: several files .* this one is not/,
  ],
  [['--logps', join(HOSTILE, 'pickle.npy')], /its name says \.npy, and its content is something else/],
  [
    ['--logps', join(HOSTILE, 'page.jsonl')],
    /row 0, line 1, is .*red.* where a number or a list of numbers is wanted/,
  ],
  [['--logps', join(HOSTILE, 'rows.jsonl')], /`chosen_logps`, row 0, line 1: rows over the vocabulary/],
  [['--set', 'beta=1'], /--set is for --logps/],
  [['-o', 'rows.csv'], /-o is for --logps/],
])('verify dpo %j', (args, err) => {
  const run = midpo(['verify', 'dpo', ...args]);
  expect(run).toMatchObject({ exit: 2, out: '' });
  expect(run.err).toMatch(err);
  expect(run.err.split('\n').length).toBe(2);
  expect([...run.err].every((char) => char >= ' ' || char === '\n')).toBe(true);
  expect(existsSync(join(ROOT, 'rows.csv'))).toBe(false);
});

/** One pair of one token each, with something changed. */
function pair(change: object): string {
  const row = {
    chosen_logits: [[0, 1, 2]],
    rejected_logits: [[0, 1, 2]],
    ref_chosen_logits: [[0, 1, 1]],
    ref_rejected_logits: [[0, 1, 1]],
    chosen_labels: [2],
    rejected_labels: [0],
    ...change,
  };
  return join(folderWith({ 'a.jsonl': `${JSON.stringify(row)}\n` }), 'a.jsonl');
}

test.each<[change: object, err: RegExp]>([
  [
    { chosen_logits: undefined, rejected_labels: undefined },
    /add `chosen_logits`, `rejected_labels` \(logits: a row over the vocabulary for each token; labels: /,
  ],
  [{ chosen_labels: [3] }, /`chosen_labels`, row 0, line 1, token 0: it is 3, .* from 0 to 2/],
  [{ ref_chosen_logits: [[0, 1]] }, /a vocabulary of 2, and `chosen_logits` has one of 3/],
  [{ chosen_logits: [[0, 1, 'NaN']] }, /row 0, line 1, token 0, entry 2: it is NaN, which is no logit/],
  [{ chosen_logits: [[0, 1, '-Infinity']] }, /the logit of its own token, 2, is -Infinity/],
  [{ chosen_logits: new Array(1).fill(['-Infinity', '-Infinity', '-Infinity']) }, /all logits of the token/],
  [
    {
      chosen_logits: [
        [0, 1, 2],
        [0, 1],
      ],
    },
    /token 1, has 2 entries, and the first token has 3/,
  ],
  [
    {
      chosen_labels: [-100, 2],
      chosen_logits: [
        [0, 1, 2],
        [0, 1, 2],
      ],
    },
    /`chosen_targets` if it stands by/,
  ],
  [{ chosen_logps: [-3] }, /it is -3, and `chosen_logits` gives -0\.407606, further off than rounding/],
])('verify tdpo1 on %j', (change, err) => {
  const run = midpo(['verify', 'tdpo1', '--logps', pair(change), '-o', 'rows.csv']);
  expect(run).toMatchObject({ exit: 2, out: '' });
  expect(run.err).toMatch(err);
  expect(run.err.split('\n').length).toBe(2);
  expect(existsSync(join(ROOT, 'rows.csv'))).toBe(false);
});

test('what stands beside what is used is said', () => {
  const beside = midpo(['verify', 'tdpo1', '--logps', pair({ chosen_logps: [-0.41] })]);
  expect(beside).toMatchObject({ exit: 0, err: '' });
  expect(beside.out).toMatch(/`chosen_logps` agrees up to 0\.00239\d* \(row 0\) with `chosen_logits`/);
  const both = { chosen_logps: -0.4, rejected_logps: -2.4, ref_chosen_logps: -1, ref_rejected_logps: -1 };
  const unread = midpo(['verify', 'dpo', '--logps', pair(both)]);
  expect(unread.out.replace(/\s+/g, ' ')).toMatch(
    /`ref_rejected_logits` are not read: the loss asks for no more/,
  );
});
