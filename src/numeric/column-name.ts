/**
 * What the name of a column says it holds, in the habits of training code: `chosen_logps`, `policy_chosen_logps`,
 * `reference_rejected_logps`, `logps/chosen`, `chosen_mask`, `len/rejected`. Words may stand in any order.
 */

import type { Role } from './batch.ts';

/** A distribution's log-probabilities, which tokens count, how many there are, or other data by their words. */
export type Meaning =
  | { readonly kind: 'log-probs'; readonly of: string; readonly role: Role }
  | { readonly kind: 'mask' | 'lengths'; readonly role: Role }
  | { readonly kind: 'other'; readonly words: string; readonly role: Role };

const LOG_PROBS = /^(?:logps?|logprobs?)$/;
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
  const [first = 'lengths', second, third] = telling;
  const isCount = telling.length === 0 && rest.some((word) => word === 'tokens');
  if (second === undefined) {
    if (first === 'mask') return { kind: 'mask', role };
    if ((LENGTHS.test(first) && telling.length > 0) || isCount) return { kind: 'lengths', role };
    if (LOG_PROBS.test(first)) return { kind: 'log-probs', of: 'pi', role };
  }
  const whose = telling.filter((word) => !LOG_PROBS.test(word));
  const [who = ''] = whose;
  const of = DISTRIBUTION.get(who) ?? others.find((other) => other.toLowerCase() === who);
  if (third === undefined && telling.length === 2 && whose.length === 1 && of !== undefined) {
    return { kind: 'log-probs', of, role };
  }
  return { kind: 'other', words: rest.join('_'), role };
}

/** A name of data as the words of a column's name have it. */
export const wordsOfDatum = (name: string): string => wordsOf(name).join('_');
