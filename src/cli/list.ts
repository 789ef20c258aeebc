/** `midpo list`: the catalogue. */

import type { CatalogueRow } from '../index.ts';
import { catalogueJson, catalogueRow, catalogueText, faultText } from '../index.ts';
import { catalogue, loadVariant } from '../node.ts';
import type { Outcome } from './outcome.ts';
import { answer, document, EXIT, refusal } from './outcome.ts';
import { styleOfOutput } from './terminal.ts';

export interface ListOptions {
  readonly json?: true | undefined;
}

/** Tiers are computed, as everywhere: what a file expects of itself is for the tests. */
export async function list({ json }: ListOptions): Promise<Outcome> {
  const rows: CatalogueRow[] = [];
  for (const id of catalogue()) {
    const variant = loadVariant(id);
    if (variant.kind !== 'variant') return refusal(faultText(variant));
    rows.push(catalogueRow(variant));
  }
  return json
    ? document(EXIT.holds, catalogueJson(rows))
    : answer(EXIT.holds, catalogueText(rows, styleOfOutput()));
}
