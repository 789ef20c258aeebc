/** Reading derivation files: what they say, and every way in which they can be wrong, each with its place. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { same } from '../../src/expr/binder.ts';
import { divide, log, num, sym, variable } from '../../src/expr/expr.ts';
import { rational } from '../../src/expr/rational.ts';
import { claimFault } from '../../src/render/variant-fault.ts';
import { parse } from '../../src/syntax/parse.ts';
import { print } from '../../src/syntax/print.ts';
import type { VariantFault } from '../../src/variant/fault.ts';
import { readVariant } from '../../src/variant/read.ts';
import type { Variant } from '../../src/variant/variant.ts';

const LOSS = 'loss: log(pi(w)) - log(pi(l))';
const SMALL = `title: Small\n${LOSS}\n`;

function good(text: string): Variant {
  const read = readVariant(text, 'folder/mine.yaml');
  if (read.kind !== 'variant') throw new Error(claimFault(read));
  return read;
}
function bad(text: string): VariantFault {
  const read = readVariant(text, 'mine.yaml');
  if (read.kind === 'variant') throw new Error('this file was read without a fault');
  return read;
}

const FULL = `
title: Everything
says: >-
  Prose over
  two lines.
paper: { arxiv: "2405.14734", authors: [Meng, Xia], year: 2024, venue: NeurIPS, url: "https://x.org/a" }
parameters:
  beta: { is: positive, default: 0.1, latex: '\\beta', says: strength }
  third: { is: real, default: 1/3 }
  count: { is: integer, default: -2 }
  constructor: { is: unit }
distributions:
  prev: { latex: '\\pi_k', says: the previous iterate }
data:
  m(y, t): { is: nonnegative, latex: 'm_t' }
  score(y): { is: real, depends: response }
define:
  h(y): log(pi(y) / prev(y))
  g(y,t): m(y,t) * log(pi(y,t) / ref(y,t))
  u(w,l): h(w) - h(l) + sum(t, w, g(w,t))
prior: { weight: beta, zeta: prev(y) * exp(-constructor * score(y)) }
loss: |
  -log(sigmoid(
    beta * u(w,l) + third * count))
expect: { tier: conditional, gradientTier: outside, why: link }
evidence:
  - vectors: some
    parameters: { beta: 2 * their_beta, third: 0.3333333333333333333333 }
    data: { 'm(y,t)': masks.chosen, "prev(y,t)": prev_logps }
    where: { loss_type: sigmoid, n: 3, free: true, other: null }
    loss: h(w) - h(l)
    says: how
`;

describe('a file', () => {
  test('of the least fields', () => {
    const variant = good(SMALL);
    expect(variant).toMatchObject({ id: 'mine', title: 'Small', definitions: [], expect: {}, evidence: [] });
    expect(same(variant.loss, parse('log(pi(w)) - log(pi(l))'))).toBe(true);
    expect('prior' in variant).toBe(false);
  });

  test('of every field', () => {
    const variant = good(FULL);
    expect(variant.says).toBe('Prose over two lines.');
    expect(variant.paper).toEqual({
      arxiv: '2405.14734',
      authors: ['Meng', 'Xia'],
      year: 2024,
      venue: 'NeurIPS',
      url: 'https://x.org/a',
    });
    expect(variant.parameters.get('beta')).toEqual({
      is: 'positive',
      default: rational(1, 10),
      latex: '\\beta',
      says: 'strength',
    });
    expect(variant.parameters.get('third')?.default).toEqual(rational(1, 3));
    expect(variant.parameters.get('constructor')).toEqual({ is: 'unit' });
    expect(variant.declared.parameters).toEqual({
      beta: 'positive',
      third: 'real',
      count: 'integer',
      constructor: 'unit',
    });
    expect(variant.declared.data).toMatchObject({
      pi: { policy: true },
      prev: { distribution: true, policy: false },
      m: { is: 'nonnegative', shapes: [['response', 'token']], prompt: true },
      score: { is: 'real', shapes: [['response']], prompt: false },
    });
    expect([...variant.data.keys()]).toEqual(['m(y,t)', 'score(y)']);
    expect(variant.definitions.map(({ name, params }) => [name, ...params.map((p) => p.sort)])).toEqual([
      ['h', 'response'],
      ['g', 'response', 'token'],
      ['u', 'response', 'response'],
    ]);
    expect(variant.prior?.kind).toBe('common');
    expect(variant.expect).toEqual({ tier: 'conditional', gradientTier: 'outside', why: 'link' });
  });

  test('evidence names every parameter, keeps all digits, and selects cases', () => {
    const [evidence] = good(FULL).evidence;
    expect([...(evidence?.parameters ?? [])].map(([name, e]) => [name, print(e)])).toEqual([
      ['beta', '2 * their_beta'],
      ['third', print(num(rational(3333333333333333333333n, 10n ** 22n)))],
      ['count', 'count'],
      ['constructor', 'constructor'],
    ]);
    expect(Object.fromEntries(evidence?.data ?? [])).toEqual({
      'm(y,t)': 'masks.chosen',
      'prev(y,t)': 'prev_logps',
    });
    expect(Object.fromEntries(evidence?.where ?? [])).toEqual({
      loss_type: 'sigmoid',
      n: 3,
      free: true,
      other: null,
    });
    expect(evidence?.loss).toBeDefined();
  });

  test('a definition keeps its calls in the loss', () => {
    const { loss, definitions } = good(`title: T\ndefine: { h(y): log(pi(y)) }\nloss: h(w) - h(l)\n`);
    expect(print(loss)).toBe('h(w) - h(l)');
    expect(same(definitions[0]?.body ?? num(0), parse('log(pi(y))'))).toBe(true);
  });

  test('a prior that differs by label', () => {
    const { prior } = good(`${SMALL}prior: { weight: 2, chosen: ref(y), rejected: ref(y)^2 }`);
    expect(prior).toMatchObject({ kind: 'by-label', weight: num(2) });
  });

  test('data of one name and several argument lists', () => {
    const { declared } = good(`${SMALL}data: { 'm(y)': { is: unit }, 'm(y,t)': { is: unit } }`);
    expect(declared.data.m?.shapes).toEqual([['response'], ['response', 'token']]);
  });

  test.each([
    ['mine.yml', 'mine'],
    ['a.b.yaml', 'a.b'],
    ['/x/y/h-dpo.YAML', 'h-dpo'],
  ])('its name %j gives the id %j', (file, id) => {
    expect(readVariant(SMALL, file)).toMatchObject({ kind: 'variant', id });
  });

  test('a byte order mark and Windows line ends are harmless', () => {
    expect(good(`\ufeff${SMALL.replaceAll('\n', '\r\n')}`).title).toBe('Small');
  });

  test('the names of Object.prototype are names like any other', () => {
    const names = ['constructor', 'toString', 'hasOwnProperty', 'valueOf'];
    const text = `title: T
parameters: { ${names.map((name) => `${name}: { is: positive }`).join(', ')} }
define: { isPrototypeOf(y): log(pi(y)) / constructor }
loss: isPrototypeOf(w) * toString + hasOwnProperty * valueOf
evidence: [{ vectors: v, where: { __proto__: 1, constructor: null } }]`;
    const { declared, parameters, definitions, evidence } = good(text);
    expect([...parameters.keys()]).toEqual(names);
    expect(Object.keys(declared.parameters)).toEqual(names);
    expect(same(definitions[0]?.body ?? num(0), divide(log(parse('pi(y)')), sym('constructor')))).toBe(true);
    expect(definitions[0]?.params).toEqual([variable('y', 'response')]);
    expect([...(evidence[0]?.where ?? [])]).toEqual([
      ['__proto__', 1],
      ['constructor', null],
    ]);
  });
});

const withParameter = (field: string): string => `title: T\nparameters:\n  ${field}\n${LOSS}`;

describe('a fault', () => {
  test.each<[what: string, text: string, kind: string, line: number, column: number, more?: object]>([
    ['nothing', '', 'empty', 1, 1],
    ['a comment only', '# nothing\n', 'empty', 1, 1],
    ['no mapping', '- a', 'wrong-value', 1, 1, { expected: 'mapping', found: 'list' }],
    ['a misspelt field', `title: T\nlsos: 1\n`, 'unknown-field', 2, 1, { name: 'lsos', suggestion: 'loss' }],
    ['a field of no other', `${SMALL}colour: red`, 'unknown-field', 3, 1, { suggestion: undefined }],
    ['a prototype field', `${SMALL}__proto__: { a: 1 }`, 'unknown-field', 3, 1, { name: '__proto__' }],
    ['a constructor field', `${SMALL}constructor: 1`, 'unknown-field', 3, 1, { name: 'constructor' }],
    ['no loss', 'title: T\n', 'missing-field', 1, 1, { name: 'loss', field: 'loss' }],
    ['no title', LOSS, 'missing-field', 1, 1, { name: 'title' }],
    ['an empty title', `title:\n${LOSS}`, 'wrong-value', 1, 1, { expected: 'line', found: 'nothing' }],
    ['a number for a title', `title: 3\n${LOSS}`, 'wrong-value', 1, 8, { expected: 'line', found: 'number' }],
    ['an escape in a title', `title: "a\\e[2Jb"\n${LOSS}`, 'wrong-value', 1, 8],
    ['a list for a loss', 'title: T\nloss: [1]', 'wrong-value', 2, 7, { expected: 'formula', found: 'list' }],
    ['a list for parameters', `${SMALL}parameters: []`, 'wrong-value', 3, 13, { expected: 'mapping' }],
    ['parameters of nothing', `${SMALL}parameters:`, 'wrong-value', 3, 1, { found: 'nothing' }],
    ['an arXiv number without quotes', `${SMALL}paper: { arxiv: 2405.1473 }`, 'wrong-value', 3, 17],
    ['an address of another kind', `${SMALL}paper: { url: "javascript:x" }`, 'wrong-value', 3, 15],
    ['a year with a fraction', `${SMALL}paper: { year: 2024.5 }`, 'wrong-value', 3, 16, { expected: 'year' }],
    ['an unknown tier', `${SMALL}expect: { tier: best }`, 'wrong-value', 3, 17, { field: 'expect.tier' }],
    [
      'no domain',
      withParameter('beta: {}'),
      'missing-field',
      3,
      3,
      { name: 'is', field: 'parameters.beta.is' },
    ],
    ['an unknown domain', withParameter('beta: { is: big }'), 'wrong-value', 3, 15, { expected: 'domain' }],
    [
      'a field within a field',
      withParameter('beta: { is: real, defualt: 1 }'),
      'unknown-field',
      3,
      21,
      { suggestion: 'default' },
    ],
    [
      'a default outside',
      withParameter('beta: { is: positive, default: 0 }'),
      'outside-domain',
      3,
      34,
      { is: 'positive' },
    ],
    ['a default beyond one', withParameter('beta: { is: unit, default: 1.5 }'), 'outside-domain', 3, 30],
    ['half of an integer', withParameter('beta: { is: integer, default: 1/2 }'), 'outside-domain', 3, 33],
    ['an infinite default', withParameter('beta: { is: real, default: .inf }'), 'wrong-value', 3, 30],
    ['a default of words', withParameter('beta: { is: real, default: some }'), 'wrong-value', 3, 30],
    ['a duplicate', `title: T\ntitle: U\n${LOSS}`, 'duplicate-field', 2, 1, { name: 'title' }],
    ['a duplicate within', withParameter('b: { is: real }\n  "b": { is: real }'), 'duplicate-field', 4, 3],
    ['a name of data', withParameter('pi: { is: real }'), 'name-taken', 3, 3, { by: 'data' }],
    ['a name of a stage', withParameter('zeta: { is: real }'), 'name-taken', 3, 3, { by: 'data' }],
    ['a name of a function', withParameter('relu: { is: real }'), 'name-taken', 3, 3, { by: 'function' }],
    ['a name of a form', withParameter('sum: { is: real }'), 'name-taken', 3, 3, { by: 'function' }],
    ['a name of a response', withParameter('w: { is: real }'), 'name-taken', 3, 3, { by: 'response' }],
    ['a name of a constant', withParameter('NaN: { is: real }'), 'name-taken', 3, 3, { by: 'constant' }],
    ['no name', withParameter('b-c: { is: real }'), 'not-a-name', 3, 3],
    ['a metavariable', withParameter('_a: { is: real }'), 'not-a-name', 3, 3],
    ['a prototype as parameter', withParameter('__proto__: { is: real }'), 'not-a-name', 3, 3],
    [
      'one name for two',
      `${withParameter('m: { is: real }')}\ndata: { m(y): { is: real } }`,
      'name-taken',
      5,
      9,
      { by: 'parameter' },
    ],
    [
      'two definitions',
      `${SMALL}define:\n  h(y): len(y)\n  h(w): len(w)`,
      'name-taken',
      5,
      3,
      { by: 'definition' },
    ],
    [
      'data declared twice',
      `${SMALL}data: { m(y): { is: real }, m(w): { is: real } }`,
      'conflicting-data',
      3,
      29,
    ],
    [
      'data of two domains',
      `${SMALL}data:\n  m(y): { is: real }\n  m(y,t): { is: unit }`,
      'conflicting-data',
      5,
      3,
    ],
    [
      'data without arguments',
      `${SMALL}data: { m: { is: real } }`,
      'formula',
      3,
      9,
      { fault: { kind: 'not-a-declaration' } },
    ],
    [
      'data of the house',
      `${SMALL}data: { "len(y)": { is: real } }`,
      'formula',
      3,
      10,
      { fault: { kind: 'name-clash' } },
    ],
    [
      'an unknown argument',
      `${SMALL}define: { h(q): 1 }`,
      'formula',
      3,
      13,
      { fault: { kind: 'unknown-argument' } },
    ],
    ['itself', `${SMALL}define:\n  h(y): h(y) + 1`, 'not-yet-defined', 4, 9, { name: 'h' }],
    [
      'a later definition',
      `${SMALL}define:\n  a(y): 1 + b(y)\n  b(y): 1`,
      'not-yet-defined',
      4,
      13,
      { name: 'b' },
    ],
    [
      'an undeclared name',
      'title: T\nloss: pi(w) * bta',
      'formula',
      2,
      15,
      { fault: { kind: 'undeclared' } },
    ],
    [
      'the generic response',
      'title: T\nloss: pi(w) * pi(y)',
      'formula',
      2,
      18,
      { fault: { kind: 'unbound' } },
    ],
    ['an empty loss', 'title: T\nloss: ""', 'formula', 2, 7, { fault: { kind: 'empty' } }],
    ['a loss of nobody', 'title: T\nloss: 1', 'loss-without-pair', 2, 7],
    ['a loss bound away', 'title: T\nloss: sum(w, Y, pi(w))', 'loss-without-pair', 2, 7],
    ['a chosen prior', `${SMALL}prior: { weight: 1, zeta: ref(w) }`, 'pair-in-prior', 3, 31, { name: 'w' }],
    [
      'a rejected prior',
      `${SMALL}prior:\n  weight: 1\n  zeta: 1 + len(l)`,
      'pair-in-prior',
      5,
      17,
      { name: 'l' },
    ],
    ['a prior of half', `${SMALL}prior: { weight: 1 }`, 'missing-field', 3, 1, { field: 'prior.zeta' }],
    [
      'a prior of one label',
      `${SMALL}prior: { weight: 1, rejected: ref(y) }`,
      'missing-field',
      3,
      1,
      { name: 'chosen' },
    ],
    [
      'two kinds of prior',
      `${SMALL}prior: { weight: 1, zeta: 1, chosen: 1, rejected: 1 }`,
      'excluded-field',
      3,
      21,
    ],
    ['a weight of the response', `${SMALL}prior: { weight: len(y), zeta: ref(y) }`, 'formula', 3, 22],
    [
      'evidence for nobody',
      `${withParameter('beta: { is: real }')}\nevidence:\n  - vectors: v\n    parameters: { bta: b }`,
      'undeclared-parameter',
      7,
      19,
      { suggestion: 'beta', field: 'evidence[0].parameters.bta' },
    ],
    [
      'evidence with data of ours',
      `${withParameter('b: { is: real }')}\nevidence:\n  - vectors: v\n    parameters: { b: len(w) }`,
      'formula',
      7,
      22,
    ],
    [
      'evidence for no data',
      `${SMALL}evidence: [{ vectors: v, data: { m(y): x } }]`,
      'undeclared-data',
      3,
      34,
    ],
    [
      'evidence of another shape',
      `${SMALL}data: { m(y): { is: real } }\nevidence: [{ vectors: v, data: { 'm(y,t)': x } }]`,
      'undeclared-data',
      4,
      34,
    ],
    ['evidence of a mapping', `${SMALL}evidence: { vectors: v }`, 'wrong-value', 3, 11, { expected: 'list' }],
    [
      'a list of cases',
      `${SMALL}evidence: [{ vectors: v, where: { a: [1] } }]`,
      'wrong-value',
      3,
      38,
      { expected: 'case-value' },
    ],
    [
      'evidence that ignores the pair',
      `${SMALL}evidence: [{ vectors: v, loss: 3 }]`,
      'loss-without-pair',
      3,
      32,
    ],
    ['a name cut by braces', `${SMALL}data: { m(y,t): { is: real } }`, 'split-name', 3, 9, { name: 'm(y' }],
    [
      'a name cut in evidence',
      `${SMALL}evidence: [{ vectors: v, data: { m(y,t): x } }]`,
      'split-name',
      3,
      34,
    ],
    ['two colons', 'title: a: b', 'bad-yaml', 1, 8, { problem: 'BLOCK_AS_IMPLICIT_KEY' }],
    ['a tab', 'paper:\n\tyear: 2000', 'bad-yaml', 2, 1],
    ['an open bracket', 'title: [a', 'bad-yaml', 1, 10],
    ['an open quote', 'title: "a', 'bad-yaml', 1, 10],
    ['two documents', `${SMALL}---\ntitle: b`, 'bad-yaml', 3, 1, { problem: 'MULTIPLE_DOCS' }],
    ['another YAML', `%YAML 1.1\n---\n${SMALL}`, 'not-allowed', 1, 1, { construct: 'directive' }],
    ['an anchor', `title: &a T\n${LOSS}`, 'not-allowed', 1, 11, { construct: 'anchor' }],
    ['an alias', `title: T\nsays: *a\n${LOSS}`, 'not-allowed', 2, 7, { construct: 'alias' }],
    ['an anchor and its alias', `says: &a T\ntitle: *a`, 'not-allowed', 1, 10, { construct: 'anchor' }],
    ['a tag', `title: !!str 3\n${LOSS}`, 'not-allowed', 1, 14, { construct: 'tag' }],
    ['a tag of its own', `title: !run x\n${LOSS}`, 'not-allowed', 1, 13, { construct: 'tag' }],
    ['a merge key', `${SMALL}<<: { says: x }`, 'not-allowed', 3, 1, { construct: 'merge-key' }],
    ['a number for a key', `${SMALL}1: x`, 'not-allowed', 3, 1, { construct: 'non-text-key' }],
    ['a list for a key', `${SMALL}? [a]\n: x`, 'not-allowed', 3, 3, { construct: 'non-text-key' }],
  ])('%s', (_, text, kind, line, column, more = {}) => {
    const fault = bad(text);
    expect(fault).toMatchObject({ kind, file: 'mine.yaml', at: { line, column }, ...more });
    expect(claimFault(fault)).toMatch(new RegExp(`^mine\\.yaml, line ${line}, column ${column}\\b.*: .`));
  });

  // The fault is always the name `oops`, in all the ways to write a scalar.
  test.each<[style: string, text: string, line: number, column: number]>([
    ['plain', 'loss: pi(w) + oops', 2, 15],
    ['plain over lines', 'loss: pi(w)\n  + pi(l)\n\n  + oops # why', 5, 5],
    ['single quotes', "loss: 'pi(w) + oops'", 2, 16],
    ['single quotes over lines', "loss: '\n  pi(w) +\n    oops'", 4, 5],
    ['double quotes', 'loss: "pi(w) + oops"', 2, 16],
    ['double quotes with escapes', String.raw`loss: "\x70i(w)\t\u002b\n oops"`, 2, 27],
    ['double quotes over lines', 'loss: "pi(w) \\\n   +\n   oops"', 4, 4],
    ['literal block', 'loss: |\n  pi(w)\n    + oops', 4, 7],
    ['folded block', 'loss: >- # why oops\n\n  pi(w)\n  + oops\n', 5, 5],
    ['block with an indentation mark', 'loss: |2-\n    pi(w)\n    + oops\n', 4, 7],
  ])('in %s is found in the file', (_, text, line, column) => {
    const fault = bad(`title: T\n${text}`);
    expect(fault).toMatchObject({ kind: 'formula', at: { line, column, marked: 'oops' } });
  });

  test('behind an exotic escape is found at the scalar', () => {
    const fault = bad(String.raw`loss: "pi(w) + oops\U0001F600"`.replace(/^/, 'title: T\n'));
    expect(fault).toMatchObject({ kind: 'formula', at: { line: 2, column: 7 } });
  });

  test('is said in words, with the line and carets', () => {
    const fault = bad('title: T\nparameters: { beta: { is: real } }\nloss: pi(w) * bteta # oh\n');
    expect(claimFault(fault).split('\n')).toEqual([
      'mine.yaml, line 3, column 15, in `loss`: undeclared hyper-parameter `bteta`; did you mean `beta`?',
      '  loss: pi(w) * bteta # oh',
      '                ^^^^^',
    ]);
  });
});

describe('what is too much', () => {
  const doubling = (count: number): string => {
    const lines = Array.from({ length: count }, (_, i) => `  d${i + 1}(y): d${i}(y) + d${i}(y)`);
    return `title: T\ndefine:\n  d0(y): len(y)\n${lines.join('\n')}\nloss: d${count}(w)`;
  };
  const height = (n: number): string => `${'exp('.repeat(n)}len(y)${')'.repeat(n)}`;
  test.each<[what: string, text: string, kind: string]>([
    ['a long file', `${SMALL}#${'x'.repeat(1_000_000)}`, 'too-long'],
    ['nested brackets', `title: ${'['.repeat(500_000)}`, 'too-deep'],
    ['nested braces', 'a: {'.repeat(200_000), 'too-deep'],
    ['nested lists', '- '.repeat(400_000), 'too-deep'],
    ['nested keys', '? '.repeat(400_000), 'too-deep'],
    ['nested blocks', Array.from({ length: 1000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'), 'too-deep'],
    ['many fields', Array.from({ length: 80_000 }, (_, i) => `k${i}: 1`).join('\n'), 'too-many-parts'],
    ['many anchors', '&a '.repeat(300_000), 'too-many-parts'],
    ['a billion laughs', `a: &a [x]\nb: &b [${'*a,'.repeat(9)}]\nc: [${'*b,'.repeat(9)}]`, 'not-allowed'],
    ['definitions that double', doubling(60), 'expands-too-far'],
    [
      'definitions that tower',
      `title: T\ndefine:\n  a(y): ${height(90)}\n${[...'bcdefg'].map((c, i) => `  ${c}(y): ${height(90).replace('len', 'abcdef'.charAt(i))}`).join('\n')}\nloss: g(w)`,
      'expands-too-far',
    ],
    ['a deep formula', `title: T\nloss: ${'('.repeat(5000)}pi(w)${')'.repeat(5000)}`, 'formula'],
  ])(
    '%s',
    (_, text, kind) => {
      expect(bad(text).kind).toBe(kind);
    },
    10_000,
  );

  test('what doubles a little is read', () => {
    expect(good(doubling(10)).definitions).toHaveLength(11);
  });

  test('a file of many fields is read in time that grows with them', () => {
    const parameters = Array.from({ length: 3000 }, (_, i) => `  p${i}: { is: real }`).join('\n');
    expect(good(`${SMALL}parameters:\n${parameters}`).parameters.size).toBe(3000);
  }, 10_000);
});

describe('any text', () => {
  const isRead = (text: string): void => {
    const read = readVariant(text, 'any.yaml');
    if (read.kind === 'variant') return;
    expect(read.at.start).toBeLessThanOrEqual(read.at.end);
    expect(read.at.end).toBeLessThanOrEqual(text.length);
    expect(claimFault(read)).toContain('any.yaml, line ');
  };

  test('is read or refused', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), isRead), { numRuns: 500 });
  });

  test('made of the pieces of a file is read or refused', () => {
    const pieces = [...FULL.matchAll(/\w+|\s+|[^\w\s]/g)].map(([piece]) => piece);
    const piece = fc.oneof(
      fc.constantFrom(...pieces),
      fc.constantFrom('&a', '*a', '!!x', '\t', '%', '\\x41', '"', "'"),
    );
    const text = fc.array(piece, { maxLength: 60 }).map((parts) => parts.join(''));
    fc.assert(fc.property(text, isRead), { numRuns: 500 });
  });

  test('one cut or one character away from a file is read or refused', () => {
    const edit = fc.tuple(fc.nat(FULL.length), fc.nat(12), fc.string({ unit: 'binary', maxLength: 3 }));
    fc.assert(
      fc.property(edit, ([at, length, by]) => isRead(FULL.slice(0, at) + by + FULL.slice(at + length))),
      { numRuns: 500 },
    );
  });
});
