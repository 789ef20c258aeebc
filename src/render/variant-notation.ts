/** The notation of one variant: the house's marks, and those that its file gives. */

import type { Tier } from '../framework/tier.ts';
import type { Variant } from '../variant/variant.ts';
import type { Marks, Notation } from './notation.ts';
import { datumMark, defaultNotation } from './notation.ts';

/**
 * The marginal tier's prior does not know the prompt, so there it is written ζ(y). `marks` are the user's, for all
 * claims alike.
 */
export function variantNotation(variant: Variant, tier?: Tier, marks?: Marks): Notation {
  const given = [
    ...variant.parameters,
    ...variant.distributions,
    ...[...variant.data].map(([head, field]) => [head.replace(/\(.*$/, ''), field] as const),
  ].flatMap(([name, { latex }]) => (latex === undefined ? [] : [[name, latex] as const]));
  const notation = defaultNotation({ declared: variant.declared, latex: Object.fromEntries(given), marks });
  if (tier !== 'marginal') return notation;
  const plain = (name: string) => ({ ...datumMark(notation, name), prompt: false });
  const data = { zeta: plain('zeta'), prior_density: plain('prior_density') };
  return { ...notation, data: { ...notation.data, ...data } };
}
