/** The words of the language: special forms, ranges and refused constants; and how each call is written. */

import type { Datum } from '../expr/declare.ts';
import type { Range, Sort } from '../expr/expr.ts';
import { FN_NAMES, FUNCTIONS, isFnName } from '../expr/function.ts';

/** Calls that are not functions of numbers: binders, markers and macros, with the ways to write them. */
const FORMS = {
  sum: ['sum(t, y, e)', 'sum(v, V, e)', 'sum(y, Y, e)', 'sum(x, X, e)'],
  indicator: ['indicator(a <= b)'],
  stopgrad: ['stopgrad(e)'],
  kl: ['kl(p, q, y, t)'],
  entropy: ['entropy(p, y, t)'],
  logaddexp: ['logaddexp(a, b)'],
} as const satisfies Record<string, readonly string[]>;
export type FormName = keyof typeof FORMS;

export const isForm = (name: string): name is FormName => Object.hasOwn(FORMS, name);

/** What may be summed over besides the tokens of a response. */
export const RANGE_WORD = { vocabulary: 'V', responses: 'Y', prompts: 'X' } as const;
const RANGES: readonly Exclude<Range['kind'], 'tokens'>[] = ['vocabulary', 'responses', 'prompts'];

/** The range that `V`, `Y` or `X` names; undefined for any other word. */
export function rangeNamed(word: string): Range | undefined {
  const kind = RANGES.find((candidate) => RANGE_WORD[candidate] === word);
  return kind && { kind };
}

/** How each comparison is written within `indicator(...)`. */
export const COMPARISONS = { le: '<=', lt: '<', eq: '==' } as const;
export type Comparison = keyof typeof COMPARISONS;
export const isComparison = (name: string): name is Comparison => Object.hasOwn(COMPARISONS, name);

/** Names that other languages take for constants: neither hyper-parameters nor numbers here. */
export const CONSTANTS: ReadonlySet<string> = new Set([
  'true',
  'false',
  'NaN',
  'Infinity',
  'null',
  'undefined',
]);

/** Whether `name` is a function that a formula may call by that name. */
export const isFunction = (name: string): boolean => isFnName(name) && !isComparison(name);

/** Whether `name` has a meaning before anything is declared, so that nothing may be declared by it. */
export const isReserved = (name: string): boolean => isFunction(name) || isForm(name);

/** Every function and form, for suggestions. */
export const FUNCTION_WORDS: readonly string[] = [...FN_NAMES.filter(isFunction), ...Object.keys(FORMS)];

const LETTERS = ['a', 'b', 'c'];
const SORT_LETTER: Readonly<Record<Sort, string>> = { response: 'y', token: 't', vocab: 'v', prompt: 'x' };

/** How a call of the function or form `name` is written, such as `max(a, b, ...)`. */
export function shapesOfFunction(name: string): readonly string[] {
  if (isForm(name)) return FORMS[name];
  if (!isFnName(name)) return [];
  const { min, max } = FUNCTIONS[name];
  const args = [...LETTERS.slice(0, min), ...(max === undefined ? ['...'] : [])];
  return [`${name}(${args.join(', ')})`];
}

/** How data with these argument lists are written, such as `pi(y, t)`. */
export const shapesOfData = (name: string, shapes: Datum['shapes']): readonly string[] =>
  shapes.map((sorts) => `${name}(${sorts.map((sort) => SORT_LETTER[sort]).join(', ')})`);
