/** Finding proofs: what is found is accepted by the checker, and what is false is not proved by any search. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { check } from '../../src/checker/check.ts';
import { prove } from '../../src/engine/prove.ts';
import type { Declarations } from '../../src/expr/declare.ts';
import { BUILT_IN, NOTHING_DECLARED } from '../../src/expr/declare.ts';
import type { Expr } from '../../src/expr/expr.ts';
import { add, call, divide, exp, log, minus, mul, num, sigmoid, subtract } from '../../src/expr/expr.ts';
import { parse } from '../../src/syntax/parse.ts';
import type { Step, Trace } from '../../src/trace/trace.ts';
import { positives, stage, trace } from '../checker/traces.ts';

const DECLARED = positives('beta', 'x', 'z');
const proofOf = (start: Expr, goal: Expr, declared: Declarations = DECLARED): Trace =>
  trace([stage(start, prove(start, goal, [], declared), { goal })], { declared });

/** The same loss -log(sigmoid(u)) in the spellings that code and papers use. */
const SPELLINGS: readonly (readonly [name: string, spell: (u: Expr) => Expr])[] = [
  ['-log(sigmoid(u))', (u) => minus(log(sigmoid(u)))],
  ['-logsigmoid(u)', (u) => minus(call('logsigmoid', [u]))],
  ['softplus(-u)', (u) => call('softplus', [minus(u)])],
  ['log(1 + exp(-u))', (u) => log(add([num(1), exp(minus(u))]))],
  ['log1p(exp(-u))', (u) => call('log1p', [exp(minus(u))])],
  ['log(sigmoid(u)^(-1))', (u) => log(divide(num(1), sigmoid(u)))],
  ['-log(1 / (1 + exp(-u)))', (u) => minus(log(divide(num(1), add([num(1), exp(minus(u))]))))],
  ['-log(1 - sigmoid(-u))', (u) => minus(log(subtract(num(1), sigmoid(minus(u)))))],
  ['-log(exp(u) / (exp(u) + exp(0)))', (u) => minus(log(divide(exp(u), add([exp(u), exp(num(0))]))))],
  ['log(exp(u) + 1) - u', (u) => subtract(log(add([exp(u), num(1)])), u)],
  ['softplus(u) - u', (u) => subtract(call('softplus', [u]), u)],
];
const LOGIT = parse('beta * (log(pi(w) / ref(w)) - log(pi(l) / ref(l)))');
const PLAIN = minus(log(sigmoid(LOGIT)));

const pairs = SPELLINGS.map(([name, spell]) => [name, spell(LOGIT)] as const);
describe('every spelling of the logistic loss', () => {
  test.each(pairs)('%s is led to the plain one', (_, spelled) => {
    expect(check(proofOf(spelled, PLAIN))).toMatchObject({ kind: 'accepted' });
  });
  test.each(pairs)('%s is reached from the plain one', (_, spelled) => {
    expect(check(proofOf(PLAIN, spelled))).toMatchObject({ kind: 'accepted' });
  });
  test('property: any is led to any other, for any logit', () => {
    const spelling = fc.constantFrom(...SPELLINGS.map(([, spell]) => spell));
    const logits = fc
      .array(
        fc.tuple(
          fc.integer({ min: -3, max: 3 }).filter((k) => k !== 0),
          fc.constantFrom(
            'log(pi(w))',
            'log(ref(l))',
            'beta * len(w)',
            'log(pi(l) / ref(l))',
            'c',
            'x * log(x)',
          ),
        ),
        { minLength: 1, maxLength: 4 },
      )
      .map((terms) => add(terms.map(([k, text]) => mul([num(k), parse(text)]))));
    fc.assert(
      fc.property(spelling, spelling, logits, (from, to, u) => {
        expect(check(proofOf(from(u), to(u)))).toMatchObject({ kind: 'accepted' });
      }),
    );
  });
});

describe('equal, and proved', () => {
  test.each<[start: string, goal: string]>([
    ['log(pi(w) / ref(w))', 'log(pi(w)) - log(ref(w))'],
    ['log(pi(w)) - log(ref(w))', 'log(pi(w) / ref(w))'],
    ['log(x * z / beta)', 'log(x) + log(z) - log(beta)'],
    ['log(x^c * z)', 'c * log(x) + log(z)'],
    ['log(sqrt(x))', 'log(x) / 2'],
    ['exp(log(x)) * z', 'x * z'],
    ['log(x) + log(z)', 'log(z * x)'],
    ['expm1(c) + 1', 'exp(c)'],
    ['sum(t, w, log(pi(w, t) / ref(w, t)))', 'sum(t, w, log(pi(w, t)) - log(ref(w, t)))'],
    ['sum(t, w, c)', 'sum(s, w, c)'],
    ['(x + z)^2', 'x^2 + 2 * x * z + z^2'],
    ['log(x / (x + z))', 'log(sigmoid(log(x) - log(z)))'],
    ['max(c, x + z)', 'max(c, z + x)'],
    ['x', 'x'],
  ])('%s = %s', (start, goal) => {
    expect(check(proofOf(parse(start), parse(goal)))).toMatchObject({ kind: 'accepted' });
  });
});

describe('false, and refused whatever the search says', () => {
  test.each<[start: string, goal: string]>([
    ['log(x + z)', 'log(x) + log(z)'],
    ['log(x * z)', 'log(x) * log(z)'],
    ['log(x)^2', '2 * log(x)'],
    ['exp(x + z)', 'exp(x) + exp(z)'],
    ['-log(sigmoid(c))', '-log(sigmoid(-c))'],
    ['-log(sigmoid(c))', 'softplus(c)'],
    ['1 - sigmoid(c)', 'sigmoid(c)'],
    ['beta * log(pi(w) / ref(w))', 'beta * log(pi(l) / ref(l))'],
    ['beta * log(pi(w) / ref(w))', 'beta * log(ref(w) / pi(w))'],
    ['stopgrad(pi(w))', 'pi(w)'],
    ['sum(t, w, log(pi(w, t)))', 'sum(t, l, log(pi(l, t)))'],
    ['x', 'z'],
    ['x', '1000001 * x / 1000000'],
  ])('%s = %s', (start, goal) => {
    const verdict = check(proofOf(parse(start), parse(goal)));
    expect(verdict.kind).toBe('refused');
    if (verdict.kind !== 'refused') return;
    expect(['goal-not-reached', 'algebra-fails']).toContain(verdict.fault.reason.kind);
  });

  test.each<[start: string, goal: string]>([
    ['log(c * x)', 'log(c) + log(x)'],
    ['log(c^2)', '2 * log(c)'],
    ['exp(log(c))', 'c'],
    ['c / c', '1'],
  ])('%s = %s, which holds for some values of c only', (start, goal) => {
    expect(check(proofOf(parse(start), parse(goal)))).toMatchObject({ kind: 'refused' });
  });
});

/** A product of n positive data f1(w) * ... * fn(w). */
const factors = (
  n: number,
): { readonly product: Expr; readonly logs: Expr; readonly declared: Declarations } => {
  const names = Array.from({ length: n }, (_, i) => `f${i + 1}`);
  const datum = { ...(BUILT_IN.zeta ?? fail()), shapes: [['response' as const]] };
  const declared = {
    ...NOTHING_DECLARED,
    data: { ...BUILT_IN, ...Object.fromEntries(names.map((name) => [name, datum])) },
  };
  const scope = { declared, names: 'open', responses: ['w'], definitions: {} } as const;
  const each = names.map((name) => parse(`${name}(w)`, scope));
  return { product: mul(each), logs: add(each.map(log)), declared };
};
const fail = (): never => {
  throw new Error('zeta is built in');
};

describe('the number of steps', () => {
  const stepsFor = (n: number): readonly Step[] => {
    const { product, logs, declared } = factors(n);
    const proof = proofOf(log(product), logs, declared);
    expect(check(proof)).toMatchObject({ kind: 'accepted' });
    return proof.stages.flatMap(({ steps }) => steps);
  };
  test.each([2, 4, 8, 16, 32])('a logarithm of %i factors is taken apart one factor at a time', (n) => {
    expect(stepsFor(n).filter(({ rule }) => rule === 'log-product')).toHaveLength(n - 1);
    expect(stepsFor(n)).toHaveLength(n - 1);
  });
});
