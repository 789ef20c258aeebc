/** Text filled into lines of a terminal: sentences at blanks, formulas before a plus or minus. */

import { columns } from './excerpt.ts';

const spaces = (n: number): string => ' '.repeat(n);

/** Blanks within a formula in a sentence: lines are not broken there unless nothing else will do. */
const TIED = '\u00a0';
export const tied = (text: string): string => text.replaceAll(' ', TIED);

/** Words into lines of `width` columns: the first after `first`, the others after as many blanks as `hang`. */
export function fill(text: string, width: number, first = '', hang = columns(first)): readonly string[] {
  const words = text
    .split(' ')
    .filter((word) => word !== '')
    .flatMap((word) => (columns(word) > width - hang ? word.split(TIED) : [word]));
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of words) {
    if (!empty && columns(line) + 1 + columns(word) > width) {
      lines.push(line);
      line = spaces(hang);
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line].map((filled) => filled.replaceAll(TIED, ' ').trimEnd());
}

/** A formula after `first`, broken where brackets are least deep, the rest `hang` columns in. */
export function fillFormula(
  text: string,
  width: number,
  first = '',
  hang = columns(first) + 2,
): readonly string[] {
  if (columns(first) + columns(text) <= width) return [first + text];
  const cut = bestBreak(text, width - columns(first));
  if (cut === undefined) return [first + text];
  return [first + text.slice(0, cut), ...fillFormula(text.slice(cut + 1), width, spaces(hang), hang)];
}

/** An exponent is broken last of all. */
const EXPONENT = 100;

/** The blank to break at: before a sign, the least deep within `room`, of these the last. */
function bestBreak(text: string, room: number): number | undefined {
  const open: number[] = [];
  let depth = 0;
  let best: { readonly at: number; readonly depth: number } | undefined;
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === '(' || char === '[') {
      open.push(text.charAt(i - 1) === '^' ? EXPONENT : 1);
      depth += open.at(-1) ?? 0;
    } else if (char === ')' || char === ']') depth -= open.pop() ?? 0;
    else if (i > 0 && / [-+=<>∝≻] /.test(text.slice(i, i + 3))) {
      if (columns(text.slice(0, i)) > room && best !== undefined && best.depth < EXPONENT) break;
      if (best === undefined || depth <= best.depth) best = { at: i, depth };
    }
  }
  return best?.at;
}
