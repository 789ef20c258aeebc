/** `midpo verify`: does a loss hold in numbers, against its own closed form and against reference vectors? */

import type { Sampling } from '../index.ts';
import {
  DEFAULT_SAMPLING,
  faultText,
  reportVerification,
  verificationJson,
  verificationText,
} from '../index.ts';
import type { ClaimOptions } from './claims.ts';
import { readLoss } from './claims.ts';
import type { ExhibitOptions } from './exhibits.ts';
import { readExhibits } from './exhibits.ts';
import type { Outcome } from './outcome.ts';
import { answer, document, EXIT, refusal } from './outcome.ts';
import { styleOfOutput } from './terminal.ts';

export interface VerifyOptions extends ClaimOptions, ExhibitOptions {
  readonly pairs?: number | undefined;
  readonly tokens?: number | undefined;
  readonly vocab?: number | undefined;
  readonly seed?: number | undefined;
  readonly json?: true | undefined;
}

export async function verify(claims: readonly string[], options: VerifyOptions): Promise<Outcome> {
  const claim = await readLoss(claims, options);
  if ('exit' in claim) return claim;
  const sampling = samplingOf(options);
  const exhibits = readExhibits(claim, options);
  if ('exit' in exhibits) return exhibits;
  const report = reportVerification(claim, exhibits, sampling);
  if (report.kind !== 'verification') return refusal(faultText(report));
  const exit = report.verified ? EXIT.holds : EXIT.fails;
  return options.json
    ? document(exit, verificationJson(report))
    : answer(exit, verificationText(report, styleOfOutput()));
}

const samplingOf = ({ pairs, tokens, vocab, seed }: VerifyOptions): Sampling => ({
  pairs: pairs ?? DEFAULT_SAMPLING.pairs,
  tokens: tokens ?? DEFAULT_SAMPLING.tokens,
  vocabulary: vocab ?? DEFAULT_SAMPLING.vocabulary,
  seed: seed ?? DEFAULT_SAMPLING.seed,
});
