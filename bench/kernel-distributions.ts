/** The kernel bench on whole distributions: TDPO against PyTorch and against copying, and how cost grows with size. */

import type { Batch, Responses } from '../src/numeric/batch.ts';
import type { BatchKernel } from '../src/numeric/wasm/batch-kernel.ts';
import { compileBatch, layoutOf } from '../src/numeric/wasm/batch-kernel.ts';
import { parse } from '../src/syntax/parse.ts';
import { FORMULA_SCOPE } from '../src/syntax/scope.ts';
import { growth } from './growth.ts';
import { column } from './kernel-data.ts';
import type { Clock } from './peers/kernels.ts';
import { best } from './stopwatch.ts';
import { table } from './table.ts';

const FORMULA =
  '-log(sigmoid(beta*(log(pi(w)/ref(w)) - log(pi(l)/ref(l))) - beta*(sum(t, l, kl(ref, pi, l, t)) - sum(t, w, kl(ref, pi, w, t)))))';
const TOKENS = 512;
const VOCABULARY = 32_000;

/** Rows of the bench's data, every response of the same length. */
function batchOf(pairs: number, tokens: number, vocabulary: number): Batch {
  const count = pairs * tokens;
  const side = (first: number): Responses => ({
    count: pairs,
    offsets: Int32Array.from({ length: pairs + 1 }, (_, i) => i * tokens),
    logProbs: new Map(),
    rows: new Map(['pi', 'ref'].map((name, i) => [name, column(first + i, count * vocabulary)] as const)),
    labels: Int32Array.from({ length: count }, (_, i) => (i % tokens) % vocabulary),
    perToken: new Map(),
    perResponse: new Map(),
  });
  const none = new Map<string, Float64Array>();
  return {
    kind: 'batch',
    pairs,
    vocabulary,
    chosen: side(0),
    rejected: side(2),
    perPair: none,
    perPrompt: none,
  };
}

async function kernelOf(batch: Batch, gradients: boolean): Promise<BatchKernel> {
  const loss = parse(FORMULA, FORMULA_SCOPE);
  const kernel = await compileBatch(loss, layoutOf(batch), new Map([['beta', 0.1]]), { gradients });
  if (kernel.kind !== 'batch-kernel') throw new Error(JSON.stringify(kernel));
  return kernel;
}

interface Speed {
  readonly system: string;
  readonly seconds: number;
  /** Of the rows, each number counted once. */
  readonly gigabytesPerSecond: number;
}

/** One pair of TDPO at full size. */
export async function distributionsBench(
  python: Clock,
  torch: boolean,
): Promise<{ readonly found: readonly Speed[]; readonly text: string }> {
  const batch = batchOf(1, TOKENS, VOCABULARY);
  const bytes = 4 * 8 * TOKENS * VOCABULARY;
  const found: Speed[] = [];
  const put = (system: string, seconds: number): void => {
    found.push({ system, seconds, gigabytesPerSecond: bytes / seconds / 1e9 });
  };
  const rows = [batch.chosen, batch.rejected].flatMap((side) => [...side.rows.values()]);
  const room = new Float64Array(VOCABULARY);
  put(
    'copying the rows, one at a time',
    await best(3, () => {
      for (const all of rows) {
        for (let i = 0; i < all.length; i += VOCABULARY) room.set(all.subarray(i, i + VOCABULARY));
      }
    }),
  );
  let loss = Number.NaN;
  for (const gradients of [false, true]) {
    const kernel = await kernelOf(batch, gradients);
    const seconds = await best(2, () => {
      loss = kernel.run(batch).losses[0] ?? Number.NaN;
    });
    put(`midpo, 1 thread${gradients ? ', gradients by logits too' : ''}`, seconds);
  }
  for (const threads of torch ? [1, 2] : []) {
    const question = { system: 'torch', threads, tokens: TOKENS, vocabulary: VOCABULARY, repeat: 2 } as const;
    const { seconds, sum } = await python.ask(question);
    if (!(Math.abs(sum - loss) <= 1e-9 * Math.abs(loss)))
      throw new Error(`PyTorch: ${sum} in place of ${loss}`);
    put(`PyTorch, ${threads} thread${threads > 1 ? 's' : ''}`, seconds);
  }
  const lines = found.map(({ system, seconds, gigabytesPerSecond }) => [
    system,
    seconds.toFixed(2),
    gigabytesPerSecond.toFixed(2),
  ]);
  const head = `TDPO, one pair, ${TOKENS} tokens, vocabulary of ${VOCABULARY}, float64 logits`;
  return { found, text: `${head}\n${table([['', 'seconds', 'GB/s'], ...lines])}` };
}

interface Curve {
  readonly of: string;
  readonly points: readonly (readonly [size: number, seconds: number])[];
  readonly exponent: number;
}

/** TDPO with one of pairs, tokens and vocabulary growing, the others held. */
export async function growthBench(): Promise<{ readonly found: readonly Curve[]; readonly text: string }> {
  const kernel = await kernelOf(batchOf(1, 1, 2), false);
  const shapes: Readonly<Record<string, (n: number) => readonly [number, number, number]>> = {
    pairs: (n) => [n, 32, 64],
    tokens: (n) => [32, n, 64],
    vocabulary: (n) => [32, 32, n],
  };
  const found: Curve[] = [];
  for (const [of, shape] of Object.entries(shapes)) {
    const points: (readonly [number, number])[] = [];
    for (const n of [64, 128, 256, 512, 1024]) {
      const batch = batchOf(...shape(n));
      const seconds = await best(5, () => {
        kernel.run(batch);
      });
      points.push([n, seconds]);
    }
    found.push({ of, points, exponent: growth(points) });
  }
  const lines = found.map(({ of, points, exponent }) => [
    of,
    ...points.map(([, seconds]) => (1000 * seconds).toPrecision(3)),
    exponent.toFixed(2),
  ]);
  const [sizes = []] = found.map(({ points }) => points.map(([n]) => `${n}`));
  return {
    found,
    text: `TDPO, milliseconds as one size grows (the others: 32 pairs, 32 tokens, vocabulary of 64)\n${table([['', ...sizes, 'exponent'], ...lines])}`,
  };
}
