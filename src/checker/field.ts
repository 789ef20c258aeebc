/**
 * Equality of rational functions over opaque atoms, by evaluation at a random point modulo a prime. The
 * prime is a Mersenne prime above every coefficient that the difference, written over one denominator, can
 * have: a difference that is not zero is not zero modulo the prime either. Its degree d is bounded too, so
 * it vanishes at a random point with probability at most d/2^256 < 2^-240 (Schwartz 1980, Zippel 1979).
 * The point follows from the two expressions by SHA-256: nobody can choose expressions to fit a known point.
 */

import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';
import type { Expr } from '../expr/expr.ts';
import type { Rational } from '../expr/rational.ts';
import { isInteger } from '../expr/rational.ts';
import { identity } from './substitute.ts';

/** Exponents k of Mersenne primes 2^k - 1. Expressions too large for the last one are not judged equal. */
const MERSENNE = [521, 1279, 2203, 4423, 9689, 19937];

/** A quotient of polynomials, or what stands for it. */
type Quotient<T> = readonly [top: T, bottom: T];

/** A meaning of the operations of a field. */
interface Meaning<T> {
  readonly num: (value: Rational) => Quotient<T>;
  readonly add: (parts: readonly Quotient<T>[]) => Quotient<T>;
  readonly mul: (parts: readonly Quotient<T>[]) => Quotient<T>;
  /** The power by a natural number. */
  readonly pow: (base: Quotient<T>, exponent: bigint) => Quotient<T>;
  readonly atom: (e: Expr) => Quotient<T>;
}

function interpret<T>(e: Expr, meaning: Meaning<T>): Quotient<T> {
  const inner = (part: Expr): Quotient<T> => interpret(part, meaning);
  if (e.kind === 'num') return meaning.num(e.value);
  if (e.kind === 'add') return meaning.add(e.terms.map(inner));
  if (e.kind === 'mul') return meaning.mul(e.factors.map(inner));
  const power = wholePower(e);
  if (e.kind !== 'pow' || power === undefined) return meaning.atom(e);
  const [top, bottom] = inner(e.base);
  return power < 0n ? meaning.pow([bottom, top], -power) : meaning.pow([top, bottom], power);
}

const wholePower = (e: Expr): bigint | undefined =>
  e.kind === 'pow' && e.exponent.kind === 'num' && isInteger(e.exponent.value)
    ? e.exponent.value.n
    : undefined;

/** The divisors of a rational function, outside its opaque atoms: each must be known not to vanish. */
export function divisors(e: Expr): readonly Expr[] {
  if (e.kind === 'add') return e.terms.flatMap(divisors);
  if (e.kind === 'mul') return e.factors.flatMap(divisors);
  const power = wholePower(e);
  if (e.kind !== 'pow' || power === undefined) return [];
  return power < 0n ? [e.base, ...divisors(e.base)] : divisors(e.base);
}

const bits = (n: bigint): number => n.toString(2).length;
const total = (sizes: readonly number[]): number => sizes.reduce((a, b) => a + b, 0);

/** For numerator and denominator: no less than the degree, and than log2 of the sum of absolute coefficients. */
const SIZE: Meaning<number> = {
  num: ({ n, d }) => [bits(n), d === 1n ? 0 : bits(d)],
  add: (parts) => {
    const bottom = total(parts.map(([, b]) => b));
    const excess = parts.reduce((most, [t, b]) => Math.max(most, t - b), 0);
    return [excess + bottom + bits(BigInt(parts.length)), bottom];
  },
  mul: (parts) => [total(parts.map(([t]) => t)), total(parts.map(([, b]) => b))],
  pow: ([top, bottom], k) => [top * Number(k), bottom * Number(k)],
  atom: () => [1, 0],
};

const digest = (text: string): string => bytesToHex(sha256(utf8ToBytes(text)));

/** The value modulo `prime` at the point that follows from `seed`. */
function valueAt(seed: string, prime: bigint): Meaning<bigint> {
  const letters = new Map<string, Quotient<bigint>>();
  const mod = (a: bigint): bigint => ((a % prime) + prime) % prime;
  const raise = (base: bigint, exponent: bigint): bigint => {
    let result = 1n;
    for (let [square, k] = [base, exponent]; k > 0n; k >>= 1n, square = (square * square) % prime) {
      if (k & 1n) result = (result * square) % prime;
    }
    return result;
  };
  return {
    num: ({ n, d }) => [mod(n), mod(d)],
    add: (parts) => parts.reduce(([a, b], [c, d]) => [(a * d + c * b) % prime, (b * d) % prime], [0n, 1n]),
    mul: (parts) => parts.reduce(([a, b], [c, d]) => [(a * c) % prime, (b * d) % prime], [1n, 1n]),
    pow: ([top, bottom], k) => [raise(top, k), raise(bottom, k)],
    atom: (e) => {
      const name = identity(e);
      const letter = letters.get(name) ?? [mod(BigInt(`0x${digest(seed + name)}`)), 1n];
      letters.set(name, letter);
      return letter;
    },
  };
}

/** Whether two rational functions over opaque atoms are equal (up to the probability stated above). */
export function equalByAlgebra(a: Expr, b: Expr): boolean {
  const size = total([...interpret(a, SIZE), ...interpret(b, SIZE)]) + 1;
  const exponent = MERSENNE.find((k) => k > size);
  if (exponent === undefined) return false;
  const prime = 2n ** BigInt(exponent) - 1n;
  const meaning = valueAt(digest(`${identity(a)}=${identity(b)}`), prime);
  const [top, bottom] = interpret(a, meaning);
  const [otherTop, otherBottom] = interpret(b, meaning);
  if (bottom === 0n || otherBottom === 0n) return false;
  return (top * otherBottom - otherTop * bottom) % prime === 0n;
}
