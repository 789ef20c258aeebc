/** Names and binders: nothing is captured, nothing said of one response is used of a bound one. */

import { describe, expect, test } from 'vitest';
import { check } from '../../src/checker/check.ts';
import type { Datum, Declarations, Fact } from '../../src/expr/declare.ts';
import { BUILT_IN, NOTHING_DECLARED } from '../../src/expr/declare.ts';
import type { Expr, Range, Sort, Var } from '../../src/expr/expr.ts';
import { add, apply, exp, log, mul, num, pow, sum, sym, variable } from '../../src/expr/expr.ts';
import type { Definition, Trace } from '../../src/trace/trace.ts';
import { oneStep, stage, step, trace } from './traces.ts';

const response = (name: string): Var => variable(name, 'response');
const [W, L, Y, META] = [response('w'), response('l'), response('y'), response('_y')];
const overResponses = (index: Var, body: Expr): Expr => sum(index, { kind: 'responses' }, body);
const overTokens = (index: string, of: Var, body: Expr): Expr =>
  sum(variable(index, 'token'), { kind: 'tokens', of }, body);

const real = (...shapes: readonly (readonly Sort[])[]): Datum => ({
  is: 'real',
  shapes,
  distribution: false,
  prompt: true,
  policy: false,
});
const DECLARED: Declarations = {
  ...NOTHING_DECLARED,
  data: { ...BUILT_IN, phi: real(['response', 'response']), g: real(['response'], ['response', 'token']) },
};
const g = (y: Expr): Expr => apply('g', [y]);
const phi = (a: Expr, b: Expr): Expr => apply('phi', [a, b]);
const positive = (of: Expr): Declarations => ({ ...DECLARED, facts: [{ kind: 'positive', of }] });

const outcome = (t: Trace): string => {
  const verdict = check(t);
  if (verdict.kind === 'accepted') return 'accepted';
  const { reason } = verdict.fault;
  return 'why' in reason ? `${reason.kind}: ${reason.why}` : reason.kind;
};

/** q(_y) = sum over all responses y of phi(_y, y). */
const Q: Definition = {
  id: 'q',
  lhs: apply('q', [META]),
  rhs: overResponses(Y, phi(META, Y)),
};
const byQ = (start: Expr, after: Expr, of: Var, direction: 'forward' | 'backward' = 'forward'): Trace =>
  oneStep(start, 'q', after, {
    bindings: { _y: of },
    direction,
    uses: ['q'],
    definitions: [Q],
    declared: DECLARED,
  });
const q = (y: Var): Expr => apply('q', [y]);

describe('a definition with a sum', () => {
  test.each<[what: string, forged: Trace, outcome: string]>([
    ['opened', byQ(q(W), overResponses(Y, phi(W, Y)), W), 'accepted'],
    ['opened under another index', byQ(q(W), overResponses(L, phi(W, L)), W), 'accepted'],
    ['opened at the name of its own index', byQ(q(Y), overResponses(L, phi(Y, L)), Y), 'accepted'],
    ['closed', byQ(overResponses(Y, phi(W, Y)), q(W), W, 'backward'), 'accepted'],
    ['opened with the argument captured', byQ(q(Y), overResponses(Y, phi(Y, Y)), Y), 'wrong-result'],
    [
      'closed over a captured argument',
      byQ(overResponses(Y, phi(Y, Y)), q(Y), Y, 'backward'),
      'does-not-match',
    ],
    ['opened with the arguments swapped', byQ(q(W), overResponses(Y, phi(Y, W)), W), 'wrong-result'],
  ])('%s', (_, forged, expected) => expect(outcome(forged)).toBe(expected));
});

/** zeta(w) = exp(g(w)): about the chosen response, as in a prior by label. */
const AT_W: Definition = { id: 'at-w', lhs: apply('zeta', [W]), rhs: exp(g(W)) };
const zeta = (y: Var): Expr => apply('zeta', [y]);
const useAtW = (start: Expr, after: Expr, at: readonly number[]): Trace =>
  oneStep(start, 'at-w', after, { at, uses: ['at-w'], definitions: [AT_W], declared: DECLARED });

describe('an equation about one response', () => {
  test.each<[what: string, forged: Trace, outcome: string]>([
    ['used where it is meant', useAtW(zeta(W), exp(g(W)), []), 'accepted'],
    [
      'used beside a sum over another name',
      useAtW(overResponses(Y, mul([zeta(Y), zeta(W)])), overResponses(Y, mul([zeta(Y), exp(g(W))])), [0, 1]),
      'accepted',
    ],
    ['used of another response', useAtW(zeta(L), exp(g(L)), []), 'does-not-match'],
    [
      'used of all responses under a binder of the same name',
      useAtW(overResponses(W, zeta(W)), overResponses(W, exp(g(W))), [0]),
      'index-captured',
    ],
    [
      'the same for a stage',
      trace(
        [
          stage(zeta(W), [step('at-w', exp(g(W)))], { id: 'first', uses: ['at-w'] }),
          stage(overResponses(W, zeta(W)), [step('first', overResponses(W, exp(g(W))), { at: [0] })], {
            uses: ['first'],
          }),
        ],
        { definitions: [AT_W], declared: DECLARED },
      ),
      'index-captured',
    ],
  ])('%s', (_, forged, expected) => expect(outcome(forged)).toBe(expected));

  const logExp = (wrap: (e: Expr) => Expr, at: readonly number[], declared: Declarations): Trace =>
    oneStep(wrap(exp(log(g(W)))), 'exp-log', wrap(g(W)), { at, bindings: { _a: g(W) }, declared });
  test.each<[what: string, forged: Trace, outcome: string]>([
    ['granted', logExp((e) => e, [], positive(g(W))), 'accepted'],
    [
      'granted inside a sum over another name',
      logExp((e) => overResponses(Y, e), [0], positive(g(W))),
      'accepted',
    ],
    ['not granted', logExp((e) => e, [], DECLARED), 'condition-not-met'],
    ['granted of another response', logExp((e) => e, [], positive(g(L))), 'condition-not-met'],
    [
      'used under a binder of the same name',
      logExp((e) => overResponses(W, e), [0], positive(g(W))),
      'condition-not-met',
    ],
    [
      'used of the terms of a sum',
      oneStep(exp(log(overResponses(W, g(W)))), 'exp-log', overResponses(W, g(W)), {
        bindings: { _a: overResponses(W, g(W)) },
        declared: positive(g(W)),
      }),
      'condition-not-met',
    ],
    [
      'of the whole sum',
      oneStep(exp(log(overResponses(W, g(W)))), 'exp-log', overResponses(W, g(W)), {
        bindings: { _a: overResponses(W, g(W)) },
        declared: positive(overResponses(Y, g(Y))),
      }),
      'accepted',
    ],
  ])('a fact %s', (_, forged, expected) => expect(outcome(forged)).toBe(expected));
});

const BETA = sym('beta');
const token = (name: string): Var => variable(name, 'token');
const gAt = (y: Var, index: string): Expr => apply('g', [y, token(index)]);
const pulled = (
  before: Expr,
  after: Expr,
  bindings: Readonly<Record<string, Expr>>,
  at: readonly number[],
): Trace => oneStep(before, 'token-sum-of-product', after, { at, bindings, declared: DECLARED });

describe('a factor taken out of a sum', () => {
  test.each<[what: string, forged: Trace, outcome: string]>([
    [
      'under the index of the rule',
      pulled(
        overTokens('t', W, mul([BETA, gAt(W, 't')])),
        mul([BETA, overTokens('t', W, gAt(W, 't'))]),
        { _y: W, _a: BETA, _b: gAt(W, 't') },
        [],
      ),
      'accepted',
    ],
    [
      'under another index, spoken of in that of the rule',
      pulled(
        overTokens('s', W, mul([BETA, gAt(W, 's')])),
        mul([BETA, overTokens('s', W, gAt(W, 's'))]),
        { _y: W, _a: BETA, _b: gAt(W, 't') },
        [],
      ),
      'accepted',
    ],
    [
      'although it depends on the index, which an outer sum binds too',
      pulled(
        overTokens('s', W, overTokens('s', L, mul([gAt(L, 's'), BETA]))),
        overTokens('s', W, mul([gAt(L, 's'), overTokens('s', L, BETA)])),
        { _y: L, _a: gAt(L, 's'), _b: BETA },
        [1],
      ),
      'does-not-match',
    ],
    [
      'although it depends on the index, in the words of the rule',
      pulled(
        overTokens('t', W, overTokens('t', L, mul([gAt(L, 't'), BETA]))),
        overTokens('t', W, mul([gAt(L, 't'), overTokens('t', L, BETA)])),
        { _y: L, _a: gAt(L, 't'), _b: BETA },
        [1],
      ),
      'condition-not-met',
    ],
    [
      'with a name given to the index of the rule',
      pulled(
        overTokens('t', W, overTokens('t', L, mul([gAt(L, 't'), BETA]))),
        overTokens('t', W, mul([gAt(L, 't'), overTokens('t', L, BETA)])),
        { _y: L, _a: gAt(L, 't'), _b: BETA, t: token('s') },
        [1],
      ),
      'needless-binding',
    ],
  ])('%s', (_, forged, expected) => expect(outcome(forged)).toBe(expected));
});

/** What a stage of one expression and no step says: only whether the expression is well-formed. */
const form = (e: Expr, facts: readonly Fact[] = []): string =>
  outcome(trace([stage(e, [])], { declared: { ...DECLARED, facts } }));
const T = variable('t', 'token');
const V = variable('v', 'vocab');
const X = variable('x', 'prompt');
const over = (index: Var, range: Range, body: Expr): Expr => sum(index, range, body);

describe('well-formed', () => {
  test.each<[what: string, e: Expr, outcome: string]>([
    ['a free response', g(Y), 'accepted'],
    ['a free prompt', apply('D', [X]), 'accepted'],
    ['an index as a number', overTokens('t', W, add([T, num(1)])), 'accepted'],
    ['a token by its number', apply('pi', [W, num(3)]), 'accepted'],
    ['names like properties', add([sym('constructor'), sym('toString')]), 'accepted'],
    ['a free token', apply('pi', [W, T]), 'ill-formed: unbound-index'],
    ['a free vocabulary entry', apply('pi', [W, num(1), V]), 'ill-formed: unbound-index'],
    ['an index outside its sum', add([overTokens('t', W, T), T]), 'ill-formed: unbound-index'],
    ['an index in its own range', overTokens('w', W, g(W)), 'ill-formed: unbound-index'],
    [
      'an index of another sort',
      overTokens('v', W, apply('pi', [W, num(1), V])),
      'ill-formed: unbound-index',
    ],
    ['a token where a response is wanted', overTokens('t', W, g(T)), 'ill-formed: wrong-arguments'],
    ['data at a formula', g(add([W, num(1)])), 'ill-formed: wrong-arguments'],
    ['data of no such name', apply('h', [W]), 'ill-formed: undeclared-data'],
    ['data named like a property', apply('constructor', []), 'ill-formed: undeclared-data'],
    ['too few arguments', apply('phi', [W]), 'ill-formed: wrong-arguments'],
    ['a response as a number', add([W, num(1)]), 'ill-formed: wrong-arguments'],
    ['a response as exponent', pow(num(2), W), 'ill-formed: wrong-arguments'],
    [
      'a vocabulary entry as a number',
      over(V, { kind: 'vocabulary' }, mul([V, num(2)])),
      'ill-formed: wrong-arguments',
    ],
    ['tokens of a number', over(T, { kind: 'tokens', of: num(4) }, T), 'ill-formed: wrong-arguments'],
    ['tokens of a prompt', over(T, { kind: 'tokens', of: X }, T), 'ill-formed: wrong-arguments'],
    [
      'an index of the sort of another range',
      over(T, { kind: 'vocabulary' }, T),
      'ill-formed: wrong-arguments',
    ],
    [
      'too many arguments of a function',
      { ...log(num(1)), args: [num(1), num(2)] },
      'ill-formed: wrong-arguments',
    ],
    ['a metavariable', sym('_a'), 'ill-formed: metavariable'],
    ['a metavariable of the sort of responses', g(META), 'ill-formed: metavariable'],
    ['a metavariable as index', overResponses(META, num(1)), 'ill-formed: metavariable'],
    ['a name that looks like a key', sym("a,'b"), 'ill-formed: bad-name'],
    ['a response that looks like a bound one', g(response('#0')), 'ill-formed: bad-name'],
    [
      'an index that looks like a bound one',
      overResponses(response('#0'), g(response('#0'))),
      'ill-formed: bad-name',
    ],
    ['an empty name', sym(''), 'ill-formed: bad-name'],
  ])('%s', (_, e, expected) => expect(form(e)).toBe(expected));

  test('an expression nested 100,000 deep is refused, not judged', () => {
    const deep = Array.from({ length: 100_000 }).reduce<Expr>((e) => exp(e), num(0));
    expect(form(deep)).toBe('too-deep');
    expect(form(num(1), [{ kind: 'positive', of: deep }])).toBe('too-deep');
  });

  test('facts are formulas too', () => {
    expect(form(num(1), [{ kind: 'positive', of: g(META) }])).toBe('ill-formed: metavariable');
    expect(form(num(1), [{ kind: 'positive', of: apply('pi', [W, T]) }])).toBe('ill-formed: unbound-index');
    expect(form(num(1), [{ kind: 'positive', of: apply('nothing', []) }])).toBe(
      'ill-formed: undeclared-data',
    );
  });
});

test('names that would spell another expression are not taken for it', () => {
  // With keys as text, one parameter named like this would be the two terms a and b.
  const forged = oneStep(add([sym("a,'b"), sym('c')]), 'algebra', add([sym('a'), sym('b'), sym('c')]));
  expect(outcome(forged)).toBe('ill-formed: bad-name');
});

test('built-in data are what they are everywhere', () => {
  const r = apply('r', [W]);
  const grantsReward = (datum: Datum): Declarations => ({ ...DECLARED, data: { ...BUILT_IN, r: datum } });
  const forged = (declared: Declarations): Trace =>
    oneStep(exp(log(r)), 'exp-log', r, { bindings: { _a: r }, declared });
  expect(outcome(forged(grantsReward({ ...real(['response']), is: 'positive' })))).toBe('condition-not-met');
  expect(outcome(forged(positive(r)))).toBe('accepted');
});
