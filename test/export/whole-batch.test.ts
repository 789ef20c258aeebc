/** Losses of a whole batch as their papers have them, run in PyTorch: against our formula for one pair and statistics. */

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Expr } from '../../src/expr/expr.ts';
import type { Batch } from '../../src/numeric/batch.ts';
import { batch, shapeOf } from '../../src/numeric/batch.ts';
import { compile } from '../../src/numeric/compile.ts';
import type { Random } from '../../src/numeric/random.ts';
import { random } from '../../src/numeric/random.ts';
import { slopesOf } from '../../src/numeric/slopes.ts';
import { total } from '../../src/numeric/transcription/side.ts';
import { expand } from '../../src/variant/expand.ts';
import { loadVariant } from '../../src/variant/files.ts';
import { folder, hasPython, PYTHON } from './jobs.ts';

const READY = hasPython('torch');

type Rows = readonly (readonly number[])[];
interface Logs {
  readonly w: Rows;
  readonly l: Rows;
}
interface Pairs {
  readonly pi: Logs;
  readonly ref: Logs;
}
type Settings = Readonly<Record<string, number>>;
type Columns = Readonly<Record<string, readonly number[]>>;

const each = (values: Rows): readonly number[] => values.map(total);
const minus = (a: readonly number[], b: readonly number[]): readonly number[] =>
  a.map((x, i) => x - (b[i] ?? Number.NaN));
const average = (xs: readonly number[]): number => total(xs) / xs.length;
const moved = ({ pi, ref }: Pairs): readonly number[] =>
  minus(minus(each(pi.w), each(ref.w)), minus(each(pi.l), each(ref.l)));

/** For each number of `xs` the one of `ys` that has its rank. */
function ofEqualRank(xs: readonly number[], ys: readonly number[]): readonly number[] {
  const [sortedX, sortedY] = [xs, ys].map((values) => [...values].sort((a, b) => a - b));
  expect(new Set(xs).size).toBe(xs.length);
  return xs.map((x) => sortedY?.[sortedX?.indexOf(x) ?? -1] ?? Number.NaN);
}

/** The statistics of each batch loss, as its derivation file describes them: a column each. */
const STATISTICS: Readonly<Record<string, (pairs: Pairs, settings: Settings) => Columns>> = {
  'dr-dpo': (pairs, { beta = 0, beta_prime = 0 }) => {
    const shares = moved(pairs).map((m) => (1 + Math.exp(-beta * m)) ** (-1 / beta_prime));
    return { average: shares.map(() => average(shares)) };
  },
  aot: ({ pi, ref }) => ({
    margin: ofEqualRank(minus(each(pi.w), each(pi.l)), minus(each(ref.w), each(ref.l))),
  }),
  'aot-unpaired': ({ pi, ref }) => {
    const [chosen, rejected] = [minus(each(pi.w), each(ref.w)), minus(each(pi.l), each(ref.l))];
    return { lower: ofEqualRank(chosen, rejected), upper: ofEqualRank(rejected, chosen) };
  },
  'alpha-dpo': (pairs) => {
    const all = moved(pairs);
    const centre = average(all);
    const spread = Math.sqrt(total(all.map((m) => (m - centre) ** 2)) / (all.length - 1));
    return { centre: all.map(() => centre), spread: all.map(() => spread) };
  },
};

/** Log-probabilities are multiples of 2^-12: their sums, differences and means over 2^k pairs have no rounding. */
function drawn(draw: Random, pairs: number): Pairs {
  const log = (): number => -draw.integer(1, 24_000) / 4096;
  const rows = (lengths: readonly number[]): Rows => lengths.map((n) => Array.from({ length: n }, log));
  const lengths = (): readonly number[] => Array.from({ length: pairs }, () => draw.integer(1, 7));
  const [w, l] = [lengths(), lengths()];
  return { pi: { w: rows(w), l: rows(l) }, ref: { w: rows(w), l: rows(l) } };
}

function batchOf({ pi, ref }: Pairs, statistics: Columns): Batch {
  const side = (y: 'w' | 'l') => ({
    lengths: pi[y].map((row) => row.length),
    logProbs: new Map([
      ['pi', pi[y]],
      ['ref', ref[y]],
    ]),
  });
  const made = batch({
    chosen: side('w'),
    rejected: side('l'),
    perPrompt: new Map(Object.entries(statistics)),
  });
  if (made.kind !== 'batch') throw new Error(JSON.stringify(made));
  return made;
}

interface Found {
  /** The mean over the batch, then its derivatives by the tokens of chosen and rejected responses. */
  readonly values: readonly number[];
  readonly bounds: readonly number[];
}

/** Our formula for one pair, over the batch. */
function ours(loss: Expr, given: Batch, settings: Settings): Found {
  const parameters = new Map(Object.entries(settings));
  const kernel = compile(loss, shapeOf(given), parameters);
  if (kernel.kind !== 'kernel') throw new Error(JSON.stringify(kernel));
  const slopes = slopesOf(loss, given, parameters, 'log-probs', { case: 0 });
  if ('kind' in slopes) throw new Error(JSON.stringify(slopes));
  const all = [kernel.runBounded(given), ...slopes.map((one) => one.ours)];
  const bounds = all.map(({ own, other }) => Array.from(own, (x, i) => x + (other[i] ?? 0)));
  const [first, ...rest] = all.map(({ values }) => [...values]);
  const [bound, ...others] = bounds;
  return {
    values: [average(first ?? []), ...rest.flat().map((x) => x / given.pairs)],
    bounds: [average(bound ?? []), ...others.flat().map((x) => x / given.pairs)],
  };
}

/** Statistics that are rounded, and what another way round computes of a few factors, are this close, relatively. */
const FEW_ROUNDINGS = 2 ** -47;

const CASES: readonly (readonly [id: string, pairs: number, settings: Settings])[] = [
  ['dr-dpo', 8, { beta: 0.1, beta_prime: 1 }],
  ['dr-dpo', 16, { beta: 0.25, beta_prime: 0.5 }],
  ['dr-dpo', 4, { beta: 0.5, beta_prime: 3 }],
  ['dr-dpo', 1, { beta: 0.1, beta_prime: 0.5 }],
  ['aot', 8, { beta: 0.1 }],
  ['aot', 32, { beta: 0.5 }],
  ['aot', 1, { beta: 0.5 }],
  ['aot-unpaired', 8, { beta: 0.1 }],
  ['aot-unpaired', 32, { beta: 0.5 }],
  ['aot-unpaired', 1, { beta: 0.5 }],
  ['alpha-dpo', 8, { beta: 2.5, gamma: 1.5, alpha: 0.5 }],
  ['alpha-dpo', 16, { beta: 2, gamma: 0, alpha: 1 }],
  ['alpha-dpo', 2, { beta: 2, gamma: 1, alpha: 0 }],
];

interface Answer {
  readonly loss: number;
  readonly gradients: { readonly chosen: readonly number[]; readonly rejected: readonly number[] };
}

function inPytorch(jobs: readonly unknown[]): readonly Answer[] {
  const asked = join(folder, 'whole-batch.json');
  writeFileSync(asked, JSON.stringify(jobs));
  const { status, stdout, stderr } = spawnSync(PYTHON, [join(import.meta.dirname, 'whole_batch.py'), asked], {
    encoding: 'utf8',
    env: { ...process.env, OMP_NUM_THREADS: '1' },
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

describe.skipIf(!READY)('the loss of a whole batch', () => {
  const draw = random(11);
  const trials = CASES.map(([id, pairs, settings]) => ({ id, settings, pairs: drawn(draw, pairs) }));
  const answers = READY
    ? inPytorch(trials.map(({ id, settings, pairs }) => ({ id, settings, ...pairs })))
    : [];

  test.each(
    trials.map((trial, i) => [`${trial.id}, ${trial.pairs.pi.w.length} pairs`, trial, answers[i]] as const),
  )('%s: value and gradient are those of the mean over pairs', (_, { id, settings, pairs }, answer) => {
    const variant = loadVariant(id);
    const statistics = STATISTICS[id]?.(pairs, settings);
    if (variant.kind !== 'variant' || statistics === undefined || answer === undefined) throw new Error(id);
    const loss = expand(variant.loss, variant.definitions);
    const found = ours(loss, batchOf(pairs, statistics), settings);
    const nudged = Object.entries(statistics).map(([name, column]) => {
      const moved = { ...statistics, [name]: column.map((x) => x * (1 + FEW_ROUNDINGS)) };
      return ours(loss, batchOf(pairs, moved), settings).values;
    });
    const theirs = [answer.loss, ...answer.gradients.chosen, ...answer.gradients.rejected];
    expect(theirs.length).toBe(found.values.length);
    const excess = found.values.flatMap((value, i) => {
      const off = Math.abs(value - (theirs[i] ?? Number.NaN));
      const moves = total(nudged.map((values) => Math.abs((values[i] ?? Number.NaN) - value)));
      const allowed = (found.bounds[i] ?? 0) + moves + FEW_ROUNDINGS * Math.abs(value);
      return off <= allowed ? [] : [{ i, value, theirs: theirs[i], off, allowed }];
    });
    expect(excess).toEqual([]);
    expect(found.values.slice(1).some((x) => Math.abs(x) > 1e-3)).toBe(true);
  });
});
