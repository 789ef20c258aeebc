/** Forged derivations: each is one that the checker accepts, with one thing wrong, and each is refused for that thing. */

import { describe, expect, test } from 'vitest';
import { check } from '../../src/checker/check.ts';
import type { Reason } from '../../src/checker/fault.ts';
import { substitute } from '../../src/expr/binder.ts';
import type { Expr } from '../../src/expr/expr.ts';
import { apply, freeze, log, minus, mul, num, sym, variable } from '../../src/expr/expr.ts';
import { rebuild } from '../../src/expr/walk.ts';
import { parse } from '../../src/syntax/parse.ts';
import type { Trace } from '../../src/trace/trace.ts';
import { derivationOf, derivationOfFormula, editDefinition, editStage, editStep } from './traces.ts';

const RDPO = derivationOf('r-dpo');
const SIMPO = derivationOf('simpo');
const HONEST: Readonly<Record<string, Trace>> = {
  'r-dpo': RDPO,
  'h-dpo': derivationOf('h-dpo'),
  simpo: SIMPO,
  dpo: derivationOf('dpo'),
  'dpo spelled with log(1 + exp(-u))': derivationOfFormula(
    'log(1 + exp(-(beta * (log(pi(w) / ref(w)) - log(pi(l) / ref(l))))))',
    ['beta > 0'],
  ),
  'dpo spelled with softplus': derivationOfFormula(
    'softplus(beta * (log(pi(l) / ref(l)) - log(pi(w) / ref(w))))',
    ['beta > 0'],
  ),
  'dpo spelled as a share of two odds': derivationOfFormula(
    '-log((pi(w)/ref(w))^beta / ((pi(w)/ref(w))^beta + (pi(l)/ref(l))^beta))',
    ['beta > 0'],
  ),
};

test.each(Object.entries(HONEST))('the derivation of %s is accepted', (_, trace) => {
  expect(check(trace)).toMatchObject({ kind: 'accepted', stages: trace.stages.length });
});

test('what a derivation rests on is said', () => {
  expect(check(RDPO)).toEqual({
    kind: 'accepted',
    stages: 12,
    steps: RDPO.stages.flatMap(({ steps }) => steps).length,
    rests: [
      'S3-normalised',
      'gibbs-inequality',
      'policy-is-optimal',
      'bradley-terry',
      'S4',
      'S5',
      'prior',
      'weight',
      'definition-of-h',
      'S9',
    ],
  });
});

const W = variable('w', 'response');
const L = variable('l', 'response');
const swapped = (e: Expr): Expr =>
  substitute(e, [
    [W, L],
    [L, W],
  ]);
/** `e` with each node that `test` picks replaced. */
const replacing = (e: Expr, by: (node: Expr) => Expr | undefined): Expr =>
  rebuild(e, (node) => by(node) ?? node);
const withoutLogs = (e: Expr): Expr =>
  replacing(e, (node) => (node.kind === 'call' && node.fn === 'log' ? node.args[0] : undefined));
const isApply = (node: Expr, name: string): boolean => node.kind === 'apply' && node.name === name;
const stageOf = (t: Trace, id: string): Trace['stages'][number] => {
  const found = t.stages.find((s) => s.id === id);
  if (found === undefined) throw new Error(`no stage ${id}`);
  return found;
};
/** The stages before the preference, from the objective to the reward. */
const OBJECTIVE = ['S1', 'S2', 'S3-normalised', 'S3', 'S3-attained', 'S4'];
const reordered = (t: Trace, ...ids: readonly string[]): Trace => ({
  ...t,
  stages: ids.map((id) => stageOf(t, id)),
});
const declaring = (t: Trace, more: Partial<Trace['declared']>): Trace => ({
  ...t,
  declared: { ...t.declared, ...more },
});

/** Steps of R-DPO, S5: 0 Bradley-Terry, 1 and 2 the rewards, 3 algebra; S8: 0 a log-quotient, 6 algebra. */
const FORGED: readonly (readonly [what: string, forged: Trace, kind: Reason['kind'], why?: string])[] = [
  // Steps
  ['wrong binding', editStep(RDPO, 'S5', 0, () => ({ bindings: { _w: L, _l: W } })), 'does-not-match'],
  ['missing binding', editStep(RDPO, 'S5', 0, () => ({ bindings: { _w: W } })), 'unbound-metavariable'],
  [
    'binding of another kind',
    editStep(RDPO, 'S5', 0, ({ bindings }) => ({ bindings: { ...bindings, _w: num(1) } })),
    'unbound-metavariable',
  ],
  [
    'binding of another sort',
    editStep(RDPO, 'S5', 0, ({ bindings }) => ({ bindings: { ...bindings, _w: variable('w', 'token') } })),
    'unbound-metavariable',
  ],
  [
    'further binding',
    editStep(RDPO, 'S5', 0, ({ bindings }) => ({ bindings: { ...bindings, _z: num(1) } })),
    'needless-binding',
  ],
  [
    'further binding of a plain name',
    editStep(RDPO, 'S6', 0, () => ({ bindings: { w: L } })),
    'needless-binding',
  ],
  [
    'binding of the rest where the rule is no sum or product',
    editStep(RDPO, 'S5', 0, ({ bindings }) => ({ bindings: { ...bindings, _rest: num(1) } })),
    'needless-binding',
  ],
  ['binding at algebra', editStep(RDPO, 'S5', 3, () => ({ bindings: { _a: num(1) } })), 'needless-binding'],
  ['direction flipped', editStep(RDPO, 'S5', 1, () => ({ direction: 'forward' })), 'does-not-match'],
  ['rule renamed', editStep(RDPO, 'S5', 0, () => ({ rule: 'because-i-say-so' })), 'unknown-rule'],
  ['rule named like a property', editStep(RDPO, 'S5', 0, () => ({ rule: 'constructor' })), 'unknown-rule'],
  ['another rule of the tables', editStep(RDPO, 'S8', 0, () => ({ rule: 'log-product' })), 'does-not-match'],
  ['path to another place', editStep(RDPO, 'S5', 1, () => ({ at: [0, 1, 1] })), 'does-not-match'],
  ['path out of the tree', editStep(RDPO, 'S5', 1, () => ({ at: [0, 7] })), 'outside-expression'],
  ['path beyond a leaf', editStep(RDPO, 'S5', 1, () => ({ at: [0, 0, 0, 0, 0] })), 'outside-expression'],
  ['path with a negative place', editStep(RDPO, 'S5', 1, () => ({ at: [0, -1] })), 'outside-expression'],
  [
    'rule step called algebra',
    editStep(RDPO, 'S8', 0, () => ({ rule: 'algebra', bindings: {} })),
    'algebra-fails',
  ],
  [
    'coefficient changed',
    editStep(RDPO, 'S5', 3, ({ after }) => ({
      after: replacing(after, (n) => (isApply(n, 'kl_weight') ? mul([num(2), n]) : undefined)),
    })),
    'algebra-fails',
  ],
  [
    'sign changed',
    editStep(RDPO, 'S8', 6, ({ after }) => ({
      after: replacing(after, (n) => (n.kind === 'sym' && n.name === 'alpha' ? minus(n) : undefined)),
    })),
    'algebra-fails',
  ],
  [
    'chosen and rejected swapped',
    editStep(RDPO, 'S5', 3, ({ after }) => ({ after: swapped(after) })),
    'algebra-fails',
  ],
  [
    'logarithm dropped',
    editStep(RDPO, 'S8', 6, ({ after }) => ({ after: withoutLogs(after) })),
    'algebra-fails',
  ],
  [
    'more changed than the step says',
    editStep(RDPO, 'S5', 1, ({ after }) => ({
      after: replacing(after, (n) => (isApply(n, 'r') ? num(0) : undefined)),
    })),
    'wrong-result',
  ],
  [
    'partition function that does not cancel',
    editStep(RDPO, 'S5', 3, ({ after }) => ({
      after: replacing(after, (n) => (isApply(n, 'zeta') ? mul([n, apply('Z', [])]) : undefined)),
    })),
    'algebra-fails',
  ],
  [
    'stop-gradient put in',
    editStep(RDPO, 'S8', 6, ({ after }) => ({
      after: replacing(after, (n) => (isApply(n, 'len') ? freeze(n) : undefined)),
    })),
    'algebra-fails',
  ],
  [
    'result that is no formula',
    editStep(RDPO, 'S5', 1, ({ after }) => ({
      after: replacing(after, (n) => (isApply(n, 'Z') ? sym('_a') : undefined)),
    })),
    'ill-formed',
    'metavariable',
  ],
  [
    'result with undeclared data',
    editStep(RDPO, 'S5', 3, ({ after }) => ({
      after: replacing(after, (n) => (isApply(n, 'pi') ? apply('rho', [W]) : undefined)),
    })),
    'ill-formed',
    'undeclared-data',
  ],
  [
    'result with data at too many arguments',
    editStep(RDPO, 'S5', 3, ({ after }) => ({
      after: replacing(after, (n) => (isApply(n, 'zeta') ? apply('zeta', [W, L]) : undefined)),
    })),
    'ill-formed',
    'wrong-arguments',
  ],
  [
    'step dropped',
    editStage(RDPO, 'S5', ({ steps }) => ({ steps: steps.filter((_, i) => i !== 1) })),
    'wrong-result',
  ],
  [
    'step repeated',
    editStage(RDPO, 'S5', ({ steps }) => ({ steps: steps.flatMap((s, i) => (i === 0 ? [s, s] : [s])) })),
    'does-not-match',
  ],
  [
    'steps in another order',
    editStage(RDPO, 'S5', ({ steps }) => ({ steps: [...steps].reverse() })),
    'algebra-fails',
  ],
  ['steps all dropped', editStage(RDPO, 'S5', () => ({ steps: [] })), 'goal-not-reached'],
  [
    'last step dropped',
    editStage(RDPO, 'S9', ({ steps }) => ({ steps: steps.slice(0, -1) })),
    'goal-not-reached',
  ],

  // Conditions
  [
    'weaker domain',
    declaring(RDPO, { parameters: { alpha: 'nonnegative', beta: 'real' } }),
    'bad-definition',
    'domain',
  ],
  [
    'domain that allows zero',
    declaring(RDPO, { parameters: { alpha: 'nonnegative', beta: 'nonnegative' } }),
    'bad-definition',
    'domain',
  ],
  ['domains dropped', declaring(RDPO, { parameters: {} }), 'bad-definition', 'domain'],

  // Stages
  ['nothing in use', editStage(RDPO, 'S7', () => ({ uses: [] })), 'not-in-use'],
  [
    'use of what is not there',
    editStage(RDPO, 'S7', () => ({ uses: ['prior', 'weight', 'magic'] })),
    'unknown-rule',
  ],
  [
    'stage used before it is proved',
    reordered(RDPO, ...OBJECTIVE, 'S6', 'S5', 'S7', 'S8', 'S9'),
    'unknown-rule',
  ],
  ['stage that uses itself', editStage(RDPO, 'S5', () => ({ uses: ['S5'] })), 'unknown-rule'],
  ['stage dropped from the middle', reordered(RDPO, ...OBJECTIVE, 'S5', 'S6', 'S8', 'S9'), 'unknown-stage'],
  ['stages in another order', reordered(RDPO, ...OBJECTIVE, 'S5', 'S6', 'S8', 'S7', 'S9'), 'unknown-stage'],
  ['no stages', reordered(RDPO), 'empty-trace'],
  [
    'continues a stage that is not there',
    editStage(RDPO, 'S7', () => ({ continues: 'S0' })),
    'unknown-stage',
  ],
  ['continues another stage', editStage(RDPO, 'S8', () => ({ continues: 'S5' })), 'broken-chain'],
  ['continues a definition', editStage(RDPO, 'S7', () => ({ continues: 'prior' })), 'unknown-stage'],
  ['continues itself', editStage(RDPO, 'S7', () => ({ continues: 'S7' })), 'unknown-stage'],
  [
    'goal of the other sign',
    editStage(RDPO, 'S9', ({ goal }) => ({ goal: minus(goal) })),
    'goal-not-reached',
  ],
  [
    'goal of another loss',
    editStage(RDPO, 'S9', () => ({ goal: stageOf(SIMPO, 'S8').goal })),
    'goal-not-reached',
  ],
  [
    'goal with a hidden stop-gradient',
    editStage(RDPO, 'S9', ({ goal }) => ({ goal: freeze(goal) })),
    'goal-not-reached',
  ],
  [
    'goal with a metavariable',
    editStage(RDPO, 'S9', () => ({ goal: sym('_loss') })),
    'ill-formed',
    'metavariable',
  ],
  [
    'start of another loss',
    editStage(RDPO, 'S8', () => ({ start: stageOf(SIMPO, 'S8').start })),
    'broken-chain',
  ],
  [
    'start moved where nothing comes before',
    editStage(RDPO, 'S5', () => ({ start: apply('prefers', [L, W]) })),
    'does-not-match',
  ],
  [
    'stage used at other responses than it speaks of',
    editStage(RDPO, 'S6', ({ start, goal, steps }) => ({
      start: swapped(start),
      goal: swapped(goal),
      steps: steps.map((s) => ({ ...s, after: swapped(s.after) })),
    })),
    'does-not-match',
  ],
  ['stage renamed to a rule', editStage(RDPO, 'S9', () => ({ id: 'log-exp' })), 'duplicate-id'],
  ['stage renamed to algebra', editStage(RDPO, 'S9', () => ({ id: 'algebra' })), 'duplicate-id'],
  ['two stages of one name', editStage(RDPO, 'S9', () => ({ id: 'S5' })), 'duplicate-id'],
  ['stage named like a definition', editStage(RDPO, 'S9', () => ({ id: 'prior' })), 'duplicate-id'],

  // Definitions
  ['definition renamed to a rule', editDefinition(RDPO, 'weight', { id: 'log-exp' }), 'duplicate-id'],
  ['another prior', editDefinition(RDPO, 'prior', { rhs: parse('1') }), 'wrong-result'],
  ['another weight', editDefinition(RDPO, 'weight', { rhs: sym('alpha') }), 'bad-definition', 'domain'],
  ['another abbreviation', editDefinition(RDPO, 'definition-of-h', { rhs: parse('0') }), 'does-not-match'],
  [
    'prior for fixed responses only',
    editDefinition(RDPO, 'prior', { lhs: apply('zeta', [W]) }),
    'bad-definition',
    'free-variable',
  ],
  ['definitions dropped', { ...RDPO, definitions: [] }, 'unknown-rule'],
  [
    'label prior of the chosen put on the rejected',
    editDefinition(SIMPO, 'prior-rejected', { lhs: apply('zeta', [W]) }),
    'bad-definition',
    'free-variable',
  ],
];

describe('a forged derivation is refused', () => {
  const rows = FORGED.map(([what, forged, kind, why]) => ({ what, forged, kind, why }));
  test.each(rows)('$what', ({ forged, kind, why }) => {
    const verdict = check(forged);
    expect(verdict).toMatchObject({
      kind: 'refused',
      fault: { reason: why === undefined ? { kind } : { kind, why } },
    });
  });
  test('no two forgeries are the same trace', () => {
    const texts = FORGED.map(([, forged]) =>
      JSON.stringify(forged, (_, x) => (typeof x === 'bigint' ? `${x}n` : x)),
    );
    expect(new Set(texts).size).toBe(FORGED.length);
    expect(FORGED.length).toBeGreaterThanOrEqual(60);
  });
});

test('the fault is placed at its stage and step', () => {
  expect(check(editStep(RDPO, 'S8', 2, () => ({ rule: 'because' })))).toMatchObject({
    fault: { stage: 'S8', step: 2 },
  });
  expect(check(editStage(RDPO, 'S9', () => ({ goal: log(num(1)) })))).toMatchObject({
    fault: { stage: 'S9', step: undefined },
  });
});
