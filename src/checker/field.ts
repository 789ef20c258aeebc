/**
 * Equality of rational functions over opaque atoms, by evaluation at random points of the field of
 * integers modulo p = 2^61 - 1. Two different functions of degree at most d agree at one random point
 * with probability at most d/p (Schwartz 1980, Zippel 1979), at three with (d/p)^3. The points follow
 * from the two expressions, so nobody can choose expressions to fit known points.
 */

import type { Expr } from '../expr/expr.ts';
import { isInteger } from '../expr/rational.ts';
import { identity } from './substitute.ts';

const P = 2n ** 61n - 1n;
const POINTS = 3;
const HIGHEST_POWER = 64n;

const mod = (a: bigint): bigint => ((a % P) + P) % P;

function raise(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = mod(base);
  for (let k = exponent; k > 0n; k >>= 1n) {
    if (k & 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}
/** 1/a for a not 0 modulo p (Fermat). */
const inverse = (a: bigint): bigint => raise(a, P - 2n);

/** A 64-bit mix of a text and a salt (splitmix64's finaliser over each character). */
function hash(text: string, salt: bigint): bigint {
  const mask = 2n ** 64n - 1n;
  let state = (salt + 0x9e3779b97f4a7c15n) & mask;
  for (let i = 0; i < text.length; i++) {
    state = (state ^ BigInt(text.charCodeAt(i))) & mask;
    state = ((state ^ (state >> 30n)) * 0xbf58476d1ce4e5b9n) & mask;
    state = ((state ^ (state >> 27n)) * 0x94d049bb133111ebn) & mask;
    state ^= state >> 31n;
  }
  return state;
}

/** Undefined where a divisor is zero at this point. */
function evaluate(e: Expr, salt: bigint): bigint | undefined {
  switch (e.kind) {
    case 'num':
      return (mod(e.value.n) * inverse(mod(e.value.d))) % P;
    case 'add':
    case 'mul': {
      let result = e.kind === 'add' ? 0n : 1n;
      for (const part of e.kind === 'add' ? e.terms : e.factors) {
        const value = evaluate(part, salt);
        if (value === undefined) return undefined;
        result = e.kind === 'add' ? (result + value) % P : (result * value) % P;
      }
      return result;
    }
    case 'pow': {
      const power = wholePower(e.exponent);
      if (power === undefined) break;
      const base = evaluate(e.base, salt);
      if (base === undefined || (power < 0n && base === 0n)) return undefined;
      return power < 0n ? raise(inverse(base), -power) : raise(base, power);
    }
  }
  return mod(hash(identity(e), salt));
}

function wholePower(e: Expr): bigint | undefined {
  if (e.kind !== 'num' || !isInteger(e.value)) return undefined;
  return e.value.n >= -HIGHEST_POWER && e.value.n <= HIGHEST_POWER ? e.value.n : undefined;
}

/** The divisors of a rational function, outside its opaque atoms: each must be known not to vanish. */
export function divisors(e: Expr): readonly Expr[] {
  if (e.kind === 'add') return e.terms.flatMap(divisors);
  if (e.kind === 'mul') return e.factors.flatMap(divisors);
  const power = e.kind === 'pow' ? wholePower(e.exponent) : undefined;
  if (e.kind !== 'pow' || power === undefined) return [];
  return power < 0n ? [e.base, ...divisors(e.base)] : divisors(e.base);
}

/** Whether two rational functions over opaque atoms are equal (up to the probability stated above). */
export function equalByAlgebra(a: Expr, b: Expr): boolean {
  const base = hash(`${identity(a)}=${identity(b)}`, 0n);
  for (let i = 0, tries = 0; i < POINTS; tries++) {
    const salt = hash(`${tries}`, base);
    const [left, right] = [evaluate(a, salt), evaluate(b, salt)];
    if (left === undefined || right === undefined) {
      // A divisor that vanishes at many random points is zero.
      if (tries > 2 * POINTS) return false;
      continue;
    }
    if (left !== right) return false;
    i++;
  }
  return true;
}
