/**
 * How fast kernels are, in the same run as PyTorch, NumPy and mathjs: the DPO loss in float64, TDPO on whole
 * distributions, and how cost grows. Times are the best of several, one thread's by processor
 * time, several threads' by the clock on the wall; every system must give the same sum of losses.
 */

import { compile as compileText, derivative } from 'mathjs';
import Tinypool from 'tinypool';
import type { Batch, Responses } from '../src/numeric/batch.ts';
import { shapeOf } from '../src/numeric/batch.ts';
import { compile } from '../src/numeric/compile.ts';
import { gradientByTokens } from '../src/numeric/gradient.ts';
import type { ColumnKernel, Workspace } from '../src/numeric/wasm/column-run.ts';
import { parse } from '../src/syntax/parse.ts';
import { FORMULA_SCOPE } from '../src/syntax/scope.ts';
import { columns, NAMES, shared } from './kernel-data.ts';
import { distributionsBench, growthBench } from './kernel-distributions.ts';
import type { Part } from './kernel-worker.ts';
import { kernelOf } from './kernel-worker.ts';
import type { Clock, Timing } from './peers/kernels.ts';
import { clock, missing } from './peers/kernels.ts';
import { best } from './stopwatch.ts';
import { table } from './table.ts';

const BETA = 0.1;
const FORMULA = '-log(sigmoid(beta*(log(pi(w)/ref(w)) - log(pi(l)/ref(l)))))';
const LOSS = parse(FORMULA, FORMULA_SCOPE);
const THREADS = 2;
const SIZES = [1e6, 1e7] as const;
/** Slow systems are timed on fewer pairs; throughput does not depend on how many. */
const FEW = { plain: 2e5, mathjs: 1e5 } as const;

interface Task {
  readonly pairs: number;
  readonly gradients: boolean;
  readonly repeat: number;
}
interface System {
  readonly name: string;
  readonly missing?: string | undefined;
  /** How many pairs it is really timed on. */
  readonly pairs: (asked: number) => number;
  readonly run: (task: Task) => Promise<Timing>;
}

interface Measured {
  readonly system: string;
  readonly pairs: number;
  readonly gradients: boolean;
  /** Pairs per second. */
  readonly rate: number;
}

const asAsked = (pairs: number): number => pairs;
const sumOf = (values: Float64Array): number => values.reduce((total, x) => total + x, 0);

function results(pairs: number, gradients: boolean): Pick<Part, 'losses' | 'gradients'> {
  const slopes = { chosen: shared(pairs), rejected: shared(pairs) };
  return { losses: shared(pairs), gradients: gradients ? slopes : undefined };
}

/** Columns that lie in the kernel's memory, as PyTorch's tensors lie in its own. */
async function inPlace({ pairs, gradients, repeat }: Task): Promise<Timing> {
  const kernel = await kernelOf(FORMULA, BETA, gradients);
  const workspace = kernel.allocate(pairs);
  for (const [name, values] of columns(pairs)) workspace.columns.get(name)?.set(values);
  return await timingOf(kernel, workspace, repeat);
}

/** Columns from elsewhere, which are copied on the way. */
async function copied({ pairs, gradients, repeat }: Task): Promise<Timing> {
  const kernel = await kernelOf(FORMULA, BETA, gradients);
  const { losses, gradients: slopes } = results(pairs, gradients);
  const into = slopes === undefined ? { losses } : { losses, gradients: slopes };
  return await timingOf(kernel, { columns: columns(pairs), results: into }, repeat);
}

async function timingOf(kernel: ColumnKernel, at: Workspace, repeat: number): Promise<Timing> {
  const seconds = await best(repeat, () => {
    const fault = kernel.run(at.columns, at.results);
    if (fault !== undefined) throw new Error(JSON.stringify(fault));
  });
  return { seconds, sum: sumOf(at.results.losses) };
}

async function workers({ pairs, gradients, repeat }: Task): Promise<Timing> {
  const pool = new Tinypool({
    filename: new URL('./kernel-thread.mjs', import.meta.url).href,
    minThreads: THREADS,
    maxThreads: THREADS,
  });
  const inputs = columns(pairs);
  const { losses, gradients: slopes } = results(pairs, gradients);
  const parts = Array.from({ length: THREADS }, (_, k): Part => {
    const cut = (all: Float64Array): Float64Array =>
      all.subarray(Math.floor((pairs * k) / THREADS), Math.floor((pairs * (k + 1)) / THREADS));
    return {
      formula: FORMULA,
      beta: BETA,
      columns: new Map([...inputs].map(([name, values]) => [name, cut(values)] as const)),
      losses: cut(losses),
      gradients: slopes && { chosen: cut(slopes.chosen), rejected: cut(slopes.rejected) },
    };
  });
  const all = async (): Promise<void> => {
    await Promise.all(parts.map((part) => pool.run(part, { name: 'fill' })));
  };
  const seconds = await best(repeat, all, 'wall');
  await pool.destroy();
  return { seconds, sum: sumOf(losses) };
}

/** The reference path: a closure per operation, on responses of one token. */
async function plain({ pairs, gradients, repeat }: Task): Promise<Timing> {
  const inputs = columns(pairs);
  const offsets = Int32Array.from({ length: pairs + 1 }, (_, i) => i);
  const side = (letter: string): Responses => ({
    count: pairs,
    offsets,
    logProbs: new Map(['pi', 'ref'].map((name) => [name, inputs.get(`${name}(${letter})`) ?? shared(0)])),
    rows: new Map(),
    labels: new Int32Array(0),
    perToken: new Map(),
    perResponse: new Map(),
  });
  const batch: Batch = {
    kind: 'batch',
    pairs,
    vocabulary: 0,
    chosen: side('w'),
    rejected: side('l'),
    perPair: new Map(),
    perPrompt: new Map(),
  };
  const parameters = new Map([['beta', BETA]]);
  const kernel = compile(LOSS, shapeOf(batch), parameters);
  if (kernel.kind !== 'kernel') throw new Error(JSON.stringify(kernel));
  const slopes = (['chosen', 'rejected'] as const).map((role) => {
    const slope = gradientByTokens(LOSS, role, shapeOf(batch), parameters);
    if (slope.kind !== 'token-kernel') throw new Error(JSON.stringify(slope));
    return slope;
  });
  let losses = shared(0);
  const seconds = await best(repeat, () => {
    losses = kernel.run(batch);
    if (gradients) for (const slope of slopes) slope.runTokens(batch);
  });
  return { seconds, sum: sumOf(losses) };
}

/** What one would write by hand. */
async function loop({ pairs, gradients, repeat }: Task): Promise<Timing> {
  const inputs = columns(pairs);
  const [a = shared(0), b = a, c = a, d = a] = NAMES.map((name) => inputs.get(name) ?? shared(0));
  const { losses, gradients: slopes } = results(pairs, gradients);
  const seconds = await best(repeat, () => {
    for (let i = 0; i < pairs; i++) {
      const u = BETA * ((a[i] ?? 0) - (b[i] ?? 0) - ((c[i] ?? 0) - (d[i] ?? 0)));
      const z = Math.exp(-Math.abs(u));
      losses[i] = Math.max(-u, 0) + Math.log1p(z);
      if (slopes === undefined) continue;
      const slope = (-BETA * (u < 0 ? 1 : z)) / (1 + z);
      slopes.chosen[i] = slope;
      slopes.rejected[i] = -slope;
    }
  });
  return { seconds, sum: sumOf(losses) };
}

async function mathjs({ pairs, gradients, repeat }: Task): Promise<Timing> {
  const text = 'log(1 + exp(-beta * ((a - b) - (c - d))))';
  const value = compileText(text);
  const slopes = gradients ? ['a', 'c'].map((name) => derivative(text, name).compile()) : [];
  const inputs = [...columns(pairs).values()];
  const losses = shared(pairs);
  const seconds = await best(repeat, () => {
    const scope = new Map([['beta', BETA]]);
    for (let i = 0; i < pairs; i++) {
      for (const [k, name] of ['a', 'b', 'c', 'd'].entries()) scope.set(name, inputs[k]?.[i] ?? 0);
      losses[i] = Number(value.evaluate(scope));
      for (const slope of slopes) slope.evaluate(scope);
    }
  });
  return { seconds, sum: sumOf(losses) };
}

function systems(python: Clock): readonly System[] {
  const few = (most: number) => (pairs: number) => Math.min(most, pairs);
  const peer = (name: string, system: 'torch' | 'numpy', threads: number): System => ({
    name,
    missing: missing(system),
    pairs: asAsked,
    run: (task) => python.ask({ system, threads, ...task }),
  });
  return [
    { name: 'midpo, 1 thread', pairs: asAsked, run: inPlace },
    { name: 'midpo, 1 thread, copying', pairs: asAsked, run: copied },
    { name: `midpo, ${THREADS} workers, copying`, pairs: asAsked, run: workers },
    { name: 'midpo, plain path', pairs: few(FEW.plain), run: plain },
    { name: 'loop by hand', pairs: asAsked, run: loop },
    peer(REFERENCE, 'torch', 1),
    peer('PyTorch, 2 threads', 'torch', 2),
    peer('NumPy', 'numpy', 1),
    { name: 'mathjs, compiled', pairs: few(FEW.mathjs), run: mathjs },
  ];
}
const REFERENCE = 'PyTorch, 1 thread';

/** Every system in turn, twice, so that what else the machine does meets them all. */
async function measure(all: readonly System[]): Promise<readonly Measured[]> {
  const found: Measured[] = [];
  for (const pairs of SIZES) {
    for (const gradients of [false, true]) {
      const rates = new Map<string, number>();
      const sums = new Map<number, number>();
      for (let round = 0; round < 2; round++) {
        for (const { name, missing: why, pairs: timed, run } of all) {
          if (why !== undefined) continue;
          const count = timed(pairs);
          const { seconds, sum } = await run({ pairs: count, gradients, repeat: pairs > 1e6 ? 2 : 5 });
          const known = sums.get(count) ?? sum;
          sums.set(count, known);
          if (!(Math.abs(sum - known) <= 1e-9 * known))
            throw new Error(`${name}: ${sum} in place of ${known}`);
          rates.set(name, Math.max(rates.get(name) ?? 0, count / seconds));
        }
      }
      for (const [system, rate] of rates) found.push({ system, pairs, gradients, rate });
    }
  }
  return found;
}

function rows(all: readonly System[], found: readonly Measured[]): readonly (readonly string[])[] {
  const cases = SIZES.flatMap((pairs) => [false, true].map((gradients) => ({ pairs, gradients })));
  const rateOf = (name: string, { pairs, gradients }: (typeof cases)[number]): number =>
    found.find((m) => m.system === name && m.pairs === pairs && m.gradients === gradients)?.rate ??
    Number.NaN;
  return [
    [
      'million pairs/s',
      ...cases.flatMap(({ pairs, gradients }) => [
        `${pairs.toExponential(0)}${gradients ? ' + gradients' : ''}`,
        'ratio',
      ]),
    ],
    ...all
      .filter(({ missing: why }) => why === undefined)
      .map(({ name }) => [
        name,
        ...cases.flatMap((one) => [
          (rateOf(name, one) / 1e6).toPrecision(3),
          (rateOf(name, one) / rateOf(REFERENCE, one)).toFixed(2),
        ]),
      ]),
  ];
}

/** Prints the comparison. */
export async function benchKernels(json: boolean): Promise<void> {
  const python = clock();
  const all = systems(python);
  const dpo = await measure(all);
  const distributions = await distributionsBench(python, missing('torch') === undefined);
  const growth = await growthBench();
  python.stop();
  if (json) {
    console.log(JSON.stringify({ dpo, distributions: distributions.found, growth: growth.found }));
    return;
  }
  for (const { name, missing: why } of all) if (why !== undefined) console.log(`${name}: ${why}`);
  console.log(`DPO, float64; ratio to ${REFERENCE}\n${table(rows(all, dpo))}`);
  console.log(`\n${distributions.text}\n\n${growth.text}`);
}
