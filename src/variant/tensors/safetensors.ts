/**
 * safetensors files: eight bytes with the length of a JSON header, the header (type, shape and place of each
 * tensor), then the numbers. Each tensor is a column. (huggingface/safetensors, README, "Format")
 */

import * as v from 'valibot';
import type { Table } from '../../numeric/columns.ts';
import type { ArrayInFile } from './arrays.ts';
import { tableOfArrays } from './arrays.ts';
import type { Bytes } from './bytes.ts';
import { bytesOfFile } from './bytes.ts';
import type { ReadFault, TensorDetail } from './fault.ts';
import { refuseTensor } from './fault.ts';
import type { NumberTypeName } from './number-type.ts';
import { numberType } from './number-type.ts';

/** A log of numbers has a few tensors; the format itself allows 100 MB. */
const LONGEST_HEADER = 1 << 24;
const LENGTH_BYTES = 8;

const TYPES: ReadonlyMap<string, NumberTypeName> = new Map([
  ['F64', 'float64'],
  ['F32', 'float32'],
  ['F16', 'float16'],
  ['BF16', 'bfloat16'],
  ['I64', 'int64'],
  ['I32', 'int32'],
  ['I16', 'int16'],
  ['I8', 'int8'],
  ['U64', 'uint64'],
  ['U32', 'uint32'],
  ['U16', 'uint16'],
  ['U8', 'uint8'],
  ['BOOL', 'bool'],
]);

const natural = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const tensor = v.object({
  dtype: v.string(),
  shape: v.array(natural),
  data_offsets: v.tuple([natural, natural]),
});

export function openSafetensors(path: string): Table<ReadFault> {
  const bytes = bytesOfFile(path);
  const prefix = bytes.read(0, LENGTH_BYTES, 'the length of the header');
  const length = Number(new DataView(prefix.buffer, prefix.byteOffset).getBigUint64(0, true));
  if (length > LONGEST_HEADER) {
    return refuseTensor({ kind: 'too-much', what: 'the header', found: length, limit: LONGEST_HEADER });
  }
  const header = parsed(bytes.read(LENGTH_BYTES, length, 'the header'));
  const arrays = new Map<string, ArrayInFile | TensorDetail>();
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    arrays.set(name, tensorOf(name, entry, bytes, LENGTH_BYTES + length));
  }
  return tableOfArrays(path, arrays);
}

function parsed(header: Uint8Array): object {
  try {
    const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(header));
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json;
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
  }
  return refuseTensor({ kind: 'bad-header', format: 'safetensors', at: 'header', found: 'no JSON object' });
}

function tensorOf(name: string, entry: unknown, bytes: Bytes, start: number): ArrayInFile | TensorDetail {
  const read = v.safeParse(tensor, entry);
  const bad = (found: string): TensorDetail => ({
    kind: 'bad-header',
    format: 'safetensors',
    at: name,
    found,
  });
  if (!read.success) return bad('no `dtype`, `shape` and `data_offsets`');
  const { dtype, shape, data_offsets } = read.output;
  const [from, to] = data_offsets;
  const type = TYPES.get(dtype);
  if (type === undefined) return { kind: 'unsupported-type', column: name, type: dtype };
  const needed = shape.reduce((product, n) => product * n, numberType(type).width);
  if (to - from !== needed) return bad(`${to - from} bytes for a tensor of ${needed}`);
  return { name, shape, order: 'last-fastest', type, little: true, bytes, at: start + from };
}
