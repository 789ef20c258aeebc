/** Numbers gathered as they go by, in memory that does not grow: count, mean, extremes, and where the largest stood. */

/** A number and the row it is of. */
export interface At {
  readonly row: number;
  readonly value: number;
}

export interface Summary {
  /** Of those that are finite. */
  readonly count: number;
  readonly mean: number;
  readonly least: At | undefined;
  readonly most: At | undefined;
  /** The largest finite ones, the largest first. */
  readonly largest: readonly At[];
  /** How many are not finite, and the first of them. */
  readonly nonFinite: number;
  readonly firstNonFinite: readonly At[];
}

export interface Gatherer {
  readonly add: (values: Float64Array, firstRow: number) => void;
  readonly summary: () => Summary;
}

/** How many rows are named. */
const NAMED = 5;

/** Starts with nothing gathered. */
export function gatherer(): Gatherer {
  let count = 0;
  let sum = 0;
  let lost = 0;
  let least: At | undefined;
  let most: At | undefined;
  let largest: readonly At[] = [];
  let nonFinite = 0;
  const firstNonFinite: At[] = [];

  /** Neumaier's compensated sum: the mean of a million numbers is as good as that of ten. */
  const addToSum = (x: number): void => {
    const next = sum + x;
    lost += Math.abs(sum) >= Math.abs(x) ? sum - next + x : x - next + sum;
    sum = next;
  };

  const addOne = (value: number, row: number): void => {
    if (!Number.isFinite(value)) {
      nonFinite += 1;
      if (firstNonFinite.length < NAMED) firstNonFinite.push({ row, value });
      return;
    }
    count += 1;
    addToSum(value);
    if (least === undefined || value < least.value) least = { row, value };
    if (most === undefined || value > most.value) most = { row, value };
    const last = largest.at(-1);
    if (largest.length < NAMED || last === undefined || value > last.value) {
      const before = largest.filter((one) => one.value >= value);
      const after = largest.filter((one) => one.value < value);
      largest = [...before, { row, value }, ...after].slice(0, NAMED);
    }
  };

  return {
    add(values, firstRow) {
      for (const [i, value] of values.entries()) addOne(value, firstRow + i);
    },
    summary: () => ({
      count,
      mean: count === 0 ? Number.NaN : (sum + lost) / count,
      least,
      most,
      largest,
      nonFinite,
      firstNonFinite,
    }),
  };
}
