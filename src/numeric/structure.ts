/** What can be said of an expression before evaluating it: its sign, and whether its log is the natural form. */

import type { Expr } from '../expr/expr.ts';
import { minus, pow } from '../expr/expr.ts';
import { isInteger, isOne, toNumber } from '../expr/rational.ts';

/** What the predicates need to know of names. */
export interface Known {
  readonly parameters: ReadonlyMap<string, number>;
  readonly distributions: ReadonlySet<string>;
}

/** The value of a number or hyper-parameter, undefined for anything else. */
export function constantOf(e: Expr, { parameters }: Known): number | undefined {
  if (e.kind === 'num') return toNumber(e.value);
  return e.kind === 'sym' ? parameters.get(e.name) : undefined;
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
      return (constantOf(e, known) ?? Number.NaN) >= 0;
    case 'var':
      return true; // A token index.
    case 'apply':
      return e.name === 'len' || known.distributions.has(e.name);
    case 'add':
      return reflected(e) !== undefined || e.terms.every((part) => nonnegative(part, known));
    case 'mul': {
      const odd = e.factors.filter((part) => !nonnegative(part, known));
      return odd.length % 2 === 0 && odd.every((part) => (constantOf(part, known) ?? 0) < 0);
    }
    case 'pow':
      return nonnegative(e.base, known);
    case 'call':
      return nonnegativeCall(e.fn, e.args, known);
    case 'sum':
    case 'freeze':
      return nonnegative(e.body, known);
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
