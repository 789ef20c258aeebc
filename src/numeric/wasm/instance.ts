/** A module in memory: made from a plan, with room for the blocks that go in and out. */

import type { Role } from '../batch.ts';
import { ROLES } from '../batch.ts';
import { emit } from './emit.ts';
import type { Memory } from './engine.ts';
import { engine } from './engine.ts';
import type { NotVectorised, Output } from './output.ts';
import type { RowCalls } from './rows.ts';
import { NO_ROWS } from './rows.ts';
import type { Source } from './source.ts';
import type { Plan } from './vector.ts';

export type VectorFault =
  | NotVectorised
  /** The formula is of more operations than a kernel may have. */
  | { readonly kind: 'too-large'; readonly operations: number; readonly most: number };

/** Bounds the time that compiling takes: engines take more than linear time for one long function. */
const MOST_OPERATIONS = 10_000;
const PAGE = 2 ** 16;
/** (module (func (result v128) (i8x16.popcnt (i8x16.splat (i32.const 0))))): valid where the final SIMD instructions are. */
const SIMD_PROBE = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  ...[0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b],
  ...[0x03, 0x02, 0x01, 0x00],
  ...[0x0a, 0x0a, 0x01, 0x08, 0x00, 0x41, 0x00, 0xfd, 0x0f, 0xfd, 0x62, 0x0b],
);
/** What is not used: pointers are never 0. */
const FIRST_ADDRESS = 64;
/** Vectors read and write one number beyond an odd end. */
const PADDING = 16;

export interface Instance {
  readonly sources: readonly Source[];
  readonly run: (pairs: number, vocabulary: number, pointers: readonly number[]) => void;
  /** Addresses of arrays of so many bytes each; what was there before is lost. Throws RangeError beyond 1 GiB. */
  readonly allocate: (sizes: readonly number[]) => readonly number[];
  readonly doubles: (address: number, length: number) => Float64Array;
  readonly integers: (address: number, length: number) => Int32Array;
}

interface Exports {
  readonly memory: Memory;
  readonly run: (...args: readonly number[]) => void;
}

/** Loads the compiler, which is large, when first called where kernels can run. */
export async function instantiate(
  plan: Plan,
  outputs: readonly Output[],
  flat: boolean,
  rows: RowCalls = NO_ROWS,
): Promise<Instance | VectorFault> {
  if (plan.nodes.length > MOST_OPERATIONS) {
    return { kind: 'too-large', operations: plan.nodes.length, most: MOST_OPERATIONS };
  }
  const host = engine();
  if (host?.validate(SIMD_PROBE) !== true) return { kind: 'not-vectorised', reason: 'engine' };
  const { default: binaryen } = await import('binaryen');
  const emitted = emit(binaryen, plan, outputs, flat);
  if ('kind' in emitted) return emitted;
  const roleOf = (index: number): Role => ROLES[index] ?? 'chosen';
  const { instance } = await host.instantiate(emitted.binary, {
    rows: {
      fetch: (role = 0, position = 0) => rows.fetch(roleOf(role), position),
      take: (role = 0, position = 0) => {
        rows.take(roleOf(role), position);
        return 0;
      },
    },
  });
  return { sources: emitted.sources, ...access(instance.exports as Exports) };
}

function access({ memory, run }: Exports): Omit<Instance, 'sources'> {
  return {
    run: (pairs, vocabulary, pointers) => run(pairs, vocabulary, ...pointers),
    allocate(sizes) {
      let next = FIRST_ADDRESS;
      const addresses = sizes.map((size) => {
        const address = next;
        next += Math.ceil((size + PADDING) / 8) * 8;
        return address;
      });
      const missing = Math.ceil(next / PAGE) - memory.buffer.byteLength / PAGE;
      if (missing > 0) memory.grow(missing);
      return addresses;
    },
    doubles: (address, length) => new Float64Array(memory.buffer, address, length),
    integers: (address, length) => new Int32Array(memory.buffer, address, length),
  };
}
