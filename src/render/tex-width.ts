/** How wide a formula is in print: an estimate from its LaTeX, in halves of an em, for deciding where to break it. */

/** Widths in ems of Computer Modern at its natural size, spacing included; what is absent is a letter. */
const WIDTHS: ReadonlyMap<string, number> = new Map([
  ...['=', '<', '>', '\\le', '\\ge', '\\ne', '\\in', '\\succ', '\\propto', '\\sim'].map(
    (sign) => [sign, 1.34] as const,
  ),
  ...['+', '-'].map((sign) => [sign, 1.22] as const),
  ...['(', ')', '[', ']'].map((bracket) => [bracket, 0.39] as const),
  ...['\\lvert', '\\rvert'].map((bar) => [bar, 0.28] as const),
  ['\\mid', 0.84],
  ['\\cdot', 0.72],
  ['/', 0.5],
  [',', 0.45],
  ['.', 0.28],
  [';', 0.45],
  ['\\,', 0.17],
  ['\\quad', 1],
  ['\\sum', 1.62],
  ['\\log', 1.45],
  ['\\exp', 1.6],
  ['\\max', 1.85],
  ['\\min', 1.65],
  ['\\tanh', 2],
  ['\\nabla', 0.83],
  ['m', 0.88],
  ['w', 0.72],
  ['l', 0.3],
  ['t', 0.36],
]);
const LETTER = 0.55;
/** Sub- and superscripts against the line. */
const SMALL = 0.7;
/** Half of an em is about the width of a digit. */
const UNIT = 0.5;

/** Brackets of a given size: the factor by which they grow. */
const SIZES: ReadonlyMap<string, number> = new Map([
  ['\\left', 1.6],
  ['\\right', 1.6],
  ['\\bigl', 1.2],
  ['\\bigr', 1.2],
  ['\\Big', 1.3],
  ['\\biggl', 1.9],
  ['\\biggr', 1.9],
]);
/** Commands that set their group in another face: words stand closer than letters of a formula do. */
const WORDS = new Set([
  '\\mathrm',
  '\\text',
  '\\operatorname',
  '\\mathsf',
  '\\mathtt',
  '\\mathit',
  '\\textsf',
]);

const TOKEN = /\\[A-Za-z]+|\\.|[{}^_]|[^\s]/g;

/** The estimated width of `latex`, which is one line of a formula in display style. */
export function texWidth(latex: string): number {
  const tokens = latex.match(TOKEN) ?? [];
  let here = 0;

  /** One atom: a token, a group, or a command with its groups. */
  const atom = (): number => {
    const token = tokens[here++] ?? '';
    if (token === '{') return untilClosed();
    if (token === '\\frac') return Math.max(atom(), atom()) + 0.24;
    if (token === '\\sqrt') return atom() + 0.83;
    if (WORDS.has(token)) return 0.88 * atom();
    const size = SIZES.get(token);
    if (size !== undefined) return size * (WIDTHS.get(tokens[here++] ?? '') ?? 0.39);
    return WIDTHS.get(token) ?? LETTER;
  };
  /** Atoms with their scripts, up to the end of the group. */
  const untilClosed = (): number => {
    let width = 0;
    while (here < tokens.length && tokens[here] !== '}') {
      const isSum = tokens[here] === '\\sum';
      const base = atom();
      let script = 0;
      while (tokens[here] === '_' || tokens[here] === '^') {
        here++;
        script = Math.max(script, SMALL * atom());
      }
      // The limits of a sum stand above and below its sign.
      width += isSum ? Math.max(base, script + 0.17) : base + script;
    }
    here++;
    return width;
  };
  return untilClosed() / UNIT;
}
