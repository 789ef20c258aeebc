/** Enclosures of whole expressions over finite spaces: sums, shared parts, missing values, definedness. */

import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Expr } from '../../src/expr/expr.ts';
import { add, apply, call, exp, mul, num, pow, sum, sym, variable } from '../../src/expr/expr.ts';
import type { Rational } from '../../src/expr/rational.ts';
import { rational } from '../../src/expr/rational.ts';
import { DOUBLE } from '../../src/forms/double.ts';
import { enclose } from '../../src/forms/enclose.ts';
import { precise } from '../../src/forms/precise.ts';
import type { Space } from '../../src/forms/space.ts';
import { parse } from '../../src/syntax/parse.ts';

const response = (name: string) => variable(name, 'response');
const SPACE: Space = {
  responses: [response('w'), response('l')],
  complete: true,
  prompts: [variable('x1', 'prompt'), variable('x2', 'prompt')],
  vocabulary: 2,
  lengths: new Map([
    ['w', 2],
    ['l', 1],
  ]),
  positions: new Map(),
  spelling: new Map(),
};
const VALUES: ReadonlyMap<string, Rational> = new Map([
  ['beta', rational(1, 2)],
  ['pi(w)', rational(1, 4)],
  ['pi(l)', rational(3, 4)],
  ['r(w)', rational(2)],
  ['r(l)', rational(-1)],
  ['len(w)', rational(2)],
  ['pi(w,1)', rational(1, 2)],
  ['pi(w,2)', rational(1, 2)],
  ['pi(w,1,1)', rational(1, 2)],
  ['pi(w,1,2)', rational(1, 2)],
  ['pi(w,2,1)', rational(1, 8)],
  ['pi(w,2,2)', rational(7, 8)],
  ['D(x1)', rational(1, 4)],
  ['D(x2)', rational(3, 4)],
]);
const enclosed = (e: Expr) => enclose(e, SPACE, VALUES, DOUBLE);

describe('sums run over the space', () => {
  const y = response('y');
  const x = variable('x', 'prompt');
  const apply1 = (name: string, of: Expr): Expr => apply(name, [of]);
  test.each<[what: string, e: Expr, value: number]>([
    ['tokens', parse('sum(t, w, 1)'), 2],
    ['token numbers', parse('sum(t, w, t)'), 3],
    ['token data', parse('sum(t, w, pi(w,t))'), 1],
    ['the vocabulary within tokens', parse('sum(t, w, sum(v, V, pi(w,t,v)))'), 2],
    ['responses', sum(y, { kind: 'responses' }, mul([apply1('pi', y), apply1('r', y)])), -0.25],
    ['prompts', sum(x, { kind: 'prompts' }, mul([num(4), apply1('D', x), apply1('D', x)])), 2.5],
    [
      'the tokens of a bound response',
      sum(y, { kind: 'responses' }, sum(variable('t', 'token'), { kind: 'tokens', of: y }, num(1))),
      3,
    ],
    ['one explicit token', parse('pi(w,2)'), 0.5],
  ])('%s', (_, e, value) => {
    expect(enclosed(e)).toEqual({ low: value, high: value });
  });
});

test.each<[what: string, e: Expr, outcome: 'undefined' | 'unknown']>([
  ['a value that is not given', parse('alpha + 1'), 'unknown'],
  ['a token beyond the end', parse('pi(w,3)'), 'unknown'],
  ['a logarithm of a negative value', parse('1 + log(r(l))'), 'undefined'],
  ['a division by zero', parse('1 / (beta - 1/2)'), 'undefined'],
  ['a response used as a number', add([response('w'), num(1)]), 'unknown'],
])('%s is %s', (_, e, outcome) => {
  expect(enclosed(e)).toBe(outcome);
});

test('a stop-gradient has the value of its body', () => {
  expect(enclosed(parse('stopgrad(beta)'))).toEqual({ low: 0.5, high: 0.5 });
});

test('shared parts are evaluated once, however deep the sharing', () => {
  let e: Expr = sym('beta');
  for (let level = 0; level < 60; level++) e = add([e, e]);
  expect(enclosed(e)).toEqual({ low: 2 ** 59, high: 2 ** 59 });
});

test('a tree beyond all bounds is unknown, not an overflow of the stack', () => {
  let e: Expr = sym('beta');
  for (let level = 0; level < 100_000; level++) e = exp(e);
  expect(enclosed(e)).toBe('unknown');
});

/** Random expressions over `beta` and `gamma` that are mostly defined. */
const { tree } = fc.letrec<{ tree: Expr }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<Expr>(sym('beta'), sym('gamma'), num(2), num(rational(-1, 3))),
    fc.tuple(tie('tree'), tie('tree')).map((parts) => add(parts)),
    fc.tuple(tie('tree'), tie('tree')).map((parts) => mul(parts)),
    fc.tuple(tie('tree'), fc.integer({ min: -2, max: 3 })).map(([e, k]) => pow(e, num(k))),
    fc
      .tuple(fc.constantFrom('exp', 'log', 'sigmoid', 'softplus', 'tanh', 'abs', 'sqrt', 'relu'), tie('tree'))
      .map(([fn, e]) => call(fn, [e])),
  ),
}));
const short = fc.integer({ min: -40, max: 40 }).map((n) => rational(n, 8));

test('forty digits and doubles enclose a common value, and agree on definedness', () => {
  fc.assert(
    fc.property(tree, short, short, (e, beta, gamma) => {
      const values = new Map([
        ['beta', beta],
        ['gamma', gamma],
      ]);
      const coarse = enclose(e, SPACE, values, DOUBLE);
      const fine = enclose(e, SPACE, values, precise(40));
      if (coarse === 'undefined') return fine === 'undefined';
      if (coarse === 'unknown') return true;
      if (typeof fine === 'string') return false;
      // A double prints as a decimal within half a unit in its last place.
      const slack = (x: number): Decimal => new Decimal(x).abs().mul('1e-15').plus('1e-320');
      return (
        fine.high.gte(new Decimal(coarse.low).minus(slack(coarse.low))) &&
        fine.low.lte(new Decimal(coarse.high).plus(slack(coarse.high)))
      );
    }),
    { numRuns: 400 },
  );
});
