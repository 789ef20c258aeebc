/** The shipped derivations and files in general: what is found by which name, and what a file can be instead. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { safeLatex } from '../../src/render/mark.ts';
import { defaultNotation } from '../../src/render/notation.ts';
import { claimFault } from '../../src/render/variant-fault.ts';
import { readFileText } from '../../src/variant/disk.ts';
import {
  catalogue,
  loadClaim,
  loadVariant,
  readVectorsFile,
  vectorsCatalogue,
  vectorsPath,
} from '../../src/variant/files.ts';
import type { Variant } from '../../src/variant/variant.ts';

let folder = '';
const put = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const SMALL = 'title: T\nloss: pi(w)';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'variant-'));
  mkdirSync(join(folder, 'empty'));
  put('mine.yaml', SMALL);
  put('other.yml', SMALL);
  put('.hidden.yaml', SMALL);
  put('notes.txt', 'no derivation');
  put('vectors.json', '{"a": [1, 2]}');
});
afterAll(() => rmSync(folder, { recursive: true }));

function shipped(id: string): Variant {
  const variant = loadVariant(id);
  if (variant.kind !== 'variant') throw new Error(claimFault(variant));
  return variant;
}

describe('the catalogue', () => {
  test('is sorted and holds the first four', () => {
    const ids = catalogue();
    expect(ids).toEqual([...ids].sort());
    expect(ids).toEqual(expect.arrayContaining(['dpo', 'h-dpo', 'r-dpo', 'simpo']));
  });

  test('of a folder names its derivation files only', () => {
    expect(catalogue(folder)).toEqual(['mine', 'other']);
    expect(catalogue(join(folder, 'nowhere'))).toEqual([]);
  });

  describe.each(catalogue())('%s', (id) => {
    test('is read, with its paper, prose and expectations', () => {
      const variant = shipped(id);
      expect(variant.id).toBe(id);
      expect(variant.says).toMatch(/\.$/);
      expect(variant.paper?.title).toBeDefined();
      expect(variant.paper?.year).toBeGreaterThan(2016);
      expect(variant.expect.tier).toBeDefined();
    });

    test('every hyper-parameter has a meaning, a default and a mark that is safe to print', () => {
      const { parameters, declared } = shipped(id);
      for (const [name, { says, default: usual, latex = '' }] of parameters) {
        expect([name, says, usual]).toEqual([name, expect.any(String), expect.any(Object)]);
        expect(safeLatex(latex), latex).toBe(true);
        expect(defaultNotation({ declared, latex: { [name]: latex } }).parameters[name]?.latex).toBe(latex);
      }
    });
  });
});

describe('a claim', () => {
  test.each([
    ['simpo', 'simpo'],
    ['=-log(sigmoid(pi(w)))', 'formula'],
  ])('%j is found', (claim, id) => {
    expect(loadClaim(claim)).toMatchObject({ kind: 'variant', id });
  });

  test('may be the path of a file', () => {
    expect(loadClaim(join(folder, 'mine.yaml'))).toMatchObject({ kind: 'variant', id: 'mine' });
  });

  test.each<[claim: string, fault: object, words: string]>([
    ['simp', { kind: 'unknown-claim', suggestion: 'simpo' }, 'did you mean `simpo`?'],
    ['', { kind: 'unknown-claim', suggestion: undefined }, 'catalogue'],
    ['constructor', { kind: 'unknown-claim' }, '`constructor`'],
    ['..', { kind: 'unknown-claim' }, '`..`'],
    ['=pi(w', { kind: 'formula-claim', part: 'formula' }, 'in the formula: this `(` is never closed'],
    ['no\u0000where.yaml', { kind: 'no-such-file' }, 'no file'],
    [`${'x'.repeat(5000)}.yaml`, { kind: 'no-such-file' }, 'no file'],
  ])('%j is refused', (claim, fault, words) => {
    const loaded = loadClaim(claim);
    expect(loaded).toMatchObject(fault);
    if (loaded.kind !== 'variant') expect(claimFault(loaded)).toContain(words);
  });

  test.each<[what: string, name: string, content: string | Uint8Array | undefined, fault: object]>([
    ['missing', 'mini.yaml', undefined, { kind: 'no-such-file', suggestion: 'mine.yaml' }],
    ['beneath a file', 'mine.yaml/x.yaml', undefined, { kind: 'no-such-file' }],
    ['a directory', 'empty', undefined, { kind: 'is-a-directory' }],
    ['too large', 'large.yaml', `#${'x'.repeat(1_000_000)}`, { kind: 'file-too-large', limit: 1_000_000 }],
    ['not UTF-8', 'latin.yaml', Uint8Array.of(0x74, 0xe9, 0x0a), { kind: 'not-utf8' }],
    ['wrong', 'wrong.yaml', 'title: T\nlos: 1', { kind: 'unknown-field', at: { line: 2 } }],
  ])('that is a file %s is refused', (_, name, content, fault) => {
    const path = content === undefined ? join(folder, name) : put(name, content);
    const loaded = loadClaim(path);
    expect(loaded).toMatchObject(fault);
    if (loaded.kind !== 'variant') expect(claimFault(loaded)).toContain(name);
  });

  test('a file without end is refused', () => {
    expect(readFileText('/dev/zero', 100_000)).toMatchObject({ kind: 'file-too-large' });
  });

  test('a file of exactly the limit is read', () => {
    expect(readFileText(put('exact.txt', 'x'.repeat(70_000)), 70_000)).toMatchObject({ kind: 'text' });
    expect(readFileText(join(folder, 'exact.txt'), 69_999)).toMatchObject({ kind: 'file-too-large' });
  });
});

describe('vectors', () => {
  test('are found by name, and by path from a derivation file', () => {
    expect(vectorsCatalogue()).toContain('dpo');
    expect(vectorsPath('dpo')).toMatch(/dpo\.json$/);
    expect(vectorsPath('./vectors.json', join(folder, 'mine.yaml'))).toBe(join(folder, 'vectors.json'));
    expect(readVectorsFile('vectors.json', join(folder, 'mine.yaml'))).toMatchObject({
      value: { a: [1, 2] },
    });
  });

  test('are refused with the nearest name', () => {
    expect(readVectorsFile('dpoo')).toEqual({ kind: 'no-such-vectors', name: 'dpoo', suggestion: 'dpo' });
    expect(vectorsPath('../golden/dpo')).toBe('../golden/dpo');
  });

  test.each<[text: string, line: number, column: number]>([
    ['{"a": [1, 2}', 1, 12],
    ['{"a": 1,\n "b": NaN}', 2, 7],
    ['', 1, 1],
    ['[1] 2', 1, 5],
  ])('%j is not JSON from line %i, column %i on', (text, line, column) => {
    const read = readVectorsFile(put('broken.json', text));
    expect(read).toMatchObject({ kind: 'not-json', at: { line, column } });
    if (read.kind !== 'json') expect(claimFault(read)).toContain(`line ${line}, column ${column}: not JSON`);
  });
});
