/**
 * Scalar functions of the losses, accurate to a few ulp over the whole range of doubles.
 * Each avoids overflow and cancellation by choosing the form by the argument.
 */

/** log(1 + exp(x)). About x for large x, exp(x) for very negative x. */
export const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** log(1 / (1 + exp(-x))), at most 0. */
export const logSigmoid = (x: number): number => -softplus(-x);

/** 1 / (1 + exp(-x)), with full relative accuracy in the lower tail. */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const z = Math.exp(x);
  return z / (1 + z);
}

/** log(exp(a) + exp(b)). Accurate in units of the larger argument: the result may lie near 0. */
export function logAddExp(a: number, b: number): number {
  // Equal infinities would make the difference NaN.
  if (a === b) return a + Math.LN2;
  return Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
}

/** log(1 - exp(x)) for x <= 0; NaN above. The switch at -log 2 is Maechler's (2012, "Accurately computing log(1 - exp(-|a|))"). */
export const log1mExp = (x: number): number =>
  x > -Math.LN2 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x));

/** max(0, x); NaN stays NaN. */
export const relu = (x: number): number => Math.max(x, 0);
