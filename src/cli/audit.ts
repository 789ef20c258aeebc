/** `midpo audit`: the independent checker alone, on a stored derivation. */

import { auditJson, auditText, audit as auditTrace, faultText } from '../index.ts';
import { readFileJson } from '../node.ts';
import type { Outcome } from './outcome.ts';
import { answer, document, EXIT, refusal } from './outcome.ts';
import { readInput, styleOfOutput } from './terminal.ts';

export interface AuditOptions {
  readonly json?: true | undefined;
}

/** The largest stored trace, in bytes. */
const LARGEST_TRACE = 64_000_000;

export async function audit(path: string, options: AuditOptions): Promise<Outcome> {
  const read = path === '-' ? await readInputJson() : readFileJson(path, LARGEST_TRACE);
  if ('exit' in read) return read;
  if (read.kind !== 'json') return refusal(faultText(read));
  const report = auditTrace(read.value);
  if (report.kind !== 'audited') return refusal(faultText(report));
  const exit = report.verdict.kind === 'accepted' ? EXIT.holds : EXIT.fails;
  return options.json ? document(exit, auditJson(report)) : answer(exit, auditText(report, styleOfOutput()));
}

async function readInputJson(): Promise<{ readonly kind: 'json'; readonly value: unknown } | Outcome> {
  const text = await readInput(LARGEST_TRACE);
  if (text === undefined) return refusal('standard input is not JSON: too long, or not UTF-8');
  try {
    return { kind: 'json', value: JSON.parse(text) };
  } catch {
    return refusal('standard input is not JSON');
  }
}
