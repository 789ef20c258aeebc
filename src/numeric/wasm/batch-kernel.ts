/** Kernels for losses of tokens and of whole distributions, on ragged batches: a loss per pair, and its gradient. */

import type { Expr } from '../../expr/expr.ts';
import type { Batch, BatchShape, Responses, Role } from '../batch.ts';
import { ROLES, shapeOf } from '../batch.ts';
import type { Parameters } from '../compile.ts';
import type { CompileFault } from '../demand.ts';
import { findFault } from '../demand.ts';
import { derivativeByToken } from '../gradient.ts';
import { derivativesByLogit } from '../logits.ts';
import type { Wanted } from '../lower.ts';
import { lowerAll } from '../lower.ts';
import type { Block } from './block.ts';
import { blocksOf } from './block.ts';
import type { Instance, VectorFault } from './instance.ts';
import { instantiate } from './instance.ts';
import type { Output } from './output.ts';
import type { RowTraffic } from './rows.ts';
import { rowTraffic } from './rows.ts';
import type { Source } from './source.ts';
import { translator } from './translate.ts';
import type { Column } from './vector.ts';
import { planBuilder } from './vector.ts';

/** What compiling needs to know of a batch: its names, and which token log-probabilities are not read off rows. */
export interface BatchLayout {
  readonly shape: BatchShape;
  readonly given: ReadonlySet<string>;
}

export const layoutOf = (batch: Batch): BatchLayout => ({
  shape: shapeOf(batch),
  given: new Set([...batch.chosen.logProbs.keys()].filter((name) => batch.rejected.logProbs.has(name))),
});

export interface BatchResults {
  /** One number per pair. */
  readonly losses: Float64Array;
  /**
   * The derivatives of the sum of the losses by the policy's token log-probabilities, in the order of each role's
   * token arrays; by its logits, `vocabulary` numbers per token, where the policy has rows.
   */
  readonly gradients?: Readonly<Record<Role, Float64Array>>;
}

export interface BatchKernel {
  readonly kind: 'batch-kernel';
  /** The results of a batch of the layout it was compiled for. Throws RangeError where one pair needs over 1 GiB. */
  readonly run: (batch: Batch) => BatchResults;
}

/** `loss` for each pair of batches of one layout, and with `gradients` its gradient; stop-gradients are constant. */
export async function compileBatch(
  loss: Expr,
  layout: BatchLayout,
  parameters: Parameters,
  { gradients = false }: { readonly gradients?: boolean } = {},
): Promise<BatchKernel | CompileFault | VectorFault> {
  const { shape, given } = layout;
  const byLogits = shape.vocabularies.has('pi');
  const slopes = gradients ? ROLES.map((role) => ({ role, of: slopesWanted(loss, role, byLogits) })) : [];
  const wanted: readonly Wanted[] = [{ of: loss, free: [] }, ...slopes.flatMap(({ of }) => of)];
  for (const { of, free } of wanted) {
    const fault = findFault(of, shape, parameters, free);
    if (fault !== undefined) return fault;
  }
  const [value, ...derivatives] = lowerAll(wanted, shape, parameters);
  if (value === undefined) throw new RangeError('no graph');
  const plan = planBuilder();
  const translated = translator(value, plan, { flat: false, given });
  const outputs: Output[] = [{ over: 'pairs', root: translated.of(value.root) }];
  const roots = derivatives.map(({ root }) => translated.of(root));
  for (const [i, { role }] of slopes.entries()) {
    const [byToken = 0, byEntry = 0] = byLogits ? roots.slice(2 * i) : roots.slice(i);
    const entries = byLogits ? { entries: translated.throughSoftmax(role, byToken, byEntry) } : {};
    outputs.push({ over: role, root: byToken, ...entries });
  }
  const rows = rowTraffic();
  const instance = await instantiate(plan, outputs, false, rows);
  return 'kind' in instance
    ? instance
    : { kind: 'batch-kernel', run: (batch) => runBatch(instance, rows, batch, outputs) };
}

function slopesWanted(loss: Expr, role: Role, byLogits: boolean): readonly Wanted[] {
  if (!byLogits) {
    const { token, derivative } = derivativeByToken(loss, role);
    return [{ of: derivative, free: [token] }];
  }
  const { token, entry, ofToken, ofEntry } = derivativesByLogit(loss, role);
  return [
    { of: ofToken, free: [token] },
    { of: ofEntry, free: [token, entry] },
  ];
}

/** Bytes of rows of one distribution in memory at a time: they stay in the cache between passes. */
const ROW_BYTES = 2 ** 18;

function runBatch(
  instance: Instance,
  rows: RowTraffic,
  batch: Batch,
  outputs: readonly Output[],
): BatchResults {
  const { pairs, vocabulary } = batch;
  const blocks = blocksOf(batch);
  const most = (of: (block: Block) => number): number => Math.max(0, ...blocks.map(of));
  const mostPairs = most(({ from, until }) => until - from);
  const mostTokens = (role: Role): number => most(({ tokens }) => tokens[role].until - tokens[role].from);
  const chunk = Math.max(1, Math.floor(ROW_BYTES / (8 * Math.max(1, vocabulary))));
  const rowsIn = (role: Role): number => Math.min(chunk, mostTokens(role));

  const bytesOf = (source: Source): number => {
    switch (source.kind) {
      case 'offsets':
        return 4 * (mostPairs + 1);
      case 'column':
        return 8 * mostPairs;
      case 'token':
        return 8 * mostTokens(source.role);
      case 'labels':
        return 4 * mostTokens(source.role);
      case 'rows':
        return 8 * rowsIn(source.role) * vocabulary;
    }
  };
  const sizeOf = ({ over, entries }: Output): number =>
    over === 'pairs' ? mostPairs : entries === undefined ? mostTokens(over) : vocabulary;
  const { sources } = instance;
  const pointers = instance.allocate([
    ...sources.map(bytesOf),
    ...outputs.map((output) => 8 * sizeOf(output)),
  ]);
  const addressOf = (i: number): number => pointers[i] ?? 0;
  const views = outputs.map((output, i) => instance.doubles(addressOf(sources.length + i), sizeOf(output)));
  const results = outputs.map(({ over, entries }) => {
    const count = over === 'pairs' ? pairs : (batch[over].offsets[pairs] ?? 0);
    return new Float64Array(entries === undefined ? count : count * vocabulary);
  });

  for (const block of blocks) {
    for (const [i, source] of sources.entries()) fill(instance, addressOf(i), source, batch, block);
    rows.begin({
      vocabulary,
      origin: { chosen: block.tokens.chosen.from, rejected: block.tokens.rejected.from },
      slots: sources.flatMap((source, i) =>
        source.kind === 'rows'
          ? [
              {
                role: source.role,
                from: batch[source.role].rows.get(source.name) ?? new Float64Array(0),
                to: instance.doubles(addressOf(i), rowsIn(source.role) * vocabulary),
              },
            ]
          : [],
      ),
      taken: outputs.flatMap(({ over, entries }, i) => {
        const [from, to] = [views[i], results[i]];
        return over === 'pairs' || entries === undefined || from === undefined || to === undefined
          ? []
          : [{ role: over, from, to }];
      }),
    });
    instance.run(block.until - block.from, vocabulary, pointers);
    for (const [i, { over, entries }] of outputs.entries()) {
      if (entries !== undefined) continue;
      const { from, until } = over === 'pairs' ? block : block.tokens[over];
      const view = views[i];
      if (view !== undefined) results[i]?.set(view.subarray(0, until - from), from);
    }
  }
  const [losses = new Float64Array(0), chosen, rejected] = results;
  return chosen === undefined || rejected === undefined
    ? { losses }
    : { losses, gradients: { chosen, rejected } };
}

/** Copies what a block reads of one source. Rows come when they are asked for. */
function fill(instance: Instance, address: number, source: Source, batch: Batch, block: Block): void {
  const { from, until } = block;
  if (source.kind === 'rows') return;
  if (source.kind === 'column') {
    const values = columnOf(batch, source.column).subarray(from, until);
    instance.doubles(address, until - from).set(values);
    return;
  }
  const side: Responses = batch[source.role];
  const tokens = block.tokens[source.role];
  const count = tokens.until - tokens.from;
  switch (source.kind) {
    case 'offsets':
      instance
        .integers(address, until - from + 1)
        .set(side.offsets.subarray(from, until + 1).map((offset) => offset - tokens.from));
      break;
    case 'labels':
      instance.integers(address, count).set(side.labels.subarray(tokens.from, tokens.until));
      break;
    case 'token': {
      const all = source.store === 'log-prob' ? side.logProbs : side.perToken;
      const values = all.get(source.name);
      if (values !== undefined)
        instance.doubles(address, count).set(values.subarray(tokens.from, tokens.until));
    }
  }
}

function columnOf(batch: Batch, { store, name, role }: Column): Float64Array {
  const all =
    store === 'per-response'
      ? batch[role].perResponse
      : store === 'per-pair'
        ? batch.perPair
        : batch.perPrompt;
  return all.get(name) ?? new Float64Array(0);
}
