/** Reading parsed JSON with suspicion: schemas that turn the first thing wrong into a fault with its path. */

import type { GenericSchema } from 'valibot';
import * as v from 'valibot';

export interface Malformed {
  readonly kind: 'malformed';
  /** Such as `batches.edge.chosen.lengths[3]`. */
  readonly path: string;
  readonly expected: string;
  readonly found: string;
}

const NON_FINITE: ReadonlyMap<string, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);
/** JSON has no spelling for non-finite numbers: they are strings. */
export const recorded = v.union([
  v.number(),
  v.pipe(
    v.picklist([...NON_FINITE.keys()]),
    v.transform((text) => NON_FINITE.get(text) ?? Number.NaN),
  ),
]);
/** `[pair][token]`, `[pair][token][vocabulary]`, and so on. */
export const ragged = v.array(v.array(recorded));
export const deep = v.array(ragged);
export const deeper = v.array(deep);

/** Applies a schema; the first issue becomes a fault, its path written under `at`. */
export function read<T>(
  schema: GenericSchema<unknown, T>,
  value: unknown,
  at: string,
): { readonly kind: 'read'; readonly value: T } | Malformed {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return { kind: 'read', value: result.output };
  const [issue] = result.issues;
  const path = (issue.path ?? []).reduce((text, { key }) => extend(text, key), at);
  return { kind: 'malformed', path, expected: issue.expected ?? issue.type, found: issue.received };
}

function extend(path: string, key: unknown): string {
  if (typeof key === 'number') return `${path}[${key}]`;
  return path === '' ? String(key) : `${path}.${String(key)}`;
}

/** An own field of an object; undefined for anything else. */
export const field = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null
    ? Object.getOwnPropertyDescriptor(value, key)?.value
    : undefined;

/** What a dotted path leads to, through own fields alone. */
export const valueAt = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((here, key) => field(here, key), value);
