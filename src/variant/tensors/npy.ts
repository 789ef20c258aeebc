/**
 * The arrays of NumPy: `.npy` (one array, here a column of the name of the file) and `.npz` (an archive of them).
 * The format is described in NumPy's enhancement proposal 1 and in `numpy.lib.format`; pickled objects are refused.
 */

import { basename } from 'node:path';
import type { Table } from '../../numeric/columns.ts';
import type { ArrayInFile } from './arrays.ts';
import { tableOfArrays } from './arrays.ts';
import type { Bytes } from './bytes.ts';
import { bytesOfFile } from './bytes.ts';
import type { ReadFault, TensorDetail } from './fault.ts';
import { refuseTensor, TensorRefusal } from './fault.ts';
import type { NumberTypeName } from './number-type.ts';
import { membersOf } from './zip.ts';

export const NPY_MAGIC = '\u0093NUMPY';
/** The header of an array of numbers has about a hundred bytes. */
const LONGEST_HEADER = 1 << 16;

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
export function openNpz(path: string): Table<ReadFault> {
  const arrays = new Map<string, ArrayInFile | TensorDetail>();
  for (const [file, bytes] of membersOf(bytesOfFile(path))) {
    if (!file.endsWith('.npy')) continue;
    const name = file.replace(/\.npy$/, '');
    arrays.set(
      name,
      attempt(() => readArray(name, bytes)),
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
  const fortran = /'fortran_order'\s*:\s*(True|False)/.exec(header)?.[1];
  const shapeText = /'shape'\s*:\s*\(([\d\s,]*)\)/.exec(header)?.[1];
  if (descr === null || fortran === undefined || shapeText === undefined) return bad('header', header.trim());
  const shape = shapeText.split(',').flatMap((part) => (part.trim() === '' ? [] : [Number(part)]));
  const [, written = 'a list of fields'] = descr;
  const type = TYPES.get(written.slice(1));
  if (type === undefined || !'<>|='.includes(written.charAt(0))) {
    return refuseTensor({ kind: 'unsupported-type', column: name, type: written });
  }
  if (!shape.every(Number.isSafeInteger)) bad('shape', shapeText);
  // Of one dimension, or with one number to a row, both orders are the same.
  const order =
    fortran === 'True' && shape.filter((n) => n > 1).length > 1 ? 'first-fastest' : 'last-fastest';
  return { name, shape, order, type, little: !written.startsWith('>'), bytes, at: start + length };
}
