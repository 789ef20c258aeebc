/** Claims for the tests of membership, and what was found of them as short text. */

import { familiesOf } from '../../src/framework/families.ts';
import type { Membership } from '../../src/framework/membership.ts';
import { classify } from '../../src/framework/membership.ts';
import { print } from '../../src/syntax/print.ts';
import type { Granted } from '../../src/variant/claim.ts';
import { formulaClaim } from '../../src/variant/claim.ts';
import type { Variant } from '../../src/variant/variant.ts';
import type { Published } from './published.ts';
import { PUBLISHED } from './published.ts';

export function claim(loss: string, granted: Granted = {}): Variant {
  const variant = formulaClaim(loss, granted);
  if (variant.kind !== 'variant') throw new Error(`not a formula: ${loss}`);
  return variant;
}

export function publishedClaim(which: Published | string): Variant {
  const found = typeof which === 'string' ? PUBLISHED.find(({ id }) => id === which) : which;
  if (found === undefined) throw new Error(`not published: ${which}`);
  return claim(found.loss, found);
}

export const classified = ({ loss, declared }: Variant): Membership => classify(loss, declared);

/** `conditional: e = 0` where the condition is complete, `conditional if len(w) = len(l)` where it is sufficient. */
export const conditionsOf = ({ conditions }: Membership): readonly string[] =>
  conditions.map(({ tier, when }) => {
    if (when.kind === 'positive') return `${tier}: ${print(when.of)} > 0`;
    const written = when.alternatives.map((equations) =>
      equations.map(({ left, right }) => `${print(left)} = ${print(right)}`).join(' and '),
    );
    return `${tier}${when.complete ? ':' : ' if'} ${written.join(' or ')}`;
  });

/** The families a loss is in, with a question mark where that is undecided. */
export const familiesIn = ({ loss, declared }: Variant, membership: Membership): readonly string[] =>
  familiesOf(loss, membership, declared)
    .filter(({ answer }) => answer !== 'no')
    .map(({ id, answer }) => (answer === 'undecided' ? `${id}?` : id));
