/** The one lemma: cited only where the whole moves the right way, and only about distributions. */

import { describe, expect, test } from 'vitest';
import { prove } from '../../src/engine/prove.ts';
import { divide, log, mul, num, sum } from '../../src/expr/expr.ts';
import { sameUpToOrder } from '../../src/expr/flat.ts';
import { nodes, replaceAt } from '../../src/expr/walk.ts';
import type { Definition, Stage, Trace } from '../../src/trace/trace.ts';
import { DECLARED, outcome, positive, read, Y } from './formulas.ts';
import { stage, step, trace } from './traces.ts';

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
