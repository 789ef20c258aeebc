/** Conditions: under each the two sides are equal, none lies outside the domains, and those put in are found. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Declarations } from '../../src/expr/declare.ts';
import { add, mul, num, pow, subtract, sym } from '../../src/expr/expr.ts';
import { rational } from '../../src/expr/rational.ts';
import { some } from '../../src/expr/walk.ts';
import type { Alternative } from '../../src/forms/alternative.ts';
import { isParametric, under } from '../../src/forms/alternative.ts';
import { decide, provesEqual } from '../../src/forms/decide.ts';
import { conditions, solve } from '../../src/forms/solve.ts';
import { print } from '../../src/syntax/print.ts';
import { statementOf } from '../corpus/statement.ts';
import { GROUND, groundExpressions, runs, SMOOTH, sameInWorlds } from './ground.ts';
import { mutated, mutations } from './mistake.ts';

const text = (found: readonly Alternative[]): readonly string[] =>
  found.map((one) => one.map(({ left, right }) => `${print(left)} = ${print(right)}`).join(' and ')).sort();

describe('exact conditions', () => {
  test.each<[left: string, right: string, assume: readonly string[], when: readonly string[]]>([
    ['alpha * log(pi(y))', 'log(pi(y))', [], ['alpha = 1']],
    ['alpha * log(pi(y))', 'log(pi(y))', ['0 < alpha < 1'], []],
    ['alpha^2 * log(pi(y))', 'log(pi(y))', [], ['alpha = -1', 'alpha = 1']],
    ['alpha^2 * log(pi(y))', 'log(pi(y))', ['alpha > 0'], ['alpha = 1']],
    ['alpha^2 * log(pi(y))', '-log(pi(y))', [], []],
    ['alpha^2 * log(pi(y))', '2 * log(pi(y))', [], ['alpha = -2^(1/2)', 'alpha = 2^(1/2)']],
    ['n * (n - 1) * (2 * n - 1)', '0', ['n integer'], ['n = 0', 'n = 1']],
    ['b * (2 * b - 1)', '0', ['b is boolean'], ['b = 0']],
    ['alpha * log(pi(w)) + gamma * len(w)', '0', [], ['alpha = 0 and gamma = 0']],
    ['alpha * log(pi(w)) + gamma * len(w)', '0', ['alpha > 0'], []],
    ['alpha * log(pi(w)) + gamma', 'beta * log(pi(w))', [], ['alpha = beta and gamma = 0']],
    ['log(pi(w))', 'log(ref(w)) + alpha', [], []],
    ['exp(alpha) * pi(y)', 'pi(y)', [], ['alpha = 0']],
    ['pi(y)^alpha', 'pi(y)', [], ['alpha = 1']],
    ['exp(alpha) * len(y)', '2 * len(y)', [], ['alpha = log(2)']],
    ['alpha^2 * len(y)', 'gamma^2 * len(y)', [], ['alpha = -gamma', 'alpha = gamma']],
    ['alpha^3 * len(y)', 'gamma^3 * len(y)', ['gamma > 0'], ['alpha = gamma']],
    ['(alpha * gamma - alpha - gamma + 1) * len(y)', '0', [], ['alpha = 1', 'gamma = 1']],
    ['alpha * beta * len(y)', 'gamma * len(y)', ['beta > 0'], ['gamma = alpha * beta']],
    ['softplus(-beta * log(pi(y) / ref(y)))', 'beta * softplus(-log(pi(y) / ref(y)))', [], ['beta = 1']],
  ])('%s = %s where %s', (left, right, assume, when) => {
    const { a, b, declared } = statementOf({ left, right, assume: [...assume], data: [] });
    expect(text(solve(a, b, declared, 100_000, 'parameters'))).toEqual(when);
  });
});

describe('solved', () => {
  test.each<
    [left: string, right: string, when: readonly string[], whenData: readonly string[], solved: boolean]
  >([
    ['alpha * (len(w) - len(l))', '0', ['alpha = 0'], ['len(w) = len(l)'], true],
    ['log(pi(y)) / len(y)', 'log(pi(y))', ['len(y) = 1'], [], true],
    ['log(pi(y))', 'log(ref(y))', [], [], true],
    ['(alpha^5 - alpha - 1) * len(y)', '0', [], [], false],
    // Every alpha >= 0 will do, which no equation says.
    ['abs(alpha) * len(y)', 'alpha * len(y)', ['alpha = 0'], [], false],
  ])('%s = %s', (left, right, when, whenData, solved) => {
    const { a, b, declared } = statementOf({ left, right, assume: [], data: [] });
    const found = conditions([[a, b]], declared, 400_000);
    expect({ ...found, when: text(found.when), whenData: text(found.whenData) }).toEqual({
      when,
      whenData,
      solved,
    });
  });
});

test('what two sides that are equal need is nothing', () => {
  const { a, b, declared } = statementOf({
    left: 'log(pi(w) * pi(l))',
    right: 'log(pi(l)) + log(pi(w))',
    assume: [],
    data: [],
  });
  expect(solve(a, b, declared, 100_000)).toEqual([[]]);
});

const SMALL = { ...SMOOTH, height: 2 };

test('under every condition found the sides are equal', () => {
  fc.assert(
    fc.property(groundExpressions(SMALL), mutations, fc.boolean(), (e, mistake, scaled) => {
      const wrong = mutated(e, mistake);
      if (wrong === undefined) return;
      const b = scaled ? add([mul([sym('gamma'), wrong]), mul([subtract(num(1), sym('gamma')), e])]) : wrong;
      const decision = decide(e, b, GROUND);
      if (decision.answer === 'proved') return;
      for (const alternative of [...decision.when, ...decision.whenData]) {
        const [left, right] = [under(e, alternative, GROUND), under(b, alternative, GROUND)];
        expect(provesEqual(left, right, GROUND)).toBe(true);
        // The worlds have lengths of their own.
        if (isParametric(alternative)) expect(sameInWorlds(left, right, GROUND, 2)).toBe(true);
      }
    }),
    runs(300),
  );
});

test('a condition that was put in is found', () => {
  const hidden = fc.tuple(
    fc.integer({ min: -5, max: 5 }),
    fc.integer({ min: 1, max: 4 }),
    fc.constantFrom(1, 2),
  );
  fc.assert(
    fc.property(groundExpressions(SMALL), hidden, (e, [n, d, power]) => {
      // (gamma - n/d)^power * log pi(w) * x on top: it vanishes just where gamma = n/d.
      fc.pre(!some(e, (node) => node.kind === 'sym' && node.name === 'gamma'));
      const value = num(rational(n, d));
      const gap = pow(subtract(sym('gamma'), value), num(power));
      const { scope } = statementOf({ left: '0', right: '0', assume: [], data: [] });
      const declared: Declarations = { ...GROUND, parameters: { ...GROUND.parameters, gamma: 'real' } };
      const b = add([e, mul([gap, statementOf({ left: 'log(pi(w))', right: '0', assume: [], data: [] }).a])]);
      expect(scope.names).toBe('open');
      expect(text(solve(e, b, declared, 400_000, 'parameters'))).toEqual([`gamma = ${print(value)}`]);
    }),
    runs(150),
  );
});
