/** The gradient of a loss on a batch in the coordinates it is asked for, each number with its place and exact value. */

import type { Decimal } from 'decimal.js';
import type { Expr } from '../expr/expr.ts';
import type { Batch, BatchShape, Role } from './batch.ts';
import { ROLES, shapeOf } from './batch.ts';
import type { Bounded, Parameters } from './compile.ts';
import type { CompileFault } from './demand.ts';
import { exactValue } from './exact.ts';
import { derivativeByToken, gradientByTokens } from './gradient.ts';
import { exactByLogits, gradientByLogits } from './logits.ts';
import type { Gradients } from './recorded.ts';
import type { Tally, Where } from './tally.ts';

/** The policy's token log-probabilities, or its logits. */
export type Coordinates = Gradients['in'];

/** One role of a gradient. */
export interface Slopes {
  readonly role: Role;
  readonly ours: Bounded;
  readonly place: (i: number) => Where;
  readonly exact: (i: number) => Decimal;
}

export function slopesOf(
  loss: Expr,
  batch: Batch,
  parameters: Parameters,
  coordinates: Coordinates,
  at: Where,
): readonly Slopes[] | CompileFault {
  const shape = shapeOf(batch);
  const width = coordinates === 'logits' ? batch.vocabulary : 1;
  const found: Slopes[] = [];
  for (const role of ROLES) {
    const ours = boundedSlopes(loss, role, batch, shape, parameters, coordinates);
    if ('kind' in ours) return ours;
    const tokenAt = tokenPlace(batch, role, at);
    const place = (i: number): Where =>
      coordinates === 'logits' ? { ...tokenAt(Math.floor(i / width)), entry: i % width } : tokenAt(i);
    const exact = exactSlopes(loss, batch, parameters, coordinates, role, place);
    found.push({ role, ours, place, exact });
  }
  return found;
}

/** The gradient at an index in decimal arithmetic; rows of logits are worked out once. */
function exactSlopes(
  loss: Expr,
  batch: Batch,
  parameters: Parameters,
  coordinates: Coordinates,
  role: Role,
  place: (i: number) => Where,
): (i: number) => Decimal {
  if (coordinates === 'log-probs') {
    const { token: free, derivative } = derivativeByToken(loss, role);
    return (i) => {
      const { pair = 0, token = 0 } = place(i);
      return exactValue(derivative, { batch, pair, parameters, free: [[free, token]] });
    };
  }
  const pairs = new Map<number, (token: number) => readonly Decimal[]>();
  const rows = new Map<number, readonly Decimal[]>();
  return (i) => {
    const { pair = 0, token = 0, entry = 0 } = place(i);
    const ofToken = pairs.get(pair) ?? exactByLogits(loss, { batch, pair, parameters }, role);
    pairs.set(pair, ofToken);
    const position = (batch[role].offsets[pair] ?? 0) + token;
    const row = rows.get(position) ?? ofToken(token);
    rows.set(position, row);
    const slope = row[entry];
    if (slope === undefined) throw new RangeError(`no vocabulary entry ${entry}`);
    return slope;
  };
}

function boundedSlopes(
  loss: Expr,
  role: Role,
  batch: Batch,
  shape: BatchShape,
  parameters: Parameters,
  coordinates: Coordinates,
): Bounded | CompileFault {
  if (coordinates === 'logits') {
    const kernel = gradientByLogits(loss, role, shape, parameters);
    return kernel.kind === 'logit-kernel' ? kernel.runBounded(batch) : kernel;
  }
  const kernel = gradientByTokens(loss, role, shape, parameters);
  return kernel.kind === 'token-kernel' ? kernel.runTokensBounded(batch) : kernel;
}

/** Numbers of another's; without bounds of their own they may be off by what any evaluation may. */
export interface Recorded {
  readonly values: ArrayLike<number>;
  readonly bounds?: ArrayLike<number>;
}

/** Compares the symbolic gradient with another one. */
export function compareSlopes(
  all: readonly Slopes[],
  theirs: Readonly<Record<Role, Recorded>>,
  into: Tally,
): void {
  for (const { role, ours, place, exact } of all) {
    const { values, bounds = ours.other } = theirs[role];
    into.compare(ours, values, bounds, place, exact);
  }
}

/** From a flat token position of a role to the pair and the token in the response. */
export function tokenPlace(batch: Batch, role: Role, at: Where): (i: number) => Where {
  const { offsets } = batch[role];
  return (i) => {
    const pair = Math.max(0, offsets.findIndex((start) => start > i) - 1);
    return { ...at, pair, role, token: i - (offsets[pair] ?? 0) };
  };
}
