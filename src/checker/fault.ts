/** Why a trace is refused: one kind for each way to be wrong. Data; the sentences live in `render/`. */

import type { Expr } from '../expr/expr.ts';
import type { Condition } from '../rules/rule.ts';

export type Reason =
  | { readonly kind: 'empty-trace' }
  /** Given by whoever reads a stored trace: its content is not what was stored. */
  | { readonly kind: 'digest-mismatch' }
  | { readonly kind: 'duplicate-id'; readonly id: string }
  /** `of`: where the domain is the flaw, the factor that does not follow to be positive. */
  | {
      readonly kind: 'bad-definition';
      readonly id: string;
      readonly why: DefinitionFlaw;
      readonly of?: Expr;
    }
  | { readonly kind: 'too-deep' }
  | { readonly kind: 'ill-formed'; readonly part: Expr; readonly why: FormFlaw }
  | { readonly kind: 'unknown-stage'; readonly id: string }
  | { readonly kind: 'broken-chain'; readonly from: string; readonly expected: Expr; readonly found: Expr }
  | { readonly kind: 'unknown-rule'; readonly rule: string }
  | { readonly kind: 'not-in-use'; readonly rule: string }
  | { readonly kind: 'outside-expression' }
  | { readonly kind: 'unbound-metavariable'; readonly rule: string }
  | { readonly kind: 'needless-binding'; readonly name: string }
  | { readonly kind: 'condition-not-met'; readonly condition: Condition }
  | { readonly kind: 'does-not-match'; readonly expected: Expr; readonly found: Expr }
  | { readonly kind: 'wrong-result'; readonly expected: Expr; readonly found: Expr }
  | { readonly kind: 'algebra-fails'; readonly before: Expr; readonly after: Expr }
  | { readonly kind: 'index-captured'; readonly index: string }
  /** A lemma cited in a stage that claims an equation. */
  | { readonly kind: 'lemma-in-equation'; readonly rule: string }
  /** A lemma used where replacing its side moves the whole the wrong way, or nobody knows which way. */
  | { readonly kind: 'wrong-direction'; readonly rule: string }
  /** Inside a gradient, what holds of values only: an assumption, a stop-gradient opened, what rests on either. */
  | { readonly kind: 'value-in-gradient'; readonly rule: string }
  | { readonly kind: 'goal-not-reached'; readonly reached: Expr; readonly goal: Expr };

export type FormFlaw = 'undeclared-data' | 'wrong-arguments' | 'unbound-index' | 'metavariable' | 'bad-name';

export type DefinitionFlaw =
  | 'not-a-datum'
  | 'declared-already'
  | 'repeated-argument'
  | 'free-variable'
  | 'circular'
  | 'overlap'
  | 'domain';

/** Where the first fault is: a stage, and a step of it; both absent for faults of the trace as a whole. */
export interface Fault {
  readonly stage: string | undefined;
  readonly step: number | undefined;
  readonly reason: Reason;
}
