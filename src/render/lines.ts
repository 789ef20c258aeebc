/** Breaks a long formula into lines as an author would: before a plus or minus, inside the outermost brackets first. */

import type { Expr } from '../expr/expr.ts';
import { arrange } from './arrange.ts';
import type { Display } from './display.ts';
import { core, isTall } from './display.ts';
import { between, changed, functionName, isNamed, latexOf, nabla, sumSign } from './latex.ts';
import type { Notation } from './notation.ts';
import { texWidth } from './tex-width.ts';

interface Line {
  readonly text: string;
  /** How many brackets are open where the line begins. */
  readonly indent: number;
}

/** Where a part stands: the width of a line, and what stands before the part on its first one. */
interface Room {
  readonly n: Notation;
  readonly limit: number;
  readonly lead: number;
}

/** The width of an indent, in the unit of `texWidth`. */
const INDENT = 2;
/** Room kept for the brackets that close after a part. */
const CLOSE = 2;

/**
 * `e` as lines of LaTeX for an `aligned` environment, each at most `limit` wide in print (in halves of an em) where
 * the formula allows. Every line is valid on its own: brackets that span lines have fixed sizes.
 */
export const latexLines = (e: Expr, notation: Notation, limit: number): readonly string[] =>
  breakUp(arrange(e), { n: notation, limit, lead: 0 }).map(
    ({ text, indent }) => '\\quad '.repeat(indent) + text,
  );

function breakUp(d: Display, room: Room): readonly Line[] {
  const text = latexOf(d, room.n);
  const whole: readonly Line[] = [{ text, indent: 0 }];
  return room.lead + texWidth(text) <= room.limit ? whole : (broken(d, room) ?? whole);
}

/** The lines of what does not fit; undefined where there is no place to break. */
function broken(d: Display, room: Room): readonly Line[] | undefined {
  const { n } = room;
  const [left, right] = isTall(d) ? ['\\biggl', '\\biggr'] : ['\\bigl', '\\bigr'];
  switch (d.kind) {
    case 'terms':
      return breakSeries(
        d.terms.map(({ negative, of }, i) => ({
          of,
          sign: i > 0 ? (negative ? '- ' : '+ ') : negative ? '-' : '',
        })),
        room,
      );
    case 'product':
      return breakProduct(d.factors, room);
    case 'group':
      return around(d.of, `${left}( `, ` ${right})`, room);
    case 'freeze':
      return around(d.of, `\\operatorname{sg}${left}[ `, ` ${right}]`, room);
    case 'gradient':
      return d.bare
        ? around(d.of, `${nabla(n)} `, '', room)
        : around(d.of, `${nabla(n)} ${left}[ `, ` ${right}]`, room);
    case 'sum':
      return around(d.body, `${sumSign(d.index, d.range, n)} `, '', room);
    case 'marked':
      return breakUp(d.of, room).map((line) => ({ ...line, text: changed(line.text) }));
    case 'power':
      return around(d.base, '', `^{${latexOf(d.exponent, n)}}`, room);
    case 'fraction':
      return d.inline || texWidth(latexOf(d, n)) <= room.limit
        ? undefined
        : breakFraction(d.over, d.under, room);
    case 'call': {
      if (!isNamed(d.fn)) return undefined;
      const [of, ...others] = d.args;
      const head = functionName(d.fn, n);
      if (of === undefined) return undefined;
      // A broken fraction is (a) / (b): after a bare log that would read as (log a)/b.
      const closes = !d.bare || core(of).kind === 'fraction';
      if (!closes) return around(of, `${head} `, '', room);
      if (others.length === 0) return around(of, `${head}${left}( `, ` ${right})`, room);
      const parts = d.args.map((arg, i) => ({ of: arg, sign: i > 0 ? ', ' : '' }));
      const inner = within(room, texWidth(`${head}${left}(`));
      return enclose(breakSeries(parts, inner), `${head}${left}( `, ` ${right})`);
    }
    default:
      return undefined;
  }
}

/** The room inside a bracket that opens after `open` on the first line: later lines are indented. */
const within = ({ n, limit, lead }: Room, open: number): Room => ({
  n,
  limit: limit - INDENT - CLOSE,
  lead: lead + open - INDENT,
});

/** The lines of the one part that is worth breaking, between what stands around it. */
function around(part: Display, open: string, close: string, room: Room): readonly Line[] | undefined {
  const width = texWidth(open);
  if (close !== '' && room.lead + width > CROWDED * room.limit) {
    // Little is left of the first line: the part begins on the next one.
    const lines = breakUp(part, { ...within(room, 0), lead: 0 });
    return [{ text: open, indent: 0 }, ...enclose(lines, '', close).map(indented)];
  }
  const inner = close === '' ? { ...room, lead: room.lead + width } : within(room, width);
  const lines = breakUp(part, inner);
  return lines.length === 1 ? undefined : enclose(lines, open, close);
}
/** From this share of a line on, nothing is begun in it. */
const CROWDED = 0.6;

/** A first line keeps its place in `enclose`, which indents the others. */
const indented = (line: Line, i: number): Line => (i === 0 ? { ...line, indent: line.indent + 1 } : line);

/** Behind a short front the last factor is broken up; otherwise it goes to a line of its own. */
function breakProduct(factors: readonly Display[], room: Room): readonly Line[] | undefined {
  const [last, rest] = [factors.at(-1), factors.slice(0, -1)];
  if (last === undefined || rest.length === 0) return undefined;
  const product: Display = { kind: 'product', factors: rest };
  const front = latexOf(product, room.n);
  const inside = around(last, front + between(front, latexOf(last, room.n)), '', room);
  if (texWidth(front) < DANGLING || (inside !== undefined && texWidth(front) < room.limit / 3)) return inside;
  const sign = '{} \\times ';
  const below = breakUp(last, { ...room, lead: texWidth(sign) });
  return [...breakUp(rest.length === 1 ? (rest[0] ?? product) : product, room), ...enclose(below, sign, '')];
}
/** What is narrower does not stand on a line of its own. */
const DANGLING = 12;

/** A fraction too wide for any line, as (over) / (under), where the two can be broken. */
function breakFraction(over: Display, under: Display, room: Room): readonly Line[] | undefined {
  const [left, right] = [over, under].some(isTall) ? ['\\biggl', '\\biggr'] : ['\\bigl', '\\bigr'];
  const enclosed = (part: Display, open: string, lead: number): readonly Line[] =>
    enclose(breakUp(part, within({ ...room, lead }, texWidth(open))), open, ` ${right})`);
  const above = enclosed(over, `${left}( `, room.lead);
  const below = enclosed(under, `\\Big/ ${left}( `, 0);
  return above.length + below.length === 2 ? undefined : [...above, ...below];
}

/** A part and what stands before it. */
interface Piece {
  readonly of: Display;
  readonly sign: string;
}

/** Fills lines with terms or arguments; one that is too wide itself is broken up and stands on lines of its own. */
function breakSeries(parts: readonly Piece[], room: Room): readonly Line[] {
  const done: Line[] = [];
  for (const [i, { of, sign }] of parts.entries()) {
    const before = done.at(-1);
    const whole = latexOf(of, room.n);
    const lead = done.length > 1 ? 0 : room.lead;
    const joined = before && `${before.text} ${sign}${whole}`.replace(' , ', ', ');
    if (before !== undefined && joined !== undefined && i > 0) {
      if (before.indent === 0 && lead + texWidth(joined) <= room.limit) {
        done.splice(-1, 1, { ...before, text: joined });
        continue;
      }
    }
    // The empty group makes the sign a binary one, spaced as such.
    const open = i === 0 ? sign : sign === ', ' ? '' : `{} ${sign}`;
    const inner = { ...room, lead: (i === 0 ? room.lead : 0) + texWidth(open) };
    if (sign === ', ' && before !== undefined) done.splice(-1, 1, { ...before, text: `${before.text},` });
    done.push(...enclose(breakUp(of, inner), open, ''));
  }
  return done;
}

/** Puts `open` before the first line and `close` after the last; lines after an opened bracket are indented. */
function enclose(lines: readonly Line[], open: string, close: string): readonly Line[] {
  const last = lines.length - 1;
  return lines.map((line, i) => ({
    text: (i === 0 ? open : '') + line.text + (i === last ? close : ''),
    indent: line.indent + (i > 0 && close !== '' ? 1 : 0),
  }));
}
