/** A derivation as a page for a terminal. */

import type { Expr } from '../expr/expr.ts';
import type { DerivationReport } from '../report/derivation.ts';
import type { Block, Chain, Equation, Link } from './block.ts';
import { fill, fillFormula } from './fill.ts';
import type { Mark } from './mark.ts';
import { outsideLines } from './membership-text.ts';
import { reasonPhrase } from './moves.ts';
import type { Marks, Notation } from './notation.ts';
import type { Phrase } from './phrase.ts';
import { phraseText } from './phrase.ts';
import { textStatement } from './statement.ts';
import { STEPS_SAYS, stepItems } from './steps.ts';
import { story } from './story.ts';
import type { Style } from './style.ts';
import { paint } from './style.ts';
import { unicode } from './unicode.ts';

export interface TextOptions {
  /** Whether every single step is shown between the lines. */
  readonly steps?: boolean;
  readonly marks?: Marks | undefined;
}

/** The page, one trailing newline. A loss outside the framework has no derivation; the page says why. */
export function derivationText(report: DerivationReport, style: Style, options: TextOptions = {}): string {
  if (report.kind === 'outside')
    return `${outsideLines(report.variant, report.membership, style).join('\n')}\n`;
  const { blocks, notation } = story(report, options.marks);
  const page: Page = { notation, style, steps: options.steps === true };
  const notice: readonly Block[] = page.steps ? [{ kind: 'paragraph', of: STEPS_SAYS }] : [];
  const all = blocks.flatMap((block) => (isDerivation(block) ? [block, ...notice] : [block]));
  return `${all.map((block) => blockLines(block, page).join('\n')).join('\n\n')}\n`;
}

/** How one page is written. */
interface Page {
  readonly notation: Notation;
  readonly style: Style;
  readonly steps: boolean;
}

const INDENT = '  ';
const isDerivation = (block: Block): boolean => block.kind === 'heading' && block.of[0] === 'Derivation';

function blockLines(block: Block, page: Page): readonly string[] {
  const { notation, style } = page;
  const { title } = paint(style);
  const plain = (of: Extract<Block, { readonly of: unknown }>['of']): string => phraseText(of, notation);
  switch (block.kind) {
    case 'title':
    case 'heading':
    case 'subheading':
      return fill(plain(block.of), style.width).map(title);
    case 'paragraph':
      return fill(plain(block.of), style.width, INDENT);
    case 'note':
      return fill(`Note. ${plain(block.of)}`, style.width, INDENT);
    case 'proposition':
      return [
        ...fill(`Proposition. ${plain(block.of)}`, style.width, INDENT),
        '',
        ...displayLines(block.rows, page),
      ];
    case 'proof':
      return fill(`Proof. ${plain(block.of)}`, style.width, INDENT);
    case 'references':
      return block.items.flatMap(({ of }) => fill(plain(of), style.width, `${INDENT}- `));
    case 'list':
      return block.items.flatMap((item) => fill(plain(item), style.width, `${INDENT}- `));
    case 'display':
      return displayLines(block.rows, page);
    case 'chain':
      return chainLines(block, page);
  }
}

const side = (e: Expr | Mark, notation: Notation): string => textStatement([e], notation);

const displayLines = (rows: readonly Equation[], { notation, style }: Page): readonly string[] =>
  rows.flatMap(({ left, sign, right }) => {
    const head = `${INDENT}${INDENT}${side(left, notation)} ${sign === 'eq' ? '=' : '∝'} `;
    return fillFormula(unicode(right, notation), style.width, head, 8);
  });

function chainLines(chain: Chain, { notation, style, steps }: Page): readonly string[] {
  const { left, first, links } = chain;
  const { faint } = paint(style);
  const aside = (of: Phrase, open: string): readonly string[] =>
    fill(`${open} ${phraseText(of, notation)}`, style.width, '       ', 10).map(faint);
  const formula = (e: Expr, before = '  = '): readonly string[] =>
    fillFormula(unicode(e, notation), style.width, INDENT + before, 8);
  const head = side(left, notation);
  const numbered = steps ? stepItems(chain, notation) : [];
  let said = 0;
  const reasons = ({ by, steps: single }: Link): readonly string[] => {
    if (!steps) return by.flatMap((reason) => aside(reasonPhrase(reason), 'by'));
    const those = numbered.slice(said, said + single().length);
    said += those.length;
    return those.flatMap(({ id, of }) => aside(of, id));
  };
  return [
    ...(first === undefined ? [`${INDENT}${head}`] : formula(first, `${head} = `)),
    ...links.flatMap((link) => [
      ...reasons(link),
      ...(link.to === undefined ? [] : formula(link.to, link.sign === 'eq' ? undefined : '  ≤ ')),
    ]),
  ];
}
