/** One line of the catalogue: a variant and the tiers computed for it, without proofs and properties. */

import type { Membership } from '../framework/membership.ts';
import { tiersOf } from '../framework/membership.ts';
import { expand } from '../variant/expand.ts';
import type { Variant } from '../variant/variant.ts';

export interface CatalogueRow {
  readonly variant: Variant;
  readonly membership: Pick<Membership, 'tier' | 'gradientTier'>;
}

export const catalogueRow = (variant: Variant): CatalogueRow => ({
  variant,
  membership: tiersOf(expand(variant.loss, variant.definitions), variant.declared),
});
