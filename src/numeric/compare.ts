/** Comparing two arrays of doubles under a tolerance of its own for each element. */

import { ulpDistance } from './ulp.ts';

/** Where an element stands: a pair, and for gradients a role, a token and an entry of the vocabulary (0-based). */
export interface Place {
  /** Absent where the element is about the batch as a whole. */
  readonly pair?: number;
  readonly role?: 'chosen' | 'rejected';
  readonly token?: number;
  readonly entry?: number;
}

/** The largest differences found, each wherever it was; `at` is where the tolerance was used up most. */
export interface Worst<At> {
  readonly abs: number;
  readonly rel: number;
  readonly ulp: number;
  /** The largest share of a tolerance that a difference took; above 1 is a failure. */
  readonly used: number;
  readonly at: At | undefined;
}

export interface Comparison<At> {
  /** How many elements were compared; agreeing NaN are not counted. */
  readonly count: number;
  readonly worst: Worst<At>;
  /** The elements whose difference is beyond tolerance, in order. */
  readonly exceeded: readonly number[];
  readonly passed: boolean;
}

export interface CompareOptions {
  /** Whether NaN agrees with NaN. Not by default: a recorded NaN is a record, not a target. */
  readonly nanAgrees?: boolean;
}

/**
 * Compares element by element. Equal values agree, so do equal infinities; otherwise both must be finite
 * and differ by at most a finite tolerance. Arrays of different lengths do not pass; the common part is measured.
 */
export function compareArrays<At>(
  ours: ArrayLike<number>,
  theirs: ArrayLike<number>,
  tolerance: (i: number) => number,
  place: (i: number) => At,
  options: CompareOptions = {},
): Comparison<At> {
  const common = Math.min(ours.length, theirs.length);
  let count = 0;
  const exceeded: number[] = [];
  let [abs, rel, ulp, used] = [0, 0, 0, -1];
  let at: At | undefined;
  for (let i = 0; i < common; i++) {
    const a = ours[i] ?? Number.NaN;
    const b = theirs[i] ?? Number.NaN;
    if (options.nanAgrees === true && Number.isNaN(a) && Number.isNaN(b)) continue;
    count += 1;
    const difference = a === b ? 0 : notNumberIsInfinite(Math.abs(a - b));
    const allowed = tolerance(i);
    const share = difference === 0 ? 0 : notNumberIsInfinite(difference / allowed);
    abs = Math.max(abs, difference);
    rel = Math.max(rel, difference === 0 ? 0 : notNumberIsInfinite(difference / Math.abs(b)));
    ulp = Math.max(ulp, notNumberIsInfinite(ulpDistance(a, b)));
    if (share > used) [used, at] = [share, place(i)];
    const within = difference === 0 || (Number.isFinite(allowed) && difference <= allowed);
    if (!within) exceeded.push(i);
  }
  const passed = exceeded.length === 0 && ours.length === theirs.length;
  return { count, worst: { abs, rel, ulp, used: Math.max(0, used), at }, exceeded, passed };
}

const notNumberIsInfinite = (x: number): number => (Number.isNaN(x) ? Number.POSITIVE_INFINITY : x);

/** The worst of two, the earlier where they tie. */
export function worse<At>(a: Worst<At>, b: Worst<At>): Worst<At> {
  return {
    abs: Math.max(a.abs, b.abs),
    rel: Math.max(a.rel, b.rel),
    ulp: Math.max(a.ulp, b.ulp),
    used: Math.max(a.used, b.used),
    at: a.at === undefined || b.used > a.used ? b.at : a.at,
  };
}

export const NO_DIFFERENCE: Worst<never> = { abs: 0, rel: 0, ulp: 0, used: 0, at: undefined };
