import { expect, test } from 'vitest';
import { nearest } from '../../src/syntax/nearest.ts';

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
