/** Files that are none, or hostile: one fault each, with its place, and nothing is unpacked, opened or allocated for it. */

import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import type { ReadFault } from '../../../src/variant/tensors/fault.ts';
import { openTable } from '../../../src/variant/tensors/open.ts';
import type { Made } from './make.ts';
import { fileOf, npy, npyOf, npyRaw, npz, parquet, safetensors, safetensorsOf } from './make.ts';

/** What is wrong with a file: when it is opened, or when all its columns are read. */
async function faultOf(...paths: readonly string[]): Promise<ReadFault> {
  const table = await openTable(paths);
  if (table.kind !== 'table') return table;
  for await (const rows of table.read(table.names)) if (rows.kind !== 'rows') return rows;
  throw new Error('nothing is wrong with it');
}

const COLUMN: Made = { shape: [4], values: [-1, -2, -3, -4] };
const header = (descr: string, shape: string, order = 'False'): string =>
  `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }`;
const NO_DATA = new Uint8Array(0);
const withLength = (length: bigint): Uint8Array => {
  const bytes = new Uint8Array(10);
  new DataView(bytes.buffer).setBigUint64(0, length, true);
  bytes.set(Buffer.from('{}'), 8);
  return bytes;
};
const cut = (bytes: Uint8Array, to: number): Uint8Array => bytes.slice(0, to);

test.each<[what: string, name: string, content: string | Uint8Array, fault: object]>([
  ['nothing', 'a.jsonl', '', { kind: 'foreign-format', found: 'empty' }],
  ['a pickle', 'a.pt', Uint8Array.of(0x80, 2, 0x7d), { kind: 'foreign-format', found: 'pickle' }],
  [
    'what is packed with gzip',
    'a.jsonl.gz',
    Uint8Array.of(0x1f, 0x8b, 8),
    { kind: 'foreign-format', found: 'gzip' },
  ],
  ['HDF5', 'a.h5', Uint8Array.of(0x89, 0x48, 0x44, 0x46), { kind: 'foreign-format', found: 'hdf5' }],
  ['Arrow', 'a.arrow', 'ARROW1\0\0', { kind: 'foreign-format', found: 'arrow' }],
  ['a JSON list', 'a.json', '[{"a":1}]', { kind: 'foreign-format', found: 'json-array' }],
  ['CSV', 'a.csv', 'a,b\n1,2\n', { kind: 'foreign-format', found: 'text' }],
  ['bytes of no format', 'a.bin', Uint8Array.of(1, 2, 0, 3), { kind: 'foreign-format', found: 'binary' }],
  [
    'a checkpoint',
    'a.pt',
    zipSync({ 'archive/data.pkl': Uint8Array.of(1) }),
    { kind: 'foreign-format', found: 'zip' },
  ],
  ['JSON Lines named .npy', 'a.npy', '{"a":1}\n', { kind: 'not-as-named', format: '.npy' }],

  [
    'pickled objects',
    'a.npy',
    npyOf(header("'|O'", '(2,)'), Uint8Array.of(0x80, 2)),
    { kind: 'unsupported-type', type: '|O' },
  ],
  ['text', 'a.npy', npyRaw('<U1', [2], new Uint8Array(8)), { kind: 'unsupported-type', type: '<U1' }],
  ['fields', 'a.npy', npyOf(header("[('a', '<f8')]", '(2,)'), NO_DATA), { kind: 'unsupported-type' }],
  [
    'three dimensions',
    'a.npy',
    npyRaw('<f8', [1, 1, 1], new Uint8Array(8)),
    { kind: 'unsupported-shape', shape: [1, 1, 1] },
  ],
  [
    'no dimension',
    'a.npy',
    npyOf(header("'<f8'", '()'), new Uint8Array(8)),
    { kind: 'unsupported-shape', shape: [] },
  ],
  ['rows of nothing', 'a.npy', npyRaw('<f8', [9e15, 0], NO_DATA), { kind: 'unsupported-shape' }],
  [
    'columns before rows',
    'a.npy',
    npyOf(header("'<f8'", '(2, 2)', 'True'), new Uint8Array(32)),
    { kind: 'unsupported-order' },
  ],
  [
    'a terabyte that is not there',
    'a.npy',
    npyRaw('<f8', [1e12], NO_DATA),
    { kind: 'truncated', what: 'a', wanted: 8e12 + 128 },
  ],
  ['a row without end', 'a.npy', npyRaw('<f8', [1, 1e12], NO_DATA), { kind: 'too-much', found: 1e12 }],
  [
    'a shape beyond numbers',
    'a.npy',
    npyOf(header("'<f8'", '(99999999999999999999,)'), NO_DATA),
    { kind: 'bad-header', at: 'shape' },
  ],
  ['a header that is none', 'a.npy', npyOf('import os', NO_DATA), { kind: 'bad-header', at: 'header' }],
  [
    'an array that is cut short',
    'a.npy',
    cut(npy(COLUMN), 150),
    { kind: 'truncated', what: 'a', wanted: 160, size: 150 },
  ],
  [
    'a header that is cut short',
    'a.npy',
    cut(npy(COLUMN), 50),
    { kind: 'truncated', what: 'the header of a' },
  ],
  [
    'an archive that is cut short',
    'a.npz',
    cut(npz({ a: COLUMN }), 100),
    { kind: 'damaged', format: '.npz' },
  ],
  [
    'an archive of what only calls itself an array',
    'a.npz',
    zipSync({ 'a.npy': new Uint8Array(1 << 20) }, { level: 9 }),
    { kind: 'bad-header', at: 'magic' },
  ],

  [
    'a header of a gigabyte',
    'a.safetensors',
    withLength(10n ** 9n),
    { kind: 'too-much', what: 'the header', found: 1e9 },
  ],
  [
    'a header without end',
    'a.safetensors',
    withLength(2n ** 64n - 1n),
    { kind: 'too-much', what: 'the header' },
  ],
  [
    'a header longer than the file',
    'a.safetensors',
    withLength(1000n),
    { kind: 'truncated', what: 'the header', wanted: 1008, size: 10 },
  ],
  [
    'a header that is no JSON',
    'a.safetensors',
    safetensorsOf('{"a"', NO_DATA),
    { kind: 'bad-header', at: 'header' },
  ],
  [
    'a header that is a list',
    'a.safetensors',
    safetensorsOf('[]', NO_DATA),
    { kind: 'bad-header', at: 'header' },
  ],
  [
    'a tensor that is none',
    'a.safetensors',
    safetensorsOf('{"__proto__":{"dtype":"F64"}}', NO_DATA),
    { kind: 'bad-header', at: '__proto__' },
  ],
  [
    'a tensor of another size',
    'a.safetensors',
    safetensorsOf('{"a":{"dtype":"F64","shape":[4],"data_offsets":[0,8]}}', new Uint8Array(8)),
    { kind: 'bad-header', at: 'a' },
  ],
  [
    'a tensor beyond the file',
    'a.safetensors',
    safetensorsOf('{"a":{"dtype":"F64","shape":[4],"data_offsets":[0,32]}}', new Uint8Array(8)),
    { kind: 'truncated', what: 'a' },
  ],
  [
    'eight-bit floats',
    'a.safetensors',
    safetensorsOf('{"a":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}}', new Uint8Array(4)),
    { kind: 'unsupported-type', type: 'F8_E4M3' },
  ],
  [
    'columns of different heights',
    'a.safetensors',
    safetensors({ a: COLUMN, b: { shape: [3], values: [0, 0, 0] } }),
    { kind: 'different-rows', column: 'b', rows: 3, other: 'a', others: 4 },
  ],

  [
    'a table that is cut short',
    'a.parquet',
    cut(parquet({ a: COLUMN }), 60),
    { kind: 'truncated', what: 'the footer' },
  ],
  [
    'a footer of gigabytes',
    'a.parquet',
    Buffer.concat([Buffer.from('PAR1'), Uint8Array.of(0, 0, 0, 0x80), Buffer.from('PAR1')]),
    { kind: 'too-much', what: 'the footer' },
  ],
  [
    'a footer of nonsense',
    'a.parquet',
    Buffer.concat([Buffer.from('PAR1'), Uint8Array.of(255, 255, 4, 0, 0, 0), Buffer.from('PAR1')]),
    { kind: 'damaged', format: 'Parquet' },
  ],

  [
    'a line that is not JSON',
    'a.jsonl',
    '{"a":1}\n{"a":-}\n',
    { kind: 'bad-line', line: 2, column: 6, found: '-' },
  ],
  [
    'a line that ends early',
    'a.jsonl',
    '{"a":1}\n{"a":',
    { kind: 'bad-line', line: 2, column: 6, found: '' },
  ],
  [
    'NaN, as Python writes it',
    'a.jsonl',
    '{"a": NaN}\n',
    { kind: 'bad-line', line: 1, column: 7, found: 'NaN' },
  ],
  ['a line that is no object', 'a.jsonl', '{"a":1}\n\n[1]\n', { kind: 'not-an-object', line: 3 }],
  [
    'a line that is not UTF-8',
    'a.jsonl',
    Uint8Array.of(0x7b, 0x22, 0xff, 0x22),
    { kind: 'not-utf8-line', line: 1 },
  ],
  [
    'a line that lacks a column',
    'a.jsonl',
    '{"a":1,"b":2}\n{"a":1}\n',
    { kind: 'lacks-column', line: 2, column: 'b' },
  ],
  [
    'text for a number',
    'a.jsonl',
    '{"a":1}\n{"a":"1"}\n',
    { kind: 'not-numbers', column: 'a', row: 1, line: 2, found: '"1"' },
  ],
  ['nothing for a number', 'a.jsonl', '{"a":null}\n', { kind: 'not-numbers', found: 'null' }],
  ['text in a list', 'a.jsonl', '{"a":[1,"x"]}\n', { kind: 'not-numbers', row: 0, entry: 1 }],
  ['lists in lists', 'a.jsonl', '{"a":[[1]]}\n', { kind: 'not-numbers', entry: 0, found: 'a list' }],
  ['numbers, then lists', 'a.jsonl', '{"a":1}\n{"a":[1]}\n', { kind: 'mixed-rows', row: 1, line: 2 }],
  ['lists, then numbers', 'a.jsonl', '{"a":[1]}\n{"a":1}\n', { kind: 'mixed-rows', row: 1 }],
])('%s', async (_, name, content, fault) => {
  const path = fileOf(name, content);
  expect(await faultOf(path)).toMatchObject({ ...fault, path });
});

describe('bombs', () => {
  test('what an archive announces is counted before anything is unpacked', async () => {
    const archive = npz({ a: COLUMN });
    // The size that the directory at the end of the archive gives.
    const entry = Buffer.from(archive).lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    new DataView(archive.buffer, archive.byteOffset).setUint32(entry + 24, 0xfffffff0, true);
    const before = process.memoryUsage().arrayBuffers;
    expect(await faultOf(fileOf('a.npz', archive))).toMatchObject({ kind: 'too-much', found: 0xfffffff0 });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e8);
  });

  test('an archive that unpacks to less than it announces is damaged or cut short', async () => {
    const archive = npz({ a: COLUMN });
    const entry = Buffer.from(archive).lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    new DataView(archive.buffer, archive.byteOffset).setUint32(entry + 24, 100, true);
    expect((await faultOf(fileOf('a.npz', archive))).kind).toMatch(/^(?:damaged|truncated|bad-header)$/);
  });
});

test('several files are columns side by side, so they are arrays, and none twice', async () => {
  const array = fileOf('a.npy', npy(COLUMN));
  expect(await faultOf(array, fileOf('a.npy', npy(COLUMN)))).toMatchObject({
    kind: 'same-column',
    column: 'a',
  });
  expect(await faultOf(array, fileOf('b.jsonl', '{"b":1}\n'))).toMatchObject({ kind: 'several-files' });
  expect(await faultOf(array, fileOf('b.npy', npy({ shape: [1], values: [0] })))).toMatchObject({
    kind: 'different-rows',
    column: 'b',
  });
});

test('a file that is not there, and a folder', async () => {
  expect(await faultOf(`${fileOf('run.jsonl', '')}x`)).toMatchObject({
    kind: 'no-such-file',
    suggestion: 'run.jsonl',
  });
  expect(await faultOf('/')).toMatchObject({ kind: 'is-a-directory' });
});

test('what cannot be read and is not asked for does no harm', async () => {
  const archive = zipSync({ 'a.npy': npy(COLUMN), 'names.npy': npyRaw('<U1', [4], new Uint8Array(16)) });
  const table = await openTable([fileOf('a.npz', archive)]);
  if (table.kind !== 'table') throw new Error(table.kind);
  const kinds: string[] = [];
  for await (const rows of table.read(['a'])) kinds.push(rows.kind);
  expect(kinds).toEqual(['rows']);
});
