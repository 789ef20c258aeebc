/** `--notation FILE`: the user's own symbols, for every command that prints formulas. */

import type { Marks } from '../index.ts';
import { faultText, marksOf } from '../index.ts';
import type { Outcome } from './outcome.ts';
import { refusal } from './outcome.ts';

/** What a notation is refused with by a format that prints no symbols. */
export const noSymbols = (to: string): string =>
  `--notation says nothing to --to ${to}, which has names, not symbols`;

/** The marks of the file; undefined where none is named. */
export async function readMarks(path: string | undefined): Promise<Marks | Outcome | undefined> {
  if (path === undefined) return undefined;
  // Reading files takes libraries that formulas do without.
  const file = (await import('../node.ts')).loadNotation(path);
  if (file.kind !== 'notation') return refusal(faultText(file));
  const marks = marksOf(file);
  return 'kind' in marks ? refusal(faultText(marks)) : marks;
}
