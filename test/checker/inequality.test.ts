/** The one lemma and what the derivation from the objective rests on: cited only where it says what is claimed. */

import { describe, expect, test } from 'vitest';
import { check } from '../../src/checker/check.ts';
import { prove } from '../../src/engine/prove.ts';
import type { Datum, Declarations } from '../../src/expr/declare.ts';
import { BUILT_IN } from '../../src/expr/declare.ts';
import type { Expr } from '../../src/expr/expr.ts';
import { divide, log, mul, num, sum, variable } from '../../src/expr/expr.ts';
import { sameUpToOrder } from '../../src/expr/flat.ts';
import { nodes, rebuild, replaceAt } from '../../src/expr/walk.ts';
import { parse } from '../../src/syntax/parse.ts';
import type { Definition, Stage, Step, Trace } from '../../src/trace/trace.ts';
import { derivationOf, editStage, editStep, stage, step, trace } from './traces.ts';

const real = (...shapes: Datum['shapes']): Datum => ({
  is: 'real',
  shapes,
  distribution: false,
  prompt: true,
  policy: false,
});
const DECLARED: Declarations = {
  parameters: { beta: 'positive', gamma: 'real' },
  data: {
    ...BUILT_IN,
    g: real(['response']),
    q: { ...real(['response']), is: 'positive' },
    phi: { ...real(['response', 'response']), is: 'positive' },
  },
  facts: [],
};
const read = (text: string): Expr =>
  parse(text, {
    declared: DECLARED,
    names: 'open',
    responses: ['_y', 'w', 'l', 'y', 'z'],
    definitions: { h: ['response'] },
  });
const W = variable('w', 'response');
const Y = variable('y', 'response');

const outcome = (t: Trace): string => {
  const verdict = check(t);
  if (verdict.kind === 'accepted') return 'accepted';
  const { reason } = verdict.fault;
  if (reason.kind === 'condition-not-met') return `${reason.kind}: ${reason.condition.kind}`;
  return 'why' in reason ? `${reason.kind}: ${reason.why}` : reason.kind;
};
const positive = (text: string): Pick<Trace, 'declared'> => ({
  declared: { ...DECLARED, facts: [{ kind: 'positive', of: read(text) }] },
});

const KL = 'sum(y, Y, pi(y) * log(pi(y) / ref(y)))';
/** `text` with the first part that is `from` replaced by `to`, cited as an instance of the lemma. */
function cited(
  text: string,
  more: Partial<Stage> = {},
  [p, q] = ['pi(y)', 'ref(y)'],
  backward = false,
): Stage {
  const start = read(text);
  const [_p, _q] = [read(p ?? ''), read(q ?? '')];
  const left = sum(Y, { kind: 'responses' }, mul([_p, log(divide(_p, _q))]));
  const [from, to] = backward ? [num(0), left] : [left, num(0)];
  const place = [...nodes(start)].find(([node]) => sameUpToOrder(node, from))?.[1];
  const after = place && replaceAt(start, place, to);
  if (place === undefined || after === undefined) throw new Error(`no place in ${text}`);
  const direction = backward ? 'backward' : 'forward';
  const by = step('gibbs-inequality', after, { at: place, direction, bindings: { _p, _q } });
  return stage(start, [by], { relation: '<=', ...more });
}
const citing = (text: string, more: Partial<Trace> = {}): Trace =>
  trace([cited(text)], { declared: DECLARED, ...more });
const citingBackward = (text: string): Trace =>
  trace([cited(text, {}, ['pi(y)', 'ref(y)'], true)], { declared: DECLARED });

describe('the lemma, by where it stands', () => {
  test.each<[what: string, claim: Trace, outcome: string]>([
    ['the whole falls with it', citing(`1 - beta * ${KL}`), 'accepted'],
    ['it is subtracted twice over', citing(`1 - beta * (gamma + 2 * ${KL})`), 'accepted'],
    ['under sums of positive multiples', citing(`sum(z, Y, pi(z) * (1 - ${KL}))`), 'accepted'],
    ['under prompts', citing(`sum(x, X, D(x) * (1 - ${KL}))`), 'accepted'],
    ['a sign that is granted', citing(`-g(w) * ${KL}`, positive('g(w)')), 'accepted'],
    ['backward where the whole rises', citingBackward('gamma + beta * 0'), 'accepted'],
    ['the whole rises with it', citing(`1 + beta * ${KL}`), 'wrong-direction'],
    ['by itself', citing(KL), 'wrong-direction'],
    ['two signs that cancel', citing(`1 - beta * (gamma - ${KL})`), 'wrong-direction'],
    ['backward where the whole falls', citingBackward('gamma - beta * 0'), 'wrong-direction'],
    ['backward under a factor of unknown sign', citingBackward('gamma * 0'), 'wrong-direction'],
    ['under a factor of unknown sign', citing(`1 - gamma * ${KL}`), 'wrong-direction'],
    ['under data of unknown sign', citing(`1 - g(w) * ${KL}`), 'wrong-direction'],
    ['a sign granted of another response', citing(`-g(l) * ${KL}`, positive('g(w)')), 'wrong-direction'],
    [
      'a sign granted of one response, used of all',
      citing(`sum(w, Y, -g(w) * ${KL})`, positive('g(w)')),
      'wrong-direction',
    ],
    ['inside a logarithm', citing(`-log(1 + ${KL})`), 'wrong-direction'],
    ['inside an exponential', citing(`-exp(${KL})`), 'wrong-direction'],
    ['inside a power', citing(`-(${KL})^2`), 'wrong-direction'],
    ['as a divisor', citing(`1 / (1 + ${KL})`), 'wrong-direction'],
    ['inside a stop-gradient', citing(`-stopgrad(${KL})`), 'wrong-direction'],
    [
      'in an equation',
      trace([cited(`1 - ${KL}`, { relation: '=' })], { declared: DECLARED }),
      'lemma-in-equation',
    ],
    [
      'cited as an equation later',
      trace(
        [
          cited(`1 - ${KL}`, { id: 'first' }),
          stage(read(`1 - ${KL}`), [step('first', read('1 - 0'))], { uses: ['first'] }),
        ],
        { declared: DECLARED },
      ),
      'unknown-rule',
    ],
  ])('%s', (_, claim, expected) => expect(outcome(claim)).toBe(expected));
});

/** -KL(p || q) <= 0, after stages that prove of totals that they are one. */
const between = (p: string, q: string, proofs: readonly Stage[] = [], more: Partial<Trace> = {}): Trace =>
  trace(
    [
      ...proofs,
      cited(`-sum(y, Y, (${p}) * log((${p}) / (${q})))`, { uses: proofs.map(({ id }) => id) }, [p, q]),
    ],
    { declared: DECLARED, ...more },
  );
/** Adds up to one, for the rest adds up to zero: g less its total dealt out by the policy. */
const MIXED = 'pi(y) + g(y) - sum(z, Y, g(z)) * pi(y)';
const proof = (id: string, text: string, rows: readonly Definition[] = []): Stage => {
  const start = read(text);
  const steps = prove(
    start,
    num(1),
    rows.map((row) => ({ ...row, where: [] })),
    DECLARED,
  );
  return stage(start, steps, { id, goal: num(1), uses: rows.map((row) => row.id) });
};
const MIXED_IS_NORMALISED = proof('mixed', `sum(y, Y, ${MIXED})`);

describe('the lemma, by what it is about', () => {
  test.each<[what: string, claim: Trace, outcome: string]>([
    ['two distributions', between('pi(y)', 'ref(y)'), 'accepted'],
    ['one and itself', between('pi(y)', 'pi(y)'), 'accepted'],
    ['a q that is not normalised', between('pi(y)', 'q(y)'), 'condition-not-met: normalised'],
    ['a p that is not normalised', between('q(y)', 'pi(y)'), 'condition-not-met: normalised'],
    ['half a distribution', between('pi(y) / 2', 'ref(y)'), 'condition-not-met: normalised'],
    ['a p that is not positive', between('g(y)', 'ref(y)'), 'condition-not-met: positive'],
    ['a q that is not positive', between('pi(y)', 'g(y)'), 'condition-not-met: positive'],
    ['a constant', between('1', 'ref(y)'), 'condition-not-met: normalised'],
    ['one response of a distribution', between('pi(w)', 'ref(y)'), 'condition-not-met: normalised'],
    [
      'a normalised q, positive or not',
      between('pi(y)', MIXED, [MIXED_IS_NORMALISED]),
      'condition-not-met: positive',
    ],
    [
      'a normalised q, positive at one response',
      between('pi(y)', MIXED, [MIXED_IS_NORMALISED], positive(MIXED)),
      'condition-not-met: positive',
    ],
    [
      'a normalised p, positive at one response',
      between(MIXED, 'ref(y)', [MIXED_IS_NORMALISED], positive(MIXED)),
      'condition-not-met: positive',
    ],
  ])('%s', (_, claim, expected) => expect(outcome(claim)).toBe(expected));

  test('the forgery above is normalised indeed', () => {
    expect(outcome(trace([MIXED_IS_NORMALISED], { declared: DECLARED }))).toBe('accepted');
  });

  /** The prior of the chosen is laid down to be 1, nothing is said of any other. */
  const AT_W: Definition = { id: 'at-w', lhs: read('zeta(w)'), rhs: num(1) };
  const TOTAL_AT_W = proof('total-at-w', 'sum(y, Y, zeta(w) * pi(y))', [AT_W]);
  const atW = (text: string): Trace =>
    trace([TOTAL_AT_W, cited(text, { uses: ['total-at-w'] }, ['pi(y)', 'zeta(w) * pi(y)'])], {
      declared: DECLARED,
      definitions: [AT_W],
    });
  const TILTED = 'sum(y, Y, pi(y) * log(pi(y) / (zeta(w) * pi(y))))';
  test.each<[what: string, claim: Trace, outcome: string]>([
    ['used of it', atW(`-${TILTED}`), 'accepted'],
    ['used beside a sum over another', atW(`-sum(l, Y, ${TILTED})`), 'accepted'],
    ['used of all', atW(`-sum(w, Y, ${TILTED})`), 'condition-not-met: normalised'],
  ])('a total that is one at one response, %s', (_, claim, expected) =>
    expect(outcome(claim)).toBe(expected),
  );
});

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

const rewritten = (
  from: string,
  rule: string,
  to: string,
  bindings: Record<string, string>,
  at: number[] = [],
) =>
  trace(
    [
      stage(read(from), [
        step(rule, read(to), {
          at,
          bindings: Object.fromEntries(Object.entries(bindings).map(([name, e]) => [name, read(e)])),
        }),
      ]),
    ],
    { declared: DECLARED },
  );

describe('sums over responses and over prompts', () => {
  const product = 'response-sum-of-product';
  test.each<[what: string, forged: Trace, outcome: string]>([
    [
      'a factor free of the response',
      rewritten('sum(y, Y, g(w) * r(y))', product, 'g(w) * sum(y, Y, r(y))', { _a: 'g(w)', _b: 'r(y)' }),
      'accepted',
    ],
    [
      'a factor of the prompt, within the sum over prompts',
      rewritten(
        'sum(x, X, D(x) * sum(y, Y, Z() * pi(y)))',
        product,
        'sum(x, X, D(x) * (Z() * sum(y, Y, pi(y))))',
        { _a: 'Z()', _b: 'pi(y)' },
        [0, 1],
      ),
      'accepted',
    ],
    [
      'a factor of the response',
      rewritten('sum(y, Y, g(y) * r(y))', product, 'g(y) * sum(y, Y, r(y))', { _a: 'g(y)', _b: 'r(y)' }),
      'condition-not-met: free-of',
    ],
    [
      'a factor of the response by another name',
      rewritten('sum(z, Y, g(z) * r(z))', product, 'g(z) * sum(y, Y, r(y))', { _a: 'g(z)', _b: 'r(y)' }),
      'does-not-match',
    ],
    [
      'a factor of the response caught by the sum outside',
      rewritten(
        'sum(y, Y, sum(y, Y, g(y) * r(y)))',
        product,
        'sum(y, Y, g(y) * sum(y, Y, r(y)))',
        { _a: 'g(y)', _b: 'r(y)' },
        [0],
      ),
      'condition-not-met: free-of',
    ],
    [
      'a factor put in and caught',
      rewritten(
        'sum(y, Y, g(y) * sum(z, Y, r(z)))',
        product,
        'sum(y, Y, sum(y, Y, g(y) * r(y)))',
        { _a: 'g(y)', _b: 'r(y)' },
        [0],
      ),
      'condition-not-met: free-of',
    ],
    [
      'a factor of the prompt out of its sum',
      rewritten('sum(x, X, D(x) * Z())', product, 'Z() * sum(x, X, D(x))', { _a: 'Z()', _b: 'D(x)' }),
      'does-not-match',
    ],
    [
      'a number out of a sum over prompts',
      rewritten('sum(x, X, 2 * D(x))', product, '2 * sum(x, X, D(x))', { _a: '2', _b: 'D(x)' }),
      'does-not-match',
    ],
    [
      'a factor of the prompt by algebra',
      rewritten('sum(x, X, D(x) * Z())', 'algebra', 'Z() * sum(x, X, D(x))', {}),
      'algebra-fails',
    ],
    [
      'a factor of the prompt past both sums',
      rewritten(
        'sum(y, Y, pi(y) * sum(x, X, D(x) * r(y)))',
        'algebra',
        'sum(y, Y, pi(y) * r(y) * sum(x, X, D(x)))',
        {},
        [0],
      ),
      'algebra-fails',
    ],
    [
      'prompts one by one',
      rewritten('sum(x, X, D(x) + Z())', 'response-sum-of-sum', 'sum(x, X, D(x)) + sum(x, X, Z())', {
        _a: 'D(x)',
        _b: 'Z()',
      }),
      'does-not-match',
    ],
    ['zero for each prompt', rewritten('sum(x, X, 0)', 'response-sum-of-zero', '0', {}), 'does-not-match'],
    ['all prompts together', rewritten('sum(x, X, D(x))', 'policy-is-normalised', '1', {}), 'does-not-match'],
    [
      'another distribution',
      rewritten('sum(y, Y, ref(y))', 'policy-is-normalised', '1', {}),
      'does-not-match',
    ],
    [
      'one response for all',
      rewritten('sum(y, Y, pi(w))', 'policy-is-normalised', '1', {}),
      'does-not-match',
    ],
  ])('%s', (_, forged, expected) => expect(outcome(forged)).toBe(expected));
});

/** log(exp(e)) = e, then that equation used: `from` becomes `to`. */
const generic = (
  e: string,
  from: string,
  to: string,
  bindings: Readonly<Record<string, Expr>>,
  at: readonly number[] = [],
  more: Partial<Trace> = {},
): Trace =>
  trace(
    [
      stage(read(`log(exp(${e}))`), [step('log-exp', read(e), { bindings: { _a: read(e) } })], {
        id: 'first',
      }),
      stage(read(from), [step('first', read(to), { bindings, at })], { uses: ['first'] }),
    ],
    { declared: DECLARED, ...more },
  );
const AT_Y = { definitions: [{ id: 'at-y', lhs: read('zeta(y)'), rhs: num(1) }] };

describe('a stage about the generic response', () => {
  const SUM = 'sum(z, Y, phi(y, z))';
  test.each<[what: string, forged: Trace, outcome: string]>([
    ['used of another', generic('g(y)', 'log(exp(g(w)))', 'g(w)', { _y: W }), 'accepted'],
    ['used of itself', generic('g(y)', 'log(exp(g(y)))', 'g(y)', { _y: Y }), 'accepted'],
    [
      'used of all',
      generic('g(y)', 'sum(z, Y, log(exp(g(z))))', 'sum(z, Y, g(z))', { _y: variable('z', 'response') }, [0]),
      'accepted',
    ],
    [
      'used of all, under the index of its own sum',
      generic(
        SUM,
        'sum(z, Y, log(exp(sum(y, Y, phi(z, y)))))',
        'sum(z, Y, sum(y, Y, phi(z, y)))',
        { _y: variable('z', 'response') },
        [0],
      ),
      'accepted',
    ],
    [
      'caught by its own sum',
      generic(
        SUM,
        'sum(z, Y, log(exp(sum(y, Y, phi(z, y)))))',
        'sum(z, Y, sum(z, Y, phi(z, z)))',
        { _y: variable('z', 'response') },
        [0],
      ),
      'wrong-result',
    ],
    [
      'caught from the start',
      generic(
        SUM,
        'sum(z, Y, log(exp(sum(z, Y, phi(z, z)))))',
        'sum(z, Y, sum(y, Y, phi(z, y)))',
        { _y: variable('z', 'response') },
        [0],
      ),
      'does-not-match',
    ],
    [
      'of which a fact speaks',
      generic('g(y)', 'log(exp(g(w)))', 'g(w)', { _y: W }, [], positive('g(y)')),
      'needless-binding',
    ],
    [
      'of which a fact speaks, as it is',
      generic('g(y)', 'log(exp(g(w)))', 'g(w)', {}, [], positive('g(y)')),
      'does-not-match',
    ],
    [
      'of which a fact speaks, under a sum of its name',
      generic('g(y)', 'sum(y, Y, log(exp(g(y))))', 'sum(y, Y, g(y))', {}, [0], positive('g(y)')),
      'index-captured',
    ],
    [
      'of which a fact speaks in passing',
      generic('g(y)', 'log(exp(g(w)))', 'g(w)', { _y: W }, [], positive('g(w) - g(y)')),
      'needless-binding',
    ],
    [
      'of which a definition speaks',
      generic('zeta(y)', 'log(exp(zeta(w)))', 'zeta(w)', { _y: W }, [], AT_Y),
      'needless-binding',
    ],
    ['with nothing in its place', generic('g(y)', 'log(exp(g(w)))', 'g(w)', {}), 'unbound-metavariable'],
    [
      'with a prompt in its place',
      generic('g(y)', 'log(exp(g(w)))', 'g(w)', { _y: variable('w', 'prompt') }),
      'unbound-metavariable',
    ],
    [
      'with a number in its place',
      generic('g(y)', 'log(exp(g(w)))', 'g(w)', { _y: num(1) }),
      'unbound-metavariable',
    ],
    [
      'with another that it speaks of',
      generic('g(y) + g(w)', 'log(exp(g(l) + g(l)))', 'g(l) + g(l)', { _y: variable('l', 'response') }),
      'does-not-match',
    ],
    [
      'a stage about the chosen',
      generic('g(w)', 'log(exp(g(l)))', 'g(l)', { _y: variable('l', 'response') }),
      'needless-binding',
    ],
  ])('%s', (_, forged, expected) => expect(outcome(forged)).toBe(expected));

  test('two definitions by response do not meet in one equation', () => {
    const definitions = [
      { id: 'at-y', lhs: read('zeta(y)'), rhs: num(1) },
      { id: 'at-w', lhs: read('zeta(w)'), rhs: num(2) },
    ];
    const one = stage(read('zeta(y)'), [step('at-y', num(1))], { id: 'one', uses: ['at-y'] });
    const [w, two] = [read('zeta(w)'), num(2)];
    const steps = [step('one', w, { direction: 'backward', bindings: { _y: W } }), step('at-w', two)];
    const absurd = stage(num(1), steps, { uses: ['one', 'at-w'] });
    expect(outcome(trace([one, absurd], { declared: DECLARED, definitions }))).toBe('needless-binding');
  });
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
