/**
 * Which losses are in the framework, and under which prior: each row worked out by hand. A logit u(w,l) = s(w) - s(l)
 * has the prior zeta = pi * exp(-s/weight), so the expected log zeta beside each row is log pi - s/weight.
 */

import { describe, expect, test } from 'vitest';
import { check } from '../../src/checker/check.ts';
import type { Expr } from '../../src/expr/expr.ts';
import { log } from '../../src/expr/expr.ts';
import { provesEqual } from '../../src/forms/decide.ts';
import { tierCertificate } from '../../src/framework/certificate.ts';
import type { Membership } from '../../src/framework/membership.ts';
import { classify } from '../../src/framework/membership.ts';
import type { Proper } from '../../src/framework/proper.ts';
import type { Tier } from '../../src/framework/tier.ts';
import { parse } from '../../src/syntax/parse.ts';
import { print } from '../../src/syntax/print.ts';
import { formulaClaim } from '../../src/variant/claim.ts';
import type { Variant } from '../../src/variant/variant.ts';

const h = (y: string): string => `log(pi(${y}) / ref(${y}))`;
const a = (y: string): string => `log(pi(${y})) / len(${y})`;
const forward = (y: string): string => `sum(t, ${y}, kl(ref, pi, ${y}, t))`;
const masked = (y: string): string => `sum(t, ${y}, m(${y}, t) * log(pi(${y}, t) / ref(${y}, t)))`;
const difference = (s: (y: string) => string): string => `(${s('w')} - (${s('l')}))`;
const logistic = (u: string): string => `-log(sigmoid(${u}))`;
const dpo = `beta * ${difference(h)}`;

interface Granted {
  readonly assume?: readonly string[];
  readonly data?: readonly string[];
}
const BETA: Granted = { assume: ['beta > 0'] };

function claim(loss: string, granted: Granted): Variant {
  const variant = formulaClaim(loss, granted);
  if (variant.kind !== 'variant') throw new Error(`not a formula: ${loss}`);
  return variant;
}
const classified = ({ loss, declared }: Variant): Membership => classify(loss, declared);
/** An expression about the generic response, in the names of a claim. */
const inNamesOf = ({ declared }: Variant, text: string): Expr =>
  parse(text, { declared, names: 'open', responses: ['y', 'w', 'l'], definitions: {} });

type Member = readonly [
  what: string,
  loss: string,
  granted: Granted,
  tier: Tier,
  weight: string,
  logZeta: string,
  proper?: Proper['answer'],
];
const MEMBERS: readonly Member[] = [
  // s = beta log pi - beta log ref: the policy drops out for weight beta.
  ['DPO', logistic(dpo), BETA, 'conditional', 'beta', 'log(ref(y))', 'always'],
  ['DPO as softplus', `softplus(-(${dpo}))`, BETA, 'conditional', 'beta', 'log(ref(y))', 'always'],
  [
    'DPO as log(1 + exp(-u))',
    `log(1 + exp(-(${dpo})))`,
    BETA,
    'conditional',
    'beta',
    'log(ref(y))',
    'always',
  ],
  [
    'DPO with a weight squared',
    logistic(`beta^2 * ${difference(h)}`),
    BETA,
    'conditional',
    'beta^2',
    'log(ref(y))',
    'always',
  ],
  // s = beta h + alpha len, so -s/beta gains -(alpha/beta) len.
  [
    'R-DPO',
    logistic(`${dpo} + alpha * (len(w) - len(l))`),
    BETA,
    'conditional',
    'beta',
    'log(ref(y)) - alpha / beta * len(y)',
  ],
  // The policy has the coefficient alpha beta, the reference beta: log zeta = log ref / alpha.
  [
    'H-DPO',
    logistic('alpha * beta * (log(pi(w)) - log(pi(l))) - beta * (log(ref(w)) - log(ref(l)))'),
    { assume: ['alpha > 0', 'beta > 0'] },
    'conditional',
    'alpha * beta',
    'log(ref(y)) / alpha',
  ],
  // No reference: zeta is constant, the literal mutual-information prior of a uniform marginal.
  [
    'CPO, preference term',
    logistic('beta * (log(pi(w)) - log(pi(l)))'),
    BETA,
    'marginal',
    'beta',
    '0',
    'finite-only',
  ],
  [
    'a length penalty without reference',
    logistic('beta * (log(pi(w)) - log(pi(l))) + alpha * (len(w) - len(l))'),
    BETA,
    'marginal',
    'beta',
    '-alpha / beta * len(y)',
  ],
  [
    'a score of the reward model',
    logistic(`(${dpo} - lambda * (score(w) - score(l))) / omega`),
    { assume: ['beta > 0', 'omega > 0'], data: ['score(y)'] },
    'conditional',
    'beta / omega',
    'log(ref(y)) + lambda / beta * score(y)',
  ],
  // The coefficient of log pi is beta/len(y), which depends on the response: the policy stays in the prior.
  [
    'SimPO without margin',
    logistic(`beta * ${difference(a)}`),
    BETA,
    'policy-dependent',
    'beta',
    '(1 - 1 / len(y)) * log(pi(y))',
  ],
  [
    'LN-DPO',
    logistic(`beta * (${h('w')} / len(w) - ${h('l')} / len(l))`),
    BETA,
    'policy-dependent',
    'beta',
    '(1 - 1 / len(y)) * log(pi(y)) + log(ref(y)) / len(y)',
  ],
  // The forward divergence K contains the policy: log zeta = log ref - K.
  [
    'TDPO1',
    logistic(`${dpo} - beta * (${forward('l')} - ${forward('w')})`),
    BETA,
    'policy-dependent',
    'beta',
    `log(ref(y)) - ${forward('y')}`,
  ],
  [
    'SDPO, a mask on the tokens',
    logistic(`beta * ${difference(masked)}`),
    { ...BETA, data: ['m(y,t) >= 0'] },
    'policy-dependent',
    'beta',
    `log(pi(y)) - ${masked('y')}`,
  ],
  // f'(r) = log(2r/(1+r)) with r = pi/ref: s = beta (log pi - log(pi + ref) + log 2).
  [
    'f-DPO, Jensen-Shannon',
    logistic(`beta * ${difference((y) => `log(2 * (pi(${y}) / ref(${y})) / (1 + pi(${y}) / ref(${y})))`)}`),
    BETA,
    'policy-dependent',
    'beta',
    'log(pi(y) + ref(y))',
  ],
  // The roles of w and l exchanged: the coefficient of log pi is -beta < 0, so no fixed prior has a positive weight.
  [
    'DPO with the roles exchanged',
    logistic(`beta * (${h('l')} - ${h('w')})`),
    BETA,
    'policy-dependent',
    'beta',
    '2 * log(pi(y)) - log(ref(y))',
  ],
  [
    'an absolute value for a weight',
    logistic(`abs(beta) * ${difference(h)}`),
    { assume: ['beta != 0'] },
    'conditional',
    'abs(beta)',
    'log(ref(y))',
    'always',
  ],
  [
    'an absolute value for a temperature',
    logistic(`${difference(h)} / abs(a - b)`),
    { assume: ['a != b'] },
    'conditional',
    '1 / abs(a - b)',
    'log(ref(y))',
    'always',
  ],
  [
    'a temperature for every prompt',
    logistic(`beta * tau(x) * ${difference(h)}`),
    { assume: ['beta > 0'], data: ['tau(x) > 0'] },
    'conditional',
    'beta * tau(x)',
    'log(ref(y))',
    'always',
  ],
  [
    'a weight of unknown sign',
    logistic(dpo),
    {},
    'policy-dependent',
    '1',
    '(1 - beta) * log(pi(y)) + beta * log(ref(y))',
  ],
];

describe('one prior', () => {
  test.each(MEMBERS.map(([what, ...row]) => ({ what, row })))('$what', ({ row }) => {
    const [loss, granted, tier, weight, logZeta, proper = 'unknown'] = row;
    const variant = claim(loss, granted);
    const found = classified(variant);
    expect(found).toMatchObject({ tier, gradientTier: tier, outside: undefined, undecided: [] });
    if (found.prior?.kind !== 'one') throw new Error('expected one prior');
    const { prior } = found.prior;
    const equal = (e: Expr, expected: string): boolean =>
      provesEqual(e, inNamesOf(variant, expected), variant.declared);
    expect(print(prior.weight)).toBe(weight);
    expect(equal(prior.logZeta, logZeta)).toBe(true);
    expect(equal(log(prior.zeta), logZeta)).toBe(true);
    expect(found.prior.proper.answer).toBe(proper);
  });

  test.each(MEMBERS.map(([what, ...row]) => ({ what, row })))(
    '$what: its certificate is accepted',
    ({ row }) => {
      const [loss, granted] = row;
      const variant = claim(loss, granted);
      const { logit, tier } = classified(variant);
      const certificate = logit && tierCertificate('on trial', logit, tier, variant.declared);
      expect(certificate?.stages.map(({ id }) => id)).toEqual(['cocycle']);
      expect(certificate && check(certificate)).toMatchObject({ kind: 'accepted' });
    },
  );
});

/** u = f(w) - g(l) with f - g not zero: log zeta = log pi - f/weight for the chosen, log pi - g/weight for the rejected. */
const BY_LABEL: readonly (readonly [
  what: string,
  loss: string,
  granted: Granted,
  gradientTier: Tier,
  chosen: string,
  rejected: string,
])[] = [
  [
    'SimPO with a margin',
    logistic(`beta * ${difference(a)} - gamma`),
    BETA,
    'label-dependent',
    '(1 - 1 / len(y)) * log(pi(y)) + gamma / beta',
    '(1 - 1 / len(y)) * log(pi(y))',
  ],
  [
    'a margin inside the coefficient',
    logistic(`beta * (${h('w')} - ${h('l')} - gamma)`),
    BETA,
    'label-dependent',
    'log(ref(y)) + gamma',
    'log(ref(y))',
  ],
  [
    'the chosen response only',
    logistic(`beta * ${h('w')}`),
    BETA,
    'label-dependent',
    'log(ref(y))',
    'log(pi(y))',
  ],
  // For the chosen the weight is beta lambda: f = beta h - beta lambda max(0, -h).
  [
    'DPOP',
    logistic(`beta * (${h('w')} - ${h('l')} - max(0, -${h('w')}))`),
    BETA,
    'label-dependent',
    'log(ref(y)) + max(0, log(ref(y)) - log(pi(y)))',
    'log(ref(y))',
  ],
];
describe('a prior for each label', () => {
  test.each(BY_LABEL.map(([what, ...row]) => ({ what, row })))('$what', ({ row }) => {
    const [loss, granted, gradientTier, chosen, rejected] = row;
    const variant = claim(loss, granted);
    const found = classified(variant);
    expect(found).toMatchObject({ tier: 'label-dependent', gradientTier, outside: undefined });
    expect(found.witness).toBeDefined();
    if (found.prior?.kind !== 'by-label') throw new Error('expected a prior for each label');
    const { declared } = variant;
    expect(print(found.prior.chosen.weight)).toBe('beta');
    expect(provesEqual(found.prior.chosen.logZeta, inNamesOf(variant, chosen), declared)).toBe(true);
    expect(provesEqual(found.prior.rejected.logZeta, inNamesOf(variant, rejected), declared)).toBe(true);
    const certificate = found.logit && tierCertificate('on trial', found.logit, found.tier, declared);
    expect(certificate?.stages.map(({ id }) => id)).toEqual(['separable']);
    expect(certificate && check(certificate)).toMatchObject({ kind: 'accepted' });
  });
});

test('TDPO2: one prior as values; as a function to differentiate only the chosen side is frozen', () => {
  const loss = logistic(`${dpo} - alpha * beta * (${forward('l')} - stopgrad(${forward('w')}))`);
  const granted = { assume: ['alpha > 0', 'beta > 0'] };
  expect(classified(claim(loss, granted))).toMatchObject({
    tier: 'policy-dependent',
    gradientTier: 'label-dependent',
  });
});

describe('outside', () => {
  test.each<[what: string, loss: string, granted: Granted, why: string]>([
    ['IPO', `(${difference(h)} - 1 / (2 * beta))^2`, BETA, 'link'],
    ['the hinge', `max(0, 1 - ${dpo})`, BETA, 'link'],
    ['KTO', `1 - sigmoid(beta * (${h('w')} - z)) + 1 - sigmoid(beta * (z - ${h('l')}))`, BETA, 'unpaired'],
    // u has log(score(w) - score(l)), which no f(w) - g(l) gives.
    [
      'ODPO',
      logistic(`${dpo} - alpha * log(score(w) - score(l))`),
      { assume: ['alpha > 0', 'beta > 0'], data: ['score(y)'] },
      'pair-coupled',
    ],
    [
      'a weight by pair inside',
      logistic(`${dpo} * phi(w, l)`),
      { ...BETA, data: ['phi(w,l) > 0'] },
      'pair-coupled',
    ],
    ['a weight by length difference inside', logistic(`${dpo} * (len(w) - len(l))`), BETA, 'pair-coupled'],
    ['a squared logit', logistic(`(${dpo})^2`), BETA, 'pair-coupled'],
    ['no policy at all', logistic('len(w) - len(l)'), {}, 'not-a-loss'],
  ])('%s', (_, loss, granted, why) => {
    const variant = claim(loss, granted);
    const found = classified(variant);
    expect(found).toMatchObject({
      tier: 'outside',
      gradientTier: 'outside',
      prior: undefined,
      outside: { why },
    });
    if (why === 'pair-coupled') expect(found.witness).toBeDefined();
    expect(
      found.logit && tierCertificate('on trial', found.logit, 'outside', variant.declared),
    ).toBeUndefined();
  });
});

describe('conditions for a smaller tier', () => {
  const whenOf = (loss: string, granted: Granted): readonly string[] =>
    classified(claim(loss, granted)).conditions.map(({ tier, when }) => {
      if (when.kind === 'positive') return `${tier} when ${print(when.of)} > 0`;
      const written = when.alternatives.map((equations) =>
        equations.map(({ left, right }) => `${print(left)} = ${print(right)}`).join(' and '),
      );
      return `${tier} when ${written.join(' or ')}`;
    });
  test.each<[what: string, loss: string, granted: Granted, conditions: readonly string[]]>([
    ['DPO has none', logistic(dpo), BETA, []],
    ['an absolute value', logistic(`abs(beta) * ${difference(h)}`), {}, ['conditional when abs(beta) > 0']],
    [
      'a weight that may vanish',
      logistic(`(p - q) * ${difference(h)}`),
      { assume: ['p >= q'] },
      ['conditional when p - q > 0'],
    ],
    ['SimPO', logistic(`beta * ${difference(a)} - gamma`), BETA, ['policy-dependent when gamma = 0']],
    ['DPO with a margin', logistic(`${dpo} - gamma`), BETA, ['conditional when gamma = 0']],
    ['a weight of unknown sign', logistic(dpo), {}, ['conditional when beta > 0']],
    [
      'a difference as weight',
      logistic(`(beta - 1) * ${difference(h)}`),
      {},
      ['conditional when beta - 1 > 0'],
    ],
    ['the roles exchanged', logistic(`-(${dpo})`), BETA, []],
    [
      'a mixture that is one of its members for one value of a switch only',
      `(p + (1 - p)*(1 - c(w,l)))*${logistic(dpo)} + (1 - p)*c(w,l)*${logistic(`-(${dpo})`)}`,
      { assume: ['beta > 0', 'p >= 0', 'p <= 1'], data: ['c(w,l) boolean'] },
      [
        'conditional when p = 1',
        'conditional when c(w, l) = 0',
        'policy-dependent when p = 0 and c(w, l) = 1',
      ],
    ],
  ])('%s', (_, loss, granted, conditions) => {
    expect(whenOf(loss, granted)).toEqual(conditions);
  });

  test('a condition that changes nothing is not followed for ever', () => {
    const loss = logistic(`${dpo} - alpha * log(score(w) - score(l))`);
    expect(whenOf(loss, { assume: ['beta > 0'], data: ['score(y)'] })).toEqual([
      'conditional when alpha = 0',
    ]);
  });
});

describe('the weight under a condition on lengths', () => {
  test.each<[what: string, loss: string, granted: Granted, weights: readonly (string | undefined)[]]>([
    [
      'discounted by length',
      logistic(`beta * ${difference((y) => `g^len(${y}) * log(pi(${y}))`)}`),
      { assume: ['beta > 0', '0 < g < 1'] },
      ['beta * exp(len(y) * log(g))'],
    ],
    ['a mean over tokens', logistic(`beta * ${difference(a)}`), BETA, ['beta / len(y)']],
    // R-DPO's length term is nought there, and its weight is that of every pair.
    ['a length penalty', logistic(`${dpo} + alpha * (len(w) - len(l))^3`), BETA, [undefined, undefined]],
  ])('is told where it differs from pair to pair: %s', (_, loss, granted, weights) => {
    const { conditions } = classified(claim(loss, granted));
    expect(conditions.map(({ weight }) => weight && print(weight))).toEqual(weights);
  });
});

describe('what is shown', () => {
  const shown = (loss: string, granted: Granted) => {
    const { logit, prior } = classified(claim(loss, granted));
    return [logit && print(logit), prior?.kind === 'one' && print(prior.prior.zeta)];
  };
  test('a weight of several terms cancels out of the prior', () => {
    const granted = { assume: ['p > 0', 'q > 0'] };
    expect(shown(logistic(`(p + q) * ${difference(h)}`), granted)[1]).toBe('ref(y)');
  });
  test('two negative factors under a logarithm have logarithms with their signs turned', () => {
    const [logit] = shown(logistic('log(log(pi(l)) / log(pi(w)))'), {});
    expect(logit).toBe('-(log(-log(pi(w))) - log(-log(pi(l))))');
  });
});
