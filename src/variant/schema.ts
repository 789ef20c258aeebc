/**
 * The fields of a derivation file. The message of each leaf is the `Expected` it stands for; the message of
 * each group of fields is the list of their names, for suggestions.
 */

import * as v from 'valibot';
import { DOMAINS } from '../expr/declare.ts';
import { REASONS } from '../framework/outside.ts';
import { TIERS } from '../framework/tier.ts';
import { TRANSCRIBED } from '../numeric/transcription/losses.ts';
import type { Expected } from './fault.ts';

export const expects = (expected: Expected): Expected => expected;

/** Terminals and pages must be able to print it as it is. */
export const line = v.pipe(
  v.string(expects('line')),
  v.regex(/^[^\p{Cc}\u2028\u2029]{1,300}$/u, expects('line')),
);
const prose = v.pipe(
  v.string(expects('text')),
  v.regex(/^(?:[^\p{Cc}]|[\n\t]){1,4000}$/u, expects('text')),
  v.transform((text) => text.replace(/\s+/g, ' ').trim()),
);
/** Read from its place in the text, where numbers still have all their digits. */
const formula = v.union([v.string(), v.number()], expects('formula'));
const number = v.union([v.string(), v.number()], expects('number'));

const list = <T extends v.GenericSchema>(item: T) => v.array(item, expects('list'));

const isMapping = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A mapping of these fields and no others. The library alone would take a list for one. */
export function fields<T extends v.ObjectEntries>(entries: T) {
  return v.pipe(
    v.unknown(),
    v.check(isMapping, expects('mapping')),
    v.strictObject(entries, Object.keys(entries).join(' ')),
  );
}

/** A mapping whose keys are the user's names: a Map, so that no name means anything to JavaScript. */
export function named<T extends v.GenericSchema>(entry: T) {
  return v.pipe(
    v.custom<Readonly<Record<string, unknown>>>(isMapping, expects('mapping')),
    v.transform((mapping) => new Map(Object.entries(mapping))),
    v.map(v.string(), entry),
  );
}

export const optional = v.exactOptional;
const tier = v.picklist(TIERS, expects('tier'));
const domain = v.picklist(DOMAINS, expects('domain'));
const notation = { latex: optional(line), says: optional(prose) };

const paper = fields({
  arxiv: optional(
    v.pipe(
      v.string(expects('arxiv')),
      v.regex(/^(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?\/\d{7})(?:v\d{1,2})?$/, expects('arxiv')),
    ),
  ),
  authors: optional(list(line)),
  year: optional(
    v.pipe(
      v.number(expects('year')),
      v.integer(expects('year')),
      v.minValue(1900, expects('year')),
      v.maxValue(2100, expects('year')),
    ),
  ),
  title: optional(line),
  venue: optional(line),
  equation: optional(line),
  url: optional(
    v.pipe(
      v.string(expects('web-address')),
      v.regex(/^https?:\/\/[\w.~:/?#@!$&*+,;=%-]{1,300}$/, expects('web-address')),
    ),
  ),
});

const transcription = v.picklist(TRANSCRIBED, expects('transcription'));
const caseValue = v.union([v.string(), v.number(), v.boolean(), v.null()], expects('case-value'));

const evidence = fields({
  vectors: line,
  parameters: optional(named(formula)),
  data: optional(named(line)),
  where: optional(named(caseValue)),
  batches: optional(list(line)),
  loss: optional(formula),
  selects: optional(formula),
  gives: optional(v.picklist(['nan'], expects('not-a-number'))),
  says: optional(prose),
});

export const derivation = fields({
  title: line,
  says: optional(prose),
  paper: optional(paper),
  parameters: optional(named(fields({ is: domain, default: optional(number), ...notation }))),
  distributions: optional(named(fields(notation))),
  data: optional(
    named(
      fields({
        is: domain,
        depends: optional(v.picklist(['prompt', 'response'], expects('dependence'))),
        ...notation,
      }),
    ),
  ),
  define: optional(named(formula)),
  prior: optional(
    fields({
      weight: formula,
      zeta: optional(formula),
      chosen: optional(formula),
      rejected: optional(formula),
    }),
  ),
  loss: formula,
  expect: optional(
    fields({
      tier: optional(tier),
      gradientTier: optional(tier),
      why: optional(v.picklist(REASONS, expects('reason'))),
    }),
  ),
  transcription: optional(transcription),
  evidence: optional(list(evidence)),
});

/** What the schema lets through. */
export type DerivationFile = v.InferOutput<typeof derivation>;
