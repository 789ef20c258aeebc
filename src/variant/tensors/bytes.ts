/** Stretches of bytes of a file, read where they stand: nothing is held but what is asked for. */

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { refuseTensor } from './fault.ts';

export interface Bytes {
  readonly size: number;
  /** Exactly `length` bytes from `at` on; refuses where the file ends before. `what` names them in the refusal. */
  readonly read: (at: number, length: number, what: string) => Uint8Array;
  /** Refuses what is not as it was written, where the file tells. */
  readonly check?: () => void;
}

/** The bytes of a plain file. It is opened anew for each stretch, so that nothing has to be closed at the end. */
export function bytesOfFile(path: string): Bytes {
  const size = sizeOf(path);
  return {
    size,
    read(at, length, what) {
      if (at + length > size) return refuseTensor({ kind: 'truncated', what, wanted: at + length, size });
      const file = openSync(path, 'r');
      try {
        const bytes = new Uint8Array(length);
        for (let done = 0; done < length; ) {
          const count = readSync(file, bytes, done, length - done, at + done);
          if (count === 0)
            return refuseTensor({ kind: 'truncated', what, wanted: at + length, size: at + done });
          done += count;
        }
        return bytes;
      } finally {
        closeSync(file);
      }
    },
  };
}

/** Bytes that are fetched when one of them is first asked for, and kept. `size` is how many they are. */
export function bytesOnceAsked(size: number, fetch: () => Uint8Array): Bytes {
  let held: Uint8Array | undefined;
  return {
    size,
    read(at, length, what) {
      if (at + length > size) return refuseTensor({ kind: 'truncated', what, wanted: at + length, size });
      held ??= fetch();
      return held.subarray(at, at + length);
    },
  };
}

function sizeOf(path: string): number {
  const file = openSync(path, 'r');
  try {
    return fstatSync(file).size;
  } finally {
    closeSync(file);
  }
}
