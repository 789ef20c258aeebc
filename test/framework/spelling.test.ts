/** Losses in the spellings of code and of papers, and what is said of what they are made of. */

import { describe, expect, test } from 'vitest';
import { subtract } from '../../src/expr/expr.ts';
import { provesEqual } from '../../src/forms/decide.ts';
import { coreOf } from '../../src/framework/core.ts';
import { tiersOf } from '../../src/framework/membership.ts';
import { parse } from '../../src/syntax/parse.ts';
import { print } from '../../src/syntax/print.ts';
import type { Granted } from '../../src/variant/claim.ts';
import { claim, classified, familiesIn } from './claims.ts';
import { d, dpo, h, PUBLISHED, S } from './published.ts';

const BETA: Granted = { assume: ['beta > 0'] };
const u = `(${dpo})`;

describe('numerically stable code, by cases', () => {
  test.each<[what: string, loss: string, tier: string]>([
    // For u > 0 it is log(1 + e^-u), for u < 0 it is -u + log(1 + e^u), and both are softplus(-u).
    ['binary cross-entropy with logits', `max(${u}, 0) - ${u} + log(1 + exp(-abs(${u})))`, 'conditional'],
    ['the same by log1p', `max(-${u}, 0) + log1p(exp(-abs(${u})))`, 'conditional'],
    ['with a margin', `relu(-(${u} - 1)) + softplus(-abs(${u} - 1))`, 'label-dependent'],
    // The kinks are at different places: for large u it tends to e^(1-u), which no softplus of u does on both sides.
    ['with two places of the kink', `relu(-${u}) + softplus(-abs(${u} - 1))`, 'outside'],
  ])('%s', (_, loss, tier) => {
    expect(classified(claim(loss, BETA)).tier).toBe(tier);
  });
});

test('a product of two sigmoids is two logistic losses and nothing else', () => {
  const variant = claim(`-log(sigmoid(${u}) * sigmoid(gamma * (log(pi(w)) - log(pi(l)))))`, {
    assume: ['beta > 0', 'gamma > 0'],
  });
  const { outside } = classified(variant);
  expect([outside?.why, outside?.rest, outside?.members.map(({ weight }) => print(weight))]).toEqual([
    'mixture',
    undefined,
    ['1', '1'],
  ]);
});

describe('the logit and not a multiple of it', () => {
  test.each<[what: string, loss: string, assume: readonly string[], logit: string]>([
    // e may be zero: e * u is no logit of the first term.
    ['a tilted logistic loss', `${S(dpo)} + e * ${u}`, ['0 <= e < 1/2'], dpo],
    ['a blend by u/tau', `sigmoid(${u} / tau) * ${S(dpo)} + exp(-${u})`, ['tau > 0'], dpo],
    ['a hinge', `max(0, 1 - ${u})`, [], dpo],
  ])('%s', (_, loss, assume, logit) => {
    const variant = claim(loss, { assume: ['beta > 0', ...assume] });
    const found = coreOf(classified(variant))?.logit;
    const wanted = parse(logit);
    expect(found && provesEqual(subtract(found, wanted), parse('0'), variant.declared)).toBe(true);
  });
});

describe('a temperature of the pair', () => {
  test.each<[what: string, loss: string, data: string]>([
    // c(w) (h(w) - h(l)) without c is DPO with coefficient one.
    ['of the chosen response', S(`c(w) * ${d}`), 'c(y) > 0'],
    ['of both', S(`c(w, l) * ${d}`), 'c(w, l) > 0'],
  ])('%s: the smallest change is to take it away', (_, loss, data) => {
    const { outside } = classified(claim(loss, { data: [data] }));
    expect([outside?.why, outside?.nearest?.kind, outside?.nearest?.tier]).toEqual([
      'pair-coupled',
      'without-factor',
      'conditional',
    ]);
  });
});

test.each<[statistic: string, tier: string]>([
  // beta/s is positive if s is.
  ['s() > 0', 'conditional'],
  // With s of any sign the roles may be exchanged.
  ['s()', 'policy-dependent'],
])('with %s a constant the loss would be %s', (statistic, tier) => {
  const { outside } = classified(claim(S(`${u} / s()`), { ...BETA, data: [statistic] }));
  expect([outside?.why, outside?.nearest?.tier]).toEqual(['batch-coupled', tier]);
});

test('a link of the pair beside a term of its own takes two changes', () => {
  // APO-down: sigmoid(beta h(w)) goes, and 1 - sigmoid(u) becomes -log sigmoid(u).
  const variant = claim(`sigmoid(beta * log(pi(w) / ref(w))) - sigmoid(${u})`, BETA);
  const { outside } = classified(variant);
  expect([outside?.why, outside?.nearest?.kind, outside?.nearest?.tier]).toEqual([
    'regulariser',
    'logistic-link-without-rest',
    'conditional',
  ]);
});

test('a constant weight leaves a convex link on a DPO logit', () => {
  const variant = claim(`${S(dpo)} + ${S(dpo)}`, BETA);
  expect(familiesIn(variant, classified(variant))).toContain('gpo');
});

describe('f-divergences', () => {
  test.each<[what: string, score: string, families: readonly string[]]>([
    ['log r', S(dpo), ['f-dpo']],
    // -log r falls: it is the derivative of no convex f.
    ['-log r', S(`-${u}`), []],
  ])('%s', (_, loss, families) => {
    const variant = claim(loss, BETA);
    expect(familiesIn(variant, classified(variant)).filter((id) => id.startsWith('f-dpo'))).toEqual(families);
  });
});

test.each(PUBLISHED)('$id: the tiers alone are those of the whole answer', ({ loss, assume, data }) => {
  const variant = claim(loss, { assume, data });
  const { tier, gradientTier } = classified(variant);
  expect(tiersOf(variant.loss, variant.declared)).toEqual({ tier, gradientTier });
});

describe('what couples the responses', () => {
  const chi = (y: string) => `(pi(${y}) / ref(${y}) + ${h(y)})`;
  test.each<[what: string, logit: string, kind: string, tier: string, left: string]>([
    // The clip falls away: a function of pi/ref is left.
    [
      'chi-PO',
      `clamp(beta * (${chi('w')} - ${chi('l')}), -2, 2)`,
      'without-bounds',
      'policy-dependent',
      `beta * (${chi('w')} - ${chi('l')})`,
    ],
    ['a bound on one side', `min(beta * ${d}, 5)`, 'without-bounds', 'conditional', `beta * ${d}`],
    // The whole of |len(w) - len(l)| goes, not one half of it.
    ['a margin', `beta * ${d} - abs(len(w) - len(l))`, 'without-coupling', 'conditional', `beta * ${d}`],
  ])('%s', (_, logit, kind, tier, left) => {
    const variant = claim(S(logit), BETA);
    const found = classified(variant);
    const { nearest } = found.outside ?? {};
    expect([nearest?.kind, nearest?.tier]).toEqual([kind, tier]);
    const formula = (text: string) => claim(text, BETA).loss;
    expect(provesEqual(nearest?.logit ?? variant.loss, formula(left), variant.declared)).toBe(true);
    // Shown as it is written.
    expect(print(found.logit ?? variant.loss)).toBe(print(formula(logit)));
  });
});
