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

/** Comparisons of one check, gathered. */
export interface Tally {
  /** `other` bounds the error of `theirs`; `recompute` gives the exact value of our formula at an index. */
  readonly compare: (
    ours: Bounded,
    theirs: ArrayLike<number>,
    other: ArrayLike<number>,
    place: (i: number) => Where,
    recompute: (i: number) => Decimal,
  ) => void;
  readonly measure: () => Measure;
  readonly disagreements: readonly Disagreement[];
}

/** Starts with nothing compared. With `nanAgrees`, points at which both sides are undefined are passed over. */
export function tally(options: CompareOptions = {}): Tally {
  let sofar: Measure = { values: 0, worst: NO_DIFFERENCE, passed: true };
  const disagreements: Disagreement[] = [];
  return {
    disagreements,
    measure: () => sofar,
    compare(ours, theirs, other, place, recompute) {
      const tolerance = (i: number): number => (ours.own[i] ?? Number.NaN) + (other[i] ?? Number.NaN);
      const found = compareArrays(ours.values, theirs, tolerance, place, options);
      sofar = {
        values: sofar.values + found.count,
        worst: worse(sofar.worst, found.worst),
        passed: sofar.passed && found.passed,
      };
      for (const i of found.exceeded.slice(0, MOST_DISAGREEMENTS - disagreements.length)) {
        const exact = recompute(i);
        const value = ours.values[i] ?? Number.NaN;
        disagreements.push({
          at: place(i),
          ours: value,
          theirs: theirs[i] ?? Number.NaN,
          tolerance: tolerance(i),
          exact: exact.toNumber(),
          oursIsRight: isWithin(value, exact, ours.own[i] ?? Number.NaN),
        });
      }
    },
  };
}

/** The check that two tallies make, of values and of gradients. */
export function checkOf(name: string, cases: number, values: Tally, gradients: Tally): Check {
  return {
    kind: 'check',
    name,
    cases,
    ...values.measure(),
    passed: values.measure().passed && gradients.measure().passed,
    gradients: gradients.measure().values === 0 ? null : gradients.measure(),
    disagreements: [...values.disagreements, ...gradients.disagreements],
  };
}
