/** Comparisons outside formulas: `0 < p < 1` as the relations between its neighbouring sides. */

import type { Span } from './fault.ts';
import { refuse } from './fault.ts';
import type { Token } from './token.ts';
import { tokenise } from './token.ts';

/** One of the sides, in a text where everything else is blank, so that faults keep their places. */
export interface Side extends Span {
  readonly text: string;
}
/** What stands between two neighbouring sides, read from the left. */
export interface Relation {
  readonly left: Side;
  readonly mark: '<' | '<=' | '>' | '>=' | '!=';
  readonly right: Side;
}

const MARKS: ReadonlySet<string> = new Set(['<', '<=', '>', '>=', '!=']);
const isMark = (text: string): text is Relation['mark'] => MARKS.has(text);

/** The stretch of the text that is not blank at its ends. */
export function trimmed(text: string): Span {
  const start = text.length - text.trimStart().length;
  return { start, end: Math.max(start, text.trimEnd().length) };
}

/** `text` with all but this stretch blank. */
export const only = (text: string, { start, end }: Span): Side => ({
  text: ' '.repeat(start) + text.slice(start, end),
  start,
  end,
});

/**
 * The sides of a comparison and their relations; one side and no relations if nothing is compared.
 * Throws FormulaError if there are more than three sides, a chain turns round (`a < b > c`) or a side is empty.
 */
export function readRelations(text: string): {
  readonly sides: readonly Side[];
  readonly relations: readonly Relation[];
} {
  const marks: (Token & { readonly text: Relation['mark'] })[] = [];
  let depth = 0;
  for (const token of tokenise(text)) {
    if (token.text === '(') depth++;
    if (token.text === ')') depth--;
    const { text: mark } = token;
    if (depth === 0 && isMark(mark)) marks.push({ ...token, text: mark });
  }
  const directions = new Set(marks.map((mark) => mark.text[0]));
  if (directions.size > 1 || marks.length > (directions.has('!') ? 1 : 2)) {
    refuse(trimmed(text), { kind: 'not-an-assumption' });
  }
  const whole = trimmed(text);
  const starts = [whole.start, ...marks.map((mark) => mark.end)];
  const sides = starts.map((start, i): Side => only(text, { start, end: marks[i]?.start ?? whole.end }));
  for (const [i, side] of sides.entries()) {
    if (marks.length > 0 && side.text.trim() === '') {
      const at = marks[i] ?? { start: whole.end, end: whole.end };
      refuse(at, { kind: 'value-expected', found: marks[i]?.text });
    }
  }
  const relations = marks.flatMap(({ text: mark }, i): Relation[] => {
    const [left, right] = [sides[i], sides[i + 1]];
    return left === undefined || right === undefined ? [] : [{ left, mark, right }];
  });
  return { sides, relations };
}
