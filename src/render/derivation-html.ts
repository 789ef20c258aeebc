/** A derivation as one HTML file: headings, formulas as KaTeX sets them, single steps folded away. */

import type { Expr } from '../expr/expr.ts';
import type { Block, Chain, Equation } from './block.ts';
import { escapeHtml } from './escape.ts';
import type { KatexFiles } from './html-page.ts';
import { htmlPage } from './html-page.ts';
import type { SetFormula } from './html-phrase.ts';
import { formulaSetter, phraseHtml } from './html-phrase.ts';
import { latexLines } from './lines.ts';
import type { Mark } from './mark.ts';
import { reasonPhrase } from './moves.ts';
import type { Marks, Notation } from './notation.ts';
import type { Phrase } from './phrase.ts';
import { phraseText } from './phrase.ts';
import type { Derived } from './remark.ts';
import { latexStatement } from './statement.ts';
import { STEPS_SAYS, stepItems } from './steps.ts';
import { story } from './story.ts';

export interface DerivationHtmlOptions {
  readonly marks?: Marks | undefined;
}

interface Page {
  readonly words: (of: Phrase) => string;
  readonly notation: Notation;
  readonly set: SetFormula;
}

export async function derivationHtml(
  report: Derived,
  katex: KatexFiles,
  { marks }: DerivationHtmlOptions = {},
): Promise<string> {
  const set = await formulaSetter();
  const { blocks, notation } = story(report, marks);
  const page: Page = { words: (of) => phraseHtml(of, notation, set), notation, set };
  const title = blocks.find(({ kind }) => kind === 'title');
  const parts = blocks.map((block, i) => blockHtml(block, anchorOf(i), page));
  const at = blocks.findIndex(({ kind }) => kind === 'heading');
  const body = parts.toSpliced(Math.max(at, 0), 0, contents(blocks, page)).join('\n');
  const name = title?.kind === 'title' ? phraseText(title.of, notation) : report.variant.id;
  return htmlPage({ title: `${name}: a derivation`, body }, katex);
}

const anchorOf = (i: number): string => `s${i + 1}`;

/** Where the parts and stages begin. */
function contents(blocks: readonly Block[], { words }: Page): string {
  const items = blocks.flatMap((block, i) =>
    block.kind === 'heading' || block.kind === 'subheading'
      ? [`<li><a href="#${anchorOf(i)}">${words(block.of)}</a></li>`]
      : [],
  );
  return `<nav aria-label="Contents">\n<p>Contents</p>\n<ol>\n${items.join('\n')}\n</ol>\n</nav>`;
}

function blockHtml(block: Block, anchor: string, page: Page): string {
  const { words } = page;
  switch (block.kind) {
    case 'title':
      return `<h1>${words(block.of)}</h1>`;
    case 'heading':
      return `<h2 id="${anchor}">${words(block.of)}</h2>`;
    case 'subheading':
      return `<h3 id="${anchor}">${words(block.of)}</h3>`;
    case 'paragraph':
      return `<p>${words(block.of)}</p>`;
    case 'note':
      return `<div class="note" role="note"><b>Note.</b> ${words(block.of)}</div>`;
    case 'proposition':
      return `<div class="proposition"><p><b>Proposition.</b> ${words(block.of)}</p>\n${displayHtml(block.rows, page)}</div>`;
    case 'proof':
      return `<p><b>Proof.</b> ${words(block.of)} <span aria-hidden="true">□</span></p>`;
    case 'list':
      return list(block.items.map(words));
    case 'references':
      return list(block.items.map(({ of }) => words(of)));
    case 'display':
      return displayHtml(block.rows, page);
    case 'chain':
      return [chainHtml(block, page), ...folded(block, page)].join('\n');
  }
}

const list = (items: readonly string[], name = ''): string =>
  `<ul${name === '' ? '' : ` class="${name}"`}>\n${items.map((item) => `<li>${item}</li>`).join('\n')}\n</ul>`;

/** The width of a formula on a page, in characters of print. */
const LINE = 70;

const displayHtml = (rows: readonly Equation[], { notation, set }: Page): string =>
  rows
    .map(({ left, sign, right }) =>
      set(`${side(left, notation)} ${sign === 'eq' ? '=' : '\\propto'} ${broken(right, notation)}`, true),
    )
    .join('\n');

const side = (e: Expr | Mark, notation: Notation): string => latexStatement([e], notation);

function broken(e: Expr, notation: Notation): string {
  const lines = latexLines(e, notation, LINE);
  if (lines.length === 1) return lines.join('');
  return `\\begin{aligned} ${lines.map((line) => `& ${line}`).join(' \\\\ ')} \\end{aligned}`;
}

/** Each line a display of its own, the reasons for it above. */
function chainHtml({ left, first, links }: Chain, { notation, set, words }: Page): string {
  const equal = (e: Expr, sign: 'eq' | 'le'): string =>
    set(`${side(left, notation)} ${sign === 'eq' ? '=' : '\\le'} ${broken(e, notation)}`, true);
  // Each line begins with the left side anew: from a bound on, all it says is bounded.
  const bound = links.findIndex(({ sign }) => sign === 'le');
  return [
    ...(first === undefined ? [] : [equal(first, 'eq')]),
    ...links.flatMap(({ by, to }, k) => [
      ...(by.length === 0
        ? []
        : [
            list(
              by.map((reason) => `by ${words(reasonPhrase(reason))}`),
              'reasons',
            ),
          ]),
      ...(to === undefined ? [] : [equal(to, bound >= 0 && k >= bound ? 'le' : 'eq')]),
    ]),
  ].join('\n');
}

/** The single steps of a stage, where there are more than the lines show. */
function folded(chain: Chain, { notation, words }: Page): readonly string[] {
  const items = stepItems(chain, notation);
  if (items.length < 2) return [];
  const steps = items.map(
    ({ id, of }) => `<li><span class="step">${escapeHtml(id)}</span> ${words(of)}</li>`,
  );
  return [
    `<details>\n<summary>All ${items.length} steps of ${escapeHtml(chain.id)}</summary>\n<p>${words(STEPS_SAYS)}</p>\n<ol>\n${steps.join('\n')}\n</ol>\n</details>`,
  ];
}
