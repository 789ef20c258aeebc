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

describe('where data do not vary freely', () => {
  const K = 'k(y) boolean';
  const Q = 'q(y,t) boolean';
  const N = 'n(y) integer';
  type Case = readonly [
    left: string,
    right: string,
    granted: { readonly assume?: readonly string[]; readonly data?: readonly string[] },
    /** Every condition on hyper-parameters, or that it is not known whether these are all. */
    when: readonly string[] | 'open',
  ];
  test.each<Case>([
    // A datum that is zero or one is a table of two rows, of which 1/k and log(k) have one.
    ['c / k(w)', 'k(w)', { data: [K] }, ['c = 1']],
    ['c / k(w)', '1', { data: [K] }, ['c = 1']],
    ['c / k(w) + k(l)', 'k(w) + k(l)', { data: [K] }, ['c = 1']],
    ['c * 2^k(w)', '1 + k(w)', { data: [K] }, ['c = 1']],
    ['log(1 + c * k(w))', 'k(w) * log(2)', { data: [K], assume: ['c > 0'] }, ['c = 1']],
    ['sigmoid(c * k(w))', '1/2 + k(w) * (sigmoid(1) - 1/2)', { data: [K] }, ['c = 1']],
    ['(c - 1) / k(w) + (d - 1) * k(w)', '0', { data: [K] }, ['c = -d + 2']],
    ['(c - 1) * k(w) + (d - 1) * k(l)', '0', { data: [K] }, ['c = 1 and d = 1']],
    ['b / k(w)', 'b^2 / indicator(0 < k(w))', { data: [K] }, ['b = 0', 'b = 1']],
    ['c * 2^p * s(w)', '(1 + p) * s(w)', { data: ['s(y)'], assume: ['p boolean'] }, ['c = 1']],
    ['c * p * s(w)', 'p * s(w)', { data: ['s(y)'], assume: ['p boolean'] }, ['c = 1', 'p = 0']],
    // With k = 1 alone something may be said of c that log(c) bars.
    ['log(c + k(w))', 'k(w) * log(c + 1)', { data: [K] }, 'open'],
    ['a * k(w)', 'k(w)', { data: [K], assume: ['c >= k(w)'] }, 'open'],
    ['a * k(w) * s(w)', 'k(w) * s(w)', { data: [K, 's(y)'], assume: ['c >= k(w)'] }, 'open'],
    ['sum(t, w, c * (2^q(w,t) - 1) * m(w,t))', 'sum(t, w, q(w,t) * m(w,t))', { data: [Q, 'm(y,t)'] }, 'open'],
    ['sum(t, w, q(w,t)^(-1))', 'sum(t, w, q(w,t)^p)', { data: [Q] }, 'open'],
    // Whole numbers: beyond a bound there are enough of them, between two there are not.
    ['c * n(w)^2', 'n(w)', { data: [N], assume: ['n(w) > 0'] }, []],
    ['c * n(w)^2', 'n(w)', { data: [N], assume: ['n(w) < 2', 'n(w) > 0'] }, 'open'],
    ['c * n(w)', 'n(w)', { data: [N], assume: ['n(w) < 1', 'n(w) > -1'] }, 'open'],
    ['c * n(w)', 'n(w)', { data: [N], assume: ['n(w) > 5'] }, ['c = 1']],
    ['c * len(w) + d', 'len(w)', { assume: ['len(w) > len(l)'] }, ['c = 1 and d = 0']],
    ['c * len(w) + d', 'len(w)', { assume: ['len(w) <= 2'] }, 'open'],
    // What is granted, or needed, leaves one point or none.
    ['c * s(w)', 's(w)', { data: ['s(y)'], assume: ['s(w) <= 0', 's(w) >= 0'] }, 'open'],
    ['c * s(w)^2', 's(w)', { data: ['s(y)'], assume: ['s(w) <= 1', 's(w) >= 1'] }, 'open'],
    ['c * s(w)', 's(w)', { data: ['s(y)'], assume: ['s(w) > s(l)', 's(w) < 3'] }, ['c = 1']],
    ['c * s(w)', 'b * s(w)', { data: ['s(y)'], assume: ['s(w) * (b - c)^2 <= 0', 's(w) > 0'] }, 'open'],
    ['c * sqrt(-s(w)^2)', '0', { data: ['s(y)'] }, 'open'],
    ['c * sqrt(s(w))', 'sqrt(s(w))', { data: ['s(y)'] }, ['c = 1']],
    ['c * sqrt(log(pi(w)))', '0', {}, 'open'],
    ['c * log(pi(w))', 'log(pi(w))', { assume: ['pi(w) >= 1'] }, 'open'],
    ['c * log(pi(w))', 'log(pi(w))', { assume: ['pi(w) > pi(l)', 'pi(w) > ref(w)'] }, ['c = 1']],
    ['c * log(1 - pi(w))', 'log(1 - pi(w))', {}, ['c = 1']],
    ['log(-1)', 'log(-1) + 1', {}, 'open'],
    ['a * (log(c) + log(-c))', 'log(c) + log(-c)', {}, 'open'],
  ])('%s = %s, granted %j', (left, right, { assume = [], data = [] }, when) => {
    const { a, b, declared } = statementOf({ left, right, assume: [...assume], data: [...data] });
    const decision = decide(a, b, declared);
    if (decision.answer === 'proved') throw new TypeError('these sides differ, or are not known to be equal');
    const given = text(decision.when.filter(isParametric));
    expect(decision.solved ? given : 'open').toEqual(when);
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
