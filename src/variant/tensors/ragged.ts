/** Values as they come, number or list for each row, gathered into one column. */

import type { Column } from '../../numeric/columns.ts';
import { LONGEST_ROW } from '../../numeric/columns.ts';
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

/** A number, or a truth value of a mask; undefined for anything else. */
function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint' || typeof value === 'boolean') return Number(value);
  return undefined;
}

const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || ArrayBuffer.isView(value);

/** Refuses a value that is neither, a list with something else in it, and numbers mixed with lists. */
export function columnOfValues(
  name: string,
  values: readonly unknown[],
  place: (i: number) => RowPlace,
): Column {
  const [first] = values;
  return isList(first) ? listsOf(name, values, place) : numbersOf(name, values, place);
}

function numbersOf(name: string, values: readonly unknown[], place: (i: number) => RowPlace): Column {
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

function listsOf(name: string, values: readonly unknown[], place: (i: number) => RowPlace): Column {
  const offsets = new Int32Array(values.length + 1);
  for (const [i, value] of values.entries()) {
    if (!isList(value)) {
      return numberOf(value) === undefined
        ? refuseTensor({ kind: 'not-numbers', column: name, ...place(i), found: nameOfValue(value) })
        : refuseTensor({ kind: 'mixed-rows', column: name, ...place(i) });
    }
    if (value.length > LONGEST_ROW) {
      const what = `a row of ${name}`;
      return refuseTensor({ kind: 'too-much', what, found: value.length, limit: LONGEST_ROW });
    }
    offsets[i + 1] = (offsets[i] ?? 0) + value.length;
  }
  const flat = new Float64Array(offsets[values.length] ?? 0);
  for (const [i, value] of values.entries()) {
    const start = offsets[i] ?? 0;
    const list = isList(value) ? value : [];
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
