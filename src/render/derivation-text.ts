/** A derivation as a page for a terminal. */

import type { Expr } from '../expr/expr.ts';
import type { DerivationReport } from '../report/derivation.ts';
import type { Block } from './block.ts';
import { fill, fillFormula } from './fill.ts';
import type { Mark } from './mark.ts';
import { outsideLines } from './membership-text.ts';
import type { Notation } from './notation.ts';
import { phraseText } from './phrase.ts';
import { textStatement } from './statement.ts';
import { story } from './story.ts';
import type { Style } from './style.ts';
import { paint } from './style.ts';
import { unicode } from './unicode.ts';

/** The page, one trailing newline. A loss outside the framework has no derivation; the page says why. */
export function derivationText(report: DerivationReport, style: Style): string {
  if (report.kind === 'outside')
    return `${outsideLines(report.variant, report.membership, style).join('\n')}\n`;
  const { blocks, notation } = story(report);
  return `${blocks.map((block) => blockLines(block, notation, style).join('\n')).join('\n\n')}\n`;
}

const INDENT = '  ';

function blockLines(block: Block, notation: Notation, style: Style): readonly string[] {
  const { title, faint } = paint(style);
  const plain = (of: Extract<Block, { readonly of: unknown }>['of']): string => phraseText(of, notation);
  switch (block.kind) {
    case 'title':
      return fill(plain(block.of), style.width).map(title);
    case 'heading':
      return fill(plain(block.of), style.width).map(title);
    case 'paragraph':
      return fill(plain(block.of), style.width, INDENT);
    case 'note':
      return fill(`Note. ${plain(block.of)}`, style.width, INDENT);
    case 'list':
      return block.items.flatMap((item) => fill(plain(item), style.width, `${INDENT}- `));
    case 'display':
      return block.rows.flatMap(({ left, sign, right }) =>
        fillFormula(
          unicode(right, notation),
          style.width,
          `${INDENT}${INDENT}${side(left, notation)} ${sign === 'eq' ? '=' : '∝'} `,
          8,
        ),
      );
    case 'chain':
      return chainLines(block, notation, style, faint);
  }
}

const side = (e: Expr | Mark, notation: Notation): string => textStatement([e], notation);

function chainLines(
  { left, first, links }: Extract<Block, { readonly kind: 'chain' }>,
  notation: Notation,
  style: Style,
  faint: (text: string) => string,
): readonly string[] {
  const formula = (e: Expr, before = '  = '): readonly string[] =>
    fillFormula(unicode(e, notation), style.width, INDENT + before, 8);
  const head = side(left, notation);
  return [
    ...(first === undefined ? [`${INDENT}${head}`] : formula(first, `${head} = `)),
    ...links.flatMap(({ by, to, sign }) => [
      ...by
        .flatMap((reason) => fill(`by ${phraseText(reason, notation)}`, style.width, '       ', 10))
        .map(faint),
      ...(to === undefined ? [] : formula(to, sign === 'eq' ? undefined : '  ≤ ')),
    ]),
  ];
}
