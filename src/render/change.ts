/** From one loss to another in words: "drop the reference, divide by length, add a margin". */

import type { Change } from '../framework/changes.ts';
import type { Phrase } from './phrase.ts';
import { listed, maths } from './phrase.ts';
import { DIVERGENCE_SAYS } from './profile-text.ts';
import type { Sentences } from './sentence.ts';
import { say } from './sentence.ts';

const CHANGES: Sentences<Change, Phrase> = {
  link: ({ from, to }) => [`exchange the link (${from} for ${to})`],
  'drop-reference': ({ of }) => ['drop the reference ', maths(of)],
  'add-reference': ({ of }) => ['add the reference ', maths(of)],
  'change-reference': ({ from, to }) => ['exchange the reference ', maths(from), ' for ', maths(to)],
  'temper-reference': ({ from, to }) => [
    'take the reference to the power ',
    maths(to),
    ' instead of ',
    maths(from),
  ],
  'change-divergence': ({ from, to }) => [
    `exchange the divergence (${DIVERGENCE_SAYS[from]} for ${DIVERGENCE_SAYS[to]})`,
  ],
  'divide-by-length': () => ['divide by length'],
  'multiply-by-length': () => ['no longer divide by length'],
  'to-tokens': () => ['score single tokens'],
  'to-sequences': () => ['score whole responses'],
  rescale: ({ from, to }) => ['change the weight from ', maths(from), ' to ', maths(to)],
  'add-term': ({ of }) => ['add ', maths(of), ' to the score'],
  'drop-term': ({ of }) => ['drop ', maths(of), ' from the score'],
  'add-margin': ({ of }) => ['add a margin (', maths(of), ' in the logit)'],
  'drop-margin': ({ of }) => ['drop the margin (', maths(of), ' in the logit)'],
  'change-margin': ({ from, to }) => ['change the margin from ', maths(from), ' to ', maths(to)],
  'add-regulariser': ({ of }) => ['add the regulariser ', maths(of)],
  'drop-regulariser': ({ of }) => ['drop the regulariser ', maths(of)],
  'add-weight': ({ of }) => ['weight each pair by ', maths(of)],
  'drop-weight': ({ of }) => ['drop the weight ', maths(of)],
};

export const changePhrase = (change: Change): Phrase => say(CHANGES, change);

/** All of them in a row; undefined where there are none. */
export const changesPhrase = (changes: readonly Change[]): Phrase | undefined =>
  changes.length === 0 ? undefined : listed(changes.map(changePhrase), ', ');
