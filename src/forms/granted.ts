/** Work inside a ring in which what is declared, and what expressions need to be defined, is granted. */

import type { Declarations, Fact } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { type Canoniser, canoniser } from './canonical.ts';
import { needs } from './definedness.ts';
import type { Poly, Ring } from './element.ts';
import { BudgetError, copyOf, newRing, spend, UndefinedError } from './element.ts';
import { isNonzero, signOf } from './infer.ts';
import { grant } from './logarithm.ts';

export function grantFact(ring: Ring, convert: Canoniser, { kind, of }: Fact): void {
  if (kind === 'integer') return;
  grant(ring, kind, convert.of(of));
  convert.forget();
}

/** Whether a fact is known to hold. */
export function holds(ring: Ring, convert: Canoniser, { kind, of }: Fact): boolean {
  const element = convert.of(of);
  if (kind === 'nonzero') return isNonzero(ring, element);
  const sign = signOf(ring, element);
  if (sign === 'positive') return true;
  return kind === 'nonnegative' && (sign === 'nonnegative' || sign === 'zero');
}

/** The value of `f`; undefined where the budget does not suffice or something is nowhere defined. */
export function attempt<T>(f: () => T): T | undefined {
  try {
    return f();
  } catch (error) {
    if (error instanceof BudgetError || error instanceof UndefinedError) return undefined;
    if (error instanceof RangeError) return undefined; // stack or bigint size
    throw error;
  }
}

interface Converted {
  readonly declared: Declarations;
  readonly ring: Ring;
  readonly poly: Poly;
  /** What the conversion took of the budget. */
  readonly spent: number;
}

/** The last conversion of each expression: many questions are asked of one loss. */
const CONVERTED = new WeakMap<Expr, Converted>();

function converted(e: Expr, declared: Declarations, budget: number): Converted {
  const before = CONVERTED.get(e);
  if (before?.declared === declared) return before;
  const ring = newRing(declared, budget);
  const convert = canoniser(ring);
  for (const fact of [...declared.facts, ...needs(e, declared)]) grantFact(ring, convert, fact);
  const poly = convert.of(e);
  const made = { declared, ring, poly, spent: budget - ring.budget };
  CONVERTED.set(e, made);
  return made;
}

/**
 * Runs `use` on the canonical form of `e` where it is defined; undefined where the budget does not suffice
 * or `e` is nowhere defined.
 */
export const withCanonical = <T>(
  e: Expr,
  declared: Declarations,
  budget: number,
  use: (ring: Ring, poly: Poly) => T,
): T | undefined =>
  attempt(() => {
    const { ring, poly, spent } = converted(e, declared, budget);
    // A copy, so that no answer depends on what was asked before.
    const own = copyOf(ring, budget - spent);
    spend(own, 0);
    return use(own, poly);
  });
