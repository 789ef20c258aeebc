/** One claim against numbers: its closed form on random batches, and reference vectors from real implementations. */

import type { Why } from '../framework/membership.ts';
import type { Run } from '../numeric/dealt.ts';
import { verifyDraws } from '../numeric/dealt.ts';
import type { SampledFault, SampledQuestion } from '../numeric/draws.ts';
import { verifySelection } from '../numeric/selected.ts';
import type { Check } from '../numeric/tally.ts';
import type { Vectors } from '../numeric/vectors.ts';
import type { VectorsQuestion, VerifyFault } from '../numeric/verify.ts';
import { verifyVectors } from '../numeric/verify.ts';
import type { VectorFault } from '../numeric/wasm/instance.ts';
import { expand } from '../variant/expand.ts';
import type { Evidence, Variant } from '../variant/variant.ts';
import { reportDerivation } from './derivation.ts';

export interface Sampling {
  readonly seed: number;
  readonly pairs: number;
  readonly tokens: number;
  readonly vocabulary: number;
}
export const DEFAULT_SAMPLING: Sampling = { seed: 0, pairs: 64, tokens: 24, vocabulary: 8 };

/** Reference vectors and how the variant's names are found in them. */
export interface Exhibit {
  readonly name: string;
  readonly vectors: Vectors;
  readonly evidence: Pick<
    Evidence,
    'parameters' | 'data' | 'where' | 'batches' | 'loss' | 'selects' | 'gives'
  >;
}

export interface VerificationReport {
  readonly kind: 'verification';
  readonly variant: Variant;
  readonly sampling: Sampling;
  readonly checks: readonly Check[];
  readonly verified: boolean;
  /** Why there is no closed form to check; undefined where it was checked. */
  readonly outside: Why | undefined;
  /** What the check of the gradient drew. */
  readonly gradientSampling: Sampling;
  /** What the check of compiled kernels drew, or why there is none; undefined where it was not asked for. */
  readonly vectorised?: { readonly kind: 'compared'; readonly sampling: Sampling } | VectorFault;
}

/** A check that could not be run at all. */
export interface VerificationFault {
  readonly kind: 'check-failed-to-run';
  readonly check: string;
  readonly fault: VerifyFault | SampledFault;
}

/**
 * Runs every check there is for a variant: (a) the closed form derived from the prior against the published
 * loss, (b) the published loss against its transcription by hand, (c) the symbolic gradient against finite
 * differences, (d) each exhibit, all cases it selects.
 */
export async function reportVerification(
  variant: Variant,
  exhibits: readonly Exhibit[],
  sampling: Sampling = DEFAULT_SAMPLING,
  run: Run = {},
): Promise<VerificationReport | VerificationFault> {
  const { declared } = variant;
  const loss = expand(variant.loss, variant.definitions);
  const gradientSampling = {
    seed: sampling.seed,
    pairs: Math.min(sampling.pairs, FEW),
    tokens: Math.min(sampling.tokens, SHORT),
    vocabulary: Math.min(sampling.vocabulary, SHORT),
  };
  const derivation = reportDerivation(variant);
  const derived =
    derivation.kind === 'derived' ? derivation.trace.stages.find(({ id }) => id === 'S8')?.goal : undefined;
  const question = (name: string, drawn: Sampling): SampledQuestion => ({ name, declared, ...drawn });
  const results: (readonly [check: string, result: Check | VerifyFault | SampledFault])[] = [];
  if (derived !== undefined) {
    const compared = { kind: 'closed-form', published: loss, derived } as const;
    results.push([CLOSED_FORM, await verifyDraws(compared, question(CLOSED_FORM, sampling), run)]);
  }
  const { transcription } = variant;
  if (transcription !== undefined) {
    const compared = { kind: 'transcribed', loss, transcription } as const;
    results.push([TRANSCRIBED, await verifyDraws(compared, question(TRANSCRIBED, sampling), run)]);
  }
  const drawn = question(GRADIENT, gradientSampling);
  // So few pairs that it is not worth telling how far they are.
  const gradient = await verifyDraws({ kind: 'gradient', loss }, drawn, { ...run, onProgress: undefined });
  results.push([GRADIENT, gradient]);
  for (const exhibit of exhibits) results.push([exhibit.name, verifyExhibit(variant, exhibit)]);
  const checks: Check[] = [];
  for (const [check, result] of results) {
    if (result.kind !== 'check') return { kind: 'check-failed-to-run', check, fault: result };
    checks.push(result);
  }
  return {
    kind: 'verification',
    variant,
    sampling,
    checks,
    verified: checks.every(passes),
    outside: derived === undefined ? derivation.membership.outside?.why : undefined,
    gradientSampling,
  };
}

/** One exhibit: the pairs that a reward makes, or the losses of pairs. */
export function verifyExhibit(
  { loss, definitions }: Variant,
  { name, vectors, evidence }: Exhibit,
): Check | VerifyFault {
  const { parameters, where, batches, selects, gives } = evidence;
  const question: VectorsQuestion = {
    name,
    loss: expand(selects ?? evidence.loss ?? loss, definitions),
    vectors,
    parameters,
    data: new Map([...evidence.data].map(([head, path]) => [nameOf(head), path])),
    where,
    ...(batches !== undefined && { batches: new Set(batches) }),
    undefinedThere: gives === 'nan',
  };
  return selects === undefined ? verifyVectors(question) : verifySelection(question);
}

/** `m` of the head `m(y,t)`. */
const nameOf = (head: string): string => head.replace(/\(.*$/, '');

export const CLOSED_FORM = 'closed form from the prior against the published loss';
export const TRANSCRIBED = 'published loss against a transcription by hand';
const GRADIENT = 'symbolic gradient against finite differences';
/** Finite differences in decimal arithmetic are slow. */
const FEW = 7;
const SHORT = 4;

/** Two formulas equal in value may differ in gradient by stop-gradients: that check is of values alone. */
const passes = (check: Check): boolean =>
  check.passed && (check.name === CLOSED_FORM || check.gradients === null || check.gradients.passed);
