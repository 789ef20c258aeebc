/** What can be wrong with a formula, an assumption or a declaration: data with a place in the text, no prose. */

import type { Domain } from '../expr/declare.ts';
import type { Sort } from '../expr/expr.ts';

/** Notation of other languages that a formula has no use for. */
export type Construct =
  | 'assignment'
  | 'string'
  | 'matrix'
  | 'object'
  | 'conditional'
  | 'range'
  | 'accessor'
  | 'factorial'
  | 'transpose'
  | 'percent'
  | 'statement'
  | 'comment'
  | 'logic'
  | 'inequality'
  | 'word-operator';

type Detail =
  | { readonly kind: 'empty' }
  | { readonly kind: 'too-long'; readonly limit: number }
  | { readonly kind: 'too-deep'; readonly limit: number }
  | { readonly kind: 'too-many-digits'; readonly limit: number }
  | { readonly kind: 'malformed-number'; readonly text: string }
  | { readonly kind: 'stray-character'; readonly text: string; readonly suggestion: string | undefined }
  | { readonly kind: 'not-in-language'; readonly construct: Construct; readonly text: string }
  | { readonly kind: 'unbalanced'; readonly mark: '(' | ')' }
  | { readonly kind: 'implicit-multiplication'; readonly left: string; readonly right: string }
  /** An operator or bracket stands, or the text ends, where a value should begin. */
  | { readonly kind: 'value-expected'; readonly found: string | undefined }
  | { readonly kind: 'unexpected'; readonly text: string }
  | { readonly kind: 'comparison-outside-indicator' }
  | { readonly kind: 'comparison-expected' }
  | {
      readonly kind: 'unknown-function';
      readonly name: string;
      readonly suggestion: string | undefined;
      /** Whether every argument is a response, index or prompt, so that data may have been meant. */
      readonly datum: boolean;
    }
  | {
      readonly kind: 'wrong-arguments';
      readonly name: string;
      readonly found: number;
      readonly expected: readonly string[];
    }
  | { readonly kind: 'not-a-function'; readonly name: string; readonly is: Sort | 'number' }
  | { readonly kind: 'needs-arguments'; readonly name: string; readonly expected: readonly string[] }
  | {
      readonly kind: 'wrong-sort';
      readonly name: string;
      readonly found: Sort;
      readonly expected: Sort | 'number';
    }
  | { readonly kind: 'unbound'; readonly name: string; readonly expected: Sort | 'number' }
  | { readonly kind: 'name-expected'; readonly expected: Sort }
  | { readonly kind: 'token-number'; readonly text: string }
  | { readonly kind: 'range-expected' }
  | { readonly kind: 'not-a-distribution'; readonly name: string; readonly suggestion: string | undefined }
  | { readonly kind: 'constant-name'; readonly name: string }
  | { readonly kind: 'undeclared'; readonly name: string; readonly suggestion: string | undefined }
  | { readonly kind: 'name-clash'; readonly name: string; readonly with: 'function' | 'data' | 'parameter' }
  | { readonly kind: 'not-an-assumption' }
  | { readonly kind: 'contradiction'; readonly about: string }
  | { readonly kind: 'not-a-declaration' }
  | { readonly kind: 'unknown-argument'; readonly name: string }
  | { readonly kind: 'repeated-argument'; readonly name: string }
  | { readonly kind: 'conflicting-domain'; readonly name: string; readonly is: Domain };

/** One thing wrong, and the text it is about: offsets with 0 <= start <= end <= text.length. */
export type FormulaFault = Detail & { readonly start: number; readonly end: number };
export type FormulaFaultKind = FormulaFault['kind'];

/** What the readers of this room throw on bad input. The words are found in `render/formula-fault.ts`. */
export class FormulaError extends Error {
  readonly fault: FormulaFault;

  constructor(fault: FormulaFault) {
    super(`${fault.kind} at ${fault.start}`);
    this.name = 'FormulaError';
    this.fault = fault;
  }
}

/** A stretch of the text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Refuses the text: throws a FormulaError with this detail at this place. */
export function refuse({ start, end }: Span, detail: Detail): never {
  throw new FormulaError({ ...detail, start, end });
}
