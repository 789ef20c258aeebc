/** The data of the kernel bench: the same numbers, bit for bit, here and in bench/peers/kernels_peer.py. */

/** Multiples of these have fractional parts spread evenly, each column in an order of its own. */
const STEPS = [0.7548776662466927, 0.5698402909980532, 0.8191725133961645, 0.6710436067037893] as const;

/** What the DPO loss reads, in this order. */
export const NAMES = ['pi(w)', 'ref(w)', 'pi(l)', 'ref(l)'] as const;

/** Where 64-bit numbers can be shared between threads. */
export const shared = (length: number): Float64Array => new Float64Array(new SharedArrayBuffer(8 * length));

/** -50 times the fractional part of i * step, for the column of the given number. */
export function column(number: number, length: number): Float64Array {
  const step = STEPS[number] ?? 0;
  const values = shared(length);
  for (let i = 0; i < length; i++) {
    const x = i * step;
    values[i] = -50 * (x - Math.floor(x));
  }
  return values;
}

export const columns = (length: number): ReadonlyMap<string, Float64Array> =>
  new Map(NAMES.map((name, i) => [name, column(i, length)] as const));
