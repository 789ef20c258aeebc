/** The text as names, numbers and marks, each with its place; characters outside the language are refused here. */

import type { Rational } from '../expr/rational.ts';
import { readDecimal } from '../expr/rational.ts';
import type { Construct, Span } from './fault.ts';
import { refuse } from './fault.ts';
import { meantBy } from './lookalike.ts';

/** `end` is the offset after the last character. */
export interface Token extends Span {
  readonly kind: 'name' | 'number' | 'mark';
  readonly text: string;
}

/** The longest text read, in UTF-16 units. */
export const LONGEST_TEXT = 200_000;
/** The most digits of a literal, and the largest power of ten in it: what `readDecimal` accepts. */
export const MOST_DIGITS = 400;

const SPACE = /\s+/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const MARK = /<=|>=|==|!=|[-+*/^(),<>=]/y;

const CONSTRUCTS: ReadonlyMap<string, Construct> = new Map([
  ['"', 'string'],
  ["'", 'transpose'],
  ['`', 'string'],
  ['[', 'matrix'],
  [']', 'matrix'],
  ['{', 'object'],
  ['}', 'object'],
  ['?', 'conditional'],
  [':', 'range'],
  ['.', 'accessor'],
  ['!', 'factorial'],
  ['%', 'percent'],
  [';', 'statement'],
  ['#', 'comment'],
  ['&', 'logic'],
  ['|', 'logic'],
  ['~', 'logic'],
]);

function match(pattern: RegExp, text: string, from: number): string | undefined {
  pattern.lastIndex = from;
  return pattern.exec(text)?.[0];
}

/** The tokens of `text`, in order. Throws FormulaError at the first character that begins none. */
export function tokenise(text: string): readonly Token[] {
  if (text.length > LONGEST_TEXT) {
    refuse({ start: LONGEST_TEXT, end: text.length }, { kind: 'too-long', limit: LONGEST_TEXT });
  }
  const tokens: Token[] = [];
  let here = 0;
  while (here < text.length) {
    const space = match(SPACE, text, here);
    if (space === undefined) {
      const token = read(text, here);
      tokens.push(token);
      here = token.end;
    } else {
      here += space.length;
    }
  }
  return tokens;
}

function read(text: string, start: number): Token {
  const token = (kind: Token['kind'], found: string): Token => ({
    kind,
    text: found,
    start,
    end: start + found.length,
  });
  const name = match(NAME, text, start);
  if (name !== undefined) return token('name', name);

  const number = match(NUMBER, text, start);
  if (number !== undefined) {
    const run = match(/[\d.]*/y, text, start + number.length) ?? '';
    const whole = token('number', number + run);
    if (run !== '') refuse(whole, { kind: 'malformed-number', text: whole.text });
    return whole;
  }

  const mark = match(MARK, text, start);
  if (mark === '*' && text[start + 1] === '*') {
    refuse(token('mark', '**'), { kind: 'stray-character', text: '**', suggestion: '^' });
  }
  if (mark !== undefined) return token('mark', mark);

  const character = String.fromCodePoint(text.codePointAt(start) ?? 0);
  const stray = token('mark', character);
  const construct = CONSTRUCTS.get(character);
  if (construct !== undefined) refuse(stray, { kind: 'not-in-language', construct, text: character });
  return refuse(stray, { kind: 'stray-character', text: character, suggestion: meantBy(character) });
}

/** The exact value of a number token. Throws FormulaError if it has too many digits. */
export function literal(token: Token): Rational {
  return readDecimal(token.text) ?? refuse(token, { kind: 'too-many-digits', limit: MOST_DIGITS });
}
