/** What an expression is: one closed, frozen union and its constructors. No constructor performs algebra. */

import type { FnName } from './function.ts';
import type { Rational } from './rational.ts';
import { rational } from './rational.ts';

/** What a variable ranges over. A bound token index also counts as a number (1-based). */
export type Sort = 'response' | 'token' | 'vocab' | 'prompt';

/** An exact rational number. */
export interface Num {
  readonly kind: 'num';
  readonly value: Rational;
}
/** A hyper-parameter such as `beta`; in a rule, a metavariable such as `_a`. */
export interface Sym {
  readonly kind: 'sym';
  readonly name: string;
}
/** A response (`w`, `l`, `y`), token position, vocabulary entry or prompt; free or bound by a sum. */
export interface Var {
  readonly kind: 'var';
  readonly name: string;
  readonly sort: Sort;
}
/** Declared data at arguments: `pi(w)`, `ref(y,t)`, `len(l)`, `Z()`. Arguments are variables or token numbers. */
export interface Apply {
  readonly kind: 'apply';
  readonly name: string;
  readonly args: readonly Expr[];
}
export interface Add {
  readonly kind: 'add';
  readonly terms: readonly Expr[];
}
export interface Mul {
  readonly kind: 'mul';
  readonly factors: readonly Expr[];
}
export interface Pow {
  readonly kind: 'pow';
  readonly base: Expr;
  readonly exponent: Expr;
}
/** A known function: `exp`, `log`, `sigmoid`, ... */
export interface Call {
  readonly kind: 'call';
  readonly fn: FnName;
  readonly args: readonly Expr[];
}
/** What a sum runs over. Expectations, KL and mutual information are sums too. */
export type Range =
  | { readonly kind: 'tokens'; readonly of: Expr }
  | { readonly kind: 'vocabulary' }
  | { readonly kind: 'responses' }
  | { readonly kind: 'prompts' };
/** The one binder. `index` is bound in `body`, not in `range`. */
export interface Sum {
  readonly kind: 'sum';
  readonly index: Var;
  readonly range: Range;
  readonly body: Expr;
}
/** Stop-gradient: the value of `body`, the derivative of a constant. */
export interface Freeze {
  readonly kind: 'freeze';
  readonly body: Expr;
}

/**
 * The derivative of `body` as the policy's parameters move in one direction, the same one everywhere: what is
 * proved of it holds for every direction, so of the gradient. Derivations and rules have it, formulas do not.
 */
export interface Grad {
  readonly kind: 'grad';
  readonly body: Expr;
}

export type Expr = Num | Sym | Var | Apply | Add | Mul | Pow | Call | Sum | Freeze | Grad;

export function num(value: Rational | bigint | number): Num {
  const exact = typeof value === 'object' ? value : rational(value);
  return Object.freeze({ kind: 'num', value: Object.freeze(exact) });
}
export const sym = (name: string): Sym => Object.freeze({ kind: 'sym', name });
export const variable = (name: string, sort: Sort): Var => Object.freeze({ kind: 'var', name, sort });
export const apply = (name: string, args: readonly Expr[]): Apply =>
  Object.freeze({ kind: 'apply', name, args: Object.freeze([...args]) });
export const add = (terms: readonly Expr[]): Add =>
  Object.freeze({ kind: 'add', terms: Object.freeze([...terms]) });
export const mul = (factors: readonly Expr[]): Mul =>
  Object.freeze({ kind: 'mul', factors: Object.freeze([...factors]) });
export const pow = (base: Expr, exponent: Expr): Pow => Object.freeze({ kind: 'pow', base, exponent });
export const call = (fn: FnName, args: readonly Expr[]): Call =>
  Object.freeze({ kind: 'call', fn, args: Object.freeze([...args]) });
export const sum = (index: Var, range: Range, body: Expr): Sum =>
  Object.freeze({ kind: 'sum', index, range: Object.freeze({ ...range }), body });
export const freeze = (body: Expr): Freeze => Object.freeze({ kind: 'freeze', body });
export const grad = (body: Expr): Grad => Object.freeze({ kind: 'grad', body });

/** The sort a sum's index has, by what the sum runs over. */
export const INDEX_SORT: Readonly<Record<Range['kind'], Sort>> = {
  tokens: 'token',
  vocabulary: 'vocab',
  responses: 'response',
  prompts: 'prompt',
};

// Spellings, not algebra: each names the one tree that stands for it.
export const minus = (e: Expr): Mul => mul([num(-1), e]);
export const subtract = (a: Expr, b: Expr): Add => add([a, minus(b)]);
export const reciprocal = (e: Expr): Pow => pow(e, num(-1));
export const divide = (a: Expr, b: Expr): Mul => mul([a, reciprocal(b)]);
export const log = (e: Expr): Call => call('log', [e]);
export const exp = (e: Expr): Call => call('exp', [e]);
export const sigmoid = (e: Expr): Call => call('sigmoid', [e]);
