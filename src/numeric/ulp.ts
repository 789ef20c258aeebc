/** Distance between doubles in units in the last place, counted on the line of all doubles. */

const FLOAT = new Float64Array(1);
const BITS = new BigInt64Array(FLOAT.buffer);

/** The place of a double on the line of all doubles: monotone, 0 for both zeros, 1 for 2^-1074. */
export function ordinal(x: number): bigint {
  FLOAT[0] = x;
  const bits = BITS[0] ?? 0n;
  // Negative doubles are stored as sign and magnitude; fold them below zero.
  return bits >= 0n ? bits : -(bits & 0x7fff_ffff_ffff_ffffn);
}

/**
 * How many steps between neighbouring doubles lie between a and b. 0 for equal values (so for 0 and -0),
 * Infinity where exactly one is not finite or they are opposite infinities, NaN where either is NaN.
 */
export function ulpDistance(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN;
  if (a === b) return 0;
  if (!Number.isFinite(a) || !Number.isFinite(b)) return Number.POSITIVE_INFINITY;
  const steps = ordinal(a) - ordinal(b);
  return Number(steps < 0n ? -steps : steps);
}

/** The spacing of doubles from |x| outwards; 2^-1074 at 0, Infinity at infinities, NaN at NaN. */
export function ulpOf(x: number): number {
  const size = Math.abs(x);
  if (!Number.isFinite(size)) return size;
  if (size === Number.MAX_VALUE) return 2 ** 971;
  FLOAT[0] = size;
  BITS[0] = (BITS[0] ?? 0n) + 1n;
  return (FLOAT[0] ?? size) - size;
}
