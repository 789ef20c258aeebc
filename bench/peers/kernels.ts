/** PyTorch and NumPy, asked for the time of a loss on the data of the kernel bench. */

import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Debian's Python: the one that has PyTorch where the installation script has run. */
const PYTHON = '/usr/bin/python3';

export interface Question {
  readonly system: 'torch' | 'numpy';
  readonly threads: number;
  readonly repeat: number;
  readonly pairs?: number;
  readonly gradients?: boolean;
  readonly tokens?: number;
  readonly vocabulary?: number;
}

export interface Timing {
  readonly seconds: number;
  /** Of the losses: what is timed must be what was asked for. */
  readonly sum: number;
}

/** Why a system cannot be asked here, undefined if it can. */
export function missing(system: Question['system']): string | undefined {
  const there =
    existsSync(PYTHON) && spawnSync(PYTHON, ['-c', `import ${system}`], { stdio: 'ignore' }).status === 0;
  return there ? undefined : `SKIPPED: needs python3-${system} at ${PYTHON}`;
}

export interface Clock {
  readonly ask: (question: Question) => Promise<Timing>;
  readonly stop: () => void;
}

/** A process that is asked line by line. */
export function clock(): Clock {
  const child = spawn(PYTHON, [join(import.meta.dirname, 'kernels_peer.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(question) {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      const line = await lines.next();
      if (line.done === true) throw new Error(`${question.system} ended`);
      return JSON.parse(line.value) as Timing;
    },
    stop: () => child.stdin.end(),
  };
}
