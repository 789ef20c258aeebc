/** `midpo check`: is a loss in the framework? */

import { classify, membershipJson, membershipText } from '../index.ts';
import type { ClaimOptions } from './claims.ts';
import { readLoss } from './claims.ts';
import type { Outcome } from './outcome.ts';
import { answer, document, EXIT } from './outcome.ts';
import { styleOfOutput } from './terminal.ts';

export interface CheckOptions extends ClaimOptions {
  readonly json?: true | undefined;
}

/** A loss that only an undecided test keeps outside is neither in nor out. */
export async function check(claims: readonly string[], options: CheckOptions): Promise<Outcome> {
  const claim = await readLoss(claims, options);
  if ('exit' in claim) return claim;
  const report = classify(claim);
  const { tier, undecided } = report.membership;
  const exit = tier !== 'outside' ? EXIT.holds : undecided.length > 0 ? EXIT.undecided : EXIT.fails;
  return options.json
    ? document(exit, membershipJson(report))
    : answer(exit, membershipText(report, styleOfOutput()));
}
