/** What a side needs to be defined, in its plainest terms: a^2 > 0 says a != 0, a product differs from zero where each factor does. */

import type { Declarations, Fact } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { mul } from '../expr/expr.ts';
import { isInteger, ZERO } from '../expr/rational.ts';
import { overCommon, reduced } from './arithmetic.ts';
import type { Canoniser } from './canonical.ts';
import { canoniser } from './canonical.ts';
import { plainly } from './definedness.ts';
import type { Poly, Ring } from './element.ts';
import { newRing } from './element.ts';
import { factors } from './factor.ts';
import { attempt, grantFact, holds } from './granted.ts';
import { isNonzero, signOf } from './infer.ts';

/** Facts that hold together exactly where `fact` does, wherever what stands in it is defined. */
export function plainFacts(fact: Fact, declared: Declarations): readonly Fact[] {
  const { kind, of } = fact;
  if (kind === 'nonzero') return nonzeroFacts(of, declared);
  if (kind !== 'positive') return [fact];
  const [under] = of.kind === 'call' && of.fn === 'sqrt' ? of.args : [];
  if (under !== undefined) return plainFacts({ kind, of: under }, declared);
  const factors = of.kind === 'mul' ? of.factors : [of];
  const above = factors.filter((factor) => isNonnegative(factor, declared));
  const rest = factors.filter((factor) => !above.includes(factor));
  if (above.length === 0) return [fact];
  const [only] = rest;
  const others: readonly Fact[] =
    only === undefined ? [] : [{ kind, of: rest.length === 1 ? only : mul(rest) }];
  return [...above.flatMap((factor) => nonzeroFacts(factor, declared)), ...others];
}

/** No less than zero by its shape, so that it is positive where it is not zero. */
const isNonnegative = (e: Expr, declared: Declarations): boolean =>
  plainly(e, declared, true) || (e.kind === 'pow' && isEven(e.exponent));

const isEven = (e: Expr): boolean => e.kind === 'num' && isInteger(e.value) && e.value.n % 2n === 0n;

function nonzeroFacts(e: Expr, declared: Declarations): readonly Fact[] {
  if (plainly(e, declared, false)) return [];
  if (e.kind === 'mul') return e.factors.flatMap((factor) => nonzeroFacts(factor, declared));
  if (e.kind === 'pow' && e.exponent.kind === 'num' && e.exponent.value.n !== ZERO.n) {
    return nonzeroFacts(e.base, declared);
  }
  const [u] = e.kind === 'call' && (e.fn === 'abs' || e.fn === 'sqrt') ? e.args : [];
  return u === undefined ? [{ kind: 'nonzero', of: e }] : nonzeroFacts(u, declared);
}

/** What one side needs beyond what is declared and what the other side needs, in plain terms, nothing twice. */
export function needsBeyond(
  own: readonly Fact[],
  other: readonly Fact[],
  declared: Declarations,
  budget: number,
): readonly Fact[] {
  if (own.length === 0) return own;
  const ring = newRing(declared, budget);
  const convert = canoniser(ring);
  const granted = [...declared.facts, ...other];
  for (const fact of [...granted, ...granted.flatMap((one) => plainFacts(one, declared))]) {
    grantFact(ring, convert, fact);
  }
  const kept: Fact[] = [];
  for (const fact of own.flatMap((one) => (holds(ring, convert, one) ? [] : plainFacts(one, declared)))) {
    if (holds(ring, convert, fact) || attempt(() => follows(ring, convert, fact)) === true) continue;
    kept.push(fact);
    grantFact(ring, convert, fact);
  }
  return kept;
}

/** Whether a fact follows once divisors are cancelled, or factor by factor. */
function follows(ring: Ring, convert: Canoniser, { kind, of }: Fact): boolean {
  const element = reduced(ring, convert.of(of));
  if (kind === 'nonzero') return hasNoZeroFactor(ring, element);
  const sign = signOf(ring, element);
  if (sign === 'positive') return true;
  const weakly = sign === 'nonnegative';
  return kind === 'positive' ? weakly && hasNoZeroFactor(ring, element) : weakly || sign === 'zero';
}

function hasNoZeroFactor(ring: Ring, element: Poly): boolean {
  const { numerator } = overCommon(ring, element);
  return numerator.size > 0 && factors(ring, numerator).every((factor) => isNonzero(ring, factor));
}
