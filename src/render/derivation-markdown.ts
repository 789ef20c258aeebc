/** A derivation as Markdown with formulas as GitHub and KaTeX set them. */

import type { Expr } from '../expr/expr.ts';
import type { Block, Link } from './block.ts';
import { latexLines } from './lines.ts';
import type { Mark } from './mark.ts';
import type { Notation } from './notation.ts';
import { phraseMarkdown } from './phrase.ts';
import type { Derived } from './remark.ts';
import { latexStatement } from './statement.ts';
import { story } from './story.ts';

export function derivationMarkdown(report: Derived): string {
  const { blocks, notation } = story(report);
  return `${blocks.map((block) => blockMarkdown(block, notation)).join('\n\n')}\n`;
}

/** The width of a formula on a page, in characters of print. */
const LINE = 70;

function blockMarkdown(block: Block, notation: Notation): string {
  switch (block.kind) {
    case 'title':
      return `# ${phraseMarkdown(block.of, notation)}`;
    case 'heading':
      return `## ${phraseMarkdown(block.of, notation)}`;
    case 'paragraph':
      return phraseMarkdown(block.of, notation);
    case 'note':
      return `> **Note.** ${phraseMarkdown(block.of, notation)}`;
    case 'list':
      return bullets(block.items.map((item) => phraseMarkdown(item, notation)));
    case 'display':
      return block.rows
        .map(({ left, sign, right }) =>
          display(`${side(left, notation)} ${sign === 'eq' ? '=' : '\\propto'} ${broken(right, notation)}`),
        )
        .join('\n\n');
    case 'chain':
      return chainMarkdown(block, notation);
  }
}

const bullets = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');
const display = (formula: string): string => `$$\n${formula}\n$$`;
const side = (e: Expr | Mark, notation: Notation): string => latexStatement([e], notation);

function broken(e: Expr, notation: Notation): string {
  const lines = latexLines(e, notation, LINE);
  const [only] = lines;
  if (lines.length === 1 && only !== undefined) return only;
  return `\\begin{aligned}[t]\n${lines.map((line) => `& ${line}`).join(' \\\\\n')}\n\\end{aligned}`;
}

/** Each line a display of its own, the reasons for it as a list above. */
function chainMarkdown(
  { left, first, links }: Extract<Block, { readonly kind: 'chain' }>,
  notation: Notation,
): string {
  const head = side(left, notation);
  const equal = (e: Expr, sign: Link['sign'] = 'eq'): string =>
    display(`${head} ${sign === 'eq' ? '=' : '\\le'} ${broken(e, notation)}`);
  // Each line begins with the left side anew: from a bound on, all it says is bounded.
  const bound = links.findIndex(({ sign }) => sign === 'le');
  return [
    ...(first === undefined ? [] : [equal(first)]),
    ...links.flatMap(({ by, to }, k) => [
      bullets(by.map((reason) => `by ${phraseMarkdown(reason, notation)}`)),
      ...(to === undefined ? [] : [equal(to, bound >= 0 && k >= bound ? 'le' : 'eq')]),
    ]),
  ].join('\n\n');
}
