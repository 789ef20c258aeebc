/** A small batch with what a loss and its gradient are on it: numbers to test exported code with. */

import { freeNames } from '../expr/binder.ts';
import type { Datum, Declarations } from '../expr/declare.ts';
import { datumOf, domainOf } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { toNumber } from '../expr/rational.ts';
import { nodes } from '../expr/walk.ts';
import type { Batch, Responses, ResponsesInput } from '../numeric/batch.ts';
import { batch as batchOf, shapeOf } from '../numeric/batch.ts';
import type { Bounded, Parameters } from '../numeric/compile.ts';
import { compile } from '../numeric/compile.ts';
import { sortsOf } from '../numeric/demand.ts';
import type { Random } from '../numeric/random.ts';
import { random } from '../numeric/random.ts';
import type { DataToSample } from '../numeric/sample.ts';
import { sampleBatch, sampleNumber } from '../numeric/sample.ts';
import type { Coordinates, Slopes } from '../numeric/slopes.ts';
import { slopesOf } from '../numeric/slopes.ts';
import type { Parameter } from '../variant/variant.ts';

export interface Example {
  readonly batch: Batch;
  readonly parameters: Parameters;
  readonly losses: Bounded;
  readonly gradients: readonly Slopes[];
  /** The policy moves by its logits where the loss reads its whole distribution. */
  readonly coordinates: Coordinates;
}

const PAIRS = 3;
const TRIED = 42;
const LONGEST = 4;
const VOCABULARY = 3;
const DRAWS = 200;
/** Of the kinds of pairs that `sampleBatch` takes in turns: an ordinary one, a single token, a deep one. */
const FIRST = [0, 1, 5];

/** An example at the default hyper-parameters; undefined where the loss has no finite values there. */
export function exampleOf(
  loss: Expr,
  declared: Declarations,
  parameters: ReadonlyMap<string, Parameter>,
): Example | undefined {
  const draw = random(0);
  for (let tries = 0; tries < DRAWS; tries++) {
    const drawn = parametersAt(parameters, declared, tries, draw);
    const found = meetsFacts(declared, drawn) ? exampleAt(loss, declared, drawn) : undefined;
    if (found !== undefined) return found;
    // With nothing left to draw, another try would be the same one.
    if ([...parameters.values()].every((parameter) => parameter.default !== undefined)) return undefined;
  }
  return undefined;
}

/** The defaults; a half, then numbers of the domain, for parameters without one. */
const parametersAt = (
  parameters: ReadonlyMap<string, Parameter>,
  declared: Declarations,
  tries: number,
  draw: Random,
): Parameters =>
  new Map(
    [...parameters].map(([name, { default: usual }]) => {
      const is = domainOf(declared, name);
      const simple = tries === 0 && is !== 'integer' && is !== 'boolean';
      const value = simple ? 0.5 : Math.round(sampleNumber(is, draw) * 100) / 100;
      return [name, usual === undefined ? value : toNumber(usual)];
    }),
  );

/** Facts about data are not for hyper-parameters to meet. */
function meetsFacts({ facts }: Declarations, parameters: Parameters): boolean {
  const nowhere = sampleBatch({ seed: 0, pairs: 1, tokens: 1 });
  return facts.every(({ kind, of }) => {
    if (freeNames(of).some((name) => name.kind !== 'sym')) return true;
    const kernel = compile(of, shapeOf(nowhere), parameters);
    if (kernel.kind !== 'kernel') return true;
    const value = kernel.run(nowhere)[0] ?? Number.NaN;
    if (kind === 'integer') return Number.isInteger(value);
    return kind === 'positive' ? value > 0 : kind === 'nonnegative' ? value >= 0 : value !== 0;
  });
}

function exampleAt(loss: Expr, declared: Declarations, parameters: Parameters): Example | undefined {
  const tried = exampleBatch(loss, declared);
  const kernel = compile(loss, shapeOf(tried), parameters);
  if (kernel.kind !== 'kernel') return undefined;
  const values = kernel.run(tried);
  const order = [...FIRST, ...Array.from(values.keys()).filter((pair) => !FIRST.includes(pair))];
  const coordinates = tried.chosen.rows.has('pi') ? 'logits' : 'log-probs';
  const usable = order.filter((pair) => {
    if (!Number.isFinite(values[pair])) return false;
    const alone = only(tried, [pair]);
    const slopes = slopesOf(loss, alone, parameters, coordinates, { case: 0 });
    return (
      !('kind' in slopes) && [kernel.runBounded(alone), ...slopes.map(({ ours }) => ours)].every(isBounded)
    );
  });
  if (usable.length === 0) return undefined;
  const batch = only(tried, usable.slice(0, PAIRS));
  const gradients = slopesOf(loss, batch, parameters, coordinates, { case: 0 });
  const losses = compile(loss, shapeOf(batch), parameters);
  if ('kind' in gradients || losses.kind !== 'kernel') return undefined;
  return { batch, parameters, losses: losses.runBounded(batch), gradients, coordinates };
}

/** Whether the numbers and what they may be off by are known. */
const isBounded = ({ values, own, other }: Bounded): boolean =>
  [values, own, other].every((column) => column.every(Number.isFinite));

/** The distributions that a formula reads over the whole vocabulary. */
export function wholeDistributions(loss: Expr): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [node] of nodes(loss)) {
    if (node.kind === 'apply' && sortsOf(node).join() === 'response,token,vocab') names.add(node.name);
  }
  return names;
}

/** A random batch of what the loss reads, its numbers short: whole distributions as logits, others by token. */
function exampleBatch(loss: Expr, declared: Declarations): Batch {
  const whole = wholeDistributions(loss);
  const vocabulary = whole.size > 0 ? VOCABULARY : 0;
  const sampled = sampleBatch({
    seed: 1,
    pairs: TRIED,
    tokens: LONGEST,
    vocabulary,
    data: dataOf(loss, declared),
  });
  const tokens = vocabulary === 0 ? sampled : sampleBatch({ seed: 2, pairs: TRIED, tokens: LONGEST });
  const names = [...(vocabulary === 0 ? sampled.chosen.logProbs : sampled.chosen.rows).keys()];
  const side = (rows: Responses, lone: Responses): ResponsesInput => ({
    lengths: lengthsOf(rows),
    labels: vocabulary === 0 ? [] : cut(rows.labels, rows.offsets),
    rows: new Map(
      names.filter((name) => whole.has(name)).map((name) => [name, cutRows(rows, name, vocabulary)]),
    ),
    logProbs: new Map(
      names
        .filter((name) => !whole.has(name))
        .map((name) => [name, alike(lone.logProbs.get(name) ?? lone.logProbs.get('ref'), rows)]),
    ),
    perToken: mapped(rows.perToken, (values) => cut(values, rows.offsets)),
    perResponse: mapped(rows.perResponse, (values) => [...values].map(short)),
  });
  const made = batchOf({
    chosen: withoutLabels(side(sampled.chosen, tokens.chosen), vocabulary),
    rejected: withoutLabels(side(sampled.rejected, tokens.rejected), vocabulary),
    perPair: mapped(sampled.perPair, (values) => [...values].map(short)),
    perPrompt: mapped(sampled.perPrompt, (values) => [...values].map(short)),
  });
  if (made.kind !== 'batch') throw new Error(`a batch to show is malformed: ${made.field}`);
  return made;
}

const withoutLabels = ({ labels, ...rest }: ResponsesInput, vocabulary: number): ResponsesInput =>
  vocabulary === 0 || labels === undefined ? rest : { ...rest, labels };

/** Three decimals: numbers to be read. */
const short = (x: number): number => Math.round(x * 1000) / 1000;

const lengthsOf = ({ count, offsets }: Responses): readonly number[] =>
  Array.from({ length: count }, (_, i) => (offsets[i + 1] ?? 0) - (offsets[i] ?? 0));

const cut = (values: ArrayLike<number>, offsets: Int32Array): readonly (readonly number[])[] =>
  Array.from({ length: offsets.length - 1 }, (_, i) =>
    Array.from(values)
      .slice(offsets[i], offsets[i + 1])
      .map(short),
  );

const cutRows = (
  { rows, offsets }: Responses,
  name: string,
  vocabulary: number,
): readonly (readonly (readonly number[])[])[] => {
  const values = Array.from(rows.get(name) ?? []).map(short);
  const rowOf = (position: number): readonly number[] =>
    values.slice(position * vocabulary, (position + 1) * vocabulary);
  return Array.from({ length: offsets.length - 1 }, (_, i) => {
    const [start = 0, end = 0] = [offsets[i], offsets[i + 1]];
    return Array.from({ length: end - start }, (_row, t) => rowOf(start + t));
  });
};

/** Token log-probabilities of other responses, as many as these have tokens. */
const alike = (values: Float64Array | undefined, { offsets }: Responses): readonly (readonly number[])[] => {
  const pool = values ?? new Float64Array(1);
  const count = offsets.at(-1) ?? 0;
  const as = Float64Array.from({ length: count }, (_, i) => pool[i % pool.length] ?? 0);
  return cut(as, offsets);
};

const mapped = <In, Out>(from: ReadonlyMap<string, In>, to: (value: In) => Out): ReadonlyMap<string, Out> =>
  new Map([...from].map(([name, value]) => [name, to(value)]));

/** The declared data that a formula mentions, beside what every batch has. */
function dataOf(loss: Expr, declared: Declarations): DataToSample {
  const found = new Map<string, Datum>();
  for (const [node] of nodes(loss)) {
    if (node.kind !== 'apply' || ['pi', 'ref', 'len'].includes(node.name)) continue;
    const datum = datumOf(declared, node.name);
    const shapes = [...(found.get(node.name)?.shapes ?? []), sortsOf(node)];
    if (datum !== undefined) found.set(node.name, { ...datum, shapes });
  }
  return found;
}

/** The batch of some of its pairs. */
function only(batch: Batch, pairs: readonly number[]): Batch {
  const column = (values: Float64Array): Float64Array =>
    Float64Array.from(pairs, (i) => values[i] ?? Number.NaN);
  return {
    ...batch,
    pairs: pairs.length,
    chosen: someOf(batch.chosen, pairs, batch.vocabulary),
    rejected: someOf(batch.rejected, pairs, batch.vocabulary),
    perPair: mapped(batch.perPair, column),
    perPrompt: mapped(batch.perPrompt, column),
  };
}

function someOf(side: Responses, pairs: readonly number[], vocabulary: number): Responses {
  const { offsets } = side;
  const positions = pairs.flatMap((i) =>
    Array.from({ length: (offsets[i + 1] ?? 0) - (offsets[i] ?? 0) }, (_, t) => (offsets[i] ?? 0) + t),
  );
  const lengths = pairs.map((i) => (offsets[i + 1] ?? 0) - (offsets[i] ?? 0));
  const starts = [0];
  for (const length of lengths) starts.push((starts.at(-1) ?? 0) + length);
  const tokens = (values: Float64Array): Float64Array =>
    Float64Array.from(positions, (i) => values[i] ?? Number.NaN);
  return {
    count: pairs.length,
    offsets: Int32Array.from(starts),
    logProbs: mapped(side.logProbs, tokens),
    rows: mapped(side.rows, (values) =>
      Float64Array.from(positions.flatMap((i) => [...values.subarray(i * vocabulary, (i + 1) * vocabulary)])),
    ),
    labels: Int32Array.from(positions, (i) => side.labels[i] ?? 0),
    perToken: mapped(side.perToken, tokens),
    perResponse: mapped(side.perResponse, (values) =>
      Float64Array.from(pairs, (i) => values[i] ?? Number.NaN),
    ),
  };
}
