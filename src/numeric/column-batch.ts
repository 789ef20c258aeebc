/** Rows of a file as a batch that a loss can be evaluated on. */

import type { Batch, Responses } from './batch.ts';
import type { Source } from './column-find.ts';
import type { ColumnPlan } from './column-plan.ts';
import { columnOf, sideOf } from './column-side.ts';
import type { Rows } from './columns.ts';
import type { Needs } from './needs.ts';
import type { RowsFault } from './rows-fault.ts';
import { RowsRefusal } from './rows-fault.ts';

/** The batch of these rows; the first number that cannot be used is a fault. */
export function batchOfRows(rows: Rows, plan: ColumnPlan, needs: Needs): Batch | RowsFault {
  try {
    const whole = (sources: ReadonlyMap<string, Source>): ReadonlyMap<string, Float64Array> =>
      new Map([...sources].map(([name, source]) => [name, columnOf(rows, source)]));
    const [chosen, rejected] = [
      sideOf(rows, plan.chosen, needs, 'chosen'),
      sideOf(rows, plan.rejected, needs, 'rejected'),
    ];
    return {
      kind: 'batch',
      pairs: rows.count,
      vocabulary: 0,
      chosen: completed(chosen, rejected),
      rejected: completed(rejected, chosen),
      perPair: whole(plan.perPair),
      perPrompt: whole(plan.perPrompt),
    };
  } catch (error) {
    if (error instanceof RowsRefusal) return error.fault;
    throw error;
  }
}

/** A batch has the same names on both sides: what is never asked of one response is undefined there. */
function completed(side: Responses, other: Responses): Responses {
  const joined = (
    own: ReadonlyMap<string, Float64Array>,
    others: ReadonlyMap<string, Float64Array>,
    length: number,
  ): ReadonlyMap<string, Float64Array> => {
    const lacking = [...others.keys()].filter((name) => !own.has(name));
    return new Map([
      ...own,
      ...lacking.map((name) => [name, new Float64Array(length).fill(Number.NaN)] as const),
    ]);
  };
  const tokens = side.offsets[side.count] ?? 0;
  return {
    ...side,
    logProbs: joined(side.logProbs, other.logProbs, tokens),
    perToken: joined(side.perToken, other.perToken, tokens),
    perResponse: joined(side.perResponse, other.perResponse, side.count),
  };
}
