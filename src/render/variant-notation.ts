/** The notation of one variant: the house's marks, and those that its file gives. */

import type { Tier } from '../framework/tier.ts';
import type { Variant } from '../variant/variant.ts';
import type { Notation } from './notation.ts';
import { datumMark, defaultNotation } from './notation.ts';

/** The marginal tier's prior does not know the prompt, so there it is written ζ(y). */
export function variantNotation(variant: Variant, tier?: Tier): Notation {
  const given = [
    ...variant.parameters,
    ...variant.distributions,
    ...[...variant.data].map(([head, field]) => [head.replace(/\(.*$/, ''), field] as const),
  ].flatMap(([name, { latex }]) => (latex === undefined ? [] : [[name, latex] as const]));
  const notation = defaultNotation({ declared: variant.declared, latex: Object.fromEntries(given) });
  if (tier !== 'marginal') return notation;
  const zeta = { ...datumMark(notation, 'zeta'), prompt: false };
  return { ...notation, data: { ...notation.data, zeta } };
}
