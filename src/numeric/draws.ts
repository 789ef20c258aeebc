/** Random batches in a row, each with hyper-parameters of its own: what a long run draws, a little at a time. */

import { freeNames } from '../expr/binder.ts';
import type { Datum, Declarations } from '../expr/declare.ts';
import { datumOf, domainOf } from '../expr/declare.ts';
import type { Expr, Sort } from '../expr/expr.ts';
import { nodes, some } from '../expr/walk.ts';
import type { Batch } from './batch.ts';
import type { Parameters } from './compile.ts';
import type { CompileFault } from './demand.ts';
import { sortsOf } from './demand.ts';
import { aboutParameters, meetsFacts } from './facts.ts';
import { pairInput } from './pair-input.ts';
import type { Random } from './random.ts';
import { random } from './random.ts';
import type { SampleOptions } from './sample.ts';
import { sampleBatch, sampleNumber } from './sample.ts';
import type { Coordinates } from './slopes.ts';
import type { Where } from './tally.ts';

export interface SampledQuestion {
  readonly name: string;
  readonly declared: Declarations;
  readonly seed: number;
  /** How many pairs in all. */
  readonly pairs: number;
  /** The longest response. */
  readonly tokens: number;
  /** The size of the vocabulary, for formulas with full distributions; 0 without. */
  readonly vocabulary?: number;
  /** The least number of times that hyper-parameters are drawn, each with a batch of its own. */
  readonly draws?: number;
}

export type SampledFault =
  | CompileFault
  /** No hyper-parameters were found that meet the declared facts. */
  | { readonly kind: 'no-parameters'; readonly tries: number };

const TRIES = 1000;
const DRAWS = 8;

/** The most pairs, and the most numbers of a response's rows, held at a time: memory does not grow with the run. */
const MOST_PAIRS = 512;
const MOST_NUMBERS = 2 ** 18;

/** A draw before its batch is made: small and plain data, so that the batch can be made elsewhere. */
export interface Plan {
  readonly kind: 'plan';
  /** The number of the draw, from 0. */
  readonly index: number;
  /** How many pairs there are up to its end. */
  readonly until: number;
  readonly sample: SampleOptions;
  readonly parameters: Parameters;
}

export interface Draw extends Pick<Plan, 'index' | 'parameters'> {
  readonly seed: number;
  readonly batch: Batch;
}

/** The batch of a plan, the same wherever it is made. */
export const drawOf = ({ index, sample, parameters }: Plan): Draw => ({
  index,
  parameters,
  seed: sample.seed,
  batch: sampleBatch(sample),
});

/** The pairs of a question in draws of at most so many, one after another; ends after a fault. */
export function* plans(
  formulas: readonly Expr[],
  question: Omit<SampledQuestion, 'name'>,
): Generator<Plan | SampledFault, void, undefined> {
  const { declared, pairs, tokens, vocabulary: asked = 0, draws: least = DRAWS } = question;
  const draw = random(question.seed);
  const data = dataOf(formulas, declared);
  const vocabulary = formulas.some((e) => some(e, usesVocabulary)) ? asked : 0;
  const fitting = Math.max(1, Math.floor(MOST_NUMBERS / (tokens * Math.max(1, vocabulary))));
  const count = Math.max(Math.min(least, pairs), Math.ceil(pairs / Math.min(MOST_PAIRS, fitting)));
  const sampleParameters = parameterSampler(formulas, declared, draw);
  for (let index = 0; index < count; index++) {
    const seed = draw.integer(0, 2 ** 31);
    const from = Math.floor((pairs * index) / count);
    const until = Math.floor((pairs * (index + 1)) / count);
    const parameters = sampleParameters();
    if (parameters === undefined) {
      yield { kind: 'no-parameters', tries: TRIES };
      return;
    }
    const sample = { seed, pairs: until - from, tokens, vocabulary, data, from };
    yield { kind: 'plan', index, until, sample, parameters };
  }
}

/** A place in a random batch says what stood there: no file does. */
export const inputOf =
  (batch: Batch, parameters: Parameters) =>
  (at: Where): Where => ({ ...at, input: pairInput(batch, at.pair ?? 0, parameters) });

/** Batches have full distributions where a formula asks for them: the policy moves by its logits there. */
export const coordinatesOf = ({ vocabulary }: Batch): Coordinates =>
  vocabulary > 0 ? 'logits' : 'log-probs';

export const usesVocabulary = (e: Expr): boolean => e.kind === 'sum' && e.range.kind === 'vocabulary';

/** The declared data that formulas mention, beside what every batch has. */
export function dataOf(formulas: readonly Expr[], declared: Declarations): ReadonlyMap<string, Datum> {
  const found = new Map<string, Datum>();
  for (const e of formulas) {
    for (const [node] of nodes(e)) {
      if (node.kind !== 'apply' || ['pi', 'ref', 'len'].includes(node.name)) continue;
      const datum = datumOf(declared, node.name);
      const shapes: readonly (readonly Sort[])[] = [...(found.get(node.name)?.shapes ?? []), sortsOf(node)];
      if (datum !== undefined) found.set(node.name, { ...datum, shapes });
    }
  }
  return found;
}

/**
 * Values for every hyper-parameter the formulas mention, within their domains and the declared facts; undefined
 * where none are found.
 */
function parameterSampler(
  formulas: readonly Expr[],
  declared: Declarations,
  draw: Random,
): () => Parameters | undefined {
  const facts = aboutParameters(declared.facts);
  const mentioned = [...formulas, ...facts.map(({ of }) => of)].flatMap((e) => freeNames(e));
  const names = new Set(mentioned.flatMap((name) => (name.kind === 'sym' ? [name.name] : [])));
  const one = (): Parameters =>
    new Map([...names].map((name) => [name, sampleNumber(domainOf(declared, name), draw)] as const));
  return () => {
    for (let tries = 0; tries < TRIES; tries++) {
      const drawn = one();
      if (meetsFacts(facts, drawn)) return drawn;
    }
    return undefined;
  };
}
