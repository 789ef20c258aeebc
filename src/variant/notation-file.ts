/** The file of a user's own notation: which LaTeX, and which text, stands for which symbol, whatever the output. */

import * as v from 'valibot';
import { readYaml, spanAt } from './document.ts';
import type { Detail, VariantFault } from './fault.ts';
import type { Place } from './place.ts';
import { placeIn } from './place.ts';
import type { FieldPath } from './refusal.ts';
import { Refusal, refuse, writePath } from './refusal.ts';
import { expects, fields, line, named, optional } from './schema.ts';
import type { SymbolName } from './symbols.ts';
import { SYMBOL_NAMES } from './symbols.ts';
import { validate } from './validate.ts';

/** The longest file of notation, in UTF-16 units here and in bytes on the disk. */
export const LONGEST_NOTATION = 100_000;

/** What a file gives for one name; whether the LaTeX is safe to print is for `render/` to judge. */
export interface GivenMark {
  readonly name: string;
  readonly latex: string;
  readonly text?: string;
  /** The field, such as `parameters.beta`, and where its value stands. */
  readonly field: string;
  readonly at: Place;
}

export interface NotationFile {
  readonly kind: 'notation';
  readonly file: string;
  readonly symbols: readonly (GivenMark & { readonly name: SymbolName })[];
  readonly parameters: readonly GivenMark[];
  readonly data: readonly GivenMark[];
}

const mark = v.union([line, fields({ latex: line, text: optional(line) })], expects('mark'));
const symbols = Object.fromEntries(SYMBOL_NAMES.map((name) => [name, optional(mark)]));
const marks = optional(named(mark));
const notation = v.pipe(
  fields({ ...symbols, parameters: marks, data: marks }),
  v.transform((file) => new Map<string, unknown>(Object.entries(file))),
);

/** Reads the text of a file of notation. Never throws on bad input: the first thing wrong is returned. */
export function readNotation(text: string, fileName: string): NotationFile | VariantFault {
  try {
    return read(text, fileName);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { path, span } = error;
    const detail: Detail = error.detail.kind === 'empty' ? { kind: 'empty-notation' } : error.detail;
    return { ...detail, file: fileName, field: writePath(path), at: placeIn(text, span) };
  }
}

function read(text: string, file: string): NotationFile {
  if (text.length > LONGEST_NOTATION) {
    refuse(
      { kind: 'too-long', limit: LONGEST_NOTATION },
      { start: LONGEST_NOTATION, end: LONGEST_NOTATION },
      [],
    );
  }
  const yaml = readYaml(text);
  const known = validate(yaml, notation);
  /** The mark at a place that the schema has let through; none where there is nothing. */
  const given = <N extends string>(
    path: FieldPath,
    name: N,
    value: unknown,
  ): readonly (GivenMark & { readonly name: N })[] => {
    const { success, output } = v.safeParse(mark, value);
    if (!success) return [];
    const entry = typeof output === 'string' ? { latex: output } : output;
    return [{ name, ...entry, field: writePath(path), at: placeIn(text, spanAt(yaml, path)) }];
  };
  const group = (key: string): readonly GivenMark[] => {
    const entries = known.get(key);
    if (!(entries instanceof Map)) return [];
    return [...entries].flatMap(([name, value]) => given([key, String(name)], String(name), value));
  };
  return {
    kind: 'notation',
    file,
    symbols: SYMBOL_NAMES.flatMap((name) => given([name], name, known.get(name))),
    parameters: group('parameters'),
    data: group('data'),
  };
}
