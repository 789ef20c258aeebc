/** What a check found: comparisons gathered, the worst of them, and the disagreements re-examined. */

import type { Decimal } from 'decimal.js';
import type { CompareOptions, Place, Worst } from './compare.ts';
import { compareArrays, NO_DIFFERENCE, worse } from './compare.ts';
import type { Bounded } from './compile.ts';
import { isWithin } from './exact.ts';
import type { PairInput } from './pair-input.ts';

/** Where a number stands among the cases of a check. */
export interface Where extends Place {
  /** The number of the case in the file, or of the draw of hyper-parameters, from 0. */
  readonly case: number;
  readonly batch?: string;
  /** The numbers themselves, where they stand in no file. */
  readonly input?: PairInput;
}

/** A difference beyond the bounds, re-examined in decimal arithmetic. */
export interface Disagreement {
  readonly at: Where;
  readonly ours: number;
  readonly theirs: number;
  /** What rounding on both sides can explain. */
  readonly tolerance: number;
  /** Our formula in decimal arithmetic. */
  readonly exact: number;
  /** Whether `ours` is within its bound of `exact`. If not, our arithmetic is at fault, else the formulas differ. */
  readonly oursIsRight: boolean;
}

export interface Measure {
  readonly values: number;
  readonly worst: Worst<Where>;
  readonly passed: boolean;
}

export interface Check extends Measure {
  readonly kind: 'check';
  readonly name: string;
  readonly cases: number;
  /** null where no gradients were compared. */
  readonly gradients: Measure | null;
  /** The first few disagreements; empty where the check passed. */
  readonly disagreements: readonly Disagreement[];
}

/** Decimal arithmetic is slow: this many disagreements are re-examined. */
const MOST_DISAGREEMENTS = 3;

const NOTHING: Tallied = { values: 0, worst: NO_DIFFERENCE, passed: true, disagreements: [] };

/** What a tally has gathered: plain data, so that parts of a check found elsewhere can be merged. */
export interface Tallied extends Measure {
  readonly disagreements: readonly Disagreement[];
}

export interface TallyOptions extends CompareOptions {
  /** How many disagreements are re-examined; further ones only fail. */
  readonly most?: number;
}

/** Comparisons of one check, gathered. */
export interface Tally {
  /** `other` bounds the error of `theirs`; `recompute` gives the exact value of our formula at an index. */
  readonly compare: (
    ours: Pick<Bounded, 'values' | 'own'>,
    theirs: ArrayLike<number>,
    other: ArrayLike<number>,
    place: (i: number) => Where,
    recompute: (i: number) => Decimal,
  ) => void;
  readonly tallied: () => Tallied;
}

/** Starts with nothing compared. With `nanAgrees`, points at which both sides are undefined are passed over. */
export function tally({ most = MOST_DISAGREEMENTS, ...options }: TallyOptions = {}): Tally {
  let sofar = NOTHING;
  return {
    tallied: () => sofar,
    compare(ours, theirs, other, place, recompute) {
      const tolerance = (i: number): number => (ours.own[i] ?? Number.NaN) + (other[i] ?? Number.NaN);
      const found = compareArrays(ours.values, theirs, tolerance, place, options);
      const disagreements = found.exceeded.slice(0, most - sofar.disagreements.length).map((i) => {
        const exact = recompute(i);
        const value = ours.values[i] ?? Number.NaN;
        return {
          at: place(i),
          ours: value,
          theirs: theirs[i] ?? Number.NaN,
          tolerance: tolerance(i),
          exact: exact.toNumber(),
          oursIsRight: isWithin(value, exact, ours.own[i] ?? Number.NaN),
        };
      });
      const { count: values, worst, passed } = found;
      sofar = merge(sofar, { values, worst, passed, disagreements });
    },
  };
}

/** What both have gathered, `a` before `b`: the earlier place where they tie, and the first disagreements. */
const merge = (a: Tallied, b: Tallied): Tallied => ({
  values: a.values + b.values,
  worst: worse(a.worst, b.worst),
  passed: a.passed && b.passed,
  disagreements: [...a.disagreements, ...b.disagreements].slice(0, MOST_DISAGREEMENTS),
});

/** The tallies of a check or of a part of one, of values and of gradients. */
export interface Found {
  readonly values: Tallied;
  readonly gradients: Tallied;
}

export const NOTHING_FOUND: Found = { values: NOTHING, gradients: NOTHING };

/** Parts of a check merged, `a` before `b`; how they are grouped makes no difference. */
export const mergeFound = (a: Found, b: Found): Found => ({
  values: merge(a.values, b.values),
  gradients: merge(a.gradients, b.gradients),
});

/** How many disagreements a part is asked for. */
export type Wanted = Readonly<Record<keyof Found, number>>;

/** Those that are still wanted after what was found: more would be dropped. */
export const wantedAfter = ({ values, gradients }: Found): Wanted => ({
  values: MOST_DISAGREEMENTS - values.disagreements.length,
  gradients: MOST_DISAGREEMENTS - gradients.disagreements.length,
});

/** The check that two tallies make, of values and of gradients. */
export function checkOf(name: string, cases: number, { values, gradients }: Found): Check {
  return {
    kind: 'check',
    name,
    cases,
    ...measureOf(values),
    passed: values.passed && gradients.passed,
    gradients: gradients.values === 0 ? null : measureOf(gradients),
    disagreements: [...values.disagreements, ...gradients.disagreements],
  };
}

/** The same, passed only where some value was compared: losses on which nothing can be said have not been. */
export function comparedCheck(name: string, cases: number, found: Found): Check {
  const check = checkOf(name, cases, found);
  return { ...check, passed: check.passed && check.values > 0 };
}

const measureOf = ({ values, worst, passed }: Tallied): Measure => ({ values, worst, passed });
