/** Compiled kernels against plain ones on random batches, and what is answered where there are no compiled kernels. */

import { afterEach, describe, expect, test, vi } from 'vitest';
import { BUILT_IN } from '../../src/expr/declare.ts';
import type { Expr } from '../../src/expr/expr.ts';
import { add, apply, call, minus, mul, num } from '../../src/expr/expr.ts';
import { verifyDraws } from '../../src/numeric/dealt.ts';
import type { SampledQuestion } from '../../src/numeric/draws.ts';
import { drawOf, plans } from '../../src/numeric/draws.ts';
import { dpo, l, logRatio, simpo, t, tdpo, tokens, v, vocabulary, w } from './formulas.ts';

const QUESTION: SampledQuestion = {
  name: 'kernels',
  declared: {
    parameters: { alpha: 'positive', beta: 'positive', gamma: 'nonnegative' },
    data: BUILT_IN,
    facts: [],
  },
  seed: 1,
  pairs: 40,
  tokens: 6,
  vocabulary: 5,
  draws: 3,
};

const verifyVectorised = (loss: Expr, question: SampledQuestion) =>
  verifyDraws({ kind: 'vectorised', loss }, question);

describe('compiled kernels agree with plain ones, losses and gradients', () => {
  test.each<[what: string, loss: Expr]>([
    ['DPO', dpo],
    ['SimPO', simpo],
    ['TDPO, by logits', tdpo],
  ])('%s', async (_, loss) => {
    const check = await verifyVectorised(loss, QUESTION);
    expect(check).toMatchObject({ kind: 'check', name: 'kernels', cases: 3, passed: true });
    expect(check.kind === 'check' && check.values).toBeGreaterThan(30);
    expect(check.kind === 'check' && (check.gradients?.values ?? 0)).toBeGreaterThan(100);
  });
});

interface Host {
  readonly validate: (binary: Uint8Array) => boolean;
  readonly instantiate: (...args: readonly unknown[]) => Promise<{ readonly instance: Instance }>;
}
interface Instance {
  readonly exports: {
    readonly memory: { readonly buffer: ArrayBuffer };
    readonly run: (...args: readonly number[]) => void;
  };
}
const HOST = (globalThis as unknown as { readonly WebAssembly: Host }).WebAssembly;

/** Runs kernels and then moves the first number of an output: the last three pointers are of outputs. */
const faulty = (output: -3 | -2 | -1): Host => ({
  validate: HOST.validate,
  instantiate: async (...args) => {
    const { memory, run } = (await HOST.instantiate(...args)).instance.exports;
    const spoil = (...pointers: readonly number[]): void => {
      run(...pointers);
      const [first] = new Float64Array(memory.buffer, pointers.at(output), 1);
      new Float64Array(memory.buffer, pointers.at(output), 1).fill((first ?? 0) + 1e-9);
    };
    return { instance: { exports: { memory, run: spoil } } };
  },
});

describe('a host that computes wrongly is found out', () => {
  afterEach(() => vi.unstubAllGlobals());

  test.each<[what: string, output: -3 | -2 | -1]>([
    ['losses', -3],
    ['gradients of chosen tokens', -2],
    ['gradients of rejected tokens', -1],
  ])('in its %s', async (_, output) => {
    vi.stubGlobal('WebAssembly', faulty(output));
    const check = await verifyVectorised(dpo, QUESTION);
    expect(check).toMatchObject({ kind: 'check', passed: false });
    expect(check.kind === 'check' && check.disagreements[0]).toMatchObject({ oursIsRight: false });
  });
});

test('a loss that is undefined everywhere has not been compared', async () => {
  const nowhere = call('log', [minus(add([num(1), apply('pi', [w])]))]);
  expect(await verifyVectorised(nowhere, QUESTION)).toMatchObject({
    kind: 'check',
    values: 0,
    passed: false,
  });
});

describe('where there is no compiled kernel, the answer says why', () => {
  afterEach(() => vi.unstubAllGlobals());

  test.each<[what: string, loss: Expr, fault: object]>([
    [
      'rows of the other response',
      tokens(w, vocabulary(apply('pi', [l, t, v]))),
      { kind: 'not-vectorised', reason: 'rows-elsewhere' },
    ],
    [
      'too many operations',
      add(Array.from({ length: 3000 }, (_, i) => call('tanh', [mul([num(i + 2), logRatio(w)])]))),
      { kind: 'too-large' },
    ],
    ['a missing datum', apply('prev', [w]), { kind: 'missing-data', name: 'prev' }],
  ])('%s', async (_, loss, fault) => {
    expect(await verifyVectorised(loss, QUESTION)).toMatchObject(fault);
  });

  test.each<[what: string, host: unknown]>([
    ['without WebAssembly', undefined],
    ['without its SIMD instructions', { validate: () => false }],
  ])('a host %s', async (_, host) => {
    vi.stubGlobal('WebAssembly', host);
    expect(await verifyVectorised(dpo, QUESTION)).toEqual({ kind: 'not-vectorised', reason: 'engine' });
  });
});

test('draws split the pairs, each kind of pair in turn, and memory does not grow with the run', () => {
  const sizes: number[] = [];
  const ends: number[] = [];
  for (const plan of plans([dpo], { ...QUESTION, pairs: 2000 })) {
    if (plan.kind !== 'plan') throw new Error(plan.kind);
    sizes.push(drawOf(plan).batch.pairs);
    ends.push(plan.until);
  }
  expect(sizes.reduce((sum, n) => sum + n, 0)).toBe(2000);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(512);
  expect(ends.at(-1)).toBe(2000);
  expect(ends).toEqual([...ends].sort((a, b) => a - b));
});
