/** The batches of a vectors file: token log-probabilities, full distributions, or distributions by segment. */

import * as v from 'valibot';
import type { Batch, ResponsesInput } from './batch.ts';
import { batch } from './batch.ts';
import type { Malformed } from './raw.ts';
import { deep, deeper, field, ragged, read } from './raw.ts';
import type { BatchFault } from './validate.ts';

export interface MalformedBatch {
  readonly kind: 'malformed-batch';
  readonly path: string;
  readonly fault: BatchFault;
}

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
/** Nested once more, by the turns of a dialogue; `segments` are their lengths. */
const segmentSide = v.object({
  segments: v.array(v.array(v.number())),
  labels: v.array(v.array(v.array(v.number()))),
  policy_logprobs: deeper,
  ref_logprobs: deeper,
});
const sides = <T extends v.GenericSchema>(side: T) => v.object({ chosen: side, rejected: side });

const ofTokens = ({
  lengths,
  policy_token_logps,
  ref_token_logps,
}: v.InferOutput<typeof tokenSide>): ResponsesInput => ({
  lengths,
  logProbs: new Map([
    ['pi', policy_token_logps],
    ['ref', ref_token_logps],
  ]),
});

const ofRows = ({
  lengths,
  labels,
  policy_logprobs,
  ref_logprobs,
}: v.InferOutput<typeof rowSide>): ResponsesInput => ({
  lengths,
  labels,
  rows: new Map([
    ['pi', policy_logprobs],
    ['ref', ref_logprobs],
  ]),
});

/** The selected segments one after another: they are the tokens that carry labels. */
const ofSegments = (side: v.InferOutput<typeof segmentSide>): ResponsesInput =>
  ofRows({
    lengths: side.segments.map((lengths) => lengths.reduce((sum, length) => sum + length, 0)),
    labels: side.labels.map((segments) => segments.flat()),
    policy_logprobs: side.policy_logprobs.map((segments) => segments.flat()),
    ref_logprobs: side.ref_logprobs.map((segments) => segments.flat()),
  });

/** The batch that stands at the path `at`. */
export function readBatch(inputs: unknown, at: string): Batch | Malformed | MalformedBatch {
  const chosen = field(inputs, 'chosen');
  if (field(chosen, 'segments') !== undefined) return readSides(segmentSide, ofSegments, inputs, at);
  if (field(chosen, 'policy_logprobs') !== undefined) return readSides(rowSide, ofRows, inputs, at);
  return readSides(tokenSide, ofTokens, inputs, at);
}

function readSides<T>(
  side: v.GenericSchema<unknown, T>,
  convert: (side: T) => ResponsesInput,
  inputs: unknown,
  at: string,
): Batch | Malformed | MalformedBatch {
  const found = read(sides(side), inputs, at);
  if (found.kind !== 'read') return found;
  // A reference may give a token no probability at all.
  const made = batch(
    { chosen: convert(found.value.chosen), rejected: convert(found.value.rejected) },
    { impossible: true },
  );
  return made.kind === 'batch' ? made : { kind: 'malformed-batch', path: pathOf(made, at), fault: made };
}

/** The names the file uses for each field of a batch. */
const FIELD: ReadonlyMap<string, string> = new Map([
  ['logProbs.pi', 'policy_token_logps'],
  ['logProbs.ref', 'ref_token_logps'],
  ['rows.pi', 'policy_logprobs'],
  ['rows.ref', 'ref_logprobs'],
]);

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
