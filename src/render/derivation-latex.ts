/** A derivation as LaTeX: a stand-alone article, or a fragment for \input. Needs amsmath and amssymb, nothing else. */

import type { Expr } from '../expr/expr.ts';
import type { Block, Link } from './block.ts';
import { latexLines } from './lines.ts';
import type { Mark } from './mark.ts';
import type { Notation } from './notation.ts';
import { phraseLatex } from './phrase.ts';
import type { Derived } from './remark.ts';
import { latexStatement } from './statement.ts';
import { story } from './story.ts';

const PREAMBLE = String.raw`\documentclass[11pt]{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\IfFileExists{lmodern.sty}{\usepackage{lmodern}}{}
\usepackage[margin=1in]{geometry}
\usepackage{amsmath}
\usepackage{amssymb}
\allowdisplaybreaks
\setlength{\parindent}{0pt}
\setlength{\parskip}{0.5em}
\setlength{\emergencystretch}{3em}
\begin{document}
`;
const END = '\\end{document}\n';

/** The page. The fragment has headings without numbers and numbered formulas, so that it fits any article. */
export function derivationLatex(report: Derived, { standalone }: { readonly standalone: boolean }): string {
  const { blocks, notation } = story(report);
  const body = blocks.reduce((text, block, i) => {
    // A formula belongs to the paragraph before it: a blank line would set an empty one in between.
    const joins = isFormula(block) && blocks[i - 1]?.kind === 'paragraph';
    return `${text}${i === 0 ? '' : joins ? '\n' : '\n\n'}${blockLatex(block, notation)}`;
  }, '');
  return standalone ? `${PREAMBLE}\n${body}\n\n${END}` : `${body}\n`;
}

const isFormula = ({ kind }: Block): boolean => kind === 'display' || kind === 'chain';

/** The width of a formula beside its left side and its number, in characters of print. */
const LINE = 70;

function blockLatex(block: Block, notation: Notation): string {
  switch (block.kind) {
    case 'title':
      return `\\section*{${phraseLatex(block.of, notation)}}`;
    case 'heading':
      return `\\subsection*{${phraseLatex(block.of, notation)}}`;
    case 'paragraph':
      return phraseLatex(block.of, notation);
    case 'note':
      return `\\textit{Note.} ${phraseLatex(block.of, notation)}`;
    case 'list':
      return [
        '\\begin{itemize}',
        ...block.items.map((item) => `  \\item ${phraseLatex(item, notation)}`),
        '\\end{itemize}',
      ].join('\n');
    case 'display': {
      const rows = block.rows.map(
        ({ left, sign, right }) =>
          `  ${side(left, notation)} &${sign === 'eq' ? '=' : '\\propto'} ${broken(right, notation)}`,
      );
      return align(rows.join(' \\\\\n'));
    }
    case 'chain':
      return chainLatex(block, notation);
  }
}

const align = (rows: string): string => `\\begin{align}\n${rows}\n\\end{align}`;
const side = (e: Expr | Mark, notation: Notation): string => latexStatement([e], notation);

/** A formula in as many lines as it needs, the later ones set in under the first. */
function broken(e: Expr, notation: Notation): string {
  const lines = latexLines(e, notation, LINE);
  const [only] = lines;
  if (lines.length === 1 && only !== undefined) return only;
  return `\\begin{aligned}[t]\n${lines.map((line) => `    & ${line}`).join(' \\\\\n')}\n  \\end{aligned}`;
}

/**
 * The lines of a stage in one alignment, the reasons between them as small text. A line without a formula
 * (only the spelling changed) leaves its reasons to the one before it.
 */
function chainLatex(
  { left, first, links }: Extract<Block, { readonly kind: 'chain' }>,
  notation: Notation,
): string {
  const equals = (e: Expr, head = '', sign: Link['sign'] = 'eq'): string =>
    `  ${head}&${sign === 'eq' ? '=' : '\\le'} ${broken(e, notation)}`;
  const reasons = links.map(({ by }) => reasonsLatex(by.map((reason) => phraseLatex(reason, notation))));
  const shown = links.flatMap(({ to, sign }, i) => (to === undefined ? [] : [{ to, sign, i }]));
  const head = `${side(left, notation)} `;
  if (shown.length === 0) {
    const only = first === undefined ? '' : `${align(equals(first, head))}\n`;
    return `${only}${reasons.map(aside).join('\n')}`.trimEnd();
  }
  const rows: string[] = first === undefined ? [] : [equals(first, head)];
  let before = '';
  let said = -1;
  for (const { to, sign, i } of shown) {
    const between = reasons.slice(said + 1, i + 1);
    said = i;
    if (rows.length === 0) before = between.map((reason) => `${aside(reason)}\n`).join('');
    const text = rows.length === 0 ? '' : `\n  \\intertext{${between.join(NEXT)}}\n`;
    rows.push(text + equals(to, rows.length === 0 ? head : '', sign));
  }
  const after = reasons.slice(said + 1).map((reason) => `\n\n{${reason}}`);
  const [start = '', ...others] = rows;
  const joined = others.reduce((all, row) => all + (row.startsWith('\n') ? row : ` \\\\\n${row}`), start);
  return `${before}${align(joined)}${after.join('')}`;
}

/** Within an alignment a paragraph must not end, a line may. */
const NEXT = '\\newline\n  ';
const reasonsLatex = (reasons: readonly string[]): string =>
  `\\footnotesize ${reasons.map((reason) => `$\\because$ ${reason}`).join(NEXT)}`;
/** Reasons outside an alignment, on lines of their own in the paragraph that leads to it. */
const aside = (reasons: string): string => `\\newline{${reasons}}`;
