/** Every JSON output is what its published schema says, for the whole catalogue; what is not, is refused. */

import { beforeAll, describe, expect, test } from 'vitest';
import {
  auditJson,
  catalogueJson,
  catalogueRow,
  comparisonJson,
  membershipJson,
  plotJson,
  TABLE_COLUMNS,
  tableJson,
  verificationJson,
} from '../../src/index.ts';
import { audit } from '../../src/report/audit.ts';
import { reportComparison } from '../../src/report/comparison.ts';
import { reportMembership } from '../../src/report/membership.ts';
import { reportPlot } from '../../src/report/plot.ts';
import { reportTable } from '../../src/report/table.ts';
import { reportVerification } from '../../src/report/verification.ts';
import type { Json } from '../../src/trace/json.ts';
import { catalogue, loadVariant } from '../../src/variant/files.ts';
import type { Variant } from '../../src/variant/variant.ts';
import { folderWith, midpo, ROOT } from '../cli/run.ts';
import { NAMES, wrongWith } from './schemas.ts';

const load = (id: string): Variant => {
  const variant = loadVariant(id);
  if (variant.kind !== 'variant') throw new Error(`${id} cannot be read`);
  return variant;
};
const VARIANTS = catalogue().map(load);

describe('every entry of the catalogue', () => {
  test.each(VARIANTS.map((variant) => [variant.id, variant] as const))('%s', (_, variant) => {
    const report = reportMembership(variant);
    expect(wrongWith('check', membershipJson(report))).toEqual([]);
  });
  test('the list and the table of all columns', () => {
    expect(wrongWith('list', catalogueJson(VARIANTS.map(catalogueRow)))).toEqual([]);
    expect(wrongWith('table', tableJson(reportTable(VARIANTS), TABLE_COLUMNS))).toEqual([]);
  });
});

/** One document for each schema that a report gives without much work. */
let documents: ReadonlyMap<string, Json>;
beforeAll(async () => {
  const [dpo, rdpo, tdpo, ipo] = ['dpo', 'r-dpo', 'tdpo2', 'ipo'].map(load);
  if (dpo === undefined || rdpo === undefined || tdpo === undefined || ipo === undefined) throw new Error();
  const membership = membershipJson(reportMembership(rdpo)) as { readonly [key: string]: Json };
  const certificate = membership.certificate as { readonly [key: string]: Json };
  const trace = certificate.derivation ?? null;
  const audited = audit(JSON.parse(JSON.stringify(trace)));
  const compared = reportComparison(dpo, rdpo);
  const verified = await reportVerification(dpo, [], { seed: 1, pairs: 4, tokens: 3, vocabulary: 3 });
  const curves = ['loss', 'weight', 'reward'] as const;
  const plot = reportPlot([dpo, tdpo], { x: 'length', curves, from: 1, to: 9, margin: 0, given: new Map() });
  if (audited.kind !== 'audited' || 'kind' in compared) throw new Error('no verdict');
  if (verified.kind !== 'verification' || plot.kind !== 'plot') throw new Error('no numbers');
  documents = new Map([
    ['check', membership],
    ['trace', trace],
    ['audit', auditJson(audited)],
    ['compare', comparisonJson(compared)],
    ['verify', verificationJson(verified)],
    ['list', catalogueJson([catalogueRow(dpo)])],
    ['table', tableJson(reportTable([dpo, ipo]), TABLE_COLUMNS)],
    ['plot', plotJson(plot)],
    ['new', { schema: 'midpo/new', version: 1, id: 'mine', file: 'mine.yaml' }],
  ]);
});

const DOCUMENTS = ['check', 'trace', 'audit', 'compare', 'verify', 'list', 'table', 'plot', 'new'];

describe.each(DOCUMENTS)('%s', (name) => {
  const document = (): { readonly [key: string]: Json } =>
    structuredClone(documents.get(name)) as { readonly [key: string]: Json };

  test('is as its schema says', () => {
    expect(wrongWith(name, document())).toEqual([]);
  });
  test('is refused with a field more, a field less, another version or another schema', () => {
    const whole = document();
    const [last = ''] = Object.keys(whole).slice(-1);
    const { [last]: _, ...less } = whole;
    const forged: readonly unknown[] = [
      { ...whole, extra: 1 },
      less,
      { ...whole, version: 2 },
      { ...whole, schema: 'midpo/other' },
      [whole],
    ];
    for (const json of forged) expect(wrongWith(name, json)).not.toEqual([]);
  });
  test('is refused with any of its fields of another type', () => {
    for (const key of Object.keys(document())) {
      const wrong = { ...document(), [key]: { unknown: [1, { deep: true }] } };
      expect(wrongWith(name, wrong), key).not.toEqual([]);
    }
  });
  test('is refused with an unknown field in any object inside', () => {
    const whole = document();
    const places = objectsIn(whole).filter((path) => path.length > 0 && !isMap(path));
    for (const path of places.slice(0, 60)) {
      expect(wrongWith(name, withExtra(whole, path)), path.join('.')).not.toEqual([]);
    }
  });
});

/** Objects whose keys are names of the user's. */
const isMap = (path: readonly string[]): boolean =>
  ['parameters', 'data', 'bindings', 'values', 'logProbs', 'perToken', 'perResponse'].includes(
    path.at(-1) ?? '',
  ) && Number.isNaN(Number(path.at(-1)));

function objectsIn(json: Json, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof json !== 'object' || json === null) return [];
  const inner = Object.entries(json).flatMap(([key, value]) => objectsIn(value as Json, [...path, key]));
  return Array.isArray(json) ? inner : [path, ...inner];
}

function withExtra(json: Json, [head, ...rest]: readonly string[]): Json {
  if (head === undefined) return { ...(json as object), extra: { unknown: true } };
  const copy = Array.isArray(json) ? [...json] : { ...(json as object) };
  const inner = (json as Readonly<Record<string, Json>>)[head] ?? null;
  return Object.assign(copy, { [head]: withExtra(inner, rest) }) as Json;
}

test.each([
  ['logps', ['verify', 'dpo', '--logps', 'docs/logps/tokens.jsonl', '--json']],
  ['export', ['export', 'dpo', '--to', 'python', '--json']],
])('the command line prints %s as its schema says', (name, args) => {
  const run = midpo(args, { cwd: ROOT });
  const json: unknown = JSON.parse(run.out);
  expect(wrongWith(name, json)).toEqual([]);
  expect(wrongWith(name, { ...(json as object), extra: 1 })).not.toEqual([]);
});

test('a new file is told as its schema says', () => {
  const run = midpo(['new', 'mine', '--json'], { cwd: folderWith() });
  expect(wrongWith('new', JSON.parse(run.out))).toEqual([]);
});

test('no schema is left untried', () => {
  expect(NAMES).toEqual([...DOCUMENTS, 'export', 'logps'].sort());
});
