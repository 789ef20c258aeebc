/** A witness in words: the values, and what the two sides are there. */

import type { Witness } from '../forms/witness.ts';
import { tied } from './fill.ts';
import type { Notation } from './notation.ts';
import { unicode } from './unicode.ts';
import { decimal } from './value.ts';

/** `β = 1, π(y_w) = 0.5`, each value kept on one line by `fill`. */
export const witnessValues = ({ values }: Witness, notation: Notation): string =>
  values.map(({ of, value }) => tied(`${unicode(of, notation)} = ${decimal(value)}`)).join(', ');

/** A number that is known within bounds: `-3`, or `between -3.00001 and -2.99999`. */
export const enclosed = ({ low, high }: Witness['left']): string =>
  low === high ? low : `between ${low} and ${high}`;
