/** The catalogue as a table: id, title, tier, paper. */

import type { CatalogueRow } from '../report/catalogue.ts';
import { plainText } from './escape.ts';
import { paperLabel } from './paper.ts';
import { table } from './rows.ts';
import type { Style } from './style.ts';

export function catalogueText(rows: readonly CatalogueRow[], style: Style): string {
  const cells = rows.map(({ variant, membership }) => [
    plainText(variant.id),
    shortened(plainText(variant.title)),
    membership.tier,
    plainText(paperLabel(variant.paper)),
  ]);
  return `${table(['id', 'title', 'tier', 'paper'], cells, style).join('\n')}\n`;
}

/** A formula is its own title: as much of it as leaves room for the rest. */
const LONGEST = 40;
const shortened = (title: string): string => {
  const characters = Array.from(title);
  return characters.length <= LONGEST ? title : `${characters.slice(0, LONGEST - 3).join('')}...`;
};
