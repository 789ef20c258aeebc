/**
 * The arrays of NumPy: `.npy` (one array, here a column of the name of the file) and `.npz` (an archive of them).
 * The format is described in NumPy's enhancement proposal 1 and in `numpy.lib.format`; pickled objects are refused.
 */

import { basename } from 'node:path';
import type { Table } from '../../numeric/columns.ts';
import type { ArrayInFile } from './arrays.ts';
import { tableOfArrays } from './arrays.ts';
import type { Bytes } from './bytes.ts';
import { bytesAtHand, bytesOfFile } from './bytes.ts';
import type { ReadFault, TensorDetail } from './fault.ts';
import { refuseTensor, TensorRefusal } from './fault.ts';
import type { NumberTypeName } from './number-type.ts';

export const NPY_MAGIC = '\u0093NUMPY';
/** The header of an array of numbers has about a hundred bytes. */
const LONGEST_HEADER = 1 << 16;
/** The most bytes of an archive that are unpacked. */
const LARGEST_ARCHIVE = 1 << 30;

const TYPES: ReadonlyMap<string, NumberTypeName> = new Map([
  ['f8', 'float64'],
  ['f4', 'float32'],
  ['f2', 'float16'],
  ['i8', 'int64'],
  ['i4', 'int32'],
  ['i2', 'int16'],
  ['i1', 'int8'],
  ['u8', 'uint64'],
  ['u4', 'uint32'],
  ['u2', 'uint16'],
  ['u1', 'uint8'],
  ['b1', 'bool'],
]);

/** Several `.npy` files side by side: a column each, under the name of its file. */
export function openNpy(paths: readonly string[]): Table<ReadFault> {
  const [first = ''] = paths;
  const arrays = new Map<string, ArrayInFile | TensorDetail>();
  for (const path of paths) {
    const name = basename(path).replace(/\.npy$/i, '');
    if (arrays.has(name)) return refuseTensor({ kind: 'same-column', column: name });
    arrays.set(name, readArray(name, bytesOfFile(path)));
  }
  return tableOfArrays(first, arrays);
}

/** Each `.npy` file of an archive is a column. */
export async function openNpz(path: string): Promise<Table<ReadFault>> {
  const archive = bytesOfFile(path);
  if (archive.size > LARGEST_ARCHIVE) {
    return refuseTensor({ kind: 'too-much', what: 'the file', found: archive.size, limit: LARGEST_ARCHIVE });
  }
  const arrays = new Map<string, ArrayInFile | TensorDetail>();
  for (const [file, bytes] of await unpacked(archive)) {
    const name = file.replace(/\.npy$/, '');
    arrays.set(
      name,
      attempt(() => readArray(name, bytesAtHand(bytes))),
    );
  }
  return arrays.size === 0
    ? refuseTensor({ kind: 'foreign-format', found: 'zip' })
    : tableOfArrays(path, arrays);
}

/** An archive may hold other things than columns: what is wrong with one is told when that one is asked for. */
function attempt<T>(read: () => T): T | TensorDetail {
  try {
    return read();
  } catch (error) {
    if (error instanceof TensorRefusal) return error.detail;
    throw error;
  }
}

/** What an archive says it unpacks to is added up before anything is unpacked, and nothing is unpacked beyond it. */
async function unpacked(archive: Bytes): Promise<ReadonlyMap<string, Uint8Array>> {
  const { unzipSync } = await import('fflate');
  const whole = archive.read(0, archive.size, 'the file');
  let total = 0;
  try {
    const files = unzipSync(whole, {
      filter({ name, originalSize }) {
        if (!name.endsWith('.npy')) return false;
        total += originalSize;
        if (total > LARGEST_ARCHIVE) {
          refuseTensor({ kind: 'too-much', what: 'its content', found: total, limit: LARGEST_ARCHIVE });
        }
        return true;
      },
    });
    return new Map(Object.entries(files));
  } catch (error) {
    if (error instanceof TensorRefusal) throw error;
    return refuseTensor({
      kind: 'damaged',
      format: '.npz',
      says: error instanceof Error ? error.message : '',
    });
  }
}

/** Reads the header; refuses what is no array of numbers, row after row. */
function readArray(name: string, bytes: Bytes): ArrayInFile {
  const fixed = bytes.read(0, 10, `the header of ${name}`);
  const bad = (at: string, found: string): never =>
    refuseTensor({ kind: 'bad-header', format: '.npy', at, found });
  if (Buffer.from(fixed.subarray(0, 6)).toString('latin1') !== NPY_MAGIC) bad('magic', name);
  const version = fixed[6] ?? 0;
  if (version < 1 || version > 3) bad('version', `${version}`);
  const wide = version > 1;
  const start = wide ? 12 : 10;
  const prefix = new DataView(bytes.read(0, start, `the header of ${name}`).slice().buffer);
  const length = wide ? prefix.getUint32(8, true) : prefix.getUint16(8, true);
  if (length > LONGEST_HEADER) {
    return refuseTensor({ kind: 'too-much', what: 'the header', found: length, limit: LONGEST_HEADER });
  }
  const header = Buffer.from(bytes.read(start, length, `the header of ${name}`)).toString('latin1');
  const descr = /'descr'\s*:\s*(?:'([^']*)'|(\[))/.exec(header);
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(header)?.[1];
  const shapeText = /'shape'\s*:\s*\(([\d\s,]*)\)/.exec(header)?.[1];
  if (descr === null || order === undefined || shapeText === undefined) return bad('header', header.trim());
  const shape = shapeText.split(',').flatMap((part) => (part.trim() === '' ? [] : [Number(part)]));
  const [, written = 'a list of fields'] = descr;
  const type = TYPES.get(written.slice(1));
  if (type === undefined || !'<>|='.includes(written.charAt(0))) {
    return refuseTensor({ kind: 'unsupported-type', column: name, type: written });
  }
  if (!shape.every(Number.isSafeInteger)) bad('shape', shapeText);
  if (order === 'True' && shape.filter((n) => n > 1).length > 1) {
    return refuseTensor({ kind: 'unsupported-order', column: name });
  }
  return { name, shape, type, little: !written.startsWith('>'), bytes, at: start + length };
}
