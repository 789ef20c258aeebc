/** Conditions as phrases: `α = 0, or β = 1 and γ = 0`. */

import { num } from '../expr/expr.ts';
import type { Alternative } from '../forms/alternative.ts';
import type { When } from '../framework/membership.ts';
import type { Phrase } from './phrase.ts';
import { listed, maths } from './phrase.ts';
import type { Statement } from './statement.ts';
import { equationStatements, plainStatement } from './statement.ts';

/** The statements of each alternative. */
const alternativesOf = (when: When): readonly (readonly Statement[])[] =>
  when.kind === 'positive' ? [[[when.of, 'gt', num(0)]]] : when.alternatives.map(equationStatements);

export const alternativePhrase = (alternative: Alternative): Phrase =>
  listed(equationStatements(alternative).map((statement) => [{ maths: statement }]));

/** Several alternatives, one of which must hold. */
export const whenPhrase = (whens: readonly When[]): Phrase =>
  listed(
    whens.flatMap(alternativesOf).map((statements) => listed(statements.map((s) => [maths(...s)]))),
    ' or ',
  );

/** Whether a tier is reached under what is given only, or perhaps elsewhere too. */
export const isExact = (when: When): boolean => when.kind === 'equations' && when.complete;
export const iffOrIf = (when: When): 'iff' | 'if' => (isExact(when) ? 'iff' : 'if');

/** In the formula language, equations of one alternative joined by `and`. */
export const plainAlternative = (alternative: Alternative): string =>
  equationStatements(alternative).map(plainStatement).join(' and ');

/** The same for a whole condition, alternatives joined by `or`. */
export const plainWhen = (when: When): string =>
  alternativesOf(when)
    .map((statements) => statements.map(plainStatement).join(' and '))
    .join(' or ');
