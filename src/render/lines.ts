/** Breaks a long formula into lines as an author would: before a plus or minus, inside the outermost brackets first. */

import type { Expr } from '../expr/expr.ts';
import { arrange } from './arrange.ts';
import type { Display, Term } from './display.ts';
import { isTall, width } from './display.ts';
import { between, functionName, isNamed, latexOf, sumSign } from './latex.ts';
import type { Notation } from './notation.ts';

interface Line {
  readonly text: string;
  /** How many brackets are open where the line begins. */
  readonly indent: number;
  readonly width: number;
}

/**
 * `e` as lines of LaTeX for an `aligned` environment, each about `limit` characters wide in print where the
 * formula allows. Every line is valid on its own: brackets that span lines have fixed sizes.
 */
export const latexLines = (e: Expr, notation: Notation, limit: number): readonly string[] =>
  breakUp(arrange(e), notation, limit).map(({ text, indent }) => '\\quad '.repeat(indent) + text);

function breakUp(d: Display, n: Notation, limit: number): readonly Line[] {
  const whole: Line = { text: latexOf(d, n), indent: 0, width: width(d) };
  if (whole.width <= limit) return [whole];
  const [left, right] = isTall(d) ? ['\\biggl', '\\biggr'] : ['\\bigl', '\\bigr'];
  /** The lines of the one part that is worth breaking, between what stands around it. */
  const around = (part: Display, open: string, close: string): readonly Line[] => {
    const lines = breakUp(part, n, limit - 3);
    return lines.length === 1 ? [whole] : enclose(lines, open, close);
  };
  switch (d.kind) {
    case 'terms':
      return breakTerms(d.terms, n, limit);
    case 'product': {
      const [last, rest] = [d.factors.at(-1), d.factors.slice(0, -1)];
      if (last === undefined) return [whole];
      const front = latexOf({ kind: 'product', factors: rest }, n);
      return around(last, front + between(front, latexOf(last, n)), '');
    }
    case 'group':
      return around(d.of, `${left}( `, ` ${right})`);
    case 'freeze':
      return around(d.of, `\\operatorname{sg}${left}[ `, ` ${right}]`);
    case 'sum':
      return around(d.body, `${sumSign(d.index, d.range, n)} `, '');
    case 'call': {
      const [of] = d.args;
      if (of === undefined || d.args.length > 1 || !isNamed(d.fn)) return [whole];
      const head = functionName(d.fn, n);
      return d.bare ? around(of, `${head} `, '') : around(of, `${head}${left}( `, ` ${right})`);
    }
    default:
      return [whole];
  }
}

/** Fills lines with terms; a term that is too wide itself is broken up and stands on lines of its own. */
function breakTerms(terms: readonly Term[], n: Notation, limit: number): readonly Line[] {
  const done: Line[] = [];
  for (const [i, { negative, of }] of terms.entries()) {
    const sign = negative ? '- ' : '+ ';
    const pieces = breakUp(of, n, limit - 3);
    const [only] = pieces;
    const before = done.at(-1);
    if (pieces.length === 1 && only !== undefined && before !== undefined && i > 0) {
      const joined = {
        ...before,
        text: `${before.text} ${sign}${only.text}`,
        width: before.width + 3 + only.width,
      };
      if (joined.width <= limit) {
        done.splice(-1, 1, joined);
        continue;
      }
    }
    // The empty group makes the sign a binary one, spaced as such.
    done.push(...enclose(pieces, i > 0 ? `{} ${sign}` : negative ? '-' : '', ''));
  }
  return done;
}

/** Puts `open` before the first line and `close` after the last; lines after an opened bracket are indented. */
function enclose(lines: readonly Line[], open: string, close: string): readonly Line[] {
  const last = lines.length - 1;
  return lines.map((line, i) => ({
    text: (i === 0 ? open : '') + line.text + (i === last ? close : ''),
    indent: line.indent + (i > 0 && close !== '' ? 1 : 0),
    width: line.width + (i === 0 || i === last ? 3 : 0),
  }));
}
