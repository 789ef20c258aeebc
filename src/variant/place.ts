/** Offsets in a text as people count: line, column, and the line around them. */

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A stretch of a text; lines and columns count from 1, columns in characters. */
export interface Place extends Span {
  readonly line: number;
  readonly column: number;
  /** The line before the stretch, the stretch as far as the line goes, and the rest: each cut to 200. */
  readonly lead: string;
  readonly marked: string;
  readonly tail: string;
}

/** More of a line than any terminal shows: a fault must not carry a file of one line around. */
const SHOWN = 200;
const BREAK = /\r\n|\n|\r/g;

/** Where `span` is in `text`; offsets beyond the text are moved to its end. */
export function placeIn(text: string, span: Span): Place {
  const start = Math.min(Math.max(0, span.start), text.length);
  const end = Math.min(Math.max(start, span.end), text.length);
  let line = 1;
  let from = 0;
  let until = text.length;
  for (const found of text.matchAll(BREAK)) {
    if (found.index >= start) {
      until = found.index;
      break;
    }
    line++;
    from = found.index + found[0].length;
  }
  const cut = Math.min(end, until);
  return {
    start,
    end,
    line,
    column: characters(text, from, start) + 1,
    lead: text.slice(Math.max(from, start - SHOWN), start),
    marked: text.slice(start, Math.min(cut, start + SHOWN)),
    tail: text.slice(cut, Math.min(until, cut + SHOWN)),
  };
}

function characters(text: string, from: number, to: number): number {
  let count = 0;
  for (let i = from; i < to; i++) {
    const unit = text.charCodeAt(i);
    // The second half of a pair belongs to the character before it.
    if (unit < 0xdc00 || unit > 0xdfff) count++;
  }
  return count;
}
