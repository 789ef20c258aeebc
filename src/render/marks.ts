/** From a user's file of notation to the marks of every output: what is safe to print, and how it reads as text. */

import type { VariantFault } from '../variant/fault.ts';
import type { GivenMark, NotationFile } from '../variant/notation-file.ts';
import { GREEK, plainText } from './escape.ts';
import type { Mark } from './mark.ts';
import { safeLatex } from './mark.ts';
import type { Marks } from './notation.ts';

/** The marks that the file gives, or the first entry that cannot stand: no symbol, or another's. */
export function marksOf({ file, symbols, parameters, data }: NotationFile): Marks | VariantFault {
  const holders = new Map<string, string>();
  for (const { latex, field, at } of [...symbols, ...parameters, ...data]) {
    if (!safeLatex(latex)) return { kind: 'not-a-symbol', latex, file, field, at };
    const key = latex.replace(/\s+/g, '');
    const by = holders.get(key);
    if (by !== undefined) return { kind: 'mark-taken', latex, by, file, field, at };
    holders.set(key, field);
  }
  return {
    symbols: Object.fromEntries(symbols.map((given) => [given.name, markOfGiven(given)])),
    parameters: table(parameters),
    data: table(data),
  };
}

/** Names of the user's: an own property each, whatever they are called. */
const table = (given: readonly GivenMark[]): Readonly<Record<string, Mark>> =>
  Object.fromEntries(given.map((one) => [one.name, markOfGiven(one)]));

const markOfGiven = ({ latex, text }: GivenMark): Mark => ({
  latex: latex.trim(),
  text: text === undefined ? textOf(latex) : plainText(text),
});

const RAISED = new Map([...'+-0123456789'].map((char, i) => [char, [...'⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹'][i] ?? char]));

/** `\pi_{\mathrm{ref}}` as π_ref: Greek letters by themselves, styles and braces left out. */
function textOf(latex: string): string {
  return latex
    .replace(/\\([A-Za-z]+) ?/g, (_, name: string) => GREEK.get(name) ?? WORDS.get(name) ?? '')
    .replace(/\\([_,])/g, '$1')
    .replace(/\^\{?([-+0-9]+)\}?/g, (_, digits: string) =>
      Array.from(digits, (char) => RAISED.get(char) ?? char).join(''),
    )
    .replace(/\^\{?\*\}?/g, '*')
    .replace(/[{}\s]/g, '');
}

/** Commands that are symbols but not Greek letters of one name. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['varepsilon', 'ε'],
  ['vartheta', 'ϑ'],
  ['varpi', 'ϖ'],
  ['varrho', 'ϱ'],
  ['varsigma', 'ς'],
  ['varphi', 'φ'],
  ['ell', 'ℓ'],
  ['partial', '∂'],
  ['nabla', '∇'],
  ['star', '*'],
  ['ast', '*'],
  ['dagger', '†'],
  ['circ', '∘'],
  ['infty', '∞'],
  ['prime', "'"],
  ['Re', 'Re'],
  ['Im', 'Im'],
  ['aleph', 'ℵ'],
  ['hbar', 'ħ'],
]);
