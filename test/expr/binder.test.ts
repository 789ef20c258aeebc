/** Free and bound names, equality up to bound names, and substitution against evaluation. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { freeNames, freshName, occursFree, same, substitute } from '../../src/expr/binder.ts';
import type { Expr, Sort, Sym, Var } from '../../src/expr/expr.ts';
import { add, apply, INDEX_SORT, log, mul, num, sum, sym, variable } from '../../src/expr/expr.ts';
import { children, withChildren } from '../../src/expr/walk.ts';
import type { Language } from '../arbitrary/expr.ts';
import { expressions, FULL } from '../arbitrary/expr.ts';
import type { Places, World } from '../arbitrary/value.ts';
import { Real, valueIn } from '../arbitrary/value.ts';

const [w, l, y] = [variable('w', 'response'), variable('l', 'response'), variable('y', 'response')];
const [s, t, u] = [variable('s', 'token'), variable('t', 'token'), variable('u', 'token')];
const v = variable('v', 'vocab');
const [a, b] = [sym('a'), sym('b')];
const pi = (...args: readonly Expr[]): Expr => apply('pi', args);
const over = (of: Expr, index: Var, body: Expr): Expr => sum(index, { kind: 'tokens', of }, body);
const entries = (index: Var, body: Expr): Expr => sum(index, { kind: 'vocabulary' }, body);

/** Free names include those that sums bind, so that capture is possible everywhere. */
const OPEN: Language = {
  ...FULL,
  height: 3,
  parameters: ['a', 'b', 't', 's'],
  free: [...FULL.free, s, t, v],
};

describe('same', () => {
  test.each<[what: string, left: Expr, right: Expr, equal: boolean]>([
    ['a renamed index', over(y, t, pi(y, t)), over(y, s, pi(y, s)), true],
    ['another response', over(y, t, pi(y, t)), over(w, t, pi(y, t)), false],
    ['an index freed', over(y, t, pi(y, t)), over(y, s, pi(y, t)), false],
    ['a free name caught', over(y, t, pi(y, s)), over(y, s, pi(y, s)), false],
    ['two binders exchanged', over(y, t, over(y, s, pi(w, t))), over(y, s, over(y, t, pi(w, s))), true],
    ['inner for outer', over(y, t, over(y, s, pi(w, t))), over(y, t, over(y, s, pi(w, s))), false],
    ['shadowing', over(y, t, over(y, t, pi(w, t))), over(y, t, over(y, s, pi(w, s))), true],
    ['shadowing the other way', over(y, t, over(y, t, pi(w, t))), over(y, s, over(y, t, pi(w, s))), false],
    ['a hyper-parameter named like an index', over(y, t, sym('t')), over(y, s, sym('t')), true],
    ['a hyper-parameter for an index', over(y, t, t), over(y, t, sym('t')), false],
    [
      'a range that is not under its own index',
      sum(y, { kind: 'responses' }, over(y, t, t)),
      sum(w, { kind: 'responses' }, over(w, t, t)),
      true,
    ],
    ['vocabulary for tokens', over(y, t, num(1)), entries(v, num(1)), false],
    [
      'prompts for responses',
      sum(y, { kind: 'responses' }, num(1)),
      sum(variable('y', 'prompt'), { kind: 'prompts' }, num(1)),
      false,
    ],
    ['another sort', t, variable('t', 'vocab'), false],
    ['terms in another order', add([a, b]), add([b, a]), false],
    ['other grouping', add([a, add([b, a])]), add([a, b, a]), false],
    ['a sum for a product', add([a, b]), mul([a, b]), false],
    ['more terms', add([a, b]), add([a, b, a]), false],
    ['data for a parameter', apply('a', []), a, false],
  ])('%s', (_, left, right, equal) => {
    expect(same(left, right)).toBe(equal);
    expect(same(right, left)).toBe(equal);
  });

  /** Bound variables by the distance to their binder: a notation in which renaming is invisible. */
  function nameless(e: Expr, bound: readonly string[] = []): unknown {
    if (e.kind === 'num') return `${e.value.n}/${e.value.d}`;
    if (e.kind === 'sym') return ['sym', e.name];
    if (e.kind === 'var') return [e.sort, bound.includes(e.name) ? bound.indexOf(e.name) : e.name];
    const head = e.kind === 'call' ? e.fn : e.kind === 'apply' ? e.name : e.kind;
    if (e.kind !== 'sum') return [e.kind, head, ...children(e).map((part) => nameless(part, bound))];
    const of = e.range.kind === 'tokens' ? nameless(e.range.of, bound) : e.range.kind;
    return [e.range.kind, of, nameless(e.body, [e.index.name, ...bound])];
  }

  /** Every index renamed by turns, without regard for what that catches. */
  function scramble(e: Expr, turns: readonly number[]): Expr {
    let k = 0;
    const go = (node: Expr, names: ReadonlyMap<string, string>): Expr => {
      if (node.kind === 'var') return variable(names.get(node.name) ?? node.name, node.sort);
      if (node.kind !== 'sum')
        return withChildren(
          node,
          children(node).map((part) => go(part, names)),
        );
      const name = ['t', 's', 'v', 'y', 'fresh'].at((turns[k++ % turns.length] ?? 0) % 5) ?? '';
      const range =
        node.range.kind === 'tokens' ? { kind: node.range.kind, of: go(node.range.of, names) } : node.range;
      const index = variable(name, INDEX_SORT[range.kind]);
      return sum(index, range, go(node.body, new Map(names).set(node.index.name, name)));
    };
    return go(e, new Map());
  }

  const TOKENS: Language = {
    ...OPEN,
    height: 4,
    functions: ['exp'],
    indices: [s, t, u],
    largestNumerator: 2n,
  };
  const pair = fc
    .tuple(expressions(TOKENS), fc.array(fc.nat(4), { minLength: 1, maxLength: 4 }))
    .map(([e, turns]): readonly [Expr, Expr] => [e, scramble(e, turns)]);

  test('it is equality of the nameless notation, whatever an index is called', () => {
    const seen = { equal: 0, different: 0 };
    fc.assert(
      fc.property(pair, ([e, other]) => {
        const equal = JSON.stringify(nameless(e)) === JSON.stringify(nameless(other));
        seen[equal ? 'equal' : 'different']++;
        expect(same(e, other)).toBe(equal);
        expect(same(other, e)).toBe(equal);
        expect(same(e, e)).toBe(true);
      }),
      { numRuns: 2000 },
    );
    // Both answers were tried.
    expect(Math.min(seen.equal, seen.different)).toBeGreaterThan(100);
  });

  test('it is transitive', () => {
    fc.assert(
      fc.property(pair, pair, ([e, f], [g]) => {
        for (const [p, q, r] of [
          [e, f, g],
          [f, e, f],
          [g, e, f],
        ] as const)
          if (same(p, q) && same(q, r)) expect(same(p, r)).toBe(true);
      }),
    );
  });
});

describe('free names', () => {
  test.each<[what: string, e: Expr, names: readonly string[]]>([
    ['in order, once each', add([b, a, mul([b, pi(w)])]), ['b', 'a', 'w']],
    ['not the bound', over(y, t, pi(y, t)), ['y']],
    ['free outside, bound inside', mul([over(y, t, t), t]), ['y', 't']],
    ['a parameter under an index of its name', over(y, t, sym('t')), ['y', 't']],
    ['the range stands outside the binder', sum(y, { kind: 'responses' }, over(y, t, pi(w))), ['w']],
    ['none', entries(v, num(1)), []],
  ])('%s', (_, e, names) => {
    expect(freeNames(e).map(({ name }) => name)).toEqual(names);
  });

  const names: fc.Arbitrary<Sym | Var> = fc.constantFrom(a, sym('t'), t, s, v, w, y);

  test('a name occurs free if and only if it is listed', () => {
    fc.assert(
      fc.property(expressions(OPEN), names, (e, name) => {
        const listed = freeNames(e).filter((other) => other.kind === name.kind && other.name === name.name);
        expect(listed.length).toBe(occursFree(e, name) ? 1 : 0);
      }),
      { numRuns: 1000 },
    );
  });

  test('a name that is not free is not replaced; a replaced name is not free', () => {
    fc.assert(
      fc.property(expressions(OPEN), names, (e, name) => {
        const fresh = name.kind === 'sym' ? sym('elsewhere') : variable('elsewhere', name.sort);
        const replaced = substitute(e, [[name, fresh]]);
        expect(occursFree(replaced, name)).toBe(false);
        expect(occursFree(replaced, fresh)).toBe(occursFree(e, name));
        if (!occursFree(e, name)) expect(same(replaced, e)).toBe(true);
        expect(same(substitute(replaced, [[fresh, name]]), e)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test('a fresh name keeps the sort and avoids what is free, not what is bound', () => {
    expect(freshName(t, [a])).toBe(t);
    expect(freshName(t, [sym('t'), over(y, t, t)])).toBe(t);
    expect(freshName(t, [pi(y, t), variable('t_1', 'token')])).toEqual(variable('t_2', 'token'));
  });
});

describe('substitution', () => {
  type Row = [what: string, e: Expr, name: Sym | Var, by: Expr, to: Expr];
  test.each<Row>([
    ['a parameter', mul([a, log(a)]), a, b, mul([b, log(b)])],
    ['a response, in the range too', over(y, t, pi(y, t)), y, w, over(w, t, pi(w, t))],
    ['a token number', pi(y, t), t, num(3), pi(y, num(3))],
    ['not the bound', over(y, t, pi(y, t)), t, num(3), over(y, t, pi(y, t))],
    ['not the parameter of that name', add([t, sym('t')]), t, num(3), add([num(3), sym('t')])],
    [
      'an index out of the way',
      over(y, t, mul([a, pi(y, t)])),
      a,
      pi(w, t),
      over(y, s, mul([pi(w, t), pi(y, s)])),
    ],
    [
      'of two indices only the one in the way',
      over(y, t, over(y, s, mul([a, t, s]))),
      a,
      s,
      over(y, t, over(y, u, mul([s, t, u]))),
    ],
    [
      'both indices out of the way',
      over(y, t, over(y, s, mul([a, t, s]))),
      a,
      add([s, t]),
      over(y, u, over(y, variable('r', 'token'), mul([add([s, t]), u, variable('r', 'token')]))),
    ],
    [
      'the response index',
      sum(y, { kind: 'responses' }, mul([a, pi(y)])),
      a,
      pi(y),
      sum(l, { kind: 'responses' }, mul([pi(y), pi(l)])),
    ],
    [
      'the range outside, the body bound',
      sum(y, { kind: 'responses' }, over(y, t, pi(w, t))),
      w,
      y,
      sum(l, { kind: 'responses' }, over(l, t, pi(y, t))),
    ],
    ['a parameter where an index of its name is bound', over(y, t, sym('t')), sym('t'), t, over(y, s, t)],
    [
      'nothing in the way: the new name is taken',
      over(y, t, mul([a, t, variable('t_1', 'token')])),
      a,
      t,
      over(y, s, mul([t, s, variable('t_1', 'token')])),
    ],
  ])('%s', (_, e, name, by, to) => {
    const found = substitute(e, [[name, by]]);
    expect(
      same(found, to),
      JSON.stringify(found, (_k, x) => (typeof x === 'bigint' ? `${x}` : x)),
    ).toBe(true);
  });

  test('all at once: names can change places', () => {
    const e = over(w, t, add([pi(w, t), pi(l, t), a, b]));
    const swapped = substitute(e, [
      [w, l],
      [l, w],
      [a, b],
      [b, a],
    ]);
    expect(same(swapped, over(l, t, add([pi(l, t), pi(w, t), b, a])))).toBe(true);
  });

  test('what does not change is shared', () => {
    const e = over(w, t, pi(w, t));
    expect(substitute(e, [])).toBe(e);
    const both = add([e, a]);
    expect(children(substitute(both, [[a, b]]))[0]).toEqual(e);
    expect(children(substitute(add([pi(w), a]), [[a, b]]))[0]).toEqual(pi(w));
  });

  const hash = (text: string): number => {
    let h = 2166136261;
    for (const c of text) h = Math.imul(h ^ (c.codePointAt(0) ?? 0), 16777619);
    return 0.1 + ((h >>> 5) % 1999) / 1000;
  };
  const WORLD: World = {
    parameter: (name) => new Real(hash(name)),
    datum: (name, args) => new Real(hash(`${name} ${args.join()}`)),
    count: (range, of) => (range === 'tokens' ? of : range === 'responses' ? 3 : 2),
  };
  const PLACES: Places = new Map([
    ['w', 1],
    ['l', 2],
    ['y', 3],
    ['x', 2],
    ['s', 1],
    ['t', 3],
    ['v', 2],
  ]);

  const responses = fc.constantFrom<Expr[]>(w, l, y);
  const tokens = fc.oneof(fc.constantFrom<Expr[]>(s, t), fc.integer({ min: 1, max: 9 }).map(num));
  const SMALL: Language = { ...OPEN, height: 1 };
  const bySort: Readonly<Record<Sort, fc.Arbitrary<Expr>>> = {
    response: responses,
    token: tokens,
    vocab: fc.constant(v),
    prompt: fc.constant(variable('x', 'prompt')),
  };
  const replacements = fc
    .tuple(
      fc
        .uniqueArray(fc.constantFrom(sym('a'), sym('t')), { selector: ({ name }) => name })
        .chain((names) =>
          fc.tuple(
            ...names.map((name) => expressions(SMALL).map((by): readonly [Sym | Var, Expr] => [name, by])),
          ),
        ),
      fc
        .uniqueArray(fc.constantFrom(w, y, t, s), { selector: ({ name }) => name })
        .chain((names) =>
          fc.tuple(
            ...names.map((name) => bySort[name.sort].map((by): readonly [Sym | Var, Expr] => [name, by])),
          ),
        ),
    )
    .map(([parameters, variables]) => [...parameters, ...variables]);

  test('it commutes with evaluation', () => {
    let defined = 0;
    fc.assert(
      fc.property(expressions(OPEN), replacements, (e, list) => {
        const places = new Map(PLACES);
        const values = new Map<string, Real>();
        for (const [name, by] of list) {
          if (name.kind === 'sym') values.set(name.name, valueIn(by, WORLD, PLACES));
          else places.set(name.name, valueIn(by, WORLD, PLACES).toNumber());
        }
        const world: World = {
          ...WORLD,
          parameter: (name, at) => values.get(name) ?? WORLD.parameter(name, at),
        };
        const [before, after] = [valueIn(e, world, places), valueIn(substitute(e, list), WORLD, PLACES)];
        if (!before.isNaN()) defined++;
        // The same operations in the same order: equal to the last digit, or both undefined.
        expect(after.toString()).toBe(before.toString());
      }),
      { numRuns: 1500 },
    );
    expect(defined).toBeGreaterThan(700);
  });
});
