/** Makes untrusted text (titles, notes, names) harmless and literal in each kind of output. */

/** The Greek letters by name, as TeX spells them. Letters that TeX has no macro for are absent. */
export const GREEK: ReadonlyMap<string, string> = new Map([
  ['alpha', 'α'],
  ['beta', 'β'],
  ['gamma', 'γ'],
  ['delta', 'δ'],
  ['epsilon', 'ε'],
  ['zeta', 'ζ'],
  ['eta', 'η'],
  ['theta', 'θ'],
  ['iota', 'ι'],
  ['kappa', 'κ'],
  ['lambda', 'λ'],
  ['mu', 'μ'],
  ['nu', 'ν'],
  ['xi', 'ξ'],
  ['pi', 'π'],
  ['rho', 'ρ'],
  ['sigma', 'σ'],
  ['tau', 'τ'],
  ['upsilon', 'υ'],
  ['phi', 'φ'],
  ['chi', 'χ'],
  ['psi', 'ψ'],
  ['omega', 'ω'],
  ['Gamma', 'Γ'],
  ['Delta', 'Δ'],
  ['Theta', 'Θ'],
  ['Lambda', 'Λ'],
  ['Xi', 'Ξ'],
  ['Pi', 'Π'],
  ['Sigma', 'Σ'],
  ['Upsilon', 'Υ'],
  ['Phi', 'Φ'],
  ['Psi', 'Ψ'],
  ['Omega', 'Ω'],
]);

/** The name of each Greek letter. */
export const GREEK_NAME: ReadonlyMap<string, string> = new Map(
  [...GREEK].map(([name, letter]) => [letter, name]),
);

/** Terminal commands as wholes: CSI (colour, cursor), OSC and its kin (titles, links) up to their end, two-byte escapes. */
const TERMINAL_COMMAND = new RegExp(
  [
    String.raw`(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]`,
    String.raw`(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c\n]*(?:\u0007|\u001b\\|\u009c)?`,
    String.raw`\u001b[ -/]*[0-~]?`,
  ].join('|'),
  'g',
);

/**
 * One line of plain text: terminal commands, control characters, unpaired surrogates and the invisible
 * characters that reorder text are dropped, white space runs together. Safe to print to a terminal.
 */
export function plainText(text: string): string {
  return text
    .replace(TERMINAL_COMMAND, '')
    .replace(/[\s\u2028\u2029]+/gu, ' ')
    .replace(/[\p{Cc}\p{Cs}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu, '')
    .trim();
}

const replaceEach = (text: string, by: ReadonlyMap<string, string>): string => {
  let out = '';
  for (const char of plainText(text)) out += by.get(char) ?? char;
  return out;
};

const LATEX = new Map([
  ['\\', String.raw`\textbackslash{}`],
  ['^', String.raw`\textasciicircum{}`],
  ['~', String.raw`\textasciitilde{}`],
  ['<', String.raw`\textless{}`],
  ['>', String.raw`\textgreater{}`],
  ['|', String.raw`\textbar{}`],
  ['`', String.raw`\textasciigrave{}`],
  // A shorthand character under several languages of babel.
  ['"', "''"],
  ...['{', '}', '$', '&', '#', '%', '_'].map((char) => [char, `\\${char}`] as const),
  // Text fonts of plain LaTeX have no Greek letters.
  ...[...GREEK].map(([name, letter]) => [letter, `\\ensuremath{\\${name}}`] as const),
]);

/** What the usual text fonts of every TeX engine have: Latin letters, and the punctuation of prose. */
const PRINTABLE =
  /[\u0020-\u007e\u00a1-\u0125\u0128-\u0137\u0139-\u013e\u0141-\u0148\u014a-\u0165\u0168-\u017e–—‘’“”…•€]/u;

/**
 * `text` for LaTeX's text mode (not for formulas): prints literally, starts no command, comment, formula or
 * ligature. Letters that text fonts lack, which would stop TeX, are printed by their code: U+4E2D.
 */
export function escapeLatex(text: string): string {
  let out = '';
  for (const char of plainText(text)) {
    const code = (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    out += LATEX.get(char) ?? (PRINTABLE.test(char) ? char : `U+${code} `);
  }
  return out
    .trimEnd()
    .replace(/-(?=-)/g, '-{}')
    .replace(/,(?=,)/g, ',{}');
}

const HTML = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

/** `text` for an HTML element's content or a quoted attribute. */
export const escapeHtml = (text: string): string => replaceEach(text, HTML);

const MARKDOWN = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  // Braces as entities: a backslash means nothing to the template languages that pages pass through.
  ['{', '&#123;'],
  ['}', '&#125;'],
  ...['\\', '`', '*', '_', '[', ']', '#', '|', '~', '$'].map((char) => [char, `\\${char}`] as const),
]);

/**
 * `text` for Markdown, in a paragraph, heading, list item or table cell: no markup, HTML, formula, template or
 * link comes of it, at the start of a line either.
 */
export function escapeMarkdown(text: string): string {
  return replaceEach(text, MARKDOWN)
    .replace(/^(\d*)([-+=.)])/, '$1\\$2')
    .replace(/:(?=\/\/)/g, '&#58;')
    .replace(/\b(www)\./gi, '$1&#46;');
}
