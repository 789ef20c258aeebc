/** The door of the readers: what they throw to give up becomes a fault with the path; what the system says does too. */

import { fileFaultOf } from '../disk.ts';
import type { ReadFault } from './fault.ts';
import { TensorRefusal } from './fault.ts';

/** The fault that was thrown; anything else is a mistake of ours and is thrown again. */
export function faultThrown(path: string, error: unknown): ReadFault {
  return error instanceof TensorRefusal ? { ...error.detail, path } : fileFaultOf(path, error);
}

/** The rows of a reader, and in place of what it throws a fault. */
export async function* guarded<T>(path: string, read: () => AsyncIterable<T>): AsyncGenerator<T | ReadFault> {
  try {
    yield* read();
  } catch (error) {
    yield faultThrown(path, error);
  }
}
