/** What is built: what starts with every command, what the command line and the library share, what a browser can load. */

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { BIN } from './run.ts';

const DIST = dirname(BIN);
const files = readdirSync(DIST, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.js'))
  .map((name) => name.replaceAll('\\', '/'));
const LARGE = files.filter((file) => file.startsWith('large/'));

/** Files as the built file names them, from `dist`; built-ins as they are. */
function loadedBy(file: string, how: RegExp): readonly string[] {
  const text = readFileSync(join(DIST, file), 'utf8');
  return [...text.matchAll(how)].flatMap(([, name]) =>
    name === undefined ? [] : [name.startsWith('.') ? relative(DIST, join(DIST, dirname(file), name)) : name],
  );
}
const AT_ONCE = /(?:\bfrom|\bimport) ?["']([^"']+)["']/g;
const LATER = /\bimport\(["'`]([^"'`]+)["'`]\)/g;

/** A file and all that it needs before it runs, or all that it may come to need. */
function reached(start: string, ways: readonly RegExp[]): readonly string[] {
  const found = new Set([start]);
  for (const file of found) {
    if (!files.includes(file) || file === 'large/binaryen.js') continue;
    for (const name of ways.flatMap((way) => loadedBy(file, way))) found.add(name);
  }
  return [...found];
}

test('every command starts from little: what commands do is loaded when they are called', () => {
  const sizes = reached('midpo.js', [AT_ONCE]).filter((name) => files.includes(name));
  const total = sizes.reduce((sum, name) => sum + statSync(join(DIST, name)).size, 0);
  expect(total).toBeLessThan(100_000);
});

test.each(['binaryen', 'katex', 'plot', 'linkedom'])('there is one copy of %s, for both', (name) => {
  const copy = `large/${name}.js`;
  expect(LARGE).toContain(copy);
  for (const start of ['midpo.js', 'index.js']) expect(reached(start, [AT_ONCE, LATER])).toContain(copy);
});

test('nothing else is large', () => {
  const others = files.filter((file) => !LARGE.includes(file));
  expect(others.filter((file) => statSync(join(DIST, file)).size > 1_500_000)).toEqual([]);
});

test('all that is named is there', () => {
  const missing = reached('midpo.js', [AT_ONCE, LATER])
    .concat(reached('index.js', [AT_ONCE, LATER]))
    .filter((name) => name.endsWith('.js') && !name.startsWith('node:'));
  expect(missing.length).toBeGreaterThan(30);
  expect(missing.filter((name) => !existsSync(join(DIST, name)))).toEqual([]);
});

test('a browser can load the library', () => {
  expect(reached('index.js', [AT_ONCE, LATER]).filter((name) => name.startsWith('node:'))).toEqual([]);
});
