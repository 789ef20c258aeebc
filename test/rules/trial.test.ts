/** Every rule on trial: tried at points made from its conditions the moment it exists, and each condition at points off its domain. */

import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import katex from 'katex';
import { describe, expect, test } from 'vitest';
import { freeNames } from '../../src/expr/binder.ts';
import type { Expr } from '../../src/expr/expr.ts';
import { children, some } from '../../src/expr/walk.ts';
import { RULES } from '../../src/rules/index.ts';
import type { Condition, Rule } from '../../src/rules/rule.ts';
import { isMetavariable } from '../../src/rules/rule.ts';
import { print } from '../../src/syntax/print.ts';
import type { Motion } from '../arbitrary/tangent.ts';
import { tangentIn } from '../arbitrary/tangent.ts';
import type { Places, World } from '../arbitrary/value.ts';
import { Real, valueIn } from '../arbitrary/value.ts';

const rules = [...RULES.values()];
const identities = rules.filter(({ kind }) => kind === 'identity');

/**
 * Values of a metavariable, one for each combination of the indices that it may depend on; under its name with a
 * prime how fast it moves with the policy.
 */
type Point = ReadonlyMap<string, readonly Real[]>;
const prime = (name: string): string => `${name}'`;
const PLACES_PER_RANGE = 3;
const DRAWS = PLACES_PER_RANGE ** 2;

/** Distributions over the few responses, prompts, tokens and entries there are here, and how fast the policy moves. */
const SHARES = ['0.5', '0.3', '0.2'];
const MOVES = ['0.1', '-0.3', '0.2'];

function settingOf(
  point: Point,
  where: readonly Condition[],
): { readonly world: World; readonly motion: Motion } {
  const has = (kind: Condition['kind'], name: string): boolean =>
    about(where, name).some((c) => c.kind === kind);
  /** A metavariable under a sum is a function of the index, unless conditions say that it is not. */
  const drawn = (key: string, name: string, places: Places): Real => {
    const constantIn = about(where, name).flatMap((c) => (c.kind === 'free-of' ? [c.index] : []));
    // What depends on the prompt mostly does so unseen.
    const isConstant = (index: string): boolean =>
      constantIn.includes(index) && (index !== 'x' || has('prompt-free', name));
    const indices = [...places].filter(([index]) => !isMetavariable(index) && !isConstant(index));
    const k = indices.reduce((sum, [, place]) => PLACES_PER_RANGE * sum + place - 1, 0);
    return point.get(key)?.[k % DRAWS] ?? new Real(key === name ? Number.NaN : 0);
  };
  const share = (table: readonly string[], name: string, args: readonly number[]): Real => {
    if (name !== 'pi' && name !== 'D')
      throw new Error(`an identity about the datum ${name}: say here what its values are`);
    return new Real(table[(args.at(-1) ?? 1) - 1] ?? '0');
  };
  const motion: Motion = {
    parameter: (name, places) => (has('constant', name) ? new Real(0) : drawn(prime(name), name, places)),
    datum: (name, args) => (name === 'D' ? new Real(0) : share(MOVES, name, args)),
  };
  const world: World = {
    parameter: (name, places) => drawn(name, name, places),
    datum: (name, args) => share(SHARES, name, args),
    count: () => PLACES_PER_RANGE,
    tangent: (e, places) => tangentIn(e, world, motion, places),
  };
  return { world, motion };
}

/** One response, token and entry for each letter: which one it is makes no difference to the values above. */
const placesIn = (side: Expr): Places =>
  new Map(freeNames(side).flatMap(({ kind, name }) => (kind === 'var' ? [[name, 1] as const] : [])));
const valueAt = (side: Expr, point: Point, where: readonly Condition[]): Real =>
  valueIn(side, settingOf(point, where).world, placesIn(side));
function tangentAt(side: Expr, point: Point, where: readonly Condition[]): Real {
  const { world, motion } = settingOf(point, where);
  return tangentIn(side, world, motion, placesIn(side));
}
const hasGradient = ({ lhs, rhs }: Rule): boolean =>
  [lhs, rhs].some((side) => some(side, ({ kind }) => kind === 'grad'));

/** An identity is one of functions: its sides are equal in value, and they move alike. */
function compare(rule: Rule, point: Point, where: readonly Condition[]): 'equal' | 'different' | 'undefined' {
  const [left, right] = [rule.lhs, rule.rhs].map((side) => valueAt(side, point, where));
  const values = near(left, right);
  if (values !== 'equal' || hasGradient(rule)) return values;
  const [rise, other] = [rule.lhs, rule.rhs].map((side) => tangentAt(side, point, where));
  return near(rise, other) === 'different' ? 'different' : 'equal';
}

function near(
  left = new Real(Number.NaN),
  right = new Real(Number.NaN),
): 'equal' | 'different' | 'undefined' {
  if (left.isNaN() && right.isNaN()) return 'undefined';
  if (left.isNaN() || right.isNaN()) return 'different';
  const scale = Real.max(1, left.abs(), right.abs());
  return Real.sub(left, right).abs().lte(Real.mul(scale, '1e-40')) ? 'equal' : 'different';
}

const metavariables = (rule: Rule): readonly string[] => freeNames(rule.lhs).map(({ name }) => name);
const about = (where: readonly Condition[], name: string): readonly Condition[] =>
  where.filter(({ of }) => 'name' in of && of.name === name);

/** Numbers of every size of interest that meet the conditions, by construction. */
function drawsOf(conditions: readonly Condition[]): fc.Arbitrary<Real> {
  const kinds = conditions.map(({ kind }) => kind);
  if (kinds.includes('integer')) throw new Error('draw whole numbers here');
  const smallest = kinds.includes('positive') || kinds.includes('nonzero') ? 1 : 0;
  const size = fc.tuple(
    fc.oneof(fc.constant(1), fc.integer({ min: smallest, max: 9999 })),
    fc.constantFrom(-12, -3, -2, -1, 0),
  );
  const signs = kinds.includes('positive') || kinds.includes('nonnegative') ? [1] : [1, -1];
  return fc
    .tuple(size, fc.constantFrom(...signs))
    .map(([[digits, shift], sign]) => new Real(`${sign * digits}e${shift}`));
}

const pointsOf = (rule: Rule): fc.Arbitrary<Point> => {
  for (const { of } of rule.where) {
    if (!('name' in of)) throw new Error(`${rule.id}: draw points with ${print(of)} in its domain here`);
  }
  const names = metavariables(rule).flatMap((name) => [name, prime(name)]);
  return fc
    .tuple(
      ...names.map((name) =>
        fc.array(drawsOf(about(rule.where, name)), { minLength: DRAWS, maxLength: DRAWS }),
      ),
    )
    .map((lists) => new Map(names.map((name, i) => [name, lists[i] ?? []])));
};

describe('an identity', () => {
  test.each(identities.map((rule) => [rule.id, rule] as const))(
    '%s holds on its domain, either side defined where the other is',
    (_, rule) => {
      let defined = 0;
      fc.assert(
        fc.property(pointsOf(rule), (point) => {
          const answer = compare(rule, point, rule.where);
          if (answer === 'equal') defined++;
          return answer !== 'different';
        }),
        { numRuns: 200 },
      );
      expect(defined).toBeGreaterThan(40);
    },
  );

  /** Conditions that could be weaker: off their domain the sides still agree or are both undefined. */
  const CONVENIENCES: Readonly<Record<string, readonly string[]>> = {
    // At zero both sides are zero, below both undefined; powers of positive numbers are all that is needed.
    'root-definition': ['_a positive'],
  };

  const GRID = ['-2', '-1', '-0.5', '0', '0.5', '1', '3'].map((x) => new Real(x));
  /** Every combination of values of the grid; on an index a value depends too. */
  const gridOf = (names: readonly string[]): readonly Point[] =>
    names.reduce<readonly Point[]>(
      (points, name) =>
        points.flatMap((point) =>
          GRID.map((_, i) => {
            const values = Array.from(
              { length: DRAWS },
              (_v, k) => GRID[(i + k) % GRID.length] ?? new Real(0),
            );
            return new Map(point).set(name, values);
          }),
        ),
      [new Map()],
    );
  const violates = (condition: Condition, point: Point, where: readonly Condition[]): boolean => {
    const value = valueAt(condition.of, point, where);
    switch (condition.kind) {
      case 'free-of':
      case 'prompt-free':
      case 'normalised':
      case 'constant':
        return !where.includes(condition);
      case 'positive':
        return value.lte(0);
      case 'nonnegative':
        return value.lt(0);
      case 'nonzero':
        return value.isZero();
      case 'integer':
        return !value.isInteger();
    }
  };
  const conditions = identities.flatMap((rule) =>
    rule.where.map((condition) => {
      const subject = `${print(condition.of)} ${condition.kind}`;
      return [rule.id, subject, rule, condition] as const;
    }),
  );

  test.each(conditions)(
    '%s: off the domain of "%s" the sides part, unless it is a convenience',
    (id, subject, rule, condition) => {
      const where = rule.where.filter((c) => c !== condition);
      const moves = rule.where.some(({ kind }) => kind === 'constant') || hasGradient(rule);
      const names = metavariables(rule).flatMap((name) => (moves ? [name, prime(name)] : [name]));
      const parts = gridOf(names).some(
        (point) => violates(condition, point, where) && compare(rule, point, where) === 'different',
      );
      expect(parts).toBe(!(CONVENIENCES[id] ?? []).includes(subject));
    },
  );

  test('every convenience names a condition', () => {
    for (const [id, subjects] of Object.entries(CONVENIENCES))
      for (const subject of subjects)
        expect(conditions.map(([rule, what]) => `${rule} ${what}`)).toContain(`${id} ${subject}`);
  });
});

describe('a row', () => {
  test.each(rules.map((rule) => [rule.id, rule] as const))('%s reads well', (id, { latex, says }) => {
    expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    const html = katex.renderToString(latex, { strict: 'error', throwOnError: true, displayMode: true });
    expect(html).toContain('katex');
    expect(says).toMatch(/^[a-z][^\n]*[^.!?,;:\s]$/);
  });

  test('is reachable: every table of the folder is enumerated, and no id names two rows', async () => {
    const folder = resolve(import.meta.dirname, '../../src/rules');
    const found: string[] = [];
    for (const file of readdirSync(folder)) {
      const exported = Object.values(
        (await import(`${folder}/${file}`)) as Readonly<Record<string, unknown>>,
      );
      for (const table of exported) {
        if (typeof table !== 'object' || table === null || table instanceof Map) continue;
        for (const [id, row] of Object.entries(table)) {
          expect(RULES.get(id), `${file}: ${id}`).toBe(row);
          found.push(id);
        }
      }
    }
    expect(found.sort()).toEqual([...RULES.keys()].sort());
  });
});

describe('what is no identity says this', () => {
  const cited: readonly (readonly [
    id: string,
    kind: Rule['kind'],
    only: string | undefined,
    lhs: string,
    rhs: string,
  ])[] = [
    ['bradley-terry', 'model', 'S5', 'prefers(_w, _l)', 'sigmoid(r(_w) - r(_l))'],
    ['policy-is-optimal', 'model', 'S4', 'pi(_y)', 'pi_star(_y)'],
    [
      'objective',
      'definition',
      undefined,
      'objective()',
      'sum(x, X, D(x) * (sum(y, Y, pi(y) * r(y)) - kl_weight() * sum(y, Y, pi(y) * log(pi(y) / zeta(y)))))',
    ],
    ['partition-function', 'definition', undefined, 'Z()', 'sum(y, Y, zeta(y) * exp(r(y) / kl_weight()))'],
    ['optimal-policy', 'definition', undefined, 'pi_star(_y)', 'zeta(_y) * exp(r(_y) / kl_weight()) / Z()'],
    ['policy-marginal', 'definition', undefined, 'policy_marginal(_y)', 'sum(x, X, D(x) * pi(_y))'],
    [
      'mutual-information',
      'definition',
      undefined,
      'mutual_information()',
      'sum(x, X, D(x) * sum(y, Y, pi(y) * log(pi(y) / policy_marginal(y))))',
    ],
    ['prior-density', 'definition', undefined, 'prior_density(_y)', 'zeta(_y) / sum(y, Y, zeta(y))'],
    ['stop-gradient-value', 'value', undefined, 'stopgrad(_a)', '_a'],
    ['gibbs-inequality', 'lemma', undefined, 'sum(y, Y, _p * log(_p / _q))', '0'],
  ];

  test('and no more', () => {
    expect(rules.flatMap(({ id, kind }) => (kind === 'identity' ? [] : [id])).sort()).toEqual(
      cited.map(([id]) => id).sort(),
    );
  });

  test.each(cited)('%s, a %s', (id, kind, only, lhs, rhs) => {
    const rule = RULES.get(id);
    expect(rule && [rule.kind, rule.only, print(rule.lhs), print(rule.rhs)]).toEqual([kind, only, lhs, rhs]);
    expect((rule?.where ?? []).map((c) => `${print(c.of)} ${c.kind}`)).toEqual(
      id === 'policy-marginal'
        ? ['_y free-of']
        : kind === 'lemma'
          ? ['_p positive', '_q positive', '_p normalised', '_q normalised']
          : [],
    );
  });

  test('an equation of values holds of values, and of no more', () => {
    for (const rule of rules.filter(({ kind }) => kind === 'value')) {
      let parted = 0;
      fc.assert(
        fc.property(pointsOf(rule), (point) => {
          if (compare(rule, point, rule.where) === 'different') parted++;
          return (
            near(...[rule.lhs, rule.rhs].map((side) => valueAt(side, point, rule.where))) !== 'different'
          );
        }),
      );
      expect(parted).toBeGreaterThan(40);
    }
  });

  test('conditions on values are open, so that a row also holds beside the point it is used at', () => {
    const kinds = new Set(rules.flatMap(({ where }) => where.map(({ kind }) => kind)));
    expect([...kinds].sort()).toEqual(['constant', 'free-of', 'normalised', 'positive', 'prompt-free']);
  });

  test('rules about sums over prompts are few, and no letter leaves such a sum that the prompt may enter', () => {
    const overPrompts = (e: Expr): boolean => e.kind === 'sum' && e.range.kind === 'prompts';
    const found = rules.filter(({ lhs, rhs }) => [lhs, rhs].some((side) => some(side, overPrompts)));
    expect(found.map(({ id }) => id)).toEqual([
      'prompt-sum-of-sum',
      'prompt-sum-of-product',
      'prompts-and-responses',
      'prompts-are-normalised',
      'objective',
      'policy-marginal',
      'mutual-information',
    ]);
    /** The letters for numbers that stand outside all sums over prompts. */
    const outside = (e: Expr): readonly string[] =>
      e.kind === 'sym' ? [e.name] : overPrompts(e) ? [] : children(e).flatMap(outside);
    const inside = (e: Expr): readonly string[] =>
      overPrompts(e)
        ? freeNames(e).flatMap(({ kind, name }) => (kind === 'sym' ? [name] : []))
        : children(e).flatMap(inside);
    for (const { lhs, rhs, where } of found)
      for (const name of [...outside(lhs), ...outside(rhs)].filter((n) =>
        [...inside(lhs), ...inside(rhs)].includes(n),
      ))
        expect(
          about(where, name)
            .map(({ kind }) => kind)
            .sort(),
        ).toEqual(['free-of', 'prompt-free']);
  });
});

describe("Gibbs' inequality", () => {
  const rule = RULES.get('gibbs-inequality');
  /** The lemma's left side at two tables of three responses. */
  const leftAt = (p: readonly Real[], q: readonly Real[]): Real => {
    if (rule === undefined) throw new Error('no such lemma');
    return valueAt(
      rule.lhs,
      new Map([
        ['_p', p],
        ['_q', q],
      ]),
      rule.where,
    );
  };
  const table = fc.array(fc.integer({ min: 1, max: 1000 }), {
    minLength: PLACES_PER_RANGE,
    maxLength: PLACES_PER_RANGE,
  });
  const normal = (weights: readonly number[]): readonly Real[] => {
    const total = weights.reduce((a, b) => a + b, 0);
    return weights.map((k) => new Real(k).div(total));
  };

  test('holds between distributions, strictly between different ones', () => {
    fc.assert(
      fc.property(table, table, (one, other) => {
        const [p, q] = [normal(one), normal(other)];
        const same = p.every((value, i) => value.eq(q[i] ?? 0));
        const left = leftAt(p, q);
        expect(same ? left.abs().lt('1e-40') : left.gt('1e-40')).toBe(true);
      }),
    );
  });

  test.each<[what: string, p: readonly string[], q: readonly string[]]>([
    ['q is larger than a distribution', ['0.5', '0.3', '0.2'], ['0.6', '0.4', '0.3']],
    ['p is smaller than one', ['0.2', '0.2', '0.2'], ['0.3', '0.3', '0.4']],
    ['both are negative somewhere', ['2', '-1.5', '0.5'], ['3', '-2.5', '0.5']],
  ])('fails where %s', (_, p, q) => {
    const reals = (texts: readonly string[]): readonly Real[] => texts.map((text) => new Real(text));
    expect(leftAt(reals(p), reals(q)).lt('-0.01')).toBe(true);
  });
});
