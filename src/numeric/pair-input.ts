/** One pair of a batch as plain numbers, with the hyper-parameters it was evaluated at: what a reader needs to repeat it. */

import { FLOAT } from './arithmetic.ts';
import type { Batch, Responses, Role } from './batch.ts';
import type { Parameters } from './compile.ts';
import { logProbabilities } from './normalise.ts';

export interface SideInput {
  readonly tokens: number;
  /** Distribution -> log-probability of each token. */
  readonly logProbs: ReadonlyMap<string, readonly number[]>;
  readonly perToken: ReadonlyMap<string, readonly number[]>;
  readonly perResponse: ReadonlyMap<string, number>;
}

export interface PairInput {
  readonly parameters: Parameters;
  readonly chosen: SideInput;
  readonly rejected: SideInput;
  /** Data of the pair, and of what it answers. */
  readonly perPair: ReadonlyMap<string, number>;
}

export function pairInput(batch: Batch, pair: number, parameters: Parameters): PairInput {
  const whole = new Map(
    [...batch.perPair, ...batch.perPrompt].map(([name, values]) => [name, values[pair] ?? Number.NaN]),
  );
  return {
    parameters,
    chosen: sideInput(batch, 'chosen', pair),
    rejected: sideInput(batch, 'rejected', pair),
    perPair: whole,
  };
}

function sideInput(batch: Batch, role: Role, pair: number): SideInput {
  const side: Responses = batch[role];
  const [start, end] = [side.offsets[pair] ?? 0, side.offsets[pair + 1] ?? 0];
  const positions = Array.from({ length: end - start }, (_, t) => start + t);
  const { ofToken } = logProbabilities(batch, FLOAT);
  const names = new Set([...side.logProbs.keys(), ...side.rows.keys()]);
  const logProbs = [...names].map((name) => {
    const read = ofToken(name, role);
    return [name, positions.map((position) => read(position))] as const;
  });
  return {
    tokens: end - start,
    logProbs: new Map(logProbs),
    perToken: new Map([...side.perToken].map(([name, values]) => [name, [...values.slice(start, end)]])),
    perResponse: new Map([...side.perResponse].map(([name, values]) => [name, values[pair] ?? Number.NaN])),
  };
}
