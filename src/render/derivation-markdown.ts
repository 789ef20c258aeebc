/** A derivation as Markdown, with formulas as GitHub or Quarto (Pandoc) set them. */

import type { Expr } from '../expr/expr.ts';
import type { Block, Chain, Equation, Link } from './block.ts';
import { escapeHtml } from './escape.ts';
import { latexLines } from './lines.ts';
import type { Mark } from './mark.ts';
import { reasonPhrase } from './moves.ts';
import type { Marks, Notation } from './notation.ts';
import type { Flavour, Phrase } from './phrase.ts';
import { phraseMarkdown } from './phrase.ts';
import type { Derived } from './remark.ts';
import { latexStatement } from './statement.ts';
import { STEPS_SAYS, stepItems } from './steps.ts';
import { story } from './story.ts';

export interface MarkdownOptions {
  readonly flavour?: Flavour;
  readonly marks?: Marks | undefined;
}

/** How one page is written. */
interface Page {
  readonly notation: Notation;
  readonly flavour: Flavour;
}

/** The page; the single steps of each stage are folded away. */
export function derivationMarkdown(report: Derived, options: MarkdownOptions = {}): string {
  const { blocks, notation } = story(report, options.marks);
  const page: Page = { notation, flavour: options.flavour ?? 'github' };
  return `${blocks.map((block) => blockMarkdown(block, page)).join('\n\n')}\n`;
}

/** The width of a formula on a page, in characters of print. */
const LINE = 76;

function blockMarkdown(block: Block, page: Page): string {
  const words = (of: Phrase): string => phraseMarkdown(of, page.notation, page.flavour);
  switch (block.kind) {
    case 'title':
      return `# ${words(block.of)}`;
    case 'heading':
      return `## ${words(block.of)}`;
    case 'subheading':
      return `### ${words(block.of)}`;
    case 'paragraph':
      return words(block.of);
    case 'proposition':
      return `**Proposition.** ${words(block.of)}\n\n${displayMarkdown(block.rows, page)}`;
    case 'proof':
      return `**Proof.** ${words(block.of)} $\\square$`;
    case 'note':
      return `> **Note.** ${words(block.of)}`;
    case 'references':
      return bullets(block.items.map(({ of }) => words(of)));
    case 'list':
      return bullets(block.items.map(words));
    case 'display':
      return displayMarkdown(block.rows, page);
    case 'chain':
      return [chainMarkdown(block, page), ...folded(block, page)].join('\n\n');
  }
}

const displayMarkdown = (rows: readonly Equation[], { notation }: Page): string =>
  rows
    .map(({ left, sign, right }) =>
      display(`${side(left, notation)} ${sign === 'eq' ? '=' : '\\propto'} ${broken(right, notation)}`),
    )
    .join('\n\n');

const bullets = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');
const display = (formula: string): string => `$$\n${formula}\n$$`;
const side = (e: Expr | Mark, notation: Notation): string => latexStatement([e], notation);

function broken(e: Expr, notation: Notation): string {
  const lines = latexLines(e, notation, LINE);
  const [only] = lines;
  if (lines.length === 1 && only !== undefined) return only;
  // KaTeX prints the option of an environment, so it has none.
  return `\\begin{aligned}\n${lines.map((line) => `& ${line}`).join(' \\\\\n')}\n\\end{aligned}`;
}

/** Each line a display of its own, the reasons for it as a list above. */
function chainMarkdown({ left, first, links }: Chain, { notation, flavour }: Page): string {
  const head = side(left, notation);
  const equal = (e: Expr, sign: Link['sign'] = 'eq'): string =>
    display(`${head} ${sign === 'eq' ? '=' : '\\le'} ${broken(e, notation)}`);
  // Each line begins with the left side anew: from a bound on, all it says is bounded.
  const bound = links.findIndex(({ sign }) => sign === 'le');
  return [
    ...(first === undefined ? [] : [equal(first)]),
    ...links.flatMap(({ by, to }, k) => [
      bullets(by.map((reason) => `by ${phraseMarkdown(reasonPhrase(reason), notation, flavour)}`)),
      ...(to === undefined ? [] : [equal(to, bound >= 0 && k >= bound ? 'le' : 'eq')]),
    ]),
  ].join('\n\n');
}

/** The single steps of a stage, where there are more than the lines show. */
function folded(chain: Chain, { notation, flavour }: Page): readonly string[] {
  const items = stepItems(chain, notation);
  if (items.length < 2) return [];
  const words = (of: Phrase): string => phraseMarkdown(of, notation, flavour);
  const list = bullets(items.map(({ id, of }) => `${id}: ${words(of)}`));
  const says = `All ${items.length} steps of ${chain.id}`;
  const body = `${words(STEPS_SAYS)}\n\n${list}`;
  return flavour === 'github'
    ? [`<details>\n<summary>${escapeHtml(says)}</summary>\n\n${body}\n\n</details>`]
    : [`::: {.callout-note collapse="true"}\n#### ${words([{ quote: says }])}\n\n${body}\n:::`];
}
