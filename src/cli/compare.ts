/** `midpo compare`: are two losses, or any two expressions, equal? */

import type { Decision } from '../index.ts';
import { compare as compareClaims, comparisonJson, comparisonText, faultText } from '../index.ts';
import type { ClaimOptions } from './claims.ts';
import { readClaims } from './claims.ts';
import type { Outcome } from './outcome.ts';
import { answer, document, EXIT, refusal } from './outcome.ts';
import { styleOfOutput } from './terminal.ts';

export interface CompareOptions extends ClaimOptions {
  readonly json?: true | undefined;
}

const EXIT_OF: Readonly<Record<Decision['answer'], Outcome['exit']>> = {
  proved: EXIT.holds,
  refuted: EXIT.fails,
  undecided: EXIT.undecided,
};

/** The exit code answers for the values; what the gradients do is in the report. */
export async function compare(claims: readonly string[], options: CompareOptions): Promise<Outcome> {
  const read = await readClaims(claims, options, 2);
  if ('exit' in read) return read;
  const [left, right] = read;
  if (left === undefined || right === undefined) {
    throw new Error('two claims were asked for and fewer were read');
  }
  const report = compareClaims(left, right);
  if ('kind' in report) return refusal(faultText(report));
  const exit = EXIT_OF[report.values.answer];
  return options.json
    ? document(exit, comparisonJson(report))
    : answer(exit, comparisonText(report, styleOfOutput()));
}
