/** `midpo verify --workers`: what is printed does not depend on the threads, and a run ends when a thread or the user ends it. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { hire } from '../../src/cli/crew.ts';
import type { DrawTask } from '../../src/index.ts';
import { BUILT_IN, compareDraw, parse } from '../../src/index.ts';
import { verifyDraws } from '../../src/numeric/dealt.ts';
import { folderWith, midpo, ROOT } from './run.ts';

describe('the same, byte by byte, with any number of threads', () => {
  test.each<[what: string, args: readonly string[]]>([
    ['losses by token', ['verify', 'dpo', '--pairs', '600', '--tokens', '3']],
    ['a mismatch', ['verify', 'r-dpo', '--vectors', 'r_dpo_oxrl', '--pairs', '16']],
    ['no parameters', ['verify', 'dpo', '--assume', 'beta < 0', '--assume', 'beta > 1']],
    ['a long run, with compiled kernels', ['verify', 'dpo', '--pairs', '20000', '--tokens', '1', '--json']],
  ])('%s', (_, args) => {
    const [one, two] = ['1', '2'].map((n) => midpo([...args, '--workers', n]));
    expect(one?.out === '' ? one.err : one?.out).toMatch(/closed form|error/);
    expect(two).toEqual(one);
  });
});

test.each<[args: readonly string[], says: RegExp]>([
  [['--workers', '0'], /--workers.*whole number from 1 to 64/],
  [['--workers', '65'], /--workers.*whole number from 1 to 64/],
  [['--workers', 'all'], /--workers.*whole number/],
  [['--workers', '2', '--logps', 'run.jsonl'], /--workers is about other ones/],
])('verify dpo %j is refused', (args, says) => {
  const run = midpo(['verify', 'dpo', ...args]);
  expect(run).toMatchObject({ exit: 2, out: '' });
  expect(run.err).toMatch(says);
  expect(run.err.trim().split('\n')).toHaveLength(1);
});

const FORMULA = '-log(sigmoid(beta * (log(pi(w)/ref(w)) - log(pi(l)/ref(l)))))';
const [published, derived] = [FORMULA, FORMULA.replace('beta', 'max(beta, 1)')].map((text) => parse(text));
if (published === undefined || derived === undefined) throw new Error('no formulas');
/** It differs where beta is below 1. */
const MUTANT = { kind: 'closed-form', published, derived } as const;
const QUESTION = {
  name: 'mutant',
  declared: { parameters: { beta: 'positive' }, data: BUILT_IN, facts: [] },
  seed: 1,
  pairs: 40,
  tokens: 3,
} as const;

const THREADS: readonly (readonly [what: string, thread: URL | undefined])[] = [
  ['built', pathToFileURL(join(ROOT, 'dist/cli/thread.js'))],
  ['from source', undefined],
];

test.each(THREADS)('threads %s find the same worst case and the same disagreements', async (_, thread) => {
  const alone = await verifyDraws(MUTANT, QUESTION);
  expect(alone).toMatchObject({ kind: 'check', passed: false });
  expect(alone.kind === 'check' && alone.disagreements.length).toBe(6);
  const crew = await hire(2, thread);
  try {
    expect(await verifyDraws(MUTANT, QUESTION, { crew })).toEqual(alone);
  } finally {
    await crew.dismiss();
  }
});

/** What becomes of a thread, as modules it starts from. */
const FAILING = {
  'throws.mjs': "export const compareDraw = () => { throw new Error('it throws'); };",
  'unloadable.mjs': "throw new Error('it cannot be loaded');",
  'dies.mjs':
    "export const compareDraw = () => { setTimeout(() => { throw new Error('it dies'); }); return new Promise(() => {}); };",
  'busy.mjs': 'export const compareDraw = () => { for (;;); };',
};
const folder = folderWith(FAILING);
const threadOf = (file: keyof typeof FAILING): URL => pathToFileURL(join(folder, file));

test.each([
  ['throws.mjs', 'it throws'],
  ['unloadable.mjs', 'it cannot be loaded'],
  ['dies.mjs', 'it dies'],
] as const)('a thread that fails ends the run: %s', async (file, says) => {
  const crew = await hire(3, threadOf(file));
  await expect(verifyDraws(MUTANT, QUESTION, { crew })).rejects.toThrow(says);
  await crew.dismiss();
});

test('threads that failed before anything was dealt to them end the run too', async () => {
  const crew = await hire(2, threadOf('unloadable.mjs'));
  await new Promise((resolve) => setTimeout(resolve, 1000));
  await expect(verifyDraws(MUTANT, QUESTION, { crew })).rejects.toThrow('it cannot be loaded');
  await crew.dismiss();
});

test('busy threads can be dismissed', async () => {
  const crew = await hire(2, threadOf('busy.mjs'));
  const run = verifyDraws(MUTANT, QUESTION, { crew });
  await Promise.all([expect(run).rejects.toThrow('Terminating'), crew.dismiss()]);
});

test('a crew of one is this very thread, and signals have their turn', async () => {
  const seen: string[] = [];
  const { compare, size } = await hire(1);
  const plans: DrawTask[] = [];
  const spying = async (task: DrawTask) => {
    plans.push(task);
    return await compareDraw(task);
  };
  await verifyDraws(MUTANT, { ...QUESTION, pairs: 1 }, { crew: { size, compare: spying } });
  const [task] = plans;
  if (task === undefined) throw new Error('nothing was dealt');
  setImmediate(() => seen.push('a turn'));
  expect(await compare(task)).toEqual(await compareDraw(task));
  expect({ size, seen }).toEqual({ size: 1, seen: ['a turn'] });
});

test('Ctrl-C ends the run at once, busy threads and all, with one line', async () => {
  const source = (name: string): string => JSON.stringify(join(ROOT, 'src/cli', name));
  const script = `
    import { hire } from ${source('crew.ts')};
    import { onInterrupt } from ${source('interrupt.ts')};
    onInterrupt(() => process.stdout.write('cleaned'));
    const crew = await hire(2, new URL(${JSON.stringify(threadOf('busy.mjs').href)}));
    void crew.compare({});
    setInterval(() => process.stdout.write('ready'), 50);
  `;
  const file = join(folderWith({ 'interrupted.mts': script }), 'interrupted.mts');
  const tsx = pathToFileURL(join(ROOT, 'node_modules/tsx/dist/loader.mjs')).href;
  const child = spawn(process.execPath, ['--import', tsx, file]);
  let [out, err] = ['', ''];
  child.stderr.on('data', (text) => {
    err += text;
  });
  child.stdout.on('data', (text) => {
    if (out === '') child.kill('SIGINT');
    out += text;
  });
  const [exit, signal] = await once(child, 'close');
  expect({ exit, signal, err }).toEqual({
    exit: null,
    signal: 'SIGINT',
    err: 'interrupted: nothing was verified\n',
  });
  expect(out).toMatch(/^(ready)+cleaned$/);
});
