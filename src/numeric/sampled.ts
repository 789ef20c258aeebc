/** Two formulas for one loss on a random batch, and a symbolic gradient against finite differences. */

import { Decimal } from 'decimal.js';
import type { Expr } from '../expr/expr.ts';
import { shapeOf } from './batch.ts';
import { compile } from './compile.ts';
import type { Draw, SampledFault } from './draws.ts';
import { coordinatesOf, inputOf } from './draws.ts';
import { exactValue } from './exact.ts';
import { finiteDifference } from './gradient.ts';
import { random } from './random.ts';
import { slopesOf } from './slopes.ts';
import type { Check, Found, Wanted } from './tally.ts';
import { checkOf, NOTHING_FOUND, tally } from './tally.ts';

/**
 * Whether `derived` is `published` in value on a random batch, at hyper-parameters drawn from their domains,
 * within the error bounds of both; and whether their symbolic gradients agree.
 */
export function compareClosedForm(
  { published, derived }: { readonly published: Expr; readonly derived: Expr },
  { batch, parameters, index }: Draw,
  wanted: Wanted,
): Found | SampledFault {
  const values = tally({ nanAgrees: true, most: wanted.values });
  const gradients = tally({ nanAgrees: true, most: wanted.gradients });
  const shape = shapeOf(batch);
  const [ours, theirs] = [compile(derived, shape, parameters), compile(published, shape, parameters)];
  if (ours.kind !== 'kernel') return ours;
  if (theirs.kind !== 'kernel') return theirs;
  const at = { case: index };
  const withInput = inputOf(batch, parameters);
  const other = theirs.runBounded(batch);
  values.compare(
    ours.runBounded(batch),
    other.values,
    other.own,
    (pair) => withInput({ ...at, pair }),
    (pair) => exactValue(derived, { batch, pair, parameters }),
  );
  const coordinates = coordinatesOf(batch);
  const own = slopesOf(derived, batch, parameters, coordinates, at);
  if ('kind' in own) return own;
  const recorded = slopesOf(published, batch, parameters, coordinates, at);
  if ('kind' in recorded) return recorded;
  for (const [i, { ours: mine, place, exact }] of own.entries()) {
    const theirs = recorded[i]?.ours ?? mine;
    gradients.compare(mine, theirs.values, theirs.own, (k) => withInput(place(k)), exact);
  }
  return { values: values.tallied(), gradients: gradients.tallied() };
}

/** `passed` is about values alone: formulas equal in value may differ in gradient, by stop-gradients. */
export const closedFormCheck = (name: string, cases: number, found: Found): Check => ({
  ...checkOf(name, cases, found),
  // Formulas that are undefined everywhere have not been compared.
  passed: found.values.passed && found.values.values > 0,
});

/**
 * Whether the symbolic gradient of `loss` is its derivative, by central differences in decimal arithmetic
 * at one random coordinate of each response; at a kink any slope between those of the two sides agrees. Pairs at which the loss is
 * undefined or beyond the range of doubles are passed over, and those where it is beyond decimals.
 */
export function compareGradient(
  { loss }: { readonly loss: Expr },
  { batch, parameters, index, seed }: Draw,
  wanted: Wanted,
): Found | SampledFault {
  const found = tally({ most: wanted.gradients });
  const slopes = slopesOf(loss, batch, parameters, coordinatesOf(batch), { case: index });
  if ('kind' in slopes) return slopes;
  const kernel = compile(loss, shapeOf(batch), parameters);
  if (kernel.kind !== 'kernel') return kernel;
  // A stream apart from the one that the batch is made of, whose seed is below 2^32.
  const draw = random(2 ** 32 + seed);
  const withInput = inputOf(batch, parameters);
  const usable = [...kernel.run(batch).entries()].filter(([, x]) => Number.isFinite(x));
  const width = Math.max(1, batch.vocabulary);
  for (const { role, ours, place } of slopes) {
    const { offsets } = batch[role];
    const differences = usable.flatMap(([pair]) => {
      const [start = 0, end = 0] = [offsets[pair], offsets[pair + 1]];
      const i = draw.integer(start * width, end * width - 1);
      const { token = 0, entry } = place(i);
      const coordinate = { role, token, ...(entry !== undefined && { entry }) };
      const { value, error, between } = finiteDifference(loss, { batch, pair, parameters }, coordinate);
      const [least, most] = between;
      // Exponents of exponents go beyond decimals too.
      if (Number.isNaN(value)) return [];
      // At a kink any slope between those of the two sides is right.
      const own = ours.values[i] ?? Number.NaN;
      const nearest = least < most ? Math.min(Math.max(own, least), most) : value;
      return [{ i, value: nearest, error }];
    });
    const pick = (all: Float64Array): Float64Array =>
      Float64Array.from(differences, ({ i }) => all[i] ?? Number.NaN);
    found.compare(
      { values: pick(ours.values), own: pick(ours.own) },
      differences.map(({ value }) => value),
      differences.map(({ error }) => error),
      (k) => withInput(place(differences[k]?.i ?? 0)),
      (k) => new Decimal(differences[k]?.value ?? Number.NaN),
    );
  }
  return { ...NOTHING_FOUND, gradients: found.tallied() };
}

/** Gradients alone were measured: the check has their numbers on both sides. */
export function gradientCheck(name: string, cases: number, { gradients }: Found): Check {
  const { disagreements, ...measure } = gradients;
  return {
    kind: 'check',
    name,
    cases,
    ...measure,
    passed: measure.passed && measure.values > 0,
    gradients: measure,
    disagreements,
  };
}
