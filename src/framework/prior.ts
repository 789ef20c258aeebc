/** From a score to the prior: zeta = pi * exp(-s/weight), with the weight chosen so that zeta is simplest. */

import { isPositive } from '../engine/sign.ts';
import { occursFree, same } from '../expr/binder.ts';
import type { Declarations } from '../expr/declare.ts';
import type { Apply, Expr } from '../expr/expr.ts';
import { add, apply, divide, exp, log, minus, num, pow } from '../expr/expr.ts';
import { compareRationals, isOne, negate, ONE, ZERO } from '../expr/rational.ts';
import { factorsOf, linearInLog, signOfExpr, termsOf } from '../forms/canonise.ts';
import { collect, hasData, product, total } from '../forms/collect.ts';
import { provesEqual } from '../forms/decide.ts';
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

/** The weight of the prior of a score: the one that fixes it where that is positive, else a natural one. */
export function weightOf(score: Expr, declared: Declarations): Expr {
  const fixed = fixedWeight(score, declared);
  const isUsable = fixed !== undefined && signOfExpr(fixed, declared) === 'positive';
  return isUsable ? fixed : naturalWeight(score, declared);
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
  return { weight: visiblyPositive(weight, declared), logZeta, zeta: density(raw, declared) };
}

/** A positive weight spelled as a product of what is positive by declaration, where it is not seen to be positive as it is. */
function visiblyPositive(weight: Expr, declared: Declarations): Expr {
  if (isPositive(weight, declared)) return weight;
  const granted = declared.facts.flatMap(({ kind, of }) => (kind === 'positive' ? [of] : []));
  const spelled = product(
    (factorsOf(weight, declared) ?? []).map(
      (factor) => granted.find((of) => provesEqual(of, factor, declared)) ?? factor,
    ),
  );
  return isPositive(spelled, declared) && provesEqual(spelled, weight, declared) ? spelled : weight;
}

/** A sum read as a_1 log p_1(y) + ... + a_n log p_n(y) + rest, for the distributions p_i over responses. */
export interface Powers {
  readonly powers: readonly { readonly of: Apply; readonly slope: Expr }[];
  readonly rest: Expr;
}

/** The distributions in log zeta, those of which it is no linear function left in the rest. */
export function powersOf(logZeta: Expr, declared: Declarations): Powers {
  const powers: Powers['powers'][number][] = [];
  let rest = logZeta;
  for (const of of distributions(declared)) {
    const parts = linearInLog(rest, of, declared);
    if (parts === undefined || isNumber(parts.slope, ZERO.n)) continue;
    powers.push({ of, slope: parts.slope });
    rest = parts.offset;
  }
  return { powers, rest };
}

/** The probability of the generic response under each distribution over responses, the policy first. */
export const distributions = ({ data }: Declarations): readonly Apply[] =>
  ['pi', ...Object.keys(data).filter((name) => name !== 'pi')].flatMap((name) => {
    const datum = Object.hasOwn(data, name) ? data[name] : undefined;
    const isOver = datum?.shapes.some((shape) => shape.length === 1 && shape[0] === 'response') ?? false;
    return datum?.distribution === true && isOver ? [apply(name, [RESPONSE])] : [];
  });

/** exp(logZeta) as a paper writes it: powers of distributions times one exponential. */
export function density(logZeta: Expr, declared: Declarations): Expr {
  const { powers, rest } = powersOf(logZeta, declared);
  const factors: Expr[] = powers.map(({ of, slope }) =>
    isNumber(slope, 1n) ? of : pow(of, constantFirst(slope, declared)),
  );
  const terms = termsOf(rest, declared) ?? [rest];
  const powersOfOthers = terms.map(powerIn);
  factors.push(...powersOfOthers.filter((power) => power !== undefined));
  const others = total(terms.filter((_, i) => powersOfOthers[i] === undefined));
  const left = collect(others, declared) ?? others;
  if (!isNumber(left, 0n)) factors.push(exp(left));
  return factors.length === 0 ? num(1) : product(factors);
}

/** Of k log a, for a number k: a^k. */
function powerIn(term: Expr): Expr | undefined {
  const [k, of, further] = term.kind === 'mul' ? term.factors : [num(1), term];
  const [base] = of?.kind === 'call' && of.fn === 'log' ? of.args : [];
  if (k?.kind !== 'num' || base === undefined || further !== undefined) return undefined;
  return isNumber(k, 1n) ? base : pow(base, k);
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
