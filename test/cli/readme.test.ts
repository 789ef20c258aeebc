/** The README is executed: every command runs as it stands there, and prints what is shown under it. */

import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { folderWith, midpo, ROOT } from './run.ts';

const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const folder = folderWith();
afterAll(() => rmSync(folder, { recursive: true }));

interface Shown {
  readonly command: string;
  /** The lines of the text block that follows, without those that stand for others. */
  readonly output: readonly string[];
}

const blocks = [...README.matchAll(/^```(sh|text)\n([\s\S]*?)^```$/gm)].map(([, kind, body = '']) => ({
  kind,
  lines: body.trimEnd().split('\n'),
}));
const commandsOf = (lines: readonly string[]): readonly string[] =>
  lines.map((line) => line.replace(/\s+#.*$/, '')).filter((line) => line.startsWith('npx midpo '));

const SHOWN: readonly Shown[] = blocks.flatMap(({ kind, lines }, i) => {
  if (kind !== 'sh') return [];
  const next = blocks[i + 1];
  return commandsOf(lines).map((command, k, all) => ({
    command,
    output: next?.kind === 'text' && k === all.length - 1 ? next.lines : [],
  }));
});
/** Files that the reader is supposed to have. */
const OWN_FILES = ['my.json'];

describe('commands of the README', () => {
  const runnable = SHOWN.filter(({ command }) => !OWN_FILES.some((name) => command.includes(name)));
  test.each(runnable.map((one) => [one.command, one] as const))('%s', (command, { output }) => {
    const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? '');
    const { exit, out, err } = midpo(words.slice(2), { cwd: folder });
    expect(err).toBe('');
    expect([0, 1]).toContain(exit);
    expect(out).toContain(output.join('\n'));
  });

  test('there are many, and some show what they print', () => {
    expect(SHOWN.length).toBeGreaterThan(10);
    expect(SHOWN.filter(({ output }) => output.length > 0).length).toBeGreaterThan(1);
  });
});
