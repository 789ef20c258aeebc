/** Two formulas for one loss on random batches, and a symbolic gradient against finite differences. */

import { Decimal } from 'decimal.js';
import type { Expr } from '../expr/expr.ts';
import type { Batch } from './batch.ts';
import { shapeOf } from './batch.ts';
import type { Parameters } from './compile.ts';
import { compile } from './compile.ts';
import type { SampledFault, SampledQuestion } from './draws.ts';
import { coordinatesOf, draws as drawsOf, inputOf } from './draws.ts';
import { exactValue } from './exact.ts';
import { finiteDifference } from './gradient.ts';
import { pairInput } from './pair-input.ts';
import { random } from './random.ts';
import { slopesOf } from './slopes.ts';
import type { Check } from './tally.ts';
import { checkOf, tally } from './tally.ts';

/**
 * Whether `derived` is `published` in value on random batches, at hyper-parameters drawn from their domains,
 * within the error bounds of both. Evidence, not proof. `gradients` compares their symbolic gradients and
 * does not enter `passed`: formulas equal in value may differ in gradient, by stop-gradients.
 */
export function verifyClosedForm(
  published: Expr,
  derived: Expr,
  question: SampledQuestion,
): Check | SampledFault {
  const values = tally({ nanAgrees: true });
  const gradients = tally({ nanAgrees: true });
  const draws = forEachDraw([published, derived], question, (batch, parameters, index) => {
    const shape = shapeOf(batch);
    const [ours, theirs] = [compile(derived, shape, parameters), compile(published, shape, parameters)];
    if (ours.kind !== 'kernel') return ours;
    if (theirs.kind !== 'kernel') return theirs;
    const other = theirs.runBounded(batch);
    values.compare(
      ours.runBounded(batch),
      other.values,
      other.own,
      (pair) => ({ case: index, pair, input: pairInput(batch, pair, parameters) }),
      (pair) => exactValue(derived, { batch, pair, parameters }),
    );
    const coordinates = coordinatesOf(batch);
    const at = { case: index };
    const withInput = inputOf(batch, parameters);
    const [own, recorded] = [derived, published].map((e) => slopesOf(e, batch, parameters, coordinates, at));
    if (own === undefined || recorded === undefined) return undefined;
    if ('kind' in own) return own;
    if ('kind' in recorded) return recorded;
    for (const [i, { ours: mine, place, exact }] of own.entries()) {
      const theirs = recorded[i]?.ours ?? mine;
      gradients.compare(mine, theirs.values, theirs.own, (k) => withInput(place(k)), exact);
    }
    return undefined;
  });
  if (typeof draws !== 'number') return draws;
  return {
    ...checkOf(question.name, draws, values, gradients),
    // Formulas that are undefined everywhere have not been compared.
    passed: values.measure().passed && values.measure().values > 0,
  };
}

/**
 * Whether the symbolic gradient of `loss` is its derivative, by central differences in decimal arithmetic
 * at one random coordinate of each response; at a kink any slope between those of the two sides agrees. Pairs at which the loss is
 * undefined or beyond the range of doubles are passed over, and those where it is beyond decimals.
 */
export function verifyGradient(loss: Expr, question: SampledQuestion): Check | SampledFault {
  const found = tally();
  const draw = random(question.seed);
  const draws = forEachDraw([loss], question, (batch, parameters, index) => {
    const slopes = slopesOf(loss, batch, parameters, coordinatesOf(batch), { case: index });
    if ('kind' in slopes) return slopes;
    const kernel = compile(loss, shapeOf(batch), parameters);
    if (kernel.kind !== 'kernel') return kernel;
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
        { values: pick(ours.values), own: pick(ours.own), other: pick(ours.other) },
        differences.map(({ value }) => value),
        differences.map(({ error }) => error),
        (k) => withInput(place(differences[k]?.i ?? 0)),
        (k) => new Decimal(differences[k]?.value ?? Number.NaN),
      );
    }
    return undefined;
  });
  if (typeof draws !== 'number') return draws;
  return {
    kind: 'check',
    name: question.name,
    cases: draws,
    ...found.measure(),
    passed: found.measure().passed && found.measure().values > 0,
    gradients: found.measure(),
    disagreements: found.disagreements,
  };
}

/** Visits every draw until there is a fault; gives the number of draws. */
function forEachDraw(
  formulas: readonly Expr[],
  question: SampledQuestion,
  visit: (batch: Batch, parameters: Parameters, index: number) => SampledFault | undefined,
): number | SampledFault {
  let count = 0;
  for (const draw of drawsOf(formulas, question)) {
    const fault = draw.kind === 'draw' ? visit(draw.batch, draw.parameters, draw.index) : draw;
    if (fault !== undefined) return fault;
    count += 1;
  }
  return count;
}
