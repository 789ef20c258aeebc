/** A path through the space of pairs, as a batch: the margin or a length varies, all else stands still. */

import type { Datum, Domain } from '../expr/declare.ts';
import type { Sort } from '../expr/expr.ts';
import type { Batch, ResponsesInput, Role } from './batch.ts';
import { batch } from './batch.ts';

/** One pair: the policy has moved from the reference by the margin, half of it on either response, spread evenly over the tokens. */
export interface PathPoint {
  /** log pi(w)/ref(w) - log pi(l)/ref(l) */
  readonly margin: number;
  /** In tokens. */
  readonly lengths: Readonly<Record<Role, number>>;
}

export interface PathQuestion {
  readonly points: readonly PathPoint[];
  /** What every distribution but the policy gives to each token. */
  readonly probability: number;
  /** Further data that the loss mentions, by name. */
  readonly data: ReadonlyMap<string, Pick<Datum, 'is' | 'shapes' | 'distribution'>>;
  /** What is said of data, by name and role; defaults for the rest. */
  readonly given: (name: string, role: Role) => number | undefined;
  /** Whether whole distributions over the vocabulary are asked for. */
  readonly vocabulary: boolean;
}

/** How many entries a vocabulary has: what the token leaves is spread evenly over the others. */
export const ENTRIES = 20;

/** The log-probability of each token under the policy; 0 or more where the margin is out of reach. */
export const policyLogProb = ({ margin, lengths }: PathPoint, role: Role, probability: number): number =>
  Math.log(probability) + ((role === 'chosen' ? 1 : -1) * margin) / (2 * lengths[role]);

/** The batch of the path. Throws where a point is out of reach: see `policyLogProb`. */
export function pathBatch(question: PathQuestion): Batch {
  const { points, data, given } = question;
  const shaped = (sorts: string): readonly (readonly [string, Domain])[] =>
    [...data].flatMap(([name, { is, shapes, distribution }]) =>
      !distribution && shapes.some((shape) => shape.join() === sorts) ? [[name, is] as const] : [],
    );
  const column = (sorts: string, shape: readonly Sort[], role: Role): Map<string, readonly number[]> =>
    new Map(
      shaped(sorts).map(([name, is]) => {
        const value = given(name, role) ?? usualValue(is, shape, role);
        return [name, points.map(() => value)];
      }),
    );
  const side = (role: Role): ResponsesInput => ({
    ...distributions(question, role),
    perResponse: column('response', ['response'], role),
    perToken: new Map(
      [...column('response,token', ['response', 'token'], role)].map(([name, values]) => [
        name,
        points.map(({ lengths }, i) => Array.from({ length: lengths[role] }, () => values[i] ?? Number.NaN)),
      ]),
    ),
  });
  const made = batch({
    chosen: side('chosen'),
    rejected: side('rejected'),
    perPair: column('response,response', ['response', 'response'], 'chosen'),
    perPrompt: new Map([...column('prompt', ['prompt'], 'chosen'), ...column('', [], 'chosen')]),
  });
  if (made.kind !== 'batch') throw new Error(`a path is malformed: ${made.field}`);
  return made;
}

/** Token weights count every token alike, and the chosen response scores one more than the rejected one; statistics rest. */
export function usualValue(is: Domain, shape: readonly Sort[], role: Role): number {
  const [first, second] = shape;
  if (is === 'open-unit') return 0.5;
  if (first === 'response' && second === 'token') return 1;
  const least = is === 'positive' ? 1 : 0;
  return first === 'response' && second === undefined && role === 'chosen' ? least + 1 : least;
}

function distributions({ points, probability, data, vocabulary }: PathQuestion, role: Role): ResponsesInput {
  const names = ['ref', ...[...data].flatMap(([name, { distribution }]) => (distribution ? [name] : []))];
  const lengths = points.map((point) => point.lengths[role]);
  const tokens = (name: string): readonly (readonly number[])[] =>
    points.map((point) => {
      const value = name === 'pi' ? policyLogProb(point, role, probability) : Math.log(probability);
      return Array.from({ length: point.lengths[role] }, () => value);
    });
  const all = ['pi', ...names.filter((name) => name !== 'pi')].map((name) => [name, tokens(name)] as const);
  if (!vocabulary) return { lengths, logProbs: new Map(all) };
  return {
    lengths,
    labels: lengths.map((length) => Array.from({ length }, () => 0)),
    rows: new Map(all.map(([name, rows]) => [name, rows.map((row) => row.map(spread))])),
  };
}

/** The distribution whose first entry has this log-probability. */
function spread(logProb: number): readonly number[] {
  const rest = Math.log(-Math.expm1(logProb) / (ENTRIES - 1));
  return Array.from({ length: ENTRIES }, (_, v) => (v === 0 ? logProb : rest));
}
