/** Does a reward make the pairs of candidates that code made: the best and the worst of each prompt? */

import { Decimal } from 'decimal.js';
import { substitute } from '../expr/binder.ts';
import type { Expr } from '../expr/expr.ts';
import { variable } from '../expr/expr.ts';
import type { Batch, ResponsesInput } from './batch.ts';
import { batch, shapeOf } from './batch.ts';
import type { Candidates } from './candidates.ts';
import type { Bounded, Parameters } from './compile.ts';
import { compile } from './compile.ts';
import { exactValue } from './exact.ts';
import { RESPONSE } from './gradient.ts';
import { numeric } from './hyperparameter.ts';
import { meanOf } from './mean.ts';
import type { Check, Tally, Where } from './tally.ts';
import { checkOf, NOTHING_FOUND, tally } from './tally.ts';
import type { SelectionCase } from './vectors.ts';
import type { VectorsQuestion, VerifyFault } from './verify.ts';
import { inTheirNames, isAsked } from './verify.ts';

/** A whole number, or one given. */
const exactly = (values: readonly number[]): Bounded => {
  const none = new Float64Array(values.length);
  return { values: Float64Array.from(values), own: none, other: none };
};

/**
 * Evaluates the reward of a question, a formula in the response y, on the candidates of every case of selection
 * that it is about: which candidates are picked, by their lengths; their rewards; and for a sweep the mean
 * difference in length at every value, and the value at which that is smallest.
 */
export function verifySelection(question: VectorsQuestion): Check | VerifyFault {
  const { vectors, name, data = new Map() } = question;
  const reward = substitute(inTheirNames(question), [[variable('y', 'response'), RESPONSE.chosen]]);
  const values = tally();
  let cases = 0;
  for (const [i, one] of vectors.cases.entries()) {
    const candidates = vectors.candidates.get(one.batch);
    if (one.kind !== 'selection' || candidates === undefined || !isAsked(question, one)) continue;
    const made = batchOf(candidates, data);
    if (made.kind !== 'batch') return made;
    const at: Where = { case: i, batch: one.batch };
    const fault =
      compareSweep(reward, candidates, made, one, at, values) ??
      comparePairs(reward, candidates, made, one, at, values);
    if (fault !== undefined) return fault;
    cases += 1;
  }
  return cases === 0
    ? { kind: 'no-cases' }
    : checkOf(name, cases, { ...NOTHING_FOUND, values: values.tallied() });
}

/** Each candidate as a pair with itself, of which nothing is known but its columns. */
function batchOf(candidates: Candidates, data: ReadonlyMap<string, string>): Batch | VerifyFault {
  const perResponse = new Map<string, readonly number[]>();
  for (const [name, path] of data) {
    const column = candidates.columns.get(path);
    if (column === undefined) return { kind: 'no-such-path', name, path };
    perResponse.set(name, [...column]);
  }
  const side: ResponsesInput = { lengths: Array.from(candidates.lengths, () => 1), perResponse };
  const made = batch({ chosen: side, rejected: side });
  if (made.kind === 'batch') return made;
  return { kind: 'malformed-data', name: made.field, path: made.field, fault: made };
}

interface Rewards {
  readonly bounded: Bounded;
  readonly parameters: Parameters;
  /** The positions of the best and the worst candidate of each prompt. */
  readonly picks: readonly (readonly [best: number, worst: number])[];
}

function rewardsAt(
  reward: Expr,
  candidates: Candidates,
  made: Batch,
  parameters: Parameters,
): Rewards | VerifyFault {
  const kernel = compile(reward, shapeOf(made), parameters);
  if (kernel.kind !== 'kernel') return kernel;
  const bounded = kernel.runBounded(made);
  const at = (i: number): number => bounded.values[i] ?? Number.NaN;
  const picks = candidates.prompts.map((_, p) => {
    const [start = 0, end = 0] = [candidates.offsets[p], candidates.offsets[p + 1]];
    let [best, worst] = [start, start];
    for (let i = start; i < end; i++) {
      if (at(i) > at(best)) best = i;
      if (at(i) < at(worst)) worst = i;
    }
    return [best, worst] as const;
  });
  return { bounded, parameters, picks };
}

function comparePairs(
  reward: Expr,
  candidates: Candidates,
  made: Batch,
  { hyperparameters, selection }: SelectionCase,
  at: Where,
  values: Tally,
): VerifyFault | undefined {
  if (selection.pairs.length === 0) return undefined;
  const found = rewardsAt(reward, candidates, made, numeric(hyperparameters));
  if ('kind' in found) return found;
  const { bounded, parameters, picks } = found;
  const recorded = candidates.prompts.map((prompt) => selection.pairs.find((pair) => pair.prompt === prompt));
  for (const [k, role] of (['chosen', 'rejected'] as const).entries()) {
    const positions = picks.map((pick) => pick[k] ?? 0);
    const pick = (all: Float64Array): Float64Array =>
      Float64Array.from(positions, (i) => all[i] ?? Number.NaN);
    const place = (pair: number): Where => ({ ...at, pair, role });
    const ours = { values: pick(bounded.values), own: pick(bounded.own), other: pick(bounded.other) };
    const theirs = recorded.map((pair) => pair?.[`${role}Reward`] ?? Number.NaN);
    const exact = (pair: number) =>
      exactValue(reward, { batch: made, pair: positions[pair] ?? 0, parameters });
    values.compare(ours, theirs, ours.other, place, exact);
    const lengths = exactly(positions.map((i) => candidates.lengths[i] ?? Number.NaN));
    const theirLengths = recorded.map((pair) => pair?.[`${role}Length`] ?? Number.NaN);
    values.compare(lengths, theirLengths, lengths.other, place, exact);
  }
  return undefined;
}

/** `alpha_range`: the hyper-parameter that a sweep goes through. */
const SWEPT = /_range$/;

function compareSweep(
  reward: Expr,
  candidates: Candidates,
  made: Batch,
  { hyperparameters, selection }: SelectionCase,
  at: Where,
  values: Tally,
): VerifyFault | undefined {
  if (selection.sweep.length === 0) return undefined;
  const swept = [...hyperparameters.keys()].find((name) => SWEPT.test(name))?.replace(SWEPT, '') ?? '';
  let best = { value: Number.NaN, size: Number.POSITIVE_INFINITY };
  for (const [value, recorded] of selection.sweep) {
    const parameters = new Map([...numeric(hyperparameters), [swept, value]]);
    const found = rewardsAt(reward, candidates, made, parameters);
    if ('kind' in found) return found;
    const length = (i: number): number => candidates.lengths[i] ?? Number.NaN;
    const differences = exactly(found.picks.map(([chosen, rejected]) => length(chosen) - length(rejected)));
    const { ours, exact } = meanOf([differences], (_, i) => new Decimal(differences.values[i] ?? Number.NaN));
    values.compare(ours, [recorded], ours.other, () => at, exact);
    const size = Math.abs(ours.values[0] ?? Number.NaN);
    if (size < best.size) best = { value, size };
  }
  if (selection.best === undefined) return undefined;
  const ours = exactly([best.value]);
  values.compare(
    ours,
    [selection.best],
    ours.other,
    () => at,
    () => new Decimal(best.value),
  );
  return undefined;
}
