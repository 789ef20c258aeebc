/** The decision: proved, refuted with a witness, or undecided. Nothing else in midpo says "equal". */

import { same } from '../expr/binder.ts';
import type { Declarations, Fact } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { MINUS_ONE } from '../expr/rational.ts';
import { type Canoniser, canoniser } from './canonical.ts';
import type { Case } from './cases.ts';
import { declaredIn, inCase, splitCases } from './cases.ts';
import { needs } from './definedness.ts';
import type { Ring } from './element.ts';
import { addPolys, BudgetError, newRing, scale, UndefinedError } from './element.ts';
import { isNonzero, signOf } from './infer.ts';
import { grant } from './logarithm.ts';
import { refute } from './refute.ts';
import { reify } from './reify.ts';
import type { Alternative } from './solve.ts';
import { solve } from './solve.ts';
import { vanishes } from './vanish.ts';
import type { Witness } from './witness.ts';

/** What a proof relied on. */
export interface Licences {
  /** Signs and non-zero divisors that rewriting steps used. */
  readonly used: readonly Fact[];
  /** Needed by the left side to be defined, and neither declared nor needed by the right; and the reverse. */
  readonly onlyLeft: readonly Fact[];
  readonly onlyRight: readonly Fact[];
}

export type Decision =
  | { readonly answer: 'proved'; readonly licences: Licences }
  | { readonly answer: 'refuted'; readonly witness: Witness; readonly when: readonly Alternative[] }
  | {
      readonly answer: 'undecided';
      /** `budget`: too large; `undefined`: a side is nowhere defined; `residual`: neither proved nor refuted. */
      readonly reason: 'budget' | 'undefined' | 'residual';
      readonly residual: Expr | undefined;
      readonly when: readonly Alternative[];
    };

/** Work allowed for one decision, in term operations. */
export const DEFAULT_BUDGET = 400_000;

/**
 * Whether two expressions have the same value wherever both are defined, within the declared domains.
 * Stop-gradients count as their value. Never throws on well-formed expressions.
 */
export function decide(a: Expr, b: Expr, declared: Declarations, budget = DEFAULT_BUDGET): Decision {
  const proof = tryProof(a, b, declared, budget);
  if ('used' in proof) return { answer: 'proved', licences: proof };
  const witness = proof.reason === 'undefined' ? undefined : refute(a, b, declared);
  const when = proof.residual === undefined ? [] : solve(a, b, declared, budget);
  if (witness !== undefined) return { answer: 'refuted', witness, when };
  return { answer: 'undecided', reason: proof.reason, residual: proof.residual, when };
}

/** Whether equality is proved; cheaper than `decide` where the reason does not matter. */
export function provesEqual(a: Expr, b: Expr, declared: Declarations, budget = DEFAULT_BUDGET): boolean {
  return 'used' in tryProof(a, b, declared, budget);
}

/** How many sign cases may be opened in one proof. */
const MOST_CASES = 200;

interface Stuck {
  readonly reason: 'budget' | 'undefined' | 'residual';
  readonly residual: Expr | undefined;
}

function tryProof(
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
    const domains = (): Pick<Licences, 'onlyLeft' | 'onlyRight'> =>
      domainDifference(unproved[0] ?? [], unproved[1] ?? [], declared, budget);
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

function grantFact(ring: Ring, convert: Canoniser, { kind, of }: Fact): void {
  if (kind === 'integer') return;
  grant(ring, kind, convert.of(of));
  convert.forget();
}

function holds(ring: Ring, convert: Canoniser, { kind, of }: Fact): boolean {
  const element = convert.of(of);
  if (kind === 'nonzero') return isNonzero(ring, element);
  const sign = signOf(ring, element);
  if (sign === 'positive') return true;
  return kind === 'nonnegative' && (sign === 'nonnegative' || sign === 'zero');
}

/** The needs of each side that do not follow from what is declared and what the other side needs. */
function domainDifference(
  left: readonly Fact[],
  right: readonly Fact[],
  declared: Declarations,
  budget: number,
): Pick<Licences, 'onlyLeft' | 'onlyRight'> {
  const beyond = (own: readonly Fact[], other: readonly Fact[]): readonly Fact[] => {
    if (own.length === 0) return own;
    const ring = newRing(declared, budget);
    const convert = canoniser(ring);
    for (const fact of [...declared.facts, ...other]) grantFact(ring, convert, fact);
    return own.filter((fact) => !holds(ring, convert, fact));
  };
  return { onlyLeft: beyond(left, right), onlyRight: beyond(right, left) };
}
