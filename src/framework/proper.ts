/**
 * Whether a prior is normalisable where responses may be of any length. On finitely many responses every positive
 * prior is; on unboundedly many it is decided by comparison with the distributions that it is made of.
 */

import { occursFree } from '../expr/binder.ts';
import type { Declarations, Domain, Fact } from '../expr/declare.ts';
import { datumOf } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { log, minus, num, subtract } from '../expr/expr.ts';
import { children } from '../expr/walk.ts';
import { signOfExpr } from '../forms/canonise.ts';
import { collect, hasData, product, total } from '../forms/collect.ts';
import type { Sign } from '../forms/sign.ts';
import { distributions, powersOf } from './prior.ts';
import { RESPONSE } from './score.ts';

/** `always`: its sum converges; `finite-only`: its sum diverges as soon as responses are infinitely many. */
export interface Proper {
  readonly answer: 'always' | 'finite-only' | 'unknown';
  /** Where unknown: hyper-parameters for which all of this holds make the prior proper; empty where none are known. */
  readonly when: readonly Fact[];
}

const UNKNOWN: Proper = { answer: 'unknown', when: [] };

/**
 * Proved from `zeta = p_1^a_1 ... p_n^a_n exp(g)`, where the p_i are distributions, so that 0 < p_i <= 1:
 * - zeta <= p_i makes it proper, in whatever form it stands;
 * - a_i >= 0, a_1 + ... + a_n >= 1 and g bounded above make it proper: with a sum s of exponents, zeta is at most a
 *   constant times the product of the p_i^(a_i/s), whose sum is at most 1 (Hölder's inequality);
 * - a_i <= 0 and g bounded below keep it above a positive constant, so that its sum diverges.
 */
export function properness(logZeta: Expr, declared: Declarations): Proper {
  if (isDominated(logZeta, declared)) return { answer: 'always', when: [] };
  const { powers, rest } = powersOf(logZeta, declared);
  const slopes = powers.map(({ slope }) => slope);
  if (slopes.some((slope) => occursFree(slope, RESPONSE))) return UNKNOWN;
  const grows = unbounded(rest, declared);
  if (grows === undefined) return UNKNOWN;
  const excess = total([...slopes, num(-1)]);
  const above = standings([...slopes, excess, ...grows.map(minus)], declared);
  if (above.every(({ holds }) => holds === 'yes')) return { answer: 'always', when: [] };
  const below = standings([...slopes.map(minus), ...grows], declared);
  if (below.every(({ holds }) => holds === 'yes')) return { answer: 'finite-only', when: [] };
  const open = above.filter(({ holds }) => holds !== 'yes');
  const isPossible = open.every(({ holds, of }) => holds === 'open' && !hasData(of));
  return isPossible
    ? { answer: 'unknown', when: open.map(({ of }) => ({ kind: 'nonnegative', of })) }
    : UNKNOWN;
}

const isDominated = (logZeta: Expr, declared: Declarations): boolean =>
  distributions(declared).some((of) =>
    ['zero', 'nonpositive', 'negative'].includes(signOfExpr(subtract(logZeta, log(of)), declared)),
  );

/** What holds of the priors of both labels. */
export function bothProper(chosen: Proper, rejected: Proper): Proper {
  if (chosen.answer === rejected.answer && chosen.answer !== 'unknown') return chosen;
  const isOpen = ({ answer, when }: Proper): boolean => answer === 'always' || when.length > 0;
  return isOpen(chosen) && isOpen(rejected)
    ? { answer: 'unknown', when: [...chosen.when, ...rejected.when] }
    : UNKNOWN;
}

interface Standing {
  readonly of: Expr;
  /** Whether it is at least zero. */
  readonly holds: 'yes' | 'no' | 'open';
}

const standings = (list: readonly Expr[], declared: Declarations): readonly Standing[] =>
  list.map((e) => {
    const of = collect(e, declared) ?? e;
    const sign = signOfExpr(of, declared);
    return { of, holds: isNonnegative(sign) ? 'yes' : sign === 'negative' ? 'no' : 'open' };
  });

const isNonnegative = (sign: Sign): boolean =>
  sign === 'positive' || sign === 'nonnegative' || sign === 'zero';
const isMinusOne = (e: Expr): boolean => e.kind === 'num' && e.value.n === -1n && e.value.d === 1n;

/**
 * The terms of g that may grow with the response, each as the coefficient that decides its sign where what it
 * multiplies is never negative. Undefined where the sum cannot be read.
 */
function unbounded(g: Expr, declared: Declarations): readonly Expr[] | undefined {
  const collected = collect(g, declared);
  if (collected === undefined) return undefined;
  const terms = collected.kind === 'add' ? collected.terms : [collected];
  return terms.filter((term) => !isBounded(term, declared)).map((term) => signCarrier(term, declared));
}

function signCarrier(term: Expr, declared: Declarations): Expr {
  const factors = term.kind === 'mul' ? term.factors : [term];
  const data = factors.filter(hasData);
  const coefficients = factors.filter((factor) => !hasData(factor));
  return isNonnegative(signOfExpr(product(data), declared)) ? product([num(1), ...coefficients]) : term;
}

const BOUNDED: readonly Domain[] = ['unit', 'open-unit', 'boolean'];

/** Whether its absolute value has a bound that no response exceeds. */
function isBounded(e: Expr, declared: Declarations): boolean {
  if (!occursFree(e, RESPONSE)) return true;
  switch (e.kind) {
    case 'apply': {
      const datum = datumOf(declared, e.name);
      return datum !== undefined && (datum.distribution || BOUNDED.includes(datum.is));
    }
    case 'add':
    case 'mul':
      return children(e).every((part) => isBounded(part, declared));
    case 'call':
      return e.fn === 'tanh' || e.fn === 'sigmoid';
    case 'pow':
      // 1/(1 + exp(u)), as the sigmoid and tanh are also written.
      return isMinusOne(e.exponent) && isNonnegative(signOfExpr(subtract(e.base, num(1)), declared));
    default:
      return false;
  }
}
