/** A comparison table as JSON: the chosen columns of each claim, formulas in the formula language. */

import type { Expr } from '../expr/expr.ts';
import type { Membership } from '../framework/membership.ts';
import type { TableReport, TableRow } from '../report/table.ts';
import { print } from '../syntax/print.ts';
import type { Json } from '../trace/json.ts';
import { expand } from '../variant/expand.ts';
import { isExact, plainWhen } from './condition.ts';
import { NEAREST_SAYS } from './outside-text.ts';
import type { TableColumn } from './table-head.ts';

type Fields = { readonly [key: string]: Json };

/** Every row has its id; a tier brings along why it is what it is. */
export const tableJson = ({ rows }: TableReport, chosen: readonly TableColumn[]): Json => ({
  schema: 'midpo/table',
  version: 1,
  columns: chosen,
  rows: rows.map((row) =>
    chosen.reduce<Fields>((fields, column) => Object.assign(fields, FIELDS[column](row)), {
      id: row.variant.id,
    }),
  ),
});

const formula = (e: Expr | undefined): Json => (e === undefined ? null : print(e));

const FIELDS: Readonly<Record<TableColumn, (row: TableRow) => Fields>> = {
  variant: ({ variant }) => ({ variant: variant.title }),
  prior: ({ membership }) => ({ prior: priorJson(membership) }),
  weight: ({ membership: { prior } }) => ({
    weight: formula(prior && (prior.kind === 'one' ? prior.prior : prior.chosen).weight),
  }),
  tier: ({ membership: { tier, undecided, outside } }) => ({
    tier,
    undecided,
    why: outside?.why ?? null,
    link: outside?.link?.name ?? null,
  }),
  conditions: ({ membership: { conditions } }) => ({
    conditions: conditions.map(({ tier, when }) => ({
      tier,
      when: plainWhen(when),
      exact: isExact(when),
    })),
  }),
  loss: ({ variant: { loss, definitions } }) => ({ loss: print(expand(loss, definitions)) }),
  id: () => ({}),
  paper: ({ variant: { paper } }) => ({ paper: paper === undefined ? null : { ...paper } }),
  logit: ({ membership }) => ({ logit: formula(membership.logit) }),
  gradient: ({ membership }) => ({ gradient: membership.gradientTier }),
  nearest: ({ membership }) => ({ nearest: nearestJson(membership) }),
};

const priorJson = ({ prior }: Membership): Json => {
  if (prior === undefined) return null;
  return prior.kind === 'one'
    ? { zeta: print(prior.prior.zeta) }
    : { chosen: print(prior.chosen.zeta), rejected: print(prior.rejected.zeta) };
};

const nearestJson = ({ outside }: Membership): Json => {
  if (outside?.nearest === undefined) return null;
  const { kind, tier, logit } = outside.nearest;
  return { kind, tier, logit: print(logit), says: NEAREST_SAYS[kind] };
};
