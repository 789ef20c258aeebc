/** What can be wrong with a file of numbers: data with a place, no prose; and how the readers of this folder give up. */

import type { FileFault } from '../fault.ts';

/** The kinds of files that are read. */
export const TENSOR_FORMATS = ['JSON Lines', '.npy', '.npz', 'safetensors', 'Parquet'] as const;
export type TensorFormat = (typeof TENSOR_FORMATS)[number];

/** Kinds of files that people have and that are not read. */
export type Foreign =
  | 'pickle'
  | 'gzip'
  | 'zip'
  | 'hdf5'
  | 'arrow'
  | 'json-array'
  | 'text'
  | 'empty'
  | 'binary';

export type TensorDetail =
  | { readonly kind: 'foreign-format'; readonly found: Foreign }
  /** The name ends otherwise than the content begins. */
  | { readonly kind: 'not-as-named'; readonly format: TensorFormat }
  /** A pipe, where the format needs to be read from several places. */
  | { readonly kind: 'not-a-plain-file'; readonly format: TensorFormat }
  /** The file ends before what it announces. */
  | { readonly kind: 'truncated'; readonly what: string; readonly wanted: number; readonly size: number }
  | { readonly kind: 'too-much'; readonly what: string; readonly found: number; readonly limit: number }
  | {
      readonly kind: 'bad-header';
      readonly format: TensorFormat;
      readonly at: string;
      readonly found: string;
    }
  | { readonly kind: 'damaged'; readonly format: TensorFormat; readonly says: string }
  | { readonly kind: 'unsupported-type'; readonly column: string; readonly type: string }
  | { readonly kind: 'unsupported-shape'; readonly column: string; readonly shape: readonly number[] }
  | {
      readonly kind: 'unsupported-codec';
      readonly format: TensorFormat;
      readonly column: string;
      readonly codec: string;
    }
  /** A part of the file is not what it was when its checksum was taken. */
  | { readonly kind: 'wrong-checksum'; readonly format: TensorFormat; readonly part: string }
  | {
      readonly kind: 'different-rows';
      readonly column: string;
      readonly rows: number;
      readonly other: string;
      readonly others: number;
    }
  | { readonly kind: 'same-column'; readonly column: string }
  | { readonly kind: 'several-files' }
  | { readonly kind: 'bad-line'; readonly line: number; readonly column: number; readonly found: string }
  | { readonly kind: 'not-utf8-line'; readonly line: number }
  | { readonly kind: 'not-an-object'; readonly line: number; readonly found: string }
  | { readonly kind: 'lacks-column'; readonly line: number; readonly column: string }
  /** What stands in a row where a number or a list of numbers should; `entry` is the place in a list. */
  | {
      readonly kind: 'not-numbers';
      readonly column: string;
      readonly row: number;
      readonly line?: number;
      readonly entry?: number;
      /** The place in the row of this entry, where an entry is a row of numbers. */
      readonly vocabulary?: number;
      readonly found: string;
    }
  /** Rows of numbers, one for each entry of a list, of which one is shorter or longer than those before. */
  | {
      readonly kind: 'uneven-entries';
      readonly column: string;
      readonly row: number;
      readonly line?: number;
      readonly entry: number;
      readonly found: number;
      readonly expected: number;
    }
  /** A number where the rows before have lists, or the other way round. */
  | { readonly kind: 'mixed-rows'; readonly column: string; readonly row: number; readonly line?: number };

export type TensorFault = TensorDetail & { readonly path: string };

/** Why a file of numbers cannot be read. */
export type ReadFault = TensorFault | FileFault;

/** Thrown deep inside the readers, caught where a table is opened or read, never seen outside. */
export class TensorRefusal extends Error {
  readonly detail: TensorDetail;

  constructor(detail: TensorDetail) {
    super(detail.kind);
    this.name = 'TensorRefusal';
    this.detail = detail;
  }
}

export function refuseTensor(detail: TensorDetail): never {
  throw new TensorRefusal(detail);
}
