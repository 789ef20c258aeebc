/** The parts of a page that every output prints in its own way. */

import type { Expr } from '../expr/expr.ts';
import type { Path } from '../expr/walk.ts';
import type { Mark } from './mark.ts';
import type { Phrase } from './phrase.ts';
import type { Statement } from './statement.ts';

/** One rule in one direction, used one or more times between two lines. */
export interface Reason {
  readonly rule: string;
  readonly direction: 'forward' | 'backward';
  readonly times: number;
  /** What the rule says, where a page first uses it; undefined afterwards. */
  readonly says: Phrase | undefined;
  /** Under what, each with the expressions that stand there. */
  readonly conditions: readonly Statement[];
}

/** How a new line stands to the one above. */
export type LinkSign = 'eq' | 'le';

/** One rewriting, for readers who want every line. */
export interface SingleStep {
  /** One use of one rule, never explained here. */
  readonly by: Reason;
  /** The part that is rewritten, and what stands in its place; the rest of the formula stays. */
  readonly from: Expr;
  readonly into: Expr;
  /** The whole formula after the step; undefined where the new line would read like the one above it: only the spelling changed. */
  readonly to: Expr | undefined;
  /** Where the new formula differs from the one before; the part there before and after may differ in kind. */
  readonly at: Path;
  readonly sign: LinkSign;
}

/** From one line of a derivation to the next. */
export interface Link {
  readonly by: readonly Reason[];
  /** The single steps behind it, in order, made when asked for; the last one ends where `to` stands. */
  readonly steps: () => readonly SingleStep[];
  /** Undefined where the new line would read like the one above it: only the spelling changed. */
  readonly to: Expr | undefined;
  readonly sign: LinkSign;
}

export interface Equation {
  readonly left: Expr | Mark;
  readonly sign: 'eq' | 'propto';
  readonly right: Expr;
}

/** One entry of the list of references; sentences point to it by a `cite` piece with its key. */
export interface Reference {
  readonly key: string;
  readonly of: Phrase;
}

/** The lines of one stage: left = first = ...; `first` is undefined where the chain goes on from an earlier one. */
export interface Chain {
  readonly kind: 'chain';
  /** The stage, by which other places point to it. */
  readonly id: string;
  readonly left: Expr | Mark;
  /** What the links start from, shown or not. */
  readonly start: Expr;
  readonly first: Expr | undefined;
  readonly links: readonly Link[];
}

export type Block =
  /** A heading opens a part of the page, a subheading a stage of the derivation. */
  | {
      readonly kind: 'title' | 'heading' | 'subheading' | 'paragraph' | 'note' | 'proof';
      readonly of: Phrase;
    }
  /** A sentence and the formulas that it ends with. */
  | { readonly kind: 'proposition'; readonly of: Phrase; readonly rows: readonly Equation[] }
  | { readonly kind: 'list'; readonly items: readonly Phrase[] }
  /** Formulas that stand alone. */
  | { readonly kind: 'display'; readonly rows: readonly Equation[] }
  | { readonly kind: 'references'; readonly items: readonly Reference[] }
  | Chain;
