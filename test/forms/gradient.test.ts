/** Gradients: equal where the functions are, different where a stop-gradient or a frozen part makes them so. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Expr } from '../../src/expr/expr.ts';
import { add, apply, freeze, log, mul, num, sym, variable } from '../../src/expr/expr.ts';
import { rational } from '../../src/expr/rational.ts';
import { some } from '../../src/expr/walk.ts';
import { decide } from '../../src/forms/decide.ts';
import { coordinates, decideGradients } from '../../src/forms/gradient.ts';
import { verifyWitness } from '../../src/forms/verify.ts';
import { parse } from '../../src/syntax/parse.ts';
import type { World } from '../arbitrary/value.ts';
import { Real, valueIn } from '../arbitrary/value.ts';
import { GROUND, groundExpressions, PLACES, runs, SMOOTH, worldOf } from './ground.ts';
import { plainMoves, rewritten } from './rewriting.ts';

const read = (text: string): Expr =>
  parse(text, { declared: GROUND, names: 'open', responses: ['w', 'l', 'y'], definitions: {} });
const SMALL = { ...SMOOTH, height: 2 };
const LOG_POLICY = log(apply('pi', [variable('w', 'response')]));

describe('two formulas', () => {
  test.each<[left: string, right: string, values: string, gradients: string]>([
    ['log(pi(w))', 'log(pi(w)) + gamma', 'refuted', 'proved'],
    ['log(pi(w))', 'stopgrad(log(pi(w)))', 'proved', 'refuted'],
    ['pi(w)', 'stopgrad(pi(w)) * log(pi(w))', 'refuted', 'proved'],
    ['pi(w)', 'stopgrad(pi(w)) * (1 + log(pi(w)) - stopgrad(log(pi(w))))', 'proved', 'proved'],
    [
      'log(pi(w)) * log(pi(l))',
      'log(pi(w)) * stopgrad(log(pi(l))) + stopgrad(log(pi(w))) * log(pi(l)) - stopgrad(log(pi(w)) * log(pi(l)))',
      'proved',
      'proved',
    ],
    ['log(pi(w)) * log(pi(l))', 'log(pi(w)) * stopgrad(log(pi(l)))', 'proved', 'refuted'],
    ['stopgrad(pi(w))', '0', 'refuted', 'proved'],
    ['sum(t, w, log(pi(w,t)))', 'log(pi(w))', 'proved', 'proved'],
    ['sum(t, w, m(w,t) * log(pi(w,t)))', 'sum(t, w, m(w,t) * log(pi(w,t) / ref(w,t)))', 'refuted', 'proved'],
    ['sum(t, w, m(w,t) * log(pi(w,t)))', 'sum(t, w, m(w,t)) * log(pi(w))', 'refuted', 'refuted'],
    [
      'sum(t, w, sum(v, V, pi(w,t,v) * log(ref(w,t,v))))',
      'sum(t, w, sum(v, V, pi(w,t,v) * (log(ref(w,t,v)) + gamma)))',
      'refuted',
      'proved',
    ],
    ['log(ref(w))', '0', 'refuted', 'proved'],
    ['-log(sigmoid(beta * log(pi(w) / pi(l))))', 'softplus(-beta * log(pi(w) / pi(l)))', 'proved', 'proved'],
    [
      '-log(sigmoid(beta * log(pi(w) / pi(l))))',
      '-stopgrad(sigmoid(-beta * log(pi(w) / pi(l)))) * beta * log(pi(w) / pi(l))',
      'refuted',
      'proved',
    ],
  ])('%s and %s', (left, right, values, gradients) => {
    const [a, b] = [read(left), read(right)];
    expect([decide(a, b, GROUND).answer, decideGradients(a, b, GROUND).answer]).toEqual([values, gradients]);
  });
});

test('a rewriting keeps the gradient, also where it is taken for itself', () => {
  fc.assert(
    fc.property(groundExpressions(SMALL), plainMoves(3), (e, moves) => {
      const b = rewritten(e, moves, GROUND);
      expect(decideGradients(e, b, GROUND).answer).toBe('proved');
      for (const { derivative } of coordinates([e, b], GROUND)) {
        expect(decide(derivative(e), derivative(b), GROUND).answer).toBe('proved');
      }
    }),
    runs(150),
  );
});

test('freezing what does not move changes nothing; what does is a difference only in the gradient', () => {
  fc.assert(
    fc.property(groundExpressions(SMALL), (e) => {
      const policy = some(e, (node) => node.kind === 'apply' && node.name === 'pi');
      const frozen = mul([freeze(e), LOG_POLICY]);
      const live = mul([e, LOG_POLICY]);
      expect(decide(frozen, live, GROUND).answer).toBe('proved');
      if (!policy) expect(decideGradients(frozen, live, GROUND).answer).toBe('proved');
    }),
    runs(100),
  );
});

test('an added multiple of the policy is seen in the gradient, however small', () => {
  fc.assert(
    fc.property(groundExpressions(SMALL), fc.constantFrom(1, 12, 30), (e, places) => {
      const b = add([e, mul([num(rational(1n, 10n ** BigInt(places))), LOG_POLICY])]);
      const decision = decideGradients(e, b, GROUND);
      expect(decision.answer).not.toBe('proved');
      if (decision.answer !== 'refuted') return;
      const { witness } = decision;
      const sides = coordinates([e, b], GROUND).map(
        ({ derivative }) => [derivative(e), derivative(b)] as const,
      );
      expect(sides.some(([left, right]) => verifyWitness(left, right, GROUND, witness))).toBe(true);
    }),
    runs(100),
  );
});

/** The world in which one log-probability of a whole response is larger by `step`; its tokens are left alone. */
function moved(world: World, step: Real): World {
  const datum: World['datum'] = (name, args) => {
    const value = world.datum(name, args);
    return name === 'pi' && args.length === 1 && args[0] === 1 ? value.mul(Real.exp(step)) : value;
  };
  return { ...world, datum, frozen: world };
}

test('the derivative by a sequence is the limit of differences', () => {
  const language = {
    ...SMALL,
    data: SMALL.data.filter(([name, ...sorts]) => name !== 'pi' || sorts.length === 1),
  };
  const step = new Real('1e-15');
  fc.assert(
    fc.property(groundExpressions(language), fc.boolean(), fc.nat(3), (e, frozen, seed) => {
      const f = frozen ? mul([freeze(e), e, sym('beta')]) : e;
      const by = coordinates([f], GROUND).find(
        ({ of }) => of.args.length === 1 && of.args[0]?.kind === 'var' && of.args[0].name === 'w',
      );
      if (by === undefined) return;
      const world = worldOf(seed);
      const [up, down] = [step, step.neg()].map((h) => valueIn(f, moved(world, h), PLACES));
      const slope = Real.sub(up ?? Number.NaN, down ?? Number.NaN).div(step.mul(2));
      const claimed = valueIn(by.derivative(f), world, PLACES);
      if (!slope.isFinite() || !claimed.isFinite()) return;
      // The error of a central difference is of the order of the step squared, times the third derivative.
      const error = Real.sub(slope, claimed).abs();
      expect(error.div(Real.max(1, claimed.abs())).lte('1e-20')).toBe(true);
    }),
    runs(300),
  );
});
