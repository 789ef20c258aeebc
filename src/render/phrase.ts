/** Sentences with formulas, rule names and quotations in them, for each output. */

import { escapeLatex, escapeMarkdown, plainText } from './escape.ts';
import { tied } from './fill.ts';
import type { Notation } from './notation.ts';
import type { Statement } from './statement.ts';
import { latexStatement, plainStatement, textStatement } from './statement.ts';

/** Words of ours are strings; what comes from a file or a name is quoted; all of it is escaped alike. */
export type Piece =
  | string
  | { readonly quote: string }
  | { readonly maths: Statement }
  | { readonly rule: string }
  /** Points to the reference of this key, named as in a sentence: `Meng et al. (2024)`. */
  | { readonly cite: string; readonly text: string }
  /** Points to a paper's page; `text` is shown. */
  | { readonly link: string; readonly text: string };
export type Phrase = readonly Piece[];

export const maths = (...of: Statement): Piece => ({ maths: of });

/** Phrases in a row: a, b and c. */
export function listed(items: readonly Phrase[], last = ' and '): Phrase {
  return items.flatMap(
    (item, i): Phrase => (i === 0 ? item : [i === items.length - 1 ? last : ', ', ...item]),
  );
}

/** For a terminal; blanks within formulas are tied, for `fill` to keep them together. */
export const phraseText = (phrase: Phrase, notation: Notation): string =>
  phrase
    .map((piece) => {
      if (typeof piece === 'string') return piece;
      if ('quote' in piece) return plainText(piece.quote);
      if ('maths' in piece) return tied(textStatement(piece.maths, notation));
      if ('rule' in piece) return piece.rule;
      return plainText(piece.text);
    })
    .join('');

/** Brackets of a fixed size, since TeX breaks no line between growing ones. */
const inline = (statement: Statement, notation: Notation): string =>
  latexStatement(statement, notation, 'inline').replace(/\\(left|right)(?![A-Za-z])/g, (_, side: string) =>
    side === 'left' ? '\\bigl' : '\\bigr',
  );

/** A line rather ends at a relation (500) or a sign (700). */
const BETWEEN_FACTORS = '\\penalty900';

/** The same for LaTeX's own paragraphs: a line may end between factors, not within p(y | x). */
const inlineLatex = (statement: Statement, notation: Notation): string =>
  inline(statement, notation)
    .replace(/\\mid(?![A-Za-z])/g, '\\mid\\nobreak')
    .replaceAll(' / ', ` / ${BETWEEN_FACTORS} `)
    .replace(
      /\) (?=\\(?:log|exp|sum|left|bigl|[a-z]+_|sigma|nabla|operatorname)(?![A-Za-z])|[A-Za-z])/g,
      `) ${BETWEEN_FACTORS} `,
    );

/** For LaTeX's text mode; `cites` where there is an entry that `\\cite` finds. */
export const phraseLatex = (phrase: Phrase, notation: Notation, cites = false): string =>
  phrase
    .map((piece) => {
      if (typeof piece === 'string') return spaced(piece, escapeLatex);
      if ('quote' in piece) return escapeLatex(piece.quote);
      if ('maths' in piece) return `$${inlineLatex(piece.maths, notation)}$`;
      if ('rule' in piece) return `\\textsf{${escapeLatex(piece.rule)}}`;
      if ('cite' in piece && cites) return `${escapeLatex(piece.text)}~\\cite{${piece.cite}}`;
      return escapeLatex(piece.text);
    })
    .join('');

/** Whose Markdown it is: GitHub's, or that of Quarto and Pandoc. */
export type Flavour = 'github' | 'quarto';

/** For Markdown. GitHub's backticks keep Markdown out of formulas; Pandoc knows to stay out. */
export function phraseMarkdown(phrase: Phrase, notation: Notation, flavour: Flavour = 'github'): string {
  const [open, close] = flavour === 'github' ? ['$`', '`$'] : ['$', '$'];
  const escaped = (text: string): string =>
    flavour === 'github' ? escapeMarkdown(text) : escapeMarkdown(text).replace(/[@^]/g, '\\$&');
  return phrase
    .map((piece) => {
      if (typeof piece === 'string') return spaced(piece, escaped);
      if ('quote' in piece) return escaped(piece.quote);
      if ('maths' in piece) return `${open}${inline(piece.maths, notation)}${close}`;
      if ('rule' in piece) return `**${escaped(piece.rule)}**`;
      return 'link' in piece ? `[${escaped(piece.text)}](${piece.link})` : escaped(piece.text);
    })
    .join('');
}

/** Words of ours, escaped as within a line: the letters around them keep their blanks and are taken off again. */
const spaced = (text: string, escaped: (text: string) => string): string => escaped(`a${text}a`).slice(1, -1);

/** For machines: formulas in the formula language. */
export const phrasePlain = (phrase: Phrase): string =>
  phrase
    .map((piece) => {
      if (typeof piece === 'string') return piece;
      if ('quote' in piece) return plainText(piece.quote);
      if ('maths' in piece) return plainStatement(piece.maths);
      return 'rule' in piece ? piece.rule : piece.text;
    })
    .join('');
