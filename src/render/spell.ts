/**
 * One spelling for what is written in one way: nested sums and products flattened, signs in front, division as
 * reciprocals, log1p(x) as log(1 + x) and its like. The value never changes; numbers are never added or multiplied.
 */

import type { Expr } from '../expr/expr.ts';
import { add, call, exp, log, mul, num, pow, reciprocal, sigmoid } from '../expr/expr.ts';
import type { FnName } from '../expr/function.ts';
import type { Rational } from '../expr/rational.ts';
import { compareRationals, invert, isOne, negate, rational, times, ZERO } from '../expr/rational.ts';
import { mapChildren } from '../expr/walk.ts';
import { remembered } from './remembered.ts';
import { tenfold } from './value.ts';

const ONE = num(1);
const MINUS_ONE = num(-1);
const HALF = rational(1, 2);

const isNum = (e: Expr, value: bigint): boolean =>
  e.kind === 'num' && e.value.d === 1n && e.value.n === value;

/** Whether a spelled expression carries a minus sign. */
export const isNegative = (e: Expr): boolean =>
  e.kind === 'mul' && e.factors[0] !== undefined && isNum(e.factors[0], -1n);

/** Whether a spelled expression is 1/b. */
export const isReciprocal = (e: Expr): boolean => e.kind === 'pow' && isNum(e.exponent, -1n);

/** Whether a spelled expression is a square root. */
export const isRoot = (e: Expr): boolean =>
  e.kind === 'pow' && e.exponent.kind === 'num' && e.exponent.value.n === 1n && e.exponent.value.d === 2n;

/** A non-negative number as digits where a reader expects digits: 3, 0.05, but neither 1/2 nor 1/3. */
export function digitsOf(value: Rational): string | undefined {
  if (value.d === 1n) return value.n.toString();
  if (value.d <= 4n) return undefined;
  for (let places = 1; places <= 10; places++) {
    const scale = 10n ** BigInt(places);
    if (scale % value.d !== 0n) continue;
    const digits = (value.n * (scale / value.d)).toString().padStart(places + 1, '0');
    return `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  }
  return undefined;
}

/** The same value in the one spelling that the rest of the arrangement understands. */
export const spell: (e: Expr) => Expr = remembered((e) => {
  switch (e.kind) {
    case 'num':
      return spellNumber(e.value);
    case 'add':
      return spellSum(e.terms.map(spell));
    case 'mul':
      return spellProduct(e.factors.map(spell));
    case 'pow':
      return spellPower(spell(e.base), e.exponent);
    case 'call':
      return spellCall(e.fn, e.args.map(spell));
    default:
      return mapChildren(e, spell);
  }
});

function spellNumber(value: Rational): Expr {
  if (compareRationals(value, ZERO) < 0) return spellProduct([MINUS_ONE, spellNumber(negate(value))]);
  if (value.d === 1n) return spellWhole(value.n);
  if (digitsOf(value) !== undefined) return num(value);
  return spellProduct([spellWhole(value.n), spellReciprocal(spellWhole(value.d))]);
}

/** From this many zeros on, 10^400 is easier to read than the zeros. */
const MOST_ZEROS = 12;

function spellWhole(n: bigint): Expr {
  const { m, k } = tenfold(n);
  return k < MOST_ZEROS ? num(n) : spellProduct([num(m), pow(num(10), num(k))]);
}

function spellSum(terms: readonly Expr[]): Expr {
  const flat = terms.flatMap((term) => (term.kind === 'add' ? term.terms : [term]));
  const [only] = flat;
  if (only === undefined) return num(0);
  return flat.length === 1 ? only : add(flat);
}

/** The product of spelled factors: flat, without ones, with at most one -1, which comes first. */
export function spellProduct(factors: readonly Expr[]): Expr {
  const flat = factors.flatMap((factor) => (factor.kind === 'mul' ? factor.factors : [factor]));
  const negative = flat.filter((factor) => isNum(factor, -1n)).length % 2 === 1;
  const rest = flat.filter((factor) => !isNum(factor, -1n) && !isNum(factor, 1n));
  const body = rest.length === 0 ? [ONE] : rest;
  if (negative) return mul([MINUS_ONE, ...body]);
  return body.length === 1 && body[0] !== undefined ? body[0] : mul(body);
}

/** 1/b for a spelled b; the reciprocal of a plain product is taken factor by factor. */
function spellReciprocal(b: Expr): Expr {
  if (isNum(b, 1n)) return b;
  if (b.kind !== 'mul') return reciprocal(b);
  if (isNegative(b)) return spellProduct([MINUS_ONE, spellReciprocal(spellProduct(b.factors.slice(1)))]);
  if (b.factors.some(isReciprocal)) return reciprocal(b);
  return spellProduct(b.factors.map((factor) => reciprocal(factor)));
}

function spellPower(base: Expr, exponent: Expr): Expr {
  const k = constant(exponent);
  if (k === undefined) return pow(base, spell(exponent));
  if (compareRationals(k, ZERO) >= 0) return pow(base, num(k));
  const positive = negate(k);
  return spellReciprocal(isOne(positive) ? base : pow(base, num(positive)));
}

/** The number that an exponent such as -1/2 spells, undefined for anything else. */
function constant(e: Expr): Rational | undefined {
  if (e.kind === 'num') return e.value;
  if (e.kind === 'pow' && isNum(e.exponent, -1n)) {
    const below = constant(e.base);
    return below === undefined || below.n === 0n ? undefined : invert(below);
  }
  if (e.kind !== 'mul') return undefined;
  return e.factors.reduce<Rational | undefined>((product, factor) => {
    const next = constant(factor);
    return product === undefined || next === undefined ? undefined : times(product, next);
  }, rational(1));
}

function spellCall(fn: FnName, args: readonly Expr[]): Expr {
  const [x] = args;
  if (x === undefined) return call(fn, args);
  switch (fn) {
    case 'sqrt':
      return pow(x, num(HALF));
    case 'log1p':
      return log(spellSum([ONE, x]));
    case 'expm1':
      return spellSum([exp(x), spellNumber(rational(-1))]);
    case 'logsigmoid':
      return log(sigmoid(x));
    case 'relu':
      return call('max', [num(0), x]);
    default:
      return call(fn, args);
  }
}
