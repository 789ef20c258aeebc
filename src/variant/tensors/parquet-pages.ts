/** The pages of a column of a Parquet file, judged by their headers before anything of them is unpacked. */

import type { ColumnMetaData } from 'hyparquet';
import type { Bytes } from './bytes.ts';
import { crc32 } from './checksum.ts';
import { refuseTensor } from './fault.ts';

/** The most numbers of one column in a row group, and the most bytes they are packed or unpacked in. */
export const LARGEST_GROUP = { numbers: 1 << 26, bytes: 1 << 29 } as const;

/**
 * Refuses pages that go beyond the column, that announce more than is unpacked, or whose bytes do not have the
 * checksum they were written with. Not all writers give one.
 */
export async function checkPages(bytes: Bytes, chunk: ColumnMetaData): Promise<void> {
  const { parquetHeader } = await import('hyparquet/src/column.js');
  const column = chunk.path_in_schema[0] ?? '';
  const what = `${column} in a row group`;
  const length = Number(chunk.total_compressed_size);
  tooMuch(what, length, LARGEST_GROUP.bytes);
  const from = Number(chunk.dictionary_page_offset ?? chunk.data_page_offset);
  const raw = bytes.read(from, length, what);
  const reader = { view: new DataView(raw.buffer, raw.byteOffset, raw.byteLength), offset: 0 };
  let [unpacked, numbers] = [0, 0];
  for (let page = 0; reader.offset < length; page++) {
    const header = parquetHeader(reader);
    const packed = header.compressed_page_size;
    const content = raw.subarray(reader.offset, reader.offset + packed);
    if (!(packed >= 0) || content.length !== packed) {
      const wanted = from + reader.offset + packed;
      refuseTensor({ kind: 'truncated', what: `page ${page} of ${what}`, wanted, size: from + length });
    }
    if (header.crc !== undefined && crc32(content) !== header.crc >>> 0) {
      refuseTensor({ kind: 'wrong-checksum', format: 'Parquet', part: `page ${page} of ${what}` });
    }
    const { data_page_header, data_page_header_v2, dictionary_page_header } = header;
    unpacked += Math.abs(header.uncompressed_page_size);
    numbers += (data_page_header ?? data_page_header_v2 ?? dictionary_page_header)?.num_values ?? 0;
    tooMuch(what, unpacked, LARGEST_GROUP.bytes);
    tooMuch(what, numbers, LARGEST_GROUP.numbers);
    reader.offset += packed;
  }
}

function tooMuch(what: string, found: number, limit: number): void {
  if (!(found >= 0 && found <= limit)) refuseTensor({ kind: 'too-much', what, found, limit });
}
