/** Runs the built command line as a user's shell does. */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');
export const BIN = join(ROOT, 'dist/midpo.js');
if (!existsSync(BIN)) throw new Error('dist/midpo.js is missing: run `npm run build` first');

export interface Run {
  readonly exit: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Surroundings {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

const { FORCE_COLOR: _, NO_COLOR: __, ...ENV } = process.env;

/** What `midpo` with these arguments prints and answers. */
export function midpo(args: readonly string[], { input = '', env = {}, cwd = ROOT }: Surroundings = {}): Run {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], {
    input,
    cwd,
    env: { ...ENV, ...env },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return { exit: status, out: stdout, err: stderr };
}

/** A folder of its own, with these files in it. */
export function folderWith(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'midpo-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}
