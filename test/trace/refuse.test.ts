/** What is not a trace: every departure from the schema is a fault with its place, and nothing throws. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FN_NAMES, FUNCTIONS } from '../../src/expr/function.ts';
import type { Json } from '../../src/trace/json.ts';
import { readTrace } from '../../src/trace/read.ts';

type Container = Record<string, unknown>;

/** A small trace that is fine, as text: each forgery starts from a copy of its own. */
const FINE = JSON.stringify({
  schema: 'midpo/trace',
  version: 1,
  digest: '0123456789abcdef'.repeat(4),
  claim: 'dpo',
  declared: {
    parameters: { beta: 'positive' },
    data: {
      m: {
        is: 'nonnegative',
        shapes: [['response', 'token']],
        distribution: false,
        prompt: true,
        policy: false,
      },
    },
    facts: [{ kind: 'nonzero', of: ['sym', 'beta'] }],
  },
  definitions: [
    {
      id: 'prior',
      lhs: ['data', 'zeta', ['var', '_y', 'response']],
      rhs: ['data', 'ref', ['var', '_y', 'response']],
    },
  ],
  stages: [
    {
      id: 'S1',
      start: ['log', ['exp', ['sym', 'beta']]],
      goal: ['sym', 'beta'],
      relation: '=',
      uses: ['prior'],
      continues: null,
      steps: [
        {
          rule: 'log-exp',
          direction: 'forward',
          at: [],
          bindings: { _a: ['sym', 'beta'] },
          after: ['sym', 'beta'],
          waypoint: true,
        },
      ],
      remarks: ['value-only'],
    },
  ],
});
const fine = (): unknown => JSON.parse(FINE);

const parent = (json: unknown, path: readonly (string | number)[]): Container =>
  path.reduce<unknown>((here, step) => (here as Container)[step], json) as Container;
/** The fine trace with a value put at a path. */
function forged(path: readonly (string | number)[], value: unknown): unknown {
  const json = fine();
  Object.defineProperty(parent(json, path.slice(0, -1)), path.at(-1) ?? '', {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
  return json;
}
const isExpr = (json: unknown): boolean =>
  Array.isArray(json) && ['sym', 'data', 'log'].includes(String(json[0]));
/** Everything in the trace down to expressions, with its path. */
function* places(
  json: unknown,
  path: readonly (string | number)[] = [],
): Generator<readonly [readonly (string | number)[], unknown]> {
  yield [path, json];
  if (isExpr(json)) return;
  if (typeof json === 'object' && json !== null)
    for (const [key, value] of Object.entries(json))
      yield* places(value, [...path, Array.isArray(json) ? Number(key) : key]);
}
const isObject = (json: unknown): json is Container =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

const faultOf = (json: unknown): string | undefined => {
  const found = readTrace(json);
  if (!('kind' in found)) return undefined;
  expect(found.kind).toBe('bad-trace');
  expect(found.says).not.toBe('');
  return found.at;
};

test('the trace that the forgeries start from is one', () => {
  expect(faultOf(fine())).toBeUndefined();
});

const all = [...places(fine())];
const inner = all.filter(([path]) => path.length > 0);
/** The entries of these are names of the trace's own. */
const OPEN = ['declared.parameters', 'declared.data', 'stages.0.steps.0.bindings'];
const objects = all.filter(([path, json]) => isObject(json) && !OPEN.includes(path.join('.')));
const fields = objects.flatMap(([path, json]) =>
  Object.keys(json as Container).map((name) => [...path, name]),
);

describe('structure', () => {
  test.each(fields.map((path) => [path.join('.'), path] as const))('without %s', (at, path) => {
    const json = fine();
    delete parent(json, path.slice(0, -1))[path.at(-1) ?? ''];
    expect(faultOf(json)).toBe(at);
  });

  test.each(objects.map(([path]) => [path.join('.'), path] as const))(
    'with something extra in "%s"',
    (at, path) => {
      for (const extra of ['comment', 'kind2', 'constructor', 'toString', 'prototype', '__proto__'])
        expect(faultOf(forged([...path, extra], 'x')), extra).toBe([...path, extra].join('.'));
      expect(at).toBeDefined();
    },
  );

  const WRONG: readonly unknown[] = [undefined, 7, -1, 0.5, '', {}, [], [[]], { a: 1 }, [null], 'S 1', '<b>'];
  /** Lists and sets of names may be empty, shapes too, and a claim may be called anything. */
  const isFine = (at: string, json: unknown, other: unknown): boolean =>
    (at === 'claim' && typeof other === 'string') ||
    JSON.stringify(other) === (OPEN.includes(at) ? '{}' : Array.isArray(json) && !isExpr(json) ? '[]' : '') ||
    (at.endsWith('shapes') && JSON.stringify(other) === '[[]]');

  test.each(inner.map(([path, json]) => [path.join('.'), path, json] as const))(
    'with another type at %s',
    (at, path, json) => {
      for (const wrong of WRONG) {
        if (isFine(at, json, wrong)) continue;
        const found = faultOf(forged(path, wrong));
        expect(found?.startsWith(at), `${JSON.stringify(wrong)} at ${at}: ${found}`).toBe(true);
      }
    },
  );
});

describe('names', () => {
  test.each<[what: string, path: readonly (string | number)[], value: unknown]>([
    ['a parameter that is no name', ['declared', 'parameters', 'be ta'], 'real'],
    ['a parameter without a name', ['declared', 'parameters', ''], 'real'],
    ['a parameter named for a prototype', ['declared', 'parameters', '__proto__'], 'real'],
    ['a datum named for a prototype', ['declared', 'data', '__proto__'], {}],
    ['a binding named for a prototype', ['stages', 0, 'steps', 0, 'bindings', '__proto__'], ['sym', 'a']],
    [
      'built-in data declared anew',
      ['declared', 'data', 'pi'],
      { is: 'real', shapes: [], distribution: false, prompt: false, policy: false },
    ],
    ['an unknown domain', ['declared', 'parameters', 'beta'], 'huge'],
    ['a domain of the prototype', ['declared', 'parameters', 'beta'], 'toString'],
    ['an unknown sort', ['declared', 'data', 'm', 'shapes', 0, 0], 'sentence'],
    ['an unknown remark', ['stages', 0, 'remarks', 0], 'trust-me'],
    ['an unknown kind of fact', ['declared', 'facts', 0, 'kind'], 'obvious'],
    ['a third direction', ['stages', 0, 'steps', 0, 'direction'], 'sideways'],
    ['a third relation', ['stages', 0, 'relation'], '>='],
    ['a relation of the prototype', ['stages', 0, 'relation'], 'constructor'],
    ['a path with a hole in it', ['stages', 0, 'steps', 0, 'at'], [0, null]],
    ['a negative path', ['stages', 0, 'steps', 0, 'at'], [-1]],
    ['half a path', ['stages', 0, 'steps', 0, 'at'], [0.5]],
    ['another schema', ['schema'], 'midpo/check'],
    ['a later version', ['version'], 2],
    ['a digest that is too short', ['digest'], '0'.repeat(63)],
    ['a digest that is too long', ['digest'], '0'.repeat(65)],
    ['a digest in capitals', ['digest'], 'A'.repeat(64)],
    ['a version as text', ['version'], '1'],
    ['a rule with markup', ['stages', 0, 'steps', 0, 'rule'], '<script>'],
    ['an endless id', ['stages', 0, 'id'], 'a'.repeat(201)],
    ['an endless claim', ['claim'], 'a'.repeat(100_001)],
  ])('%s', (_, path, value) => {
    expect(faultOf(forged(path, value))?.startsWith(path.slice(0, 3).join('.'))).toBe(true);
  });

  test('names of the prototype are names like any other', () => {
    const found = readTrace(forged(['declared', 'parameters', 'constructor'], 'integer'));
    expect('trace' in found && Object.entries(found.trace.declared.parameters)).toEqual([
      ['beta', 'positive'],
      ['constructor', 'integer'],
    ]);
  });
});

describe('expressions', () => {
  const A: Json = ['sym', 'a'];
  const deep = (levels: number): Json => (levels === 0 ? A : ['exp', deep(levels - 1)]);
  const Y: Json = ['var', 'y', 'response'];
  const arity = FN_NAMES.flatMap((fn): [string, Json][] => {
    const { min, max } = FUNCTIONS[fn];
    const call = (n: number): Json => [fn, ...Array.from({ length: n }, () => A)];
    return [
      [`${fn} of too few`, call(min - 1)],
      ...(max === undefined ? [] : [[`${fn} of too many`, call(max + 1)] satisfies [string, Json]]),
    ];
  });
  test.each<[what: string, e: unknown]>([
    ['nothing', null],
    ['a bare number', 1],
    ['a bare name', 'a'],
    ['an object', { kind: 'sym', name: 'a' }],
    ['an empty list', []],
    ['a list of expressions', [A]],
    ['an unknown function', ['frobnicate', A]],
    ['a function of the prototype', ['toString', A]],
    ['another function of the prototype', ['constructor', A]],
    ['a node called __proto__', ['__proto__', A]],
    ['a number as a number', ['num', 1]],
    ['an unreduced fraction', ['num', '2/4']],
    ['a fraction over one', ['num', '2/1']],
    ['a fraction over zero', ['num', '1/0']],
    ['a fraction over less than zero', ['num', '1/-2']],
    ['minus zero', ['num', '-0']],
    ['a leading zero', ['num', '01']],
    ['a leading plus', ['num', '+1']],
    ['a decimal', ['num', '0.5']],
    ['an exponent', ['num', '1e9']],
    ['hexadecimal', ['num', '0x10']],
    ['infinity', ['num', 'Infinity']],
    ['blanks', ['num', ' 1']],
    ['a huge number', ['num', '9'.repeat(100_000)]],
    ['a huge denominator', ['num', `1/${'7'.repeat(100_000)}`]],
    ['two numbers', ['num', '1', '2']],
    ['no number', ['num']],
    ['a parameter without a name', ['sym']],
    ['a parameter with an empty name', ['sym', '']],
    ['a parameter with markup', ['sym', 'a<b']],
    ['a parameter that begins with a digit', ['sym', '1a']],
    ['a parameter with a new line', ['sym', 'a\n']],
    ['a parameter called __proto__', ['sym', '__proto__']],
    ['a parameter of two names', ['sym', 'a', 'b']],
    ['a name that is a list', ['sym', ['a']]],
    ['a variable without a sort', ['var', 'y']],
    ['a variable of an unknown sort', ['var', 'y', 'sentence']],
    ['a variable of a sort of the prototype', ['var', 'y', 'constructor']],
    ['data without a name', ['data']],
    ['data of nothing', ['data', 'pi', null]],
    ['a sum of no terms', ['add']],
    ['a product of no factors', ['mul']],
    ['a power without exponent', ['pow', A]],
    ['a power of three', ['pow', A, A, A]],
    ['a sum over an unknown range', ['sum', 't', 'everything', A]],
    ['a sum over the prototype', ['sum', 't', '__proto__', A]],
    ['a sum over a list of nothing', ['sum', 't', [], A]],
    ['a sum over tokens of nothing', ['sum', 't', ['tokens'], A]],
    ['a sum over tokens of two', ['sum', 't', ['tokens', Y, Y], A]],
    ['a sum over tokens as a word', ['sum', 't', 'tokens', A]],
    ['a sum without a body', ['sum', 't', 'vocabulary']],
    ['a sum of two bodies', ['sum', 't', 'vocabulary', A, A]],
    ['a variable of two sorts', ['var', 'y', 'response', 'token']],
    ['a sum without an index', ['sum', null, 'vocabulary', A]],
    ['a stop-gradient of two', ['freeze', A, A]],
    ['a gradient of two', ['grad', A, A]],
    ['a gradient of nothing', ['grad']],
    ['a fault deep inside', ['add', A, ['mul', A, ['log', ['num', '2/4']]]]],
    ['deep nesting', deep(1000)],
    [
      'nesting beyond recursion',
      (() => {
        let e: Json = A;
        for (let k = 0; k < 200_000; k++) e = ['exp', e];
        return e;
      })(),
    ],
    ['nesting in a range', ['sum', 't', ['tokens', deep(999)], A]],
    ['a huge list', ['add', ...Array.from({ length: 100_001 }, () => A)]],
    ...arity,
  ])('%s', (_, e) => {
    expect(faultOf(forged(['stages', 0, 'goal'], e))).toBe('stages.0.goal');
    expect(faultOf(forged(['stages', 0, 'steps', 0, 'bindings', '_a'], e))).toBe(
      'stages.0.steps.0.bindings._a',
    );
  });

  test('many nodes are refused together, however they are spread', () => {
    const row: Json = ['add', ...Array.from({ length: 50_000 }, () => A)];
    const facts = Array.from({ length: 41 }, () => ({ kind: 'positive', of: row }));
    expect(faultOf(forged(['declared', 'facts'], facts))).toBe('declared.facts.39.of');
  });

  test('a huge list of names is refused', () => {
    expect(
      faultOf(
        forged(
          ['stages', 0, 'uses'],
          Array.from({ length: 100_001 }, () => 'a'),
        ),
      ),
    ).toBe('stages.0.uses');
  });
});

describe('nothing throws', () => {
  test('on any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        expect(faultOf(json)).toBeDefined();
      }),
      { numRuns: 500 },
    );
  });

  test('on any JSON anywhere in a trace', () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.array(
        fc.oneof(
          fc.constantFrom<unknown>('sum', 'num', 'data', 'tokens', 'add', 'pow', 't', '1/2'),
          fc.jsonValue(),
        ),
        { maxLength: 5 },
      ),
    );
    fc.assert(
      fc.property(fc.constantFrom(...inner.map(([path]) => path)), value, (path, json) => {
        const at = faultOf(forged(path, json));
        if (at !== undefined) expect(`${at}.`.startsWith(`${path.join('.')}.`)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
