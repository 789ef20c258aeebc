/** Every single step behind the lines of a derivation, each as the part that it rewrites; and what the rules say. */

import type { Block, Chain, Reason, SingleStep } from './block.ts';
import { mannerPhrase } from './moves.ts';
import type { Notation } from './notation.ts';
import type { Phrase } from './phrase.ts';
import { maths } from './phrase.ts';
import { unicode } from './unicode.ts';

/** What a reader of a list of steps has to know. */
export const STEPS_SAYS: Phrase = [
  'Each step rewrites one part of the formula: it is shown before and after; all else stays. A rule that is reversed is read from right to left.',
];

/** One step: its number within the stage, and what it does. */
export interface StepItem {
  /** `S2.7` */
  readonly id: string;
  readonly of: Phrase;
}

/** The steps of one stage, in order. */
export const stepItems = ({ id, links }: Chain, notation: Notation): readonly StepItem[] =>
  links
    .flatMap(({ steps }) => steps())
    .map((step, i) => ({ id: `${id}.${i + 1}`, of: stepPhrase(step, notation) }));

/** `log-quotient (as p > 0): log(p/q) = log p - log q`. */
function stepPhrase({ by, from, into, sign }: SingleStep, notation: Notation): Phrase {
  const reads = unicode(from, notation) === unicode(into, notation);
  const change: Phrase = reads
    ? [by.rule === 'algebra' ? 'regroups ' : 'respells ', maths(from)]
    : [maths(from, sign === 'le' ? 'ge' : 'eq', into)];
  return [{ rule: by.rule }, ...mannerPhrase(by), ': ', ...change];
}

/** What each rule of the page says, in order of first use. */
export function ruleItems(blocks: readonly Block[]): readonly Phrase[] {
  const reasons = blocks.flatMap((block): readonly Reason[] =>
    block.kind === 'chain' ? block.links.flatMap(({ by }) => by) : [],
  );
  const rules = new Map(
    reasons.flatMap(({ rule, says }) => (says === undefined ? [] : [[rule, says] as const])),
  );
  return [...rules].map(([rule, says]): Phrase => [{ rule }, ': ', ...says, '.']);
}
