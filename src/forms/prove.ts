/** Proofs of equality: one normal form, the laws beyond it, and finitely many cases. */

import { same } from '../expr/binder.ts';
import type { Declarations, Fact } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { MINUS_ONE } from '../expr/rational.ts';
import { canoniser } from './canonical.ts';
import type { Case } from './cases.ts';
import { declaredIn, inCase, splitCases } from './cases.ts';
import { needs } from './definedness.ts';
import { addPolys, BudgetError, newRing, scale, UndefinedError } from './element.ts';
import { grantFact, holds } from './granted.ts';
import { reify } from './reify.ts';
import { needsBeyond } from './requirement.ts';
import { vanishes } from './vanish.ts';

/** What a proof relied on. */
export interface Licences {
  /** Signs and non-zero divisors that rewriting steps used. */
  readonly used: readonly Fact[];
  /** Needed by the left side to be defined, and neither declared nor needed by the right; and the reverse. */
  readonly onlyLeft: readonly Fact[];
  readonly onlyRight: readonly Fact[];
}

/** Work allowed for one decision, in term operations. */
export const DEFAULT_BUDGET = 400_000;

/** Whether equality is proved; cheaper than `decide` where the reason does not matter. */
export function provesEqual(a: Expr, b: Expr, declared: Declarations, budget = DEFAULT_BUDGET): boolean {
  return 'used' in tryProof(a, b, declared, budget);
}

/** How many sign cases may be opened in one proof. */
const MOST_CASES = 200;

/** Why there is no proof. */
export interface Stuck {
  /** `budget`: too large; `undefined`: a side is nowhere defined; `residual`: not shown to vanish. */
  readonly reason: 'budget' | 'undefined' | 'residual';
  readonly residual: Expr | undefined;
}

/** A proof that two sides are equal wherever both are defined, or why there is none. */
export function tryProof(
  a: Expr,
  b: Expr,
  declared: Declarations,
  budget: number,
  cases = { left: MOST_CASES },
): Licences | Stuck {
  if (same(a, b)) return { used: [], onlyLeft: [], onlyRight: [] };
  const ring = newRing(declared, budget);
  const convert = canoniser(ring);
  try {
    for (const fact of declared.facts) grantFact(ring, convert, fact);
    const [left, right] = [needs(a, declared), needs(b, declared)];
    const unproved = [left, right].map((facts) => facts.filter((fact) => !holds(ring, convert, fact)));
    for (const fact of unproved.flat()) grantFact(ring, convert, fact);
    const difference = addPolys(ring, [convert.of(a), scale(convert.of(b), MINUS_ONE)]);
    const used = (): readonly Fact[] =>
      [...ring.used.values()].map(({ kind, of }) => ({ kind, of: reify(ring, of) }));
    const domains = (): Pick<Licences, 'onlyLeft' | 'onlyRight'> => {
      const [ofLeft = [], ofRight = []] = unproved;
      return {
        onlyLeft: needsBeyond(ofLeft, ofRight, declared, budget),
        onlyRight: needsBeyond(ofRight, ofLeft, declared, budget),
      };
    };
    if (vanishes(ring, difference)) return { used: used(), ...domains() };
    const split = splitCases(ring, difference);
    if (split !== undefined && proveCases(a, b, declared, ring.budget, cases, split)) {
      return { used: used(), ...domains() };
    }
    return { reason: 'residual', residual: reify(ring, difference) };
  } catch (error) {
    if (error instanceof BudgetError) return { reason: 'budget', residual: undefined };
    if (error instanceof UndefinedError) return { reason: 'undefined', residual: undefined };
    if (error instanceof RangeError) return { reason: 'budget', residual: undefined }; // stack or bigint size
    throw error;
  }
}

/** Whether a = b in every case, each with its share of the remaining budget. */
function proveCases(
  a: Expr,
  b: Expr,
  declared: Declarations,
  budget: number,
  cases: { left: number },
  split: readonly Case[],
): boolean {
  cases.left -= split.length;
  if (cases.left < 0) return false;
  return split.every((one) => {
    const [left, right] = [inCase(a, one), inCase(b, one)];
    const proof = tryProof(left, right, declaredIn(declared, one), Math.floor(budget / split.length), cases);
    // A case in which a side is defined nowhere holds emptily.
    return 'used' in proof || proof.reason === 'undefined';
  });
}
