/** A file written whole or not at all. */

import { randomBytes } from 'node:crypto';
import { chmodSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const SAYS: Readonly<Record<string, string>> = {
  ENOENT: 'no such directory',
  ENOTDIR: 'what should be a directory is a file',
  EISDIR: 'it is a directory',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left',
  EEXIST: 'the file exists',
};

/**
 * Writes `text` to `path`: to a new file beside it, which then takes its place, so that whoever reads it finds
 * the old text or the new. Returns what went wrong, undefined if nothing did.
 */
export function writeWhole(path: string, text: string): string | undefined {
  try {
    const known = statSync(path, { throwIfNoEntry: false });
    if (known?.isDirectory() || path.endsWith('/')) return cannot(path, 'EISDIR');
    // A device or pipe is written to: nothing may take its place.
    if (known !== undefined && !known.isFile()) writeFileSync(path, text);
    else replace(known === undefined ? path : realpathSync(path), text, known?.mode);
    return undefined;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return cannot(path, String(error.code));
  }
}

/** Writes `text` to a file that is not there yet. Returns what went wrong, undefined if nothing did. */
export function writeFresh(path: string, text: string): string | undefined {
  try {
    writeFileSync(path, text, { flag: 'wx' });
    return undefined;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return cannot(path, String(error.code));
  }
}

function replace(path: string, text: string, mode: number | undefined): void {
  const fresh = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`);
  try {
    writeFileSync(fresh, text, { flag: 'wx' });
    if (mode !== undefined) chmodSync(fresh, mode & 0o7777);
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}

/** What to say of a file that the system does not let us write. */
export const cannot = (path: string, code: string): string =>
  `cannot write ${path}: ${Object.hasOwn(SAYS, code) ? SAYS[code] : code}`;
