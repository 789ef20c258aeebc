/** Seeded random numbers, the same bits on every platform: only integer and exact float operations. */

/** A stream of random numbers. */
export interface Random {
  /** Uniform over the 2^53 multiples of 2^-53 in [0, 1). */
  readonly unit: () => number;
  /** Uniform over the integers low..high, both included. */
  readonly integer: (low: number, high: number) => number;
  readonly between: (low: number, high: number) => number;
}

/** xoshiro128** (Blackman and Vigna 2018), its state filled by splitmix32 from an integer seed. */
export function random(seed: number): Random {
  // Both halves of the seed count: seeds are safe integers.
  let mix = (seed >>> 0) ^ Math.imul(Math.floor(seed / 2 ** 32) >>> 0, 0x9e3779b9);
  const fill = (): number => {
    mix = (mix + 0x9e3779b9) | 0;
    let z = mix;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return z ^ (z >>> 16);
  };
  let [a, b, c, d] = [fill(), fill(), fill(), fill() | 1];
  const rotate = (x: number, k: number): number => (x << k) | (x >>> (32 - k));
  const next = (): number => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotate(d, 11);
    return result;
  };
  const unit = (): number => ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) * 2 ** -53;
  return {
    unit,
    integer: (low, high) => low + Math.floor(unit() * (high - low + 1)),
    between: (low, high) => low + unit() * (high - low),
  };
}

/**
 * The natural logarithm by a fixed sequence of float operations: within a few ulp, but the same bits
 * everywhere, which Math.log does not promise. For x > 0, finite.
 */
export function portableLog(x: number): number {
  let exponent = 0;
  let m = x;
  for (; m > Math.SQRT2; m /= 2) exponent += 1;
  for (; m < Math.SQRT1_2; m *= 2) exponent -= 1;
  // log m = 2 artanh(s); |s| < 0.172, so 12 terms reach 2^-60.
  const s = (m - 1) / (m + 1);
  let series = 0;
  for (let k = 23; k >= 1; k -= 2) series = series * s * s + 1 / k;
  return exponent * Math.LN2 + 2 * s * series;
}
