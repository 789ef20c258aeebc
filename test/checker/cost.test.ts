/** Large traces are judged in time that grows with their size: whoever sends one cannot keep the checker busy. */

import { expect, test } from 'vitest';
import { check } from '../../src/checker/check.ts';
import { NOTHING_DECLARED } from '../../src/expr/declare.ts';
import type { Expr } from '../../src/expr/expr.ts';
import { add, apply, exp, log, mul, num, pow, reciprocal, sym, variable } from '../../src/expr/expr.ts';
import type { Trace } from '../../src/trace/trace.ts';
import { oneStep, positives, stage, step, trace } from './traces.ts';

const X = sym('x');
const repeat = (n: number, e: Expr, grow: (e: Expr, i: number) => Expr): Expr =>
  Array.from({ length: n }, (_, i) => i).reduce(grow, e);
const many = <T>(n: number, make: (i: number) => T): readonly T[] =>
  Array.from({ length: n }, (_, i) => make(i));

/** exp(log(e)) = e, which needs the sign of e. */
const needingSign = (e: Expr, parameters = positives('x')): Trace =>
  oneStep(exp(log(e)), 'exp-log', e, { bindings: { _a: e }, declared: parameters });

const letters = many(20_000, (i) => sym(`x${i}`));
const reward = apply('r', [variable('w', 'response')]);

const LARGE: readonly (readonly [what: string, large: () => Trace, outcome: 'accepted' | 'refused'])[] = [
  [
    'a sum of 20,000 letters',
    () => oneStep(add(letters), 'algebra', add([...letters].reverse())),
    'accepted',
  ],
  [
    'a sum of 20,000 products, one of them wrong',
    () => {
      const terms = letters.map((letter) => mul([num(3), letter, X]));
      return oneStep(add(terms), 'algebra', mul([num(3), X, add([...letters.slice(1), num(1)])]));
    },
    'refused',
  ],
  [
    'a product of 2,000 sums',
    () => {
      const factors = letters.slice(0, 2000).map((letter) => add([letter, num(1)]));
      return oneStep(mul(factors), 'algebra', mul([...factors].reverse()));
    },
    'accepted',
  ],
  [
    'divisors in divisors, 200 deep',
    () => {
      const fraction = repeat(200, X, (e) => add([num(1), reciprocal(e)]));
      return oneStep(add([fraction, X]), 'algebra', add([X, fraction]), { declared: positives('x') });
    },
    'accepted',
  ],
  ['the sign of sums in sums, 200 deep', () => needingSign(repeat(200, X, (e) => add([X, e]))), 'accepted'],
  [
    'the sign of sums in sums over nothing known, 200 deep',
    () => needingSign(repeat(200, reward, (e) => add([X, e]))),
    'refused',
  ],
  [
    'the sign of powers of powers, 200 deep',
    () => needingSign(repeat(200, X, (e) => pow(e, e.kind === 'sym' ? e : X))),
    'accepted',
  ],
  [
    '20,000 facts',
    () =>
      needingSign(reward, {
        ...NOTHING_DECLARED,
        facts: [...letters, reward].map((of) => ({ kind: 'positive', of })),
      }),
    'accepted',
  ],
  [
    '20,000 definitions',
    () =>
      trace([stage(num(0), [])], {
        definitions: many(20_000, (i) => ({
          id: `d${i}`,
          lhs: apply(`f${i}`, []),
          rhs: i === 0 ? X : apply(`f${i - 1}`, []),
        })),
      }),
    'accepted',
  ],
  [
    '20,000 definitions of one name',
    () =>
      trace([stage(num(0), [])], {
        definitions: many(20_000, (i) => ({
          id: `d${i}`,
          lhs: apply('f', [variable(`y${i}`, 'response')]),
          rhs: X,
        })),
      }),
    'accepted',
  ],
  [
    '20,000 stages, each from the last',
    () => trace(many(20_000, (i) => stage(X, [], { id: `s${i}`, continues: i === 0 ? null : `s${i - 1}` }))),
    'accepted',
  ],
  [
    'a stage that uses 20,000 others, in 1,000 steps',
    () => {
      const ids = many(20_000, (i) => `s${i}`);
      const steps = many(1000, (i) => step(`s${19_999 - i}`, X));
      return trace([...ids.map((id) => stage(X, [], { id })), stage(X, steps, { id: 'last', uses: ids })]);
    },
    'accepted',
  ],
];

test.each(LARGE)('%s', { timeout: 20_000 }, (_, large, outcome) => {
  const subject = large();
  const begun = performance.now();
  expect(check(subject).kind).toBe(outcome);
  // Linear judging takes well under a second; what grows with the square of the size takes minutes.
  expect(performance.now() - begun).toBeLessThan(10_000);
});
