/** CRC-32 (ISO 3309, as zip and Parquet have it): the runtime's own where it has one, else by a table. */

import * as zlib from 'node:zlib';

/** The polynomial, its bits reversed. */
const POLYNOMIAL = 0xedb88320;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let c = byte;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? POLYNOMIAL ^ (c >>> 1) : c >>> 1;
  return c;
});

/** By the table, a byte at a time; `before` is the checksum of what came before. */
export function crc32ByTable(bytes: Uint8Array, before = 0): number {
  let c = ~before;
  for (const byte of bytes) c = (TABLE[(c ^ byte) & 0xff] ?? 0) ^ (c >>> 8);
  return ~c >>> 0;
}

/** Node has had one since 20.15 and 22.2; an import by name would keep older ones from starting. */
const native: unknown = Reflect.get(zlib, 'crc32');

/** The checksum of these bytes after those of which it was `before`. */
export const crc32: (bytes: Uint8Array, before?: number) => number =
  typeof native === 'function' ? (bytes, before = 0) => zlib.crc32(bytes, before) : crc32ByTable;
