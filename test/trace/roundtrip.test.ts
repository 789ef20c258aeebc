/** Traces as JSON: written and read back unchanged, through text. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Datum, Declarations, Fact } from '../../src/expr/declare.ts';
import { BUILT_IN, DOMAINS, NOTHING_DECLARED } from '../../src/expr/declare.ts';
import type { Expr } from '../../src/expr/expr.ts';
import {
  add,
  apply,
  call,
  exp,
  freeze,
  grad,
  log,
  mul,
  num,
  pow,
  sum,
  sym,
  variable,
} from '../../src/expr/expr.ts';
import { rational } from '../../src/expr/rational.ts';
import { parse } from '../../src/syntax/parse.ts';
import { digestOf, storedTrace } from '../../src/trace/digest.ts';
import type { Json } from '../../src/trace/json.ts';
import { exprToJson, traceToJson } from '../../src/trace/json.ts';
import { readTrace } from '../../src/trace/read.ts';
import type { Remark, Trace } from '../../src/trace/trace.ts';
import { expressions, FULL } from '../arbitrary/expr.ts';

const throughText = (json: Json): unknown => JSON.parse(JSON.stringify(json));

const [w, y, t, v] = [
  variable('w', 'response'),
  variable('y', 'response'),
  variable('t', 'token'),
  variable('v', 'vocab'),
];

describe('an expression is written as a tagged list', () => {
  test.each<[e: Expr, json: Json]>([
    [num(rational(-1, 2)), ['num', '-1/2']],
    [num(10n ** 30n), ['num', `1${'0'.repeat(30)}`]],
    [sym('beta'), ['sym', 'beta']],
    [t, ['var', 't', 'token']],
    [apply('Z', []), ['data', 'Z']],
    [apply('pi', [w, num(2)]), ['data', 'pi', ['var', 'w', 'response'], ['num', '2']]],
    [add([sym('a'), num(1)]), ['add', ['sym', 'a'], ['num', '1']]],
    [mul([sym('a')]), ['mul', ['sym', 'a']]],
    [pow(sym('a'), num(2)), ['pow', ['sym', 'a'], ['num', '2']]],
    [call('max', [sym('a'), num(0)]), ['max', ['sym', 'a'], ['num', '0']]],
    [
      sum(t, { kind: 'tokens', of: y }, t),
      ['sum', 't', ['tokens', ['var', 'y', 'response']], ['var', 't', 'token']],
    ],
    [sum(v, { kind: 'vocabulary' }, num(1)), ['sum', 'v', 'vocabulary', ['num', '1']]],
    [freeze(log(sym('a'))), ['freeze', ['log', ['sym', 'a']]]],
    [grad(log(sym('a'))), ['grad', ['log', ['sym', 'a']]]],
  ])('%#', (e, json) => {
    expect(exprToJson(e)).toEqual(json);
  });
});

/** `__proto__` is a hyper-parameter of formulas but no name of traces. */
const any = expressions({
  ...FULL,
  parameters: ['a', 'beta', 't', 'constructor', 'toString', 'prototype', '_a', 'e'],
});
const id = fc.constantFrom('S1', 'S7', 'log-product', 'algebra', 'prior-w', 'constructor');
const key = fc.constantFrom('_a', '_b', '_rest', '_y', 'constructor', 'prototype', 'hasOwnProperty', 'n');
const flag = fc.boolean();
const list = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> => fc.array(item, { maxLength: 3 });
const dictionary = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<Readonly<Record<string, T>>> =>
  list(fc.tuple(key, item)).map((entries) => Object.fromEntries(entries));

const domain = fc.constantFrom(...DOMAINS);
const sort = fc.constantFrom('response', 'token', 'vocab', 'prompt');
const datum: fc.Arbitrary<Datum> = fc.record({
  is: domain,
  shapes: list(list(sort)),
  distribution: flag,
  prompt: flag,
  policy: flag,
});
const fact: fc.Arbitrary<Fact> = fc.record({
  kind: fc.constantFrom('positive', 'nonnegative', 'nonzero', 'integer'),
  of: any,
});
const declared: fc.Arbitrary<Declarations> = fc.record({
  parameters: dictionary(domain),
  data: dictionary(datum).map((own) => ({ ...BUILT_IN, ...own })),
  facts: list(fact),
});
const remark: fc.Arbitrary<Remark> = fc
  .constantFrom('frozen-prior', 'label-prior', 'one-partition', 'value-only')
  .map((kind) => ({ kind }));
const step = fc.record({
  rule: id,
  direction: fc.constantFrom('forward', 'backward'),
  at: list(fc.nat()),
  bindings: dictionary(any),
  after: any,
  waypoint: flag,
});
const trace: fc.Arbitrary<Trace> = fc.record({
  schema: fc.constant('midpo/trace'),
  version: fc.constant(1),
  claim: fc.string({ unit: 'binary', maxLength: 20 }),
  declared,
  definitions: list(fc.record({ id, lhs: any, rhs: any })),
  stages: list(
    fc.record({
      id,
      start: any,
      goal: any,
      relation: fc.constantFrom('=', '<='),
      uses: list(id),
      continues: fc.option(id),
      steps: list(step),
      remarks: list(remark),
    }),
  ),
});

test('any trace comes back through JSON text as it was, under its digest', () => {
  fc.assert(
    fc.property(trace, (written) => {
      const stored = readTrace(throughText(storedTrace(written)));
      expect(stored).toEqual({ trace: written, digest: digestOf(written) });
      if ('trace' in stored) expect(digestOf(stored.trace)).toBe(stored.digest);
    }),
    { numRuns: 300 },
  );
});

test('the digest is that of the content: not of the order of names, but of everything else', () => {
  const reversed = (json: unknown): unknown => {
    if (Array.isArray(json)) return json.map(reversed);
    if (typeof json !== 'object' || json === null) return json;
    return Object.fromEntries(
      Object.entries(json)
        .reverse()
        .map(([name, value]) => [name, reversed(value)]),
    );
  };
  fc.assert(
    fc.property(trace, trace, (one, other) => {
      const back = readTrace(reversed(storedTrace(one)));
      expect('trace' in back && digestOf(back.trace)).toBe(digestOf(one));
      const equal = JSON.stringify(traceToJson(one)) === JSON.stringify(traceToJson(other));
      expect(digestOf(one) === digestOf(other)).toBe(equal);
      expect(digestOf({ ...one, claim: `${one.claim}.` })).not.toBe(digestOf(one));
    }),
  );
});

describe('the limits', () => {
  const withGoal = (goal: Expr): unknown => {
    const only = { id: 'S1', start: goal, goal, uses: [], continues: null, steps: [], remarks: [] };
    const stage = { ...only, relation: '=' } as const;
    const whole: Trace = {
      schema: 'midpo/trace',
      version: 1,
      claim: '',
      declared: NOTHING_DECLARED,
      definitions: [],
      stages: [stage],
    };
    return throughText(storedTrace(whole));
  };
  const nested = (levels: number): Expr => {
    let e: Expr = sym('a');
    for (let k = 1; k < levels; k++) e = exp(e);
    return e;
  };
  test.each<[what: string, e: Expr, fine: boolean]>([
    ['the deepest formula', parse(`${'1 + 2 * log('.repeat(200)}a${')^2'.repeat(200)}`), true],
    ['1000 levels', nested(1000), true],
    ['1001 levels', nested(1001), false],
    ['the longest literal', parse(`${'7'.repeat(400)}e400`), true],
    ['the longest fraction', parse(`${'7'.repeat(400)}e400 / 1${'0'.repeat(398)}9`), true],
    ['a number of 1300 characters', num(10n ** 1299n), true],
    ['a number of 1301', num(10n ** 1300n), false],
    ['a name of 200 characters', sym('a'.repeat(200)), true],
    ['a name of 201', sym('a'.repeat(201)), false],
  ])('%s', (_, e, fine) => {
    const found = readTrace(withGoal(e));
    expect('kind' in found ? found.at : 'read').toBe(fine ? 'read' : 'stages.0.start');
  });
});
