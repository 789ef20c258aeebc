/** From a score to the prior: zeta = pi * exp(-s/weight), with the weight chosen so that zeta is simplest. */

import { occursFree, same } from '../expr/binder.ts';
import type { Declarations } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { add, apply, divide, exp, log, minus, num, pow } from '../expr/expr.ts';
import { compareRationals, isOne, negate, ONE, ZERO } from '../expr/rational.ts';
import { linearInLog, signOfExpr, termsOf } from '../forms/canonise.ts';
import { collect, hasData, product, total } from '../forms/collect.ts';
import { RESPONSE } from './score.ts';
import { usesPolicy } from './tier.ts';

/** The log-probability of the generic response under the policy. */
const POLICY = apply('pi', [RESPONSE]);

export interface Solved {
  readonly weight: Expr;
  readonly logZeta: Expr;
  readonly zeta: Expr;
}

/**
 * The weight for which the prior of this score is free of the policy: the coefficient of log pi, where it
 * depends on no response and the rest of the score on no policy. Undefined where there is none.
 */
export function fixedWeight(score: Expr, declared: Declarations): Expr | undefined {
  const parts = linearInLog(score, POLICY, declared);
  if (parts === undefined || occursFree(parts.slope, RESPONSE) || usesPolicy(parts.slope, declared))
    return undefined;
  const isZero = parts.slope.kind === 'num' && parts.slope.value.n === 0n;
  return isZero || usesPolicy(parts.offset, declared) ? undefined : parts.slope;
}

/**
 * A weight for a prior that depends on the policy anyway: the hyper-parameter factor of the policy's
 * leading term, made positive; 1 where that cannot be.
 */
export function naturalWeight(score: Expr, declared: Declarations): Expr {
  const leading = termsOf(score, declared)?.filter((term) => usesPolicy(term, declared)) ?? [];
  for (const term of leading) {
    const factors = (term.kind === 'mul' ? term.factors : [term]).filter(
      (f) => !hasData(f) && f.kind !== 'num',
    );
    const weight = factors.length === 0 ? num(1) : product(factors);
    if (signOfExpr(weight, declared) === 'positive') return weight;
  }
  return num(1);
}

/** The prior of a score under a weight, up to a factor free of the response: log zeta = log pi - s/weight. */
export function priorOf(score: Expr, weight: Expr, declared: Declarations): Solved {
  const parts = linearInLog(score, POLICY, declared);
  // Where the weight is the coefficient of log pi the two cancel, also where a quotient would not show it.
  const cancels = parts !== undefined && same(parts.slope, weight);
  const raw = cancels
    ? minus(divide(parts.offset, weight))
    : add([log(POLICY), minus(divide(score, weight))]);
  const logZeta = collect(raw, declared) ?? raw;
  return { weight, logZeta, zeta: density(raw, declared) };
}

/** exp(logZeta) as a paper writes it: powers of distributions times one exponential. */
export function density(logZeta: Expr, declared: Declarations): Expr {
  const factors: Expr[] = [];
  let rest = logZeta;
  for (const name of ['pi', ...Object.keys(declared.data).filter((n) => n !== 'pi')]) {
    const datum = declared.data[name];
    const sequence = datum?.shapes.some((shape) => shape.length === 1 && shape[0] === 'response') ?? false;
    if (datum === undefined || !datum.distribution || !sequence) continue;
    const of = apply(name, [RESPONSE]);
    const parts = linearInLog(rest, of, declared);
    if (parts === undefined || isNumber(parts.slope, ZERO.n)) continue;
    factors.push(isNumber(parts.slope, 1n) ? of : pow(of, constantFirst(parts.slope, declared)));
    rest = parts.offset;
  }
  const left = collect(rest, declared) ?? rest;
  const alone = left.kind === 'call' && left.fn === 'log' ? left.args[0] : undefined;
  if (alone !== undefined) factors.push(alone);
  else if (!isNumber(left, 0n)) factors.push(exp(left));
  return factors.length === 0 ? num(1) : product(factors);
}

/** A short sum with its constant first: 1 - 1/len(y). */
export function constantFirst(slope: Expr, declared: Declarations): Expr {
  const terms = termsOf(slope, declared) ?? [slope];
  const constants = terms.filter((t) => t.kind === 'num');
  const others = terms.filter((t) => t.kind !== 'num').map(tidyTerm);
  return total([...constants, ...others]);
}

function tidyTerm(term: Expr): Expr {
  if (term.kind !== 'mul') return term;
  const [first, ...factors] = term.factors;
  if (first?.kind !== 'num') return product(term.factors);
  const size = compareRationals(first.value, ZERO) < 0 ? negate(first.value) : first.value;
  const body = isOne(size) ? product(factors) : product([num(size), ...factors]);
  return compareRationals(first.value, ZERO) < 0 ? minus(body) : body;
}

const isNumber = (e: Expr, n: bigint): boolean => e.kind === 'num' && e.value.n === n && e.value.d === ONE.d;

/** Properness on responses of unbounded length; every positive prior is proper on a finite response space. */
export type Proper = 'always' | 'finite-only' | 'unknown';

/**
 * `always` where zeta is bounded by a distribution's own density, so that its sum converges; `finite-only`
 * where zeta is constant; `unknown` otherwise.
 */
export function properness({ logZeta }: Solved, declared: Declarations): Proper {
  if (!occursFree(logZeta, RESPONSE)) return 'finite-only';
  const dominated = Object.entries(declared.data).some(([name, datum]) => {
    if (!datum.distribution || !datum.shapes.some((s) => s.length === 1 && s[0] === 'response')) return false;
    const sign = signOfExpr(add([logZeta, minus(log(apply(name, [RESPONSE])))]), declared);
    return sign === 'zero' || sign === 'nonpositive' || sign === 'negative';
  });
  return dominated ? 'always' : 'unknown';
}
