/** Forged ways from the objective to the reward: each is the honest one with one thing wrong, and refused for that thing. */

import { describe, expect, test } from 'vitest';
import type { Expr } from '../../src/expr/expr.ts';
import { num, sum, variable } from '../../src/expr/expr.ts';
import { nodes, rebuild, replaceAt } from '../../src/expr/walk.ts';
import type { Stage, Step, Trace } from '../../src/trace/trace.ts';
import { DECLARED, outcome, read, W, Y } from './formulas.ts';
import { derivationOf, editStage, editStep, stage, step, trace } from './traces.ts';

const DPO = derivationOf('dpo');
const stageOf = (id: string): Stage => {
  const found = DPO.stages.find((s) => s.id === id);
  if (found === undefined) throw new Error(`no stage ${id}`);
  return found;
};
const without = (id: string): Trace => ({ ...DPO, stages: DPO.stages.filter((s) => s.id !== id) });
const replacing = (e: Expr, by: (node: Expr) => Expr | undefined): Expr =>
  rebuild(e, (node) => by(node) ?? node);
/** The step of a stage that uses a rule. */
const stepOf = (id: string, rule: string): number => {
  const k = stageOf(id).steps.findIndex((s) => s.rule === rule);
  if (k < 0) throw new Error(`no ${rule} in ${id}`);
  return k;
};
const CITATION = stepOf('S3', 'gibbs-inequality');
const POLICY_SUM = read('sum(y, Y, pi(y))');
const WITHOUT_WEIGHT = (e: Expr): Expr =>
  replacing(e, (n) => (n.kind === 'apply' && n.name === 'kl_weight' ? num(1) : undefined));
/** A step put before the others of a stage. */
const beginning = (id: string, first: Step): Trace =>
  editStage(DPO, id, ({ steps }) => ({ steps: [first, ...steps] }));
const placeIn = (e: Expr, name: string): readonly number[] => {
  const found = [...nodes(e)].find(([node]) => node.kind === 'apply' && node.name === name)?.[1];
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
};
/** A stage begun with a model row where it first applies. */
const assumingIn = (
  id: string,
  name: string,
  rule: string,
  text: string,
  bindings: Step['bindings'],
): Trace => {
  const { start } = stageOf(id);
  const at = placeIn(start, name);
  const after = replaceAt(start, at, read(text));
  if (after === undefined) throw new Error('no place');
  return beginning(id, step(rule, after, { at, bindings }));
};

describe('a forged way from the objective to the reward is refused', () => {
  test.each<[what: string, forged: Trace, outcome: string]>([
    ['the bound as an equation', editStage(DPO, 'S3', () => ({ relation: '=' })), 'lemma-in-equation'],
    ['the reward as an inequality', editStage(DPO, 'S4', () => ({ relation: '<=' })), 'unknown-rule'],
    ['the preference as an inequality', editStage(DPO, 'S5', () => ({ relation: '<=' })), 'unknown-rule'],
    [
      'normalisation as an inequality',
      editStage(DPO, 'S3-normalised', () => ({ relation: '<=' })),
      'unknown-rule',
    ],
    [
      'the lemma read backwards',
      editStep(DPO, 'S3', CITATION, () => ({ direction: 'backward' })),
      'wrong-direction',
    ],
    [
      'the lemma about the distributions exchanged',
      editStep(DPO, 'S3', CITATION, ({ bindings: { _p, _q } }) => ({
        bindings: { _p: _q ?? num(0), _q: _p ?? num(0) },
      })),
      'does-not-match',
    ],
    [
      'the lemma at another place',
      editStep(DPO, 'S3', CITATION, () => ({ at: [0, 1, 0] })),
      'wrong-direction',
    ],
    [
      'the divergence bounded by one',
      editStep(DPO, 'S3', CITATION, ({ at, after }) => ({ after: replaceAt(after, at, num(1)) ?? after })),
      'wrong-result',
    ],
    ['normalisation not in use', editStage(DPO, 'S3', () => ({ uses: [] })), 'condition-not-met: normalised'],
    ['normalisation dropped', without('S3-normalised'), 'unknown-rule'],
    [
      'normalisation dropped, and its use',
      editStage(without('S3-normalised'), 'S3', () => ({ uses: [] })),
      'condition-not-met: normalised',
    ],
    [
      'normalisation of another distribution',
      editStage(DPO, 'S3-normalised', () => ({
        start: POLICY_SUM,
        steps: [step('policy-is-normalised', num(1))],
      })),
      'condition-not-met: normalised',
    ],
    [
      'attainment in the place of normalisation',
      editStage({ ...DPO, stages: ['S1', 'S2', 'S3-attained', 'S3'].map(stageOf) }, 'S3', () => ({
        uses: ['S3-attained'],
      })),
      'condition-not-met: normalised',
    ],
    [
      'attainment cited as the bound',
      editStep(
        editStage(
          { ...DPO, stages: ['S1', 'S2', 'S3-normalised', 'S3-attained', 'S3'].map(stageOf) },
          'S3',
          () => ({ uses: ['S3-attained'] }),
        ),
        'S3',
        CITATION,
        () => ({ rule: 'S3-attained', bindings: {} }),
      ),
      'does-not-match',
    ],
    [
      'the bound as an equation later',
      {
        ...DPO,
        stages: [
          ...['S1', 'S2', 'S3-normalised', 'S3'].map(stageOf),
          stage(stageOf('S3').start, [step('S3', stageOf('S3').goal)], { id: 'equal', uses: ['S3'] }),
        ],
      },
      'unknown-rule',
    ],
    [
      'the policy optimal in the bound',
      assumingIn('S3', 'pi', 'policy-is-optimal', 'pi_star(y)', { _y: Y }),
      'not-in-use',
    ],
    [
      'the policy optimal in the last stage',
      assumingIn('S8', 'pi', 'policy-is-optimal', 'pi_star(w)', { _y: W }),
      'not-in-use',
    ],
    [
      'preferences in the stage of the loss',
      assumingIn('S6', 'prefers', 'bradley-terry', 'sigmoid(r(w) - r(l))', {
        _w: W,
        _l: variable('l', 'response'),
      }),
      'not-in-use',
    ],
    [
      'another objective',
      editStep(DPO, 'S1', 0, ({ after }) => ({ after: WITHOUT_WEIGHT(after) })),
      'wrong-result',
    ],
    [
      'another objective as the goal',
      editStage(DPO, 'S1', ({ goal }) => ({ goal: WITHOUT_WEIGHT(goal) })),
      'goal-not-reached',
    ],
    [
      'another objective from here on',
      editStage(DPO, 'S2', ({ start }) => ({ start: WITHOUT_WEIGHT(start) })),
      'broken-chain',
    ],
    [
      'an objective laid down anew',
      { ...DPO, definitions: [...DPO.definitions, { id: 'goal', lhs: read('objective()'), rhs: num(0) }] },
      'bad-definition: declared-already',
    ],
    [
      'a definition under the name of the objective',
      { ...DPO, definitions: [...DPO.definitions, { id: 'objective', lhs: read('h(_y)'), rhs: num(0) }] },
      'duplicate-id',
    ],
    [
      'an optimum laid down anew',
      { ...DPO, definitions: [...DPO.definitions, { id: 'best', lhs: read('pi_star(_y)'), rhs: num(1) }] },
      'bad-definition: declared-already',
    ],
    [
      'responses in the place of prompts',
      editStep(DPO, 'S1', 0, ({ after }) => ({
        after: replacing(after, (n) =>
          n.kind === 'sum' && n.range.kind === 'prompts' ? sum(W, { kind: 'responses' }, n.body) : undefined,
        ),
      })),
      'wrong-result',
    ],
    [
      'prompts in the place of responses',
      editStep(DPO, 'S1', 0, ({ after }) => ({
        after: replacing(after, (n) =>
          n.kind === 'sum' && n.range.kind === 'responses'
            ? sum(variable('y', 'prompt'), { kind: 'prompts' }, n.body)
            : undefined,
        ),
      })),
      'ill-formed: unbound-index',
    ],
  ])('%s', (_, forged, expected) => expect(outcome(forged)).toBe(expected));

  test('what it starts from is accepted', () => expect(outcome(DPO)).toBe('accepted'));
});

test('a prior that is made of its own partition function proves nothing', () => {
  // zeta(y) = 2 Z pi(y) exp(-r(y)/weight) would make Z twice itself.
  const prior = {
    id: 'prior',
    lhs: read('zeta(_y)'),
    rhs: read('2 * Z() * pi(_y) / exp(r(_y) / kl_weight())'),
  };
  const body = '2 * Z() * pi(y) / exp(r(y) / kl_weight()) * exp(r(y) / kl_weight())';
  const twice = stage(
    read('Z()'),
    [
      step('partition-function', read('sum(y, Y, zeta(y) * exp(r(y) / kl_weight()))')),
      step('prior', read(`sum(y, Y, ${body})`), { at: [0, 0], bindings: { _y: Y } }),
      step('algebra', read('sum(y, Y, (2 * Z()) * pi(y))'), { at: [0] }),
      step('response-sum-of-product', read('(2 * Z()) * sum(y, Y, pi(y))'), {
        bindings: { _a: read('2 * Z()'), _b: read('pi(y)') },
      }),
      step('policy-is-normalised', read('(2 * Z()) * 1'), { at: [1] }),
    ],
    { id: 'twice', uses: ['prior'] },
  );
  const absurd = stage(
    num(1),
    [
      step('algebra', read('Z() / Z()')),
      step('twice', read('((2 * Z()) * 1) / Z()'), { at: [0] }),
      step('algebra', num(2)),
    ],
    { uses: ['twice'] },
  );
  const forged = trace([twice, absurd], { declared: DECLARED, definitions: [prior] });
  expect(outcome(forged)).toBe('bad-definition: circular');
});
