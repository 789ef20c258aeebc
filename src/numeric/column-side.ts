/** The columns of one response as arrays of a batch. Everything here throws RowsRefusal for what is wrong. */

import type { Responses, Role } from './batch.ts';
import type { Apart } from './column-apart.ts';
import { apartOf } from './column-apart.ts';
import type { Frame } from './column-frame.ts';
import { columnIn, frameOf, lengthsOf } from './column-frame.ts';
import type { Logits, Vocabulary } from './column-logits.ts';
import { logitsOf } from './column-logits.ts';
import type { SidePlan } from './column-plan.ts';
import { columnOf, logProbsIn, sums, tokenColumn } from './column-values.ts';
import type { Rows } from './columns.ts';
import type { Needs } from './needs.ts';
import { refuseRow } from './rows-fault.ts';
import { tokenLogProbs } from './token-log-probs.ts';

/** The name under which a batch has the numbers of tokens: no formula can take it for its own data. */
export const TOKEN_COUNT = 'number of tokens';

/** One side of a batch, and what was found on the way. */
export interface Side {
  readonly responses: Responses;
  /** Where log-probabilities beside logits are furthest from what these say. */
  readonly apart: readonly Apart[];
}

/**
 * One side of a batch. Where a response has one number in place of its tokens' log-probabilities, it is one token
 * of that log-probability, so lengths are data of their own.
 */
export function sideOf(rows: Rows, plan: SidePlan, needs: Needs, role: Role, vocabulary: Vocabulary): Side {
  const frame = frameOf(rows, plan, role);
  const logits = plan.tokens && frame && logitsOf(rows, plan, plan.tokens, frame, vocabulary);
  const whole = new Map([...(logits?.rows ?? [])].filter(([name]) => needs.whole.has(name)));
  const sum = [...plan.logProbs.values()].find((column) => columnIn(rows, column).kind === 'numbers');
  if (sum !== undefined && (needs.tokens.has(role) || whole.size > 0)) {
    refuseRow(rows, sum, 0, { kind: 'tokens-wanted' });
  }
  const tokens = sum === undefined ? frame : undefined;
  const offsets = tokens?.offsets ?? Int32Array.from({ length: rows.count + 1 }, (_, i) => i);
  const counts = countsOf(rows, plan, frame);
  if (counts === undefined && needs.lengths.has(role)) {
    const [column = ''] = plan.logProbs.values();
    refuseRow(rows, column, 0, { kind: 'lengths-wanted', role });
  }
  const perResponse = new Map(
    [...plan.perResponse].map(([name, source]) => [name, columnOf(rows, source)] as const),
  );
  const perToken = [...plan.perToken].map(
    ([name, source]) => [name, tokenColumn(rows, source, frame, offsets)] as const,
  );
  const responses: Responses = {
    count: rows.count,
    offsets,
    logProbs: new Map([...given(rows, plan, frame, tokens), ...readOff(logits, needs, tokens)]),
    rows: whole,
    labels: whole.size > 0 && logits !== undefined ? logits.labels : new Int32Array(0),
    perResponse: perResponse.set(TOKEN_COUNT, counts ?? new Float64Array(rows.count).fill(Number.NaN)),
    perToken: new Map(perToken),
  };
  return { responses, apart: logits === undefined ? [] : apartOf(rows, plan.checks, plan.logits, logits) };
}

type LogProbs = Iterable<readonly [name: string, values: Float64Array]>;

/** Log-probabilities as they stand in columns: by token, or added up where some column has sums. */
function* given(rows: Rows, plan: SidePlan, frame: Frame | undefined, tokens: Frame | undefined): LogProbs {
  for (const [name, column] of plan.logProbs) {
    const data = columnIn(rows, column);
    if (data.kind === 'matrices') return refuseRow(rows, column, 0, { kind: 'logits-unwanted' });
    const values = logProbsIn(rows, column, data, frame);
    const added = data.kind === 'lists' && frame !== undefined && tokens === undefined;
    yield [name, added ? sums(values, frame) : values];
  }
}

/** Log-probabilities that nothing but logits gives, of distributions that are not asked for whole. */
function* readOff(logits: Logits | undefined, needs: Needs, tokens: Frame | undefined): LogProbs {
  if (logits === undefined) return;
  for (const [name, rows] of logits.rows) {
    if (needs.whole.has(name)) continue;
    const { values } = tokenLogProbs(rows, logits.labels);
    yield [name, tokens === undefined ? sums(values, logits.frame) : values];
  }
}

/** The numbers of tokens, where some column tells. */
function countsOf(rows: Rows, plan: SidePlan, frame: Frame | undefined): Float64Array | undefined {
  if (frame === undefined) return plan.lengths === undefined ? undefined : lengthsOf(rows, plan.lengths);
  return Float64Array.from(
    { length: rows.count },
    (_, i) => (frame.offsets[i + 1] ?? 0) - (frame.offsets[i] ?? 0),
  );
}
