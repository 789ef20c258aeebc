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

/** A started process: the lines it writes, one for each question after a first one that says it is ready. */
interface Started {
  readonly child: ChildProcess;
  /** The next line; undefined when the process ends first. */
  readonly line: () => Promise<string | undefined>;
}

function start(name: PeerName): Started {
  const [command = '', ...args] = COMMANDS[name];
  // A process group of its own, so that what it started ends with it.
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'], detached: true });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, line: async () => (await lines.next()).value as string | undefined };
}

function kill({ child }: Started): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

/** A peer that may take `seconds` for one question, its start not counted. */
export function peer(name: PeerName, seconds: number): Peer {
  let started: Started | undefined;
  const stop = (): void => {
    if (started !== undefined) kill(started);
    started = undefined;
  };
  const ask = async (question: Question): Promise<Answer | 'timeout'> => {
    if (started === undefined) {
      started = start(name);
      await started.line();
    }
    const { child, line } = started;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), 1000 * seconds);
    });
    child.stdin?.write(`${JSON.stringify(question)}\n`);
    const answer = await Promise.race([line(), late]);
    clearTimeout(timer);
    if (answer !== undefined) return JSON.parse(answer) as Answer;
    stop();
    return 'timeout';
  };
  return { name, ask, stop };
}
