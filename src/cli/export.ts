/** `midpo export`: a loss as Python code that a trainer can run. */

import type { PythonTarget } from '../index.ts';
import { exportJson, faultText, jsonText, pythonModule, reportExport } from '../index.ts';
import type { ClaimOptions } from './claims.ts';
import { readLoss } from './claims.ts';
import type { Outcome } from './outcome.ts';
import { answer, EXIT, ended, refusal } from './outcome.ts';
import { writeWhole } from './write.ts';

export interface ExportOptions extends ClaimOptions {
  readonly to: PythonTarget;
  readonly trl?: true | undefined;
  readonly output?: string | undefined;
  readonly json?: true | undefined;
}

export async function exportCode(claims: readonly string[], options: ExportOptions): Promise<Outcome> {
  const { to, trl, output, json } = options;
  if (trl && to !== 'python') return refusal('--trl is for PyTorch: it goes with --to python alone');
  const claim = await readLoss(claims, options);
  if ('exit' in claim) return claim;
  const report = reportExport(claim);
  if (report.kind !== 'export') return refusal(faultText(report));
  const module = pythonModule(report, { target: to, trl: trl === true });
  const page = json ? jsonText(exportJson(report, module)) : module.code;
  if (output === undefined || output === '-') return answer(EXIT.holds, page);
  const fault = writeWhole(output, ended(page));
  return fault === undefined ? { exit: EXIT.holds } : refusal(fault);
}
