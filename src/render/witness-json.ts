/** A witness as JSON. */

import type { Witness } from '../forms/witness.ts';
import { print } from '../syntax/print.ts';
import type { Json } from '../trace/json.ts';
import { decimal } from './value.ts';

/** Values by name; numbers as decimals where these are finite, else as fractions. */
export const witnessJson = (witness: Witness | undefined): Json =>
  witness === undefined
    ? null
    : {
        values: Object.fromEntries(witness.values.map(({ of, value }) => [print(of), decimal(value)])),
        left: [witness.left.low, witness.left.high],
        right: [witness.right.low, witness.right.high],
      };
