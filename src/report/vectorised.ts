/** A verification with one more check: compiled kernels against plain ones. */

import type { Run } from '../numeric/dealt.ts';
import { verifyDraws } from '../numeric/dealt.ts';
import { expand } from '../variant/expand.ts';
import type { VerificationFault, VerificationReport } from './verification.ts';

/** Each draw compiles a kernel for its hyper-parameters, which takes longer than running it. */
const MOST_PAIRS = 8192;

/** Adds the check; where there is no compiled kernel, why not. Loads the compiler, which is large. */
export async function withVectorised(
  report: VerificationReport,
  run: Run = {},
): Promise<VerificationReport | VerificationFault> {
  const { variant, checks, verified } = report;
  const sampling = { ...report.sampling, pairs: Math.min(report.sampling.pairs, MOST_PAIRS) };
  const loss = expand(variant.loss, variant.definitions);
  const question = { name: VECTORISED, declared: variant.declared, ...sampling };
  const found = await verifyDraws({ kind: 'vectorised', loss }, question, run);
  switch (found.kind) {
    case 'check':
      return {
        ...report,
        checks: [...checks, found],
        verified: verified && found.passed,
        vectorised: { kind: 'compared', sampling },
      };
    case 'not-vectorised':
    case 'too-large':
      return { ...report, vectorised: found };
    default:
      return { kind: 'check-failed-to-run', check: VECTORISED, fault: found };
  }
}

const VECTORISED = 'WebAssembly kernel against the plain kernel';
