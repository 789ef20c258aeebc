/** Values as they come, number, list or list of lists for each row, gathered into one column. */

import type { Column } from '../../numeric/columns.ts';
import { LARGEST_MATRIX, LONGEST_ROW } from '../../numeric/columns.ts';
import { refuseTensor } from './fault.ts';

/** Where a row is: its number from 0, and its line in a file of text. */
export interface RowPlace {
  readonly row: number;
  readonly line?: number;
}

/** What stands where a number should, in a word. */
export function nameOfValue(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string')
    return JSON.stringify(value.length > 20 ? `${value.slice(0, 20)}...` : value);
  return typeof value === 'object' ? 'an object' : String(value);
}

/** JSON has no spelling for numbers that are not finite: they are text, as in reference vectors. */
const NON_FINITE: ReadonlyMap<unknown, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

/** A number, or a truth value of a mask; undefined for anything else. */
function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint' || typeof value === 'boolean') return Number(value);
  return NON_FINITE.get(value);
}

type List = ArrayLike<unknown>;
type Place = (i: number) => RowPlace;

const isList = (value: unknown): value is List => Array.isArray(value) || ArrayBuffer.isView(value);

/** Refuses a value that is none of these, a list with something else in it, and numbers mixed with lists. */
export function columnOfValues(name: string, values: readonly unknown[], place: Place): Column {
  const [first] = values;
  if (!isList(first)) return numbersOf(name, values, place);
  const offsets = offsetsOf(name, values, place);
  const lists = values.filter(isList);
  const some = lists.find(({ length }) => length > 0);
  return some !== undefined && isList(some[0])
    ? matricesOf(name, lists, offsets, place)
    : listsOf(name, lists, offsets, place);
}

function numbersOf(name: string, values: readonly unknown[], place: Place): Column {
  const numbers = new Float64Array(values.length);
  for (const [i, value] of values.entries()) {
    const x = numberOf(value);
    if (x === undefined) {
      return i > 0 && isList(value)
        ? refuseTensor({ kind: 'mixed-rows', column: name, ...place(i) })
        : refuseTensor({ kind: 'not-numbers', column: name, ...place(i), found: nameOfValue(value) });
    }
    numbers[i] = x;
  }
  return { kind: 'numbers', values: numbers };
}

/** Where the entries of each row begin; all values are lists. */
function offsetsOf(name: string, values: readonly unknown[], place: Place): Int32Array {
  const offsets = new Int32Array(values.length + 1);
  for (const [i, value] of values.entries()) {
    if (!isList(value)) {
      return numberOf(value) === undefined
        ? refuseTensor({ kind: 'not-numbers', column: name, ...place(i), found: nameOfValue(value) })
        : refuseTensor({ kind: 'mixed-rows', column: name, ...place(i) });
    }
    tooMuch(`a row of ${name}`, value.length, LONGEST_ROW);
    offsets[i + 1] = (offsets[i] ?? 0) + value.length;
  }
  return offsets;
}

function tooMuch(what: string, found: number, limit: number): void {
  if (found > limit) refuseTensor({ kind: 'too-much', what, found, limit });
}

function listsOf(name: string, lists: readonly List[], offsets: Int32Array, place: Place): Column {
  const flat = new Float64Array(offsets[lists.length] ?? 0);
  for (const [i, list] of lists.entries()) {
    const start = offsets[i] ?? 0;
    for (let entry = 0; entry < list.length; entry++) {
      const x = numberOf(list[entry]);
      if (x === undefined) {
        const found = nameOfValue(list[entry]);
        return refuseTensor({ kind: 'not-numbers', column: name, ...place(i), entry, found });
      }
      flat[start + entry] = x;
    }
  }
  return { kind: 'lists', offsets, values: flat, padded: false };
}

/** Every entry is a row of as many numbers as the first. */
function matricesOf(name: string, lists: readonly List[], offsets: Int32Array, place: Place): Column {
  const first = lists.find(({ length }) => length > 0)?.[0];
  const width = isList(first) ? first.length : 0;
  for (const { length } of lists) tooMuch(`a row of ${name}`, length * width, LARGEST_MATRIX);
  const flat = new Float64Array((offsets[lists.length] ?? 0) * width);
  let next = 0;
  for (const [i, list] of lists.entries()) {
    for (let entry = 0; entry < list.length; entry++) {
      const at = { column: name, ...place(i), entry };
      const row = list[entry];
      if (!isList(row)) {
        return refuseTensor({ kind: 'not-numbers', ...at, found: nameOfValue(row) });
      }
      if (row.length !== width || width === 0) {
        return refuseTensor({ kind: 'uneven-entries', ...at, found: row.length, expected: width });
      }
      for (let vocabulary = 0; vocabulary < width; vocabulary++) {
        const x = numberOf(row[vocabulary]);
        if (x === undefined) {
          const found = nameOfValue(row[vocabulary]);
          return refuseTensor({ kind: 'not-numbers', ...at, vocabulary, found });
        }
        flat[next++] = x;
      }
    }
  }
  return { kind: 'matrices', offsets, width, values: flat, padded: false };
}
