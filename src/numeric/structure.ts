/** What can be said of an expression before evaluating it: its sign, and whether its log is the natural form. */

import { same } from '../expr/binder.ts';
import type { Expr } from '../expr/expr.ts';
import { add, minus, mul, num, pow, sigmoid } from '../expr/expr.ts';
import type { Rational } from '../expr/rational.ts';
import { isInteger, isOne, isZero, ONE, plus, power, times, ZERO } from '../expr/rational.ts';
import { exactFraction } from './exactness.ts';

/** What the predicates need to know of names. */
export interface Known {
  readonly parameters: ReadonlyMap<string, number>;
  readonly distributions: ReadonlySet<string>;
}

/** Powers beyond this are not worked out: their digits would be many. */
const LARGEST_EXPONENT = 64n;

/**
 * The exact value of an expression in numbers and hyper-parameters, undefined for anything else. Exact,
 * because whether an exponent is whole must not be a matter of rounding.
 */
export function constantOf(e: Expr, known: Known): Rational | undefined {
  switch (e.kind) {
    case 'num':
      return e.value;
    case 'sym':
      return exactFraction(known.parameters.get(e.name) ?? Number.NaN);
    case 'add':
      return fold(e.terms, known, ZERO, plus);
    case 'mul':
      return fold(e.factors, known, ONE, times);
    case 'pow': {
      const [base, exponent] = [constantOf(e.base, known), constantOf(e.exponent, known)];
      if (base === undefined || exponent === undefined || !isInteger(exponent)) return undefined;
      const size = exponent.n < 0n ? -exponent.n : exponent.n;
      if (size > LARGEST_EXPONENT || (isZero(base) && exponent.n < 0n)) return undefined;
      return power(base, Number(exponent.n));
    }
    default:
      return undefined;
  }
}

function fold(
  parts: readonly Expr[],
  known: Known,
  start: Rational,
  join: (a: Rational, b: Rational) => Rational,
): Rational | undefined {
  let total = start;
  for (const part of parts) {
    const value = constantOf(part, known);
    if (value === undefined) return undefined;
    total = join(total, value);
  }
  return total;
}

/** The whole number an exponent is, if it is one small enough for repeated products. */
export function wholeExponent(e: Expr, known: Known): number | undefined {
  const value = constantOf(e, known);
  if (value === undefined || !isInteger(value)) return undefined;
  return value.n <= LARGEST_EXPONENT && value.n >= -LARGEST_EXPONENT ? Number(value.n) : undefined;
}

/** The factors of a product, looking into nested products and their integer powers. */
export function factors(e: Expr): readonly Expr[] {
  if (e.kind === 'mul') return e.factors.flatMap(factors);
  if (e.kind !== 'pow' || e.exponent.kind !== 'num' || !isInteger(e.exponent.value)) return [e];
  if (isOne(e.exponent.value)) return factors(e.base);
  const inner = factors(e.base);
  return inner.length === 1 ? [e] : inner.map((factor) => pow(factor, e.exponent));
}

/** The terms of a sum, looking into nested sums. */
export const terms = (e: Expr): readonly Expr[] => (e.kind === 'add' ? e.terms.flatMap(terms) : [e]);

/** u where e is `1 - sigmoid(u)`, which is sigmoid(-u) without the cancellation. */
export function reflected(e: Expr): Expr | undefined {
  const [a, b, ...more] = terms(e);
  if (a === undefined || b === undefined || more.length > 0) return undefined;
  for (const [one, rest] of [
    [a, b],
    [b, a],
  ] as const) {
    const negated = negatedOf(rest);
    if (one.kind === 'num' && isOne(one.value) && negated?.kind === 'call' && negated.fn === 'sigmoid') {
      return negated.args[0];
    }
  }
  return undefined;
}

/** sigmoid(u)*sigmoid(-u) as it is computed backwards through a sigmoid, from its value s alone: s*(1 - s). */
export function asBackpropagated(e: Expr): Expr {
  if (e.kind !== 'mul') return e;
  for (const [i, factor] of e.factors.entries()) {
    const u = negatedOf(sigmoidArgument(factor) ?? factor);
    const isPair = (other: Expr): boolean => {
      const argument = sigmoidArgument(other);
      return u !== undefined && argument !== undefined && same(argument, u);
    };
    if (u !== undefined && sigmoidArgument(factor) !== undefined && e.factors.some(isPair)) {
      return mul(e.factors.with(i, add([num(1), minus(sigmoid(u))])));
    }
  }
  return e;
}

const sigmoidArgument = (e: Expr): Expr | undefined =>
  e.kind === 'call' && e.fn === 'sigmoid' ? e.args[0] : undefined;

/** x where e is `-x`. */
export function negatedOf(e: Expr): Expr | undefined {
  if (e.kind !== 'mul' || e.factors.length !== 2) return undefined;
  const [a, b] = e.factors;
  if (a === undefined || b === undefined) return undefined;
  const isMinusOne = (x: Expr): boolean => x.kind === 'num' && x.value.n === -1n && x.value.d === 1n;
  return isMinusOne(a) ? b : isMinusOne(b) ? a : undefined;
}

/** Whether e >= 0 wherever it is defined, told from its shape and the values of hyper-parameters. */
export function nonnegative(e: Expr, known: Known): boolean {
  switch (e.kind) {
    case 'num':
    case 'sym':
      return (constantOf(e, known)?.n ?? -1n) >= 0n;
    case 'var':
      return true; // A token index.
    case 'apply':
      return e.name === 'len' || known.distributions.has(e.name);
    case 'add':
      return reflected(e) !== undefined || e.terms.every((part) => nonnegative(part, known));
    case 'mul': {
      const odd = e.factors.filter((part) => !nonnegative(part, known));
      return odd.length % 2 === 0 && odd.every((part) => (constantOf(part, known)?.n ?? 0n) < 0n);
    }
    case 'pow': {
      const k = wholeExponent(e.exponent, known);
      return (k !== undefined && k % 2 === 0) || nonnegative(e.base, known);
    }
    case 'call':
      return nonnegativeCall(e.fn, e.args, known);
    case 'sum':
    case 'freeze':
      return nonnegative(e.body, known);
    case 'grad':
      return false;
  }
}

function nonnegativeCall(fn: string, args: readonly Expr[], known: Known): boolean {
  switch (fn) {
    case 'max':
      return args.some((part) => nonnegative(part, known));
    case 'min':
      return args.every((part) => nonnegative(part, known));
    case 'exp':
    case 'sqrt':
    case 'sigmoid':
    case 'softplus':
    case 'abs':
    case 'relu':
    case 'le':
    case 'lt':
    case 'eq':
      return true;
    default:
      return false;
  }
}

/**
 * Whether e may be far outside the range of doubles while its log is not: probabilities, exponentials,
 * and what is made of them.
 */
export function logNatural(e: Expr, known: Known): boolean {
  switch (e.kind) {
    case 'apply':
      return known.distributions.has(e.name);
    case 'call':
      if (e.fn === 'max' || e.fn === 'min' || e.fn === 'sqrt') {
        return e.args.some((part) => logNatural(part, known));
      }
      return e.fn === 'exp' || e.fn === 'sigmoid';
    case 'add':
      return e.terms.some((part) => logNatural(part, known));
    case 'mul':
      return e.factors.some((part) => logNatural(part, known));
    case 'pow':
      return logNatural(e.base, known);
    case 'sum':
    case 'freeze':
      return logNatural(e.body, known);
    default:
      return false;
  }
}

/** A term of a sum as a sign and something nonnegative, where its sign can be told. */
export function signed(e: Expr, known: Known): { readonly sign: 1 | -1; readonly size: Expr } | undefined {
  if (nonnegative(e, known)) return { sign: 1, size: e };
  const negated = negatedOf(e) ?? minus(e);
  return nonnegative(negated, known) ? { sign: -1, size: negated } : undefined;
}
