/** Random expressions for properties: any expression of a small language, or only those that always have a value. */

import fc from 'fast-check';
import type { Expr, Num, Range, Sort, Var } from '../../src/expr/expr.ts';
import {
  add,
  apply,
  call,
  freeze,
  log,
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
import { FN_NAMES, FUNCTIONS } from '../../src/expr/function.ts';
import { rational } from '../../src/expr/rational.ts';

/** What the expressions are made of. */
export interface Language {
  /** The most constructors above a leaf. */
  readonly height: number;
  /** Denominators are 1, 2, 3 and 10. */
  readonly largestNumerator: bigint;
  readonly parameters: readonly string[];
  /** A name with the sorts of its arguments; a name with several argument lists has several rows. */
  readonly data: readonly (readonly [name: string, ...sorts: readonly Sort[]])[];
  /** Token arguments are token variables in scope and the numbers from 1 to this. */
  readonly largestTokenNumber: number;
  /** What may be negative: left out where an expression is to be positive by its shape. */
  readonly real?: Pick<Language, 'parameters' | 'data'>;
  readonly functions: readonly FnName[];
  /** The variables that sums bind; the sort of each says what its sum runs over. */
  readonly indices: readonly Var[];
  readonly free: readonly Var[];
  readonly freeze: boolean;
}

/** Every kind of node over the built-in shapes; the name `t` is an index and a hyper-parameter. */
export const FULL: Language = {
  height: 4,
  largestNumerator: 12n,
  parameters: ['a', 'beta', 't', 'constructor', '__proto__', 'e'],
  data: [
    ['len', 'response'],
    ['pi', 'response'],
    ['pi', 'response', 'token'],
    ['ref', 'response', 'token', 'vocab'],
    ['phi', 'response', 'response'],
    ['D', 'prompt'],
    ['Z'],
  ],
  largestTokenNumber: 9,
  functions: FN_NAMES,
  indices: [
    variable('t', 'token'),
    variable('s', 'token'),
    variable('v', 'vocab'),
    variable('y', 'response'),
    variable('x', 'prompt'),
  ],
  free: [
    variable('w', 'response'),
    variable('l', 'response'),
    variable('y', 'response'),
    variable('x', 'prompt'),
  ],
  freeze: true,
};

type Choice = fc.Arbitrary<Expr>;
const several = (part: Choice): fc.Arbitrary<Expr[]> => fc.array(part, { minLength: 2, maxLength: 4 });

/** One of the choices; a failure shrinks towards the first, which is to be a leaf. */
const choose = (...choices: readonly Choice[]): Choice => fc.oneof({ withCrossShrink: true }, ...choices);

/** Any expression of the language, defined or not. */
export function expressions(language: Language): Choice {
  const { height, functions } = language;
  return grow(language, (level, bound, inner) => {
    const found = leaves(language, bound);
    if (level === height) return choose(...found);
    const part = inner('any');
    return choose(
      choose(...found),
      several(part).map(add),
      several(part).map(mul),
      part.map(reciprocal),
      part.map(minus),
      fc.tuple(part, part).map(([base, exponent]) => pow(base, exponent)),
      ...(functions.length > 0 ? [choose(...functions.map((fn) => calls(fn, part)))] : []),
      ...binders(language, bound, inner, 'any'),
    );
  });
}

/**
 * Expressions that have a value wherever data and parameters are positive and of ordinary size: logarithms, roots,
 * divisors and powers are taken of expressions that are positive by their shape, exponentials of bounded ones.
 */
export function definedExpressions(language: Language): Choice {
  return grow(language, (level, bound, inner, sign) => {
    const leaf = choose(...leaves(language, bound, sign));
    if (level === language.height) return leaf;
    const positive = inner('positive');
    const real = inner('any');
    const bounded = language.functions.includes('tanh') ? [call1('tanh', real)] : [];
    const small = choose(leaf, ...bounded, call1('sigmoid', leaf));
    const moderate = choose(leaf, several(leaf).map(add), fc.tuple(leaf, leaf).map(mul), ...bounded);
    const either: readonly Choice[] = [
      several(sign === 'any' ? real : positive).map(add),
      several(sign === 'any' ? real : positive).map(mul),
      positive.map(reciprocal),
      fc.tuple(positive, small).map(([base, exponent]) => pow(base, exponent)),
      call1('exp', moderate),
      call1('sigmoid', moderate),
      call1('softplus', moderate),
      call1('sqrt', positive),
      ...binders(language, bound, inner, sign),
    ];
    if (sign === 'positive') return choose(leaf, ...either);
    const choices: readonly Choice[] = [
      leaf,
      ...either,
      real.map(minus),
      positive.map(log),
      fc.tuple(real, fc.constantFrom(2, 3)).map(([base, k]) => pow(base, num(k))),
      call1('log1p', positive),
      call1('expm1', moderate),
      ...PLAIN.filter((fn) => language.functions.includes(fn)).map((fn) => calls(fn, real)),
    ];
    return choose(...choices);
  });
}

/** The functions defined everywhere and no larger than their arguments: of these, those of the language. */
const PLAIN = [
  'logsigmoid',
  'tanh',
  'abs',
  'relu',
  'max',
  'min',
  'clamp',
  'le',
  'lt',
  'eq',
] as const satisfies readonly FnName[];

const call1 = (fn: FnName, part: Choice): Choice => part.map((u) => call(fn, [u]));
const calls = (fn: FnName, part: Choice): Choice =>
  fc
    .array(part, { minLength: FUNCTIONS[fn].min, maxLength: FUNCTIONS[fn].max ?? 4 })
    .map((args) => call(fn, args));

type Sign = 'any' | 'positive';
/** The expressions one level down, under the index of a sum if one is given. */
type Inner = (sign: Sign, index?: Var) => Choice;
type Level = (level: number, bound: readonly Var[], inner: Inner, sign: Sign) => Choice;

/** Builds the levels from the top, each combination of level, scope and sign once. */
function grow(language: Language, make: Level): Choice {
  const made = new Map<string, Choice>();
  const at = (level: number, bound: readonly Var[], sign: Sign): Choice => {
    const key = [level, sign, ...bound.map(({ name, sort }) => `${name}:${sort}`)].join(' ');
    const found = made.get(key);
    if (found !== undefined) return found;
    const inner: Inner = (next, index) =>
      at(
        level + 1,
        index === undefined ? bound : [...bound.filter(({ name }) => name !== index.name), index],
        next,
      );
    const fresh = make(level, bound, inner, sign);
    made.set(key, fresh);
    return fresh;
  };
  return at(0, language.free, 'any');
}

function leaves(language: Language, bound: readonly Var[], sign: Sign = 'any'): readonly Choice[] {
  const { largestNumerator: most, real } = language;
  const beside = sign === 'any' ? real : undefined;
  const parameters = [...language.parameters, ...(beside?.parameters ?? [])];
  const data = [...language.data, ...(beside?.data ?? [])];
  const numbers: fc.Arbitrary<Num> = fc
    .tuple(fc.bigInt({ min: sign === 'any' ? -most : 1n, max: most }), fc.constantFrom(1n, 1n, 2n, 3n, 10n))
    .map(([n, d]) => num(rational(n, d)));
  const ofSort = (sort: Sort): readonly Choice[] => {
    const variables = bound.filter((v) => v.sort === sort);
    return variables.length > 0 ? [fc.constantFrom(...variables)] : [];
  };
  const argument = (sort: Sort): readonly Choice[] =>
    sort === 'token'
      ? [fc.integer({ min: 1, max: language.largestTokenNumber }).map(num), ...ofSort(sort)]
      : ofSort(sort);
  const found: Choice[] = [numbers, ...ofSort('token')];
  if (parameters.length > 0) found.push(fc.constantFrom(...parameters).map(sym));
  for (const [name, ...sorts] of data) {
    const choices = sorts.map(argument);
    if (choices.some((choice) => choice.length === 0)) continue;
    found.push(fc.tuple(...choices.map((choice) => choose(...choice))).map((args) => apply(name, args)));
  }
  return found;
}

/** Sums over each index of the language, and stop-gradients. */
function binders(language: Language, bound: readonly Var[], inner: Inner, sign: Sign): readonly Choice[] {
  const responses = bound.filter((v) => v.sort === 'response');
  const ranges: Readonly<Record<Sort, readonly Range[]>> = {
    token: responses.map((of) => ({ kind: 'tokens', of })),
    vocab: [{ kind: 'vocabulary' }],
    response: [{ kind: 'responses' }],
    prompt: [{ kind: 'prompts' }],
  };
  const sums = language.indices.flatMap((index) => {
    const over = ranges[index.sort];
    if (over.length === 0) return [];
    return [
      fc
        .tuple(fc.constantFrom(...over), inner(sign, index))
        .map(([range, body]): Expr => sum(index, range, body)),
    ];
  });
  return [
    ...(sums.length > 0 ? [choose(...sums)] : []),
    ...(language.freeze ? [inner(sign).map(freeze)] : []),
  ];
}
