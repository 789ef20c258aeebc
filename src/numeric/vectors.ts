/** Reference vectors: what real implementations gave, read from the schema `mi-dpo-golden-1` with suspicion. */

import type { GenericSchema } from 'valibot';
import * as v from 'valibot';
import type { Batch, Role } from './batch.ts';
import { batch, ROLES } from './batch.ts';
import type { BatchFault } from './validate.ts';

export const VECTORS_SCHEMA = 'mi-dpo-golden-1';

export type Hyperparameter = number | boolean | string | readonly number[];

export interface VectorBatch {
  readonly batch: Batch;
  /** Everything the file gives for this batch, for data of the method's own (masks, scores). */
  readonly inputs: unknown;
}

/** One run of the reference implementation. Gradients are of the sum of the losses, in token order. */
export interface VectorCase {
  readonly batch: string;
  readonly hyperparameters: ReadonlyMap<string, Hyperparameter>;
  /** One number per pair; undefined where the code gives one number for the batch. */
  readonly losses: Float64Array | undefined;
  readonly gradients:
    | {
        /** With respect to the policy's token log-probabilities, or to its logits (`vocabulary` per token). */
        readonly in: 'log-probs' | 'logits';
        readonly values: Readonly<Record<Role, Float64Array>>;
      }
    | undefined;
}

export interface Vectors {
  readonly kind: 'vectors';
  readonly variant: string;
  /** `owner/repository` of the implementation, its function and commit. */
  readonly source: { readonly repo: string; readonly function: string; readonly commit: string };
  readonly batches: ReadonlyMap<string, VectorBatch>;
  readonly cases: readonly VectorCase[];
}

/** Every fault says where: a path such as `batches.edge.chosen.lengths[3]`. */
export type VectorsFault =
  | { readonly kind: 'other-schema'; readonly expected: string; readonly found: unknown }
  | { readonly kind: 'malformed'; readonly path: string; readonly expected: string; readonly found: string }
  | { readonly kind: 'malformed-batch'; readonly path: string; readonly fault: BatchFault }
  | { readonly kind: 'unknown-batch'; readonly path: string; readonly name: string }
  | {
      readonly kind: 'wrong-count';
      readonly path: string;
      readonly expected: readonly number[];
      readonly found: number;
    };

const NON_FINITE: ReadonlyMap<string, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);
/** JSON has no spelling for non-finite numbers: they are strings. */
const recorded = v.union([
  v.number(),
  v.pipe(
    v.picklist([...NON_FINITE.keys()]),
    v.transform((text) => NON_FINITE.get(text) ?? Number.NaN),
  ),
]);
const ragged = v.array(v.array(recorded));
const deep = v.array(ragged);

const tokenSide = v.object({
  lengths: v.array(v.number()),
  policy_token_logps: ragged,
  ref_token_logps: ragged,
});
const rowSide = v.object({
  lengths: v.array(v.number()),
  labels: v.array(v.array(v.number())),
  policy_logprobs: deep,
  ref_logprobs: deep,
});
const tokenBatch = v.object({ chosen: tokenSide, rejected: tokenSide });
const rowBatch = v.object({ chosen: rowSide, rejected: rowSide });

const tokenGradient = v.object({ chosen_policy_token_logps: ragged, rejected_policy_token_logps: ragged });
const logitGradient = v.object({ chosen_policy_logits: deep, rejected_policy_logits: deep });

const file = v.object({
  variant: v.string(),
  source: v.object({ repo: v.string(), function: v.string(), commit: v.string() }),
  batches: v.record(v.string(), v.object({ chosen: v.looseObject({}), rejected: v.looseObject({}) })),
  cases: v.array(
    v.object({
      batch: v.string(),
      hyperparameters: v.record(
        v.string(),
        v.union([v.number(), v.boolean(), v.string(), v.array(v.number())]),
      ),
      outputs: v.looseObject({ losses: v.optional(v.array(recorded)), grad_of_sum: v.optional(v.unknown()) }),
    }),
  ),
});

type Read<T> = { readonly kind: 'read'; readonly value: T };

/** Applies a schema; the first issue becomes a fault, its path written under `at`. */
function read<T>(schema: GenericSchema<unknown, T>, value: unknown, at: string): Read<T> | VectorsFault {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return { kind: 'read', value: result.output };
  const [issue] = result.issues;
  const path = (issue.path ?? []).reduce((text, { key }) => extend(text, key), at);
  return { kind: 'malformed', path, expected: issue.expected ?? issue.type, found: issue.received };
}

function extend(path: string, key: unknown): string {
  if (typeof key === 'number') return `${path}[${key}]`;
  return path === '' ? String(key) : `${path}.${String(key)}`;
}

const holds = (value: unknown, key: string): boolean =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key);
const field = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null
    ? Object.getOwnPropertyDescriptor(value, key)?.value
    : undefined;

/** Reads parsed JSON. Never throws: what is wrong with the data is returned as a fault. */
export function readVectors(json: unknown): Vectors | VectorsFault {
  if (field(json, 'schema') !== VECTORS_SCHEMA) {
    return { kind: 'other-schema', expected: VECTORS_SCHEMA, found: field(json, 'schema') };
  }
  const top = read(file, json, '');
  if (top.kind !== 'read') return top;
  const batches = new Map<string, VectorBatch>();
  // Own entries of the raw data: the schema's copy drops what only some methods have.
  for (const [name, inputs] of Object.entries(Object(field(json, 'batches')))) {
    const made = readBatch(inputs, `batches.${name}`);
    if (made.kind !== 'batch') return made;
    batches.set(name, { batch: made, inputs });
  }
  const cases: VectorCase[] = [];
  for (const [i, one] of top.value.cases.entries()) {
    const found = batches.get(one.batch);
    if (found === undefined) return { kind: 'unknown-batch', path: `cases[${i}].batch`, name: one.batch };
    const at = `cases[${i}].outputs`;
    const { losses, grad_of_sum: gradient } = one.outputs;
    const { pairs } = found.batch;
    // An unpaired method gives two losses per pair.
    if (losses !== undefined && losses.length !== pairs && losses.length !== 2 * pairs) {
      return {
        kind: 'wrong-count',
        path: `${at}.losses`,
        expected: [pairs, 2 * pairs],
        found: losses.length,
      };
    }
    const gradients =
      gradient === undefined ? undefined : readGradient(gradient, found.batch, `${at}.grad_of_sum`);
    if (gradients !== undefined && 'kind' in gradients) return gradients;
    cases.push({
      batch: one.batch,
      hyperparameters: new Map(Object.entries(one.hyperparameters)),
      losses: losses === undefined ? undefined : Float64Array.from(losses),
      gradients,
    });
  }
  const { variant, source } = top.value;
  return { kind: 'vectors', variant, source, batches, cases };
}

/** The names the file uses for each field of a batch. */
const FIELD: ReadonlyMap<string, string> = new Map([
  ['logProbs.pi', 'policy_token_logps'],
  ['logProbs.ref', 'ref_token_logps'],
  ['rows.pi', 'policy_logprobs'],
  ['rows.ref', 'ref_logprobs'],
]);

function readBatch(inputs: unknown, at: string): Batch | VectorsFault {
  const full = holds(field(inputs, 'chosen'), 'policy_logprobs');
  // A reference may give a token no probability at all.
  const limits = { impossible: true };
  let made: Batch | BatchFault;
  if (full) {
    const found = read(rowBatch, inputs, at);
    if (found.kind !== 'read') return found;
    const side = ({ lengths, labels, policy_logprobs, ref_logprobs }: v.InferOutput<typeof rowSide>) => ({
      lengths,
      labels,
      rows: new Map([
        ['pi', policy_logprobs],
        ['ref', ref_logprobs],
      ]),
    });
    made = batch({ chosen: side(found.value.chosen), rejected: side(found.value.rejected) }, limits);
  } else {
    const found = read(tokenBatch, inputs, at);
    if (found.kind !== 'read') return found;
    const side = ({ lengths, policy_token_logps, ref_token_logps }: v.InferOutput<typeof tokenSide>) => ({
      lengths,
      logProbs: new Map([
        ['pi', policy_token_logps],
        ['ref', ref_token_logps],
      ]),
    });
    made = batch({ chosen: side(found.value.chosen), rejected: side(found.value.rejected) }, limits);
  }
  return made.kind === 'batch' ? made : { kind: 'malformed-batch', path: pathOf(made, at), fault: made };
}

/** `batches.edge.chosen.policy_token_logps[3][0]` */
function pathOf(fault: BatchFault, at: string): string {
  const [role = '', ...rest] = fault.field.split('.');
  const name = FIELD.get(rest.join('.')) ?? rest.join('.');
  const indices = 'pair' in fault ? [fault.pair, fault.token] : [];
  return indices.reduce<string>(
    (text, i) => (i === undefined ? text : `${text}[${i}]`),
    `${at}.${role}.${name}`,
  );
}

type Gradients = NonNullable<VectorCase['gradients']>;

function readGradient(value: unknown, of: Batch, at: string): Gradients | VectorsFault {
  const logits = holds(value, 'chosen_policy_logits');
  const values: Record<Role, Float64Array> = { chosen: new Float64Array(0), rejected: new Float64Array(0) };
  if (logits) {
    const found = read(logitGradient, value, at);
    if (found.kind !== 'read') return found;
    for (const role of ROLES) {
      const key = `${role}_policy_logits` as const;
      const flat = flattenRecord(
        found.value[key].map((rows) => rows.flat()),
        of,
        role,
        of.vocabulary,
        `${at}.${key}`,
      );
      if (!(flat instanceof Float64Array)) return flat;
      values[role] = flat;
    }
    return { in: 'logits', values };
  }
  const found = read(tokenGradient, value, at);
  if (found.kind !== 'read') return found;
  for (const role of ROLES) {
    const key = `${role}_policy_token_logps` as const;
    const flat = flattenRecord(found.value[key], of, role, 1, `${at}.${key}`);
    if (!(flat instanceof Float64Array)) return flat;
    values[role] = flat;
  }
  return { in: 'log-probs', values };
}

/** Flattens recorded numbers, `width` per token, after checking that they are as many as the tokens. */
function flattenRecord(
  rows: readonly (readonly number[])[],
  of: Batch,
  role: Role,
  width: number,
  path: string,
): Float64Array | VectorsFault {
  const { offsets } = of[role];
  if (rows.length !== of.pairs) {
    return { kind: 'wrong-count', path, expected: [of.pairs], found: rows.length };
  }
  for (const [pair, row] of rows.entries()) {
    const expected = ((offsets[pair + 1] ?? 0) - (offsets[pair] ?? 0)) * width;
    if (row.length !== expected) {
      return { kind: 'wrong-count', path: `${path}[${pair}]`, expected: [expected], found: row.length };
    }
  }
  return Float64Array.from(rows.flat());
}
