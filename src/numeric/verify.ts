/** Does a loss reproduce what a reference implementation gave, values and gradients, within error bounds? */

import type { Decimal } from 'decimal.js';
import { substitute } from '../expr/binder.ts';
import type { Expr } from '../expr/expr.ts';
import { sym } from '../expr/expr.ts';
import type { AttachFault, DataMap } from './attach.ts';
import { attach } from './attach.ts';
import type { Batch, Role } from './batch.ts';
import { ROLES, shapeOf } from './batch.ts';
import type { CompareOptions, Place, Worst } from './compare.ts';
import { compareArrays, NO_DIFFERENCE, worse } from './compare.ts';
import type { Bounded, Parameters } from './compile.ts';
import { compile } from './compile.ts';
import type { CompileFault } from './demand.ts';
import { exactValue, isWithin } from './exact.ts';
import { derivativeByToken, gradientByTokens } from './gradient.ts';
import type { Hyperparameter, VectorCase, Vectors } from './vectors.ts';

/** Where a number stands among the cases of a check. */
export interface Where extends Place {
  /** The number of the case in the file, or of the draw of hyper-parameters, from 0. */
  readonly case: number;
  readonly batch?: string;
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

export type VerifyFault =
  | CompileFault
  | AttachFault
  | { readonly kind: 'no-cases' }
  /** The vectors give one number for the batch, or two per pair, where a loss per pair is compared. */
  | { readonly kind: 'no-pair-losses'; readonly case: number };

export interface VectorsQuestion {
  readonly name: string;
  readonly loss: Expr;
  readonly vectors: Vectors;
  /** Ours -> an expression in the hyper-parameters of the vectors. Names not listed are the same there. */
  readonly parameters?: ReadonlyMap<string, Expr>;
  readonly data?: DataMap;
  /** Which cases: those whose hyper-parameters have these values; null stands for one that a case lacks. */
  readonly where?: ReadonlyMap<string, Hyperparameter | null>;
}

/** Decimal arithmetic is slow: this many disagreements are re-examined. */
const MOST_DISAGREEMENTS = 3;

/** Comparisons of one check, gathered. */
export interface Tally {
  /** `other` bounds the error of `theirs`; `recompute` gives the exact value of our formula at a place. */
  readonly compare: (
    ours: Bounded,
    theirs: ArrayLike<number>,
    other: ArrayLike<number>,
    place: (i: number) => Where,
    recompute: (at: Where) => Decimal,
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
        const at = place(i);
        const exact = recompute(at);
        const value = ours.values[i] ?? Number.NaN;
        disagreements.push({
          at,
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

/**
 * Evaluates `loss` on every case of the vectors that `where` admits. The tolerance of each number is what our
 * own arithmetic may be off by plus what any float64 evaluation of the formula may be off by.
 */
export function verifyVectors(question: VectorsQuestion): Check | VerifyFault {
  const { loss, vectors, name, parameters = new Map(), data = new Map(), where = new Map() } = question;
  const theirs = substitute(
    loss,
    [...parameters].map(([ours, by]) => [sym(ours), by] as const),
  );
  const values = tally();
  const gradients = tally();
  let cases = 0;
  for (const [i, one] of vectors.cases.entries()) {
    if (![...where].every(([key, value]) => (one.hyperparameters.get(key) ?? null) === value)) continue;
    const source = vectors.batches.get(one.batch);
    const batch = source === undefined ? undefined : attach(source, data, theirs);
    if (batch === undefined) continue;
    if (batch.kind !== 'batch') return batch;
    const fault = compareCase(theirs, batch, one, i, values, gradients);
    if (fault !== undefined) return fault;
    cases += 1;
  }
  if (cases === 0) return { kind: 'no-cases' };
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

/** Numbers and booleans (0 and 1) can stand in a formula; other settings cannot. */
function numeric(hyperparameters: VectorCase['hyperparameters']): Parameters {
  const numbers = new Map<string, number>();
  for (const [name, value] of hyperparameters) {
    if (typeof value === 'number' || typeof value === 'boolean') numbers.set(name, Number(value));
  }
  return numbers;
}

function compareCase(
  loss: Expr,
  batch: Batch,
  one: VectorCase,
  index: number,
  values: Tally,
  gradients: Tally,
): VerifyFault | undefined {
  const shape = shapeOf(batch);
  const parameters = numeric(one.hyperparameters);
  const kernel = compile(loss, shape, parameters);
  if (kernel.kind !== 'kernel') return kernel;
  if (one.losses?.length !== batch.pairs) return { kind: 'no-pair-losses', case: index };
  const ours = kernel.runBounded(batch);
  const at = { case: index, batch: one.batch };
  values.compare(
    ours,
    one.losses,
    ours.other,
    (pair) => ({ ...at, pair }),
    ({ pair }) => exactValue(loss, { batch, pair, parameters }),
  );
  if (one.gradients?.in !== 'log-probs') return undefined;
  const { chosen, rejected } = one.gradients.values;
  const recorded = { chosen: { values: chosen }, rejected: { values: rejected } };
  return compareGradients(loss, batch, parameters, recorded, at, gradients);
}

/** Numbers of another's, per token; without bounds of their own they may be off by what any evaluation may. */
export interface Recorded {
  readonly values: ArrayLike<number>;
  readonly bounds?: ArrayLike<number>;
}

/** Compares the symbolic gradient with another one. */
export function compareGradients(
  loss: Expr,
  batch: Batch,
  parameters: Parameters,
  theirs: Readonly<Record<Role, Recorded>>,
  at: Omit<Where, keyof Place>,
  into: Tally,
): CompileFault | undefined {
  const kernel = gradientByTokens(loss, shapeOf(batch), parameters);
  if (kernel.kind !== 'gradient-kernel') return kernel;
  const ours = kernel.runBounded(batch);
  for (const role of ROLES) {
    const place = tokenPlace(batch, role, at);
    const { token, derivative } = derivativeByToken(loss, role);
    const { values, bounds = ours[role].other } = theirs[role];
    into.compare(ours[role], values, bounds, place, (where) =>
      exactValue(derivative, {
        batch,
        pair: where.pair,
        parameters,
        free: [[token, where.token ?? 0]],
      }),
    );
  }
  return undefined;
}

/** From a flat token position of a role to the pair and the token in the response. */
export function tokenPlace(batch: Batch, role: Role, at: Omit<Where, keyof Place>): (i: number) => Where {
  const { offsets } = batch[role];
  return (i) => {
    const pair = Math.max(0, offsets.findIndex((start) => start > i) - 1);
    return { ...at, pair, role, token: i - (offsets[pair] ?? 0) };
  };
}
