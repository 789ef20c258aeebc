/** The message for every fault that can reach a user. */

import type { Fault as CheckerFault } from '../checker/fault.ts';
import type { VectorsFault } from '../numeric/vectors.ts';
import type { ClashFault } from '../report/comparison.ts';
import type { ExportFault } from '../report/export.ts';
import type { VerificationFault } from '../report/verification.ts';
import type { FormulaFault } from '../syntax/fault.ts';
import type { TraceFault } from '../trace/read.ts';
import type { ClaimFault } from '../variant/fault.ts';
import { refusalPhrase } from './checker-fault.ts';
import { plainText } from './escape.ts';
import { formulaFault } from './formula-fault.ts';
import { runFault, vectorsFault } from './numeric-fault.ts';
import { phrasePlain } from './phrase.ts';
import { exportFault } from './python/fault.ts';
import type { Sentences } from './sentence.ts';
import { code, say } from './sentence.ts';
import { claimFault } from './variant-fault.ts';

type ReportFault = TraceFault | VerificationFault | ClashFault | VectorsFault | ExportFault;
export type UserFault = FormulaFault | ClaimFault | CheckerFault | ReportFault;

const REPORTS: Sentences<ReportFault> = {
  'bad-trace': ({ at, says }) =>
    `not a stored derivation: ${at === '' ? '' : `at ${code(at)}, `}${plainText(says)}`,
  'check-failed-to-run': ({ check, fault }) =>
    `the check ${code(check)} could not be run: ${runFault(fault)}`,
  'cannot-be-exported': exportFault,
  'declared-differently': ({ name }) =>
    `the two claims declare ${code(name)} in different ways, so they do not speak of the same thing`,
  'other-schema': vectorsFault,
  malformed: vectorsFault,
  'malformed-batch': vectorsFault,
  'unknown-batch': vectorsFault,
  'wrong-count': vectorsFault,
};

/** What went wrong and, where that is known, what would be right: no capital, no full stop; a place may follow on lines of its own. */
export function faultText(fault: UserFault): string {
  if (!('kind' in fault)) return `refused by the independent checker: ${phrasePlain(refusalPhrase(fault))}`;
  if (isOfReport(fault)) return say(REPORTS, fault);
  if (isOfFormula(fault)) return formulaFault(fault);
  return claimFault(fault);
}

type Kinded = Exclude<UserFault, CheckerFault>;
const isOfReport = (fault: Kinded): fault is ReportFault => Object.hasOwn(REPORTS, fault.kind);

/** Offsets stand in the fault itself; a derivation file's faults have a place instead. */
const isOfFormula = (fault: Exclude<Kinded, ReportFault>): fault is FormulaFault => 'start' in fault;
