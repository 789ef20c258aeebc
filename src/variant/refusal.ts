/** How the readers of this room give up: thrown deep inside, caught by `readVariant`, never seen outside. */

import type { Detail } from './fault.ts';
import type { Span } from './place.ts';

/** The way to a field, from the top of the file. */
export type FieldPath = readonly (string | number)[];

export class Refusal extends Error {
  readonly detail: Detail;
  readonly span: Span;
  readonly path: FieldPath;

  constructor(detail: Detail, span: Span, path: FieldPath) {
    super(detail.kind);
    this.name = 'Refusal';
    this.detail = detail;
    this.span = span;
    this.path = path;
  }
}

export function refuse(detail: Detail, span: Span, path: FieldPath): never {
  throw new Refusal(detail, span, path);
}

/** `evidence[0].parameters.beta` */
export const writePath = (path: FieldPath): string =>
  path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? key : `${text}.${key}`;
  }, '');
