/** Random batches and hyper-parameters: ordinary ones mixed with the extremes at which formulas break. */

import type { Datum, Domain } from '../expr/declare.ts';
import type { Batch, BatchInput, ResponsesInput } from './batch.ts';
import { batch } from './batch.ts';
import type { Random } from './random.ts';
import { portableLog, random } from './random.ts';

/** Declared data to be made up: a name with its domain and argument lists. */
export type DataToSample = ReadonlyMap<string, Pick<Datum, 'is' | 'shapes' | 'distribution'>>;

export interface SampleOptions {
  readonly seed: number;
  readonly pairs: number;
  /** The longest response. */
  readonly tokens: number;
  /** The size of the vocabulary; 0 for token log-probabilities alone. */
  readonly vocabulary?: number;
  /** The number of the first pair among those of a longer run: where the turns of the kinds begin. */
  readonly from?: number;
  /** Distributions beside pi and ref, and further data. */
  readonly data?: DataToSample;
}

/** How a pair is made; pairs take turns, so that each kind occurs in any batch of this many. */
const KINDS = [
  'ordinary',
  'single token',
  'policy is reference',
  'ordinary',
  'twins',
  'deep',
  'shallow',
] as const;
type Kind = (typeof KINDS)[number];

const NO_DATA: DataToSample = new Map();

/** The same batch, bit for bit, for the same options on every platform. */
export function sampleBatch(options: SampleOptions): Batch {
  const { pairs, tokens, vocabulary = 0, data = NO_DATA, from = 0 } = options;
  const draw = random(options.seed);
  const distributions = ['pi', 'ref'];
  for (const [name, { distribution }] of data) {
    if (distribution && !distributions.includes(name)) distributions.push(name);
  }
  const kinds = Array.from({ length: pairs }, (_, i): Kind => KINDS[(from + i) % KINDS.length] ?? 'ordinary');
  const chosen = kinds.map((kind) => response(kind, draw, tokens, vocabulary, distributions));
  const rejected = kinds.map((kind, i) => {
    const twin = chosen[i];
    return kind === 'twins' && twin !== undefined
      ? twin
      : response(kind, draw, tokens, vocabulary, distributions);
  });
  const column = (is: Domain): readonly number[] => kinds.map(() => sampleNumber(is, draw));
  const withShape = (sorts: string): readonly (readonly [string, Domain])[] =>
    [...data].flatMap(([name, { is, shapes, distribution }]) =>
      !distribution && shapes.some((shape) => shape.join() === sorts) ? [[name, is] as const] : [],
    );
  const side = (made: readonly Made[]): ResponsesInput => ({
    ...assemble(made, distributions, vocabulary),
    perResponse: new Map(withShape('response').map(([name, is]) => [name, column(is)])),
    perToken: new Map(
      withShape('response,token').map(([name, is]) => [
        name,
        made.map(({ length }) => Array.from({ length }, () => sampleNumber(is, draw))),
      ]),
    ),
  });
  const perPrompt = [...withShape('prompt'), ...withShape('')];
  const input: BatchInput = {
    chosen: side(chosen),
    rejected: side(rejected),
    perPair: new Map(withShape('response,response').map(([name, is]) => [name, column(is)])),
    perPrompt: new Map(perPrompt.map(([name, is]) => [name, column(is)])),
  };
  const made = batch(input);
  if (made.kind !== 'batch') throw new Error(`a sampled batch is malformed: ${made.field}`);
  return made;
}

/** One response before it is assembled: per distribution a list of rows, or of token log-probabilities. */
interface Made {
  readonly length: number;
  readonly labels: readonly number[];
  readonly rows: ReadonlyMap<string, readonly (readonly number[])[]>;
  readonly logProbs: ReadonlyMap<string, readonly number[]>;
}

function response(
  kind: Kind,
  draw: Random,
  tokens: number,
  vocabulary: number,
  distributions: readonly string[],
): Made {
  const length = kind === 'single token' ? 1 : draw.integer(1, tokens);
  const positions = Array.from({ length }, (_, t) => t);
  const labels = vocabulary > 0 ? positions.map(() => draw.integer(0, vocabulary - 1)) : [];
  const rows = new Map<string, readonly (readonly number[])[]>();
  const logProbs = new Map<string, readonly number[]>();
  for (const name of distributions) {
    const asPolicy = kind === 'policy is reference' && name !== 'pi';
    if (vocabulary > 0) {
      const made = positions.map(() => distribution(draw, vocabulary));
      rows.set(name, asPolicy ? (rows.get('pi') ?? made) : made);
    } else {
      const made = positions.map(() => tokenLogProb(kind, draw, length));
      logProbs.set(name, asPolicy ? (logProbs.get('pi') ?? made) : made);
    }
  }
  return { length, labels, rows, logProbs };
}

/** Deep responses sum to about -1e4, shallow ones to about 0. */
function tokenLogProb(kind: Kind, draw: Random, length: number): number {
  if (kind === 'deep') return -draw.between(0, 2e4 / length);
  if (kind === 'shallow') return -draw.between(0, 1e-12);
  return -draw.between(0, 3);
}

/** A normalised row, uneven: weights spread over four orders of magnitude. */
function distribution(draw: Random, vocabulary: number): readonly number[] {
  const weights = Array.from({ length: vocabulary }, () => draw.between(1e-4, 1) ** 2);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => Math.min(0, portableLog(weight / total)));
}

function assemble(
  made: readonly Made[],
  distributions: readonly string[],
  vocabulary: number,
): ResponsesInput {
  const lengths = made.map(({ length }) => length);
  const pick = <T>(of: (one: Made) => ReadonlyMap<string, readonly T[]>): Map<string, (readonly T[])[]> =>
    new Map(distributions.map((name) => [name, made.map((one) => of(one).get(name) ?? [])]));
  return vocabulary > 0
    ? { lengths, labels: made.map(({ labels }) => labels), rows: pick(({ rows }) => rows) }
    : { lengths, logProbs: pick(({ logProbs }) => logProbs) };
}

/** A number of a domain, away from its ends where they are excluded. */
export function sampleNumber(is: Domain, draw: Random): number {
  switch (is) {
    case 'real':
      return draw.between(-2, 2);
    case 'positive':
      return draw.between(0.01, 2);
    case 'nonnegative':
      // Nought itself now and then: it is where terms vanish.
      return draw.unit() < 0.125 ? 0 : draw.between(0, 2);
    case 'unit':
      return draw.unit() < 0.125 ? draw.integer(0, 1) : draw.unit();
    case 'open-unit':
      return draw.between(0.01, 0.99);
    case 'integer':
      return draw.integer(-4, 4);
    case 'boolean':
      return draw.integer(0, 1);
  }
}
