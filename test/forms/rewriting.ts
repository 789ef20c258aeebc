/**
 * Rewritings that keep the value, written for the tests and apart from the rule tables: each takes a node and a
 * choice and gives an equal node, or undefined where it does not apply. What must be positive is so by its shape.
 */

import fc from 'fast-check';
import { freshName, occursFree, same, substitute } from '../../src/expr/binder.ts';
import type { Declarations } from '../../src/expr/declare.ts';
import { datumOf, domainOf } from '../../src/expr/declare.ts';
import type { Expr } from '../../src/expr/expr.ts';
import {
  add,
  apply,
  call,
  divide,
  exp,
  log,
  minus,
  mul,
  num,
  pow,
  reciprocal,
  sigmoid,
  subtract,
  sum,
  sym,
  variable,
} from '../../src/expr/expr.ts';
import { isInteger, plus, rational, sameRational } from '../../src/expr/rational.ts';
import { nodes, replaceAt, size } from '../../src/expr/walk.ts';

/** What a rewriting may choose: a number, and expressions that are defined wherever the ground is. */
export interface Choice {
  readonly k: number;
  readonly real: Expr;
  readonly positive: Expr;
  readonly declared: Declarations;
}
type Rewriting = (e: Expr, choice: Choice) => Expr | undefined;

/** Positive wherever it is defined, by its shape and the declared domains. */
export function isPositive(e: Expr, declared: Declarations): boolean {
  const inner = (part: Expr): boolean => isPositive(part, declared);
  switch (e.kind) {
    case 'num':
      return e.value.n > 0n;
    case 'sym':
      return ['positive', 'open-unit'].includes(domainOf(declared, e.name));
    case 'apply':
      return ['positive', 'open-unit'].includes(datumOf(declared, e.name)?.is ?? 'real');
    case 'var':
      return true;
    case 'grad':
      return false;
    case 'add':
      return e.terms.length > 0 && e.terms.every(inner);
    case 'mul':
      return e.factors.every(inner);
    case 'pow':
      return inner(e.base);
    case 'call':
      return ['exp', 'sigmoid', 'softplus'].includes(e.fn) || (e.fn === 'sqrt' && e.args.every(inner));
    case 'sum':
    case 'freeze':
      return inner(e.body);
  }
}

const ONE = num(1);
const TWO = num(2);
const HALF = num(rational(1, 2));
const onePlus = (e: Expr): Expr => add([ONE, e]);
const softplus = (u: Expr): Expr => call('softplus', [u]);
const tanh = (u: Expr): Expr => call('tanh', [u]);
const relu = (u: Expr): Expr => call('relu', [u]);
const max = (...args: readonly Expr[]): Expr => call('max', args);
const min = (...args: readonly Expr[]): Expr => call('min', args);

/** One of the spellings, by the choice's number. */
const spell =
  (fn: string, ...spellings: readonly ((u: Expr, v: Expr, w: Expr) => Expr)[]): Rewriting =>
  (e, { k }) => {
    if (e.kind !== 'call' || e.fn !== fn) return undefined;
    const [u = ONE, v = ONE, w = ONE] = e.args;
    return e.args.length <= 3 ? spellings[k % spellings.length]?.(u, v, w) : undefined;
  };

const rotated = <T>(items: readonly T[], k: number): readonly T[] => {
  const from = k % Math.max(1, items.length);
  const turned = [...items.slice(from), ...items.slice(0, from)];
  return k % 2 === 0 ? turned : turned.reverse();
};
const without = <T>(items: readonly T[], i: number): readonly T[] => items.toSpliced(i, 1);
const sumOf = (terms: readonly Expr[]): Expr => (terms.length === 1 ? (terms[0] ?? ONE) : add(terms));
const productOf = (factors: readonly Expr[]): Expr =>
  factors.length === 1 ? (factors[0] ?? ONE) : mul(factors);

/** The arguments of a call of one argument. */
const argOf = (e: Expr, fn: string): Expr | undefined =>
  e.kind === 'call' && e.fn === fn ? e.args[0] : undefined;

const ARRANGING: Readonly<Record<string, Rewriting>> = {
  commute: (e, { k }) =>
    e.kind === 'add' ? add(rotated(e.terms, k)) : e.kind === 'mul' ? mul(rotated(e.factors, k)) : undefined,
  group: (e, { k }) => {
    const parts = e.kind === 'add' ? e.terms : e.kind === 'mul' ? e.factors : [];
    if (parts.length < 3) return undefined;
    const at = 1 + (k % (parts.length - 1));
    const halves = [parts.slice(0, at), parts.slice(at)];
    return e.kind === 'add' ? add(halves.map(sumOf)) : mul(halves.map(productOf));
  },
  flatten: (e) => {
    if (e.kind === 'add') return add(e.terms.flatMap((t) => (t.kind === 'add' ? t.terms : [t])));
    return e.kind === 'mul' ? mul(e.factors.flatMap((f) => (f.kind === 'mul' ? f.factors : [f]))) : undefined;
  },
  distribute: (e) => {
    if (e.kind !== 'mul') return undefined;
    const i = e.factors.findIndex(({ kind }) => kind === 'add');
    const one = e.factors[i];
    return one?.kind === 'add' ? add(one.terms.map((term) => mul(e.factors.with(i, term)))) : undefined;
  },
  'factor out anything positive': (e, { positive }) =>
    e.kind === 'add' ? mul([positive, add(e.terms.map((term) => divide(term, positive)))]) : undefined,
  'factor out what is common': (e) => {
    const [first, second, ...rest] = e.kind === 'add' ? e.terms : [];
    if (first?.kind !== 'mul' || second?.kind !== 'mul') return undefined;
    const i = first.factors.findIndex((f) => second.factors.some((g) => same(f, g)));
    const common = first.factors[i];
    if (common === undefined) return undefined;
    const j = second.factors.findIndex((g) => same(common, g));
    return sumOf([
      mul([common, add([mul(without(first.factors, i)), mul(without(second.factors, j))])]),
      ...rest,
    ]);
  },
  'add and subtract': (e, { real }) => add([e, real, minus(real)]),
  'subtract and add around': (e, { real }) => add([real, subtract(e, real)]),
  'multiply and divide': (e, { positive }) => mul([divide(e, positive), positive]),
  'halve twice': (e) => add([mul([HALF, e]), mul([HALF, e])]),
  'negate twice': (e) => minus(minus(e)),
  'reciprocal twice': (e, { declared }) => (isPositive(e, declared) ? reciprocal(reciprocal(e)) : undefined),
  'split a number': (e, { k }) =>
    e.kind === 'num' ? add([num(plus(e.value, rational(-k, 3))), num(rational(k, 3))]) : undefined,
  'square of a sum': (e) => {
    if (e.kind !== 'pow' || e.base.kind !== 'add' || e.exponent.kind !== 'num') return undefined;
    if (!sameRational(e.exponent.value, rational(2))) return undefined;
    const [first = ONE, ...rest] = e.base.terms;
    const other = sumOf(rest);
    return add([pow(first, TWO), mul([TWO, first, other]), pow(other, TWO)]);
  },
  'square as a product': (e) =>
    e.kind === 'pow' && e.exponent.kind === 'num' && sameRational(e.exponent.value, rational(2))
      ? mul([e.base, e.base])
      : undefined,
  'difference of squares': (e, { real }) =>
    // e = ((e + r)^2 - (e - r)^2) / 4r needs r to be non-zero; (e + 1)^2 - e^2 - e - 1 = e does not.
    size(e) < 30 && size(real) < 10
      ? add([pow(onePlus(e), TWO), minus(pow(e, TWO)), minus(e), num(-1)])
      : undefined,
};

const LOGARITHMS: Readonly<Record<string, Rewriting>> = {
  'log of a product': (e, { declared }) => {
    const u = argOf(e, 'log');
    return u?.kind === 'mul' && u.factors.every((f) => isPositive(f, declared))
      ? add(u.factors.map(log))
      : undefined;
  },
  'log of a power': (e, { declared }) => {
    const u = argOf(e, 'log');
    return u?.kind === 'pow' && isPositive(u.base, declared) ? mul([u.exponent, log(u.base)]) : undefined;
  },
  'log of a product with the rest': (e, { declared }) => {
    const terms = e.kind === 'add' ? e.terms : [e];
    const i = terms.findIndex((term) => {
      const u = argOf(term, 'log');
      return u !== undefined && isPositive(u, declared);
    });
    const u = i < 0 ? undefined : argOf(terms[i] ?? e, 'log');
    return u === undefined ? undefined : log(mul([u, exp(add(without(terms, i)))]));
  },
  'log of exp': (e) => log(exp(e)),
  'log of exp undone': (e) => {
    const u = argOf(e, 'log');
    return u === undefined ? undefined : argOf(u, 'exp');
  },
  'exp of log': (e, { declared }) => (isPositive(e, declared) ? exp(log(e)) : undefined),
  'exp of log undone': (e) => {
    const u = argOf(e, 'exp');
    return u === undefined ? undefined : argOf(u, 'log');
  },
  'exp of a sum': (e) => {
    const u = argOf(e, 'exp');
    return u?.kind === 'add' ? mul(u.terms.map(exp)) : undefined;
  },
  'product of exps': (e) => {
    if (e.kind !== 'mul') return undefined;
    const args = e.factors.flatMap((f) => argOf(f, 'exp') ?? []);
    if (args.length < 2) return undefined;
    return productOf([...e.factors.filter((f) => argOf(f, 'exp') === undefined), exp(add(args))]);
  },
  'exp of a multiple': (e) => {
    const u = argOf(e, 'exp');
    return u?.kind === 'mul' ? pow(exp(productOf(u.factors.slice(1))), u.factors[0] ?? ONE) : undefined;
  },
  'power through exp': (e, { declared }) =>
    e.kind === 'pow' && isPositive(e.base, declared) ? exp(mul([e.exponent, log(e.base)])) : undefined,
  'power of a product': (e, { declared }) =>
    e.kind === 'pow' && e.base.kind === 'mul' && e.base.factors.every((f) => isPositive(f, declared))
      ? mul(e.base.factors.map((f) => pow(f, e.exponent)))
      : undefined,
  'power split at its exponent': (e, { declared, real }) =>
    e.kind === 'pow' && isPositive(e.base, declared)
      ? mul([pow(e.base, subtract(e.exponent, real)), pow(e.base, real)])
      : undefined,
  'power of a power': (e, { declared, real }) =>
    e.kind === 'pow' && isPositive(e.base, declared)
      ? pow(pow(e.base, exp(real)), mul([e.exponent, exp(minus(real))]))
      : undefined,
  'root of the square': (e, { declared }) =>
    isPositive(e, declared) ? call('sqrt', [pow(e, TWO)]) : undefined,
  'root as a power': spell('sqrt', (u) => pow(u, HALF)),
  'log1p spelt out': spell('log1p', (u) => log(onePlus(u))),
  'expm1 spelt out': spell('expm1', (u) => subtract(exp(u), ONE)),
};

const LOGISTIC: Readonly<Record<string, Rewriting>> = {
  sigmoid: spell(
    'sigmoid',
    (u) => reciprocal(onePlus(exp(minus(u)))),
    (u) => divide(exp(u), onePlus(exp(u))),
    (u) => subtract(ONE, sigmoid(minus(u))),
    (u) => mul([HALF, onePlus(tanh(mul([HALF, u])))]),
    (u) => exp(call('logsigmoid', [u])),
    (u) => exp(minus(softplus(minus(u)))),
  ),
  logsigmoid: spell(
    'logsigmoid',
    (u) => minus(softplus(minus(u))),
    (u) => log(sigmoid(u)),
    (u) => subtract(u, softplus(u)),
    (u) => minus(log(onePlus(exp(minus(u))))),
  ),
  softplus: spell(
    'softplus',
    (u) => log(onePlus(exp(u))),
    (u) => call('log1p', [exp(u)]),
    (u) => add([u, softplus(minus(u))]),
    (u) => minus(call('logsigmoid', [minus(u)])),
    (u) => minus(log(subtract(ONE, sigmoid(u)))),
  ),
  tanh: spell(
    'tanh',
    (u) => subtract(mul([TWO, sigmoid(mul([TWO, u]))]), ONE),
    (u) => minus(tanh(minus(u))),
    (u) => divide(subtract(exp(u), exp(minus(u))), add([exp(u), exp(minus(u))])),
    (u) => divide(call('expm1', [mul([TWO, u])]), onePlus(exp(mul([TWO, u])))),
  ),
  'one as two probabilities': (e, { real }) =>
    e.kind === 'num' && sameRational(e.value, rational(1))
      ? add([sigmoid(real), sigmoid(minus(real))])
      : undefined,
  'softplus difference': (e) => (size(e) < 40 ? subtract(softplus(e), softplus(minus(e))) : undefined),
};

const KINKS: Readonly<Record<string, Rewriting>> = {
  relu: spell(
    'relu',
    (u) => max(num(0), u),
    (u) => mul([HALF, add([u, call('abs', [u])])]),
    (u) => add([u, relu(minus(u))]),
  ),
  abs: spell(
    'abs',
    (u) => max(u, minus(u)),
    (u) => subtract(mul([TWO, relu(u)]), u),
    (u) => call('abs', [minus(u)]),
    (u) => add([relu(u), relu(minus(u))]),
  ),
  clamp: spell('clamp', (u, low, high) => min(max(u, low), high)),
  'max of two': (e, { k }) => {
    if (e.kind !== 'call' || e.fn !== 'max' || e.args.length !== 2) return undefined;
    const [u = ONE, v = ONE] = e.args;
    return [
      max(v, u),
      add([v, relu(subtract(u, v))]),
      minus(min(minus(u), minus(v))),
      mul([HALF, add([u, v, call('abs', [subtract(u, v)])])]),
      max(u, v, u),
    ][k % 5];
  },
  'max or min nested': (e) => {
    if (e.kind !== 'call' || (e.fn !== 'max' && e.fn !== 'min') || e.args.length < 3) return undefined;
    const [first = ONE, ...rest] = e.args;
    return call(e.fn, [call(e.fn, rest), first]);
  },
  'max shifted': (e, { real }) =>
    e.kind === 'call' && (e.fn === 'max' || e.fn === 'min')
      ? subtract(
          call(
            e.fn,
            e.args.map((u) => add([u, real])),
          ),
          real,
        )
      : undefined,
  'max scaled': (e, { positive }) =>
    e.kind === 'call' && (e.fn === 'max' || e.fn === 'min')
      ? divide(
          call(
            e.fn,
            e.args.map((u) => mul([positive, u])),
          ),
          positive,
        )
      : undefined,
};

const SUMS: Readonly<Record<string, Rewriting>> = {
  'rename the index': (e, { k }) => {
    if (e.kind !== 'sum') return undefined;
    const index = freshName(variable(['i', 'j', 't', 's'][k % 4] ?? 'i', e.index.sort), [e]);
    return sum(index, e.range, substitute(e.body, [[e.index, index]]));
  },
  'sum of a sum': (e) =>
    e.kind === 'sum' && e.body.kind === 'add'
      ? add(e.body.terms.map((term) => sum(e.index, e.range, term)))
      : undefined,
  'pull factors out': (e) => {
    if (e.kind !== 'sum' || e.body.kind !== 'mul') return undefined;
    const inside = e.body.factors.filter((f) => occursFree(f, e.index));
    const outside = e.body.factors.filter((f) => !occursFree(f, e.index));
    return outside.length === 0 ? undefined : mul([...outside, sum(e.index, e.range, mul(inside))]);
  },
  'push a factor in': (e) => {
    if (e.kind !== 'mul') return undefined;
    const i = e.factors.findIndex(({ kind }) => kind === 'sum');
    const inner = e.factors[i];
    if (inner?.kind !== 'sum') return undefined;
    const others = without(e.factors, i);
    if (others.some((f) => occursFree(f, inner.index))) return undefined;
    return sum(inner.index, inner.range, mul([...others, inner.body]));
  },
  'exchange two sums': (e) => {
    if (e.kind !== 'sum' || e.body.kind !== 'sum') return undefined;
    const { body } = e;
    const clash = same(e.index, body.index);
    const bound = body.range.kind === 'tokens' && occursFree(body.range.of, e.index);
    return clash || bound ? undefined : sum(body.index, body.range, sum(e.index, e.range, body.body));
  },
  'length as a sum': (e) => {
    const of = e.kind === 'apply' && e.name === 'len' ? e.args[0] : undefined;
    return of === undefined ? undefined : sum(variable('i', 'token'), { kind: 'tokens', of }, ONE);
  },
  'sequence as tokens': (e, { declared }) => {
    const u = argOf(e, 'log');
    if (u?.kind !== 'apply' || u.args.length !== 1 || datumOf(declared, u.name)?.distribution !== true)
      return undefined;
    const [of] = u.args;
    if (of?.kind !== 'var' || of.sort !== 'response') return undefined;
    const index = freshName(variable('i', 'token'), [of]);
    return sum(index, { kind: 'tokens', of }, log(apply(u.name, [of, index])));
  },
  'mean of a constant': (e, { k }) => {
    const of = variable(['w', 'l', 'y'][k % 3] ?? 'w', 'response');
    const index = freshName(variable('i', 'token'), [e]);
    return divide(sum(index, { kind: 'tokens', of }, e), apply('len', [of]));
  },
};

export const REWRITINGS: Readonly<Record<string, Rewriting>> = {
  ...ARRANGING,
  ...LOGARITHMS,
  ...LOGISTIC,
  ...KINKS,
  ...SUMS,
};
const NAMES = Object.keys(REWRITINGS);

/** One rewriting at one place. */
export interface Move {
  readonly name: string;
  readonly at: number;
  readonly k: number;
  readonly real: Expr;
  readonly positive: Expr;
}

/** Rewritings after which a proof may be missed, in the middle of others: such pairs are only never refuted. */
const HARD: ReadonlySet<string> = new Set([
  'root of the square',
  'one as two probabilities',
  'exchange two sums',
  'max or min nested',
  'power through exp',
  'power of a product',
  'power split at its exponent',
  'power of a power',
  'softplus difference',
  'mean of a constant',
]);

const movesNamed = (names: readonly string[], most: number): fc.Arbitrary<readonly Move[]> =>
  fc.array(
    fc.record({
      name: fc.constantFrom(...names),
      at: fc.nat(1000),
      k: fc.nat(60),
      real: fc.constantFrom('gamma', 'beta', 'rho').map(sym),
      positive: fc.constantFrom('beta', 'alpha').map(sym),
    }),
    { maxLength: most },
  );
/** Up to `most` rewritings of any kind. */
export const anyMoves = (most: number): fc.Arbitrary<readonly Move[]> => movesNamed(NAMES, most);
/** Up to `most` rewritings that a proof follows. */
export const plainMoves = (most: number): fc.Arbitrary<readonly Move[]> =>
  movesNamed(
    NAMES.filter((name) => !HARD.has(name)),
    most,
  );

const isArgument = (e: Expr, parent: Expr | undefined): boolean =>
  parent?.kind === 'apply' || (e.kind === 'var' && parent?.kind === 'sum');
const isLiteralExponent = (parent: Expr | undefined, step: number | undefined): boolean =>
  parent?.kind === 'pow' && step === 1 && parent.exponent.kind === 'num' && isInteger(parent.exponent.value);

/** The places of an expression at which a value stands, not an argument of data or a range. */
export function places(e: Expr): readonly (readonly [Expr, readonly number[]])[] {
  const all = [...nodes(e)];
  const byPath = new Map(all.map(([node, path]) => [path.join(), node]));
  return all.filter(([node, path]) => {
    const parent = path.length === 0 ? undefined : byPath.get(path.slice(0, -1).join());
    return !isArgument(node, parent) && !isLiteralExponent(parent, path.at(-1));
  });
}

const LARGEST = 250;

/** `e` after those of the moves that apply, as long as it stays of moderate size. */
export function rewritten(e: Expr, all: readonly Move[], declared: Declarations): Expr {
  return all.reduce((here, { name, at, k, real, positive }) => {
    const rewriting = REWRITINGS[name];
    const fitting = places(here).flatMap(([node, path]) => {
      const to = rewriting?.(node, { k, real, positive, declared });
      return to === undefined ? [] : [[to, path] as const];
    });
    const chosen = fitting[at % Math.max(1, fitting.length)];
    const next = chosen === undefined ? undefined : replaceAt(here, chosen[1], chosen[0]);
    return next === undefined || size(next) > LARGEST ? here : next;
  }, e);
}
