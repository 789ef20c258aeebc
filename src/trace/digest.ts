/**
 * The fingerprint of a stored trace: whoever changes a file by accident or in part is told so. It adds no
 * trust: soundness rests on the checker, which judges every step whether or not the digest fits.
 */

import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';
import type { Json } from './json.ts';
import { traceToJson } from './json.ts';
import type { Trace } from './trace.ts';

/** JSON with sorted keys and no blanks: one text for one value. */
function canonicalText(json: Json): string {
  if (json === null || typeof json !== 'object') return JSON.stringify(json);
  if (isList(json)) return `[${json.map(canonicalText).join()}]`;
  const fields = Object.entries(json).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${fields.map(([key, value]) => `${JSON.stringify(key)}:${canonicalText(value)}`).join()}}`;
}
const isList = (json: Json): json is readonly Json[] => Array.isArray(json);

/** SHA-256 of everything in the trace, as hexadecimal text. */
export const digestOf = (trace: Trace): string =>
  bytesToHex(sha256(utf8ToBytes(canonicalText(traceToJson(trace)))));

/** A trace as it is stored: its JSON and its digest. */
export const storedTrace = (trace: Trace): Json => {
  const json = traceToJson(trace);
  return { ...(json as { readonly [key: string]: Json }), digest: digestOf(trace) };
};
