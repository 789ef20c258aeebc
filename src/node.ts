/** The library where there is a file system: the catalogue that ships with the package, and files of the user. */

export type { FileJson, FileText } from './variant/disk.ts';
export { readFileJson, readFileText } from './variant/disk.ts';
export type { FileFault } from './variant/fault.ts';
export {
  catalogue,
  LARGEST_VECTORS,
  loadNotation,
  loadVariant,
  readVectorsFile,
  vectorsCatalogue,
} from './variant/files.ts';
export type { ReadFault } from './variant/tensors/fault.ts';
export { openTable } from './variant/tensors/open.ts';
