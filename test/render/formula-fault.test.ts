import { describe, expect, test } from 'vitest';
import { formulaFault } from '../../src/render/formula-fault.ts';
import { FormulaError } from '../../src/syntax/fault.ts';
import { parse } from '../../src/syntax/parse.ts';

function messageFor(text: string): string {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof FormulaError) return formulaFault(error.fault, text);
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('the message', () => {
  test.each<[text: string, message: readonly string[]]>([
    [
      '-log(sigmiod(beta * 2))',
      [
        'unknown function `sigmiod` at line 1, column 6',
        '  -log(sigmiod(beta * 2))',
        '       ^^^^^^^',
        'did you mean `sigmoid`?',
      ],
    ],
    [
      'a\n  + 2 beta',
      [
        'no operator between two values at line 2, column 5',
        '    + 2 beta',
        '      ^^^^^^',
        'write `2 * beta`',
      ],
    ],
    ['\ta +', ['the formula ends where a value should follow at line 1, column 5', '   a +', '      ^']],
    [
      '',
      [
        'nothing to read at line 1, column 1',
        '  ',
        '  ^',
        'write a formula, such as `-log(sigmoid(beta * u))`',
      ],
    ],
    ['a + 語', ['stray character `語` at line 1, column 5', '  a + 語', '      ^^']],
    ['a\r\n+ é', ['stray character `é` at line 2, column 3', '  + é', '    ^']],
    [
      'exp(a,\n b)',
      ['`exp` does not take 2 arguments at line 1, column 1', '  exp(a,', '  ^^^^^^', 'write `exp(a)`'],
    ],
  ])('%j', (text, message) => {
    expect(messageFor(text).split('\n')).toEqual(message);
  });

  test('without the source it is one line', () => {
    const fault = { kind: 'undeclared', name: 'alhpa', suggestion: 'alpha', start: 0, end: 5 } as const;
    expect(formulaFault(fault)).toBe('undeclared hyper-parameter `alhpa`; did you mean `alpha`?');
  });

  test.each<[what: string, text: string, marked: string]>([
    ['in the middle', `${'aa + '.repeat(500)}? ${'+ bb'.repeat(500)}`, '?'],
    ['at the end', `${'aa + '.repeat(500)}?`, '?'],
    ['at the start', `? ${'+ bb'.repeat(500)}`, '?'],
    ['among wide characters', `${'aa + '.repeat(50)}語 ${'語'.repeat(500)}`, '語'],
  ])('a long line is shown around the fault %s', (_, text, marked) => {
    const [, line = '', carets = ''] = messageFor(text).split('\n');
    expect(line.length).toBeLessThan(90);
    const at = carets.indexOf('^');
    expect(line.slice(at, at + 1)).toBe(marked);
    expect(line).toContain('...');
  });

  test('a fault as long as the text is cut too', () => {
    const [, line = '', carets = ''] = messageFor('9'.repeat(5000)).split('\n');
    expect(line).toMatch(/^ {2}9+\.\.\.$/);
    expect(carets.trim().length).toBe(line.trim().length - '...'.length);
  });
});
