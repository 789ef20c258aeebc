/** The threads of a long run: each compares draws, one at a time. */

import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import type { Crew } from '../index.ts';
import { compareDraw } from '../index.ts';

export interface Hired extends Crew {
  /** Ends the threads, whatever they are at. */
  readonly dismiss: () => Promise<void>;
}

/** As many threads as run at a time on this machine, within reason: each takes some 100 MB. */
export const usualWorkers = (): number => Math.min(availableParallelism(), 8);

const THREAD = new URL(import.meta.url.endsWith('.ts') ? './thread.mjs' : './thread.js', import.meta.url);

/** A crew of so many threads; of one, this very thread. A thread that fails rejects what it was at. */
export async function hire(workers: number, thread = THREAD): Promise<Hired> {
  if (workers === 1) return ALONE;
  const { default: Tinypool } = await import('tinypool');
  const pool = new Tinypool({
    filename: thread.href,
    name: 'compareDraw',
    minThreads: workers,
    maxThreads: workers,
  });
  // The pool, left to itself, breaks where one thread fails while it waits for another to end.
  const dismiss = async (): Promise<void> => {
    await Promise.all(pool.threads.map((thread) => thread.terminate()));
    void pool.destroy();
  };
  // A thread that has nothing to do yet fails all by itself: what is dealt later would never come back.
  let failure: unknown;
  pool.on('error', (error: unknown) => {
    failure ??= error;
    void dismiss();
  });
  return {
    size: workers,
    async compare(task) {
      if (failure !== undefined) throw failure;
      try {
        return await pool.run(task);
      } catch (error) {
        throw failure ?? error;
      }
    },
    dismiss,
  };
}

const ALONE: Hired = {
  size: 1,
  async compare(task) {
    // In between, signals and the progress bar have their turn.
    await setImmediate();
    return await compareDraw(task);
  },
  dismiss: async () => undefined,
};
