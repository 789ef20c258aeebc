/** A file that grows while a command runs, and is there whole or not at all. */

import { randomBytes } from 'node:crypto';
import { closeSync, openSync, realpathSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { cannot } from './write.ts';

export interface Draft {
  readonly kind: 'draft';
  readonly add: (text: string) => void;
  /** Puts the file in its place. */
  readonly keep: () => void;
  /** Leaves everything as it was; after `keep` nothing happens. */
  readonly drop: () => void;
}

/** Starts a draft beside `path`; the reason if nothing can be written there. A device or pipe is written to at once. */
export function startDraft(path: string): Draft | string {
  try {
    const known = statSync(path, { throwIfNoEntry: false });
    if (known?.isDirectory() || path.endsWith('/')) return cannot(path, 'EISDIR');
    const plain = known === undefined || known.isFile();
    const target = known === undefined || !plain ? path : realpathSync(path);
    const name = plain
      ? join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}`)
      : path;
    const file = openSync(name, plain ? 'wx' : 'w', known?.mode);
    return draftOf(file, plain ? { from: name, to: target } : undefined);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return cannot(path, String(error.code));
  }
}

function draftOf(file: number, move: { readonly from: string; readonly to: string } | undefined): Draft {
  let open = true;
  const end = (finish: () => void): void => {
    if (!open) return;
    open = false;
    closeSync(file);
    finish();
  };
  return {
    kind: 'draft',
    add(text) {
      const bytes = Buffer.from(text);
      for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
    },
    keep: () => end(() => move !== undefined && renameSync(move.from, move.to)),
    drop: () => end(() => move !== undefined && rmSync(move.from, { force: true })),
  };
}
