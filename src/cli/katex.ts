/** KaTeX's style and fonts: beside the program where it is installed, in KaTeX's own folder where it is developed. */

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { KatexFiles } from '../index.ts';

const CSS = 'katex.min.css';
const FOLDERS = [join('dist', 'katex'), join('node_modules', 'katex', 'dist')];

/** Throws where the installation lacks them. */
export function katexFiles(): KatexFiles {
  const folder = katexFolder();
  return {
    css: readFileSync(join(folder, CSS), 'utf8'),
    font: (file) => readFileSync(join(folder, 'fonts', file)).toString('base64'),
  };
}

function katexFolder(): string {
  for (let place = dirname(fileURLToPath(import.meta.url)); ; place = dirname(place)) {
    const found = FOLDERS.map((folder) => join(place, folder)).find((folder) =>
      existsSync(join(folder, CSS)),
    );
    if (found !== undefined) return found;
    if (place === dirname(place))
      throw new Error('the fonts of the HTML pages are missing: install midpo again');
  }
}
