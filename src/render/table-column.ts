/** What each column of a comparison table says of a claim. */

import type { Expr } from '../expr/expr.ts';
import { variable } from '../expr/expr.ts';
import type { Prior } from '../framework/membership.ts';
import type { TableRow } from '../report/table.ts';
import { iffOrIf, whenPhrase } from './condition.ts';
import { LINK_SAYS, NEAREST_SAYS } from './outside-text.ts';
import { paperLabel } from './paper.ts';
import type { Phrase } from './phrase.ts';
import { maths } from './phrase.ts';
import type { TableColumn } from './table-head.ts';

/** One line of a cell, which may be broken further: words, or a formula with what it is of before it. */
export type CellPart =
  | { readonly kind: 'words'; readonly of: Phrase }
  | { readonly kind: 'formula'; readonly of: Expr; readonly label?: Phrase };
/** Empty where there is nothing to say. */
export type Cell = readonly CellPart[];

const words = (...of: Phrase): CellPart => ({ kind: 'words', of });
const formulas = (e: Expr | undefined): Cell => (e === undefined ? [] : [{ kind: 'formula', of: e }]);

export const cellOf = (row: TableRow, column: TableColumn): Cell => CELLS[column](row);

const CELLS: Readonly<Record<TableColumn, (row: TableRow) => Cell>> = {
  variant: ({ variant }) => [words(variant.source.file === '' ? 'given formula' : { quote: variant.title })],
  prior: ({ prior }) => priorCell(prior),
  weight: ({ membership: { prior } }) => formulas(prior && solved(prior).weight),
  tier: tierCell,
  conditions: ({ membership: { conditions, tier, gradientTier } }) => [
    ...conditions.map(({ tier: smaller, when }) =>
      words(`${smaller} ${iffOrIf(when)} `, ...whenPhrase([when])),
    ),
    ...(tier === gradientTier ? [] : [words(`${gradientTier} in gradient`)]),
  ],
  loss: ({ loss }) => formulas(loss),
  id: ({ variant }) => [words({ quote: variant.id })],
  paper: ({ variant }) => {
    const label = paperLabel(variant.paper);
    return label === '' ? [] : [words({ quote: label })];
  },
  logit: ({ logit }) => formulas(logit),
  gradient: ({ membership }) => [words(membership.gradientTier)],
  nearest: ({ membership: { outside } }) =>
    outside?.nearest === undefined
      ? []
      : [words(`${outside.nearest.tier} ${NEAREST_SAYS[outside.nearest.kind]}`)],
};

const solved = (prior: Prior) => (prior.kind === 'one' ? prior.prior : prior.chosen);

const priorCell = (prior: Prior | undefined): Cell => {
  if (prior === undefined) return [];
  if (prior.kind === 'one') return formulas(prior.prior.zeta);
  return [
    { kind: 'formula', of: prior.chosen.zeta, label: [maths(variable('w', 'response'))] },
    { kind: 'formula', of: prior.rejected.zeta, label: [maths(variable('l', 'response'))] },
  ];
};

/** Where a test stayed open, the tier is an upper bound. */
function tierCell({ membership: { tier, undecided, outside } }: TableRow): Cell {
  if (undecided.length > 0) return [words(tier === 'outside' ? 'not decided' : `${tier} or smaller`)];
  if (outside === undefined) return [words(tier)];
  const { why, link } = outside;
  const named = why === 'link' && link !== undefined && link.name !== 'other';
  return [words(`${tier}: ${named ? `link is ${LINK_SAYS[link.name]}` : WHY_SHORT[why]}`)];
}

const WHY_SHORT: Readonly<Record<NonNullable<TableRow['membership']['outside']>['why'], string>> = {
  link: 'another link',
  mixture: 'a mixture',
  regulariser: 'a further term',
  weight: 'weighted pairs',
  'pair-coupled': 'pair-coupled',
  'batch-coupled': 'batch-coupled',
  unpaired: 'unpaired',
  'not-a-loss': 'not a loss',
};
