/** Files of numbers as other programs write them, made from columns. */

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import type { SchemaElement } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';

/** Equal rows: one number to each, several, or several rows of numbers. */
export interface Made {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}
export type MadeColumns = Readonly<Record<string, Made>>;

const FOLDER = mkdtempSync(join(tmpdir(), 'midpo-tensors-'));

/** The path of a new file with this content. */
export function fileOf(name: string, content: string | Uint8Array): string {
  const path = join(mkdtempSync(join(FOLDER, 'f-')), name);
  writeFileSync(path, content);
  return path;
}

const bytesOf = (numbers: readonly number[]): Uint8Array => new Uint8Array(Float64Array.from(numbers).buffer);

/** A `.npy` file with this header, which NumPy pads to a multiple of 64 bytes. */
export function npyOf(header: string, data: Uint8Array): Uint8Array {
  const padded = `${header.padEnd(117)}\n`;
  const start = new Uint8Array(10 + padded.length);
  start.set([0x93, ...Buffer.from('NUMPY'), 1, 0]);
  new DataView(start.buffer).setUint16(8, padded.length, true);
  start.set(Buffer.from(padded, 'latin1'), 10);
  return Buffer.concat([start, data]);
}

const npyHeader = (descr: string, shape: readonly number[], fortran = false): string =>
  `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`;

export const npy = ({ shape, values }: Made): Uint8Array => npyOf(npyHeader('<f8', shape), bytesOf(values));

/** The same with the first index moving fastest, as `numpy.asfortranarray` has it. */
export function npyFortran({ shape, values }: Made): Uint8Array {
  const [rows = 1, tokens = 1, vocabulary = 1] = shape;
  const moved = values.map((_, place) => {
    const [row, rest] = [place % rows, Math.floor(place / rows)];
    const [token, entry] = [rest % tokens, Math.floor(rest / tokens)];
    return values[(row * tokens + token) * vocabulary + entry] ?? Number.NaN;
  });
  return npyOf(npyHeader('<f8', shape, true), bytesOf(moved));
}

/** An array of another type, from its bytes. */
export const npyRaw = (descr: string, shape: readonly number[], data: Uint8Array): Uint8Array =>
  npyOf(npyHeader(descr, shape), data);

export const npz = (columns: MadeColumns, level: 0 | 6 = 6, array = npy): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(columns).map(([name, made]) => [`${name}.npy`, array(made)])), {
    level,
    mtime: new Date('2026-01-01T00:00:00'),
  });

/** An archive of one member whose sizes and places stand in fields of 64 bits, as those of large files do. */
export function zip64(archive: Uint8Array): Uint8Array {
  const old = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const end = archive.length - 22;
  const at = old.getUint32(end + 16, true);
  const [packed, size, name] = [
    old.getUint32(at + 20, true),
    old.getUint32(at + 24, true),
    old.getUint16(at + 28, true),
  ];
  const record = (
    length: number,
    fields: Readonly<Record<number, readonly [16 | 32 | 64, number]>>,
  ): Uint8Array => {
    const view = new DataView(new ArrayBuffer(length));
    for (const [field, [bits, value]] of Object.entries(fields)) {
      if (bits === 64) view.setBigUint64(Number(field), BigInt(value), true);
      else if (bits === 32) view.setUint32(Number(field), value, true);
      else view.setUint16(Number(field), value, true);
    }
    return new Uint8Array(view.buffer);
  };
  const entry = archive.slice(at, at + 46 + name);
  const fields = new DataView(entry.buffer);
  for (const field of [20, 24, 42]) fields.setUint32(field, 0xffffffff, true);
  fields.setUint16(30, 28 + 12, true);
  // Another extra field before the one that matters.
  const extra = Buffer.concat([
    record(12, { 0: [16, 0x7075], 2: [16, 8] }),
    record(28, { 0: [16, 1], 2: [16, 24], 4: [64, size], 12: [64, packed], 20: [64, 0] }),
  ]);
  const directory = Buffer.concat([entry, extra]);
  const where = at + directory.length;
  return Buffer.concat([
    archive.subarray(0, at),
    directory,
    record(56, { 0: [32, 0x06064b50], 4: [64, 44], 40: [64, directory.length], 48: [64, at] }),
    record(20, { 0: [32, 0x07064b50], 8: [64, where] }),
    record(22, { 0: [32, 0x06054b50], 12: [32, 0xffffffff], 16: [32, 0xffffffff] }),
  ]);
}

/** A safetensors file with this header. */
export function safetensorsOf(header: string, data: Uint8Array): Uint8Array {
  const text = Buffer.from(header);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(text.length), true);
  return Buffer.concat([length, text, data]);
}

export function safetensors(columns: MadeColumns): Uint8Array {
  let at = 0;
  const entries = Object.entries(columns).map(([name, { shape, values }]) => {
    const from = at;
    at += values.length * 8;
    return [name, { dtype: 'F64', shape, data_offsets: [from, at] }];
  });
  const data = Buffer.concat(Object.values(columns).map(({ values }) => bytesOf(values)));
  return safetensorsOf(
    JSON.stringify({ __metadata__: { made: 'here' }, ...Object.fromEntries(entries) }),
    data,
  );
}

type Nested = number | readonly Nested[];

/** The rows of a column: a number each, a list each, or a list of lists each. */
function rowsOf({ shape: [rows = 0, ...inner], values }: Made): readonly Nested[] {
  const [width, ...further] = inner;
  if (width === undefined) return values.slice(0, rows);
  const size = values.length / rows;
  return Array.from({ length: rows }, (_, i) =>
    rowsOf({ shape: [width, ...further], values: values.slice(i * size, (i + 1) * size) }),
  );
}

/** JSON has no spelling for numbers that are not finite. */
const spelt = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? `${value}` : value;

export function jsonLines(columns: MadeColumns): string {
  const made = Object.entries(columns).map(([name, column]) => [name, rowsOf(column)] as const);
  const count = made[0]?.[1].length ?? 0;
  return Array.from(
    { length: count },
    (_, i) => `${JSON.stringify(Object.fromEntries(made.map(([name, rows]) => [name, rows[i]])), spelt)}\n`,
  ).join('');
}

/** A column of numbers inside so many lists. */
function elementsOf(name: string, lists: number): readonly SchemaElement[] {
  if (lists === 0)
    return [{ name, type: 'DOUBLE', repetition_type: name === 'element' ? 'OPTIONAL' : 'REQUIRED' }];
  return [
    { name, repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    ...elementsOf('element', lists - 1),
  ];
}

export type Codec = NonNullable<Parameters<typeof parquetWriteBuffer>[0]['codec']>;
type Pack = (bytes: Uint8Array) => Uint8Array;

export function parquet(columns: MadeColumns, codec: Codec = 'SNAPPY', pack?: Pack): Uint8Array {
  const buffer = parquetWriteBuffer({
    columnData: Object.entries(columns).map(([name, made]) => ({ name, data: [...rowsOf(made)] })),
    schema: [
      { name: 'root', num_children: Object.keys(columns).length },
      ...Object.entries(columns).flatMap(([name, { shape }]) => elementsOf(name, shape.length - 1)),
    ],
    codec,
    ...(pack && { compressors: { [codec]: pack } }),
    rowGroupSize: 3,
  });
  return new Uint8Array(buffer);
}

/** What is packed with LZ4 without packing anything: one block of literals. */
export function lz4Literals(bytes: Uint8Array): Uint8Array {
  const rest = bytes.length - 15;
  const more = rest < 0 ? [] : [...new Array<number>(Math.floor(rest / 255)).fill(255), rest % 255];
  return Uint8Array.from([Math.min(15, bytes.length) << 4, ...more, ...bytes]);
}

/** A block of LZ4 as Hadoop frames it. */
export function hadoop(bytes: Uint8Array): Uint8Array {
  const block = lz4Literals(bytes);
  const head = new DataView(new ArrayBuffer(8));
  head.setUint32(0, bytes.length);
  head.setUint32(4, block.length);
  return Buffer.concat([new Uint8Array(head.buffer), block]);
}

/** A frame of Zstandard with one block as it stands, and with or without the size of its content. */
export function zstdRaw(bytes: Uint8Array, sized = true): Uint8Array {
  const head = new DataView(new ArrayBuffer(sized ? 12 : 9));
  head.setUint32(0, 0xfd2fb528, true);
  // A single segment with a size of four bytes; or a window of 128 KiB.
  head.setUint8(4, sized ? 0xa0 : 0);
  if (sized) head.setUint32(5, bytes.length, true);
  else head.setUint8(5, 7 << 3);
  const block = (bytes.length << 3) | 1;
  for (const [i, byte] of [block, block >> 8, block >> 16].entries()) {
    head.setUint8((sized ? 9 : 6) + i, byte & 0xff);
  }
  return Buffer.concat([new Uint8Array(head.buffer), bytes]);
}
