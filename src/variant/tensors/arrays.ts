/** Arrays of equal rows side by side as one table: what .npy, .npz and safetensors files come down to. */

import type { Column, Rows, Table } from '../../numeric/columns.ts';
import { LARGEST_MATRIX, LONGEST_ROW, MOST_NUMBERS, MOST_ROWS } from '../../numeric/columns.ts';
import type { Bytes } from './bytes.ts';
import { bytesOnceAsked } from './bytes.ts';
import type { ReadFault, TensorDetail } from './fault.ts';
import { refuseTensor } from './fault.ts';
import { guarded } from './guard.ts';
import type { NumberTypeName } from './number-type.ts';
import { numberType } from './number-type.ts';

/** One array in a file. */
export interface ArrayInFile {
  readonly name: string;
  readonly shape: readonly number[];
  /** Which index moves from one number to the next: the last one, as C has it, or the first, as Fortran does. */
  readonly order: 'last-fastest' | 'first-fastest';
  readonly type: NumberTypeName;
  readonly little: boolean;
  readonly bytes: Bytes;
  /** Where the first number stands. */
  readonly at: number;
}

/** What a name stands for: an array, or why it cannot be read, which matters only if it is asked for. */
export type Named = ReadonlyMap<string, ArrayInFile | TensorDetail>;

const isArray = (one: ArrayInFile | TensorDetail): one is ArrayInFile => 'shape' in one && 'bytes' in one;

/** The table of arrays that have one number or one list for each row. */
export function tableOfArrays(path: string, arrays: Named): Table<ReadFault> {
  const narrow = [...arrays].flatMap(([name, one]) => {
    const type = isArray(one) ? numberType(one.type).narrow : undefined;
    return type === undefined ? [] : [[name, type] as const];
  });
  return {
    kind: 'table',
    names: [...arrays.keys()],
    narrow: new Map(narrow),
    count: ([name = '']) => {
      const one = arrays.get(name);
      return one !== undefined && isArray(one) ? one.shape[0] : undefined;
    },
    read: (names) => guarded(path, () => rowsOf(names.flatMap((name) => pick(arrays, name)))),
  };
}

function pick(arrays: Named, name: string): readonly ArrayInFile[] {
  const found = arrays.get(name);
  if (found === undefined) return [];
  return isArray(found) ? [checked(found)] : refuseTensor(found);
}

/** The numbers of one row. */
const widthOf = ({ shape: [, ...inner] }: ArrayInFile): number =>
  inner.reduce((product, n) => product * n, 1);

/** The most bytes of an array that is held whole, because its rows are scattered over it. */
const LARGEST_SCATTERED = 1 << 30;

/** `[rows]`, `[rows, tokens]` or `[rows, tokens, vocabulary]`, all of it in the file, and as it was written. */
function checked(one: ArrayInFile): ArrayInFile {
  const { name, shape, at, bytes } = one;
  const [rows] = shape;
  const width = widthOf(one);
  if (rows === undefined || shape.length > 3 || width === 0) {
    return refuseTensor({ kind: 'unsupported-shape', column: name, shape });
  }
  const limit = shape.length === 3 ? LARGEST_MATRIX : LONGEST_ROW;
  if (width > limit) {
    return refuseTensor({ kind: 'too-much', what: `a row of ${name}`, found: width, limit });
  }
  const size = rows * width * numberType(one.type).width;
  const wanted = at + size;
  if (wanted > bytes.size) {
    return refuseTensor({ kind: 'truncated', what: name, wanted, size: bytes.size });
  }
  bytes.check?.();
  if (one.order === 'last-fastest') return one;
  if (size > LARGEST_SCATTERED) {
    return refuseTensor({ kind: 'too-much', what: name, found: size, limit: LARGEST_SCATTERED });
  }
  return { ...one, at: 0, bytes: bytesOnceAsked(size, () => bytes.read(at, size, name)) };
}

async function* rowsOf(arrays: readonly ArrayInFile[]): AsyncGenerator<Rows> {
  const [first] = arrays;
  const all = first?.shape[0] ?? 0;
  for (const { name, shape } of arrays) {
    if (first !== undefined && shape[0] !== all) {
      const [rows = 0] = shape;
      refuseTensor({ kind: 'different-rows', column: name, rows, other: first.name, others: all });
    }
  }
  const widest = Math.max(1, ...arrays.map(widthOf));
  const step = Math.max(1, Math.min(MOST_ROWS, Math.floor(MOST_NUMBERS / widest)));
  for (let from = 0; from < all; from += step) {
    const count = Math.min(step, all - from);
    const columns = new Map(arrays.map((one) => [one.name, columnOf(one, from, count)]));
    yield { kind: 'rows', first: from, count, columns };
  }
}

function columnOf(one: ArrayInFile, from: number, count: number): Column {
  const [, tokens, vocabulary] = one.shape;
  const values = one.order === 'last-fastest' ? inOrder(one, from, count) : scattered(one, from, count);
  if (tokens === undefined || (tokens === 1 && vocabulary === undefined)) return { kind: 'numbers', values };
  const offsets = Int32Array.from({ length: count + 1 }, (_, row) => row * tokens);
  return vocabulary === undefined
    ? { kind: 'lists', offsets, values, padded: true }
    : { kind: 'matrices', offsets, width: vocabulary, values, padded: true };
}

function inOrder(one: ArrayInFile, from: number, count: number): Float64Array {
  const type = numberType(one.type);
  const width = widthOf(one);
  const stride = width * type.width;
  const raw = one.bytes.read(one.at + from * stride, count * stride, one.name);
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const values = new Float64Array(count * width);
  for (let i = 0; i < values.length; i++) values[i] = type.read(view, i * type.width, one.little);
  return values;
}

/** Rows of an array whose first index moves fastest, put together from all over it. */
function scattered(one: ArrayInFile, from: number, count: number): Float64Array {
  const type = numberType(one.type);
  const [rows = 0, tokens = 1, vocabulary = 1] = one.shape;
  const raw = one.bytes.read(0, one.bytes.size, one.name);
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const values = new Float64Array(count * tokens * vocabulary);
  let next = 0;
  for (let row = from; row < from + count; row++) {
    for (let token = 0; token < tokens; token++) {
      for (let entry = 0; entry < vocabulary; entry++) {
        const place = row + rows * (token + tokens * entry);
        values[next++] = type.read(view, place * type.width, one.little);
      }
    }
  }
  return values;
}
