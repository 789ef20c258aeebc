/** A check on random draws, dealt out one by one: compared anywhere, and merged in their order. */

import type { Expr } from '../expr/expr.ts';
import type { Plan, SampledFault, SampledQuestion } from './draws.ts';
import { drawOf, plans } from './draws.ts';
import { closedFormCheck, compareClosedForm, compareGradient, gradientCheck } from './sampled.ts';
import type { Check, Found, Wanted } from './tally.ts';
import { comparedCheck, mergeFound, NOTHING_FOUND, wantedAfter } from './tally.ts';
import type { Transcribed } from './transcribed.ts';
import { compareTranscribed } from './transcribed.ts';
import { compareVectorised } from './vectorised.ts';
import type { VectorFault } from './wasm/instance.ts';

/** What is compared on every draw. */
export type Compared =
  | { readonly kind: 'closed-form'; readonly published: Expr; readonly derived: Expr }
  | { readonly kind: 'gradient'; readonly loss: Expr }
  | ({ readonly kind: 'transcribed' } & Transcribed)
  | { readonly kind: 'vectorised'; readonly loss: Expr };

/** One draw of a check. Plain data, as the answer is: both can be sent to another thread. */
export interface DrawTask {
  readonly compared: Compared;
  readonly plan: Plan;
  readonly wanted: Wanted;
}

/** A `VectorFault` says that there is no compiled kernel, of this formula or on this host. */
export type DrawFault = SampledFault | VectorFault;
export type DrawAnswer = Found | DrawFault;

/** Whoever compares draws: this thread alone, or several threads. */
export interface Crew {
  /** How many draws are compared at a time. */
  readonly size: number;
  readonly compare: (task: DrawTask) => Promise<DrawAnswer>;
}

export const ALONE: Crew = { size: 1, compare: compareDraw };

/** How a check is run, on which its answer does not depend. */
export interface Run {
  readonly crew?: Crew | undefined;
  /** Told after each draw how many pairs are done. */
  readonly onProgress?: ((done: number, all: number) => void) | undefined;
}

/** Makes the batch of one draw and compares on it. */
export async function compareDraw({ compared, plan, wanted }: DrawTask): Promise<DrawAnswer> {
  const draw = drawOf(plan);
  switch (compared.kind) {
    case 'closed-form':
      return compareClosedForm(compared, draw, wanted);
    case 'gradient':
      return compareGradient(compared, draw, wanted);
    case 'transcribed':
      return compareTranscribed(compared, draw, wanted);
    case 'vectorised':
      return await compareVectorised(compared, draw, wanted);
  }
}

/** Runs a check on random draws: evidence, not proof. The first fault, in the order of the draws, ends it. */
export async function verifyDraws(
  compared: Exclude<Compared, { kind: 'vectorised' }>,
  question: SampledQuestion,
  run?: Run,
): Promise<Check | SampledFault>;
export async function verifyDraws(
  compared: Compared,
  question: SampledQuestion,
  run?: Run,
): Promise<Check | DrawFault>;
export async function verifyDraws(
  compared: Compared,
  question: SampledQuestion,
  { crew = ALONE, onProgress }: Run = {},
): Promise<Check | DrawFault> {
  let [found, cases] = [NOTHING_FOUND, 0];
  const settle = async (plan: Plan | SampledFault) =>
    plan.kind === 'plan'
      ? { done: plan.until, answer: await crew.compare({ compared, plan, wanted: wantedAfter(found) }) }
      : { done: 0, answer: plan };
  const all = plans(formulasOf(compared), question);
  // One for each of the crew, and one at hand for each but the first: nobody waits, and memory does not grow.
  for await (const { done, answer } of inOrder(all, settle, 2 * crew.size - 1)) {
    if ('kind' in answer) return answer;
    found = mergeFound(found, answer);
    cases += 1;
    onProgress?.(done, question.pairs);
  }
  return checkMade(compared, question.name, cases, found);
}

/** What comes of each, in their order, with at most so many begun and not yet taken. */
async function* inOrder<A, B>(
  all: Iterable<A>,
  begin: (one: A) => Promise<B>,
  most: number,
): AsyncGenerator<B, void, undefined> {
  const begun: Promise<B>[] = [];
  for (const one of all) {
    const answer = begin(one);
    // Where it fails, whoever takes it hears of it; nobody may, where an earlier one ends the run.
    answer.catch(() => undefined);
    begun.push(answer);
    const [first] = begun;
    if (begun.length < most || first === undefined) continue;
    begun.shift();
    yield await first;
  }
  for (const answer of begun) yield await answer;
}

const formulasOf = (compared: Compared): readonly Expr[] =>
  compared.kind === 'closed-form' ? [compared.published, compared.derived] : [compared.loss];

function checkMade({ kind }: Compared, name: string, cases: number, found: Found): Check {
  switch (kind) {
    case 'closed-form':
      return closedFormCheck(name, cases, found);
    case 'gradient':
      return gradientCheck(name, cases, found);
    case 'transcribed':
    case 'vectorised':
      return comparedCheck(name, cases, found);
  }
}
