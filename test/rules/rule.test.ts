/** The table reader: what a row may be, and the rows that are refused. */

import { describe, expect, test } from 'vitest';
import { sym } from '../../src/expr/expr.ts';
import type { Condition, Row } from '../../src/rules/rule.ts';
import { freeOf, isMetavariable, nonzero, positive, ruleTable } from '../../src/rules/rule.ts';
import { FormulaError } from '../../src/syntax/fault.ts';
import { parse } from '../../src/syntax/parse.ts';

const row = (lhs: string, rhs: string, where: readonly Condition[] = []): Row => ({
  lhs,
  rhs,
  where,
  latex: '',
  says: '',
});
/** A copy has both sides, so that they have been read. */
const read = (one: Row) => ({ ...ruleTable('identity', { 'on-trial': one })['on-trial'] });

test('a row is read as it stands', () => {
  const rule = ruleTable('model', {
    'log-square': { ...row('log(_a^2)', '2 * log(_a)', [positive('_a')]), latex: 'L', says: 's' },
  })['log-square'];
  expect(rule).toEqual({
    id: 'log-square',
    kind: 'model',
    lhs: parse('log(_a^2)'),
    rhs: parse('2 * log(_a)'),
    where: [{ kind: 'positive', of: sym('_a') }],
    latex: 'L',
    says: 's',
  });
  expect(Object.isFrozen(rule)).toBe(true);
});

test('a row is not read before a side of it is asked for, and refused then, every time', () => {
  const { rule } = ruleTable('identity', { rule: row('log(_a)', '_b') });
  expect(rule.id).toBe('rule');
  expect(() => rule.lhs).toThrow(TypeError);
  expect(() => rule.lhs).toThrow(TypeError);
  expect(() => rule.rhs).toThrow(TypeError);
});

test('conditions are about metavariables', () => {
  expect(nonzero('_a')).toEqual({ kind: 'nonzero', of: sym('_a') });
  expect(freeOf('_b', 't')).toEqual({ kind: 'free-of', of: sym('_b'), index: 't' });
});

describe('refused', () => {
  const pulled: readonly [string, string] = ['sum(t, _y, _a * _b)', '_a * sum(t, _y, _b)'];
  test.each<[what: string, one: Row, says: RegExp]>([
    ['a number that the left side does not bind', row('log(_a)', '_a + _b'), /_b is not bound/],
    ['a response that the left side does not bind', row('r(_y)', 'r(_w)'), /_w is not bound/],
    ['a metavariable that only the rhs names under a sum', row('_a', 'sum(t, y, _b)'), /_b is not bound/],
    ['a hyper-parameter on the left', row('beta * _a', '_a'), /beta is not a metavariable/],
    ['a hyper-parameter on the right', row('_a', 'beta * _a'), /beta is not a metavariable/],
    ['a factor taken out of a sum unguarded', row(...pulled), /_a needs a free-of condition for t/],
    [
      'a factor put into a sum unguarded',
      row('_a * sum(t, _y, _b)', 'sum(t, _y, _a * _b)'),
      /_a needs a free-of/,
    ],
    ['a guard for another metavariable', row(...pulled, [freeOf('_b', 't')]), /_a needs a free-of/],
    ['a guard for another index', row(...pulled, [freeOf('_a', 's')]), /_a needs a free-of/],
    ['another condition in the place of a guard', row(...pulled, [positive('_a')]), /_a needs a free-of/],
    ['an index under another name', row('sum(t, _y, _a)', 'sum(s, _y, _a)'), /_a needs a free-of/],
    [
      'the inner index of two',
      row('sum(t, _y, sum(v, V, _a))', 'sum(t, _y, len(_y) * _a)'),
      /_a needs a free-of condition for v/,
    ],
    // A name is caught whatever its sort: a response may be called v.
    [
      'a response taken under an index of another sort',
      row('sum(t, _w, sum(v, V, _a))', 'sum(v, V, sum(t, _w, _a))'),
      /_w needs a free-of condition for v/,
    ],
  ])('%s', (_, one, says) => {
    expect(() => read(one)).toThrow(TypeError);
    expect(() => read(one)).toThrow(says);
    expect(() => read(one)).toThrow(/^on-trial: /);
  });

  test.each(['log(', 'frobnicate(_a)', 'pi(_a)'])('what is no formula: %s', (text) => {
    expect(() => read(row(text, '0'))).toThrow(FormulaError);
  });
});

describe('admitted', () => {
  test.each<[what: string, one: Row]>([
    ['a guarded factor', row('sum(t, _y, _a * _b)', '_a * sum(t, _y, _b)', [freeOf('_a', 't')])],
    [
      'a metavariable under the same index on both sides',
      row('sum(t, _y, _a + _b)', 'sum(t, _y, _a) + sum(t, _y, _b)'),
    ],
    ['binders exchanged', row('sum(t, _w, sum(v, V, _a))', 'sum(v, V, sum(t, _w, _a))', [freeOf('_w', 'v')])],
    ['data without arguments', row('log(_a * Z())', 'log(_a) + log(Z())')],
  ])('%s', (_, one) => {
    expect(read(one).where).toEqual(one.where);
  });
});

test.each([
  ['_a', true],
  ['_', true],
  ['a', false],
  ['a_', false],
])('%s: a metavariable? %s', (name, is) => {
  expect(isMetavariable(name)).toBe(is);
});
