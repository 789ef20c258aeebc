/** Formulas that stand alone in LaTeX: displays, and the lines of a derivation with the reasons between them. */

import type { Expr } from '../expr/expr.ts';
import type { Chain, Equation, Reason } from './block.ts';
import { markChanges } from './highlight.ts';
import { latexLines } from './lines.ts';
import type { Mark } from './mark.ts';
import { mannerPhrase } from './moves.ts';
import type { Notation } from './notation.ts';

import { phraseLatex } from './phrase.ts';
import { latexStatement } from './statement.ts';
import { texWidth } from './tex-width.ts';

/** What the printing of one derivation goes by. */
export interface Setting {
  readonly notation: Notation;
  /** Whether the part that a line changes is set off. */
  readonly highlight: boolean;
  /** Whether `\cite` finds an entry. */
  readonly cites: boolean;
  /** The label of a stage's last line, undefined where it has none. */
  readonly label: (stage: string) => string | undefined;
}

/** The width of a page's text in halves of an em, for 11pt with margins of an inch. */
const PAGE = 84;
/** Room for an equation's number and the gap before it. */
const NUMBER = 7;
const SIGNS = { eq: '=', le: '\\le', propto: '\\propto' } as const;

const side = (e: Expr | Mark, { notation }: Setting): string => latexStatement([e], notation);

/** What is left for the right side beside these left sides, a sign and a number. */
const roomBeside = (lefts: readonly string[]): number =>
  PAGE - Math.max(...lefts.map(texWidth)) - texWidth('=') - NUMBER;

/** A formula in as many lines as it needs, the later ones set in under the first. */
function broken(e: Expr, { notation }: Setting, room: number): string {
  const lines = latexLines(e, notation, room);
  const [only] = lines;
  if (lines.length === 1 && only !== undefined) return only;
  return `\\!\\begin{aligned}[t]\n${lines.map((line) => `    & ${line}`).join(' \\\\\n')}\n  \\end{aligned}`;
}

/** Equations below each other, aligned at their signs, each with a number; a left side is not said twice running. */
export function displayLatex(rows: readonly Equation[], setting: Setting): string {
  const room = roomBeside(rows.map(({ left }) => side(left, setting)));
  const lines = rows.map(({ left, sign, right }, i) => {
    const head = left === rows[i - 1]?.left ? '' : `${side(left, setting)} `;
    return `  ${head}&${SIGNS[sign]} ${broken(right, setting, room)}`;
  });
  return `\\begin{align}\n${lines.join(' \\\\\n')}\n\\end{align}`;
}

/**
 * The lines of a stage in one alignment, the reasons between them in small print. A link without a formula leaves its
 * reasons to the next one.
 */
export function chainLatex(chain: Chain, setting: Setting): string {
  const head = `${side(chain.left, setting)} `;
  const room = roomBeside([head]);
  const rows: string[] = [];
  let pending: Reason[] = [];
  let before = '';
  const push = (formula: string, tail: string): void => {
    const reasons = reasonsLatex(pending, setting);
    pending = [];
    if (rows.length === 0 && reasons !== '') before = `{${reasons}}\n`;
    const between = rows.length === 0 ? '' : reasons === '' ? ' \\\\\n' : `\n  \\intertext{${reasons}}\n`;
    rows.push(`${between}  ${rows.length === 0 ? head : ''}&${formula}${tail}`);
  };
  if (chain.first !== undefined) push(`= ${broken(chain.first, setting, room)}`, '');
  const last = chain.links.findLastIndex(({ to }) => to !== undefined);
  let line = chain.start;
  for (const [i, { by, to, sign }] of chain.links.entries()) {
    pending.push(...by);
    if (to === undefined) continue;
    const label = i === last ? setting.label(chain.id) : undefined;
    const shown = setting.highlight ? markChanges(line, to) : to;
    line = to;
    push(`${SIGNS[sign]} ${broken(shown, setting, room)}`, label === undefined ? '' : ` \\label{${label}}`);
  }
  const after = pending.length === 0 ? '' : `\n{${reasonsLatex(pending, setting)}}`;
  if (rows.length === 0) return after.trim();
  if (before === '') return `\\begin{align}\n${rows.join('')}\n\\end{align}${after}`;
  // The reasons before it belong to the paragraph that the alignment stands in: ragged, as long as that lasts.
  return `{\\raggedright\n${before}\\begin{align}\n${rows.join('')}\n\\end{align}${after}\n\\par}`;
}

/** The reasons between two lines: `log-quotient (twice; as p > 0), algebra`. */
function reasonsLatex(reasons: readonly Reason[], setting: Setting): string {
  if (reasons.length === 0) return '';
  const { notation, label } = setting;
  const said = reasons.map((reason) => {
    const target = label(reason.rule);
    const number = target === undefined ? '' : `~\\eqref{${target}}`;
    return `\\textsf{${phraseLatex([reason.rule], notation)}}${number}${phraseLatex(mannerPhrase(reason), notation)}`;
  });
  return `\\footnotesize $\\because$ ${said.join(', ')}`;
}
