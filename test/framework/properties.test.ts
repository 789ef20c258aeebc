/** How losses behave, against what a hand calculation says. */

import { describe, expect, test } from 'vitest';
import { provesEqual } from '../../src/forms/decide.ts';
import { boundariesOf } from '../../src/framework/boundary.ts';
import { marginOf } from '../../src/framework/families.ts';
import { limitsOf } from '../../src/framework/limits.ts';
import type { PropertyId } from '../../src/framework/properties.ts';
import { propertiesOf } from '../../src/framework/properties.ts';
import { logitOf } from '../../src/framework/score.ts';
import { print } from '../../src/syntax/print.ts';
import { claim, classified, publishedClaim } from './claims.ts';
import { d, dpo, S } from './published.ts';

const [YES, NO] = ['proved', 'refuted'] as const;

const of = (id: string): Readonly<Record<string, string>> => {
  const variant = publishedClaim(id);
  const properties = propertiesOf(variant.loss, classified(variant), variant.declared);
  return Object.fromEntries(properties.map(({ id: property, answer }) => [property, answer.answer]));
};

test.each<[id: string, expected: Partial<Record<PropertyId, string>>]>([
  // du/dlog pi(w) = beta > 0; u is a difference, so a common fall cancels; log pi itself grows with the length.
  [
    'dpo',
    {
      'falls-with-chosen': YES,
      'rises-with-rejected': YES,
      'convex-in-logit': YES,
      'partition-cancels': YES,
      'blind-to-common-fall': YES,
      'length-free': NO,
    },
  ],
  // Divided by different lengths a common fall no longer cancels.
  ['simpo', { 'falls-with-chosen': YES, 'blind-to-common-fall': NO, 'length-free': YES }],
  ['ln-dpo', { 'partition-cancels': YES, 'blind-to-common-fall': NO, 'length-free': YES }],
  ['r-dpo', { 'blind-to-common-fall': YES, 'length-free': NO }],
  // Beyond the target the square pushes back.
  [
    'ipo',
    {
      'falls-with-chosen': NO,
      'rises-with-rejected': NO,
      'convex-in-logit': YES,
      'blind-to-common-fall': YES,
    },
  ],
  ['slic', { 'falls-with-chosen': YES, 'rises-with-rejected': YES, 'convex-in-logit': YES }],
  // Label smoothing turns up at large margins; robust DPO does not.
  ['cdpo', { 'falls-with-chosen': NO, 'convex-in-logit': YES }],
  ['robust-dpo', { 'falls-with-chosen': YES, 'rises-with-rejected': YES, 'convex-in-logit': YES }],
  // The NLL term holds the chosen response up: a common fall is seen.
  ['rpo', { 'falls-with-chosen': YES, 'blind-to-common-fall': NO, 'partition-cancels': YES }],
  ['cpo', { 'falls-with-chosen': YES, 'blind-to-common-fall': NO }],
  // Single rewards are seen: log Z does not cancel.
  ['kto', { 'partition-cancels': NO, 'blind-to-common-fall': NO }],
  ['cal-dpo', { 'partition-cancels': NO, 'falls-with-chosen': NO }],
  // sigmoid(beta h(w)) rises with the chosen response.
  ['apo-down', { 'partition-cancels': NO, 'falls-with-chosen': NO }],
  // By the logit z of the chosen token: log pi has the slope 1 - pi, K = KL(ref|pi) has pi - ref, and their sum is
  // 1 - ref >= 0. Without the sequence's other entries a common fall is not one number: KL moves.
  [
    'tdpo1',
    {
      'falls-with-chosen': YES,
      'rises-with-rejected': YES,
      'convex-in-logit': YES,
      'blind-to-common-fall': NO,
      'length-free': NO,
    },
  ],
  // Of the rejected token it is (1 - pi) + alpha (pi - ref): negative at alpha = 3, pi = 1/2, ref = 3/4.
  ['tdpo2', { 'falls-with-chosen': YES, 'rises-with-rejected': NO }],
  // KL(pi|ref) has the slope pi (log(pi/ref) - KL), which exceeds 1 - pi at pi = 0.9, ref = 0.1.
  ['tis-dpo', { 'falls-with-chosen': NO, 'blind-to-common-fall': NO }],
  // Tokens beyond the shorter response count alpha: there a fall weighs less than within.
  ['ld-dpo', { 'falls-with-chosen': YES, 'rises-with-rejected': YES, 'blind-to-common-fall': NO }],
  // log(1 - p) is defined where p < 1: there every term of the slope has one sign.
  ['orpo', { 'falls-with-chosen': YES, 'rises-with-rejected': YES, 'length-free': YES }],
  // At u = 0 the blend rises for tau = 0.1.
  ['discopop', { 'falls-with-chosen': NO, 'convex-in-logit': NO }],
  ['focal', { 'falls-with-chosen': YES, 'rises-with-rejected': YES, 'convex-in-logit': NO }],
  // The derivative 1 - 2 lambda ... of f(w) = h + lambda min(0, h) stays positive.
  [
    'dpop',
    {
      'falls-with-chosen': YES,
      'rises-with-rejected': YES,
      'blind-to-common-fall': NO,
      'partition-cancels': NO,
    },
  ],
])('%s', (id, expected) => {
  expect(of(id)).toMatchObject(expected);
});

describe('the partition function cancels', () => {
  const h = (y: string): string => `log(pi(${y}) / ref(${y}))`;
  const a = (y: string): string => `log(pi(${y})) / len(${y})`;
  test.each<[what: string, loss: string, answer: 'proved' | 'refuted' | 'undecided']>([
    // A constant c in every reward leaves (beta - tau) c.
    ['two weights', S(`beta * ${h('w')} - tau * ${h('l')}`), NO],
    ['two weights without a reference', S(`beta * ${a('w')} - tau * ${a('l')}`), NO],
    ['DPO-shift', S(`beta * (${h('w')} - shift * ${h('l')})`), NO],
    ['one reward and a margin', S(`beta * (${h('w')} - ${h('l')}) - gamma`), YES],
    ['one reward and a margin of one length', S(`beta * (${a('w')} - ${a('l')}) - gamma * len(w)`), YES],
    // Not linear in log ref, and still one reward: pi/ref enters, the constant does not.
    ['one reward not linear in log ref', S(`beta * (pi(w) / ref(w) - pi(l) / ref(l)) - gamma`), YES],
    ['clipped, of one reward', S(`clamp(beta * (pi(w) / ref(w) - pi(l) / ref(l)), -1, 1)`), YES],
    // The masks give the roles rewards of their own.
    [
      'token weights by role',
      S(
        'beta * (sum(t, w, good(w,t) * log(pi(w,t) / ref(w,t))) - sum(t, l, bad(l,t) * log(pi(l,t) / ref(l,t))))',
      ),
      NO,
    ],
    // Scaling sequences says nothing of single tokens.
    [
      'tokens outside',
      `(1 - sigmoid(beta * sum(t, w, log(pi(w,t) / ref(w,t)) * good(w,t))))^2 + pi(l)`,
      'undecided',
    ],
  ])('%s', (_, loss, answer) => {
    const assume = ['beta > 0', 'tau > 0', '0 < shift < 1'];
    const variant = claim(loss, { assume, data: ['good(y,t) >= 0', 'bad(y,t) >= 0'] });
    const found = propertiesOf(variant.loss, classified(variant), variant.declared);
    expect(found.find(({ id }) => id === 'partition-cancels')?.answer.answer).toBe(answer);
  });
});

describe('a margin', () => {
  test.each<[loss: string, margin: string | undefined]>([
    [`${d} - gamma * (2^k(w) - 1)`, '-gamma * exp(k(w) * log(2)) + gamma'],
    [`${d} - gamma * (k(w) - k(l))`, undefined],
    [`${d} - gamma - k(w) + k(l)`, '-gamma'],
  ])('%s', (logit, margin) => {
    const variant = claim(S(logit), { data: ['k(y)'] });
    const found = marginOf(logitOf(variant.loss, variant.declared) ?? variant.loss, variant.declared);
    expect(found && print(found)).toBe(margin);
  });
});

test('a loss that is more than a function of one logit has no convexity in it', () => {
  expect(of('rpo')).not.toHaveProperty('convex-in-logit');
});

test('a loss without the policy has no properties', () => {
  const variant = claim(S('beta * (log(ref(w)) - log(ref(l)))'));
  expect(propertiesOf(variant.loss, classified(variant), variant.declared)).toEqual([]);
});

test('with the roles exchanged both slopes turn', () => {
  const variant = claim(S(`-(${dpo})`), { assume: ['beta > 0'] });
  const properties = propertiesOf(variant.loss, classified(variant), variant.declared);
  expect(properties.slice(0, 2).map(({ answer }) => answer.answer)).toEqual([NO, NO]);
});

describe('limits', () => {
  const limits = (id: string) => {
    const variant = publishedClaim(id);
    return limitsOf(classified(variant), variant.declared).map(({ parameter, atZero, atInfinity }) => [
      parameter.name,
      print(atZero),
      print(atInfinity),
    ]);
  };
  test.each<[id: string, limits: readonly (readonly string[])[]]>([
    ['dpo', [['beta', 'log(2)', 'relu(-(log(pi(w) / ref(w)) - log(pi(l) / ref(l))))']]],
    // Without reward differences only the margin is left: -log sigmoid(-gamma).
    ['simpo', [['beta', 'log(exp(gamma) + 1)', 'relu(-(log(pi(w)) / len(w) - log(pi(l)) / len(l)))']]],
    // alpha of f-DPO does not scale the logit; outside there is none.
    ['ipo', []],
  ])('%s', (id, expected) => {
    expect(limits(id)).toEqual(expected);
  });
});

describe('limits at ends that a range does not contain', () => {
  const ratio = (y: string) => `(pi(${y}) / ref(${y}))`;
  const alpha = (y: string) => `(1 - ${ratio(y)}^(-alpha)) / alpha`;
  test.each<
    [what: string, loss: string, assume: readonly string[], expected: readonly (readonly string[])[]]
  >([
    // (1 - r^-alpha)/alpha goes to log r, and is 1 - 1/r at alpha = 1.
    [
      'f-DPO between reverse and forward KL',
      S(`${alpha('w')} - ${alpha('l')}`),
      ['0 < alpha < 1'],
      [
        ['alpha', '0', 'conditional', S('log(pi(w) / ref(w)) - log(pi(l) / ref(l))')],
        ['alpha', '1', 'policy-dependent', S('ref(l) / pi(l) - ref(w) / pi(w)')],
      ],
    ],
    // The Box-Cox transform of the mean likelihood, whose limit is its logarithm.
    [
      'AlphaPO',
      S('(1 - exp(-alpha * log(pi(w)) / len(w))) / alpha - (1 - exp(-alpha * log(pi(l)) / len(l))) / alpha'),
      ['alpha > 0'],
      [['alpha', '0', 'policy-dependent', S('log(pi(w)) / len(w) - log(pi(l)) / len(l)')]],
    ],
    [
      'label smoothing',
      `(1 - e) * (${S(`${d}`)}) + e * (${S(`-(${d})`)})`,
      ['0 < e < 1/2'],
      [['e', '0', 'conditional', S(d)]],
    ],
    [
      'label smoothing between both labels',
      `(1 - e) * (${S(`${d}`)}) + e * (${S(`-(${d})`)})`,
      ['0 < e', 'e < 1'],
      [
        ['e', '0', 'conditional', S(d)],
        ['e', '1', 'policy-dependent', S(`-(${d})`)],
      ],
    ],
    // The margin grows without bound; a scale of the whole logit leaves no loss.
    ['a margin that diverges', S(`${d} - 1 / gamma`), ['gamma > 0'], []],
    ['a temperature', S(`beta * ${d}`), ['beta > 0'], []],
    // log(1 - e) is defined at 0 and e * log(e) is not, although it has a limit: no limit is claimed.
    ['an entropy', S(`${d} + e * log(e)`), ['e > 0'], []],
  ])('%s', (_, loss, assume, expected) => {
    const variant = claim(loss, { assume });
    const found = boundariesOf(variant.loss, classified(variant), variant.declared);
    expect(found.map(({ parameter, end, tier }) => [parameter.name, print(end), tier])).toEqual(
      expected.map((row) => row.slice(0, 3)),
    );
    const limits = expected.map((row) => claim(row[3] ?? '').loss);
    expect(
      limits.map((limit, i) => provesEqual(found[i]?.loss ?? variant.loss, limit, variant.declared)),
    ).toEqual(limits.map(() => true));
  });
});
