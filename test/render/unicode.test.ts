/** Formulas on one line: what they look like, and that they can be read in one way only. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sym } from '../../src/expr/expr.ts';
import { defaultNotation } from '../../src/render/notation.ts';
import { unicode } from '../../src/render/unicode.ts';
import { parse } from '../../src/syntax/parse.ts';
import { evaluate, expressions } from './arbitrary.ts';
import { FORMULAS } from './formulas.ts';

const N = defaultNotation();

test.each(Object.entries(FORMULAS))('%s', (_, { e, text }) => {
  expect(unicode(e, N)).toBe(text);
});

/** Where the bracket that opens at `start` closes. */
function closing(text: string, start: number): number {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    if ('(['.includes(text[i] ?? '')) depth++;
    if (')]'.includes(text[i] ?? '') && --depth === 0) return i;
  }
  throw new Error(`nothing closes ${text.slice(start)}`);
}

/** log x as log(x): a bare log takes the one name, number or call that follows. */
function closeLogs(text: string): string {
  const at = text.search(/\blog /);
  if (at < 0) return text;
  const start = at + 4;
  const name = /^[\p{L}\d_.|√]*/u.exec(text.slice(start))?.[0] ?? '';
  const after = start + name.length;
  const end = '(['.includes(text[after] ?? ' ') ? closing(text, after) + 1 : after;
  return closeLogs(`${text.slice(0, at)}log(${text.slice(start, end)})${text.slice(end)}`);
}

/** The indicator 1[a ≤ b] and sg[u] with the brackets of the formula language. */
function closeSquares(text: string): string {
  const found = /(?<![\p{L}\d_.])1\[|sg\[/u.exec(text);
  if (found === null) return text;
  const open = found.index + found[0].length - 1;
  const close = closing(text, open);
  const fn = found[0] === 'sg[' ? 'stopgrad' : 'indicator';
  const inside = text.slice(open + 1, close);
  return closeSquares(`${text.slice(0, found.index)}${fn}(${inside})${text.slice(close + 1)}`);
}

/** The formula that a reader of the line would type. */
const typed = (line: string): string =>
  closeSquares(closeLogs(line))
    .replaceAll('x,', '')
    .replaceAll('Z(x)', 'Z()')
    .replace(/\|y(?:_([wl]))?\|/g, (_, y: string | undefined) => `len(${y ?? 'y'})`)
    .replace(/\|([\p{L}\d_]+)\|/gu, 'abs($1)')
    .replace(/\(y_([wl])\)/g, '($1)')
    .replaceAll('π_ref', 'ref')
    .replaceAll('π', 'pi')
    .replaceAll('ζ', 'zeta')
    .replaceAll('σ', 'sigmoid')
    .replaceAll('√', 'sqrt')
    .replaceAll('β', 'beta')
    .replaceAll('γ', 'gamma')
    .replaceAll('·', '*')
    .replaceAll('≤', '<=')
    .replaceAll(' = ', ' == ');

test('a line can be typed back and means the same', () => {
  // The formula language has no data but the built-in ones, and no weight of the framework's.
  const foreign = /score|τ/;
  let read = 0;
  fc.assert(
    fc.property(expressions({ sums: false }), (e) => {
      const line = unicode(e, N);
      const value = evaluate(e);
      fc.pre(!foreign.test(line) && Number.isFinite(value) && Math.abs(value) < 1e6);
      read++;
      const back = evaluate(parse(typed(line)));
      expect(back, line).toSatisfy(
        (other: number) => Math.abs(other - value) <= 1e-6 * Math.max(1, Math.abs(value)),
      );
    }),
    { numRuns: 1500, maxSkipsPerRun: 100 },
  );
  expect(read).toBeGreaterThan(1000);
});

test.each<[formula: string, text: string]>([
  ['abs(beta) * log(pi(w))', '|β|·log π(y_w)'],
  ['abs(beta - gamma)', 'abs(β - γ)'],
  ['abs(y_0) + abs(b)', 'abs(y_0) + abs(b)'],
])('bars stand around a name that no response has: %s', (formula, text) => {
  expect(unicode(parse(formula), N)).toBe(text);
});

test('nothing that a terminal would obey is printed', () => {
  expect(unicode(sym('\u001b[31mred\u0007'), N)).toBe('red');
});
