/** The last stage against finite differences, for every loss of the catalogue that is derived; and in the form that authors print. */

import { describe, expect, test } from 'vitest';
import { check } from '../../src/checker/check.ts';
import { freeNames, substitute } from '../../src/expr/binder.ts';
import type { Expr } from '../../src/expr/expr.ts';
import { variable } from '../../src/expr/expr.ts';
import { rebuild } from '../../src/expr/walk.ts';
import { reportDerivation } from '../../src/report/derivation.ts';
import { print } from '../../src/syntax/print.ts';
import type { Stage, Trace } from '../../src/trace/trace.ts';
import { formulaClaim } from '../../src/variant/claim.ts';
import { expand } from '../../src/variant/expand.ts';
import { catalogue, loadVariant } from '../../src/variant/files.ts';
import type { Variant } from '../../src/variant/variant.ts';
import type { World } from '../arbitrary/value.ts';
import { Real, valueIn } from '../arbitrary/value.ts';

interface Derived {
  readonly variant: Variant;
  readonly trace: Trace;
}
const derivedBy = (variant: ReturnType<typeof loadVariant | typeof formulaClaim>): readonly Derived[] => {
  if (variant.kind !== 'variant') throw new Error('no variant');
  const report = reportDerivation(variant);
  if (report.kind !== 'derived') return [];
  expect(report.verdict).toMatchObject({ kind: 'accepted' });
  return [{ variant, trace: report.trace }];
};
const DERIVED = catalogue().flatMap((id) => derivedBy(loadVariant(id)));
const stageOf = ({ trace }: Derived, id: string): Stage => {
  const found = trace.stages.find((s) => s.id === id);
  if (found === undefined) throw new Error(`no stage ${id}`);
  return found;
};

/** A number in (0.2, 0.9) that follows from a text. */
function made(text: string): Real {
  let hash = 7;
  for (const letter of text) hash = (hash * 31 + letter.charCodeAt(0)) % 9973;
  return new Real(hash).div(9973).mul('0.7').add('0.2');
}
const RESPONSES: ReadonlyMap<string, number> = new Map([
  ['w', 1],
  ['l', 2],
  ['y', 3],
  ['x', 1],
]);
const STEP = new Real('1e-15');

/** The world after the policy has moved `by` steps in one direction; gradients by central differences. */
function worldAt(by: Real): World {
  const world: World = {
    parameter: (name) => made(name),
    datum: (name, args) => {
      if (name === 'len') return new Real(args[0] ?? 1).add(1);
      const value = made(`${name} ${args.join()}`);
      return name === 'pi' ? Real.mul(value, Real.exp(Real.mul(made(`along ${args.join()}`), by))) : value;
    },
    count: () => 2,
    // What a stop-gradient holds stays where it was.
    ...(by.isZero() ? {} : { frozen: worldAt(new Real(0)) }),
    tangent: (e, places) => {
      const ahead = valueIn(e, worldAt(by.add(STEP)), places);
      return Real.sub(ahead, valueIn(e, worldAt(by.sub(STEP)), places)).div(STEP.mul(2));
    },
  };
  return world;
}
const worthOf = (e: Expr): Real => valueIn(e, worldAt(new Real(0)), RESPONSES);

/** The gradient of log zeta at the response it is about, with zeta written out. */
function ofPrior(start: Expr, zeta: Expr): Expr {
  const [y] = freeNames(start).filter(({ kind }) => kind === 'var');
  return rebuild(start, (node) =>
    node.kind === 'apply' && node.name === 'zeta'
      ? substitute(zeta, [[variable('_y', 'response'), y ?? variable('y', 'response')]])
      : node,
  );
}

/** Central differences are off by the third derivative times the square of the step, some 1e-30. */
const ERROR = new Real('1e-24');

describe('the gradient', () => {
  test('there are losses to differentiate', () => expect(DERIVED.length).toBeGreaterThanOrEqual(20));

  test.each(DERIVED.map((derived) => [derived.variant.id, derived] as const))(
    'of %s is what finite differences give, and so is that of its prior',
    (_, { variant, trace }) => {
      const stages = trace.stages.filter(({ id }) => id.startsWith('S10'));
      expect(stages.length).toBeGreaterThan(0);
      for (const { uses, start, goal } of stages) {
        // Names of the file, and the prior, stand for what they are defined to be.
        const prior = trace.definitions.find(({ id }) => id === uses[0] && id.startsWith('prior'));
        const opened = prior === undefined ? expand(start, variant.definitions) : ofPrior(start, prior.rhs);
        const [left, right] = [worthOf(opened), worthOf(goal)];
        expect(left.isFinite()).toBe(true);
        expect(Real.sub(left, right).abs().lt(ERROR)).toBe(true);
      }
    },
  );
});

describe('in print', () => {
  const printed = (text: string, assume: readonly string[] = ['beta > 0']): readonly string[] => {
    const [derived] = derivedBy(formulaClaim(text, { assume }));
    if (derived === undefined) throw new Error('outside');
    return derived.trace.stages.flatMap(({ id, goal }) => (id.startsWith('S10') ? [print(goal)] : []));
  };
  test.each<[what: string, loss: string, gradients: readonly string[]]>([
    [
      'DPO',
      '-log(sigmoid(beta * (log(pi(w) / ref(w)) - log(pi(l) / ref(l)))))',
      [
        '-beta * sigmoid(-beta * (log(pi(w) / ref(w)) - log(pi(l) / ref(l)))) * (grad(log(pi(w))) - grad(log(pi(l))))',
      ],
    ],
    [
      'SimPO without a margin',
      '-log(sigmoid(beta * (log(pi(w)) / len(w) - log(pi(l)) / len(l))))',
      [
        '-beta * sigmoid(-beta * (log(pi(w)) / len(w) - log(pi(l)) / len(l))) * (grad(log(pi(w))) / len(w) - grad(log(pi(l))) / len(l))',
        '(1 - 1 / len(y)) * grad(log(pi(y)))',
      ],
    ],
    [
      'a loss that stops the gradient of the rejected response',
      '-log(sigmoid(beta * (log(pi(w)) - stopgrad(log(pi(l))))))',
      ['-beta * sigmoid(-beta * (log(pi(w)) - stopgrad(log(pi(l))))) * grad(log(pi(w)))'],
    ],
    [
      'a kink, which stays as it is',
      '-log(sigmoid(beta * (log(pi(w)) - max(0, log(pi(l) / ref(l))))))',
      [
        '-beta * sigmoid(-beta * (log(pi(w)) - max(0, log(pi(l) / ref(l))))) * (grad(log(pi(w))) - grad(max(0, log(pi(l)) - log(ref(l)))))',
      ],
    ],
  ])('%s', (_, loss, gradients) => {
    const found = printed(loss);
    expect(found.slice(0, gradients.length)).toEqual(gradients);
  });

  test('no stage of the catalogue is left with a gradient of the loss itself', () => {
    for (const derived of DERIVED) {
      const { start, goal } = stageOf(derived, 'S10');
      expect(print(goal)).not.toContain(print(start));
      expect(check(derived.trace)).toMatchObject({ kind: 'accepted' });
    }
  });
});
