/** What the stages from the objective to the reward claim, tried on small tables of numbers by plain arithmetic. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

/** A value for each prompt and response. */
type Table = readonly (readonly number[])[];

/** A finite world: how often each prompt comes, its rewards, the priors, a policy, and the weight. */
interface World {
  readonly prompts: readonly number[];
  readonly rewards: Table;
  /** One prior for each prompt: positive, not necessarily normalised. */
  readonly priors: Table;
  readonly policy: Table;
  readonly weight: number;
}

const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const sumOver = (values: readonly number[], f: (value: number, i: number) => number): number =>
  total(values.map(f));
const normal = (weights: readonly number[]): readonly number[] => weights.map((w) => w / total(weights));
/** The entry of a table that is known to be there. */
const at = (row: readonly number[] | undefined, y: number): number => {
  const value = row?.[y];
  if (value === undefined) throw new RangeError('outside the table');
  return value;
};
const row = (table: Table, x: number): readonly number[] => {
  const found = table[x];
  if (found === undefined) throw new RangeError('outside the table');
  return found;
};

const divergence = (p: readonly number[], q: readonly number[]): number =>
  sumOver(p, (mass, y) => mass * Math.log(mass / at(q, y)));
/** E_x [ E_y r - weight * KL(policy || prior) ]. */
const objective = ({ prompts, rewards, priors, weight }: World, policy: Table): number =>
  sumOver(
    prompts,
    (often, x) =>
      often *
      (sumOver(row(policy, x), (mass, y) => mass * at(rewards[x], y)) -
        weight * divergence(row(policy, x), row(priors, x))),
  );
/** prior * exp(reward / weight), not divided by its total. */
const tilted = ({ rewards, priors, weight }: World, x: number): readonly number[] =>
  row(priors, x).map((mass, y) => mass * Math.exp(at(rewards[x], y) / weight));
const partition = (world: World, x: number): number => total(tilted(world, x));
const optimum = (world: World): Table => world.prompts.map((_, x) => normal(tilted(world, x)));
/** E_x [ weight * log Z ]. */
const bound = (world: World): number =>
  sumOver(world.prompts, (often, x) => often * world.weight * Math.log(partition(world, x)));

const masses = (size: number): fc.Arbitrary<readonly number[]> =>
  fc.array(fc.integer({ min: 1, max: 100 }), { minLength: size, maxLength: size });
const worlds: fc.Arbitrary<World> = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 2, max: 5 }))
  .chain(([prompts, responses]) => {
    const table = (cell: fc.Arbitrary<readonly number[]>): fc.Arbitrary<Table> =>
      fc.array(cell, { minLength: prompts, maxLength: prompts });
    const rewards = fc.array(fc.integer({ min: -50, max: 50 }), {
      minLength: responses,
      maxLength: responses,
    });
    return fc.record({
      prompts: masses(prompts).map(normal),
      rewards: table(rewards.map((values) => values.map((k) => k / 10))),
      priors: table(masses(responses).map((values) => values.map((k) => k / 50))),
      policy: table(masses(responses).map(normal)),
      weight: fc.integer({ min: 5, max: 50 }).map((k) => k / 10),
    });
  });

/**
 * Rounding of the sums above. Each has at most 4 * 5 terms of at most a dozen operations, none of them larger
 * than weight * |log of the smallest mass| < 5 * log(100 * 500 * e^20) < 200: 240 roundings of 200 * 2^-53.
 */
const ROUNDING = 240 * 200 * 2 ** -53;
const near = (a: number, b: number): void => expect(Math.abs(a - b)).toBeLessThanOrEqual(ROUNDING);

describe('the optimum', () => {
  test('attains the bound: the expected weighted logarithm of the partition function', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        near(objective(world, optimum(world)), bound(world));
      }),
    );
  });

  test('the Gibbs form is the objective, at any policy', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const best = optimum(world);
        const lost = sumOver(
          world.prompts,
          (often, x) => often * world.weight * divergence(row(world.policy, x), row(best, x)),
        );
        near(objective(world, world.policy), bound(world) - lost);
      }),
    );
  });

  test('beats every other policy', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const best = optimum(world);
        // Pinsker: what is lost is at least half the weighted square of the distance in total variation.
        const least = sumOver(world.prompts, (often, x) => {
          const distance = sumOver(row(best, x), (mass, y) => Math.abs(mass - at(world.policy[x], y)));
          return (often * world.weight * distance ** 2) / 2;
        });
        const lost = objective(world, best) - objective(world, world.policy);
        expect(lost).toBeGreaterThanOrEqual(least - ROUNDING);
      }),
    );
  });

  test('beats itself with some mass moved from one response to another', () => {
    const moves = fc.record({ from: fc.nat(), to: fc.nat(), share: fc.integer({ min: 1, max: 9 }) });
    fc.assert(
      fc.property(worlds, moves, (world, { from, to, share }) => {
        const best = optimum(world);
        const size = row(best, 0).length;
        const [a, b] = [from % size, to % size];
        const moved = best.map((masses) =>
          masses.map((mass, y) => {
            const step = (at(masses, a) * share) / 10;
            return mass + (y === b ? step : 0) - (y === a ? step : 0);
          }),
        );
        const lost = objective(world, best) - objective(world, moved);
        const largest = Math.max(...best.map((masses) => at(masses, a)));
        // Where next to nothing is moved, next to nothing is lost.
        if (a === b || largest < 1e-4) expect(lost).toBeGreaterThanOrEqual(-ROUNDING);
        else expect(lost).toBeGreaterThan(0);
      }),
    );
  });
});

describe('the prior', () => {
  test('the mean divergence is the mutual information and the divergence of the marginal; the marginal is best', () => {
    fc.assert(
      fc.property(worlds, ({ prompts, policy, priors }) => {
        const prior = normal(row(priors, 0));
        const mean = (q: readonly number[]): number =>
          sumOver(prompts, (often, x) => often * divergence(row(policy, x), q));
        const marginal = prior.map((_, y) => sumOver(prompts, (often, x) => often * at(policy[x], y)));
        // I(X;Y) from the joint distribution itself.
        const information = sumOver(prompts, (often, x) =>
          sumOver(row(policy, x), (mass, y) => {
            const joint = often * mass;
            return joint * Math.log(joint / (often * at(marginal, y)));
          }),
        );
        near(mean(prior), information + divergence(marginal, prior));
        near(mean(marginal), information);
        expect(mean(marginal)).toBeLessThanOrEqual(mean(prior) + ROUNDING);
      }),
    );
  });
});

describe('the reward of which a policy is the optimum', () => {
  /** weight * log(policy / prior) + weight * log Z, whatever Z is. */
  const derived = ({ policy, priors, weight }: World, logZ: number): Table =>
    policy.map((masses, x) =>
      masses.map((mass, y) => weight * Math.log(mass / at(priors[x], y)) + weight * logZ),
    );
  const logZs = fc.integer({ min: -30, max: 30 }).map((k) => k / 10);

  test('makes it the optimum, with that partition function', () => {
    fc.assert(
      fc.property(worlds, logZs, (world, logZ) => {
        const rewarded: World = { ...world, rewards: derived(world, logZ) };
        for (const [x, masses] of optimum(rewarded).entries()) {
          for (const [y, mass] of masses.entries()) near(mass, at(world.policy[x], y));
          near(Math.log(partition(rewarded, x)), logZ);
        }
      }),
    );
  });

  test('gives preferences whose likelihood is the loss: the partition function cancels', () => {
    fc.assert(
      fc.property(worlds, logZs, (world, logZ) => {
        const [chosen, rejected] = [0, 1];
        const rewards = derived(world, logZ);
        for (const [x] of world.prompts.entries()) {
          const [better, worse] = [at(rewards[x], chosen), at(rewards[x], rejected)];
          // Bradley & Terry: the share of exp(reward) among the two.
          const share = Math.exp(better) / (Math.exp(better) + Math.exp(worse));
          const ratio = (y: number): number => Math.log(at(world.policy[x], y) / at(world.priors[x], y));
          const margin = world.weight * ratio(chosen) - world.weight * ratio(rejected);
          near(-Math.log(share), Math.log1p(Math.exp(-margin)));
        }
      }),
    );
  });
});
