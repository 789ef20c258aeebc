/** The exported code of every loss of the catalogue, run: recorded vectors and random batches, losses and gradients. */

import { describe, expect, test } from 'vitest';
import { substitute } from '../../src/expr/binder.ts';
import { datumOf, domainOf } from '../../src/expr/declare.ts';
import type { Expr } from '../../src/expr/expr.ts';
import { minus, sigmoid, sym } from '../../src/expr/expr.ts';
import { nodes, rebuild } from '../../src/expr/walk.ts';
import { attach } from '../../src/numeric/attach.ts';
import type { Batch } from '../../src/numeric/batch.ts';
import { shapeOf } from '../../src/numeric/batch.ts';
import { compareArrays } from '../../src/numeric/compare.ts';
import type { Parameters } from '../../src/numeric/compile.ts';
import { compile } from '../../src/numeric/compile.ts';
import { sortsOf } from '../../src/numeric/demand.ts';
import { numeric } from '../../src/numeric/hyperparameter.ts';
import { random } from '../../src/numeric/random.ts';
import { sampleBatch, sampleNumber } from '../../src/numeric/sample.ts';
import { slopesOf } from '../../src/numeric/slopes.ts';
import { reflected } from '../../src/numeric/structure.ts';
import type { VectorCase, Vectors } from '../../src/numeric/vectors.ts';
import { readVectors } from '../../src/numeric/vectors.ts';
import { isAsked } from '../../src/numeric/verify.ts';
import { pythonModule } from '../../src/render/python/module.ts';
import type { ExportReport } from '../../src/report/export.ts';
import { reportExport } from '../../src/report/export.ts';
import { expand } from '../../src/variant/expand.ts';
import { catalogue, loadVariant, readVectorsFile } from '../../src/variant/files.ts';
import type { Evidence, Variant } from '../../src/variant/variant.ts';
import type { Job, Result } from './jobs.ts';
import { hasPython, jobOf, run, save } from './jobs.ts';

const READY = hasPython('torch', 'numpy');

function variant(id: string): Variant {
  const found = loadVariant(id);
  if (found.kind !== 'variant') throw new Error(JSON.stringify(found));
  return found;
}

const reports = new Map<Expr, ExportReport>();

/** The report of a variant, made once for each loss. */
function exported(of: Variant): ExportReport {
  const report = reports.get(of.loss) ?? reportExport(of);
  if (report.kind !== 'export') throw new Error(JSON.stringify(report));
  reports.set(of.loss, report);
  return report;
}

/** One comparison: a job, and what it must come to. */
interface Trial {
  readonly what: string;
  readonly job: Job;
  readonly batch: Batch;
  /** In the parameters of the bound: those of the vectors, for evidence. */
  readonly loss: Expr;
  readonly parameters: Parameters;
  readonly recorded?: VectorCase;
}

const TARGET_OF = { torch: 'python', numpy: 'numpy', jax: 'jax' } as const;
const LIBRARIES = ['torch', 'numpy', 'jax'] as const;

/** 1 - sigmoid(u) is exported as sigmoid(-u): the same function, with its rounding in the other tail. */
function asExported(e: Expr): Expr {
  const u = reflected(e);
  return u === undefined ? e : sigmoid(minus(u));
}

/** The same numbers for both libraries. */
function trials(
  what: string,
  of: Variant,
  cases: readonly {
    readonly batch: Batch;
    readonly settings: Parameters;
    readonly loss: Expr;
    readonly parameters: Parameters;
    readonly recorded?: VectorCase;
  }[],
): readonly Trial[] {
  const report = exported(of);
  return LIBRARIES.flatMap((using) => {
    const module = pythonModule(report, { target: TARGET_OF[using] });
    const path = save(module);
    return cases.map(({ batch, settings, ...rest }, i) => ({
      what: `${using}: ${what}, case ${i}`,
      job: jobOf(using, path, module, batch, settings),
      batch,
      ...rest,
    }));
  });
}

/** Random batches at the defaults and at random hyper-parameters. */
function live(of: Variant): readonly Trial[] {
  const loss = expand(of.loss, of.definitions);
  const draw = random(7);
  const drawn: Parameters = new Map(
    [...of.parameters.keys()].map((name) => [name, sampleNumber(domainOf(of.declared, name), draw)]),
  );
  const { parameters: usual } = exported(of).example ?? { parameters: drawn };
  const data = new Map(
    [...nodes(loss)].flatMap(([node]) => {
      if (node.kind !== 'apply' || ['pi', 'ref', 'len'].includes(node.name)) return [];
      const datum = datumOf(of.declared, node.name);
      return datum === undefined ? [] : [[node.name, { ...datum, shapes: [sortsOf(node)] }] as const];
    }),
  );
  const wantsRows = [...nodes(loss)].some(
    ([node]) => node.kind === 'sum' && node.range.kind === 'vocabulary',
  );
  return trials(
    `${of.id} on random batches`,
    of,
    [usual, drawn].map((parameters, i) => ({
      batch: sampleBatch({ seed: 40 + i, pairs: 21, tokens: 9, vocabulary: wantsRows ? 5 : 0, data }),
      settings: parameters,
      parameters,
      loss,
    })),
  );
}

/** Every recorded case of the evidence of a variant. */
function recorded(of: Variant): readonly Trial[] {
  return of.evidence.flatMap((evidence) => {
    if (evidence.selects !== undefined) return [];
    const file = readVectorsFile(evidence.vectors, of.source.file);
    if (file.kind !== 'json') throw new Error(JSON.stringify(file));
    const vectors = readVectors(file.value);
    if (vectors.kind !== 'vectors') throw new Error(JSON.stringify(vectors));
    const published = { ...of, loss: evidence.loss ?? of.loss };
    return trials(`${of.id} on ${evidence.vectors}`, published, casesOf(published, evidence, vectors));
  });
}

function casesOf(of: Variant, evidence: Evidence, vectors: Vectors) {
  const loss = expand(of.loss, of.definitions);
  const theirs = substitute(
    loss,
    [...evidence.parameters].map(([name, by]) => [sym(name), by] as const),
  );
  const asked = { where: evidence.where, ...(evidence.batches && { batches: new Set(evidence.batches) }) };
  const data = new Map([...evidence.data].map(([head, path]) => [head.replace(/\(.*$/, ''), path]));
  return vectors.cases.flatMap((one) => {
    const source = vectors.batches.get(one.batch);
    if (one.kind !== 'losses' || source === undefined || !isAsked(asked, one)) return [];
    const batch = attach(source, one.outputs, data, loss);
    if (batch.kind !== 'batch') throw new Error(JSON.stringify(batch));
    const parameters = numeric(one.hyperparameters);
    const settings = new Map(
      [...evidence.parameters].flatMap(([name, by]) => {
        const kernel = compile(by, shapeOf(batch), parameters);
        return kernel.kind === 'kernel' ? [[name, kernel.run(batch)[0] ?? Number.NaN] as const] : [];
      }),
    );
    const isRecord = evidence.gives === undefined;
    return [{ batch, settings, loss: theirs, parameters, ...(isRecord && { recorded: one }) }];
  });
}

const doubled = (bounds: Float64Array) => (i: number) => 2 * (bounds[i] ?? 0);

function judge(trial: Trial, result: Result): void {
  const { loss, batch, parameters, recorded: record } = trial;
  const kernel = compile(loss, shapeOf(batch), parameters);
  if (kernel.kind !== 'kernel') throw new Error(JSON.stringify(kernel));
  const { values, own, other } = kernel.runBounded(batch);
  const losses = compareArrays(
    result.losses,
    values,
    (i) => (own[i] ?? 0) + (other[i] ?? 0),
    (pair) => pair,
    { nanAgrees: true },
  );
  expect(losses).toMatchObject({ exceeded: [], passed: true });
  if (result.gradients.size > 0) judgeGradients(trial, result, values);
  if (record !== undefined) judgeLosses(record, result, values, other);
}

function judgeGradients(
  { loss, batch, parameters, recorded: record }: Trial,
  result: Result,
  values: Float64Array,
): void {
  const coordinates = batch.chosen.rows.has('pi') ? 'logits' : 'log-probs';
  const slopes = slopesOf(loss, batch, parameters, coordinates, { case: 0 });
  const mirrored = slopesOf(rebuild(loss, asExported), batch, parameters, coordinates, { case: 0 });
  if ('kind' in slopes) throw new Error(JSON.stringify(slopes));
  if ('kind' in mirrored) throw new Error(JSON.stringify(mirrored));
  // Where the loss has no value its derivative means nothing; and where a reward is beyond the range of doubles, its
  // derivative is nought times infinity to whoever takes derivatives step by step.
  const isUsable = (pair: number): boolean =>
    [values, ...result.rewards].every((column) => Number.isFinite(column[pair]));
  for (const [k, { role, ours, place }] of slopes.entries()) {
    const theirs = result.gradients.get(role) ?? new Float64Array(ours.values.length);
    const kept = [...ours.values.keys()].filter((i) => isUsable(place(i).pair ?? 0));
    const { other } = mirrored[k]?.ours ?? ours;
    const bounds = Float64Array.from(ours.own, (x, i) => x + Math.max(ours.other[i] ?? 0, other[i] ?? 0));
    const gradients = compareArrays(
      kept.map((i) => theirs[i] ?? Number.NaN),
      kept.map((i) => ours.values[i] ?? Number.NaN),
      (n) => bounds[kept[n] ?? 0] ?? 0,
      (n) => ({ ...place(kept[n] ?? 0), theirs: theirs[kept[n] ?? 0], ours: ours.values[kept[n] ?? 0] }),
    );
    expect(gradients, `gradient of ${role}`).toMatchObject({ exceeded: [], passed: true });
    if (record?.gradients?.in === coordinates) {
      const against = compareArrays(
        theirs,
        record.gradients.values[role],
        (i) => 2 * (bounds[i] ?? 0),
        (i) => i,
      );
      expect(against, `recorded gradient of ${role}`).toMatchObject({ exceeded: [], passed: true });
    }
  }
}

function judgeLosses(record: VectorCase, result: Result, values: Float64Array, other: Float64Array): void {
  const pairs = values.length;
  if (record.losses !== undefined) {
    const together = Float64Array.from({ length: pairs }, (_, i) =>
      record.losses?.length === pairs
        ? (record.losses[i] ?? 0)
        : (record.losses?.[i] ?? 0) + (record.losses?.[pairs + i] ?? 0),
    );
    expect(compareArrays(result.losses, together, doubled(other), (i) => i)).toMatchObject({
      exceeded: [],
      passed: true,
    });
  } else {
    const mean = result.losses.reduce((sum, x) => sum + x, 0) / pairs;
    const size = values.reduce((sum, x) => sum + Math.abs(x), 0) / pairs;
    const bound = (2 * other.reduce((sum, x) => sum + x, 0)) / pairs + 2 * pairs * 2 ** -53 * size;
    expect(Math.abs(mean - (record.mean ?? Number.NaN))).toBeLessThanOrEqual(bound);
  }
}

describe.skipIf(!READY)('exported code', () => {
  const all = READY ? catalogue().flatMap((id) => [...live(variant(id)), ...recorded(variant(id))]) : [];
  const results = READY
    ? run(
        all.map(({ job }) => job),
        all.map(({ batch }) => batch),
      )
    : [];

  test('is there for every loss, in each library', () => {
    expect(new Set(all.map(({ job }) => job.function)).size).toBe(catalogue().length);
    expect(all.filter(({ recorded: record }) => record !== undefined).length).toBeGreaterThan(400);
  });

  test.each(all.map((trial, i) => [trial.what, trial, results[i]] as const))('%s', (_, trial, result) => {
    if (result === undefined) throw new Error('no result');
    judge(trial, result);
  });
});
