/** What is typed for an option and must be one of few, or a number within bounds. */

import { InvalidArgumentError } from 'commander';
import { nearest } from '../index.ts';
import { didYouMean } from './outcome.ts';

export const FORMATS = ['text', 'latex', 'latex-fragment', 'markdown', 'json'] as const;
export type Format = (typeof FORMATS)[number];

/** Other names that people use for the formats. */
const ALIASES: Readonly<Record<string, Format>> = { tex: 'latex', md: 'markdown', txt: 'text' };

/** Throws InvalidArgumentError, which the command line turns into a message. */
export function readFormat(typed: string): Format {
  const format = FORMATS.find((known) => known === typed);
  if (format !== undefined) return format;
  const suggestion = Object.hasOwn(ALIASES, typed) ? ALIASES[typed] : nearest(typed, FORMATS);
  throw new InvalidArgumentError(`The formats are ${FORMATS.join(', ')}${didYouMean(suggestion)}`);
}

/** Reads a whole number from `least` to `most`. */
export const readWhole =
  (least: number, most: number) =>
  (typed: string): number => {
    const value = /^\d{1,16}$/.test(typed) ? Number(typed) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };

/** For options that may be given again and again. */
export const gather = (typed: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  typed,
];
