/** The house rules: who may import whom, no cycles, no Node built-ins outside the rooms that touch the world. */

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const SRC = resolve(import.meta.dirname, '../../src');

/** Rooms from left to right. Rooms on one level (engine, checker; cli, web) never see each other. */
const LEVELS = [
  ['expr'],
  ['syntax'],
  ['forms'],
  ['rules'],
  ['trace'],
  ['engine', 'checker'],
  ['framework'],
  ['numeric'],
  ['variant'],
  ['report'],
  ['render'],
  ['index'],
  ['node'],
  ['cli', 'web'],
];
const level = (room: string): number => LEVELS.findIndex((names) => names.includes(room));

/** Files are named from src, such as `expr/walk.ts`; `index.ts` and `node.ts` are rooms of their own. */
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.replaceAll('\\', '/'));
const roomOf = (file: string): string => file.split('/')[0]?.replace(/\.ts$/, '') ?? '';

interface Import {
  readonly from: string;
  readonly to: string;
}
const imports: readonly Import[] = files.flatMap((from) => {
  const text = readFileSync(join(SRC, from), 'utf8');
  // The compiler's own scanner: static, type-only, re-exported and dynamic imports alike.
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => ({
    from,
    to: fileName.startsWith('.') ? relative(SRC, join(SRC, dirname(from), fileName)) : fileName,
  }));
});
const inside = imports.filter(({ to }) => files.includes(to));

describe('the house', () => {
  test('every file stands in a known room', () => {
    expect(files.filter((file) => level(roomOf(file)) < 0)).toEqual([]);
  });

  test('every relative import names a file of the house', () => {
    expect(
      imports.filter(({ from, to }) => /^[a-z]+\/.*\.ts$/.test(to) && !files.includes(to) && from),
    ).toEqual([]);
  });

  test('a file imports from its own room and from rooms to its left only', () => {
    const wrong = inside.filter(({ from, to }) => {
      const [here, there] = [roomOf(from), roomOf(to)];
      return here !== there && level(there) >= level(here);
    });
    expect(wrong).toEqual([]);
  });

  test('the faces use nothing that the library does not export', () => {
    const wrong = inside.filter(({ from, to }) => {
      const [here, there] = [roomOf(from), roomOf(to)];
      const open = { cli: ['cli', 'index', 'node'], web: ['web', 'index'] };
      return (here === 'cli' || here === 'web') && !open[here].includes(there);
    });
    expect(wrong).toEqual([]);
  });

  test('the library runs without Node: nothing that index reaches imports a built-in', () => {
    const reached = new Set(['index.ts']);
    for (const file of reached) {
      for (const { from, to } of imports) if (from === file) reached.add(to);
    }
    expect(reached.size).toBeGreaterThan(20);
    expect([...reached].filter((name) => name.startsWith('node:'))).toEqual([]);
  });

  test('only cli uses node, and node adds nothing but the readers of files', () => {
    expect(inside.filter(({ from, to }) => roomOf(to) === 'node' && roomOf(from) !== 'cli')).toEqual([]);
    expect(inside.filter(({ from, to }) => roomOf(from) === 'node' && roomOf(to) !== 'variant')).toEqual([]);
  });

  test('there are no import cycles, types included', () => {
    const done = new Set<string>();
    const cycles: string[][] = [];
    const visit = (file: string, trail: readonly string[]): void => {
      const seenAt = trail.indexOf(file);
      if (seenAt >= 0) cycles.push([...trail.slice(seenAt), file]);
      if (seenAt >= 0 || done.has(file)) return;
      for (const { from, to } of inside) if (from === file) visit(to, [...trail, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(cycles).toEqual([]);
  });

  test('only variant and cli reach for Node built-ins', () => {
    const wrong = imports.filter(
      ({ from, to }) => to.startsWith('node:') && !['variant', 'cli'].includes(roomOf(from)),
    );
    expect(wrong).toEqual([]);
  });

  test('the checker stays outside the decision procedure and the engine', () => {
    const wrong = inside.filter(
      ({ from, to }) => roomOf(from) === 'checker' && ['engine', 'forms', 'syntax'].includes(roomOf(to)),
    );
    expect(wrong).toEqual([]);
  });
});
