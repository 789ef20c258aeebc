/** What stands on paper: the tree between an expression and its print, with every parenthesis explicit. */

import type { Expr, Range, Var } from '../expr/expr.ts';
import type { FnName } from '../expr/function.ts';
import { remembered } from './remembered.ts';

/** The functions that are printed by name; the others are spelled through these. */
export type ShownFn = Exclude<FnName, 'sqrt' | 'log1p' | 'expm1' | 'logsigmoid' | 'relu'>;

export interface Term {
  readonly negative: boolean;
  readonly of: Display;
}

export type Display =
  /** An unsigned integer or decimal. */
  | { readonly kind: 'number'; readonly digits: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'variable'; readonly variable: Var }
  | { readonly kind: 'datum'; readonly name: string; readonly args: readonly Expr[] }
  /** Terms with their signs; a negated expression is one negative term. */
  | { readonly kind: 'terms'; readonly terms: readonly Term[] }
  | { readonly kind: 'product'; readonly factors: readonly Display[] }
  /** `inline` fractions are written a/b. */
  | { readonly kind: 'fraction'; readonly over: Display; readonly under: Display; readonly inline: boolean }
  | { readonly kind: 'power'; readonly base: Display; readonly exponent: Display }
  | { readonly kind: 'root'; readonly of: Display }
  /** Euler's number with an exponent, for short exponents. */
  | { readonly kind: 'exponential'; readonly exponent: Display }
  /** `bare` calls have one argument and no parentheses: log x. */
  | { readonly kind: 'call'; readonly fn: ShownFn; readonly args: readonly Display[]; readonly bare: boolean }
  | { readonly kind: 'sum'; readonly index: Var; readonly range: Range; readonly body: Display }
  | { readonly kind: 'freeze'; readonly of: Display }
  /** `bare` without brackets: the gradient of log x. */
  | { readonly kind: 'gradient'; readonly of: Display; readonly bare: boolean }
  /** What a step has changed, to be set off. */
  | { readonly kind: 'marked'; readonly of: Display }
  /** Parentheses that change nothing but the reading. */
  | { readonly kind: 'group'; readonly of: Display };

/** The direct parts of a display, in reading order. */
export function parts(d: Display): readonly Display[] {
  switch (d.kind) {
    case 'number':
    case 'name':
    case 'variable':
    case 'datum':
      return [];
    case 'terms':
      return d.terms.map((term) => term.of);
    case 'product':
      return d.factors;
    case 'fraction':
      return [d.over, d.under];
    case 'power':
      return [d.base, d.exponent];
    case 'exponential':
      return [d.exponent];
    case 'call':
      return d.args;
    case 'sum':
      return [d.body];
    case 'root':
    case 'freeze':
    case 'gradient':
    case 'marked':
    case 'group':
      return [d.of];
  }
}

/** What a mark is around; the display itself where there is none. */
export const core = (d: Display): Display => (d.kind === 'marked' ? core(d.of) : d);

/** Whether some part, or the whole, satisfies `test`. */
export const someDisplay = (d: Display, test: (part: Display) => boolean): boolean =>
  test(d) || parts(d).some((part) => someDisplay(part, test));

/** Whether it stands higher than a line of text, so that brackets around it must grow. */
export const isTall = (d: Display): boolean =>
  someDisplay(d, (part) => part.kind === 'sum' || (part.kind === 'fraction' && !part.inline));

const total = (list: readonly Display[], gap: number): number =>
  list.reduce((sum, part) => sum + width(part) + gap, -gap);

/** A rough width in print, in characters: for deciding where to break and what is short. */
export const width: (d: Display) => number = remembered((d) => {
  switch (d.kind) {
    case 'number':
      return d.digits.length;
    case 'name':
      return Math.ceil(d.name.length / 4);
    case 'variable':
      return 1;
    case 'datum':
      return d.name === 'len' ? 3 : 5 + 2 * d.args.length;
    case 'terms':
      return total(parts(d), 3) + (d.terms[0]?.negative === true ? 1 : 0);
    case 'product':
      return total(d.factors, 0.5);
    case 'fraction':
      return d.inline ? total(parts(d), 1) : 1 + Math.max(width(d.over), width(d.under));
    case 'power':
      return width(d.base) + 0.7 * width(d.exponent);
    case 'exponential':
      return 1 + 0.7 * width(d.exponent);
    case 'call':
      return 3 + (d.bare ? 0 : 2) + total(d.args, 2);
    case 'sum':
      return 3 + width(d.body);
    case 'root':
    case 'gradient':
      return 2 + width(d.of);
    case 'freeze':
      return 4 + width(d.of);
    case 'group':
      return 2 + width(d.of);
    case 'marked':
      return width(d.of);
  }
});
