/**
 * What the name of a column says it holds, in the habits of training code: `chosen_logps`, `policy_chosen_logps`,
 * `reference_rejected_logps`, `logps/chosen`, `chosen_mask`, `len/rejected`. Words may stand in any order.
 */

import type { Role } from './batch.ts';

/**
 * A distribution's log-probabilities, or its logits over the vocabulary; which tokens count, how many there are, or
 * which they are; or other data by their words. Of token ids, `targets` are those that the rows of logits predict,
 * `inputs` those that were given to the model, and `labels` may be either.
 */
export type Meaning =
  | { readonly kind: 'log-probs' | 'logits'; readonly of: string; readonly role: Role }
  | { readonly kind: 'mask' | 'lengths' | TokenIds; readonly role: Role }
  | { readonly kind: 'other'; readonly words: string; readonly role: Role };
export type TokenIds = 'labels' | 'targets' | 'inputs';

const LOG_PROBS = /^(?:logps?|logprobs?)$/;
const LOGITS = /^logits?$/;
/** With one of these, log-probabilities are those of every entry of the vocabulary: logits that are normalised. */
const WHOLE = /^(?:vocab|vocabulary|full|all)$/;
/** What is left of the names of columns of token ids, words that say nothing taken out. */
const TOKEN_IDS: ReadonlyMap<string, TokenIds> = new Map([
  ['label', 'labels'],
  ['labels', 'labels'],
  ['input ids', 'inputs'],
  ['target', 'targets'],
  ['targets', 'targets'],
  ['target ids', 'targets'],
  ['shifted labels', 'targets'],
]);
const LENGTHS = /^(?:lengths?|lens?)$/;
/** Words that say nothing that matters here. */
const FILLER = new Set([
  'token',
  'tokens',
  'per',
  'seq',
  'sequence',
  'response',
  'completion',
  'loss',
  'num',
]);
const DISTRIBUTION: ReadonlyMap<string, string> = new Map([
  ['policy', 'pi'],
  ['pi', 'pi'],
  ['model', 'pi'],
  ['ref', 'ref'],
  ['reference', 'ref'],
]);

/** The words of a name: `reference_chosen_logps`, `logps/chosen`, `chosenLogProbs`. */
const wordsOf = (name: string): readonly string[] =>
  name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/log_?prob(abilitie)?s?/g, 'logps')
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');

/** Undefined where the name is of neither response. `others` are further distributions of the claim, such as `prev`. */
export function meaningOf(name: string, others: readonly string[]): Meaning | undefined {
  const words = wordsOf(name);
  const role = words.includes('chosen') ? 'chosen' : words.includes('rejected') ? 'rejected' : undefined;
  if (role === undefined || (words.includes('chosen') && words.includes('rejected'))) return undefined;
  const rest = words.filter((word) => word !== role);
  const telling = rest.filter((word) => !FILLER.has(word));
  const [first = 'lengths', second] = telling;
  const isCount = telling.length === 0 && rest.some((word) => word === 'tokens');
  if (second === undefined) {
    if (first === 'mask') return { kind: 'mask', role };
    if ((LENGTHS.test(first) && telling.length > 0) || isCount) return { kind: 'lengths', role };
    if (LOG_PROBS.test(first)) return { kind: 'log-probs', of: 'pi', role };
  }
  const ids = TOKEN_IDS.get(telling.join(' '));
  if (ids !== undefined) return { kind: ids, role };
  const kind = kindOf(telling);
  const whose = telling.filter((word) => !(LOG_PROBS.test(word) || LOGITS.test(word) || WHOLE.test(word)));
  const [who = 'pi'] = whose;
  const of = DISTRIBUTION.get(who) ?? others.find((other) => other.toLowerCase() === who);
  return kind !== undefined && whose.length < 2 && of !== undefined
    ? { kind, of, role }
    : { kind: 'other', words: rest.join('_'), role };
}

/** Whether these words speak of log-probabilities or of logits, once. */
function kindOf(words: readonly string[]): 'log-probs' | 'logits' | undefined {
  const count = (test: RegExp): number => words.filter((word) => test.test(word)).length;
  const [logProbs, logits, whole] = [count(LOG_PROBS), count(LOGITS), count(WHOLE)];
  if (logits + logProbs !== 1 || whole > 1) return undefined;
  return logits + whole > 0 ? 'logits' : 'log-probs';
}

/** A name of data as the words of a column's name have it. */
export const wordsOfDatum = (name: string): string => wordsOf(name).join('_');
