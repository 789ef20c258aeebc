import { expect, test } from 'vitest';
import { BUILT_IN } from '../../src/expr/declare.ts';
import { ALIASES } from '../../src/syntax/alias.ts';
import { nearest } from '../../src/syntax/nearest.ts';
import { FUNCTION_WORDS } from '../../src/syntax/word.ts';

const WORDS = ['sigmoid', 'logsigmoid', 'softplus', 'log', 'exp', 'abs', 'r', 'beta', 'r-dpo'];

test.each<[name: string, found: string | undefined]>([
  ['sigmoid', 'sigmoid'],
  ['sigmiod', 'sigmoid'],
  ['Sigmoid', 'sigmoid'],
  ['logsigmod', 'logsigmoid'],
  ['lgo', 'log'],
  ['bet', 'beta'],
  ['rdpo', 'r-dpo'],
  ['q', undefined],
  ['gamma', undefined],
  ['', undefined],
  ['constructor', undefined],
  [`sigmoid${'d'.repeat(100)}`, undefined],
])('%s', (name, found) => {
  expect(nearest(name, WORDS)).toBe(found);
});

test('the nearest wins, and the first of equals', () => {
  expect(nearest('abcdef', ['abcdxy', 'abcdxf', 'abcyef'])).toBe('abcdxf');
});

test('words of other languages are no words here, and stand for words that are', () => {
  const words = [...FUNCTION_WORDS, ...Object.keys(BUILT_IN)];
  const others = Object.values(ALIASES).flat();
  expect(Object.keys(ALIASES).filter((word) => !words.includes(word))).toEqual([]);
  expect(others.filter((other, i) => words.includes(other) || others.indexOf(other) !== i)).toEqual([]);
  expect(others.filter((other) => other !== other.toLowerCase())).toEqual([]);
});
