/** Stored traces: what is changed in one is noticed, and what is changed with a fitting digest still proves nothing new. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Expr } from '../../src/expr/expr.ts';
import { apply, pow } from '../../src/expr/expr.ts';
import { sameUpToOrder } from '../../src/expr/flat.ts';
import { rebuild } from '../../src/expr/walk.ts';
import { audit } from '../../src/report/audit.ts';
import { digestOf, storedTrace } from '../../src/trace/digest.ts';
import type { Json } from '../../src/trace/json.ts';
import { readTrace } from '../../src/trace/read.ts';
import type { Trace } from '../../src/trace/trace.ts';
import { derivationOf } from '../checker/traces.ts';

const TRACES = ['dpo', 'r-dpo', 'h-dpo', 'simpo'].map(derivationOf);
const RDPO = derivationOf('r-dpo');
/** As it comes out of a file. */
const parsed = (json: Json): Json => JSON.parse(JSON.stringify(json)) as Json;

type Key = string | number;
type Place = readonly Key[];
type Tree = { readonly [key: string]: Json };
const isList = (json: Json): json is readonly Json[] => Array.isArray(json);
const isTree = (json: Json): json is Tree => typeof json === 'object' && json !== null && !isList(json);

/** Every place in a JSON value, the whole first. */
function places(json: Json, here: Place = []): readonly Place[] {
  const inner = isList(json)
    ? json.map((part, i) => [i, part] as const)
    : isTree(json)
      ? Object.entries(json)
      : [];
  return [here, ...inner.flatMap(([key, part]) => places(part, [...here, key]))];
}

/** `json` with the part at a place changed; `undefined` from `change` drops it. */
function edit(json: Json, [key, ...rest]: Place, change: (part: Json) => Json | undefined): Json | undefined {
  if (key === undefined) return change(json);
  if (isList(json)) {
    return json.flatMap((part, i) => {
      const next = i === key ? edit(part, rest, change) : part;
      return next === undefined ? [] : [next];
    });
  }
  if (!isTree(json)) throw new Error('a key in a leaf');
  const entries = Object.entries(json).flatMap(([name, part]): [string, Json][] => {
    const next = name === key ? edit(part, rest, change) : part;
    return next === undefined ? [] : [[name, next]];
  });
  return Object.fromEntries(entries);
}

/** Words that stand elsewhere in traces: a change is likelier to go unnoticed if it looks right. */
const WORDS = [
  'w',
  'l',
  'pi',
  'ref',
  'add',
  'mul',
  'log',
  'beta',
  'S3-normalised',
  'S3',
  'S4',
  'S5',
  'S8',
  '=',
  '<=',
  'gibbs-inequality',
  'policy-is-optimal',
  'prior',
  'algebra',
  'backward',
  '1',
  '2',
  '0',
  '-1',
];

type Change = (part: Json, other: Json) => Json | undefined;
const CHANGES: readonly (readonly [how: string, change: Change])[] = [
  ['dropped', () => undefined],
  ['replaced by another part', (_, other) => other],
  ['turned round', (part) => (isList(part) ? [...part].reverse() : part)],
  [
    'last two swapped',
    (part) => (isList(part) && part.length > 1 ? [...part.slice(0, -2), ...part.slice(-2).reverse()] : part),
  ],
  ['first dropped', (part) => (isList(part) ? part.slice(1) : part)],
  ['last repeated', (part) => (isList(part) ? [...part, ...part.slice(-1)] : part)],
  ['emptied', (part) => (isList(part) ? [] : isTree(part) ? {} : part)],
  ['negated', (part) => (typeof part === 'boolean' ? !part : typeof part === 'number' ? -part : part)],
  ['one more', (part) => (typeof part === 'number' ? part + 1 : part)],
  ['wrapped in minus', (part) => (isList(part) ? ['mul', ['num', '-1'], part] : part)],
  ['doubled', (part) => (isList(part) ? ['add', part, part] : part)],
  ['nothing', () => null],
];

interface Mutation {
  readonly trace: Trace;
  readonly mutant: Json;
}
const SUBJECTS = TRACES.map((trace) => {
  const stored = parsed(storedTrace(trace));
  return { trace, stored, text: JSON.stringify(stored), all: places(stored).slice(1) };
});
const mutations: fc.Arbitrary<Mutation> = fc
  .record({
    subject: fc.constantFrom(...SUBJECTS),
    place: fc.nat(),
    other: fc.oneof(fc.constantFrom(...WORDS), fc.nat()),
    change: fc.constantFrom(...CHANGES),
  })
  .map(({ subject: { trace, stored, text, all }, place, other, change: [, change] }) => {
    const placeAt = (n: number): Place => all[n % all.length] ?? [];
    const another = typeof other === 'number' ? at(stored, placeAt(other)) : other;
    const mutant = edit(stored, placeAt(place), (part) => change(part, another)) ?? null;
    return { trace, mutant, text };
  })
  .filter(({ mutant, text }) => JSON.stringify(mutant) !== text);
function at(json: Json, place: Place): Json {
  return place.reduce<Json>((part, key) => (part as Tree)[key] ?? null, json);
}

describe('a stored derivation', () => {
  test.each(TRACES.map((trace) => [trace.claim, trace] as const))('%s is accepted as stored', (_, trace) => {
    expect(audit(parsed(storedTrace(trace)))).toMatchObject({
      kind: 'audited',
      verdict: { kind: 'accepted' },
    });
  });

  test('property: with one thing changed it is never accepted', () => {
    fc.assert(
      fc.property(mutations, ({ mutant }) => {
        const report = audit(mutant);
        expect(report.kind === 'audited' && report.verdict.kind === 'accepted').toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  test('a whole trace under the digest of another is refused for its digest', () => {
    const forged = { ...(storedTrace(RDPO) as Tree), claim: 'dpo' };
    expect(audit(parsed(forged))).toMatchObject({
      verdict: { fault: { reason: { kind: 'digest-mismatch' } } },
    });
  });
});

/** The mutant stored anew, as whoever forges on purpose would do it; undefined if it is no trace at all. */
function restored(mutant: Json): Json | undefined {
  if (!isTree(mutant)) return undefined;
  const found = readTrace({ ...mutant, digest: '0'.repeat(64) });
  return 'kind' in found ? undefined : parsed({ ...mutant, digest: digestOf(found.trace) });
}
/** A trace claims that under its definitions the start of each stage equals its goal, or is at most that. */
/** Sums over an index as nodes like any other, so that order does not count inside them either. */
const opened = (e: Expr): Expr =>
  rebuild(e, (node) => {
    if (node.kind !== 'sum') return node;
    const over = node.range.kind === 'tokens' ? [node.range.of] : [];
    return pow(node.body, apply(`${node.index.name} of ${node.range.kind}`, over));
  });
const saysTheSame = (a: Expr, b: Expr): boolean => sameUpToOrder(a, b) || sameUpToOrder(opened(a), opened(b));
const saysNothingNew = (mutant: Trace, original: Trace): boolean => {
  const isOld = ({ start, goal, relation }: Trace['stages'][number]): boolean =>
    saysTheSame(start, goal) ||
    original.stages.some(
      (old) =>
        saysTheSame(start, old.start) &&
        saysTheSame(goal, old.goal) &&
        // An equation is a bound too; a bound is no equation.
        (relation === '<=' || old.relation === '='),
    );
  const isOldDefinition = (d: Trace['definitions'][number]): boolean =>
    original.definitions.some(({ lhs, rhs }) => saysTheSame(d.lhs, lhs) && saysTheSame(d.rhs, rhs));
  return mutant.stages.every(isOld) && mutant.definitions.every(isOldDefinition);
};

describe('with the digest made to fit', () => {
  test('property: one thing changed is refused, or the trace claims nothing that it did not claim before', () => {
    fc.assert(
      fc.property(mutations, ({ mutant, trace }) => {
        const stored = restored(mutant);
        const report = stored === undefined ? undefined : audit(stored);
        if (report?.kind !== 'audited' || report.verdict.kind === 'refused') return;
        expect(saysNothingNew(report.trace, trace)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test.each<[what: string, place: Place, change: (part: Json) => Json | undefined]>([
    ['the name of the claim', ['claim'], () => 'another'],
    ['a way-point', ['stages', 0, 'steps', 0, 'waypoint'], (part) => part !== true],
    ['an equation claimed as a bound only', ['stages', 11, 'relation'], () => '<='],
    ['a remark', ['stages', 10, 'remarks'], () => ['value-only']],
    ['the name of the last stage', ['stages', 11, 'id'], () => 'last'],
    ['the last stage dropped', ['stages', 11], () => undefined],
    ['a stage that starts afresh', ['stages', 10, 'continues'], () => null],
    ['the direction of a step by algebra', ['stages', 6, 'steps', 3, 'direction'], () => 'backward'],
    ['a domain that no step needs', ['declared', 'parameters', 'alpha'], () => 'real'],
    ['a domain within the declared one', ['declared', 'parameters', 'beta'], () => 'open-unit'],
    [
      'the order of factors in a definition',
      ['definitions', 0, 'rhs'],
      (part) => (isList(part) ? [part[0] ?? '', ...part.slice(1).reverse()] : part),
    ],
    ['the order of definitions', ['definitions'], (part) => (isList(part) ? [...part].reverse() : part)],
    ['a further use', ['stages', 10, 'uses'], (part) => (isList(part) ? [...part, 'S5'] : part)],
  ])('%s may be changed', (_, place, change) => {
    const stored = parsed(storedTrace(RDPO));
    const mutant = edit(stored, place, change) ?? null;
    expect(mutant).not.toEqual(stored);
    expect(audit(restored(mutant))).toMatchObject({ verdict: { kind: 'accepted' } });
    expect(audit(mutant)).toMatchObject({ verdict: { fault: { reason: { kind: 'digest-mismatch' } } } });
  });
});

test.each<[what: string, json: unknown]>([
  ['nothing', null],
  ['a text', 'trace'],
  ['an empty object', {}],
  ['a trace without digest', (({ digest: _, ...rest }) => rest)(storedTrace(RDPO) as Tree)],
  ['a trace with one field more', { ...(storedTrace(RDPO) as Tree), ok: true }],
])('%s is no stored trace', (_, json) => {
  expect(audit(json)).toMatchObject({ kind: 'bad-trace' });
});
