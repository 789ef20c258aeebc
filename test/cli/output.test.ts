/** Where output goes: files whole or not at all, colours for people only, pipes that close early. */

import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BIN, folderWith, midpo } from './run.ts';

const IPO = '=(log(pi(w)/ref(w)) - log(pi(l)/ref(l)) - 1/(2*beta))^2';

describe('derive -o', () => {
  test.each(['text', 'latex', 'latex-fragment', 'markdown', 'json'])('writes what --to %s prints', (to) => {
    const folder = folderWith();
    const file = join(folder, 'page');
    expect(midpo(['derive', 'simpo', '--to', to, '-o', file])).toEqual({ exit: 0, out: '', err: '' });
    expect(readFileSync(file, 'utf8')).toBe(midpo(['derive', 'simpo', '--to', to]).out);
    expect(readdirSync(folder)).toEqual(['page']);
  });

  test('takes the place of an old file, keeps its mode, follows links', () => {
    const folder = folderWith({ old: 'old text' });
    chmodSync(join(folder, 'old'), 0o640);
    symlinkSync(join(folder, 'old'), join(folder, 'link'));
    expect(midpo(['derive', 'dpo', '-o', join(folder, 'link')]).exit).toBe(0);
    expect(readFileSync(join(folder, 'old'), 'utf8')).toContain('DPO');
    expect(statSync(join(folder, 'old')).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder)).toEqual(['link', 'old']);
  });

  test('writes nothing where there is nothing to write', () => {
    const folder = folderWith({ kept: 'kept' });
    const cases: readonly (readonly [string, string])[] = [
      [IPO, 'new'],
      ['dop', 'new'],
      [IPO, 'kept'],
      ['=2 beta', 'kept'],
    ];
    for (const [claim, name] of cases) {
      const run = midpo(['derive', claim, '-o', join(folder, name)]);
      expect([1, 2]).toContain(run.exit);
      expect(run.out).toBe('');
      expect(run.err).not.toBe('');
    }
    expect(readdirSync(folder)).toEqual(['kept']);
    expect(readFileSync(join(folder, 'kept'), 'utf8')).toBe('kept');
  });

  test('- is standard output', () => {
    expect(midpo(['derive', 'dpo', '--to', 'markdown', '-o', '-'])).toEqual(
      midpo(['derive', 'dpo', '--to', 'markdown']),
    );
    expect(existsSync('-')).toBe(false);
  });

  test('a folder stays a folder', () => {
    const folder = folderWith();
    mkdirSync(join(folder, 'sub'));
    expect(midpo(['derive', 'dpo', '-o', join(folder, 'sub')]).exit).toBe(2);
    expect(readdirSync(folder)).toEqual(['sub']);
    expect(readdirSync(join(folder, 'sub'))).toEqual([]);
  });
});

describe('an outside loss has no derivation', () => {
  test('people read why', () => {
    expect(midpo(['derive', IPO])).toMatchObject({ exit: 1, err: '' });
  });
  test.each(['latex', 'markdown', 'json'])('programs that want %s read nothing', (to) => {
    const run = midpo(['derive', IPO, '--to', to]);
    expect(run).toMatchObject({ exit: 1, out: '' });
    expect(run.err).toMatch(/outside/);
  });
});

describe('colours', () => {
  const ESCAPE = '\u001b[';
  test.each<[env: Record<string, string>, colored: boolean]>([
    [{}, false],
    [{ FORCE_COLOR: '1' }, true],
    [{ FORCE_COLOR: '0' }, false],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false],
  ])('into a pipe with %j: %s', (env, colored) => {
    for (const args of [['list'], ['check', 'simpo'], ['derive', 'dpo'], ['compare', 'dpo', 'r-dpo']]) {
      const { out, err } = midpo(args, { env });
      expect(out.includes(ESCAPE), args.join(' ')).toBe(colored);
      expect(err).toBe('');
    }
  });
  test('never in JSON or files', () => {
    const env = { FORCE_COLOR: '1' };
    const file = join(folderWith(), 'page');
    midpo(['derive', 'dpo', '-o', file], { env });
    const pages = [readFileSync(file, 'utf8'), midpo(['check', 'dpo', '--json'], { env }).out];
    for (const page of pages) expect(page).not.toContain(ESCAPE);
  });
});

test('a reader that stops early is no error', async () => {
  const child = spawn(process.execPath, [BIN, 'derive', 'simpo', '--to', 'json']);
  let err = '';
  child.stderr.on('data', (chunk) => {
    err += String(chunk);
  });
  child.stdout.destroy();
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect({ code, err }).toEqual({ code: 0, err: '' });
});

test('the program can be run by itself', () => {
  expect(readFileSync(BIN, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  const { status, stdout } = spawnSync(BIN, ['--version'], { encoding: 'utf8' });
  expect(status).toBe(0);
  expect(stdout).toMatch(/^\d/);
});

test('a mistake of ours is told as one, without a stack', () => {
  // A folder in which a chunk of the program is missing stands for any mistake.
  const folder = folderWith();
  const program = readFileSync(BIN, 'utf8');
  mkdirSync(join(folder, 'cli'));
  writeFileSync(join(folder, 'midpo.mjs'), program.replaceAll('from"./cli/', `from"${join(BIN, '../cli')}/`));
  const run = (env: Record<string, string>) =>
    spawnSync(process.execPath, [join(folder, 'midpo.mjs'), 'list'], {
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });
  const { status, stdout, stderr } = run({});
  expect({ status, stdout }).toEqual({ status: 70, stdout: '' });
  expect(stderr).toMatch(/^internal error: [\s\S]*please report/);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(run({ MIDPO_DEBUG: '1' }).stderr).toMatch(/^\s+at /m);
});
