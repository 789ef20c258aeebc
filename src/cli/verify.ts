/** `midpo verify`: does a loss hold in numbers? Random batches, reference vectors, or the user's own log-probabilities. */

import type { Run, Sampling, Variant } from '../index.ts';
import {
  DEFAULT_SAMPLING,
  faultText,
  verificationJson,
  verificationText,
  verify as verifyClaim,
  withVectorised,
} from '../index.ts';
import type { ClaimOptions } from './claims.ts';
import { readLoss } from './claims.ts';
import { hire, usualWorkers } from './crew.ts';
import type { ExhibitOptions } from './exhibits.ts';
import { readExhibits } from './exhibits.ts';
import { onInterrupt } from './interrupt.ts';
import type { Outcome } from './outcome.ts';
import { answer, document, EXIT, refusal } from './outcome.ts';
import { LONG_RUN, progressBar } from './progress.ts';
import { styleOfOutput } from './terminal.ts';

export interface VerifyOptions extends ClaimOptions, ExhibitOptions {
  readonly pairs?: number | undefined;
  readonly tokens?: number | undefined;
  readonly vocab?: number | undefined;
  readonly seed?: number | undefined;
  readonly workers?: number | undefined;
  readonly logps?: readonly string[] | undefined;
  readonly set?: readonly string[] | undefined;
  readonly output?: string | undefined;
  readonly json?: true | undefined;
}

export async function verify(claims: readonly string[], options: VerifyOptions): Promise<Outcome> {
  const claim = await readLoss(claims, options);
  if ('exit' in claim) return claim;
  const { logps, ...others } = options;
  if (logps === undefined) return await onSamples(claim, others);
  const needless = SAMPLES_ONLY.find((name) => options[name] !== undefined);
  if (needless !== undefined) {
    return refusal(`--logps evaluates at the numbers of a file, and --${needless} is about other ones`);
  }
  return await (await import('./logps.ts')).logps(claim, { ...others, logps });
}

/** Options about random batches and reference vectors. */
const SAMPLES_ONLY = ['vectors', 'map', 'where', 'pairs', 'tokens', 'vocab', 'seed', 'workers'] as const;

async function onSamples(claim: Variant, options: VerifyOptions): Promise<Outcome> {
  const { set, output } = options;
  if (set !== undefined) return refusal('--set is for --logps: random batches draw their hyper-parameters');
  if (output !== undefined)
    return refusal('-o is for --logps: it takes the rows of the file, with their losses');
  const sampling = samplingOf(options);
  const exhibits = readExhibits(claim, options);
  if ('exit' in exhibits) return exhibits;
  const report = await watched(sampling.pairs, options, async (run) => {
    const sampled = await verifyClaim(claim, exhibits, sampling, run);
    if (sampled.kind !== 'verification' || sampling.pairs < LONG_RUN) return sampled;
    // Loading the compiler takes as long as a short run does: one thread is enough.
    return await withVectorised(sampled, { ...run, crew: undefined });
  });
  if (report.kind !== 'verification') return refusal(faultText(report));
  const exit = report.verified ? EXIT.holds : EXIT.fails;
  return options.json
    ? document(exit, verificationJson(report))
    : answer(exit, verificationText(report, styleOfOutput()));
}

/** Hires the threads, shows how far the run is, and cleans up however it ends. */
async function watched<T>(
  pairs: number,
  { workers, json }: VerifyOptions,
  work: (run: Run) => Promise<T>,
): Promise<T> {
  const crew = await hire(workers ?? (pairs < LONG_RUN ? 1 : usualWorkers()));
  const bar = json ? undefined : await progressBar(pairs);
  const uninterrupted = onInterrupt(() => bar?.end());
  try {
    return await work({ crew, onProgress: bar?.tell });
  } finally {
    uninterrupted();
    bar?.end();
    await crew.dismiss();
  }
}

const samplingOf = ({ pairs, tokens, vocab, seed }: VerifyOptions): Sampling => ({
  pairs: pairs ?? DEFAULT_SAMPLING.pairs,
  tokens: tokens ?? DEFAULT_SAMPLING.tokens,
  vocabulary: vocab ?? DEFAULT_SAMPLING.vocabulary,
  seed: seed ?? DEFAULT_SAMPLING.seed,
});
