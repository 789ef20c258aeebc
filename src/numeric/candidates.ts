/** Candidates of a prompt, of which code makes a pair: the best and the worst by some reward. */

import * as v from 'valibot';
import type { Malformed } from './raw.ts';
import { read, recorded } from './raw.ts';

/** Candidates of one prompt after another; each column has one number per candidate. */
export interface Candidates {
  readonly kind: 'candidates';
  readonly prompts: readonly string[];
  /** How long each candidate is, in characters. */
  readonly lengths: Float64Array;
  /** Where each prompt's candidates begin, and where the last one's end. */
  readonly offsets: readonly number[];
  readonly columns: ReadonlyMap<string, Float64Array>;
}

/** The pair made of a prompt's candidates: their lengths and rewards. */
export interface Pick {
  readonly prompt: string;
  readonly chosenLength: number;
  readonly rejectedLength: number;
  readonly chosenReward: number;
  readonly rejectedReward: number;
}

export interface Selection {
  readonly kind: 'selection';
  readonly pairs: readonly Pick[];
  /** Values of a swept hyper-parameter with the mean difference in length of the pairs they make. */
  readonly sweep: readonly (readonly [value: number, difference: number])[];
  /** The value of the sweep that makes that difference smallest. */
  readonly best: number | undefined;
}

const candidate = v.objectWithRest({ length_chars: v.number() }, v.number());
const prompts = v.record(v.string(), v.pipe(v.array(candidate), v.minLength(1)));

export function readCandidates(value: unknown, at: string): Candidates | Malformed {
  const found = read(prompts, value, at);
  if (found.kind !== 'read') return found;
  const groups = Object.entries(found.value);
  const all = groups.flatMap(([, candidates]) => candidates);
  const offsets = [0];
  for (const [, candidates] of groups) offsets.push((offsets.at(-1) ?? 0) + candidates.length);
  // A column is what every candidate has.
  const names = Object.keys(all[0] ?? {}).filter((name) => all.every((one) => Object.hasOwn(one, name)));
  const columns = new Map(
    names.map((name) => [name, Float64Array.from(all, (one) => one[name] ?? Number.NaN)]),
  );
  const lengths = Float64Array.from(all, ({ length_chars }) => length_chars);
  return { kind: 'candidates', prompts: groups.map(([prompt]) => prompt), lengths, offsets, columns };
}

const outputs = v.object({
  pairs: v.optional(
    v.array(
      v.object({
        prompt: v.string(),
        chosen_length: v.number(),
        rejected_length: v.number(),
        chosen_score: recorded,
        rejected_score: recorded,
      }),
    ),
  ),
  optimal_alpha: v.optional(v.number()),
  sweep: v.optional(v.array(v.tuple([v.number(), recorded]))),
});

export function readSelection(value: unknown, at: string): Selection | Malformed {
  const found = read(outputs, value, at);
  if (found.kind !== 'read') return found;
  const { pairs = [], sweep = [], optimal_alpha } = found.value;
  return {
    kind: 'selection',
    pairs: pairs.map((pair) => ({
      prompt: pair.prompt,
      chosenLength: pair.chosen_length,
      rejectedLength: pair.rejected_length,
      chosenReward: pair.chosen_score,
      rejectedReward: pair.rejected_score,
    })),
    sweep,
    best: optimal_alpha,
  };
}
