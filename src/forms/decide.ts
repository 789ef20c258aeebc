/** The decision: proved, refuted with a witness, or undecided. Nothing else in midpo says "equal". */

import type { Declarations } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import type { Licences } from './prove.ts';
import { DEFAULT_BUDGET, tryProof } from './prove.ts';
import { refute } from './refute.ts';
import type { Conditions } from './solve.ts';
import { conditions, NOT_SOLVED } from './solve.ts';
import type { Witness } from './witness.ts';

export { DEFAULT_BUDGET, provesEqual } from './prove.ts';

export type Decision =
  | { readonly answer: 'proved'; readonly licences: Licences }
  | ({ readonly answer: 'refuted'; readonly witness: Witness } & Conditions)
  | ({
      readonly answer: 'undecided';
      /** `budget`: too large; `undefined`: a side is nowhere defined; `residual`: neither proved nor refuted. */
      readonly reason: 'budget' | 'undefined' | 'residual';
      readonly residual: Expr | undefined;
    } & Conditions);

/**
 * Whether two expressions have the same value wherever both are defined, within the declared domains.
 * Stop-gradients count as their value. Never throws on well-formed expressions.
 */
export function decide(a: Expr, b: Expr, declared: Declarations, budget = DEFAULT_BUDGET): Decision {
  const verdict = judge(a, b, declared, budget);
  if (verdict.answer === 'proved') return verdict;
  const solvable = verdict.answer === 'refuted' || verdict.residual !== undefined;
  return {
    ...verdict,
    ...(solvable ? supported(conditions([[a, b]], declared, budget), verdict) : NOT_SOLVED),
  };
}

/** Conditions are all there are only beside a witness: without one nothing shows that the sides are defined anywhere. */
export const supported = (found: Conditions, { answer }: Judgement): Conditions =>
  answer === 'refuted' ? found : { ...found, solved: false };

/** A decision without the conditions under which it would be another. */
export type Judgement =
  | Extract<Decision, { readonly answer: 'proved' }>
  | Omit<Extract<Decision, { readonly answer: 'refuted' }>, keyof Conditions>
  | Omit<Extract<Decision, { readonly answer: 'undecided' }>, keyof Conditions>;

export function judge(a: Expr, b: Expr, declared: Declarations, budget = DEFAULT_BUDGET): Judgement {
  const proof = tryProof(a, b, declared, budget);
  if ('used' in proof) return { answer: 'proved', licences: proof };
  const witness = proof.reason === 'undefined' ? undefined : refute(a, b, declared);
  if (witness !== undefined) return { answer: 'refuted', witness };
  return { answer: 'undecided', reason: proof.reason, residual: proof.residual };
}
