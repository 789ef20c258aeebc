import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { same } from '../../src/expr/binder.ts';
import { NOTHING_DECLARED } from '../../src/expr/declare.ts';
import type { Expr, Var } from '../../src/expr/expr.ts';
import {
  add,
  apply,
  call,
  freeze,
  minus,
  mul,
  num,
  pow,
  reciprocal,
  sum,
  sym,
  variable,
} from '../../src/expr/expr.ts';
import type { FnName } from '../../src/expr/function.ts';
import { FUNCTIONS } from '../../src/expr/function.ts';
import { rational } from '../../src/expr/rational.ts';
import { parse } from '../../src/syntax/parse.ts';
import { print } from '../../src/syntax/print.ts';
import type { Scope } from '../../src/syntax/scope.ts';
import { FORMULA_SCOPE } from '../../src/syntax/scope.ts';

describe('readable', () => {
  test.each([
    '-log(sigmoid(beta * (log(pi(w)) / len(w) - log(pi(l)) / len(l)) - gamma))',
    'ref(y) * exp(-alpha / beta * len(y))',
    'ref(y)^(1 / alpha)',
    'pi(y)^(1 - 1 / len(y))',
    '2/3 * a - 1/2',
    'a - 2 * b + c',
    '(a + b)^2 / (c * d)',
    '1 / a',
    '-1 / a',
    '2^(-1)',
    'x1^(1/2)',
    'a / (b / c)',
    'a * (-b)',
    'a * (1/2)',
    'sum(t, y, indicator(t <= min(len(w), len(l))) * log(pi(y, t)))',
    'sum(t, w, sum(v, V, ref(w, t, v) * log(ref(w, t, v) / pi(w, t, v))))',
    'stopgrad(min(1, exp(c1 + c2)))',
    'sum(x, X, D(x) * sum(y, Y, pi(y) * r(y))) / Z()',
  ])('%s is printed as it is written', (text) => {
    expect(print(parse(text))).toBe(text);
  });

  const [a, b] = [sym('a'), sym('b')];
  test.each<[tree: Expr, text: string]>([
    [mul([num(2), reciprocal(num(3)), a]), '2 * 3^(-1) * a'],
    [mul([num(1), reciprocal(a)]), '1 * a^(-1)'],
    [mul([num(-1), num(2)]), '-1 * 2'],
    [minus(minus(a)), '-(-a)'],
    [pow(num(-2), a), '(-2)^a'],
    [pow(num(rational(1, 2)), a), '(1/2)^a'],
    [reciprocal(reciprocal(a)), '1 / (1 / a)'],
    [add([a, add([b, a])]), 'a + (b + a)'],
    [add([minus(a), minus(b)]), '-a - b'],
  ])('%#: a tree that nobody writes', (tree, text) => {
    expect(print(tree)).toBe(text);
    expect(parse(text)).toEqual(tree);
  });
});

test('an index that shares its name with a hyper-parameter is renamed', () => {
  const [t, y] = [variable('t', 'token'), variable('y', 'response')];
  const e = mul([sym('t'), sym('t_1'), sum(t, { kind: 'tokens', of: y }, add([sym('t'), t]))]);
  expect(print(e)).toBe('t * t_1 * sum(t_2, y, t + t_2)');
  expect(same(parse(print(e)), e)).toBe(true);
});

describe('parse reads back what print writes', () => {
  const scope: Scope = {
    ...FORMULA_SCOPE,
    declared: {
      ...NOTHING_DECLARED,
      data: {
        ...NOTHING_DECLARED.data,
        phi: {
          is: 'real',
          shapes: [['response', 'response']],
          distribution: false,
          prompt: true,
          policy: false,
        },
      },
    },
  };
  const functions = Object.keys(FUNCTIONS) as FnName[];
  const numbers: fc.Arbitrary<Expr> = fc
    .tuple(fc.bigInt({ min: -12n, max: 12n }), fc.constantFrom(1n, 1n, 2n, 3n, 10n))
    .map(([n, d]) => num(rational(n, d)));
  // `t` is also an index below: printing has to keep the two apart.
  const names = fc.constantFrom('a', 'beta', 't', 'constructor', '__proto__', 'e').map(sym);
  const INDICES: readonly [Var, 'tokens' | 'vocabulary' | 'responses' | 'prompts'][] = [
    [variable('t', 'token'), 'tokens'],
    [variable('s', 'token'), 'tokens'],
    [variable('v', 'vocab'), 'vocabulary'],
    [variable('y', 'response'), 'responses'],
    [variable('x', 'prompt'), 'prompts'],
  ];

  /** Expressions of at most this height over the variables in scope. */
  const expressions = (height: number, bound: readonly Var[]): fc.Arbitrary<Expr> => {
    const ofSort = (sort: Var['sort']): fc.Arbitrary<Expr> =>
      fc.constantFrom(...bound.filter((v) => v.sort === sort));
    const position = fc.oneof(
      fc.integer({ min: 1, max: 9 }).map((i) => num(i)),
      ...(bound.some((v) => v.sort === 'token') ? [ofSort('token')] : []),
    );
    const leaves: fc.Arbitrary<Expr>[] = [
      numbers,
      names,
      ofSort('response').map((y) => apply('len', [y])),
      fc.tuple(ofSort('response'), ofSort('response')).map((args) => apply('phi', args)),
      fc.tuple(ofSort('response'), position).map((args) => apply('pi', args)),
      fc.constant(apply('Z', [])),
      ofSort('prompt').map((x) => apply('D', [x])),
    ];
    if (bound.some((v) => v.sort === 'token')) leaves.push(ofSort('token'));
    if (bound.some((v) => v.sort === 'vocab')) {
      leaves.push(fc.tuple(ofSort('response'), position, ofSort('vocab')).map((args) => apply('ref', args)));
    }
    if (height === 0) return fc.oneof(...leaves);
    const part = expressions(height - 1, bound);
    const parts = fc.array(part, { minLength: 2, maxLength: 4 });
    return fc.oneof(
      { weight: 2, arbitrary: fc.oneof(...leaves) },
      { weight: 3, arbitrary: parts.map(add) },
      { weight: 3, arbitrary: parts.map(mul) },
      { weight: 2, arbitrary: part.map(reciprocal) },
      { weight: 2, arbitrary: part.map(minus) },
      { weight: 2, arbitrary: fc.tuple(part, part).map(([base, exponent]) => pow(base, exponent)) },
      part.map(freeze),
      fc
        .constantFrom(...functions)
        .chain((fn) =>
          fc
            .array(part, { minLength: FUNCTIONS[fn].min, maxLength: FUNCTIONS[fn].max ?? 4 })
            .map((args) => call(fn, args)),
        ),
      fc.constantFrom(...INDICES).chain(([index, kind]) => {
        const inside = [...bound.filter((v) => v.name !== index.name), index];
        return fc
          .tuple(expressions(height - 1, inside), ofSort('response'))
          .map(([body, of]) => sum(index, kind === 'tokens' ? { kind, of } : { kind }, body));
      }),
    );
  };
  const free = [
    variable('w', 'response'),
    variable('l', 'response'),
    variable('y', 'response'),
    variable('x', 'prompt'),
  ];

  test('any expression', () => {
    fc.assert(
      fc.property(expressions(4, free), (e) => {
        const text = print(e);
        const back = parse(text, scope);
        expect(same(back, e), text).toBe(true);
        // What has been read once is printed for good.
        expect(print(back)).toBe(text);
      }),
      { numRuns: 3000 },
    );
  });

  test('the longest and the smallest literals', () => {
    for (const text of [
      '1e400',
      '1e-400',
      `${'7'.repeat(400)}e400`,
      `${'7'.repeat(400)}`,
      '-3e-400',
      `1${'0'.repeat(399)}e400`,
    ]) {
      const e = parse(text);
      expect(parse(print(e))).toEqual(e);
      expect(parse(print(mul([e, sym('a')])))).toEqual(mul([e, sym('a')]));
    }
  });
});
