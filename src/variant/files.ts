/** Claims and reference vectors by name: the catalogue that ships with the package, and files of the user. */

import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nearest } from '../syntax/nearest.ts';
import type { Granted } from './claim.ts';
import { formulaClaim } from './claim.ts';
import type { FileJson } from './disk.ts';
import { namesIn, readFileJson, readFileText } from './disk.ts';
import type { ClaimFault, FileFault, VariantFault } from './fault.ts';
import type { NotationFile } from './notation-file.ts';
import { LONGEST_NOTATION, readNotation } from './notation-file.ts';
import { idOf, LONGEST_FILE, readVariant } from './read.ts';
import type { Variant } from './variant.ts';

/** The largest file of reference vectors, in bytes. */
export const LARGEST_VECTORS = 64_000_000;

const IS_DERIVATION = /^[^.].*\.ya?ml$/;
/** Where vectors are kept, the nearest first. */
const VECTOR_FOLDERS = [
  ['derivations', 'vectors'],
  ['test', 'golden'],
];

/** The folder of the package: from `src/variant` and from a bundle in `dist` alike. Undefined outside of it. */
function packageFolder(): string | undefined {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    if (existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'derivations'))) return folder;
    const above = dirname(folder);
    if (above === folder) return undefined;
    folder = above;
  }
}

/** The folder of the derivation files that ship with the package. */
export function catalogueFolder(): string | undefined {
  const root = packageFolder();
  return root === undefined ? undefined : join(root, 'derivations');
}

/** The ids of the derivation files in a folder, sorted; those of the package by default. */
export function catalogue(folder: string | undefined = catalogueFolder()): readonly string[] {
  const names = folder === undefined ? [] : namesIn(folder).filter((name) => IS_DERIVATION.test(name));
  return [...new Set(names.map(idOf))].sort();
}

/** Whether a claim or the name of vectors is a path rather than a name. */
const isPath = (text: string, extension: RegExp): boolean => /[\\/]/.test(text) || extension.test(text);

/** The variant of an id of the catalogue or of a path (with a slash, or ending in `.yaml`). */
export function loadVariant(
  idOrPath: string,
  folder: string | undefined = catalogueFolder(),
): Variant | VariantFault | FileFault | Extract<ClaimFault, { readonly kind: 'unknown-claim' }> {
  if (isPath(idOrPath, /\.ya?ml$/i)) return readDerivation(idOrPath);
  // Looked up among the names of the folder, never joined to it unseen.
  const name = folder === undefined ? undefined : namesIn(folder).find((file) => isFileOf(file, idOrPath));
  if (folder !== undefined && name !== undefined) return readDerivation(join(folder, name));
  return { kind: 'unknown-claim', name: idOrPath, suggestion: nearest(idOrPath, catalogue(folder)) };
}

const isFileOf = (file: string, id: string): boolean => IS_DERIVATION.test(file) && idOf(file) === id;

function readDerivation(path: string): Variant | VariantFault | FileFault {
  const read = readFileText(path, LONGEST_FILE);
  return read.kind === 'text' ? readVariant(read.text, path) : read;
}

/** The user's own notation, from the file at `path`. */
export function loadNotation(path: string): NotationFile | VariantFault | FileFault {
  const read = readFileText(path, LONGEST_NOTATION);
  return read.kind === 'text' ? readNotation(read.text, path) : read;
}

/**
 * What a claim stands for: an id of the catalogue, the path of a derivation file, or, after `=`, a formula.
 * What is `granted` concerns formulas only: a file declares its own names.
 */
export function loadClaim(text: string, granted: Granted = {}): Variant | ClaimFault {
  return text.startsWith('=') ? formulaClaim(text.slice(1), granted) : loadVariant(text);
}

/** The names of the vectors that ship with the package. */
export function vectorsCatalogue(): readonly string[] {
  const names = vectorFolders().flatMap((folder) => namesIn(folder));
  return names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length));
}

function vectorFolders(): readonly string[] {
  const root = packageFolder();
  return root === undefined ? [] : VECTOR_FOLDERS.map((parts) => join(root, ...parts));
}

/**
 * The path of vectors: one of the package's by name, or a path (with a slash, or ending in `.json`), relative to
 * the folder of the derivation file `from` if that is given. Undefined for a name that is not there.
 */
export function vectorsPath(nameOrPath: string, from?: string): string | undefined {
  if (isPath(nameOrPath, /\.json$/i)) {
    return from === undefined || isAbsolute(nameOrPath) ? nameOrPath : join(dirname(from), nameOrPath);
  }
  const folder = vectorFolders().find((place) => namesIn(place).includes(`${nameOrPath}.json`));
  return folder === undefined ? undefined : join(folder, `${nameOrPath}.json`);
}

/** The parsed JSON of vectors, by name or path as in `vectorsPath`. */
export function readVectorsFile(nameOrPath: string, from?: string): FileJson | FileFault {
  const path = vectorsPath(nameOrPath, from);
  if (path !== undefined) return readFileJson(path, LARGEST_VECTORS);
  return { kind: 'no-such-vectors', name: nameOrPath, suggestion: nearest(nameOrPath, vectorsCatalogue()) };
}
