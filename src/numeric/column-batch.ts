/** Rows of a file as a batch that a loss can be evaluated on. */

import type { Batch, Responses } from './batch.ts';
import type { Apart } from './column-apart.ts';
import type { Source } from './column-find.ts';
import type { Vocabulary } from './column-logits.ts';
import { oneVocabulary } from './column-logits.ts';
import type { ColumnPlan } from './column-plan.ts';
import { sideOf } from './column-side.ts';
import { columnOf } from './column-values.ts';
import type { Rows } from './columns.ts';
import type { Needs } from './needs.ts';
import type { RowsFault } from './rows-fault.ts';
import { RowsRefusal } from './rows-fault.ts';

/** A batch, and where log-probabilities that stand beside logits in its columns are furthest from these. */
export interface RowsBatch extends Batch {
  readonly apart: readonly Apart[];
}

/**
 * The batch of these rows; the first number that cannot be used is a fault. Batches of one file share their
 * `vocabulary`.
 */
export function batchOfRows(
  rows: Rows,
  plan: ColumnPlan,
  needs: Needs,
  vocabulary: Vocabulary = oneVocabulary(),
): RowsBatch | RowsFault {
  try {
    const whole = (sources: ReadonlyMap<string, Source>): ReadonlyMap<string, Float64Array> =>
      new Map([...sources].map(([name, source]) => [name, columnOf(rows, source)]));
    const [chosen, rejected] = [
      sideOf(rows, plan.chosen, needs, 'chosen', vocabulary),
      sideOf(rows, plan.rejected, needs, 'rejected', vocabulary),
    ];
    return {
      kind: 'batch',
      pairs: rows.count,
      vocabulary: needs.whole.size > 0 ? vocabulary.size() : 0,
      chosen: completed(chosen.responses, rejected.responses),
      rejected: completed(rejected.responses, chosen.responses),
      perPair: whole(plan.perPair),
      perPrompt: whole(plan.perPrompt),
      apart: [...chosen.apart, ...rejected.apart],
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
    // What lies beyond the end of rows is undefined already.
    rows: joined(side.rows, other.rows, 0),
    perToken: joined(side.perToken, other.perToken, tokens),
    perResponse: joined(side.perResponse, other.perResponse, side.count),
  };
}
