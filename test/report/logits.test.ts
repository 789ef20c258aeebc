/** Whole distributions in files of every format: the losses that real code gave on them, plainly and by WebAssembly. */

import { describe, expect, test } from 'vitest';
import type { Expr } from '../../src/expr/expr.ts';
import { attach } from '../../src/numeric/attach.ts';
import type { Batch } from '../../src/numeric/batch.ts';
import { ROLES, shapeOf } from '../../src/numeric/batch.ts';
import { compile } from '../../src/numeric/compile.ts';
import { isOf } from '../../src/numeric/facts.ts';
import { numeric } from '../../src/numeric/hyperparameter.ts';
import type { Tabulated } from '../../src/numeric/tabulate.ts';
import { plainTabulator, QUANTITIES, tabulator, wasmTabulator } from '../../src/numeric/tabulate.ts';
import type { VectorCase } from '../../src/numeric/vectors.ts';
import { readVectors } from '../../src/numeric/vectors.ts';
import { inTheirNames, isAsked } from '../../src/numeric/verify.ts';
import { implicitOf, quantitiesOf } from '../../src/report/implicit.ts';
import { reportLogps } from '../../src/report/logps.ts';
import { expand } from '../../src/variant/expand.ts';
import { catalogue, loadVariant, readVectorsFile } from '../../src/variant/files.ts';
import { openTable } from '../../src/variant/tensors/open.ts';
import type { Variant } from '../../src/variant/variant.ts';
import type { Made, MadeColumns } from '../variant/tensors/make.ts';
import { fileOf, jsonLines, npyFortran, npz, parquet, safetensors } from '../variant/tensors/make.ts';

function published(id: string): Variant {
  const variant = loadVariant(id);
  if (variant.kind !== 'variant') throw new Error(JSON.stringify(variant));
  return variant;
}

/** Numbers of tokens, `width` to each, padded to the longest response. */
function padded(values: ArrayLike<number>, offsets: Int32Array, width: number, padding: number): Made {
  const rows = offsets.length - 1;
  const lengths = [...offsets.subarray(1)].map((end, i) => end - (offsets[i] ?? 0));
  const tokens = Math.max(2, ...lengths);
  const flat = new Array<number>(rows * tokens * width).fill(padding);
  for (const [i, length] of lengths.entries()) {
    for (let k = 0; k < length * width; k++) {
      flat[i * tokens * width + k] = values[(offsets[i] ?? 0) * width + k] ?? Number.NaN;
    }
  }
  return { shape: width === 1 ? [rows, tokens] : [rows, tokens, width], values: flat };
}

/** A batch of whole distributions under the names that training code gives them. */
function columnsOf({ vocabulary, chosen, rejected }: Batch): MadeColumns {
  const sides = { chosen, rejected };
  const entries = ROLES.flatMap((role) => {
    const { offsets, rows, labels, perToken } = sides[role];
    const logits = [...rows].map(([name, values]) => [
      `${name === 'pi' ? '' : 'ref_'}${role}_logits`,
      padded(values, offsets, vocabulary, 7),
    ]);
    const data = [...perToken].map(([name, values]) => [`${role}_${name}`, padded(values, offsets, 1, 0)]);
    return [...logits, ...data, [`${role}_labels`, padded(labels, offsets, 1, -100)]];
  });
  return Object.fromEntries(entries);
}

interface Recorded {
  readonly variant: Variant;
  readonly batch: Batch;
  readonly losses: Float64Array;
  readonly set: ReadonlyMap<string, number>;
  /** What these losses, or ours, may be off by. */
  readonly slack: Float64Array;
}

/** One case for each batch of whole distributions of a variant's vectors. */
function recordsOf(id: string): readonly Recorded[] {
  const variant = published(id);
  return variant.evidence.flatMap((evidence) => {
    if (evidence.gives !== undefined || evidence.selects !== undefined) return [];
    const file = readVectorsFile(evidence.vectors);
    const vectors = file.kind === 'json' ? readVectors(file.value) : file;
    if (vectors.kind !== 'vectors') throw new Error(vectors.kind);
    const written = evidence.loss ?? variant.loss;
    const loss = expand(written, variant.definitions);
    const { where, batches } = evidence;
    const asked = { where, ...(batches && { batches: new Set(batches) }) };
    const cases = new Map<string, VectorCase>();
    for (const one of vectors.cases) {
      if (one.kind === 'losses' && isAsked(asked, one)) cases.set(one.batch, one);
    }
    return [...cases.values()].flatMap((one): readonly Recorded[] => {
      const given = vectors.batches.get(one.batch);
      if (given === undefined || given.batch.vocabulary === 0 || one.losses === undefined) return [];
      const data = new Map([...evidence.data].map(([head, path]) => [head.replace(/\(.*/, ''), path]));
      const batch = attach(given, one.outputs, data, loss);
      if (batch.kind !== 'batch') throw new Error(JSON.stringify(batch));
      const theirs = numeric(one.hyperparameters);
      const settingOf = (e: Expr): number => {
        const kernel = compile(e, shapeOf(batch), theirs);
        return kernel.kind === 'kernel' ? (kernel.run(batch)[0] ?? Number.NaN) : Number.NaN;
      };
      const set = new Map([...evidence.parameters].map(([name, e]) => [name, settingOf(e)]));
      if (![...set].every(([name, x]) => isOf(variant.parameters.get(name)?.is ?? 'real', x))) return [];
      const named = inTheirNames({ name: '', vectors, loss, parameters: evidence.parameters });
      const kernel = compile(named, shapeOf(batch), theirs);
      if (kernel.kind !== 'kernel') throw new Error(kernel.kind);
      const slack = kernel.runBounded(batch).other;
      return [{ variant: { ...variant, loss: written }, batch, losses: one.losses, set, slack }];
    });
  });
}

async function lossesIn(path: string, { variant, set }: Recorded): Promise<readonly number[]> {
  const table = await openTable([path]);
  if (table.kind !== 'table') throw new Error(JSON.stringify(table));
  const losses: number[] = [];
  const onRows = (_: unknown, { loss }: Tabulated): void => void losses.push(...loss);
  const found = await reportLogps(variant, { table, map: new Map(), set, onRows });
  if (found.kind !== 'logps') throw new Error(JSON.stringify(found));
  expect(found.engine).toBe('plain');
  return losses;
}

function expectClose(losses: readonly number[], record: Recorded): void {
  expect(losses.length).toBe(record.batch.pairs);
  // Theirs and ours may each be off by what any float64 implementation may be.
  for (const [i, loss] of losses.entries()) {
    const difference = Math.abs(loss - (record.losses[i] ?? Number.NaN));
    expect(difference, `pair ${i}`).toBeLessThanOrEqual(2 * (record.slack[i] ?? 0));
  }
}

const WHOLE = catalogue().flatMap((id) => {
  const records = recordsOf(id);
  return records.length === 0 ? [] : [[id, records] as const];
});

describe('what real code gave on whole distributions', () => {
  test('the losses that are about them have such records', () => {
    expect(WHOLE.map(([id]) => id)).toEqual(
      expect.arrayContaining(['sparsepo-common', 'sparsepo-independent', 'tdpo1', 'tdpo2', 'tis-dpo', 'wpo']),
    );
  });

  test.each(WHOLE)('%s', async (_, records) => {
    for (const record of records) {
      expectClose(await lossesIn(fileOf('run.npz', npz(columnsOf(record.batch))), record), record);
    }
  });

  test.each<[what: string, name: string, write: (columns: MadeColumns) => string | Uint8Array]>([
    ['arrays whose first index moves fastest', 'run.npz', (made) => npz(made, 0, npyFortran)],
    ['safetensors', 'run.safetensors', safetensors],
    ['JSON Lines', 'run.jsonl', jsonLines],
    ['Parquet', 'run.parquet', (made) => parquet(made)],
  ])('tdpo2 in %s', async (_, name, write) => {
    for (const record of recordsOf('tdpo2').slice(0, 2)) {
      expectClose(await lossesIn(fileOf(name, write(columnsOf(record.batch))), record), record);
    }
  });
});

describe('WebAssembly', () => {
  const setting = ({ variant }: Recorded): ReturnType<typeof quantitiesOf> => {
    const loss = expand(variant.loss, variant.definitions);
    return quantitiesOf(loss, implicitOf(loss, variant.declared));
  };

  test.each(WHOLE)('%s, within the bounds of the plain kernels', async (_, records) => {
    for (const record of records.slice(0, 2)) {
      const { batch, set } = record;
      const formulas = setting(record);
      const plain = plainTabulator(formulas, batch, set);
      const fast = await wasmTabulator(formulas, batch, set);
      if (plain.kind !== 'tabulator' || fast === undefined) throw new Error('no tabulator');
      expect([plain.engine, fast.engine]).toEqual(['plain', 'wasm']);
      const [ours, theirs] = [plain.run(batch), fast.run(batch)];
      expect(Object.keys(theirs)).toEqual(Object.keys(ours));
      for (const quantity of QUANTITIES) {
        const formula = formulas[quantity];
        if (formula === undefined) continue;
        const kernel = compile(formula, shapeOf(batch), set);
        if (kernel.kind !== 'kernel') throw new Error(kernel.kind);
        const { own, other } = kernel.runBounded(batch);
        for (const [i, value] of (ours[quantity] ?? []).entries()) {
          const bound = (own[i] ?? 0) + (other[i] ?? 0);
          expect(Math.abs(value - (theirs[quantity]?.[i] ?? Number.NaN))).toBeLessThanOrEqual(bound);
        }
      }
    }
  });

  test('evaluates files that are large, by their sizes alone', async () => {
    const [record] = recordsOf('tdpo1');
    if (record === undefined) throw new Error('no record');
    const made = async (pairs?: number): Promise<string> => {
      const found = await tabulator(setting(record), record.batch, record.set, pairs);
      return found.kind === 'tabulator' ? found.engine : found.kind;
    };
    expect(await made()).toBe('plain');
    expect(await made(1e6)).toBe('wasm');
  });
});
