/** Parquet files, one row group at a time. Nested columns are lists of numbers, or lists of rows of numbers. */

import type { AsyncBuffer, ColumnMetaData, FileMetaData } from 'hyparquet';
import type { Rows, Table } from '../../numeric/columns.ts';
import { MOST_NUMBERS, MOST_ROWS } from '../../numeric/columns.ts';
import type { Bytes } from './bytes.ts';
import { bytesOfFile } from './bytes.ts';
import { isReadable, unpackersOf } from './codec.ts';
import type { ReadFault } from './fault.ts';
import { refuseTensor, TensorRefusal } from './fault.ts';
import { guarded } from './guard.ts';
import { checkPages, LARGEST_GROUP } from './parquet-pages.ts';
import { columnOfValues } from './ragged.ts';

const LONGEST_FOOTER = 1 << 24;
/** The footer ends with its length, four bytes, and four of magic. */
const TAIL = 8;
const MAGIC = 'PAR1';

export async function openParquet(path: string): Promise<Table<ReadFault>> {
  const bytes = bytesOfFile(path);
  const metadata = await footerOf(bytes);
  const { parquetSchema } = await import('hyparquet');
  const names = await careful(() => parquetSchema(metadata).children.map(({ element }) => element.name));
  return {
    kind: 'table',
    names,
    narrow: narrowOf(metadata),
    count: () => Number(metadata.num_rows),
    read: (wanted) => guarded(path, () => rowsOf(bytes, metadata, wanted)),
  };
}

async function footerOf(bytes: Bytes): Promise<FileMetaData> {
  const tail = bytes.read(bytes.size - Math.min(TAIL, bytes.size), TAIL, 'the footer');
  if (Buffer.from(tail).toString('latin1', 4) !== MAGIC) {
    return refuseTensor({
      kind: 'truncated',
      what: 'the footer',
      wanted: bytes.size + TAIL,
      size: bytes.size,
    });
  }
  const length = new DataView(tail.buffer, tail.byteOffset).getUint32(0, true);
  if (length > LONGEST_FOOTER) {
    return refuseTensor({ kind: 'too-much', what: 'the footer', found: length, limit: LONGEST_FOOTER });
  }
  const { parquetMetadataAsync } = await import('hyparquet');
  return careful(() => parquetMetadataAsync(bufferOf(bytes), { geoparquet: false }));
}

/** What the library throws is about the file. */
async function careful<T>(read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof TensorRefusal) throw error;
    return refuseTensor({
      kind: 'damaged',
      format: 'Parquet',
      says: error instanceof Error ? error.message : '',
    });
  }
}

const bufferOf = (bytes: Bytes): AsyncBuffer => ({
  byteLength: bytes.size,
  slice(start, end = bytes.size) {
    if (start < 0 || end - start > LARGEST_GROUP.bytes) {
      return refuseTensor({
        kind: 'too-much',
        what: 'a column of a row group',
        found: end - start,
        limit: LARGEST_GROUP.bytes,
      });
    }
    const read = bytes.read(start, Math.max(0, end - start), 'a row group');
    return read.slice().buffer;
  },
});

const chunksOf = (metadata: FileMetaData): readonly (readonly ColumnMetaData[])[] =>
  metadata.row_groups.map(({ columns }) =>
    columns.flatMap(({ meta_data }) => (meta_data ? [meta_data] : [])),
  );

const columnOf = ({ path_in_schema: [top = ''] }: ColumnMetaData): string => top;

/** Numbers of less than double precision, by the column they are in. */
function narrowOf({ schema }: FileMetaData): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  // Elements come parent first: a leaf is of the last one that stands at the top.
  let [top, within] = ['', 0];
  for (const { name, type, logical_type, num_children = 0 } of schema.slice(1)) {
    if (within === 0) top = name;
    within += num_children - (within === 0 ? 0 : 1);
    if (type === 'FLOAT') found.set(top, 'float32');
    if (logical_type?.type === 'FLOAT16') found.set(top, 'float16');
  }
  return found;
}

async function* rowsOf(bytes: Bytes, metadata: FileMetaData, names: readonly string[]): AsyncGenerator<Rows> {
  const { parquetRead } = await import('hyparquet');
  const file = bufferOf(bytes);
  const chunks = chunksOf(metadata);
  let first = 0;
  for (const [i, group] of metadata.row_groups.entries()) {
    const asked = (chunks[i] ?? []).filter((chunk) => names.includes(columnOf(chunk)));
    for (const chunk of asked) {
      checkChunk(chunk);
      await careful(() => checkPages(bytes, chunk));
    }
    const compressors = await unpackersOf(asked.map(({ codec }) => codec));
    const count = Number(group.num_rows);
    const range = { rowStart: first, rowEnd: first + count, columns: [...names], geoparquet: false };
    let rows: readonly (readonly unknown[])[] = [];
    await careful(() =>
      parquetRead({
        file,
        metadata,
        compressors,
        ...range,
        onComplete(read) {
          rows = read;
        },
      }),
    );
    if (rows.length !== count) {
      refuseTensor({ kind: 'damaged', format: 'Parquet', says: `${rows.length} rows in place of ${count}` });
    }
    const numbers = Math.max(1, ...asked.map(({ num_values }) => Number(num_values)));
    const fitting = Math.max(1, Math.floor((MOST_NUMBERS * count) / numbers));
    const step = Math.min(MOST_ROWS, fitting);
    for (let from = 0; from < count; from += step) {
      yield gathered(rows.slice(from, from + step), names, first + from);
    }
    first += count;
  }
}

/** What the footer announces is judged before it is unpacked. */
function checkChunk(chunk: ColumnMetaData): void {
  const column = columnOf(chunk);
  if (!isReadable(chunk.codec))
    refuseTensor({ kind: 'unsupported-codec', format: 'Parquet', column, codec: chunk.codec });
  const what = `${column} in a row group`;
  const [numbers, size] = [Number(chunk.num_values), Number(chunk.total_uncompressed_size)];
  if (numbers > LARGEST_GROUP.numbers) {
    refuseTensor({ kind: 'too-much', what, found: numbers, limit: LARGEST_GROUP.numbers });
  }
  if (size > LARGEST_GROUP.bytes)
    refuseTensor({ kind: 'too-much', what, found: size, limit: LARGEST_GROUP.bytes });
}

function gathered(rows: readonly (readonly unknown[])[], names: readonly string[], first: number): Rows {
  const columns = names.map((name, k) => {
    const values = rows.map((row) => row[k]);
    return [name, columnOfValues(name, values, (i) => ({ row: first + i }))] as const;
  });
  return { kind: 'rows', first, count: rows.length, columns: new Map(columns) };
}
