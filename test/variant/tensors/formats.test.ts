/** The same columns out of every format, whatever their shape; and every type of number as its bytes say. */

import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Column, Rows } from '../../../src/numeric/columns.ts';
import { unpackersOf } from '../../../src/variant/tensors/codec.ts';
import { openTable } from '../../../src/variant/tensors/open.ts';
import type { Made, MadeColumns } from './make.ts';
import {
  fileOf,
  hadoop,
  jsonLines,
  lz4Literals,
  npy,
  npyFortran,
  npyRaw,
  npz,
  parquet,
  safetensors,
  safetensorsOf,
  zip64,
  zstdRaw,
} from './make.ts';

/** All rows of some columns, put together again. */
async function readAll(
  paths: readonly string[],
  names?: readonly string[],
): Promise<Readonly<Record<string, unknown>>> {
  const table = await openTable(paths);
  if (table.kind !== 'table') throw new Error(JSON.stringify(table));
  const found = new Map<string, unknown[]>();
  for await (const rows of table.read(names ?? table.names)) {
    if (rows.kind !== 'rows') throw new Error(JSON.stringify(rows));
    for (const [name, column] of rows.columns) {
      found.set(name, [...(found.get(name) ?? []), ...rowsIn(column, rows)]);
    }
  }
  return Object.fromEntries(found);
}

function rowsIn(column: Column, { count }: Rows): readonly unknown[] {
  if (column.kind === 'numbers') return [...column.values];
  const { offsets, values } = column;
  const lists = (from: number, until: number): readonly unknown[] =>
    column.kind === 'lists'
      ? [...values.slice(from, until)]
      : Array.from({ length: until - from }, (_, k) => [
          ...values.slice((from + k) * column.width, (from + k + 1) * column.width),
        ]);
  return Array.from({ length: count }, (_, i) => lists(offsets[i] ?? 0, offsets[i + 1] ?? 0));
}

const number = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: -5, max: 0 }));
/** One number to a row, several, or several rows of numbers; of those a single one stays a list of lists. */
const inner = fc.oneof(
  fc.constant([]),
  fc.tuple(fc.integer({ min: 2, max: 5 })),
  fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 4 })),
);
const columns = (rows: number): fc.Arbitrary<MadeColumns> =>
  fc.dictionary(
    fc.constantFrom('chosen_logps', 'rejected_logps', 'constructor', '__proto__', 'weights', 'Länge'),
    inner.chain((shape) => {
      const length = shape.reduce((product, n) => product * n, rows);
      return fc
        .array(number, { minLength: length, maxLength: length })
        .map((values): Made => ({ shape: [rows, ...shape], values }));
    }),
    { minKeys: 1, noNullPrototype: true },
  );
const any = fc.integer({ min: 1, max: 8 }).chain(columns);

const nested = ({ shape: [rows = 0, ...shape], values }: Made): readonly unknown[] => {
  const [width, ...further] = shape;
  if (width === undefined) return values;
  const size = values.length / rows;
  return Array.from({ length: rows }, (_, i) =>
    nested({ shape: [width, ...further], values: values.slice(i * size, (i + 1) * size) }),
  );
};
const expected = (made: MadeColumns): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(made).map(([name, one]) => [name, nested(one)]));

describe('what goes in comes out', () => {
  test.each<[what: string, name: string, write: (columns: MadeColumns) => string | Uint8Array]>([
    ['JSON Lines', 'run.jsonl', jsonLines],
    ['an archive of arrays', 'run.npz', (made) => npz(made)],
    ['an archive that is not packed', 'run.npz', (made) => npz(made, 0)],
    ['arrays whose first index moves fastest', 'run.npz', (made) => npz(made, 6, npyFortran)],
    ['safetensors', 'run.safetensors', safetensors],
    ['Parquet', 'run.parquet', (made) => parquet(made)],
    ['Parquet that is not packed', 'run.parquet', (made) => parquet(made, 'UNCOMPRESSED')],
    ['Parquet with gzip', 'run.parquet', (made) => parquet(made, 'GZIP', gzipSync)],
    ["Parquet with zlib's header", 'run.parquet', (made) => parquet(made, 'GZIP', deflateSync)],
    ['Parquet with Brotli', 'run.parquet', (made) => parquet(made, 'BROTLI', brotliCompressSync)],
    ['Parquet with Zstandard', 'run.parquet', (made) => parquet(made, 'ZSTD', zstdRaw)],
    [
      'Parquet with Zstandard that does not tell its size',
      'run.parquet',
      (made) => parquet(made, 'ZSTD', (bytes) => zstdRaw(bytes, false)),
    ],
    ['Parquet with LZ4', 'run.parquet', (made) => parquet(made, 'LZ4_RAW', lz4Literals)],
    ['Parquet with LZ4 of Hadoop', 'run.parquet', (made) => parquet(made, 'LZ4', hadoop)],
    [
      'Parquet with LZ4 that calls itself that of Hadoop',
      'run.parquet',
      (made) => parquet(made, 'LZ4', lz4Literals),
    ],
    ['a file of any name, by its content', 'run', safetensors],
  ])('%s', async (_, name, write) => {
    await fc.assert(
      fc.asyncProperty(any, async (made) => {
        // Negative nought is nought to JSON.
        const found = await readAll([fileOf(name, write(made))]);
        expect(JSON.stringify(Object.entries(found).sort())).toBe(
          JSON.stringify(Object.entries(expected(made)).sort()),
        );
      }),
      { numRuns: 25 },
    );
  });

  test('several arrays side by side, each the column of its name', async () => {
    const one = fileOf('chosen_logps.npy', npy({ shape: [2], values: [-1, -2] }));
    const two = fileOf('rejected_logps.npy', npy({ shape: [2, 2], values: [-1, -2, -3, -4] }));
    expect(await readAll([one, two])).toEqual({
      chosen_logps: [-1, -2],
      rejected_logps: [
        [-1, -2],
        [-3, -4],
      ],
    });
  });

  test.each([0, 6] as const)('an archive with fields of 64 bits, packed by %d', async (level) => {
    const made = { a: { shape: [2], values: [-1, -2] } };
    expect(await readAll([fileOf('run.npz', zip64(npz(made, level)))])).toEqual({ a: [-1, -2] });
  });

  test('only the columns that are asked for are read', async () => {
    const file = fileOf('run.jsonl', '{"a":1,"b":"text"}\n\n{"a":2,"b":[]}\r\n{"a":3,"c":null}');
    expect(await readAll([file], ['a'])).toEqual({ a: [1, 2, 3] });
  });

  test('more rows than are read at a time, with their places', async () => {
    const count = 10_000;
    const file = fileOf('run.jsonl', Array.from({ length: count }, (_, i) => `{"a":${-i}}\n`).join(''));
    const table = await openTable([file]);
    if (table.kind !== 'table') throw new Error(table.kind);
    let next = 0;
    for await (const rows of table.read(['a'])) {
      if (rows.kind !== 'rows') throw new Error(rows.kind);
      expect(rows.first).toBe(next);
      expect(rows.lines?.[0]).toBe(next + 1);
      expect(rows.count).toBeLessThan(5000);
      next += rows.count;
    }
    expect(next).toBe(count);
  });
});

/** What the commands `zstd -19` and `lz4 -9` make of 600 numbers, the latter without its frame. */
const PACKED = {
  ZSTD: 'KLUv/WTAEaUBALLFCRHgGcZ77yAQBJkmDBcAAHAmBSv/1j/yT/0b/9I/8Q/9C//OP/DPDAIAWpWsoY8DsAH6pFnJ',
  LZ4_RAW:
    'GQABACLsvwgAE8AIABPwCAAT0AgAE/IIABPYCAAT9AgAE+AIABP2CAAT5AgAE/gIAC/ov2gA////////////////////////UlAAAADsvw==',
};
test.each(Object.entries(PACKED))('what others pack with %s', async (codec, packed) => {
  const numbers = Float64Array.from({ length: 600 }, (_, i) => -((i * 7) % 13) / 8);
  const unpack = Object.values(await unpackersOf([codec]))[0];
  const bytes = unpack?.(Buffer.from(packed, 'base64'), numbers.byteLength) ?? new Uint8Array(0);
  expect(new Float64Array(Uint8Array.from(bytes).buffer).map((x) => x + 0)).toEqual(
    numbers.map((x) => x + 0),
  );
  for (const wrong of [-1, 1]) {
    const read = (): unknown => unpack?.(Buffer.from(packed, 'base64'), numbers.byteLength + wrong);
    expect(read).toThrow(/^a page of \d+ bytes unpacks to 4800$/);
  }
});

describe('types of numbers', () => {
  const bytes = (...all: number[]): Uint8Array => Uint8Array.from(all);

  test.each<[descr: string, data: Uint8Array, values: readonly number[]]>([
    ['<f8', bytes(0, 0, 0, 0, 0, 0, 0xf8, 0xbf), [-1.5]],
    ['>f8', bytes(0xbf, 0xf8, 0, 0, 0, 0, 0, 0), [-1.5]],
    ['<f4', bytes(0, 0, 0xc0, 0xbf), [-1.5]],
    // One and a half, the least number of all, the largest, one third rounded.
    ['<f2', bytes(0x00, 0xbe, 0x01, 0x00, 0xff, 0xfb, 0x55, 0x35), [-1.5, 2 ** -24, -65504, 1365 / 4096]],
    ['<f2', bytes(0x00, 0x7c, 0x01, 0x7e, 0x00, 0x80), [Number.POSITIVE_INFINITY, Number.NaN, -0]],
    ['<i8', bytes(0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff), [-2]],
    ['<u8', bytes(2, 0, 0, 0, 0, 0, 0, 0), [2]],
    ['<i4', bytes(0xfe, 0xff, 0xff, 0xff), [-2]],
    ['>i4', bytes(0xff, 0xff, 0xff, 0xfe), [-2]],
    ['<u4', bytes(0xff, 0xff, 0xff, 0xff), [2 ** 32 - 1]],
    ['<i2', bytes(0xfe, 0xff), [-2]],
    ['<u2', bytes(0xfe, 0xff), [65534]],
    ['|i1', bytes(0xfe), [-2]],
    ['|u1', bytes(0xfe), [254]],
    ['|b1', bytes(0, 1, 1), [0, 1, 1]],
  ])('%s of NumPy', async (descr, data, values) => {
    const file = fileOf('a.npy', npyRaw(descr, [values.length], data));
    expect((await readAll([file])).a).toEqual(values);
  });

  test('bfloat16 of safetensors is the upper half of a float32', async () => {
    const header = '{"a":{"dtype":"BF16","shape":[3],"data_offsets":[0,6]}}';
    const file = fileOf('a.safetensors', safetensorsOf(header, bytes(0xc0, 0xbf, 0x80, 0x3f, 0xab, 0x3e)));
    expect((await readAll([file])).a).toEqual([-1.5, 1, 0.333984375]);
    const table = await openTable([file]);
    expect(table.kind === 'table' && [...table.narrow]).toEqual([['a', 'bfloat16']]);
  });
});
