/** Small mistakes, each at one place of an expression: those people make, and those too small to see. */

import fc from 'fast-check';
import { freeNames, same, substitute } from '../../src/expr/binder.ts';
import type { Expr } from '../../src/expr/expr.ts';
import { add, apply, call, minus, mul, num, pow, variable } from '../../src/expr/expr.ts';
import { plus, rational } from '../../src/expr/rational.ts';
import { rebuild, replaceAt } from '../../src/expr/walk.ts';
import { places } from './rewriting.ts';

type Mistake = (e: Expr) => Expr | undefined;

const response = (name: string): Expr => variable(name, 'response');
const exchanged = (e: Expr, from: 'w' | 'l' | 'y', to: 'w' | 'l' | 'y'): Expr | undefined => {
  const free = freeNames(e).map(({ name }) => name);
  if (!free.includes(from) && !free.includes(to)) return undefined;
  return substitute(e, [
    [variable(from, 'response'), response(to)],
    [variable(to, 'response'), response(from)],
  ]);
};
const renamed = (e: Expr, from: 'w' | 'l' | 'y', to: 'w' | 'l' | 'y'): Expr | undefined =>
  freeNames(e).some(({ name }) => name === from)
    ? substitute(e, [[variable(from, 'response'), response(to)]])
    : undefined;
const shifted = (e: Expr, places: number): Expr | undefined =>
  e.kind === 'num' ? num(plus(e.value, rational(1n, 10n ** BigInt(places)))) : undefined;
const negatedArgument =
  (fn: string): Mistake =>
  (e) =>
    e.kind === 'call' && e.fn === fn ? call(e.fn, e.args.map(minus)) : undefined;

export const MUTATIONS: Readonly<Record<string, Mistake>> = {
  'sign flipped': minus,
  'roles exchanged': (e) => exchanged(e, 'w', 'l'),
  'wrong response': (e) => renamed(e, 'w', 'y'),
  'rejected for chosen': (e) => renamed(e, 'l', 'w'),
  doubled: (e) => mul([num(2), e]),
  'term or factor dropped': (e) => {
    if (e.kind === 'add') return add(e.terms.slice(1));
    return e.kind === 'mul' ? mul(e.factors.slice(1)) : undefined;
  },
  'wrong length': (e) =>
    e.kind === 'apply' && e.name === 'len' && !same(e, apply('len', [response('y')]))
      ? apply('len', [response('y')])
      : undefined,
  'policy for reference': (e) => (e.kind === 'apply' && e.name === 'ref' ? apply('pi', e.args) : undefined),
  'index forgotten': (e) =>
    e.kind === 'sum' && e.body.kind !== 'num'
      ? { ...e, body: rebuild(e.body, (node) => (same(node, e.index) ? num(1) : node)) }
      : undefined,
  'sum over another response': (e) =>
    e.kind === 'sum' && e.range.kind === 'tokens' && !same(e.range.of, response('l'))
      ? { ...e, range: { kind: 'tokens', of: response('l') } }
      : undefined,
  'sum forgotten': (e) => (e.kind === 'sum' ? substitute(e.body, [[e.index, num(1)]]) : undefined),
  'constant off by 1e-12': (e) => shifted(e, 12),
  'constant off by 1e-30': (e) => shifted(e, 30),
  'off by 1e-12': (e) => add([e, num(rational(1n, 10n ** 12n))]),
  'off by a 1e-30th': (e) => mul([e, num(plus(rational(1), rational(1n, 10n ** 30n)))]),
  'sigmoid reflected': negatedArgument('sigmoid'),
  'softplus reflected': negatedArgument('softplus'),
  'exponent one higher': (e) => (e.kind === 'pow' ? pow(e.base, add([e.exponent, num(1)])) : undefined),
  'softplus for relu': (e) => (e.kind === 'call' && e.fn === 'relu' ? call('softplus', e.args) : undefined),
  'min for max': (e) => (e.kind === 'call' && e.fn === 'max' ? call('min', e.args) : undefined),
};

export interface Choice {
  readonly name: string;
  readonly at: number;
}
export const mutations: fc.Arbitrary<Choice> = fc.record({
  name: fc.constantFrom(...Object.keys(MUTATIONS)),
  at: fc.nat(1000),
});

/** `e` with the mistake made at one of the places that allow it; undefined where none does. */
export function mutated(e: Expr, { name, at }: Choice): Expr | undefined {
  const fitting = places(e).flatMap(([node, path]) => {
    const to = MUTATIONS[name]?.(node);
    return to === undefined ? [] : [[to, path] as const];
  });
  const chosen = fitting[at % Math.max(1, fitting.length)];
  return chosen === undefined ? undefined : replaceAt(e, chosen[1], chosen[0]);
}
