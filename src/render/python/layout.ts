/** Statements too long for a line, broken where the formatter breaks them and keeps them. */

import { WIDTH } from './literal.ts';

const STEP = '    ';

/** A call on one line, or with an argument to a line; the comma after the last one keeps it so. */
export function callLines(
  head: string,
  args: readonly string[],
  indent: string,
  tail = '',
): readonly string[] {
  const line = `${indent}${head}(${args.join(', ')})${tail}`;
  return line.length <= WIDTH
    ? [line]
    : [`${indent}${head}(`, ...args.map((arg) => `${indent}${STEP}${arg},`), `${indent})${tail}`];
}

/** A sum of three terms or more, in brackets: on one line of its own, or a term to a line. */
export function termLines(head: string, terms: readonly string[], indent: string): readonly string[] {
  const inner = `${indent}${STEP}`;
  const joint = `${inner}${terms.join(' ')}`;
  return [
    `${indent}${head}(`,
    ...(joint.length <= WIDTH ? [joint] : terms.map((term) => inner + term)),
    `${indent})`,
  ];
}

/** `return a, b`, or with an item to a line. */
export function returnLines(items: readonly string[], indent: string): readonly string[] {
  const line = `${indent}return ${items.join(', ')}${items.length === 1 ? ',' : ''}`;
  return line.length <= WIDTH
    ? [line]
    : [`${indent}return (`, ...items.map((item) => `${indent}${STEP}${item},`), `${indent})`];
}

/** Nested lists of numbers. */
export type Nested = string | readonly Nested[];

export const flat = (value: Nested): string =>
  typeof value === 'string' ? value : `[${value.map(flat).join(', ')}]`;

/** A nested list on one line, or with an item to a line where that is too long. */
export function nestedLines(value: Nested, indent: string, tail = ''): readonly string[] {
  const line = `${indent}${flat(value)}${tail}`;
  if (typeof value === 'string' || line.length <= WIDTH) return [line];
  return [
    `${indent}[`,
    ...value.flatMap((item) => nestedLines(item, indent + STEP, ',')),
    `${indent}]${tail}`,
  ];
}
