/** How a name is written in formulas: Greek letters, subscripts, upright words; and which LaTeX may stand for it. */

import { GREEK, GREEK_NAME, plainText } from './escape.ts';

/** One name, as LaTeX (inside a formula) and as text. */
export interface Mark {
  readonly latex: string;
  readonly text: string;
}

/** `beta` is \beta, `beta_1` has a subscript, `lambda_sft` an upright one; other words stand upright as they are. */
export function markOf(name: string): Mark {
  const found = /^(\p{L}+)(?:_([A-Za-z0-9]+))?$/u.exec(name);
  const head = letterOf(found?.[1] ?? '');
  if (head === undefined) return uprightMark(name);
  const below = found?.[2];
  if (below === undefined) return head;
  const sub = /^(?:[0-9]+|[A-Za-z])$/.test(below) ? { latex: below, text: below } : letterOf(below);
  return {
    latex: `${head.latex}_{${sub?.latex ?? upright(below)}}`,
    text: `${head.text}_${sub?.text ?? below}`,
  };
}

/** A Latin letter, or a Greek one by letter or name. */
function letterOf(word: string): Mark | undefined {
  if (/^[A-Za-z]$/.test(word)) return { latex: word, text: word };
  const name = GREEK_NAME.get(word) ?? word;
  const letter = GREEK.get(name);
  return letter === undefined ? undefined : { latex: `\\${name}`, text: letter };
}

/** A name as a word, never as a letter that a formula may already use. */
export const uprightMark = (name: string): Mark => ({ latex: upright(name), text: plainText(name) });

const TEXT_COMMANDS = new Map([
  ['\\', 'textbackslash'],
  ['^', 'textasciicircum'],
  ['~', 'textasciitilde'],
  ['<', 'textless'],
  ['>', 'textgreater'],
  ['|', 'textbar'],
]);

/** Any text as an upright word inside a formula; other characters by their code, since fonts may lack them. */
export function upright(text: string): string {
  let out = '';
  for (const char of plainText(text)) {
    const command = TEXT_COMMANDS.get(char);
    if (command !== undefined) out += `\\${command}{}`;
    else if (/[A-Za-z0-9 .,:;!?()+=/*@-]/.test(char)) out += char;
    else if (/[_$%&#{}]/.test(char)) out += `\\${char}`;
    else out += `u${(char.codePointAt(0) ?? 0).toString(16)}`;
  }
  if (out === '') return String.raw`\text{?}`;
  return /^(?:[A-Za-z0-9]|\\_)+$/.test(out) ? `\\mathrm{${out}}` : `\\text{${out}}`;
}

/** Commands that stand for one symbol. */
const SYMBOLS = new Set([
  ...[...GREEK.keys()].map((name) => `\\${name}`),
  ...['varepsilon', 'vartheta', 'varpi', 'varrho', 'varsigma', 'varphi', 'ell', 'partial', 'nabla'].map(
    (name) => `\\${name}`,
  ),
  ...['star', 'ast', 'dagger', 'circ', 'infty', 'prime', 'Re', 'Im', 'aleph', 'hbar'].map(
    (name) => `\\${name}`,
  ),
]);
/** Commands that change the look of one group. */
const STYLES = new Set(
  ['mathrm', 'mathbf', 'mathit', 'mathsf', 'mathtt', 'mathcal', 'boldsymbol', 'operatorname']
    .concat(['hat', 'bar', 'tilde', 'vec', 'dot', 'ddot', 'widehat', 'widetilde', 'overline'])
    .map((name) => `\\${name}`),
);
const TOKEN = /\\[A-Za-z]+|\\[_,]|[A-Za-z0-9{}_^'+*/=.,:;|()-]/y;
const LONGEST = 80;
const DEEPEST = 5;

/**
 * Whether `latex`, given by a file for one name, may be printed raw: one or more letters, listed symbols and
 * styled groups, with sub- and superscripts. Nothing else gets through, so no macro, link, file or colour does;
 * what gets through is a formula to KaTeX at its strictest, and stays one next to other marks.
 */
export function safeLatex(latex: string): boolean {
  if (latex.length > LONGEST) return false;
  const tokens = tokensOf(latex);
  return tokens !== undefined && readMark(tokens, 0, 0) === tokens.length;
}

function tokensOf(latex: string): readonly string[] | undefined {
  const tokens: string[] = [];
  let position = 0;
  while (position < latex.length) {
    if (latex[position] === ' ') {
      position++;
      continue;
    }
    TOKEN.lastIndex = position;
    const found = TOKEN.exec(latex)?.[0];
    if (found === undefined) return undefined;
    tokens.push(found);
    position += found.length;
  }
  return tokens;
}

/** Reads one or more atoms with their scripts; gives where they end, undefined if there are none or they are wrong. */
function readMark(tokens: readonly string[], start: number, depth: number): number | undefined {
  let here = start;
  for (;;) {
    const atom = readAtom(tokens, here, depth);
    if (atom === undefined) return here === start ? undefined : here;
    const after = readScripts(tokens, atom, depth);
    if (after === undefined) return undefined;
    here = after;
  }
}

function readAtom(tokens: readonly string[], start: number, depth: number): number | undefined {
  const token = tokens[start] ?? '';
  if (token === '{') return readGroup(tokens, start, depth);
  if (STYLES.has(token)) return readGroup(tokens, start + 1, depth);
  if (SYMBOLS.has(token) || /^[A-Za-z]$/.test(token)) return start + 1;
  // Digits and signs only inside a group: outside they would join what stands next to the mark.
  return depth > 0 && /^(?:[0-9+*/=.,:;|()-]|\\[_,])$/.test(token) ? start + 1 : undefined;
}

function readGroup(tokens: readonly string[], start: number, depth: number): number | undefined {
  if (tokens[start] !== '{' || depth === DEEPEST) return undefined;
  const end = readMark(tokens, start + 1, depth + 1);
  return end !== undefined && tokens[end] === '}' ? end + 1 : undefined;
}

function readScripts(tokens: readonly string[], start: number, depth: number): number | undefined {
  let here = start;
  const seen = new Set<string>();
  for (;;) {
    const token = tokens[here] ?? '';
    const script = token === "'" ? '^' : token;
    if (script !== '_' && script !== '^') return here;
    if (seen.has(script)) return undefined;
    seen.add(script);
    if (token === "'") here++;
    else if (/^[A-Za-z0-9*+-]$/.test(tokens[here + 1] ?? '') || SYMBOLS.has(tokens[here + 1] ?? ''))
      here += 2;
    else {
      const group = readGroup(tokens, here + 1, depth);
      if (group === undefined) return undefined;
      here = group;
    }
  }
}
