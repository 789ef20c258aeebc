/** Files that are none, or hostile: one fault each, with its place, and nothing is unpacked, opened or allocated for it. */

import { truncateSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import type { PageHeader } from 'hyparquet';
import { parquetMetadata } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { ByteWriter } from 'hyparquet-writer';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import { describe, expect, test } from 'vitest';
import { bytesOfFile } from '../../../src/variant/tensors/bytes.ts';
import { crc32, crc32ByTable } from '../../../src/variant/tensors/checksum.ts';
import type { ReadFault } from '../../../src/variant/tensors/fault.ts';
import { TensorRefusal } from '../../../src/variant/tensors/fault.ts';
import { openTable } from '../../../src/variant/tensors/open.ts';
import { checkPages } from '../../../src/variant/tensors/parquet-pages.ts';
import type { Codec, Made } from './make.ts';
import {
  fileOf,
  hadoop,
  lz4Literals,
  npy,
  npyOf,
  npyRaw,
  npz,
  parquet,
  safetensors,
  safetensorsOf,
  zstdRaw,
} from './make.ts';

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
    'four dimensions',
    'a.npy',
    npyRaw('<f8', [1, 1, 1, 1], new Uint8Array(8)),
    { kind: 'unsupported-shape', shape: [1, 1, 1, 1] },
  ],
  [
    'no dimension',
    'a.npy',
    npyOf(header("'<f8'", '()'), new Uint8Array(8)),
    { kind: 'unsupported-shape', shape: [] },
  ],
  ['rows of nothing', 'a.npy', npyRaw('<f8', [9e15, 0], NO_DATA), { kind: 'unsupported-shape' }],
  [
    'logits of more tokens and entries than are held',
    'a.npy',
    npyRaw('<f2', [1, 1 << 13, 1 << 13], NO_DATA),
    { kind: 'too-much', what: 'a row of a', found: 1 << 26 },
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
    { kind: 'truncated', what: 'the directory', wanted: 122, size: 100 },
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
  [
    'lists in lists in lists',
    'a.jsonl',
    '{"a":[[[1]]]}\n',
    { kind: 'not-numbers', entry: 0, vocabulary: 0, found: 'a list' },
  ],
  ['a number among lists', 'a.jsonl', '{"a":[[1],2]}\n', { kind: 'not-numbers', entry: 1, found: '2' }],
  [
    'text in a list of lists',
    'a.jsonl',
    '{"a":[[1,"x"]]}\n',
    { kind: 'not-numbers', entry: 0, vocabulary: 1, found: '"x"' },
  ],
  ['a list among numbers', 'a.jsonl', '{"a":[1,[2]]}\n', { kind: 'not-numbers', entry: 1, found: 'a list' }],
  [
    'rows over vocabularies of different sizes',
    'a.jsonl',
    '{"a":[[1,2]]}\n{"a":[[1,2],[3]]}\n',
    { kind: 'uneven-entries', row: 1, line: 2, entry: 1, found: 1, expected: 2 },
  ],
  ['rows over nothing', 'a.jsonl', '{"a":[[]]}\n', { kind: 'uneven-entries', found: 0, expected: 0 }],
  ['numbers, then lists', 'a.jsonl', '{"a":1}\n{"a":[1]}\n', { kind: 'mixed-rows', row: 1, line: 2 }],
  ['lists, then numbers', 'a.jsonl', '{"a":[1]}\n{"a":1}\n', { kind: 'mixed-rows', row: 1 }],
])('%s', async (_, name, content, fault) => {
  const path = fileOf(name, content);
  expect(await faultOf(path)).toMatchObject({ ...fault, path });
});

/** The same bytes with one of them changed. */
function changed(bytes: Uint8Array, at: number): Uint8Array {
  const other = Uint8Array.from(bytes);
  other[at] = (other[at] ?? 0) ^ 1;
  return other;
}

/** The fields of the member in the directory at the end of an archive. */
function directoryOf(archive: Uint8Array): DataView {
  const at = Buffer.from(archive).lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]));
  return new DataView(archive.buffer, archive.byteOffset + at);
}

describe('damage', () => {
  test.each([0, 6] as const)('any byte of the numbers in an archive, packed by %d', async (level) => {
    const numbers = { shape: [400], values: Array.from({ length: 400 }, (_, i) => -i / 7) };
    const archive = npz({ a: numbers, b: COLUMN }, level);
    const length = directoryOf(archive).byteOffset - archive.byteOffset;
    // Behind the header of the archive and of the array, before those of the second one.
    for (const at of [400, 900, Math.floor(length / 2)]) {
      const fault = await faultOf(fileOf('a.npz', changed(archive, at)));
      // What is packed may not unpack any more.
      expect(fault.kind).toMatch(level === 0 ? /^wrong-checksum$/ : /^(?:wrong-checksum|damaged)$/);
      expect(fault).toMatchObject({ format: '.npz' });
    }
  });

  test('a column that is not asked for may be damaged', async () => {
    const archive = npz({ a: COLUMN, b: COLUMN }, 0);
    const table = await openTable([fileOf('a.npz', changed(archive, 180))]);
    if (table.kind !== 'table') throw new Error(table.kind);
    const kinds = async (name: string): Promise<readonly string[]> => {
      const found: string[] = [];
      for await (const rows of table.read([name])) found.push(rows.kind);
      return found;
    };
    expect(await kinds('a')).toEqual(['wrong-checksum']);
    expect(await kinds('b')).toEqual(['rows']);
  });

  test('checksums are the same with and without that of the runtime', () => {
    const bytes = Buffer.from('123456789');
    expect(crc32ByTable(bytes)).toBe(0xcbf43926);
    expect(crc32(bytes)).toBe(0xcbf43926);
    expect(crc32ByTable(bytes.subarray(4), crc32(bytes.subarray(0, 4)))).toBe(0xcbf43926);
  });

  test('encryption, and packing that is not known', async () => {
    const archive = npz({ a: COLUMN });
    directoryOf(archive).setUint16(10, 14, true);
    const fault = { kind: 'unsupported-codec', format: '.npz', codec: 'method 14' };
    expect(await faultOf(fileOf('a.npz', archive))).toMatchObject(fault);
    directoryOf(archive).setUint16(8, 1, true);
    expect(await faultOf(fileOf('a.npz', archive))).toMatchObject({ ...fault, codec: 'encryption' });
  });

  test('a directory that leads nowhere', async () => {
    const archive = npz({ a: COLUMN });
    directoryOf(archive).setUint32(42, 7, true);
    expect(await faultOf(fileOf('a.npz', archive))).toMatchObject({ kind: 'bad-header', at: 'a.npy' });
    directoryOf(archive).setUint32(42, 1e9, true);
    expect(await faultOf(fileOf('a.npz', archive))).toMatchObject({ kind: 'truncated' });
  });
});

describe('bombs', () => {
  test('what an archive announces is counted before anything is unpacked', async () => {
    const archive = npz({ a: COLUMN });
    directoryOf(archive).setUint32(24, 0xfffffff0, true);
    const before = process.memoryUsage().arrayBuffers;
    expect(await faultOf(fileOf('a.npz', archive))).toMatchObject({ kind: 'too-much', found: 0xfffffff0 });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e8);
  });

  test('an archive that unpacks to more or less than it announces is damaged', async () => {
    for (const size of [159, 161, 1000]) {
      const archive = npz({ a: COLUMN });
      directoryOf(archive).setUint32(24, size, true);
      expect((await faultOf(fileOf('a.npz', archive))).kind).toMatch(
        /^(?:damaged|truncated|wrong-checksum)$/,
      );
    }
  });

  /** A page whose packed bytes are these, whatever it announces. */
  const page = (codec: Codec, packed: Uint8Array): Uint8Array => parquet({ a: COLUMN }, codec, () => packed);
  const zeros = new Uint8Array(1 << 20);

  test.each<[what: string, codec: Codec, packed: Uint8Array]>([
    ['gzip', 'GZIP', gzipSync(zeros)],
    ['Brotli', 'BROTLI', brotliCompressSync(zeros)],
    ['Zstandard', 'ZSTD', zstdRaw(zeros)],
    ['Zstandard that does not tell', 'ZSTD', zstdRaw(zeros.subarray(0, 1000), false)],
    [
      'Zstandard with a window of gigabytes',
      'ZSTD',
      Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 20 << 3, 1, 0, 0),
    ],
    ['Snappy', 'SNAPPY', Uint8Array.of(0xff, 0xff, 0xff, 0x7f, 0)],
    ['LZ4', 'LZ4_RAW', lz4Literals(zeros)],
    ['LZ4 of Hadoop', 'LZ4', hadoop(zeros)],
    ['LZ4 without end', 'LZ4_RAW', Uint8Array.of(0xff, 255, 255, 255)],
    ['less than is announced: gzip', 'GZIP', gzipSync(zeros.subarray(0, 5))],
    ['less than is announced: Zstandard', 'ZSTD', zstdRaw(zeros.subarray(0, 5))],
    ['less than is announced: LZ4', 'LZ4_RAW', lz4Literals(zeros.subarray(0, 5))],
    ['nothing: gzip', 'GZIP', new Uint8Array(0)],
    ['nothing: LZ4', 'LZ4_RAW', new Uint8Array(0)],
  ])('a page of %s', async (_, codec, packed) => {
    expect(await faultOf(fileOf('a.parquet', page(codec, packed)))).toMatchObject({
      kind: 'damaged',
      format: 'Parquet',
    });
  });
});

describe('pages of Parquet', () => {
  type Change = (header: PageHeader, content: Uint8Array) => PageHeader;

  /** What is wrong with a page whose header is changed so. */
  async function faultWith(change: Change): Promise<string> {
    const bytes = Buffer.from(parquet({ a: COLUMN }, 'UNCOMPRESSED'));
    // All behind the magic is one page for each row group; the first one begins there.
    const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 4 };
    const header = parquetHeader(reader);
    const content = bytes.subarray(reader.offset, reader.offset + header.compressed_page_size);
    const writer = new ByteWriter();
    writePageHeader(writer, change(header, content));
    const made = new Uint8Array(writer.getBytes());
    const metadata = parquetMetadata(new Uint8Array(bytes).buffer);
    const chunk = metadata.row_groups[0]?.columns[0]?.meta_data;
    if (chunk === undefined) throw new Error('no column');
    const whole = Buffer.concat([made, content]);
    const file = Buffer.concat([bytes.subarray(0, 4), whole]);
    const path = fileOf('a.bin', file);
    const fault = await checkPages(bytesOfFile(path), {
      ...chunk,
      data_page_offset: 4n,
      total_compressed_size: BigInt(whole.length),
    }).catch((error: unknown) => error);
    return fault instanceof TensorRefusal ? fault.detail.kind : String(fault);
  }

  test.each<[what: string, change: Change, kind: string]>([
    ['as written', (header) => header, 'undefined'],
    ['with its checksum', (h, content) => ({ ...h, crc: crc32(content) | 0 }), 'undefined'],
    [
      'with that of something else',
      (h, content) => ({ ...h, crc: (crc32(content) ^ 1) | 0 }),
      'wrong-checksum',
    ],
    ['longer than the column', (h) => ({ ...h, compressed_page_size: 1 << 20 }), 'truncated'],
    ['of less than nothing', (h) => ({ ...h, compressed_page_size: -5 }), 'truncated'],
    ['of gigabytes', (h) => ({ ...h, uncompressed_page_size: 2 ** 31 - 1 }), 'too-much'],
    [
      'of numbers without end',
      (h) => ({
        ...h,
        ...(h.data_page_header_v2 && {
          data_page_header_v2: { ...h.data_page_header_v2, num_values: 2 ** 31 - 1 },
        }),
      }),
      'too-much',
    ],
  ])('%s', async (_, change, kind) => {
    expect(await faultWith(change)).toBe(kind);
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

test('an array whose rows are all over it is held whole, so it has to be small enough', async () => {
  const path = fileOf('a.npy', npyOf(header("'<f8'", '(100000000, 2)', 'True'), NO_DATA));
  expect(await faultOf(path)).toMatchObject({ kind: 'truncated' });
  // A file of nothing but noughts takes no room.
  truncateSync(path, 2e9);
  expect(await faultOf(path)).toMatchObject({ kind: 'too-much', what: 'a', found: 1.6e9 });
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
