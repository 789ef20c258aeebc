/** Why a loss cannot be exported, in words. */

import type { ExportFault } from '../../report/export.ts';
import { runFault } from '../numeric-fault.ts';
import { code } from '../sentence.ts';

/** No capital, no full stop. */
export function exportFault({ fault }: ExportFault): string {
  switch (fault.kind) {
    case 'crossed-tokens':
      return `the loss cannot be exported: ${code(fault.name)} is read at the tokens of the other response, and the two are not aligned`;
    case 'no-vocabulary':
      return 'the loss cannot be exported: it sums over the vocabulary and reads no distribution over it, so its size is not known';
    case 'policy-data':
      return `the loss cannot be exported: ${code(fault.name)} moves with the policy, and nothing says how`;
    default:
      return `the loss cannot be exported: ${runFault(fault)}`;
  }
}
