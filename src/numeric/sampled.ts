/** Two formulas for one loss on random batches, and a symbolic gradient against finite differences. */

import { Decimal } from 'decimal.js';
import { freeNames } from '../expr/binder.ts';
import type { Datum, Declarations } from '../expr/declare.ts';
import { datumOf, domainOf } from '../expr/declare.ts';
import type { Expr, Sort } from '../expr/expr.ts';
import { nodes, some } from '../expr/walk.ts';
import type { Batch } from './batch.ts';
import { shapeOf } from './batch.ts';
import type { Parameters } from './compile.ts';
import { compile } from './compile.ts';
import type { CompileFault } from './demand.ts';
import { sortsOf } from './demand.ts';
import { exactValue } from './exact.ts';
import { aboutParameters, meetsFacts } from './facts.ts';
import { finiteDifference } from './gradient.ts';
import { pairInput } from './pair-input.ts';
import type { Random } from './random.ts';
import { random } from './random.ts';
import { sampleBatch, sampleNumber } from './sample.ts';
import type { Coordinates } from './slopes.ts';
import { slopesOf } from './slopes.ts';
import type { Check, Where } from './tally.ts';
import { checkOf, tally } from './tally.ts';

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
  /** Told after each batch how many pairs are done. */
  readonly onProgress?: (done: number, all: number) => void;
}

export type SampledFault =
  | CompileFault
  /** No hyper-parameters were found that meet the declared facts. */
  | { readonly kind: 'no-parameters'; readonly tries: number };

const TRIES = 1000;
const DRAWS = 8;

/**
 * Whether `derived` is `published` in value on random batches, at hyper-parameters drawn from their domains,
 * within the error bounds of both. Evidence, not proof. `gradients` compares their symbolic gradients and
 * does not enter `passed`: formulas equal in value may differ in gradient, by stop-gradients.
 */
export function verifyClosedForm(
  published: Expr,
  derived: Expr,
  question: SampledQuestion,
): Check | SampledFault {
  const values = tally({ nanAgrees: true });
  const gradients = tally({ nanAgrees: true });
  const draws = forEachDraw([published, derived], question, (batch, parameters, index) => {
    const shape = shapeOf(batch);
    const [ours, theirs] = [compile(derived, shape, parameters), compile(published, shape, parameters)];
    if (ours.kind !== 'kernel') return ours;
    if (theirs.kind !== 'kernel') return theirs;
    const other = theirs.runBounded(batch);
    values.compare(
      ours.runBounded(batch),
      other.values,
      other.own,
      (pair) => ({ case: index, pair, input: pairInput(batch, pair, parameters) }),
      (pair) => exactValue(derived, { batch, pair, parameters }),
    );
    const coordinates = coordinatesOf(batch);
    const at = { case: index };
    const withInput = inputOf(batch, parameters);
    const [own, recorded] = [derived, published].map((e) => slopesOf(e, batch, parameters, coordinates, at));
    if (own === undefined || recorded === undefined) return undefined;
    if ('kind' in own) return own;
    if ('kind' in recorded) return recorded;
    for (const [i, { ours: mine, place, exact }] of own.entries()) {
      const theirs = recorded[i]?.ours ?? mine;
      gradients.compare(mine, theirs.values, theirs.own, (k) => withInput(place(k)), exact);
    }
    return undefined;
  });
  if (typeof draws !== 'number') return draws;
  return {
    ...checkOf(question.name, draws, values, gradients),
    // Formulas that are undefined everywhere have not been compared.
    passed: values.measure().passed && values.measure().values > 0,
  };
}

/** A place in a random batch says what stood there: no file does. */
const inputOf =
  (batch: Batch, parameters: Parameters) =>
  (at: Where): Where => ({ ...at, input: pairInput(batch, at.pair ?? 0, parameters) });

/** Batches have full distributions where a formula asks for them: the policy moves by its logits there. */
const coordinatesOf = ({ vocabulary }: Batch): Coordinates => (vocabulary > 0 ? 'logits' : 'log-probs');

/**
 * Whether the symbolic gradient of `loss` is its derivative, by central differences in decimal arithmetic
 * at one random coordinate of each response; at a kink any slope between those of the two sides agrees. Pairs at which the loss is
 * undefined or beyond the range of doubles are passed over, and those where it is beyond decimals.
 */
export function verifyGradient(loss: Expr, question: SampledQuestion): Check | SampledFault {
  const found = tally();
  const draw = random(question.seed);
  const draws = forEachDraw([loss], question, (batch, parameters, index) => {
    const slopes = slopesOf(loss, batch, parameters, coordinatesOf(batch), { case: index });
    if ('kind' in slopes) return slopes;
    const kernel = compile(loss, shapeOf(batch), parameters);
    if (kernel.kind !== 'kernel') return kernel;
    const withInput = inputOf(batch, parameters);
    const usable = [...kernel.run(batch).entries()].filter(([, x]) => Number.isFinite(x));
    const width = Math.max(1, batch.vocabulary);
    for (const { role, ours, place } of slopes) {
      const { offsets } = batch[role];
      const differences = usable.flatMap(([pair]) => {
        const [start = 0, end = 0] = [offsets[pair], offsets[pair + 1]];
        const i = draw.integer(start * width, end * width - 1);
        const { token = 0, entry } = place(i);
        const coordinate = { role, token, ...(entry !== undefined && { entry }) };
        const { value, error, between } = finiteDifference(loss, { batch, pair, parameters }, coordinate);
        const [least, most] = between;
        // Exponents of exponents go beyond decimals too.
        if (Number.isNaN(value)) return [];
        // At a kink any slope between those of the two sides is right.
        const own = ours.values[i] ?? Number.NaN;
        const nearest = least < most ? Math.min(Math.max(own, least), most) : value;
        return [{ i, value: nearest, error }];
      });
      const pick = (all: Float64Array): Float64Array =>
        Float64Array.from(differences, ({ i }) => all[i] ?? Number.NaN);
      found.compare(
        { values: pick(ours.values), own: pick(ours.own), other: pick(ours.other) },
        differences.map(({ value }) => value),
        differences.map(({ error }) => error),
        (k) => withInput(place(differences[k]?.i ?? 0)),
        (k) => new Decimal(differences[k]?.value ?? Number.NaN),
      );
    }
    return undefined;
  });
  if (typeof draws !== 'number') return draws;
  return {
    kind: 'check',
    name: question.name,
    cases: draws,
    ...found.measure(),
    passed: found.measure().passed && found.measure().values > 0,
    gradients: found.measure(),
    disagreements: found.disagreements,
  };
}

/** The most pairs, and the most numbers of a response's rows, held at a time: memory does not grow with the run. */
const MOST_PAIRS = 512;
const MOST_NUMBERS = 2 ** 18;

/** The pairs in draws of at most so many, each with hyper-parameters of its own; gives the number of draws. */
function forEachDraw(
  formulas: readonly Expr[],
  question: SampledQuestion,
  visit: (batch: Batch, parameters: Parameters, index: number) => SampledFault | undefined,
): number | SampledFault {
  const { declared, pairs, tokens, vocabulary = 0, draws = DRAWS, onProgress } = question;
  const draw = random(question.seed);
  const data = dataOf(formulas, declared);
  const entries = formulas.some((e) => some(e, usesVocabulary)) ? vocabulary : 0;
  const fitting = Math.max(1, Math.floor(MOST_NUMBERS / (tokens * Math.max(1, entries))));
  const count = Math.max(Math.min(draws, pairs), Math.ceil(pairs / Math.min(MOST_PAIRS, fitting)));
  for (let index = 0; index < count; index++) {
    const seed = draw.integer(0, 2 ** 31);
    const done = Math.floor((pairs * index) / count);
    const until = Math.floor((pairs * (index + 1)) / count);
    const batch = sampleBatch({ seed, pairs: until - done, tokens, vocabulary: entries, data, from: done });
    const parameters = sampleParameters(formulas, declared, draw);
    const fault = parameters instanceof Map ? visit(batch, parameters, index) : parameters;
    if (fault !== undefined) return fault;
    onProgress?.(until, pairs);
  }
  return count;
}

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

/** Values for every hyper-parameter the formulas mention, within their domains and the declared facts. */
function sampleParameters(
  formulas: readonly Expr[],
  declared: Declarations,
  draw: Random,
): Map<string, number> | SampledFault {
  const facts = aboutParameters(declared.facts);
  const mentioned = [...formulas, ...facts.map(({ of }) => of)].flatMap((e) => freeNames(e));
  const names = new Set(mentioned.flatMap((name) => (name.kind === 'sym' ? [name.name] : [])));
  for (let tries = 0; tries < TRIES; tries++) {
    const drawn = new Map(
      [...names].map((name) => [name, sampleNumber(domainOf(declared, name), draw)] as const),
    );
    if (meetsFacts(facts, drawn)) return drawn;
  }
  return { kind: 'no-parameters', tries: TRIES };
}
