/** Holds a YAML document against the schema: what does not fit becomes a fault with its place. */

import * as v from 'valibot';
import { nearest } from '../syntax/nearest.ts';
import type { Plain, YamlText } from './document.ts';
import { keySpanAt, spanAt } from './document.ts';
import type { Expected, Found } from './fault.ts';
import { EXPECTED } from './fault.ts';
import type { FieldPath } from './refusal.ts';
import { refuse } from './refusal.ts';

type Issue = v.BaseIssue<unknown>;

/** The fields of the file, as its schema wants them. Throws Refusal. */
export function validate<T extends v.GenericSchema>(yaml: YamlText, schema: T): v.InferOutput<T> {
  const result = v.safeParse(schema, yaml.value);
  if (result.success) return result.output;
  // A misspelt field is also a missing one; the misspelling is what to say.
  const issue = result.issues.find(isUnknownField) ?? result.issues[0];
  return refuseIssue(yaml, issue);
}

const isFieldIssue = (issue: Issue): boolean =>
  issue.type === 'strict_object' && issue.path?.at(-1)?.origin === 'key';
const isUnknownField = (issue: Issue): boolean => isFieldIssue(issue) && issue.expected === 'never';

/** An open bracket that is never closed: `m(y` of `{ m(y,t): ... }`. */
const IS_SPLIT = /^[^()]*\([^()]*$/;

function refuseIssue(yaml: YamlText, issue: Issue): never {
  const path: FieldPath = (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)));
  const name = String(path.at(-1) ?? '');
  const split = path.findIndex((key) => typeof key === 'string' && IS_SPLIT.test(key));
  if (split >= 0) {
    const until = path.slice(0, split + 1);
    refuse({ kind: 'split-name', name: String(path[split]) }, keySpanAt(yaml, until), until);
  }
  if (isUnknownField(issue)) {
    const known = issue.message.split(' ');
    const suggestion = nearest(name, known);
    return refuse({ kind: 'unknown-field', name, suggestion, known }, keySpanAt(yaml, path), path);
  }
  if (isFieldIssue(issue)) {
    const around = path.slice(0, -1);
    return refuse({ kind: 'missing-field', name }, keySpanAt(yaml, around), path);
  }
  const found = foundIn(yaml.value, path);
  return refuse({ kind: 'wrong-value', expected: expectedBy(issue), found }, spanAt(yaml, path), path);
}

function expectedBy({ message }: Issue): Expected {
  const expected = EXPECTED.find((known) => known === message);
  if (expected === undefined) throw new TypeError(`a field of the schema that expects ${message}`);
  return expected;
}

function foundIn(value: Plain, path: FieldPath): Found {
  let here: unknown = value;
  for (const key of path) {
    const isParent = typeof here === 'object' && here !== null;
    here = isParent ? Object.getOwnPropertyDescriptor(here, key)?.value : undefined;
  }
  if (here === null || here === undefined || here === '') return 'nothing';
  if (Array.isArray(here)) return 'list';
  if (typeof here === 'object') return 'mapping';
  if (typeof here === 'number') return 'number';
  return typeof here === 'boolean' ? 'truth-value' : 'text';
}
