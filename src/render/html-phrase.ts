/** Sentences and formulas as HTML: formulas set by KaTeX, with MathML for screen readers. */

import { escapeHtml } from './escape.ts';
import type { Notation } from './notation.ts';
import type { Phrase } from './phrase.ts';
import { latexStatement } from './statement.ts';

/** Sets LaTeX as HTML; throws on what is not valid at its strictest, which no formula of ours is. */
export type SetFormula = (latex: string, display: boolean) => string;

/** KaTeX, loaded when first needed. */
export async function formulaSetter(): Promise<SetFormula> {
  const { renderToString } = (await import('katex')).default;
  return (latex, displayMode) =>
    renderToString(latex, {
      displayMode,
      output: 'htmlAndMathml',
      strict: 'error',
      throwOnError: true,
      trust: false,
    });
}

/** Words of ours keep their blanks at the ends. */
export const wordsHtml = (text: string): string => escapeHtml(`a${text}a`).slice(1, -1);

export function phraseHtml(phrase: Phrase, notation: Notation, set: SetFormula): string {
  return phrase
    .map((piece) => {
      if (typeof piece === 'string') return wordsHtml(piece);
      if ('quote' in piece) return escapeHtml(piece.quote);
      if ('maths' in piece) return set(latexStatement(piece.maths, notation, 'inline'), false);
      if ('rule' in piece) return `<b class="rule">${escapeHtml(piece.rule)}</b>`;
      return 'link' in piece
        ? `<a href="${escapeHtml(piece.link)}">${escapeHtml(piece.text)}</a>`
        : escapeHtml(piece.text);
    })
    .join('');
}
