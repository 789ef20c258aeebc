/** Another system as a process that is asked line by line, killed when it takes too long, and started again. */

import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Answer, Question } from './answer.ts';

export const PEERS = ['sympy', 'maxima', 'mathjs', 'nerdamer', 'nerdamer-prime'] as const;
export type PeerName = (typeof PEERS)[number];

/** Debian's Python: the one that the installation script provides with SymPy. */
const PYTHON = '/usr/bin/python3';
const here = (file: string): string => join(import.meta.dirname, file);
const typescript = (file: string, ...args: readonly string[]): readonly string[] => [
  process.execPath,
  '--import',
  'tsx',
  here(file),
  ...args,
];
const COMMANDS: Readonly<Record<PeerName, readonly string[]>> = {
  sympy: [PYTHON, here('sympy_peer.py')],
  maxima: typescript('maxima.ts'),
  mathjs: typescript('javascript.ts', 'mathjs'),
  nerdamer: typescript('javascript.ts', 'nerdamer'),
  'nerdamer-prime': typescript('javascript.ts', 'nerdamer-prime'),
};

/** Why a peer cannot be asked here, undefined if it can. */
export function missing(name: PeerName): string | undefined {
  const runs = (command: string, ...args: readonly string[]): boolean =>
    spawnSync(command, args, { stdio: 'ignore' }).status === 0;
  if (name === 'sympy' && !(existsSync(PYTHON) && runs(PYTHON, '-c', 'import sympy')))
    return 'skipped: needs python3-sympy (scripts/install-peers.sh)';
  if (name === 'maxima' && !runs('maxima', '--version'))
    return 'skipped: needs maxima (scripts/install-peers.sh)';
  return undefined;
}

export interface Peer {
  readonly name: PeerName;
  /** The answer, or `timeout`. Questions are asked one after the other. */
  readonly ask: (question: Question) => Promise<Answer | 'timeout'>;
  readonly stop: () => void;
}

/** A peer that may take `seconds` for one question. */
export function peer(name: PeerName, seconds: number): Peer {
  let child: ChildProcess | undefined;
  let waiting: ((line: string | undefined) => void) | undefined;

  const start = (): ChildProcess => {
    const [command = '', ...args] = COMMANDS[name];
    // A process group of its own, so that what it started ends with it.
    const made = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'], detached: true });
    if (made.stdout !== null) createInterface({ input: made.stdout }).on('line', (line) => waiting?.(line));
    made.on('exit', () => {
      if (made === child) waiting?.(undefined);
    });
    return made;
  };
  const stop = (): void => {
    const pid = child?.pid;
    child = undefined;
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // It ended by itself.
    }
  };
  const ask = (question: Question): Promise<Answer | 'timeout'> =>
    new Promise((resolve) => {
      child ??= start();
      const done = (answer: Answer | 'timeout'): void => {
        clearTimeout(timer);
        waiting = undefined;
        if (answer === 'timeout') stop();
        resolve(answer);
      };
      const timer = setTimeout(() => done('timeout'), 1000 * seconds);
      waiting = (line) => done(line === undefined ? 'timeout' : (JSON.parse(line) as Answer));
      child.stdin?.write(`${JSON.stringify(question)}\n`);
    });
  return { name, ask, stop };
}
