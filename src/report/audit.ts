/** The independent checker alone, on a stored trace. */

import type { Verdict } from '../checker/check.ts';
import { check } from '../checker/check.ts';
import type { TraceFault } from '../trace/read.ts';
import { traceFromJson } from '../trace/read.ts';
import type { Trace } from '../trace/trace.ts';

export type AuditReport =
  | { readonly kind: 'audited'; readonly trace: Trace; readonly verdict: Verdict }
  | TraceFault;

/** Reads a trace from parsed JSON and judges it. What is not exactly a trace is a fault. */
export function audit(json: unknown): AuditReport {
  const trace = traceFromJson(json);
  return 'kind' in trace ? trace : { kind: 'audited', trace, verdict: check(trace) };
}
