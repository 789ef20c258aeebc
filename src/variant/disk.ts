/** One file as text or JSON, bounded; the only place of the house that opens files for reading. */

import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { nearest } from '../syntax/nearest.ts';
import type { FileFault } from './fault.ts';
import { findJsonFault } from './json.ts';
import { placeIn } from './place.ts';

export interface FileText {
  readonly kind: 'text';
  readonly path: string;
  readonly text: string;
}
export interface FileJson {
  readonly kind: 'json';
  readonly path: string;
  /** Parsed and nothing more: for `readVectors` to judge. */
  readonly value: unknown;
}

const CHUNK = 1 << 16;

/** The text of a UTF-8 file (or pipe) of at most `limit` bytes, without a byte order mark. */
export function readFileText(path: string, limit: number): FileText | FileFault {
  let bytes: Buffer | undefined;
  try {
    bytes = readBytes(path, limit);
  } catch (error) {
    return fileFaultOf(path, error);
  }
  if (bytes === undefined) return { kind: 'file-too-large', path, limit };
  try {
    return { kind: 'text', path, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { kind: 'not-utf8', path };
  }
}

/** The parsed JSON of a file of at most `limit` bytes. */
export function readFileJson(path: string, limit: number): FileJson | FileFault {
  const read = readFileText(path, limit);
  if (read.kind !== 'text') return read;
  try {
    return { kind: 'json', path, value: JSON.parse(read.text) };
  } catch {
    const start = findJsonFault(read.text) ?? 0;
    return { kind: 'not-json', path, at: placeIn(read.text, { start, end: start + 1 }) };
  }
}

/** At most `limit` bytes; undefined if there are more. Sizes are not asked for: a pipe has none. */
function readBytes(path: string, limit: number): Buffer | undefined {
  const file = openSync(path, 'r');
  try {
    const chunks: Buffer[] = [];
    let total = 0;
    for (;;) {
      const chunk = Buffer.allocUnsafe(CHUNK);
      const count = readSync(file, chunk, 0, CHUNK, null);
      if (count === 0) return Buffer.concat(chunks, total);
      total += count;
      if (total > limit) return undefined;
      chunks.push(chunk.subarray(0, count));
    }
  } finally {
    closeSync(file);
  }
}

/** What the system calls a path that leads nowhere; Node's own code is for NUL bytes. */
const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP', 'ERR_INVALID_ARG_VALUE']);

/** The fault that an error of the system is; anything else is thrown again. */
export function fileFaultOf(path: string, error: unknown): FileFault {
  const reason = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (reason === undefined) throw error;
  if (reason === 'EISDIR') return { kind: 'is-a-directory', path };
  if (!ABSENT.has(reason)) return { kind: 'unreadable', path, reason };
  return { kind: 'no-such-file', path, suggestion: nearest(basename(path), namesIn(dirname(path))) };
}

/** The names in a folder, sorted; none if it cannot be read. */
export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
