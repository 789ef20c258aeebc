/** What a command comes to: an exit code, and what goes to which stream. */

import { type Json, jsonText } from '../index.ts';

export const EXIT = {
  /** Accepted, member of a tier, equal, verified. */
  holds: 0,
  /** Outside, refuted, mismatch, refused. */
  fails: 1,
  badInput: 2,
  undecided: 3,
  /** A mistake in the program; the number is that of `EX_SOFTWARE` in sysexits.h. */
  internal: 70,
} as const;

export interface Outcome {
  readonly exit: (typeof EXIT)[keyof typeof EXIT];
  readonly out?: string;
  readonly err?: string;
}

/** Input that cannot be used: nothing but the reason, and that on standard error. */
export const refusal = (reason: string): Outcome => ({ exit: EXIT.badInput, err: `error: ${reason}\n` });

/** A report on standard output. */
export const answer = (exit: Outcome['exit'], page: string): Outcome => ({ exit, out: ended(page) });

/** One JSON document on standard output. */
export const document = (exit: Outcome['exit'], json: Json): Outcome => answer(exit, jsonText(json));

/** A page ends with one line break. */
export const ended = (page: string): string => (page.endsWith('\n') ? page : `${page}\n`);

/** The end of a message about a name that is not known. */
export const didYouMean = (suggestion: string | undefined): string =>
  suggestion === undefined ? '' : `; did you mean \`${suggestion}\`?`;
