/** Text and numbers as Python source: text that can only be text, numbers that read back as the same doubles. */

import { plainText } from '../escape.ts';

/** The widest line of code, as the formatter has it. */
export const WIDTH = 88;
/** The widest line of prose. */
const PROSE = 79;

/** One line of a docstring or of a quoted string: no escape, quote or line of it can end the string. */
export const quotable = (text: string): string =>
  plainText(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"');

/** Words filled into lines, each after `indent`; the first one after `first`. */
export function paragraph(text: string, indent: string, first = indent): readonly string[] {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text.split(' ').filter((part) => part !== '')) {
    if (!empty && line.length + 1 + word.length > PROSE) {
      lines.push(line);
      line = indent;
      empty = true;
    }
    for (const piece of pieces(word, PROSE - indent.length)) {
      if (!empty && line.length + 1 + piece.length > PROSE) {
        lines.push(line);
        line = indent;
        empty = true;
      }
      line += empty ? piece : ` ${piece}`;
      empty = false;
    }
  }
  return empty ? lines : [...lines, line];
}

/** A word wider than a line in pieces; an escape is never cut. */
function pieces(word: string, width: number): readonly string[] {
  if (word.length <= width) return [word];
  const found: string[] = [];
  let piece = '';
  for (const mark of word.match(/\\.|[^\\]/gsu) ?? []) {
    if (piece.length + mark.length > width) {
      found.push(piece);
      piece = '';
    }
    piece += mark;
  }
  return [...found, piece];
}

/** A double as Python reads it back, bit for bit. */
export function float(x: number): string {
  if (Number.isNaN(x)) return 'math.nan';
  if (!Number.isFinite(x)) return x > 0 ? 'math.inf' : '-math.inf';
  const text = Object.is(x, -0) ? '-0' : String(x).replace('e+', 'e');
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** Items of a list, one to a line with a comma after each, so that no formatter joins them. */
export const listed = (items: readonly string[], indent: string): readonly string[] =>
  items.map((item) => `${indent}${item},`);
