/** JSON as text for people and programs: objects on lines of their own, expressions (lists of lists) on one line. */

import type { Json } from '../trace/json.ts';

const isObject = (json: Json): json is { readonly [key: string]: Json } =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

/** Whether an object is anywhere inside a list. */
const holdsObject = (json: Json): boolean =>
  isObject(json) || (Array.isArray(json) && json.some((item: Json) => holdsObject(item)));

export function jsonText(json: Json, indent = ''): string {
  const inner = `${indent}  `;
  const lines = (open: string, items: readonly string[], close: string): string =>
    `${open}\n${items.map((item) => inner + item).join(',\n')}\n${indent}${close}`;
  if (isObject(json)) {
    const fields = Object.entries(json).map(
      ([key, value]) => `${JSON.stringify(key)}: ${jsonText(value, inner)}`,
    );
    return fields.length === 0 ? '{}' : lines('{', fields, '}');
  }
  if (!Array.isArray(json) || !holdsObject(json)) return JSON.stringify(json);
  return lines(
    '[',
    json.map((item: Json) => jsonText(item, inner)),
    ']',
  );
}
