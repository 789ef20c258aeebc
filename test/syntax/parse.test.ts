import { describe, expect, test } from 'vitest';
import { NOTHING_DECLARED } from '../../src/expr/declare.ts';
import type { Expr } from '../../src/expr/expr.ts';
import {
  add,
  apply,
  call,
  divide,
  exp,
  freeze,
  log,
  minus,
  mul,
  num,
  pow,
  reciprocal,
  subtract,
  sum,
  sym,
  variable,
} from '../../src/expr/expr.ts';
import { rational } from '../../src/expr/rational.ts';
import { parse } from '../../src/syntax/parse.ts';
import { print } from '../../src/syntax/print.ts';
import type { Scope } from '../../src/syntax/scope.ts';
import { FORMULA_SCOPE } from '../../src/syntax/scope.ts';

const [a, b, c, d] = [sym('a'), sym('b'), sym('c'), sym('d')];
const [w, y] = [variable('w', 'response'), variable('y', 'response')];
const [t, v] = [variable('t', 'token'), variable('v', 'vocab')];
const half = num(rational(1, 2));

describe('arithmetic', () => {
  test.each<[text: string, tree: Expr]>([
    ['a + b + c', add([a, b, c])],
    ['a + (b + c)', add([a, add([b, c])])],
    ['(a + b) + c', add([add([a, b]), c])],
    ['a - b', subtract(a, b)],
    ['a - b * c', add([a, mul([num(-1), b, c])])],
    ['a - 2', add([a, num(-2)])],
    ['a - 2 * b', add([a, mul([num(-2), b])])],
    ['a - (b - c)', add([a, minus(subtract(b, c))])],
    ['a - (2)', add([a, minus(num(2))])],
    ['a - -b', add([a, mul([num(-1), num(-1), b])])],
    ['-a + b', add([minus(a), b])],
    ['a * b * c', mul([a, b, c])],
    ['a * (b * c)', mul([a, mul([b, c])])],
    ['a / b', divide(a, b)],
    ['a / b / c', mul([a, reciprocal(b), reciprocal(c)])],
    ['a * b / c * d', mul([a, b, reciprocal(c), d])],
    ['1 / b', reciprocal(b)],
    ['1 / b * c', mul([reciprocal(b), c])],
    ['1 * b', mul([num(1), b])],
    ['-1 / b', mul([num(-1), reciprocal(b)])],
    ['1 / 2', half],
    ['4 / 6', num(rational(2, 3))],
    ['-1 / 2', num(rational(-1, 2))],
    ['1 / 2 / a', mul([half, reciprocal(a)])],
    ['2 / 3 * a', mul([num(rational(2, 3)), a])],
    ['(2 / 3) * a', mul([num(rational(2, 3)), a])],
    ['a * 2 / 3', mul([a, num(2), reciprocal(num(3))])],
    ['2 / 3^2', mul([num(2), reciprocal(pow(num(3), num(2)))])],
    ['3 / 0', mul([num(3), reciprocal(num(0))])],
    ['1 / 0', reciprocal(num(0))],
    ['a^(1/2)', pow(a, half)],
    ['a^b^c', pow(a, pow(b, c))],
    ['(a^b)^c', pow(pow(a, b), c)],
    ['a^-1', reciprocal(a)],
    ['2^-b', pow(num(2), minus(b))],
    ['-a', minus(a)],
    ['-2', num(-2)],
    ['+a', a],
    ['--a', mul([num(-1), num(-1), a])],
    ['-a * b', mul([num(-1), a, b])],
    ['-2 * b', mul([num(-2), b])],
    ['a * -b', mul([a, minus(b)])],
    ['-a^b', minus(pow(a, b))],
    ['-2^b', minus(pow(num(2), b))],
    ['-(a * b)', minus(mul([a, b]))],
    ['((a))', a],
    ['a\n  + b\t* c', add([a, mul([b, c])])],
  ])('%s', (text, tree) => {
    expect(parse(text)).toEqual(tree);
  });
});

describe('numbers are exact', () => {
  test.each<[text: string, n: bigint, d: bigint]>([
    ['0.1', 1n, 10n],
    ['.5', 1n, 2n],
    ['2.', 2n, 1n],
    ['1e-3', 1n, 1000n],
    ['1.5E2', 150n, 1n],
    ['12345678901234567890.1', 123456789012345678901n, 10n],
    ['1e400', 10n ** 400n, 1n],
    ['9007199254740993', 9007199254740993n, 1n],
    ['-0.3', -3n, 10n],
  ])('%s', (text, n, d) => {
    expect(parse(text)).toEqual(num(rational(n, d)));
  });
});

describe('names, data and functions', () => {
  const p = (...args: Expr[]): Expr => apply('pi', args);
  const q = (...args: Expr[]): Expr => apply('ref', args);
  const kl = sum(v, { kind: 'vocabulary' }, mul([p(y, t, v), log(divide(p(y, t, v), q(y, t, v)))]));

  test.each<[text: string, tree: Expr]>([
    ['pi(w)', p(w)],
    ['pi(w, 1)', p(w, num(1))],
    ['Z()', apply('Z', [])],
    ['sqrt(a)', call('sqrt', [a])],
    ['clamp(a, b, c)', call('clamp', [a, b, c])],
    ['stopgrad(a)', freeze(a)],
    ['logaddexp(a, b)', log(add([exp(a), exp(b)]))],
    ['indicator(a <= b)', call('le', [a, b])],
    ['indicator((a < b))', call('lt', [a, b])],
    ['indicator(a == b)', call('eq', [a, b])],
    ['indicator(a >= b)', call('le', [b, a])],
    ['indicator(a > b)', call('lt', [b, a])],
    ['sum(t, y, t * pi(y, t))', sum(t, { kind: 'tokens', of: y }, mul([t, p(y, t)]))],
    ['sum(t, y, kl(pi, ref, y, t))', sum(t, { kind: 'tokens', of: y }, kl)],
    [
      'entropy(pi, w, 2)',
      minus(sum(v, { kind: 'vocabulary' }, mul([p(w, num(2), v), log(p(w, num(2), v))]))),
    ],
    [
      'sum(x, X, D(x) * sum(y, Y, pi(y)))',
      sum(
        variable('x', 'prompt'),
        { kind: 'prompts' },
        mul([apply('D', [variable('x', 'prompt')]), sum(y, { kind: 'responses' }, p(y))]),
      ),
    ],
  ])('%s', (text, tree) => {
    expect(parse(text)).toEqual(tree);
  });

  test('a macro binds an index that its arguments do not use', () => {
    const scope: Scope = { ...FORMULA_SCOPE, responses: ['v'] };
    const e = parse('entropy(pi, v, 1)', scope);
    expect(print(e)).toBe('-sum(v, V, pi(v, 1, v) * log(pi(v, 1, v)))'.replaceAll(/\bv\b(?=, V|\))/g, 'v_1'));
  });

  test.each([
    'beta',
    'gamma',
    'e',
    'i',
    'PI',
    'tau',
    'phi',
    'LN2',
    'version',
    'kg',
    'end',
    'mod',
    'in',
    'to',
    'le',
    'constructor',
    '__proto__',
    'toString',
    'hasOwnProperty',
    'valueOf',
    'prototype',
    'V',
    't0',
    '_a',
  ])('%s alone is a hyper-parameter', (name) => {
    expect(parse(name)).toEqual(sym(name));
    expect(parse(`1 + ${name}`)).toEqual(add([num(1), sym(name)]));
  });

  test('a closed scope knows what is declared', () => {
    const scope: Scope = {
      ...FORMULA_SCOPE,
      names: 'closed',
      declared: { ...NOTHING_DECLARED, parameters: { beta: 'positive' } },
      definitions: { h: ['response'], g: ['response', 'token'] },
    };
    expect(parse('beta * h(w) + g(w, 3)', scope)).toEqual(
      add([mul([sym('beta'), apply('h', [w])]), apply('g', [w, num(3)])]),
    );
  });

  test('the parameters of a definition are variables in its body', () => {
    expect(parse('pi(y, t)', { ...FORMULA_SCOPE, bound: [t] })).toEqual(p(y, t));
  });
});

describe('size', () => {
  test('a sum of 10,000 terms is one node', () => {
    const names = Array.from({ length: 10_000 }, (_, i) => `n${i}`);
    const e = parse(names.join(' - '));
    expect(e.kind === 'add' && e.terms.length).toBe(10_000);
    expect(parse(print(e))).toEqual(e);
  });

  test('so is a product', () => {
    const e = parse(Array.from({ length: 10_000 }, (_, i) => `n${i}`).join('/'));
    expect(e.kind === 'mul' && e.factors.length).toBe(10_000);
  });

  test.each<[what: string, text: string]>([
    ['brackets', `${'('.repeat(200)}a${')'.repeat(200)}`],
    ['calls', `${'exp('.repeat(200)}a${')'.repeat(200)}`],
    ['powers', `${'a^'.repeat(200)}a`],
    ['signs', `${'-'.repeat(200)}a`],
    ['the longest text', `${'a+'.repeat(99_999)}a `],
    ['many short towers', Array.from({ length: 500 }, () => '-a^-b').join(' * ')],
  ])('%s up to the limit are read', (_, text) => {
    expect(() => parse(text)).not.toThrow();
  });
});
