/** Arrays of equal rows side by side as one table: what .npy, .npz and safetensors files come down to. */

import type { Column, Rows, Table } from '../../numeric/columns.ts';
import { LONGEST_ROW, MOST_NUMBERS, MOST_ROWS } from '../../numeric/columns.ts';
import type { Bytes } from './bytes.ts';
import type { ReadFault, TensorDetail } from './fault.ts';
import { refuseTensor } from './fault.ts';
import { guarded } from './guard.ts';
import type { NumberTypeName } from './number-type.ts';
import { numberType } from './number-type.ts';

/** One array in a file, row after row. */
export interface ArrayInFile {
  readonly name: string;
  readonly shape: readonly number[];
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
    read: (names) => guarded(path, () => rowsOf(names.flatMap((name) => pick(arrays, name)))),
  };
}

function pick(arrays: Named, name: string): readonly ArrayInFile[] {
  const found = arrays.get(name);
  if (found === undefined) return [];
  return isArray(found) ? [checked(found)] : refuseTensor(found);
}

/** `[rows]` or `[rows, tokens]`, all of it in the file. */
function checked(one: ArrayInFile): ArrayInFile {
  const [rows, width = 1] = one.shape;
  if (rows === undefined || one.shape.length > 2 || width === 0) {
    return refuseTensor({ kind: 'unsupported-shape', column: one.name, shape: one.shape });
  }
  if (width > LONGEST_ROW) {
    return refuseTensor({ kind: 'too-much', what: `a row of ${one.name}`, found: width, limit: LONGEST_ROW });
  }
  const wanted = one.at + rows * width * numberType(one.type).width;
  if (wanted > one.bytes.size) {
    return refuseTensor({ kind: 'truncated', what: one.name, wanted, size: one.bytes.size });
  }
  return one;
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
  const widest = Math.max(1, ...arrays.map(({ shape }) => shape[1] ?? 1));
  const step = Math.max(1, Math.min(MOST_ROWS, Math.floor(MOST_NUMBERS / widest)));
  for (let from = 0; from < all; from += step) {
    const count = Math.min(step, all - from);
    const columns = new Map(arrays.map((one) => [one.name, columnOf(one, from, count)]));
    yield { kind: 'rows', first: from, count, columns };
  }
}

function columnOf(one: ArrayInFile, from: number, count: number): Column {
  const [, width] = one.shape;
  const type = numberType(one.type);
  const stride = (width ?? 1) * type.width;
  const raw = one.bytes.read(one.at + from * stride, count * stride, one.name);
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const values = new Float64Array(count * (width ?? 1));
  for (let i = 0; i < values.length; i++) values[i] = type.read(view, i * type.width, one.little);
  if (width === undefined || width === 1) return { kind: 'numbers', values };
  const offsets = Int32Array.from({ length: count + 1 }, (_, row) => row * width);
  return { kind: 'lists', offsets, values, padded: true };
}
