/** A compiled kernel of columns at work: block by block, in place where the arrays are its own, else by copies. */

import type { Role } from '../batch.ts';
import type { Instance } from './instance.ts';

/** Numbers per pair. A distribution's column holds log-probabilities: `pi(w)` is log pi(w). */
export type Columns = ReadonlyMap<string, Float64Array>;

export interface ColumnResults {
  readonly losses: Float64Array;
  /** The derivative of each loss by the policy's log-probability of each response. */
  readonly gradients?: Readonly<Record<Role, Float64Array>>;
}

export type ColumnFault = { readonly kind: 'wrong-column'; readonly name: string; readonly found: number };

/** Arrays to be filled with columns, and to find results in, where the kernel computes. */
export interface Workspace {
  readonly columns: Columns;
  /** With gradients if they were compiled. */
  readonly results: ColumnResults;
}

export interface ColumnKernel {
  readonly kind: 'column-kernel';
  /** The columns it reads, by name: `pi(w)`, `len(l)`, `phi(w,l)`. */
  readonly reads: readonly string[];
  /**
   * Fills the results, as many as there are losses; gradients only if they were compiled and are given. A column
   * that is missing or of another length is a fault, found before anything is written. Results may not overlap
   * columns; throws RangeError where they are not all of one length.
   */
  readonly run: (columns: Columns, results: ColumnResults) => ColumnFault | undefined;
  /**
   * Arrays of so many numbers in the kernel's own memory: `run` neither copies what it reads there nor what it writes
   * there, which takes a third off its time. Those of an earlier call are lost. Throws RangeError beyond 1 GiB.
   */
  readonly allocate: (pairs: number) => Workspace;
}

/** Pairs in memory at a time: few enough for the caches, many enough that calls cost nothing. */
const BLOCK = 4096;

/** A place in the kernel's memory for a block of one column, or of one result. */
interface Slot {
  readonly address: number;
  readonly view: Float64Array;
}

/** Of an instance whose pointers are to the columns `reads`, and then to so many results. */
export function columnKernel(instance: Instance, reads: readonly string[], results: number): ColumnKernel {
  const blocks = Array.from({ length: reads.length + results }, () => 8 * BLOCK);
  let slots = slotsAt(instance.allocate(blocks), BLOCK);

  function slotsAt(addresses: readonly number[], length: number): readonly Slot[] {
    return addresses.map((address) => ({ address, view: instance.doubles(address, length) }));
  }

  function allocate(pairs: number): Workspace {
    const addresses = instance.allocate([...blocks, ...blocks.map(() => 8 * pairs)]);
    // Memory that has grown is at another place.
    slots = slotsAt(addresses.slice(0, blocks.length), BLOCK);
    const arrays = slotsAt(addresses.slice(blocks.length), pairs).map(({ view }) => view);
    const columns = new Map(
      reads.flatMap((name, i) => arrays.slice(i, i + 1).map((all) => [name, all] as const)),
    );
    const [losses = NOTHING, chosen, rejected] = arrays.slice(reads.length);
    const gradients = chosen && rejected && { chosen, rejected };
    return { columns, results: gradients ? { losses, gradients } : { losses } };
  }

  /** Where one block of an array is computed: in place where it can be, else in its slot. */
  function placesOf(arrays: readonly Float64Array[], { from, inPlace }: Step): readonly number[] {
    return slots.map(({ address, view }, i) => {
      const array = arrays[i];
      return inPlace && array?.buffer === view.buffer ? array.byteOffset + 8 * from : address;
    });
  }

  function run(columns: Columns, { losses, gradients }: ColumnResults): ColumnFault | undefined {
    const pairs = losses.length;
    const arrays: Float64Array[] = [];
    for (const name of reads) {
      const column = columns.get(name);
      if (column?.length !== pairs) return { kind: 'wrong-column', name, found: column?.length ?? 0 };
      arrays.push(column);
    }
    for (const result of [losses, ...(gradients ? [gradients.chosen, gradients.rejected] : [])]) {
      if (result.length !== pairs)
        throw new RangeError(`results of ${result.length} numbers and of ${pairs}`);
      arrays.push(result);
    }
    for (const step of stepsOf(pairs)) {
      const { from, until } = step;
      const places = placesOf(arrays, step);
      const copied = slots.flatMap(({ address, view }, i) => {
        const array = arrays[i];
        return array === undefined || places[i] !== address
          ? []
          : [{ array, view, isRead: i < reads.length }];
      });
      for (const { array, view, isRead } of copied) if (isRead) view.set(array.subarray(from, until));
      instance.run(until - from, 0, places);
      for (const { array, view, isRead } of copied) {
        if (!isRead) array.set(view.subarray(0, until - from), from);
      }
    }
    return undefined;
  }

  return { kind: 'column-kernel', reads, run, allocate };
}

const NOTHING = new Float64Array(0);

interface Step {
  readonly from: number;
  readonly until: number;
  /** A kernel writes pairs of numbers: at an odd end, one more than there is room for. */
  readonly inPlace: boolean;
}

function* stepsOf(pairs: number): Generator<Step, void, undefined> {
  const even = pairs - (pairs % 2);
  for (let from = 0; from < even; from += BLOCK) {
    yield { from, until: Math.min(even, from + BLOCK), inPlace: true };
  }
  if (even < pairs) yield { from: even, until: pairs, inPlace: false };
}
