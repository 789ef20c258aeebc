/** Files of numbers as other programs write them, made from columns. */

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import type { SchemaElement } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';

/** Equal rows, one number to each or several. */
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

const npyHeader = (descr: string, shape: readonly number[]): string =>
  `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`;

export const npy = ({ shape, values }: Made): Uint8Array => npyOf(npyHeader('<f8', shape), bytesOf(values));

/** An array of another type, from its bytes. */
export const npyRaw = (descr: string, shape: readonly number[], data: Uint8Array): Uint8Array =>
  npyOf(npyHeader(descr, shape), data);

export const npz = (columns: MadeColumns, level: 0 | 6 = 6): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(columns).map(([name, made]) => [`${name}.npy`, npy(made)])), {
    level,
    mtime: new Date('2026-01-01T00:00:00'),
  });

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

/** The rows of a column: a number each, or a list each. */
function rowsOf({ shape: [rows = 0, width], values }: Made): readonly (number | readonly number[])[] {
  return Array.from({ length: rows }, (_, i) =>
    width === undefined ? (values[i] ?? 0) : values.slice(i * width, (i + 1) * width),
  );
}

export function jsonLines(columns: MadeColumns): string {
  const made = Object.entries(columns).map(([name, column]) => [name, rowsOf(column)] as const);
  const count = made[0]?.[1].length ?? 0;
  return Array.from(
    { length: count },
    (_, i) => `${JSON.stringify(Object.fromEntries(made.map(([name, rows]) => [name, rows[i]])))}\n`,
  ).join('');
}

export function parquet(columns: MadeColumns, codec: 'SNAPPY' | 'UNCOMPRESSED' = 'SNAPPY'): Uint8Array {
  const lists = Object.entries(columns).flatMap(([name, { shape }]): readonly SchemaElement[] =>
    shape.length === 1
      ? [{ name, type: 'DOUBLE', repetition_type: 'REQUIRED' }]
      : [
          { name, repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
          { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
          { name: 'element', type: 'DOUBLE', repetition_type: 'OPTIONAL' },
        ],
  );
  const buffer = parquetWriteBuffer({
    columnData: Object.entries(columns).map(([name, made]) => ({ name, data: [...rowsOf(made)] })),
    schema: [{ name: 'root', num_children: Object.keys(columns).length }, ...lists],
    codec,
    rowGroupSize: 3,
  });
  return new Uint8Array(buffer);
}
