/** Matching: what a rule's side fits, and what its letters then stand for. */

import { describe, expect, test } from 'vitest';
import { match } from '../../src/engine/match.ts';
import { rewriteAt } from '../../src/engine/rewrite.ts';
import type { Expr } from '../../src/expr/expr.ts';
import { sameUpToOrder } from '../../src/expr/flat.ts';
import { RULES } from '../../src/rules/index.ts';
import { parse } from '../../src/syntax/parse.ts';
import { print } from '../../src/syntax/print.ts';
import { FORMULA_SCOPE } from '../../src/syntax/scope.ts';
import { positives } from '../checker/traces.ts';

const read = (text: string): Expr =>
  parse(text, { ...FORMULA_SCOPE, responses: ['w', 'l', 'y', '_y', '_w', '_l'] });

describe('match', () => {
  test.each<[pattern: string, e: string, bindings: Readonly<Record<string, string>>]>([
    ['log(_a)', 'log(x + 1)', { _a: 'x + 1' }],
    ['_a', 'log(x)', { _a: 'log(x)' }],
    ['_a * _b', 'x * z', { _a: 'x', _b: 'z' }],
    ['_a * _b', 'x * z * log(x)', { _a: 'x', _b: 'z * log(x)' }],
    ['1 + _a', 'x + 1', { _a: 'x' }],
    ['1 + _a', 'x + 1 + z', { _a: 'x + z' }],
    ['1 + exp(_u)', 'exp(x * z) + 1', { _u: 'x * z' }],
    ['_a / (_a + _b)', 'x / (z + x)', { _a: 'x', _b: 'z' }],
    ['_a / (_a + _b)', 'exp(x) / (exp(x) + exp(z))', { _a: 'exp(x)', _b: 'exp(z)' }],
    ['r(_y)', 'r(w)', { _y: 'w' }],
    ['prefers(_w, _l)', 'prefers(l, w)', { _w: 'l', _l: 'w' }],
    ['_a ^ _b', 'x ^ (z + 1)', { _a: 'x', _b: 'z + 1' }],
    ['sum(t, _y, _a)', 'sum(t, w, x)', { _y: 'w', _a: 'x' }],
  ])('%s fits %s', (pattern, e, expected) => {
    const found = match(read(pattern), read(e));
    expect(Object.fromEntries([...(found ?? [])].map(([name, by]) => [name, print(by)]))).toEqual(expected);
  });

  test.each<[pattern: string, e: string]>([
    ['log(_a)', 'exp(x)'],
    ['1 + _a', 'x + z'],
    ['1 + _a', '2 + x'],
    ['1 + _a', '1'],
    ['_a * _b', 'x + z'],
    ['_a / (_a + _b)', 'x / (z + u)'],
    ['log(_a) + log(_a)', 'log(x) + log(z)'],
    ['r(_y)', 'len(w)'],
    ['prefers(_w, _w)', 'prefers(w, l)'],
    ['_a ^ 2', 'x ^ 3'],
    ['sum(t, _y, _a)', 'sum(v, V, x)'],
  ])('%s does not fit %s', (pattern, e) => {
    expect(match(read(pattern), read(e))).toBeUndefined();
  });
});

const ruleOf = (id: string) => {
  const rule = RULES.get(id);
  if (rule === undefined) throw new Error(`no rule ${id}`);
  return rule;
};

describe('one rewriting', () => {
  test.each<[rule: string, before: string, after: string]>([
    ['log-product', 'log(x * pi(w))', 'log(x) + log(pi(w))'],
    ['log-quotient', 'log(pi(w) / ref(w))', 'log(pi(w)) - log(ref(w))'],
    ['log-power', 'log(pi(w) ^ b)', 'b * log(pi(w))'],
    ['log-one-plus', 'log(1 + exp(b))', '-log(sigmoid(-log(exp(b))))'],
    ['softplus-definition', 'softplus(b)', '-log(sigmoid(-b))'],
    ['sigmoid-reflect', '1 - sigmoid(b)', 'sigmoid(-b)'],
    ['bradley-terry', 'prefers(l, w)', 'sigmoid(r(l) - r(w))'],
  ])('by %s: %s', (id, before, after) => {
    const step = rewriteAt(read(before), [], ruleOf(id), positives('x'));
    expect(step && sameUpToOrder(step.after, read(after))).toBe(true);
  });

  test.each<[rule: string, before: string]>([
    ['log-product', 'log(b * pi(w))'],
    ['log-product', 'log(r(w) * pi(w))'],
    ['log-quotient', 'log(pi(w) / b)'],
    ['log-power', 'log(b ^ 2)'],
    ['exp-log', 'exp(log(b))'],
    ['exp-log', 'exp(log(x - 1))'],
    ['log-one-plus', 'log(1 + b)'],
    ['sigmoid-odds', 'b / (b + x)'],
    ['root-definition', 'sqrt(b)'],
  ])('%s is not applied off its domain, at %s', (id, before) => {
    expect(rewriteAt(read(before), [], ruleOf(id), positives('x'))).toBeUndefined();
  });

  test('nothing outside the place is touched', () => {
    const step = rewriteAt(read('log(x * x) + log(x * x)'), [1], ruleOf('log-product'), positives('x'));
    expect(step?.after).toEqual(read('log(x * x) + (log(x) + log(x))'));
  });
});
