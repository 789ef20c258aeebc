/** A file of numbers as a table, whatever its format: told from how it begins, and then from its name. */

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { extname } from 'node:path';
import type { Table } from '../../numeric/columns.ts';
import type { Foreign, ReadFault, TensorFormat } from './fault.ts';
import { refuseTensor, TENSOR_FORMATS } from './fault.ts';
import { faultThrown } from './guard.ts';
import { openJsonLines } from './jsonl.ts';
import { NPY_MAGIC, openNpy, openNpz } from './npy.ts';
import { openParquet } from './parquet.ts';
import { openSafetensors } from './safetensors.ts';

/** Enough to tell a format by, past some blank lines. */
const HEAD = 1 << 12;

const BY_NAME: ReadonlyMap<string, TensorFormat> = new Map([
  ['.npy', '.npy'],
  ['.npz', '.npz'],
  ['.safetensors', 'safetensors'],
  ['.parquet', 'Parquet'],
  ['.jsonl', 'JSON Lines'],
  ['.ndjson', 'JSON Lines'],
]);

/** How files begin. */
const MAGIC: readonly (readonly [magic: string, is: TensorFormat | Foreign])[] = [
  [NPY_MAGIC, '.npy'],
  ['PK\u0003\u0004', '.npz'],
  ['PK\u0005\u0006', 'zip'],
  ['PAR1', 'Parquet'],
  ['\u001f\u008b', 'gzip'],
  ['\u0080', 'pickle'],
  ['\u0089HDF', 'hdf5'],
  ['ARROW1', 'arrow'],
];

/** Opens one file, or several of `.npy` whose columns stand side by side. Never throws for what a file holds. */
export async function openTable(paths: readonly string[]): Promise<Table<ReadFault> | ReadFault> {
  const [only = '', ...more] = paths;
  try {
    return more.length === 0 ? await openOne(only) : openSeveral(paths);
  } catch (error) {
    return faultThrown(only, error);
  }
}

function openSeveral(paths: readonly string[]): Table<ReadFault> | ReadFault {
  for (const path of paths) {
    const { file, head } = begin(path);
    closeSync(file);
    if (formatOf(path, head) !== '.npy') return { kind: 'several-files', path };
  }
  return openNpy(paths);
}

/** An open file and what it begins with. */
interface Begun {
  readonly file: number;
  readonly head: Uint8Array;
}

function begin(path: string): Begun {
  const file = openSync(path, 'r');
  try {
    const head = new Uint8Array(HEAD);
    let length = 0;
    // A pipe may give less than it has.
    for (let count = -1; count !== 0 && length < HEAD; length += count) {
      count = readSync(file, head, length, HEAD - length, null);
    }
    return { file, head: head.subarray(0, length) };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** Only JSON Lines can be read as they come; the other formats are read from several places. */
async function openOne(path: string): Promise<Table<ReadFault>> {
  const { file, head } = begin(path);
  let keep = false;
  try {
    const format = formatOf(path, head);
    keep = format === 'JSON Lines';
    if (keep) return openJsonLines(path, file, head);
    if (!fstatSync(file).isFile()) refuseTensor({ kind: 'not-a-plain-file', format });
    if (format === '.npy') return openNpy([path]);
    if (format === '.npz') return openNpz(path);
    return format === 'Parquet' ? await openParquet(path) : openSafetensors(path);
  } finally {
    if (!keep) closeSync(file);
  }
}

/** Refuses what is none of the formats, and what begins otherwise than its name says. */
function formatOf(path: string, head: Uint8Array): TensorFormat {
  const named = BY_NAME.get(extname(path).toLowerCase());
  const found = begunAs(head, named);
  if (isFormat(found)) {
    return named === undefined || named === found
      ? found
      : refuseTensor({ kind: 'not-as-named', format: named });
  }
  return named !== undefined && UNTELLING.has(found)
    ? refuseTensor({ kind: 'not-as-named', format: named })
    : refuseTensor({ kind: 'foreign-format', found });
}

/** What says less about a file than its name does. */
const UNTELLING: ReadonlySet<Foreign> = new Set(['text', 'binary', 'json-array']);

const isFormat = (found: TensorFormat | Foreign): found is TensorFormat =>
  TENSOR_FORMATS.some((format) => format === found);

function begunAs(head: Uint8Array, named: TensorFormat | undefined): TensorFormat | Foreign {
  if (head.length === 0) return 'empty';
  const start = Buffer.from(head).toString('latin1');
  const magic = MAGIC.find(([begins]) => start.startsWith(begins));
  if (magic !== undefined) return magic[1];
  // The length of the header, of which eight bytes leave some unused, then the header.
  const isLength = head.subarray(0, 8).includes(0) && start.charAt(8) === '{';
  if (isLength || named === 'safetensors') return 'safetensors';
  if (head.includes(0)) return 'binary';
  const text = start.trimStart().replace(/^\u00ef\u00bb\u00bf/, '');
  if (text.startsWith('{') || named === 'JSON Lines') return 'JSON Lines';
  return text.startsWith('[') ? 'json-array' : 'text';
}
