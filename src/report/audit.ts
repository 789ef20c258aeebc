/** The independent checker alone, on a stored trace. */

import type { Verdict } from '../checker/check.ts';
import { check } from '../checker/check.ts';
import { digestOf } from '../trace/digest.ts';
import type { TraceFault } from '../trace/read.ts';
import { readTrace } from '../trace/read.ts';
import type { Trace } from '../trace/trace.ts';

export type AuditReport =
  | { readonly kind: 'audited'; readonly trace: Trace; readonly verdict: Verdict }
  | TraceFault;

/**
 * Reads a stored trace from parsed JSON and judges it. What is not exactly a trace is a fault. A trace whose
 * every step holds is still refused if it is not the one that was stored.
 */
export function audit(json: unknown): AuditReport {
  const stored = readTrace(json);
  if ('kind' in stored) return stored;
  const { trace, digest } = stored;
  const verdict = check(trace);
  if (verdict.kind === 'refused' || digest === digestOf(trace)) return { kind: 'audited', trace, verdict };
  const fault = { stage: undefined, step: undefined, reason: { kind: 'digest-mismatch' } as const };
  return { kind: 'audited', trace, verdict: { kind: 'refused', fault } };
}
