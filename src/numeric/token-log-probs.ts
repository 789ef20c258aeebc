/** Log-probabilities of tokens out of logits over the vocabulary. */

/** What logits say of the tokens. */
export interface TokenLogProbs {
  readonly values: Float64Array;
  /** By how much others may find them different who round to bfloat16 on their way. */
  readonly slack: Float64Array;
}

/** The rounding unit of bfloat16, the coarsest numbers that models are trained and evaluated in. */
const COARSEST = 2 ** -8;

/**
 * z(label) - log(sum of exp z) for each token. A relative error u in each logit moves this by at most u times
 * |z(label)| + sum of p|z|, and rounding the result by u times its size.
 */
export function tokenLogProbs(logits: Float64Array, labels: Int32Array): TokenLogProbs {
  const width = logits.length / labels.length;
  const values = new Float64Array(labels.length);
  const slack = new Float64Array(labels.length);
  for (const [k, label] of labels.entries()) {
    const row = logits.subarray(k * width, (k + 1) * width);
    const top = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    let [total, size] = [0, 0];
    for (const z of row) {
      const share = Math.exp(z - top);
      total += share;
      // An entry that is ruled out weighs nothing, whatever its size.
      if (share > 0) size += share * Math.abs(z);
    }
    const own = row[label] ?? Number.NaN;
    const value = Math.min(0, own - top - Math.log(total));
    values[k] = value;
    slack[k] = COARSEST * (1 + Math.abs(own) + size / total + Math.abs(value));
  }
  return { values, slack };
}
