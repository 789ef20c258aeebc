/** What was done: the contract between searching (engine) and judging (checker). Plain data, no behaviour. */

import type { Declarations } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import type { Path } from '../expr/walk.ts';

/**
 * One rewriting. It holds everything needed to repeat it by hand: replace the sub-expression at `at`,
 * which is one side of the rule under `bindings`, by the other side.
 */
export interface Step {
  /** A row of the rule tables, a definition or stage the present stage `uses`, or `algebra`. */
  readonly rule: string;
  readonly direction: 'forward' | 'backward';
  readonly at: Path;
  /** Metavariable -> expression. `_rest` holds the further terms or factors of a sum or product. */
  readonly bindings: Readonly<Record<string, Expr>>;
  /** The whole expression after the step; what came before is the previous step's `after`. */
  readonly after: Expr;
  /** Whether a careful author would show this line. */
  readonly waypoint: boolean;
}

/** A name introduced by an equation, usable as a rewrite row by the stages that list it. */
export interface Definition {
  readonly id: string;
  /** A datum at metavariables (`zeta(_y)`) or at fixed responses (`zeta(w)`: a prior by label). */
  readonly lhs: Expr;
  readonly rhs: Expr;
}

/** A remark is about the meaning of a stage; the checker carries it but does not judge it. */
export type Remark =
  | { readonly kind: 'frozen-prior' }
  | { readonly kind: 'label-prior' }
  | { readonly kind: 'one-partition' }
  | { readonly kind: 'value-only' }
  /** The gradient is that of the published loss: the closed form equals it in value only. */
  | { readonly kind: 'published-gradient' }
  /** The gradient of the prior: the part that the framework, with its prior held fixed, does not have. */
  | { readonly kind: 'prior-gradient' };

export interface Stage {
  /** S1 .. S10 in a derivation; free in other proofs. */
  readonly id: string;
  readonly start: Expr;
  readonly goal: Expr;
  /** What the steps establish: start = goal, or start <= goal where a lemma is cited. */
  readonly relation: '=' | '<=';
  /** Definitions and earlier stages whose equation (start = goal) this stage may rewrite with. */
  readonly uses: readonly string[];
  /** The stage whose goal is this stage's start, null where this stage starts afresh. */
  readonly continues: string | null;
  readonly steps: readonly Step[];
  readonly remarks: readonly Remark[];
}

export interface Trace {
  readonly schema: 'midpo/trace';
  readonly version: 1;
  /** The name of the claim this trace belongs to. */
  readonly claim: string;
  readonly declared: Declarations;
  readonly definitions: readonly Definition[];
  readonly stages: readonly Stage[];
}
