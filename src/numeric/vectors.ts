/** Reference vectors: what real implementations gave, read from the schema `mi-dpo-golden-1` with suspicion. */

import * as v from 'valibot';
import type { Batch } from './batch.ts';
import type { Candidates, Selection } from './candidates.ts';
import { readCandidates, readSelection } from './candidates.ts';
import type { Hyperparameter } from './hyperparameter.ts';
import type { MalformedBatch } from './inputs.ts';
import { readBatch } from './inputs.ts';
import type { Malformed } from './raw.ts';
import { field, read, recorded } from './raw.ts';
import type { Gradients, WrongCount } from './recorded.ts';
import { readGradients } from './recorded.ts';

export const VECTORS_SCHEMA = 'mi-dpo-golden-1';

export interface VectorBatch {
  readonly batch: Batch;
  /** Everything the file gives for this batch, for data of the method's own (masks, scores). */
  readonly inputs: unknown;
}

/** One run of the reference implementation on a batch of pairs. */
export interface VectorCase {
  readonly kind: 'losses';
  readonly batch: string;
  readonly hyperparameters: ReadonlyMap<string, Hyperparameter>;
  /**
   * One number per pair; or two, those of the chosen responses before those of the rejected ones, where the
   * method takes each response on its own. Undefined where the code gives one number for the batch.
   */
  readonly losses: Float64Array | undefined;
  /** The mean of the losses, as the code gave it. */
  readonly mean: number | undefined;
  readonly gradients: Gradients | undefined;
  /** Everything the file gives as output, for statistics that the method computes on its way. */
  readonly outputs: unknown;
}

/** One run of code that makes pairs of candidates. */
export interface SelectionCase {
  readonly kind: 'selection';
  readonly batch: string;
  readonly hyperparameters: ReadonlyMap<string, Hyperparameter>;
  readonly selection: Selection;
}

export interface Vectors {
  readonly kind: 'vectors';
  readonly variant: string;
  /** `owner/repository` of the implementation, its function and commit. */
  readonly source: { readonly repo: string; readonly function: string; readonly commit: string };
  readonly batches: ReadonlyMap<string, VectorBatch>;
  readonly candidates: ReadonlyMap<string, Candidates>;
  readonly cases: readonly (VectorCase | SelectionCase)[];
}

/** Every fault says where: a path such as `batches.edge.chosen.lengths[3]`. */
export type VectorsFault =
  | { readonly kind: 'other-schema'; readonly expected: string; readonly found: unknown }
  | Malformed
  | MalformedBatch
  | { readonly kind: 'unknown-batch'; readonly path: string; readonly name: string }
  | WrongCount;

const file = v.object({
  variant: v.string(),
  source: v.object({ repo: v.string(), function: v.string(), commit: v.string() }),
  batches: v.record(v.string(), v.looseObject({})),
  cases: v.array(
    v.object({
      batch: v.string(),
      hyperparameters: v.record(
        v.string(),
        v.union([v.number(), v.boolean(), v.string(), v.array(v.number())]),
      ),
      outputs: v.looseObject({
        losses: v.optional(v.array(recorded)),
        mean_loss: v.optional(recorded),
        batch_loss: v.optional(recorded),
        grad_of_sum: v.optional(v.unknown()),
      }),
    }),
  ),
});
type CaseInFile = v.InferOutput<typeof file>['cases'][number];

/** Reads parsed JSON. Never throws: what is wrong with the data is returned as a fault. */
export function readVectors(json: unknown): Vectors | VectorsFault {
  if (field(json, 'schema') !== VECTORS_SCHEMA) {
    return { kind: 'other-schema', expected: VECTORS_SCHEMA, found: field(json, 'schema') };
  }
  const top = read(file, json, '');
  if (top.kind !== 'read') return top;
  const batches = new Map<string, VectorBatch>();
  const candidates = new Map<string, Candidates>();
  // Own entries of the raw data: the schema's copy drops what only some methods have.
  for (const [name, inputs] of Object.entries(Object(field(json, 'batches')))) {
    const at = `batches.${name}`;
    if (field(inputs, 'responses') !== undefined) {
      const made = readCandidates(field(inputs, 'responses'), `${at}.responses`);
      if (made.kind !== 'candidates') return made;
      candidates.set(name, made);
    } else {
      const made = readBatch(inputs, at);
      if (made.kind !== 'batch') return made;
      batches.set(name, { batch: made, inputs });
    }
  }
  const cases: (VectorCase | SelectionCase)[] = [];
  for (const [i, one] of top.value.cases.entries()) {
    const batch = batches.get(one.batch)?.batch;
    const made =
      batch !== undefined
        ? readCase(one, batch, `cases[${i}].outputs`)
        : candidates.has(one.batch)
          ? readSelectionCase(one, `cases[${i}].outputs`)
          : { kind: 'unknown-batch' as const, path: `cases[${i}].batch`, name: one.batch };
    if (made.kind !== 'losses' && made.kind !== 'selection') return made;
    cases.push(made);
  }
  const { variant, source } = top.value;
  return { kind: 'vectors', variant, source, batches, candidates, cases };
}

function readCase(one: CaseInFile, batch: Batch, at: string): VectorCase | VectorsFault {
  const { losses, mean_loss, batch_loss, grad_of_sum } = one.outputs;
  const { pairs } = batch;
  if (losses !== undefined && losses.length !== pairs && losses.length !== 2 * pairs) {
    return { kind: 'wrong-count', path: `${at}.losses`, expected: [pairs, 2 * pairs], found: losses.length };
  }
  const gradients =
    grad_of_sum === undefined ? undefined : readGradients(grad_of_sum, batch, `${at}.grad_of_sum`);
  if (gradients !== undefined && 'kind' in gradients) return gradients;
  return {
    kind: 'losses',
    batch: one.batch,
    hyperparameters: new Map(Object.entries(one.hyperparameters)),
    losses: losses === undefined ? undefined : Float64Array.from(losses),
    mean: mean_loss ?? batch_loss,
    gradients,
    outputs: one.outputs,
  };
}

function readSelectionCase(one: CaseInFile, at: string): SelectionCase | VectorsFault {
  const selection = readSelection(one.outputs, at);
  if (selection.kind !== 'selection') return selection;
  const hyperparameters = new Map(Object.entries(one.hyperparameters));
  return { kind: 'selection', batch: one.batch, hyperparameters, selection };
}
