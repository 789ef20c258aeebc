/** What `derive --to json` writes, `audit` accepts; and nothing else. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { folderWith, midpo, ROOT } from './run.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

describe.each(['dpo', 'r-dpo', 'h-dpo', 'simpo'])('%s', (id) => {
  test('is accepted from standard input and from a file', () => {
    const { out } = midpo(['derive', id, '--to', 'json']);
    const piped = midpo(['audit', '-'], { input: out });
    expect(piped).toMatchObject({ exit: 0, err: '' });
    expect(piped.out).toContain('accepted');
    const folder = folderWith({ 'trace.json': out });
    expect(midpo(['audit', join(folder, 'trace.json')])).toEqual(piped);
    const json = midpo(['audit', '-', '--json'], { input: out });
    expect(json.exit).toBe(0);
    expect(JSON.parse(json.out)).toMatchObject({ version: 1, claim: id });
  });
});

describe('forged', () => {
  const folder = folderWith();
  let stored = '';
  let leaves: readonly (readonly (string | number)[])[] = [];
  beforeAll(() => {
    stored = midpo(['derive', 'simpo', '--to', 'json']).out;
    leaves = leavesOf(JSON.parse(stored), []);
  });

  test('no leaf can be changed: the library refuses each of them', async () => {
    const { audit } = (await import(join(ROOT, 'dist/index.js'))) as {
      audit: (json: unknown) => { kind: string; verdict?: { kind: string } };
    };
    expect(audit(JSON.parse(stored))).toMatchObject({ kind: 'audited', verdict: { kind: 'accepted' } });
    expect(leaves.length).toBeGreaterThan(150);
    const passed = sample(leaves, 150).filter((path) => {
      const report = audit(JSON.parse(tampered(stored, path)));
      return report.kind === 'audited' && report.verdict?.kind === 'accepted';
    });
    expect(passed).toEqual([]);
  });

  test('and the command line with it, each time with a reason', () => {
    for (const path of sample(leaves, 12)) {
      const file = join(folder, 'forged.json');
      writeFileSync(file, tampered(stored, path));
      const run = midpo(['audit', file]);
      expect([1, 2], path.join('.')).toContain(run.exit);
      expect(run.exit === 1 ? run.out : run.err, path.join('.')).toMatch(/\w{3,}/);
      expect(run.exit === 1 ? run.err : run.out, path.join('.')).toBe('');
    }
  });

  test.each<[what: string, forge: (trace: { [key: string]: Json }) => Json]>([
    ['a missing field', ({ digest: _, ...rest }) => rest],
    ['a further field', (trace) => ({ ...trace, note: 'trust me' })],
    ['no stages', (trace) => ({ ...trace, stages: [] })],
    ['a list', (trace) => [trace]],
    ['null', () => null],
  ])('%s is refused', (_, forge) => {
    const run = midpo(['audit', '-'], { input: JSON.stringify(forge(JSON.parse(stored))) });
    expect([1, 2]).toContain(run.exit);
    expect(run.err + run.out).toMatch(/\w{3,}/);
  });
});

/** The paths of all strings, numbers and truth values. */
function leavesOf(json: Json, path: readonly (string | number)[]): readonly (readonly (string | number)[])[] {
  if (json === null) return [];
  if (Array.isArray(json)) return json.flatMap((item, i) => leavesOf(item, [...path, i]));
  if (typeof json !== 'object') return [path];
  return Object.entries(json).flatMap(([key, value]) => leavesOf(value, [...path, key]));
}

/** `count` of them, evenly spread: always the same ones. */
const sample = <T>(all: readonly T[], count: number): readonly T[] =>
  Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)]).flatMap((one) =>
    one === undefined ? [] : [one],
  );

/** The text with the leaf at `path` changed to something of its own kind. */
function tampered(text: string, path: readonly (string | number)[]): string {
  const root = JSON.parse(text) as Json;
  let here = root;
  for (const key of path.slice(0, -1)) here = child(here, key);
  const last = path.at(-1) ?? '';
  const old = child(here, last);
  const changed = typeof old === 'string' ? other(old) : typeof old === 'number' ? old + 1 : !old;
  if (Array.isArray(here)) here[Number(last)] = changed;
  else if (typeof here === 'object' && here !== null) here[last] = changed;
  return JSON.stringify(root);
}

const other = (text: string): string => (/^-?\d/.test(text) ? `${text}1` : `${text}x`);

function child(json: Json, key: string | number): Json {
  if (typeof json !== 'object' || json === null) return null;
  return Object.entries(json).find(([name]) => name === String(key))?.[1] ?? null;
}
