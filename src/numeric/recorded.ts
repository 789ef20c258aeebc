/** The gradients of a vectors file, flat: by token log-probabilities, or by logits. */

import * as v from 'valibot';
import type { Batch, Role } from './batch.ts';
import { ROLES } from './batch.ts';
import type { Malformed } from './raw.ts';
import { deep, deeper, field, ragged, read } from './raw.ts';

/** Gradients of the sum of the losses, in token order. */
export interface Gradients {
  /** With respect to the policy's token log-probabilities, or to its logits (`vocabulary` per token). */
  readonly in: 'log-probs' | 'logits';
  readonly values: Readonly<Record<Role, Float64Array>>;
}

export interface WrongCount {
  readonly kind: 'wrong-count';
  readonly path: string;
  readonly expected: readonly number[];
  readonly found: number;
}

type Rows = readonly (readonly number[])[];

/** `[pair][token][vocabulary]`, or the same by segments. */
const logits = v.union([
  v.pipe(
    deep,
    v.transform((pairs): Rows => pairs.map((rows) => rows.flat())),
  ),
  v.pipe(
    deeper,
    v.transform((pairs): Rows => pairs.map((segments) => segments.flat(2))),
  ),
]);

/** Reads what stands at the path `at`: as many numbers as the batch has tokens, or tokens times vocabulary. */
export function readGradients(value: unknown, of: Batch, at: string): Gradients | Malformed | WrongCount {
  const byLogits = field(value, 'chosen_policy_logits') !== undefined;
  const values: Record<Role, Float64Array> = { chosen: new Float64Array(0), rejected: new Float64Array(0) };
  for (const role of ROLES) {
    const key = byLogits ? `${role}_policy_logits` : `${role}_policy_token_logps`;
    const path = `${at}.${key}`;
    const rows = read<Rows>(byLogits ? logits : ragged, field(value, key), path);
    if (rows.kind !== 'read') return rows;
    const flat = flatten(rows.value, of, role, byLogits ? of.vocabulary : 1, path);
    if (!(flat instanceof Float64Array)) return flat;
    values[role] = flat;
  }
  return { in: byLogits ? 'logits' : 'log-probs', values };
}

/** Flattens recorded numbers, `width` per token, after checking that they are as many as the tokens. */
function flatten(rows: Rows, of: Batch, role: Role, width: number, path: string): Float64Array | WrongCount {
  const { offsets } = of[role];
  if (rows.length !== of.pairs) {
    return { kind: 'wrong-count', path, expected: [of.pairs], found: rows.length };
  }
  for (const [pair, row] of rows.entries()) {
    const expected = ((offsets[pair + 1] ?? 0) - (offsets[pair] ?? 0)) * width;
    if (row.length !== expected) {
      return { kind: 'wrong-count', path: `${path}[${pair}]`, expected: [expected], found: row.length };
    }
  }
  return Float64Array.from(rows.flat());
}
