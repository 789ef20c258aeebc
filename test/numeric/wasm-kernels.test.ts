/** Compiled kernels against the plain path: every loss of the catalogue and random formulas, values and gradients. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Datum } from '../../src/expr/declare.ts';
import { datumOf, NOTHING_DECLARED } from '../../src/expr/declare.ts';
import type { Expr } from '../../src/expr/expr.ts';
import { add, apply, call, log, mul, num, subtract, sum, sym, variable } from '../../src/expr/expr.ts';
import { toNumber } from '../../src/expr/rational.ts';
import { nodes, some } from '../../src/expr/walk.ts';
import type { Batch, Role } from '../../src/numeric/batch.ts';
import { ROLES, shapeOf } from '../../src/numeric/batch.ts';
import { compareArrays } from '../../src/numeric/compare.ts';
import type { Bounded, Parameters } from '../../src/numeric/compile.ts';
import { compile } from '../../src/numeric/compile.ts';
import { gradientByTokens } from '../../src/numeric/gradient.ts';
import { gradientByLogits } from '../../src/numeric/logits.ts';
import { sampleBatch } from '../../src/numeric/sample.ts';
import type { BatchKernel } from '../../src/numeric/wasm/batch-kernel.ts';
import { compileBatch, layoutOf } from '../../src/numeric/wasm/batch-kernel.ts';
import { compileColumns } from '../../src/numeric/wasm/column-kernel.ts';
import type { ColumnKernel } from '../../src/numeric/wasm/column-run.ts';
import { expand } from '../../src/variant/expand.ts';
import { catalogue, loadVariant } from '../../src/variant/files.ts';
import { beta, dpo, l, logRatio, simpo, t, tdpo, tokens, v, vocabulary, w } from './formulas.ts';
import { formula } from './random-formula.ts';

const PARAMETERS: Parameters = new Map([
  ['alpha', 0.7],
  ['beta', 0.1],
  ['gamma', -1.3],
]);
const score = { is: 'positive', shapes: [['response']], distribution: false } as const;
const mask = { is: 'unit', shapes: [['response', 'token']], distribution: false } as const;
const DATA = new Map(Object.entries({ score, mask }));
const BATCH = sampleBatch({ seed: 20, pairs: 9, tokens: 7, data: DATA });

async function fast(e: Expr, batch: Batch, parameters: Parameters, gradients = true): Promise<BatchKernel> {
  const kernel = await compileBatch(e, layoutOf(batch), parameters, { gradients });
  if (kernel.kind !== 'batch-kernel') throw new Error(JSON.stringify(kernel));
  return kernel;
}
/** What plain code gives, and what any arrangement of the arithmetic may be off by. */
function plainLosses(e: Expr, batch: Batch, parameters: Parameters): Bounded {
  const kernel = compile(e, shapeOf(batch), parameters);
  if (kernel.kind !== 'kernel') throw new Error(JSON.stringify(kernel));
  return { ...kernel.runBounded(batch), values: kernel.run(batch) };
}
function plainGradient(e: Expr, role: Role, batch: Batch, parameters: Parameters): Bounded {
  const shape = shapeOf(batch);
  if (batch.vocabulary > 0) {
    const kernel = gradientByLogits(e, role, shape, parameters);
    if (kernel.kind !== 'logit-kernel') throw new Error(JSON.stringify(kernel));
    return { ...kernel.runBounded(batch), values: kernel.run(batch) };
  }
  const kernel = gradientByTokens(e, role, shape, parameters);
  if (kernel.kind !== 'token-kernel') throw new Error(JSON.stringify(kernel));
  return { ...kernel.runTokensBounded(batch), values: kernel.runTokens(batch) };
}

/** Where the two are further apart than rounding on both sides explains; without a bound, nothing is said. */
function apart({ values, own, other }: Bounded, found: Float64Array): readonly object[] {
  const allowed = (i: number): number => (own[i] ?? Number.NaN) + (other[i] ?? Number.NaN);
  const { exceeded } = compareArrays(found, values, allowed, (i) => i, { nanAgrees: true });
  const wrong = exceeded.filter((i) => Number.isFinite(allowed(i)));
  const lengths = found.length === values.length ? [] : [{ found: found.length, wanted: values.length }];
  return [...lengths, ...wrong.map((i) => ({ i, found: found[i], plain: values[i], allowed: allowed(i) }))];
}

/** The share of numbers that have a bound: some formulas are undefined at most random points. */
const told = ({ values, own, other }: Bounded): number =>
  values.filter((_, i) => Number.isFinite((own[i] ?? Number.NaN) + (other[i] ?? Number.NaN))).length /
  values.length;

async function expectAlike(e: Expr, batch: Batch, parameters: Parameters): Promise<void> {
  const { losses, gradients } = (await fast(e, batch, parameters)).run(batch);
  expect(apart(plainLosses(e, batch, parameters), losses)).toEqual([]);
  for (const role of ROLES) {
    const found = gradients?.[role] ?? new Float64Array(0);
    expect(apart(plainGradient(e, role, batch, parameters), found)).toEqual([]);
  }
}

describe.each(catalogue())('%s', (id) => {
  const variant = loadVariant(id);
  if (variant.kind !== 'variant') throw new Error(JSON.stringify(variant));
  const { declared } = variant;
  const loss = expand(variant.loss, variant.definitions);
  const parameters = new Map(
    [...variant.parameters].map(([name, { default: value }]) => [
      name,
      value === undefined ? 0.3 : toNumber(value),
    ]),
  );
  const data = new Map<string, Datum>();
  for (const [node] of nodes(loss)) {
    const datum = node.kind === 'apply' ? datumOf(declared, node.name) : undefined;
    if (node.kind === 'apply' && datum !== undefined) data.set(node.name, datum);
  }
  for (const name of ['pi', 'ref', 'len']) data.delete(name);
  const needsRows = some(loss, (e) => e.kind === 'sum' && e.range.kind === 'vocabulary');

  test.each(needsRows ? [5] : [0, 4])('with a vocabulary of %d', async (entries) => {
    const batch = sampleBatch({ seed: 3, pairs: 14, tokens: 5, vocabulary: entries, data });
    await expectAlike(loss, batch, parameters);
    expect(told(plainLosses(loss, batch, parameters))).toBeGreaterThan(0);
  });

  test('as columns, where it needs whole responses only', async () => {
    const kernel = await compileColumns(loss, declared, parameters, { gradients: true });
    const needsTokens = some(
      loss,
      (e) => e.kind === 'sum' || (e.kind === 'apply' && e.args.length > 1 && e.args[1]?.kind !== 'var'),
    );
    if (kernel.kind !== 'column-kernel') {
      expect({ needsTokens, kernel }).toEqual({
        needsTokens: true,
        kernel: { kind: 'not-vectorised', reason: 'tokens' },
      });
      return;
    }
    const batch = sampleBatch({ seed: 4, pairs: 23, tokens: 1, data });
    const column = columnsOf(batch);
    const losses = new Float64Array(batch.pairs);
    const gradients = { chosen: new Float64Array(batch.pairs), rejected: new Float64Array(batch.pairs) };
    expect(kernel.run(column, { losses, gradients })).toBeUndefined();
    // Responses of one token: their log-probability is that of the token.
    expect(apart(plainLosses(loss, batch, parameters), losses)).toEqual([]);
    for (const role of ROLES)
      expect(apart(plainGradient(loss, role, batch, parameters), gradients[role])).toEqual([]);
  });
});

/** The numbers of a batch of responses of one token. */
function columnsOf(batch: Batch): ReadonlyMap<string, Float64Array> {
  const found = new Map<string, Float64Array>();
  for (const [role, letter] of [
    ['chosen', 'w'],
    ['rejected', 'l'],
  ] as const) {
    const { logProbs, perResponse, count } = batch[role];
    for (const [name, values] of [...logProbs, ...perResponse]) found.set(`${name}(${letter})`, values);
    found.set(`len(${letter})`, new Float64Array(count).fill(1));
  }
  for (const [name, values] of batch.perPair) found.set(`${name}(w,l)`, values);
  for (const [name, values] of batch.perPrompt) found.set(`${name}(x)`, values);
  return found;
}

test('random formulas are as plain code has them', async () => {
  await fc.assert(
    fc.asyncProperty(formula, async (e) => {
      const { losses } = (await fast(e, BATCH, PARAMETERS, false)).run(BATCH);
      expect(apart(plainLosses(e, BATCH, PARAMETERS), losses)).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

test('gradients of random formulas are as plain code has them', async () => {
  await fc.assert(
    fc.asyncProperty(formula, (e) => expectAlike(e, BATCH, PARAMETERS)),
    { numRuns: 25 },
  );
});

const at = (name: string, y: Expr, position: Expr): Expr => apply(name, [y, position]);
const s = variable('s', 'token');

describe('formulas that loops make hard', () => {
  test.each<[what: string, e: Expr]>([
    ['a token of the other response, beyond its end', tokens(w, log(at('pi', l, t)))],
    [
      'the same where an indicator rules it out',
      tokens(w, mul([call('le', [t, apply('len', [l])]), log(at('pi', l, t))])),
    ],
    ['a fixed token', log(at('pi', w, num(2)))],
    ['positions', tokens(l, mul([t, log(at('pi', l, t))]))],
    ['the log of a sum of probabilities', log(tokens(w, at('pi', w, t)))],
    ['a sum inside a sum', tokens(w, sum(s, { kind: 'tokens', of: l }, mul([t, log(at('pi', l, s))])))],
    [
      'a sum that the sum around it does not touch',
      tokens(w, mul([log(at('pi', w, t)), tokens(l, at('mask', l, t))])),
    ],
    [
      'sums that wait for others',
      tokens(
        w,
        call('relu', [subtract(log(at('pi', w, t)), mul([num(-1), tokens(w, log(at('ref', w, t)))]))]),
      ),
    ],
    ['a constant', add([num(1), sym('beta')])],
  ])('%s', async (_, e) => {
    await expectAlike(e, BATCH, PARAMETERS);
  });
});

describe('batches larger than a kernel holds', () => {
  test('many pairs', async () => {
    const batch = sampleBatch({ seed: 6, pairs: 5000, tokens: 3 });
    await expectAlike(simpo, batch, PARAMETERS);
  });
  test('long responses', async () => {
    const batch = sampleBatch({ seed: 7, pairs: 6, tokens: 40_000 });
    await expectAlike(dpo, batch, PARAMETERS);
  });
  test('rows that come a few at a time', async () => {
    const batch = sampleBatch({ seed: 8, pairs: 3, tokens: 20, vocabulary: 3001 });
    const { losses } = (await fast(tdpo, batch, PARAMETERS, false)).run(batch);
    expect(apart(plainLosses(tdpo, batch, PARAMETERS), losses)).toEqual([]);
  });
  test('the same kernel on another batch', async () => {
    const kernel = await fast(dpo, BATCH, PARAMETERS);
    const larger = sampleBatch({ seed: 9, pairs: 30, tokens: 60 });
    const before = kernel.run(BATCH);
    const copy = Float64Array.from(before.losses);
    expect(apart(plainLosses(dpo, larger, PARAMETERS), kernel.run(larger).losses)).toEqual([]);
    expect(kernel.run(BATCH).losses).toEqual(copy);
    expect(before.losses).toEqual(copy);
  });
});

describe('what a kernel cannot do is a fault when compiling', () => {
  const FULL = sampleBatch({ seed: 21, pairs: 3, tokens: 3, vocabulary: 4 });
  test.each<[what: string, e: Expr, batch: Batch, fault: object]>([
    ['missing data', apply('prev', [w]), BATCH, { kind: 'missing-data', name: 'prev' }],
    ['a missing parameter', sym('delta'), BATCH, { kind: 'missing-parameter', name: 'delta' }],
    [
      'a row of the other response',
      tokens(w, vocabulary(apply('pi', [l, t, v]))),
      FULL,
      { kind: 'not-vectorised', reason: 'rows-elsewhere' },
    ],
    ['a row of a fixed token', vocabulary(apply('pi', [w, num(1), v])), FULL, { kind: 'not-vectorised' }],
    [
      'too many operations',
      add(Array.from({ length: 3000 }, (_, i) => call('tanh', [mul([num(i + 2), logRatio(w)])]))),
      BATCH,
      { kind: 'too-large' },
    ],
  ])('%s', async (_, e, batch, fault) => {
    expect(await compileBatch(e, layoutOf(batch), PARAMETERS)).toMatchObject(fault);
  });

  test('tokens in a kernel of columns', async () => {
    const e = tokens(w, log(at('pi', w, t)));
    expect(await compileColumns(e, NOTHING_DECLARED, PARAMETERS)).toEqual({
      kind: 'not-vectorised',
      reason: 'tokens',
    });
  });
});

describe("arrays in a kernel's own memory", () => {
  /** SimPO, of `pairs` pairs: what it gives for arrays from elsewhere, and a workspace that is filled. */
  async function filled(pairs: number) {
    const compiled = await compileColumns(simpo, NOTHING_DECLARED, PARAMETERS, { gradients: true });
    const kernel = compiled as ColumnKernel;
    const columns = new Map(
      kernel.reads.map(
        (name, k) =>
          [name, Float64Array.from({ length: pairs }, (_, i) => -1 - ((i * (k + 3)) % 17))] as const,
      ),
    );
    const elsewhere = results(pairs);
    expect(kernel.run(columns, elsewhere)).toBeUndefined();
    const workspace = kernel.allocate(pairs);
    for (const [name, values] of workspace.columns) values.set(columns.get(name) ?? []);
    return { kernel, columns, elsewhere, workspace };
  }
  const results = (pairs: number) => ({
    losses: new Float64Array(pairs),
    gradients: { chosen: new Float64Array(pairs), rejected: new Float64Array(pairs) },
  });

  test.each([0, 1, 2, 7, 4096, 4097, 9001])('give what others give, of %d pairs', async (pairs) => {
    const { kernel, columns, elsewhere, workspace } = await filled(pairs);
    expect(kernel.run(workspace.columns, workspace.results)).toBeUndefined();
    expect(workspace.results).toEqual(elsewhere);
    // Some there and some elsewhere; and none there, once memory has grown.
    const mixed = results(pairs);
    expect(kernel.run(workspace.columns, mixed)).toBeUndefined();
    expect(mixed).toEqual(elsewhere);
    const copied = results(pairs);
    expect(kernel.run(columns, copied)).toBeUndefined();
    expect(copied).toEqual(elsewhere);
  });

  test('a part of them may be filled: nothing is written beside it', async () => {
    const { kernel, elsewhere, workspace } = await filled(10);
    const { losses, gradients } = workspace.results;
    losses.fill(7);
    const part = (all: Float64Array): Float64Array => all.subarray(2, 5);
    const columns = new Map([...workspace.columns].map(([name, all]) => [name, part(all)] as const));
    const into = gradients && { chosen: part(gradients.chosen), rejected: part(gradients.rejected) };
    expect(kernel.run(columns, { losses: part(losses), ...(into && { gradients: into }) })).toBeUndefined();
    expect([...losses]).toEqual([7, 7, ...part(elsewhere.losses), 7, 7, 7, 7, 7]);
  });

  test('are asked for again', async () => {
    const { kernel, elsewhere, columns } = await filled(100);
    const { columns: again, results: into } = kernel.allocate(100_000);
    for (const [name, values] of again) values.set(columns.get(name) ?? [], 50_000);
    expect(kernel.run(again, into)).toBeUndefined();
    expect(into.losses.slice(50_000, 50_100)).toEqual(elsewhere.losses);
  });

  test('results of different lengths are refused', async () => {
    const { kernel, workspace } = await filled(4);
    const gradients = { chosen: new Float64Array(4), rejected: new Float64Array(3) };
    expect(() => kernel.run(workspace.columns, { losses: workspace.results.losses, gradients })).toThrow(
      'results of 3 numbers and of 4',
    );
  });
});

test('a column that is missing or of another length is a fault, and nothing is written', async () => {
  const kernel = (await compileColumns(dpo, NOTHING_DECLARED, PARAMETERS)) as ColumnKernel;
  expect(kernel.reads).toEqual(['pi(w)', 'ref(w)', 'pi(l)', 'ref(l)']);
  const columns = new Map(kernel.reads.map((name) => [name, Float64Array.of(-1, -2, -3)] as const));
  const losses = Float64Array.of(7, 7, 7);
  columns.set('ref(l)', Float64Array.of(-1));
  expect(kernel.run(columns, { losses })).toEqual({ kind: 'wrong-column', name: 'ref(l)', found: 1 });
  columns.delete('ref(l)');
  expect(kernel.run(columns, { losses })).toEqual({ kind: 'wrong-column', name: 'ref(l)', found: 0 });
  expect([...losses]).toEqual([7, 7, 7]);
});

test('parameters are taken as they are', async () => {
  const kernel = (await compileColumns(
    mul([beta, log(apply('pi', [w]))]),
    NOTHING_DECLARED,
    new Map([['beta', -0]]),
  )) as ColumnKernel;
  const losses = new Float64Array(1);
  kernel.run(new Map([['pi(w)', Float64Array.of(-3)]]), { losses });
  expect([...losses]).toEqual([0]);
});
