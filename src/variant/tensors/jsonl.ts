/** JSON Lines: one JSON object to a line, each field a column. Read line by line, so that files may be of any size. */

import { closeSync, readSync } from 'node:fs';
import type { Rows, Table } from '../../numeric/columns.ts';
import { MOST_NUMBERS, MOST_ROWS } from '../../numeric/columns.ts';
import { findJsonFault } from '../json.ts';
import type { ReadFault } from './fault.ts';
import { refuseTensor } from './fault.ts';
import { guarded } from './guard.ts';
import { columnOfValues, nameOfValue } from './ragged.ts';

const CHUNK = 1 << 20;
/** The most bytes of one line. */
const LONGEST_LINE = 1 << 26;
const NEWLINE = 10;

/** One line that is not blank, with its number from 1. */
interface Line {
  readonly number: number;
  readonly bytes: Uint8Array;
}

/** One line as what it says. */
interface Record {
  readonly line: number;
  readonly fields: ReadonlyMap<string, unknown>;
  /** About as many numbers as it has. */
  readonly weight: number;
}

/**
 * The table of an open file, of which `head` has been read already; the names are those of the first line. The
 * file is closed when the rows are read, or cannot be.
 */
export function openJsonLines(path: string, file: number, head: Uint8Array): Table<ReadFault> {
  const records = recordsOf(linesOf(file, head));
  const first = records.next();
  const names = first.done === true ? [] : [...first.value.fields.keys()];
  const all = function* (): Generator<Record> {
    if (first.done !== true) yield first.value;
    yield* records;
  };
  return {
    kind: 'table',
    names,
    narrow: new Map(),
    read: (wanted) => guarded(path, () => rowsOf(all(), wanted)),
  };
}

function* linesOf(file: number, head: Uint8Array): Generator<Line> {
  try {
    let rest: Uint8Array = head;
    let searched = 0;
    for (let number = 1, ended = false; !ended; ) {
      const end = rest.indexOf(NEWLINE, searched);
      if (end < 0) {
        if (rest.length > LONGEST_LINE) {
          refuseTensor({ kind: 'too-much', what: `line ${number}`, found: rest.length, limit: LONGEST_LINE });
        }
        searched = rest.length;
        const more = new Uint8Array(CHUNK);
        const count = readSync(file, more, 0, CHUNK, null);
        ended = count === 0;
        rest = ended ? rest : Buffer.concat([rest, more.subarray(0, count)]);
        if (ended && rest.length > 0) yield { number, bytes: rest };
      } else {
        yield { number, bytes: rest.subarray(0, end) };
        rest = rest.subarray(end + 1);
        searched = 0;
        number++;
      }
    }
  } finally {
    closeSync(file);
  }
}

function* recordsOf(lines: Iterable<Line>): Generator<Record> {
  for (const { number, bytes } of lines) {
    const text = decoded(bytes, number);
    if (text.trim() === '') continue;
    const value = parsed(text, number);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      refuseTensor({ kind: 'not-an-object', line: number, found: nameOfValue(value) });
    }
    // A number takes some four bytes at least where numbers are many.
    yield { line: number, fields: new Map(Object.entries(Object(value))), weight: bytes.length / 4 };
  }
}

const DECODER = new TextDecoder('utf-8', { fatal: true });

function decoded(bytes: Uint8Array, line: number): string {
  try {
    return DECODER.decode(bytes);
  } catch {
    return refuseTensor({ kind: 'not-utf8-line', line });
  }
}

const NOT_JSON = /^-?(?:NaN|Infinity)\b/;

function parsed(text: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const at = findJsonFault(text) ?? 0;
    const [word] = NOT_JSON.exec(text.slice(at, at + 10)) ?? [];
    return refuseTensor({ kind: 'bad-line', line, column: at + 1, found: word ?? text.slice(at, at + 1) });
  }
}

/** Rows as many at a time as fit. Every line must have all the columns. */
async function* rowsOf(records: Iterable<Record>, names: readonly string[]): AsyncGenerator<Rows> {
  let first = 0;
  let held: Record[] = [];
  let weight = 0;
  const flush = (): Rows => {
    const rows = gathered(held, names, first);
    first += held.length;
    held = [];
    weight = 0;
    return rows;
  };
  for (const record of records) {
    held.push(record);
    weight += record.weight;
    if (held.length >= MOST_ROWS || weight >= MOST_NUMBERS) yield flush();
  }
  if (held.length > 0) yield flush();
}

function gathered(records: readonly Record[], names: readonly string[], first: number): Rows {
  const place = (i: number): { readonly row: number; readonly line: number } => ({
    row: first + i,
    line: records[i]?.line ?? 0,
  });
  const columns = names.map((name) => {
    const values = records.map(({ fields, line }) =>
      fields.has(name) ? fields.get(name) : refuseTensor({ kind: 'lacks-column', line, column: name }),
    );
    return [name, columnOfValues(name, values, place)] as const;
  });
  const lines = Int32Array.from(records, ({ line }) => line);
  return { kind: 'rows', first, count: records.length, columns: new Map(columns), lines };
}
