/** The parts of a page that every output prints in its own way. */

import type { Expr } from '../expr/expr.ts';
import type { Mark } from './mark.ts';
import type { Phrase } from './phrase.ts';

/** From one line of a derivation to the next. */
export interface Link {
  readonly by: readonly Phrase[];
  /** Undefined where the new line would read like the one above it: only the spelling changed. */
  readonly to: Expr | undefined;
  /** How the new line stands to the one above. */
  readonly sign: 'eq' | 'le';
}

export interface Equation {
  readonly left: Expr | Mark;
  readonly sign: 'eq' | 'propto';
  readonly right: Expr;
}

export type Block =
  | { readonly kind: 'title' | 'heading' | 'paragraph' | 'note'; readonly of: Phrase }
  | { readonly kind: 'list'; readonly items: readonly Phrase[] }
  /** Formulas that stand alone. */
  | { readonly kind: 'display'; readonly rows: readonly Equation[] }
  /** left = first = ...; `first` is undefined where the chain goes on from an earlier one. */
  | {
      readonly kind: 'chain';
      readonly left: Expr | Mark;
      readonly first: Expr | undefined;
      readonly links: readonly Link[];
    };
