/** Filling lines: nothing is lost, nothing is wider than it must be, formulas break where they are shallow. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fill, fillFormula, tied } from '../../src/render/fill.ts';

describe('sentences', () => {
  const word = fc.stringMatching(/^[a-zβπ]{1,9}$/);
  test('keep their words, within the width', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), fc.integer({ min: 20, max: 60 }), (words, width) => {
        const lines = fill(words.join(' '), width, '  - ');
        expect(lines.every((line) => line.length <= width)).toBe(true);
        expect(
          lines
            .join(' ')
            .split(/\s+/)
            .filter((w) => w !== '' && w !== '-'),
        ).toEqual(words);
      }),
    );
  });

  test('tied blanks hold unless the line has no room for what they hold', () => {
    expect(fill(`where ${tied('β > 0')} holds`, 12)).toEqual(['where β > 0', 'holds']);
    expect(fill(`so that ${tied('β > 0')}`, 12)).toEqual(['so that', 'β > 0']);
    expect(fill(tied('a + b + c'), 5)).toEqual(['a + b', '+ c']);
  });
});

test.each<[text: string, width: number, lines: readonly string[]]>([
  ['a + b', 10, ['a + b']],
  ['(a - b)·c + d', 12, ['(a - b)·c', '  + d']],
  ['f(a + b + c)', 10, ['f(a + b', '  + c)']],
  ['π^(1 - 1/n)·exp(a - b)', 12, ['π^(1 - 1/n)·exp(a', '  - b)']],
  ['abcdefghijk', 5, ['abcdefghijk']],
])('%s in %i columns', (text, width, lines) => {
  expect(fillFormula(text, width)).toEqual(lines);
});
