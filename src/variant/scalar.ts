/** Offsets within the value of a YAML scalar, as offsets in the file: plain, quoted and block scalars. */

import type { Scalar } from 'yaml';
import type { Span } from './place.ts';

/** A character of the value as the file writes it. */
interface Written extends Span {
  readonly char: string;
}

/** What an escape in double quotes stands for; those that stand for blanks or breaks are not needed. */
const ESCAPE = /\\(?:x([\dA-Fa-f]{2})|u([\dA-Fa-f]{4})|U([\dA-Fa-f]{8})|\r\n|[\s\S])/y;
const ITSELF = new Set(['"', '\\', '/']);

/**
 * The stretch of `text` that writes the characters from `start` to `end` of `value`, the value of `node`. YAML folds and
 * strips blanks only, so the n-th character that is not blank is the n-th in the file. Where that fails (an
 * exotic escape), the beginning of the scalar.
 */
export function spanWithin(text: string, node: Scalar, value: string, { start, end }: Span): Span {
  const [from, to] = node.range ?? [0, 0];
  const beginning = { start: from, end: from };
  const written = inked(text, node, value, from, to);
  if (written === undefined) return beginning;
  const before = countInk(value.slice(0, start));
  const within = countInk(value.slice(start, end));
  const first = written[before];
  const previous = written[before - 1];
  // Past the last character, or at a blank: right behind what stands before.
  if (within === 0 || first === undefined) {
    const at = previous?.end ?? first?.start ?? from;
    return { start: at, end: at };
  }
  return { start: first.start, end: written[before + within - 1]?.end ?? first.end };
}

const countInk = (value: string): number => value.replace(/\s/g, '').length;

/** The characters of the scalar that are not blank, with their places; undefined if they are not those of its value. */
function inked(
  text: string,
  node: Scalar,
  value: string,
  from: number,
  to: number,
): readonly Written[] | undefined {
  const all = units(text, node, from, to).filter(({ char }) => char.trim() !== '');
  const isOneEach = all.every(({ char }) => char.length === 1);
  const agrees = all.map(({ char }) => char).join('') === value.replace(/\s/g, '');
  return isOneEach && agrees ? all : undefined;
}

function units(text: string, node: Scalar, from: number, to: number): readonly Written[] {
  const quote = node.type === 'QUOTE_DOUBLE' ? '"' : node.type === 'QUOTE_SINGLE' ? "'" : '';
  const isBlock = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED';
  // A block scalar begins with a header line: `|`, `>-`, perhaps a comment.
  const lineEnd = isBlock ? text.indexOf('\n', from) : -1;
  const found: Written[] = [];
  let here = isBlock ? (lineEnd < 0 ? to : lineEnd + 1) : from + quote.length;
  const until = to - quote.length;
  while (here < until) {
    const unit = unitAt(text, here, quote);
    found.push(unit);
    here = unit.end;
  }
  return found;
}

function unitAt(text: string, start: number, quote: string): Written {
  const char = text.charAt(start);
  if (quote === "'" && char === "'") return { char, start, end: start + 2 };
  if (quote !== '"' || char !== '\\') return { char, start, end: start + 1 };
  ESCAPE.lastIndex = start;
  const [all = '\\', two, four, eight] = ESCAPE.exec(text) ?? [];
  const code = two ?? four ?? eight;
  const decoded = code === undefined ? all.slice(1) : String.fromCodePoint(Number.parseInt(code, 16));
  return { char: code !== undefined || ITSELF.has(decoded) ? decoded : ' ', start, end: start + all.length };
}
