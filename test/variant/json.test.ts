/** Where a text stops being JSON, against the engine's own parser. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findJsonFault } from '../../src/variant/json.ts';

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};
const agrees = (text: string): void => {
  expect(findJsonFault(text) === undefined).toBe(isJson(text));
};

test.each<[text: string, at: number | undefined]>([
  ['null', undefined],
  [' {"a": [1e5, -0.5, "\\u00e9\u007f", {}], "b": []} ', undefined],
  ['', 0],
  ['[1,]', 3],
  ['{"a":1,}', 7],
  ['{a: 1}', 1],
  ['[01]', 2],
  ['"a\nb"', 2],
  ['"\\x"', 1],
  ['"open', 5],
  ['[', 1],
  ['[}', 1],
  ['tru', 0],
  ['1 2', 2],
])('%j', (text, at) => {
  expect(findJsonFault(text)).toBe(at);
  agrees(text);
});

test('long and deep texts are no trouble', () => {
  expect(findJsonFault(`"${'x'.repeat(5_000_000)}"`)).toBeUndefined();
  expect(findJsonFault('['.repeat(1_000_000))).toBe(1_000_000);
});

test('agrees with JSON.parse on what is JSON', () => {
  fc.assert(fc.property(fc.json(), agrees));
});

test('agrees with JSON.parse on what is nearly JSON', () => {
  const piece = fc.constantFrom(
    '[',
    ']',
    '{',
    '}',
    ':',
    ',',
    '"a"',
    '"',
    '\\',
    '1',
    '-',
    '.',
    'e',
    '0',
    'true',
    ' ',
    '\n',
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 8 }).map((parts) => parts.join('')),
      agrees,
    ),
    { numRuns: 5000 },
  );
});
