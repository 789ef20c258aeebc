/** What is said of a loss that no prior carries: why, what it is made of, and what would bring it in. */

import type { Expr, Sym } from '../expr/expr.ts';
import type { Alternative } from '../forms/alternative.ts';
import type { Standing } from './logit.ts';
import type { Member } from './members.ts';
import type { Nearest } from './nearest.ts';
import type { Shape } from './shape.ts';

/** Why a loss stands outside. */
export const REASONS = [
  'link',
  'mixture',
  'regulariser',
  'weight',
  'pair-coupled',
  'batch-coupled',
  'unpaired',
  'not-a-loss',
] as const;
export type Why = (typeof REASONS)[number];

/** A function of one real argument, written in that argument. */
export interface Link extends Shape {
  readonly argument: Sym;
  readonly formula: Expr;
}

export interface Outside {
  readonly why: Why;
  /** Pair-coupled: what must vanish for all responses. */
  readonly residual: Expr | undefined;
  /** The link, where the loss is a function of one logit. */
  readonly link: Link | undefined;
  /** The logit, with the prior that it would have under the logistic link. */
  readonly inner: Standing | undefined;
  /** Logistic losses that the loss is a weighted sum of, besides `rest`. */
  readonly members: readonly Member[];
  readonly rest: Expr | undefined;
  /** Unpaired: what the loss says of each response. */
  readonly terms: { readonly chosen: Expr; readonly rejected: Expr } | undefined;
  readonly nearest: Nearest | undefined;
  /** Each set of equations makes the loss another one, which may be inside. */
  readonly ways: readonly Alternative[];
}

export const NOTHING = {
  residual: undefined,
  link: undefined,
  inner: undefined,
  members: [],
  rest: undefined,
  terms: undefined,
  nearest: undefined,
  ways: [],
} as const satisfies Omit<Outside, 'why'>;

export const notALoss: Outside = { ...NOTHING, why: 'not-a-loss' };
