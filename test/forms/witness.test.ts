/** Refutation: what is false is refuted by a readable point that checks again, what is true never is. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Declarations, Domain } from '../../src/expr/declare.ts';
import { BUILT_IN, FIXED_DISTRIBUTION, NOTHING_DECLARED } from '../../src/expr/declare.ts';
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
  subtract,
  sum,
  sym,
  variable,
} from '../../src/expr/expr.ts';
import type { Rational } from '../../src/expr/rational.ts';
import { compareRationals, ONE, plus, rational, ZERO } from '../../src/expr/rational.ts';
import { refute } from '../../src/forms/refute.ts';
import { verifyWitness } from '../../src/forms/verify.ts';
import type { Witness } from '../../src/forms/witness.ts';
import { valuesByKey } from '../../src/forms/witness.ts';
import { parse } from '../../src/syntax/parse.ts';

const DECLARED: Declarations = {
  parameters: { beta: 'positive', alpha: 'positive', gamma: 'nonnegative', p: 'open-unit', n: 'integer' },
  data: {
    ...BUILT_IN,
    prev: FIXED_DISTRIBUTION,
    score: { is: 'real', shapes: [['response']], distribution: false, prompt: true, policy: false },
    m: {
      is: 'nonnegative',
      shapes: [['response', 'token']],
      distribution: false,
      prompt: true,
      policy: false,
    },
    phi: { is: 'real', shapes: [['response', 'response']], distribution: false, prompt: true, policy: false },
  },
  facts: [],
};
const SCOPE = { declared: DECLARED, names: 'open', responses: ['w', 'l', 'y'], definitions: {} } as const;
const read = (text: string): Expr => parse(text, SCOPE);

const h = (y: string): string => `log(pi(${y})/ref(${y}))`;
const dpo = (inner: string): string => `-log(sigmoid(${inner}))`;
const DPO = dpo(`beta*(${h('w')} - ${h('l')})`);

const y = variable('y', 'response');
const over = (body: Expr): Expr => sum(y, { kind: 'responses' }, body);
const of = (name: string): Expr => apply(name, [y]);
const at = (name: string, response: string): Expr => apply(name, [variable(response, 'response')]);

/** Readable, inside the domains, and found again by the independent check. */
function expectRefuted(a: Expr, b: Expr, declared: Declarations = DECLARED): Witness {
  const witness = refute(a, b, declared);
  if (witness === undefined) throw new Error('not refuted');
  expect(verifyWitness(a, b, declared, witness)).toBe(true);
  for (const { value } of witness.values) expect(1_000_000n % value.d).toBe(0n);
  return witness;
}

describe('what is false is refuted', () => {
  test.each<[what: string, a: string, b: string]>([
    ['the root of a square is no identity', 'sqrt(u^2)', 'u'],
    ['nor is the half power of one', '(u^2)^(1/2)', 'u'],
    ['powers of powers multiply on positive bases only', '(u^a)^b', 'u^(a*b)'],
    ['an offset of 1e-12', 'u', 'u + 1e-12'],
    ['an offset of 1e-40', 'u', 'u + 1e-40'],
    ['an offset of 1e-200', 'exp(u)', 'exp(u) + 1e-200'],
    ['a rational that doubles take for e', 'exp(1)', '2.718281828459045'],
    ['an offset inside a logarithm', 'log(exp(u) + 1e-30)', 'u'],
    ['ORPO guarded by 1e-4', 'log(1 - pi(w))', 'log(1.0001 - pi(w))'],
    ['a clamp far away', 'clamp(u, -10, 10)', 'u'],
    ['a hinge far away', 'relu(u - 50)', '0'],
    ['DPO with a sign flipped', DPO, dpo(`beta*(${h('w')} + ${h('l')})`)],
    ['DPO with the roles swapped', DPO, dpo(`beta*(${h('l')} - ${h('w')})`)],
    ['DPO with the references swapped', DPO, dpo('beta*(log(pi(w)/ref(l)) - log(pi(l)/ref(w)))')],
    ['DPO with another distribution', DPO, DPO.replaceAll('ref', 'prev')],
    ['beta applied twice', DPO, dpo(`beta^2*(${h('w')} - ${h('l')})`)],
    ['a length for the other', 'log(pi(w))/len(w)', 'log(pi(w))/len(l)'],
    ['R-DPO with the length term flipped', 'alpha*(len(w) - len(l))', 'alpha*(len(l) - len(w))'],
    ['SimPO without its margin', dpo('log(pi(w)) - gamma'), dpo('log(pi(w))')],
    ['Cal-DPO, 1/(2 beta) for beta/2', '1/(2*beta)', 'beta/2'],
    ['a token mean in place of a sum', 'sum(t, w, log(pi(w,t)))', 'sum(t, w, log(pi(w,t)))/len(w)'],
    ['a sum of probabilities for a product', 'sum(t, w, pi(w,t))', 'pi(w)'],
    ['weights that are dropped', 'sum(t, w, m(w,t)*log(pi(w,t)))', 'log(pi(w))'],
    ['KL for the reverse KL', 'sum(t, w, kl(pi, ref, w, t))', 'sum(t, w, kl(ref, pi, w, t))'],
    ['KL along another response', 'sum(t, w, kl(pi, ref, w, t))', 'sum(t, l, kl(pi, ref, l, t))'],
    ['an explicit token', 'm(w,3)', 'm(w,2)'],
    ['a pair datum turned around', 'phi(w,l)', 'phi(l,w)'],
    ['label smoothing', `p*(${DPO})`, DPO],
    ['parity of an integer', '(-1)^n', '1'],
  ])('%s', (_, a, b) => {
    expectRefuted(read(a), read(b));
  });

  const z = over(mul([of('zeta'), exp(divide(of('r'), sym('alpha')))]));
  test.each<[what: string, a: Expr, b: Expr]>([
    ['the prior is not normalised', over(of('zeta')), num(1)],
    [
      'an expectation under the wrong policy',
      over(mul([of('pi'), of('r')])),
      over(mul([of('ref'), of('r')])),
    ],
    [
      'a log of a mean for a mean of logs',
      log(over(mul([of('pi'), of('zeta')]))),
      over(mul([of('pi'), log(of('zeta'))])),
    ],
    ['a partition function at another temperature', z, over(mul([of('zeta'), exp(of('r'))]))],
    ['one response for all', over(mul([of('pi'), of('r')])), at('r', 'w')],
    ['lengths in an expectation', over(mul([of('pi'), of('len')])), num(2)],
  ])('%s', (_, a, b) => {
    expectRefuted(a, b);
  });
});

describe('what is true is never refuted, however long the search', () => {
  const nest = 'exp(exp(exp(u)))';
  test.each<[what: string, a: string, b: string]>([
    ['where both sides are defined', 'log(u^2)', '2*log(u)'],
    ['where the other side is defined', 'exp(log(u))', 'u'],
    ['cancelled divisions', '(u^2 - 1)/(u - 1)', 'u + 1'],
    ['an undefined side', 'log(-pi(w))', '0'],
    ['polynomials', '(u + beta)^3', 'u^3 + 3*u^2*beta + 3*u*beta^2 + beta^3'],
    ['softplus for a log sigmoid', DPO, `softplus(-beta*(${h('w')} - ${h('l')}))`],
    ['reflection', 'sigmoid(-u)', '1 - sigmoid(u)'],
    ['tanh as a sigmoid', 'tanh(u)', '2*sigmoid(2*u) - 1'],
    ['log1p and expm1', 'log1p(expm1(u))', 'u'],
    ['a root of a square', 'sqrt(u^2)', 'abs(u)'],
    ['a clamp', 'clamp(u, -1, 1)', 'min(max(u, -1), 1)'],
    ['hinges', 'max(0, u)', 'relu(u)'],
    ['comparisons', 'indicator(u < beta)', '1 - indicator(beta <= u)'],
    ['powers on a positive base', '(beta^u)^gamma', 'beta^(u*gamma)'],
    ['parity of an even power', '(-1)^(2*n)', '1'],
    ['token log-probabilities', 'sum(t, w, log(pi(w,t)))', 'log(pi(w))'],
    ['counting tokens', 'sum(t, w, 1)', 'len(w)'],
    ['normalised rows', 'sum(t, w, sum(v, V, pi(w,t,v)))', 'len(w)'],
    [
      'entries and sequences',
      'sum(t, w, kl(pi, ref, w, t) + log(pi(w,t)))',
      'sum(t, w, kl(pi, ref, w, t)) + log(pi(w))',
    ],
    ['short and long numbers', '0.1 + 0.2', '0.3'],
    ['what overflows everything', nest, `${nest} + 0`],
  ])('%s', (_, a, b) => {
    expect(refute(read(a), read(b), DECLARED, { points: 400, operations: 4_000_000 })).toBeUndefined();
  });

  const kl = over(mul([of('pi'), log(divide(of('pi'), of('zeta')))]));
  const x = variable('x', 'prompt');
  const t = variable('t', 'token');
  const tokens = (name: string): Expr => sum(t, { kind: 'tokens', of: y }, log(apply(name, [y, t])));
  test.each<[what: string, a: Expr, b: Expr]>([
    ['policies are normalised', over(of('pi')), num(1)],
    ['the reference, too', over(mul([num(3), of('ref')])), num(3)],
    ['prompts are', sum(x, { kind: 'prompts' }, apply('D', [x])), num(1)],
    [
      'linearity',
      add([over(mul([of('pi'), of('r')])), minus(kl)]),
      over(mul([of('pi'), subtract(of('r'), log(divide(of('pi'), of('zeta'))))])),
    ],
    ['tokens inside responses', over(mul([of('pi'), tokens('pi')])), over(mul([of('pi'), log(of('pi'))]))],
    ['free responses among all', over(mul([at('ref', 'w'), of('pi')])), at('ref', 'w')],
  ])('%s', (_, a, b) => {
    expect(refute(a, b, DECLARED, { points: 400, operations: 2_000_000 })).toBeUndefined();
  });

  test('probabilities of different responses never exceed one together', () => {
    const crowd = read('indicator(pi(w) + pi(l) <= 1)');
    expect(refute(crowd, num(1), DECLARED)).toBeUndefined();
  });
});

describe('domains and facts', () => {
  const under = (
    parameters: Readonly<Record<string, Domain>>,
    facts: Declarations['facts'] = [],
  ): Declarations => ({
    ...NOTHING_DECLARED,
    parameters,
    facts,
  });
  const u = sym('u');
  const root = call('sqrt', [pow(u, num(2))]);

  test('a positive name does not refute what holds for positives', () => {
    expect(refute(root, u, under({ u: 'positive' }))).toBeUndefined();
    expect(refute(root, u, under({ u: 'nonnegative' }))).toBeUndefined();
    expectRefuted(root, u, under({ u: 'integer' }));
  });
  test('a boolean is its own square, a fraction is not', () => {
    expect(refute(pow(u, num(2)), u, under({ u: 'boolean' }))).toBeUndefined();
    expectRefuted(pow(u, num(2)), u, under({ u: 'unit' }));
  });
  test('a fact bars the points that violate it', () => {
    const hinge = call('relu', [subtract(u, num(7))]);
    expectRefuted(hinge, subtract(u, num(7)), under({}));
    const above = under({}, [{ kind: 'positive', of: subtract(u, num(7)) }]);
    expect(refute(hinge, subtract(u, num(7)), above)).toBeUndefined();
    const witness = expectRefuted(hinge, num(0), above);
    expect(compareRationals(valuesByKey(witness).get('u') ?? ZERO, rational(7))).toBe(1);
  });
  test('a fact that reaches a name through another one counts', () => {
    const declared = under({}, [
      { kind: 'positive', of: subtract(u, sym('k')) },
      { kind: 'positive', of: subtract(sym('k'), num(2)) },
    ]);
    const witness = expectRefuted(u, num(5), declared);
    expect(compareRationals(valuesByKey(witness).get('u') ?? ZERO, rational(2))).toBe(1);
  });
  test('a fact about data keeps the order of two scores', () => {
    const score = (name: string): Expr => at('score', name);
    const gap = subtract(score('w'), score('l'));
    const declared: Declarations = { ...DECLARED, facts: [{ kind: 'positive', of: gap }] };
    expect(refute(call('abs', [gap]), gap, declared)).toBeUndefined();
    expectRefuted(call('abs', [gap]), gap);
    const values = valuesByKey(expectRefuted(log(gap), gap, declared));
    expect(compareRationals(values.get('score(w)') ?? ZERO, values.get('score(l)') ?? ZERO)).toBe(1);
  });
  test('facts that cannot hold leave no point', () => {
    expect(refute(u, num(5), under({}, [{ kind: 'positive', of: minus(pow(u, num(2))) }]))).toBeUndefined();
  });
  test('names of the language itself are harmless', () => {
    expectRefuted(sym('constructor'), sym('__proto__'));
    expectRefuted(apply('toString', [variable('w', 'response')]), num(0));
  });
});

describe('the witness', () => {
  test('names what occurs, in order, with simple values', () => {
    const { values } = expectRefuted(read('beta*len(w)'), read('beta*len(l)'));
    expect(
      values.map(({ of: name }) => (name.kind === 'sym' ? name.name : name.kind === 'apply' && name.name)),
    ).toEqual(['beta', 'len', 'len']);
    expect(values[0]?.value).toEqual(ONE);
    expect(new Set([values[1]?.value.n, values[2]?.value.n])).toContain(1n);
  });
  test('is the same in every run', () => {
    const again = (): Witness | undefined => refute(read(DPO), read(dpo(h('w'))), DECLARED);
    expect(again()).toEqual(again());
  });
  test('gives lengths wherever tokens are looked at, and the law of the product', () => {
    const witness = expectRefuted(read('sum(t, w, log(pi(w,t)))'), read('2*log(pi(w))'));
    const values = valuesByKey(witness);
    expect(values.get('len(w)')?.n).toBeGreaterThanOrEqual(1n);
    expect(values.has('pi(w,1)')).toBe(true);
  });
  test('looks at tokens as far as an explicit number reaches', () => {
    const witness = expectRefuted(read('m(w,3) + 0*sum(t, w, 1)'), read('m(w,1)'));
    expect(valuesByKey(witness).get('len(w)')?.n).toBeGreaterThanOrEqual(3n);
  });

  const a = read('sum(t, w, kl(pi, ref, w, t)) + log(pi(l)) + beta');
  const b = read('sum(t, w, kl(ref, pi, w, t)) + log(pi(l)) + beta');
  const alter = (witness: Witness, name: string, value: Rational): Witness => ({
    ...witness,
    values: witness.values.map((v) => (v.of.kind !== 'var' && v.of.name === name ? { ...v, value } : v)),
  });
  test.each<[what: string, forge: (honest: Witness) => Witness]>([
    ['leaves out a value', (v) => ({ ...v, values: v.values.slice(1) })],
    ['gives a value twice', (v) => ({ ...v, values: [...v.values, ...v.values] })],
    ['leaves a domain', (v) => alter(v, 'beta', rational(-1))],
    ['breaks a distribution', (v) => alter(v, 'pi', rational(3, 4))],
    ['gives a response no length', (v) => alter(v, 'len', rational(1, 2))],
    ['states a tighter enclosure', (v) => ({ ...v, left: { low: v.left.low, high: v.left.low } })],
    ['states another enclosure', (v) => ({ ...v, left: v.right, right: v.left })],
    ['states one that overlaps', (v) => ({ ...v, left: { low: '-1e9', high: '1e9' } })],
    ['speaks of another vocabulary', (v) => ({ ...v, over: { ...v.over, vocabulary: 1 } })],
  ])('one that %s is refused', (_, forge) => {
    const honest = expectRefuted(a, b);
    expect(verifyWitness(a, b, DECLARED, forge(honest))).toBe(false);
  });
});

describe('pathological inputs end', () => {
  const u = sym('u');
  const nested = (levels: number, wrap: (e: Expr) => Expr): Expr => {
    let e: Expr = u;
    for (let level = 0; level < levels; level++) e = wrap(e);
    return e;
  };
  const terms = (first: number): Expr =>
    add(Array.from({ length: 100_000 }, (_, i) => mul([num(first + i), pow(u, num(2))])));
  test.each<[what: string, a: () => Expr, b: () => Expr]>([
    ['towers of exponentials', () => exp(exp(exp(num(100)))), () => exp(exp(exp(num(101))))],
    ['a deep nest of exp', () => nested(900, exp), () => nested(901, exp)],
    ['a nest beyond the stack', () => nested(100_000, exp), () => u],
    [
      'a deep nest of sigmoids',
      () => nested(900, (e) => call('sigmoid', [e])),
      () => nested(900, (e) => call('sigmoid', [add([e, num(0)])])),
    ],
    ['a hundred thousand terms', () => terms(0), () => add([terms(0), num(0)])],
    ['a tower of powers', () => nested(40, (e) => pow(num(9), e)), () => nested(41, (e) => pow(num(9), e))],
    [
      'sums within sums',
      () => nested(30, (e) => over(mul([of('zeta'), e]))),
      () => nested(31, (e) => over(mul([of('zeta'), e]))),
    ],
  ])('%s', (_, a, b) => {
    const [left, right] = [a(), b()];
    const start = performance.now();
    refute(left, right, DECLARED);
    // Three seconds at most on a quiet machine; an endless search takes longer on any.
    expect(performance.now() - start).toBeLessThan(30_000);
  });
  test('a tree with a thousandfold shared part is as small as it is written', () => {
    expectRefuted(
      nested(300, (e) => add([e, e])),
      nested(301, (e) => add([e, e])),
    );
  });
});

/** Random expressions over names of several domains and data of several shapes. */
const leaves = [
  'beta',
  'gamma',
  'p',
  'u',
  'pi(w)',
  'pi(l)',
  'ref(w)',
  'len(w)',
  'score(l)',
  '2',
  '0.1',
  'sum(t, w, log(pi(w,t)))',
];
const { tree } = fc.letrec<{ tree: Expr }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(...leaves.map(read)),
    fc.array(tie('tree'), { minLength: 2, maxLength: 3 }).map(add),
    fc.array(tie('tree'), { minLength: 2, maxLength: 3 }).map(mul),
    fc.tuple(tie('tree'), fc.integer({ min: -2, max: 3 })).map(([e, k]) => pow(e, num(k))),
    fc
      .tuple(fc.constantFrom('exp', 'log', 'sigmoid', 'softplus', 'tanh', 'abs', 'relu'), tie('tree'))
      .map(([fn, e]) => call(fn, [e])),
  ),
}));
const SMALL = { points: 60, operations: 400_000 };

/** The same function written differently: turned around, expanded, and with laws applied that always hold. */
function rewritten(e: Expr): Expr {
  switch (e.kind) {
    case 'add':
      return add(e.terms.map(rewritten).toReversed());
    case 'mul': {
      const [first, ...rest] = e.factors.map(rewritten);
      const others = mul(rest.toReversed());
      if (first?.kind === 'add') return add(first.terms.map((term) => mul([others, term])));
      return first === undefined ? e : mul([others, first]);
    }
    case 'pow':
      return mul([pow(rewritten(e.base), e.exponent), divide(num(3), num(3))]);
    case 'call': {
      const [arg = num(0)] = e.args.map(rewritten);
      if (e.fn === 'sigmoid') return subtract(num(1), call('sigmoid', [minus(arg)]));
      if (e.fn === 'softplus') return add([arg, call('softplus', [minus(arg)])]);
      if (e.fn === 'tanh') return minus(call('tanh', [minus(arg)]));
      if (e.fn === 'relu') return mul([num(rational(1, 2)), add([arg, call('abs', [arg])])]);
      if (e.fn === 'exp') return pow(exp(minus(arg)), num(-1));
      return call(e.fn, [arg]);
    }
    default:
      return e;
  }
}

describe('properties', () => {
  test('nothing is refuted by a rewriting of itself', () => {
    fc.assert(
      fc.property(tree, (e) => refute(e, rewritten(e), DECLARED, SMALL) === undefined),
      { numRuns: 300 },
    );
  });
  test('every witness checks again, lies in the domains and keeps probabilities below one', () => {
    let found = 0;
    fc.assert(
      fc.property(tree, tree, (a, b) => {
        const witness = refute(a, b, DECLARED, SMALL);
        if (witness === undefined) return true;
        found++;
        const values = valuesByKey(witness);
        const is = (name: string, test: (value: Rational) => boolean): boolean =>
          test(values.get(name) ?? rational(1, 4));
        const together = plus(values.get('pi(w)') ?? ZERO, values.get('pi(l)') ?? ZERO);
        return (
          verifyWitness(a, b, DECLARED, witness) &&
          is('beta', (v) => v.n > 0n) &&
          is('gamma', (v) => v.n >= 0n) &&
          is('p', (v) => v.n > 0n && compareRationals(v, ONE) < 0) &&
          compareRationals(together, ONE) <= 0
        );
      }),
      { numRuns: 300 },
    );
    expect(found).toBeGreaterThan(100);
  });
});
