/** Losses and implicit rewards of a training run as JSON: the report as one document, and rows of their own. */

import type { SidePlan } from '../numeric/column-plan.ts';
import type { NotableRow } from '../numeric/notable.ts';
import type { At, Summary } from '../numeric/summary.ts';
import { QUANTITIES } from '../numeric/tabulate.ts';
import type { LogpsReport } from '../report/logps.ts';
import { print } from '../syntax/print.ts';
import type { Json } from '../trace/json.ts';

/** Numbers that are not finite are strings. */
const number = (x: number): Json => (Number.isFinite(x) ? x : `${x}`);

/** `midpo verify --logps`. Rows count from 0, lines from 1. */
export function logpsJson(report: LogpsReport): Json {
  const { variant, settings, implicit, rows, summaries, wins, ties, worst, nonFinite, plan, narrow } = report;
  const { apart, engine } = report;
  const { tier, scores, logit } = implicit;
  return {
    schema: 'midpo/logps',
    version: 1,
    claim: variant.id,
    tier,
    rows,
    parameters: Object.fromEntries([...settings].map(([name, { value }]) => [name, value])),
    reward: scores === undefined ? null : { chosen: print(scores.chosen), rejected: print(scores.rejected) },
    loss: summaryJson(summaries.loss),
    chosen: summaries.chosen === undefined ? null : summaryJson(summaries.chosen),
    rejected: summaries.rejected === undefined ? null : summaryJson(summaries.rejected),
    margin: summaries.margin === undefined ? null : summaryJson(summaries.margin),
    accuracy: logit === undefined ? null : { wins, ties, share: wins / rows },
    worst: worst.map(rowJson),
    nonFinite: { count: summaries.loss.nonFinite, rows: nonFinite.map(rowJson) },
    columns: { chosen: sideJson(plan.chosen), rejected: sideJson(plan.rejected) },
    narrow: Object.fromEntries(narrow),
    apart: apart.map(({ column, other, row, difference }) => ({ column, of: other, row, difference })),
    idle: plan.idle,
    engine,
  };
}

const atJson = (at: At | undefined): Json =>
  at === undefined ? null : { row: at.row, value: number(at.value) };

const summaryJson = ({ count, mean, least, most, nonFinite }: Summary): Json => ({
  count,
  mean: number(mean),
  least: atJson(least),
  most: atJson(most),
  nonFinite,
});

const rowJson = (row: NotableRow): Json => ({
  row: row.row,
  ...(row.line !== undefined && { line: row.line }),
  ...Object.fromEntries(
    QUANTITIES.flatMap((quantity) => {
      const value = row[quantity];
      return value === undefined ? [] : [[quantity, number(value)] as const];
    }),
  ),
});

const sideJson = ({ logProbs, logits, tokens, mask, lengths, perResponse, perToken }: SidePlan): Json => ({
  ...Object.fromEntries([...logProbs, ...logits, ...perResponse, ...perToken]),
  ...(tokens !== undefined && { tokens: tokens.column }),
  ...(mask !== undefined && { mask }),
  ...(lengths !== undefined && { len: lengths }),
});
