/** Expressions through canonical form and back: terms, linear parts, and the inverse of the log-sigmoid. */

import type { Declarations } from '../expr/declare.ts';
import type { Apply, Expr } from '../expr/expr.ts';

import { MINUS_ONE, ONE } from '../expr/rational.ts';
import { withAbsolutes } from './absolute.ts';
import { exponential, loneTerm, undivided } from './arithmetic.ts';
import type { Mono, Poly, Ring } from './element.ts';
import { accumulate, addPolys, atomOf, constant, monomial, ofAtom, scale, single } from './element.ts';
import { factors } from './factor.ts';
import { withCanonical } from './granted.ts';
import { signOf } from './infer.ts';
import { logOf } from './logarithm.ts';
import { sortedTerms } from './order.ts';
import { reify } from './reify.ts';
import type { Sign } from './sign.ts';

const BUDGET = 4_000_000;

/** The canonical form of an expression; undefined where it is too large or nowhere defined. */
export const canonical = (e: Expr, declared: Declarations, budget = BUDGET): Expr | undefined =>
  withCanonical(e, declared, budget, reify);

/** The terms of the canonical form, none for zero. */
export const termsOf = (e: Expr, declared: Declarations, budget = BUDGET): readonly Expr[] | undefined =>
  withCanonical(e, declared, budget, (ring, poly) =>
    sortedTerms(ring, withAbsolutes(ring, poly)).map(([mono, c]) => reify(ring, single(mono, c))),
  );

/** Factors of an expression, up to a number and to powers; undefined where its canonical form is out of reach. */
export const factorsOf = (e: Expr, declared: Declarations, budget = BUDGET): readonly Expr[] | undefined =>
  withCanonical(e, declared, budget, (ring, poly) => factors(ring, poly).map((part) => reify(ring, part)));

/** What is known of the sign of an expression wherever it is defined. */
export const signOfExpr = (e: Expr, declared: Declarations, budget = BUDGET): Sign =>
  withCanonical(e, declared, budget, signOf) ?? 'unknown';

/**
 * The logit u for which `loss` = -log(sigmoid(u)): u = -log(exp(loss) - 1), which is unique because
 * -log(sigmoid) is injective. Every positive loss has one; it is given only where the odds exp(-u) are
 * visibly positive and fall apart into factors none of which `couples`.
 */
export const logisticLogit = (
  loss: Expr,
  declared: Declarations,
  couples: (factor: Expr) => boolean = () => true,
): Expr | undefined =>
  withCanonical(loss, declared, BUDGET, (ring, poly) => {
    const odds = addPolys(ring, [exponential(ring, poly), constant(ring, MINUS_ONE)]);
    if (odds.size === 0 || signOf(ring, odds) !== 'positive') return undefined;
    const u = scale(logOf(ring, odds), MINUS_ONE);
    if (
      loneTerm(odds) === undefined &&
      [...u.keys()].some((mono) => logsOf(mono).some((of) => couples(reify(ring, of))))
    ) {
      return undefined;
    }
    return reify(ring, u);
  });

/** The arguments of several terms whose logarithms a monomial has as factors. */
const logsOf = (mono: Mono): readonly Poly[] =>
  mono.powers.flatMap(({ atom: { shape } }) => (shape.kind === 'log' && shape.of.size > 1 ? [shape.of] : []));

export interface LinearParts {
  readonly slope: Expr;
  readonly offset: Expr;
}

/** e = slope * log(datum) + offset with a slope free of log(datum); undefined where e is not affine in it. */
export const linearInLog = (e: Expr, datum: Apply, declared: Declarations): LinearParts | undefined =>
  withCanonical(e, declared, BUDGET, (ring, poly) => {
    const of = single(ofAtom(ring, atomOf(ring, { kind: 'name', of: datum })), ONE);
    const letter = loneTerm(logOf(ring, of))?.[0].powers[0]?.atom;
    const slope = new Map();
    const offset = new Map();
    for (const [mono, c] of poly) {
      const power = mono.powers.find(({ atom }) => atom === letter);
      if (power !== undefined && power.times !== 1) return undefined;
      if (power === undefined) accumulate(offset, mono, c);
      else accumulate(slope, without(ring, mono, letter), c);
    }
    return { slope: reify(ring, undivided(ring, slope)), offset: reify(ring, undivided(ring, offset)) };
  });

const without = (ring: Ring, mono: Mono, letter: unknown): Mono =>
  monomial(
    ring,
    mono.powers.filter(({ atom }) => atom !== letter),
    mono.exponent,
  );
