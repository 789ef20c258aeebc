/** Paths, rebuilding and measuring: every way into an expression leads out again. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Expr } from '../../src/expr/expr.ts';
import { add, apply, call, freeze, log, mul, num, pow, sum, sym, variable } from '../../src/expr/expr.ts';
import {
  at,
  children,
  depth,
  mapChildren,
  nodes,
  rebuild,
  replaceAt,
  size,
  some,
  withChildren,
} from '../../src/expr/walk.ts';
import { expressions, FULL } from '../arbitrary/expr.ts';

const any = expressions(FULL);
const [a, b] = [sym('a'), sym('b')];
const [y, t] = [variable('y', 'response'), variable('t', 'token')];
const MARK = sym('marked');

describe('children', () => {
  test.each<[what: string, e: Expr, parts: readonly Expr[]]>([
    ['a number', num(2), []],
    ['a parameter', a, []],
    ['a variable', t, []],
    ['data', apply('pi', [y, t]), [y, t]],
    ['a sum of terms', add([a, b, a]), [a, b, a]],
    ['a product', mul([b, a]), [b, a]],
    ['a power', pow(a, b), [a, b]],
    ['a call', call('max', [a, b]), [a, b]],
    ['a token sum: its response, then its body', sum(t, { kind: 'tokens', of: y }, a), [y, a]],
    ['another sum: its body', sum(y, { kind: 'responses' }, a), [a]],
    ['a stop-gradient', freeze(a), [a]],
  ])('of %s', (_, e, parts) => {
    expect(children(e)).toEqual(parts);
    expect(withChildren(e, parts)).toEqual(e);
  });

  test.each<Expr>([
    pow(a, b),
    sum(t, { kind: 'tokens', of: y }, a),
    sum(y, { kind: 'responses' }, a),
    freeze(a),
  ])('%#: too few are refused', (e) => {
    expect(() => withChildren(e, children(e).slice(1))).toThrow(RangeError);
  });

  test('the same node over its own children is the same expression', () => {
    fc.assert(
      fc.property(any, (e) => {
        expect(withChildren(e, children(e))).toEqual(e);
      }),
    );
  });
});

describe('rebuilding', () => {
  test('what does not change is the very same object', () => {
    fc.assert(
      fc.property(any, (e) => {
        expect(mapChildren(e, (part) => part)).toBe(e);
        expect(rebuild(e, (node) => node)).toBe(e);
      }),
    );
  });

  test('a change shares what is beside it', () => {
    const [left, right] = [log(a), log(b)];
    const changed = rebuild(add([left, right]), (node) => (node === b ? MARK : node));
    expect(changed).toEqual(add([log(a), log(MARK)]));
    expect(children(changed)[0]).toBe(left);
  });

  test('each node is seen once, its children already rebuilt, and counted from 0', () => {
    const seen: Expr[] = [];
    rebuild(pow(a, log(b)), (node) => {
      seen.push(node);
      return node === b ? a : node;
    });
    expect(seen).toEqual([a, b, log(a), pow(a, log(a))]);
    const places: number[] = [];
    mapChildren(add([a, b, a]), (part, i) => {
      places.push(i);
      return part;
    });
    expect(places).toEqual([0, 1, 2]);
  });
});

describe('paths', () => {
  test('every node is found at its path, and put back there changes nothing', () => {
    fc.assert(
      fc.property(any, (e) => {
        for (const [node, path] of nodes(e)) {
          expect(at(e, path)).toBe(node);
          expect(replaceAt(e, path, node)).toEqual(e);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('a replacement is found where it was put, and nothing else has moved', () => {
    const place = any.chain((e) => {
      const all = [...nodes(e)].map(([, path]) => path);
      return fc.tuple(fc.constant(e), fc.constantFrom(...all), fc.constantFrom(...all));
    });
    fc.assert(
      fc.property(place, ([e, path, other]) => {
        const changed = replaceAt(e, path, MARK);
        if (changed === undefined) throw new Error('a path of the tree leads nowhere');
        expect(at(changed, path)).toBe(MARK);
        const apart = path.some((step, i) => i < other.length && other[i] !== step);
        if (apart) expect(at(changed, other)).toBe(at(e, other));
        expect(replaceAt(changed, path, at(e, path) ?? MARK)).toEqual(e);
      }),
      { numRuns: 1000 },
    );
  });

  const e = add([a, log(b)]);
  test.each<[path: readonly number[]]>([
    [[2]],
    [[-1]],
    [[0.5]],
    [[Number.NaN]],
    [[1e300]],
    [[0, 0]],
    [[1, 1]],
    [[1, 0, 0, 0]],
  ])('%j leaves the tree', (path) => {
    expect(at(e, path)).toBeUndefined();
    expect(replaceAt(e, path, MARK)).toBeUndefined();
  });

  test('the order is outermost first, left to right', () => {
    expect([...nodes(e)].map(([, path]) => path)).toEqual([[], [0], [1], [1, 0]]);
  });
});

describe('measures', () => {
  const height = (e: Expr): number => 1 + Math.max(0, ...children(e).map(height));

  test('size counts the nodes, depth the levels', () => {
    fc.assert(
      fc.property(any, fc.integer({ min: 0, max: 8 }), (e, limit) => {
        expect(size(e)).toBe([...nodes(e)].length);
        expect(depth(e, 100)).toBe(height(e));
        expect(depth(e, limit)).toBe(Math.min(height(e), limit + 1));
      }),
    );
  });

  test('depth is safe on a tree too deep to recurse into', () => {
    let deep: Expr = a;
    for (let k = 0; k < 100_000; k++) deep = log(deep);
    expect(depth(deep, 50)).toBe(51);
    expect(depth(deep, 200_000)).toBe(100_001);
  });

  test('some finds what is there, the expression itself included', () => {
    const isMark = (node: Expr): boolean => node === MARK;
    fc.assert(
      fc.property(any, (e) => {
        expect(some(e, isMark)).toBe(false);
        expect(some(e, (node) => node === e)).toBe(true);
        for (const [, path] of nodes(e)) expect(some(replaceAt(e, path, MARK) ?? e, isMark)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

test('every node is frozen, and keeps no list that was handed in', () => {
  fc.assert(
    fc.property(any, (e) => {
      for (const [node] of nodes(e))
        for (const part of [node, ...Object.values({ ...node })]) expect(Object.isFrozen(part)).toBe(true);
    }),
    { numRuns: 200 },
  );
  const terms = [a, b];
  const total = add(terms);
  terms.push(a);
  expect(total.terms).toEqual([a, b]);
});
