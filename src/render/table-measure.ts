/** How wide a line of LaTeX comes out in print, roughly: for deciding how a table fits its page. */

/** Widths in halves of an em, which is about a letter. */
const OPERATOR = 2.4;
const SCRIPT = 0.72;
const NARROW: ReadonlyMap<string, number> = new Map([
  [' ', 0],
  ['(', 0.8],
  [')', 0.8],
  ['[', 0.6],
  [']', 0.6],
  [',', 0.9],
  ['.', 0.6],
  ['+', OPERATOR],
  ['-', OPERATOR],
  ['=', OPERATOR],
  ['<', OPERATOR],
  ['>', OPERATOR],
  ['$', 0],
]);
const COMMANDS: ReadonlyMap<string, number> = new Map([
  ['quad', 2],
  ['sum', 2.2],
  ['mid', 1.7],
  ['cdot', 1.6],
  ['lvert', 0.6],
  ['rvert', 0.6],
  ['propto', OPERATOR],
  ['in', OPERATOR],
  ['le', OPERATOR],
  ['lt', OPERATOR],
  ...['log', 'exp', 'max', 'min', 'tanh'].map((name) => [name, name.length + 0.4] as const),
  ...['left', 'right', 'mathrm', 'mathcal', 'text', 'operatorname', 'textsf', 'mathbf'].map(
    (name) => [name, 0] as const,
  ),
  ...['bigl', 'bigr', 'biggl', 'biggr'].map((name) => [name, 0.4] as const),
]);
const LETTER = 1.15;
const CAPITAL = 1.5;

/** The width in halves of an em of text with formulas in it, as the table sets it. */
export function printWidth(latex: string): number {
  let at = 0;
  /** Up to the end, or to the brace that closes the group. */
  const group = (): number => {
    let total = 0;
    while (at < latex.length && latex[at] !== '}') total += item();
    at++;
    return total;
  };
  const argument = (): number => {
    while (latex[at] === ' ') at++;
    return item();
  };
  const item = (): number => {
    const char = latex[at++] ?? '';
    if (char === '{') return group();
    if (char === '_' || char === '^') return SCRIPT * argument();
    if (char !== '\\') return NARROW.get(char) ?? (/[A-Z]/.test(char) ? CAPITAL : LETTER);
    const name = /^(?:[A-Za-z]+|.)/s.exec(latex.slice(at))?.[0] ?? '';
    at += name.length;
    if (name === 'frac') return Math.max(argument(), argument()) * SCRIPT + 0.5;
    if (name === 'sqrt') return argument() + 1.6;
    return name === ',' ? 0.4 : (COMMANDS.get(name) ?? LETTER);
  };
  let total = 0;
  while (at < latex.length) total += group();
  return total;
}
