/** Where the conditions are said to be all there are, no other choice of hyper-parameters makes the sides equal. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Expr } from '../../src/expr/expr.ts';
import { num, sym } from '../../src/expr/expr.ts';
import type { Rational } from '../../src/expr/rational.ts';
import { rational } from '../../src/expr/rational.ts';
import type { Alternative } from '../../src/forms/alternative.ts';
import { isParametric, replace } from '../../src/forms/alternative.ts';
import { decide, provesEqual } from '../../src/forms/decide.ts';
import { statementOf } from '../corpus/statement.ts';
import { runs, sameInWorlds } from './ground.ts';

const small = fc.integer({ min: -2, max: 2 });
/** Polynomials in two hyper-parameters with zeros at small numbers. */
const factor = fc.oneof(
  small.map((k) => `(a - ${k})`),
  small.map((k) => `(b - ${k})`),
  small.map((k) => `(2 * a - ${k})`),
  fc.constant('(a - b)'),
  small.map((k) => `(a + b - ${k})`),
  small.map((k) => `(a * b - ${k})`),
  small.map((k) => `(b^2 - ${k * k})`),
  fc.constant('(a^2 - b^2)'),
  fc.constant('(exp(a) - 1)'),
  fc.constant('abs(b)'),
);
const coefficient = fc.oneof(
  factor,
  fc.tuple(factor, factor).map(([p, q]) => `${p} * ${q}`),
  fc.tuple(factor, factor).map(([p, q]) => `(${p} + ${q})`),
  fc.constantFrom('1', 'a', 'b', 'a * b'),
);

const H = '(log(pi(w)) - log(ref(w)))';
const SHAPES: Readonly<Record<string, (p: string, q: string) => readonly [string, string]>> = {
  'independent terms': (p, q) => [`${p} * log(pi(w)) + ${q} * len(w)`, '0'],
  'products of data': (p, q) => [`(${p} * ${H} + ${q})^2`, `${H}^2 * ${p}`],
  'powers of data': (p, q) => [`pi(w)^(${p})`, `pi(w)^(${q})`],
  'powers with weights': (p, q) => [`${p} * pi(w)^(${q}) + pi(l)^(${p})`, `${p} * pi(w) + pi(l)`],
  'powers over a length': (p, q) => [`pi(w)^((${p}) / len(w))`, `pi(w)^(${q})`],
  'inside the link': (p, q) => [`softplus(${p} * ${H} + ${q})`, `softplus(${H})`],
  'outside the link': (p, q) => [`softplus(${p} * ${H})`, `${q} * softplus(${H})`],
  'two links': (p, q) => [`${p} * softplus(${H}) + ${q} * softplus(-${H})`, `${H} * ${q}`],
  'a share': (p, q) => [`pi(w)^(${p}) / (pi(w)^(${p}) + pi(l)^(${p}))`, `(pi(w) / (pi(w) + pi(l)))^(${q})`],
  'a sum over tokens': (p, q) => [`sum(t, w, m(w,t)^(${p}))`, `sum(t, w, m(w,t)^(${q}))`],
  'a discount': (p, q) => [`sum(t, w, exp(a)^t * m(w,t)) * ${p}`, `sum(t, w, m(w,t)) * ${q}`],
  positions: (p, q) => [`sum(t, w, ${p} * t + ${q})`, `${p} * len(w)`],
  'a distribution': (p, q) => [`sum(t, w, sum(v, V, pi(w,t,v)^(${p}) * ref(w,t,v)^(${q})))`, 'len(w)'],
  'two distributions': (p, q) => [
    `sum(t, w, sum(v, V, pi(w,t,v)^(${p})))`,
    `sum(t, w, sum(v, V, pi(w,t,v)^(${q})))`,
  ],
  'a logarithm of a sum': (p, q) => [`sum(t, w, log(sum(v, V, pi(w,t,v)^(${p}))))`, `${q} * log(pi(w))`],
  'a kink': (p, q) => [`relu(${p} * ${H})`, `${q} * relu(${H})`],
  'two kinks': (p, q) => [`${p} * relu(${H}) + ${q} * relu(-${H})`, `abs(${H})`],
  'two scaled kinks': (p, q) => [`relu(${p} * ${H}) - relu(-${p} * ${H})`, `${q} * ${H}`],
  'an indicator': (p, q) => [`indicator(len(w) <= len(l)) * ${p}`, `${q} * len(w)`],
  'a quotient': (p, q) => [`(${p}) / (${H} + 5)`, `(${q}) / (${H} + 5)^2`],
  'a root': (p, q) => [`sqrt(score(w) + (${p})^2)`, `sqrt(score(w) + (${q})^2)`],
};

const DATA = ['m(y,t) > 0', 'score(y) > 0'];
const VALUES: readonly Rational[] = [-2, -1, 0, 1, 2]
  .map((n) => rational(n))
  .concat(rational(1, 2), rational(-1, 2));
const POINTS = VALUES.flatMap((a) => VALUES.map((b) => [a, b] as const));

const at = (e: Expr, [a, b]: readonly [Rational, Rational]): Expr =>
  replace(replace(e, { left: sym('a'), right: num(a) }), { left: sym('b'), right: num(b) });

describe('the conditions on hyper-parameters are all', () => {
  test.each(Object.entries(SHAPES))('%s', (_, shape) => {
    let solved = 0;
    fc.assert(
      fc.property(coefficient, coefficient, (p, q) => {
        const [left, right] = shape(p, q);
        const { a, b, declared } = statementOf({ left, right, assume: [], data: DATA });
        const decision = decide(a, b, declared);
        if (decision.answer === 'proved' || !decision.solved) return;
        solved++;
        const given = decision.when.filter(isParametric);
        const holds = (one: Alternative, point: (typeof POINTS)[number]): boolean =>
          one.every((equation) => provesEqual(at(equation.left, point), at(equation.right, point), declared));
        for (const point of POINTS) {
          const equal = provesEqual(at(a, point), at(b, point), declared);
          const listed = given.some((one) => holds(one, point));
          const where = `${left} = ${right} at a = ${point[0].n}/${point[0].d}, b = ${point[1].n}/${point[1].d}`;
          if (equal !== listed) expect(`${where}: equal ${equal}, listed ${listed}`).toBe('');
          if (listed) expect(sameInWorlds(at(a, point), at(b, point), declared, 2)).toBe(true);
        }
      }),
      runs(8),
    );
    expect(solved).toBeGreaterThan(0);
  });
});
