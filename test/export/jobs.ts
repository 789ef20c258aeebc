/** Exported functions put to work: a batch as arguments, one Python process for all jobs, results against our kernels. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Batch, Responses } from '../../src/numeric/batch.ts';
import type { Parameters } from '../../src/numeric/compile.ts';
import { gradientName } from '../../src/render/python/function.ts';
import type { Input } from '../../src/render/python/inputs.ts';
import type { PythonModule } from '../../src/render/python/module.ts';

export const PYTHON = '/usr/bin/python3';

/** Whether Debian's interpreter has these modules; says loudly what to install if not. */
export function hasPython(...modules: readonly string[]): boolean {
  const found = spawnSync(PYTHON, ['-c', modules.map((name) => `import ${name}`).join('\n')]).status === 0;
  if (!found) {
    const packages = modules.map((name) => `python3-${name}`).join(' ');
    process.stderr.write(`\nskipped: needs ${packages} (scripts/install-peers.sh)\n`);
  }
  return found;
}

/** Whether a command is there. */
export function hasCommand(name: string): boolean {
  const found = spawnSync(name, ['--version']).status === 0;
  if (!found) process.stderr.write(`\nskipped: needs ${name} (scripts/install-peers.sh)\n`);
  return found;
}

type Nested = string | number | boolean | readonly Nested[];

interface ArrayJob {
  readonly kind: string;
  readonly value: Nested;
  readonly moves: boolean;
  /** Where the batch has whole distributions and the function takes token log-probabilities: read off by these. */
  readonly labels?: Nested;
}

export interface Job {
  /** `jax` is a stand-in over NumPy, and has no gradients. */
  readonly with: 'torch' | 'numpy' | 'jax';
  readonly path: string;
  readonly function: string;
  readonly gradient: string;
  readonly arrays: Readonly<Record<string, ArrayJob>>;
  readonly settings: Readonly<Record<string, number>>;
}

export interface Result {
  readonly losses: Float64Array;
  readonly rewards: readonly Float64Array[];
  /** By role, as flat as our own. */
  readonly gradients: ReadonlyMap<string, Float64Array>;
}

export const folder = mkdtempSync(join(tmpdir(), 'midpo-export-'));
let written = 0;

/** Saves a module under a name of its own. */
export function save({ code, name }: PythonModule): string {
  const path = join(folder, `${name}_${written++}.py`);
  writeFileSync(path, code);
  return path;
}

const number = (x: number): string | number =>
  Number.isFinite(x) ? x : String(x).replace('Infinity', 'inf');

/** Rows of a response block with padding: garbage that must not count. */
function padded(side: Responses, at: (position: number) => Nested, nothing: Nested): Nested {
  const lengths = Array.from(
    { length: side.count },
    (_, i) => (side.offsets[i + 1] ?? 0) - (side.offsets[i] ?? 0),
  );
  const longest = Math.max(...lengths);
  return lengths.map((length, i) =>
    Array.from({ length: longest }, (_, t) => (t < length ? at((side.offsets[i] ?? 0) + t) : nothing)),
  );
}

const GARBAGE = -7.25;

/** A batch's numbers for one argument. */
function arrayOf({ kind, of, role }: Input, batch: Batch): ArrayJob {
  const { vocabulary } = batch;
  const side = batch[role ?? 'chosen'];
  const moves = of === 'pi' && (kind === 'logps' || kind === 'logits');
  const column = (values: Float64Array | undefined): Nested => [...(values ?? [])].map(number);
  const tokens = (values: Float64Array | undefined): Nested =>
    padded(side, (i) => number(values?.[i] ?? Number.NaN), GARBAGE);
  const rows = (): Nested =>
    padded(
      side,
      (i) =>
        [...(side.rows.get(of) ?? new Float64Array(0)).subarray(i * vocabulary, (i + 1) * vocabulary)].map(
          number,
        ),
      Array.from({ length: vocabulary }, () => GARBAGE),
    );
  const labels = (): Nested => padded(side, (i) => side.labels[i] ?? 0, 0);
  const values: Readonly<Record<Input['kind'], () => Nested>> = {
    logits: rows,
    logps: () => (side.logProbs.has(of) ? tokens(side.logProbs.get(of)) : rows()),
    labels,
    mask: () => padded(side, () => true, false),
    'per-token': () => tokens(side.perToken.get(of)),
    'per-response': () => column(side.perResponse.get(of)),
    'per-pair': () => column(batch.perPair.get(of)),
    'per-prompt': () => column(batch.perPrompt.get(of)),
  };
  const readOff = kind === 'logps' && !side.logProbs.has(of);
  return { kind, moves, value: values[kind](), ...(readOff && { labels: labels() }) };
}

export function jobOf(
  using: Job['with'],
  path: string,
  module: PythonModule,
  batch: Batch,
  parameters: Parameters,
): Job {
  return {
    with: using,
    path,
    function: module.name,
    gradient: gradientName(module.name),
    arrays: Object.fromEntries(module.inputs.arrays.map((one) => [one.name, arrayOf(one, batch)])),
    settings: Object.fromEntries(
      module.inputs.settings.map(({ name, of }) => [name, parameters.get(of) ?? Number.NaN]),
    ),
  };
}

type Written = readonly (number | string)[];
type Answer =
  | { readonly error: string }
  | {
      readonly losses: Written;
      readonly rewards: readonly Written[];
      readonly gradients: Readonly<Record<string, Written>>;
    };

/** Runs all jobs in one Python process. */
export function run(jobs: readonly Job[], batches: readonly Batch[]): readonly Result[] {
  const [asked, answered] = [join(folder, 'jobs.json'), join(folder, 'results.json')];
  writeFileSync(asked, JSON.stringify(jobs));
  const { status, stderr } = spawnSync(PYTHON, [join(import.meta.dirname, 'run.py'), asked, answered], {
    encoding: 'utf8',
    env: { ...process.env, OMP_NUM_THREADS: '1' },
  });
  if (status !== 0) throw new Error(stderr);
  const answers: readonly Answer[] = JSON.parse(readFileSync(answered, 'utf8'));
  return answers.map((answer, i) => {
    const job = jobs[i];
    const batch = batches[i];
    if ('error' in answer || job === undefined || batch === undefined) {
      throw new Error(`${job?.path}: ${'error' in answer ? answer.error : 'no job'}`);
    }
    return {
      losses: floats(answer.losses),
      rewards: answer.rewards.map(floats),
      gradients: new Map(
        Object.entries(answer.gradients).map(([name, values]) => {
          const role = name.includes('_chosen_') ? 'chosen' : 'rejected';
          return [role, unpadded(batch[role], floats(values))];
        }),
      ),
    };
  });
}

const floats = (values: Written): Float64Array =>
  Float64Array.from(values, (x) => (typeof x === 'number' ? x : Number(x.replace('inf', 'Infinity'))));

/** Without what stands at padding, which must be nought. */
function unpadded({ count, offsets }: Responses, values: Float64Array): Float64Array {
  const lengths = Array.from({ length: count }, (_, i) => (offsets[i + 1] ?? 0) - (offsets[i] ?? 0));
  const longest = Math.max(...lengths);
  const width = values.length / (count * longest);
  const kept: number[] = [];
  for (const [i, length] of lengths.entries()) {
    const start = i * longest * width;
    kept.push(...values.subarray(start, start + length * width));
    const beyond = values.subarray(start + length * width, start + longest * width);
    if (beyond.some((x) => x !== 0)) throw new Error(`a gradient at padding: ${beyond}`);
  }
  return Float64Array.from(kept);
}
