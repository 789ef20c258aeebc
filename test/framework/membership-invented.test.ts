/** Mutants of published losses and losses that nobody proposed: each tier worked out by hand beside its row. */

import { describe, expect, test } from 'vitest';
import { substitute } from '../../src/expr/binder.ts';
import { subtract } from '../../src/expr/expr.ts';
import { provesEqual } from '../../src/forms/decide.ts';
import type { Why } from '../../src/framework/outside.ts';
import { CHOSEN, REJECTED, RESPONSE } from '../../src/framework/score.ts';
import type { Tier } from '../../src/framework/tier.ts';
import { parse } from '../../src/syntax/parse.ts';
import type { Granted } from '../../src/variant/claim.ts';
import { claim, classified, conditionsOf } from './claims.ts';
import { a, d, difference, dpo, h, S } from './published.ts';

const BETA: Granted = { assume: ['beta > 0'] };
const granted = (assume: readonly string[], data: readonly string[] = []): Granted => ({
  assume: ['beta > 0', ...assume],
  data,
});
const p = (y: string): string => `log(pi(${y}))`;

/** Losses with one prior: what it is. */
const INSIDE: readonly (readonly [
  what: string,
  loss: string,
  granted: Granted,
  tier: Tier,
  weight: string,
  logZeta: string,
])[] = [
  // Spellings of -log sigmoid(beta (h(w) - h(l))).
  [
    'cross-entropy over two logits',
    `-(${dpo}) + log(exp(${dpo}) + 1)`,
    BETA,
    'conditional',
    'beta',
    'log(ref(y))',
  ],
  [
    'a softmax of two rewards',
    `-log(exp(beta * ${h('w')}) / (exp(beta * ${h('w')}) + exp(beta * ${h('l')})))`,
    BETA,
    'conditional',
    'beta',
    'log(ref(y))',
  ],
  ['a ratio of powers', '-log(pi(w)^beta / (pi(w)^beta + pi(l)^beta))', BETA, 'marginal', 'beta', '0'],
  ['the sigmoid of the opposite', `-log(1 - sigmoid(-(${dpo})))`, BETA, 'conditional', 'beta', 'log(ref(y))'],
  // tanh(u/2) = 2 sigmoid(u) - 1.
  [
    'by the hyperbolic tangent',
    `-log((1 + tanh((${dpo}) / 2)) / 2)`,
    BETA,
    'conditional',
    'beta',
    'log(ref(y))',
  ],
  // (pi/ref)^beta: the log of the power is beta h.
  [
    'ratios of ratios',
    `log(1 + ((pi(l) * ref(w)) / (pi(w) * ref(l)))^beta)`,
    BETA,
    'conditional',
    'beta',
    'log(ref(y))',
  ],
  // Bonuses: s = beta h + c, log zeta = log ref - c/beta.
  [
    'a bonus per prompt and response',
    S(`${dpo} + score(w) - score(l)`),
    granted([], ['score(y)']),
    'conditional',
    'beta',
    'log(ref(y)) - score(y) / beta',
  ],
  [
    'a bonus of the response alone, without reference',
    S(`beta * ${difference(p)} + style(w) - style(l)`),
    granted([], ['style(y) response-only']),
    'marginal',
    'beta',
    '-style(y) / beta',
  ],
  [
    'the square of the length as penalty',
    S(`beta * ${difference(p)} - alpha * (len(w)^2 - len(l)^2)`),
    BETA,
    'marginal',
    'beta',
    'alpha / beta * len(y)^2',
  ],
  // A geometric mixture of references stays a fixed density; an arithmetic one too.
  [
    'two references multiplied',
    S(`beta * ${difference((y) => `(${p(y)} - m * log(ref(${y})) - (1 - m) * log(prev(${y})))`)}`),
    granted(['0 <= m <= 1'], ['prev(y) distribution']),
    'conditional',
    'beta',
    'm * log(ref(y)) + (1 - m) * log(prev(y))',
  ],
  [
    'two references mixed',
    S(`beta * ${difference((y) => `log(pi(${y}) / (m * ref(${y}) + (1 - m) * prev(${y})))`)}`),
    granted(['0 < m < 1'], ['prev(y) distribution']),
    'conditional',
    'beta',
    'log(m * ref(y) + (1 - m) * prev(y))',
  ],
  // A temperature of the prompt is a weight: the policy drops out as before.
  [
    'a temperature of the prompt',
    S(`c(x) * ${d}`),
    { data: ['c(x) > 0'] },
    'conditional',
    'c(x)',
    'log(ref(y))',
  ],
  // One of the response is not: s = c(y) h, and pi stays.
  [
    'a temperature of the response',
    S(`c(w) * ${h('w')} - c(l) * ${h('l')}`),
    { data: ['c(y) > 0'] },
    'policy-dependent',
    '1',
    'log(pi(y)) - c(y) * (log(pi(y)) - log(ref(y)))',
  ],
  // Other normalisers than the length: the same with 1/sqrt(len), 1/(1 + len).
  [
    'normalised by the root of the length',
    S(`beta * ${difference((y) => `${p(y)} / sqrt(len(${y}))`)}`),
    BETA,
    'policy-dependent',
    'beta',
    'log(pi(y)) - log(pi(y)) / sqrt(len(y))',
  ],
  [
    'normalised by one more than the length',
    S(`beta * ${difference((y) => `${p(y)} / (1 + len(${y}))`)}`),
    BETA,
    'policy-dependent',
    'beta',
    'log(pi(y)) - log(pi(y)) / (1 + len(y))',
  ],
  // The policy mixed into the reference: zeta = (ref + pi)/2 moves with the policy.
  [
    'the reference mixed with the policy',
    S(`beta * ${difference((y) => `log(2 * pi(${y}) / (ref(${y}) + pi(${y})))`)}`),
    BETA,
    'policy-dependent',
    'beta',
    'log(ref(y) + pi(y))',
  ],
  // Probabilities instead of their logarithms: s = beta pi.
  [
    'probabilities as rewards',
    S('beta * (pi(w) - pi(l))'),
    BETA,
    'policy-dependent',
    'beta',
    'log(pi(y)) - pi(y)',
  ],
  // The references exchanged by mistake: u = beta (log pi(w) - log ref(l) - log pi(l) + log ref(w)), so zeta = 1/ref.
  [
    'the reference terms of the two responses swapped',
    S('beta * (log(pi(w) / ref(l)) - log(pi(l) / ref(w)))'),
    BETA,
    'conditional',
    'beta',
    '-log(ref(y))',
  ],
  ['the coefficient applied twice', S(`beta * (${dpo})`), BETA, 'conditional', 'beta^2', 'log(ref(y))'],
];

describe('inside, with one prior', () => {
  test.each(INSIDE.map(([what, ...row]) => ({ what, row })))('$what', ({ row }) => {
    const [loss, given, tier, weight, logZeta] = row;
    const variant = claim(loss, given);
    const found = classified(variant);
    expect([found.tier, found.undecided]).toEqual([tier, []]);
    if (found.prior?.kind !== 'one') throw new Error('expected one prior');
    const { declared } = variant;
    const read = (text: string) =>
      parse(text, { declared, names: 'open', responses: ['y', 'w', 'l'], definitions: {} });
    expect(provesEqual(found.prior.prior.weight, read(weight), declared)).toBe(true);
    // A prior is known up to a factor: the difference of the logarithms is free of the response.
    const gap = subtract(found.prior.prior.logZeta, read(logZeta));
    const at = (y: typeof CHOSEN) => substitute(gap, [[RESPONSE, y]]);
    expect(provesEqual(at(CHOSEN), at(REJECTED), declared)).toBe(true);
  });
});

/** Losses with a prior for each label, or none. */
const BEYOND: readonly (readonly [
  what: string,
  loss: string,
  granted: Granted,
  tier: Tier,
  why: Why | undefined,
  conditions: readonly string[],
])[] = [
  // Margins inside and outside the coefficient: beta gamma and gamma, both by label.
  [
    'a margin inside the coefficient',
    S(`beta * (${d} - gamma)`),
    BETA,
    'label-dependent',
    undefined,
    ['conditional: gamma = 0'],
  ],
  [
    'a margin of the prompt',
    S(`${dpo} - c(x)`),
    granted([], ['c(x) >= 0']),
    'label-dependent',
    undefined,
    // c(x) is a constant for each prompt: 3 c(x) must vanish.
    ['conditional: c(x) = 0'],
  ],
  ['the chosen response only', S(`beta * ${h('w')}`), BETA, 'label-dependent', undefined, []],
  [
    'different coefficients',
    S(`beta * ${h('w')} - alpha * ${h('l')}`),
    granted(['alpha > 0']),
    'label-dependent',
    undefined,
    ['conditional: alpha = beta'],
  ],
  ['only the chosen normalised', S(`beta * (${a('w')} - ${p('l')})`), BETA, 'label-dependent', undefined, []],
  // Terms of both responses that are no sum.
  [
    'a margin of the pair',
    S(`${dpo} - phi(w, l)`),
    granted([], ['phi(w,l) >= 0']),
    'outside',
    'pair-coupled',
    // Not only there: phi may split into s(w) - s(l).
    ['conditional if phi(w, l) = 0'],
  ],
  [
    'a temperature of the pair',
    S(`(len(w) + len(l)) * ${d}`),
    BETA,
    'outside',
    'pair-coupled',
    ['conditional if len(w) = len(l)'],
  ],
  [
    'divided by the common length',
    S(`beta * ${d} / (len(w) + len(l))`),
    BETA,
    'outside',
    'pair-coupled',
    ['conditional if len(w) = len(l)'],
  ],
  [
    'divided by the longer length',
    S(`beta * ${d} / max(len(w), len(l))`),
    BETA,
    'outside',
    'pair-coupled',
    ['conditional if len(w) = len(l)'],
  ],
  ['a clipped difference', S(`min(${dpo}, tau)`), granted(['tau > 0']), 'outside', 'pair-coupled', []],
  [
    'a product of the rewards',
    S(`${dpo} + lambda * ${h('w')} * ${h('l')}`),
    BETA,
    'outside',
    'pair-coupled',
    ['conditional: lambda = 0'],
  ],
  // Outside by their link.
  [
    'a hinge with a margin of the pair',
    `relu(phi(w, l) - ${dpo})`,
    granted([], ['phi(w,l) >= 0']),
    'outside',
    'link',
    [],
  ],
  ['a squared hinge', `relu(1 - ${dpo})^2`, BETA, 'outside', 'link', []],
  ['the probability itself', `1 - sigmoid(${dpo})`, BETA, 'outside', 'link', []],
  ['the probability as a ratio', '-(pi(w)^beta / (pi(w)^beta + pi(l)^beta))', BETA, 'outside', 'link', []],
  ['a probability squared', `(1 - sigmoid(${dpo}))^2`, BETA, 'outside', 'link', []],
  // Products of logistic losses and weights.
  ['twice the loss', `2 * (${S(dpo)})`, BETA, 'outside', 'weight', []],
  [
    'a constant factor',
    `lambda * (${S(dpo)})`,
    granted(['lambda > 0']),
    'outside',
    'weight',
    ['conditional if lambda = 1'],
  ],
  [
    'divided by the coefficient',
    `(${S(dpo)}) / beta`,
    BETA,
    'outside',
    'weight',
    ['conditional if beta = 1'],
  ],
  [
    'a weight of the pair',
    `phi(w, l) * (${S(dpo)})`,
    granted([], ['phi(w,l) > 0']),
    'outside',
    'weight',
    ['conditional if phi(w, l) = 1'],
  ],
  [
    'a mixture over two coefficients',
    `(${S(dpo)}) / 2 + (${S(`2 * ${dpo}`)}) / 2`,
    BETA,
    'outside',
    'mixture',
    [],
  ],
  // Further terms: an L2 penalty, an entropy.
  [
    'an L2 penalty on the rejected',
    `${S(dpo)} + lambda * (${h('l')})^2`,
    granted(['lambda >= 0']),
    'outside',
    'regulariser',
    ['conditional: lambda = 0'],
  ],
  // A centre taken from the batch.
  [
    'a logit centred on its batch',
    S(`${dpo} - mean()`),
    granted([], ['mean()']),
    'outside',
    'batch-coupled',
    [],
  ],
  // Nothing to learn.
  [
    'a policy that cancels',
    S(`beta * (${p('w')} - ${p('w')}) + len(w) - len(l)`),
    BETA,
    'outside',
    'not-a-loss',
    [],
  ],
];

describe('with a prior for each label, or with none', () => {
  test.each(BEYOND.map(([what, ...row]) => ({ what, row })))('$what', ({ row }) => {
    const [loss, given, tier, why, conditions] = row;
    const found = classified(claim(loss, given));
    expect({
      tier: found.tier,
      why: found.outside?.why,
      conditions: conditionsOf(found),
      undecided: found.undecided,
    }).toEqual({ tier, why, conditions, undecided: [] });
  });
});

describe('the links of invented losses', () => {
  test.each<[loss: string, name: string]>([
    [`relu(1 - ${dpo})`, 'hinge'],
    [`max(0, 1 - ${dpo})`, 'hinge'],
    [`relu(1 - ${dpo})^2`, 'squared-hinge'],
    [`3 * (${dpo} - 1)^2 + 2`, 'square'],
    [`exp(-2 * (${dpo}))`, 'exponential'],
    [`1 - sigmoid(${dpo})`, 'sigmoid'],
    [`-tanh(${dpo})`, 'sigmoid'],
    ['-(pi(w)^beta / (pi(w)^beta + pi(l)^beta))', 'sigmoid'],
    [`log(1 + (${dpo})^2)`, 'cauchy'],
    [`-(${dpo})`, 'linear'],
    [`(${dpo})^4`, 'other'],
  ])('%s', (loss, name) => {
    expect(classified(claim(loss, BETA)).outside?.link?.name).toBe(name);
  });
});

test('token weights with one function for chosen and another for rejected need a prior for each', () => {
  const weighted = (m: string, y: string): string =>
    `sum(t, ${y}, ${m}(${y}, t) * log(pi(${y}, t) / ref(${y}, t)))`;
  const data = ['m(y,t) >= 0', 'n(y,t) >= 0'];
  const tierOf = (chosen: string, rejected: string) =>
    classified(claim(S(`beta * (${weighted(chosen, 'w')} - ${weighted(rejected, 'l')})`), granted([], data)))
      .tier;
  expect([tierOf('m', 'm'), tierOf('m', 'n')]).toEqual(['policy-dependent', 'label-dependent']);
});
