/** Log-probabilities of a training run: the losses real code gave, and rewards, margins and summaries of them. */

import { describe, expect, test } from 'vitest';
import type { Expr } from '../../src/expr/expr.ts';
import type { Batch } from '../../src/numeric/batch.ts';
import { ROLES, shapeOf } from '../../src/numeric/batch.ts';
import type { Column, Table } from '../../src/numeric/columns.ts';
import { compile } from '../../src/numeric/compile.ts';
import { isOf } from '../../src/numeric/facts.ts';
import { numeric } from '../../src/numeric/hyperparameter.ts';
import { readVectors } from '../../src/numeric/vectors.ts';
import { inTheirNames, isAsked } from '../../src/numeric/verify.ts';
import type { LogpsFault, LogpsReport } from '../../src/report/logps.ts';
import { reportLogps } from '../../src/report/logps.ts';
import { expand } from '../../src/variant/expand.ts';
import { catalogue, loadVariant, readVectorsFile } from '../../src/variant/files.ts';
import type { ReadFault } from '../../src/variant/tensors/fault.ts';
import type { Variant } from '../../src/variant/variant.ts';
import { formula } from '../render/claims.ts';

function published(id: string): Variant {
  const variant = loadVariant(id);
  if (variant.kind !== 'variant') throw new Error(JSON.stringify(variant));
  return variant;
}

/** A table of these columns, read `step` rows at a time. */
function tableOf(columns: Readonly<Record<string, Column>>, rows: number, step = 3): Table<ReadFault> {
  const part = (column: Column, from: number, to: number): Column => {
    if (column.kind === 'numbers') return { ...column, values: column.values.slice(from, to) };
    const start = column.offsets[from] ?? 0;
    const offsets = column.offsets.slice(from, to + 1).map((end) => end - start);
    return { ...column, offsets, values: column.values.slice(start, column.offsets[to]) };
  };
  return {
    kind: 'table',
    names: Object.keys(columns),
    narrow: new Map(),
    async *read(names) {
      for (let first = 0; first < rows; first += step) {
        const to = Math.min(rows, first + step);
        const parts = names.flatMap((name) => {
          const column = columns[name];
          return column === undefined ? [] : [[name, part(column, first, to)] as const];
        });
        yield { kind: 'rows', first, count: to - first, columns: new Map(parts) };
      }
    },
  };
}

/** The policy and the reference of a batch under the names that training code gives them. */
function columnsOf(batch: Batch): Readonly<Record<string, Column>> {
  const entries = ROLES.flatMap((role) => {
    const { offsets, logProbs } = batch[role];
    return [...logProbs].map(([name, values]): [string, Column] => [
      `${name === 'pi' ? 'policy' : 'reference'}_${role}_logps`,
      { kind: 'lists', offsets, values, padded: false },
    ]);
  });
  return Object.fromEntries(entries);
}

async function report(...[variant, question]: Parameters<typeof reportLogps>): Promise<LogpsReport> {
  const found = await reportLogps(variant, question);
  if (found.kind !== 'logps') throw new Error(JSON.stringify(found));
  return found;
}

const NONE = new Map<string, never>();
const usual = published('dpo').evidence;

/** The losses of the catalogue for which there are records by tokens, and that have no further data. */
const recorded = catalogue().flatMap((id) => {
  const variant = published(id);
  const plain = variant.data.size === 0 && variant.distributions.size === 0;
  return variant.evidence.flatMap((evidence, i) =>
    plain && evidence.loss === undefined && evidence.selects === undefined && evidence.gives === undefined
      ? [[`${id}, evidence ${i + 1}`, variant, evidence] as const]
      : [],
  );
});

describe('what real code gave', () => {
  test('most losses have such records', () => {
    expect(usual.length).toBeGreaterThan(0);
    expect(recorded.length).toBeGreaterThan(12);
  });

  test.each(recorded)('%s', async (_, variant, evidence) => {
    const file = readVectorsFile(evidence.vectors);
    const vectors = file.kind === 'json' ? readVectors(file.value) : file;
    if (vectors.kind !== 'vectors') throw new Error(vectors.kind);
    const { parameters } = evidence;
    const loss = expand(variant.loss, variant.definitions);
    // One case for each batch: what a loss rewards is worked out each time.
    const cases = new Map(vectors.cases.map((one) => [one.batch, one] as const));
    for (const one of cases.values()) {
      const batch = vectors.batches.get(one.batch)?.batch;
      if (one.kind !== 'losses' || batch === undefined || batch.vocabulary > 0) continue;
      if (!isAsked({ where: evidence.where }, one) || one.losses?.length !== batch.pairs) continue;
      const theirs = numeric(one.hyperparameters);
      const settingOf = (e: Expr): number => {
        const kernel = compile(e, shapeOf(batch), theirs);
        return kernel.kind === 'kernel' ? (kernel.run(batch)[0] ?? Number.NaN) : Number.NaN;
      };
      const set = new Map([...parameters].map(([name, e]) => [name, settingOf(e)]));
      const within = [...set].every(([name, x]) => isOf(variant.parameters.get(name)?.is ?? 'real', x));
      if (!within) continue;
      const losses: number[] = [];
      await report(variant, {
        table: tableOf(columnsOf(batch), batch.pairs),
        map: NONE,
        set,
        onRows: (__, { loss }) => losses.push(...loss),
      });
      const kernel = compile(inTheirNames({ name: '', vectors, loss, parameters }), shapeOf(batch), theirs);
      if (kernel.kind !== 'kernel') throw new Error(kernel.kind);
      const { other } = kernel.runBounded(batch);
      // Theirs and ours may each be off by what any float64 implementation may be.
      for (const [i, loss] of losses.entries()) {
        expect(Math.abs(loss - (one.losses[i] ?? Number.NaN))).toBeLessThanOrEqual(2 * (other[i] ?? 0));
      }
      expect(losses.length).toBe(batch.pairs);
    }
  });
});

const sums = (...values: number[]): Column => ({ kind: 'numbers', values: Float64Array.from(values) });
const FOUR = {
  chosen_logps: sums(-1, -2, -3, -4),
  rejected_logps: sums(-2, -2, -2, -2),
  ref_chosen_logps: sums(-1, -1, -1, -1),
  ref_rejected_logps: sums(-1, -1, -1, -1),
};

describe('rewards and margins', () => {
  test('of DPO are beta times the log-ratios', async () => {
    const found = await report(published('dpo'), {
      table: tableOf(FOUR, 4),
      map: NONE,
      set: new Map([['beta', 0.5]]),
    });
    expect(found.rows).toBe(4);
    expect(found.summaries.chosen).toMatchObject({
      mean: -0.75,
      least: { row: 3, value: -1.5 },
      most: { row: 0, value: 0 },
    });
    expect(found.summaries.rejected).toMatchObject({ mean: -0.5 });
    expect(found.summaries.margin).toMatchObject({ mean: -0.25, most: { row: 0, value: 0.5 } });
    expect(found).toMatchObject({ wins: 1, ties: 1 });
    expect(found.worst.map(({ row }) => row)).toEqual([3, 2, 1, 0]);
    expect(found.worst[0]).toMatchObject({ chosen: -1.5, rejected: -0.5, margin: -1 });
    expect(found.summaries.loss.mean).toBeCloseTo(
      [0.5, 0, -0.5, -1].reduce((sum, u) => sum + Math.log1p(Math.exp(-u)), 0) / 4,
      14,
    );
  });

  test('of a label-dependent loss differ by the margin it asks for', async () => {
    const lengths = { chosen_lengths: sums(1, 2, 3, 4), rejected_lengths: sums(2, 2, 2, 2) };
    const table = tableOf({ ...FOUR, ...lengths }, 4);
    const found = await report(published('simpo'), { table, map: NONE, set: new Map([['gamma', 1]]) });
    expect(found.implicit.tier).toBe('label-dependent');
    expect(found.summaries.chosen).toMatchObject({ mean: -3 });
    expect(found.summaries.rejected).toMatchObject({ mean: -2 });
    expect(found.summaries.margin).toMatchObject({ mean: -1 });
  });

  test('a loss without a logit of the pair has none', async () => {
    const question = { table: tableOf(FOUR, 4), map: new Map([['z', '0.1']]), set: NONE };
    const found = await report(published('kto'), question);
    expect(Object.keys(found.summaries)).toEqual(['loss']);
    expect(found.implicit).toMatchObject({ scores: undefined, logit: undefined });
  });

  test('in whatever portions the rows come', async () => {
    const answers = await Promise.all(
      [1, 2, 3, 4].map((step) =>
        report(published('dpo'), { table: tableOf(FOUR, 4, step), map: NONE, set: NONE }),
      ),
    );
    const [first, ...others] = answers.map(({ summaries, worst }) => JSON.stringify([summaries, worst]));
    for (const other of others) expect(other).toBe(first);
  });

  test('a loss that is not finite is counted, named, and left out of the mean', async () => {
    const claim = formula('-log(log(pi(w)/pi(l)))');
    const found = await report(claim, { table: tableOf(FOUR, 4), map: NONE, set: NONE });
    expect(found.summaries.loss).toMatchObject({ count: 1, mean: 0, nonFinite: 3 });
    expect(found.nonFinite.map(({ row }) => row)).toEqual([1, 2, 3]);
  });
});

describe('what cannot be evaluated', () => {
  test.each<[what: string, id: string, question: object, fault: Partial<LogpsFault>]>([
    [
      'a hyper-parameter outside its domain',
      'dpo',
      { set: new Map([['beta', -1]]) },
      { kind: 'outside-its-domain' },
    ],
    ['no rows', 'dpo', { table: tableOf(FOUR, 0) }, { kind: 'no-rows' }],
    ['whole distributions', 'tdpo1', {}, { kind: 'needs-distributions' }],
  ])('%s', async (_, id, question, fault) => {
    const asked = { table: tableOf(FOUR, 4), map: NONE, set: NONE, ...question };
    expect(await reportLogps(published(id), asked)).toMatchObject(fault);
  });

  test('hyper-parameters of a formula need values that meet what is assumed', async () => {
    const claim = formula('-log(sigmoid(a*log(pi(w)/pi(l)) - b))', { assume: ['a > b'] });
    const at = (a: number, b: number): ReturnType<typeof reportLogps> => {
      const set = new Map([
        ['a', a],
        ['b', b],
      ]);
      return reportLogps(claim, { table: tableOf(FOUR, 4), map: NONE, set });
    };
    expect(await at(2, 1)).toMatchObject({ kind: 'logps' });
    expect(await at(1, 2)).toMatchObject({ kind: 'against-assumption' });
    const question = { table: tableOf(FOUR, 4), map: NONE, set: new Map([['a', 1]]) };
    expect(await reportLogps(claim, question)).toMatchObject({ kind: 'no-value', name: 'b' });
  });
});
