/**
 * Published losses, each with the tier worked out by hand: a logit u(w,l) = s(w) - s(l) has the prior
 * log zeta = log pi - s/weight; f(w) - g(l) with f - g not zero has one for each label; all else is outside.
 */

import { describe, expect, test } from 'vitest';
import { call, exp, log, minus, num, subtract } from '../../src/expr/expr.ts';
import type { Why } from '../../src/framework/outside.ts';
import { interaction } from '../../src/framework/score.ts';
import type { Tier } from '../../src/framework/tier.ts';
import { print } from '../../src/syntax/print.ts';
import { agreesAtWitness } from '../forms/witness-value.ts';
import { classified, conditionsOf, familiesIn, publishedClaim } from './claims.ts';
import { PUBLISHED } from './published.ts';

interface Expected {
  readonly tier: Tier;
  readonly gradientTier?: Tier;
  readonly why?: Why;
  readonly conditions?: readonly string[];
  readonly families: readonly string[];
}
const DPO_LIKE = ['gpo', 'f-dpo', 'plackett-luce'];

const EXPECTED: Readonly<Record<string, Expected>> = {
  // s = beta h: zeta = ref.
  dpo: { tier: 'conditional', families: DPO_LIKE },
  adpo: { tier: 'conditional', families: DPO_LIKE },
  // The same with another fixed distribution.
  dice: { tier: 'conditional', families: DPO_LIKE },
  // log pi counts alpha beta, log ref beta: zeta = ref^(1/alpha), no function of pi/ref.
  'h-dpo': { tier: 'conditional', families: ['plackett-luce'] },
  // beta/len varies with y: zeta = pi^(1 - 1/len); u(a,b) + u(b,c) + u(c,a) = -3 gamma.
  simpo: {
    tier: 'label-dependent',
    conditions: ['policy-dependent: gamma = 0'],
    families: ['reference-free', 'length-normalised', 'margin'],
  },
  // zeta = ref exp(-(alpha/beta) len).
  'r-dpo': { tier: 'conditional', families: ['plackett-luce'] },
  // zeta = ref exp(-K), K = sum KL(ref || pi) contains the policy.
  tdpo1: { tier: 'policy-dependent', families: ['plackett-luce', 'token-level'] },
  // With K(w) a constant to the gradient, f(w) = beta h and g(l) = beta h + alpha beta K differ.
  tdpo2: {
    tier: 'policy-dependent',
    gradientTier: 'label-dependent',
    families: ['plackett-luce', 'token-level'],
  },
  'tis-dpo': { tier: 'policy-dependent', families: ['plackett-luce', 'token-level'] },
  sparsepo: { tier: 'policy-dependent', families: ['plackett-luce', 'token-level'] },
  sdpo: { tier: 'policy-dependent', families: ['plackett-luce', 'token-level'] },
  // The margin is beta phi (1 - m) gamma, and beta, phi > 0.
  rainbowpo: {
    tier: 'label-dependent',
    conditions: ['policy-dependent: gamma = 0 or m = 1'],
    families: ['length-normalised', 'margin'],
  },
  // Where both lengths are n the weight beta/n is a constant, and zeta = ref.
  'ln-dpo': {
    tier: 'policy-dependent',
    conditions: ['conditional if len(w) = len(l)'],
    families: ['plackett-luce', 'length-normalised'],
  },
  modpo: { tier: 'conditional', families: ['plackett-luce'] },
  // omega S(u) + (1 - omega) S(v) is logistic only without one of the two, which 0 < omega < 1 forbids.
  sipo: { tier: 'outside', why: 'mixture', families: ['f-dpo'] },
  kto: { tier: 'outside', why: 'unpaired', families: ['pointwise'] },
  ipo: { tier: 'outside', why: 'link', families: ['gpo', 'ipo', 'f-dpo'] },
  // The average is no DPO logit: neither GPO nor IPO.
  'ipo-avg': { tier: 'outside', why: 'link', families: ['length-normalised'] },
  slic: { tier: 'outside', why: 'link', families: ['gpo', 'f-dpo'] },
  // S(u) + e u: logistic iff e = 0 (e = 1 exchanges the roles, and e < 1/2).
  cdpo: { tier: 'outside', why: 'mixture', conditions: ['conditional: e = 0'], families: ['gpo', 'f-dpo'] },
  'robust-dpo': {
    tier: 'outside',
    why: 'mixture',
    conditions: ['conditional: e = 0'],
    families: ['gpo', 'f-dpo'],
  },
  // The preference term has s = beta log pi: zeta is constant, so the tier without lambda is marginal.
  cpo: {
    tier: 'outside',
    why: 'regulariser',
    conditions: ['marginal: lambda = 0'],
    families: ['reference-free'],
  },
  rpo: { tier: 'outside', why: 'regulariser', conditions: ['conditional: lambda = 0'], families: ['f-dpo'] },
  // The NLL term has no weight to switch it off.
  orpo: { tier: 'outside', why: 'regulariser', families: ['reference-free'] },
  'fdpo-js': { tier: 'policy-dependent', families: ['f-dpo', 'plackett-luce'] },
  'fdpo-forward': { tier: 'policy-dependent', families: ['f-dpo', 'plackett-luce'] },
  'fdpo-alpha': { tier: 'policy-dependent', families: ['f-dpo', 'plackett-luce'] },
  'chi-po': { tier: 'policy-dependent', families: ['f-dpo', 'plackett-luce'] },
  // f(w) = beta h - beta lambda max(0, -h), g(l) = beta h.
  dpop: { tier: 'label-dependent', conditions: ['conditional if lambda = 0'], families: [] },
  // log(score(w) - score(l)) is no f(w) - g(l): it is not even defined both ways round.
  odpo: {
    tier: 'outside',
    why: 'pair-coupled',
    conditions: ['conditional: alpha = 0'],
    families: ['margin'],
  },
  // Every token counts alike if alpha = 1; and no token lies beyond the shorter response if they are equally long.
  'ld-dpo': {
    tier: 'outside',
    why: 'pair-coupled',
    conditions: ['conditional if alpha = 1', 'conditional if len(w) = len(l)'],
    families: ['token-level'],
  },
  wpo: { tier: 'outside', why: 'weight', families: ['f-dpo'] },
  exo: { tier: 'outside', why: 'link', families: ['f-dpo'] },
  nca: { tier: 'outside', why: 'unpaired', families: ['pointwise'] },
  sppo: { tier: 'outside', why: 'unpaired', families: ['pointwise'] },
  // As values the stop-gradient is nothing; mean and deviation of the batch stand inside the logit.
  'alpha-dpo': { tier: 'outside', why: 'batch-coupled', families: ['margin'] },
  // Without them: s = (beta - alpha) log pi/len + alpha log ref/len, margin gamma.
  'alpha-dpo-not-standardised': {
    tier: 'label-dependent',
    conditions: ['policy-dependent: gamma = 0'],
    families: ['length-normalised', 'margin'],
  },
  'beta-dpo': { tier: 'outside', why: 'batch-coupled', families: [] },
  // However large the mean is held, a power of the sigmoid is no log-sigmoid, and the tangent goes below nought.
  'dr-dpo': { tier: 'outside', why: 'link', families: ['f-dpo'] },
  // The reference margin of equal rank is a number of the batch: what is written has no reference, what is meant has one.
  aot: { tier: 'outside', why: 'batch-coupled', families: ['margin', 'reference-free?'] },
  // Partners are responses to other prompts: a term for each response, and no logit of the pair.
  'aot-unpaired': { tier: 'outside', why: 'unpaired', families: ['pointwise'] },
  // The squares keep each reward near a target: no hyper-parameter switches them off.
  'cal-dpo': { tier: 'outside', why: 'regulariser', families: ['f-dpo'] },
  // L = s(l) - s(w) with s = exp(a): a linear link, and a sum of two terms.
  simper: { tier: 'outside', why: 'link', families: ['pointwise', 'reference-free'] },
  alphapo: {
    tier: 'label-dependent',
    conditions: ['policy-dependent: gamma = 0'],
    families: ['reference-free', 'margin'],
  },
  'apo-zero': { tier: 'outside', why: 'link', families: ['f-dpo', 'pointwise'] },
  'apo-down': { tier: 'outside', why: 'regulariser', families: ['f-dpo'] },
  bco: { tier: 'outside', why: 'unpaired', families: ['pointwise'] },
  discopop: { tier: 'outside', why: 'link', families: ['f-dpo'] },
  focal: {
    tier: 'outside',
    why: 'link',
    conditions: ['conditional if gamma = 0'],
    // Not convex, as the test of shapes shows.
    families: ['f-dpo'],
  },
  exponential: { tier: 'outside', why: 'link', families: ['gpo', 'f-dpo'] },
  cauchy: { tier: 'outside', why: 'link', families: ['f-dpo'] },
  // -log pi(w) = -log sigmoid(u) with u = log(pi/(1 - pi)), a score of the chosen response alone.
  sft: { tier: 'label-dependent', families: ['reference-free', 'pointwise'] },
};

test('every published loss is expected to be something', () => {
  expect(PUBLISHED.map(({ id }) => id).sort()).toEqual(Object.keys(EXPECTED).sort());
});

describe.each(PUBLISHED.map((published) => ({ id: published.id, published })))('$id', ({ id, published }) => {
  const variant = publishedClaim(published);
  const found = classified(variant);
  const expected = EXPECTED[id];

  test('tier, reason and conditions', () => {
    expect({
      tier: found.tier,
      gradientTier: found.gradientTier,
      why: found.outside?.why,
      conditions: conditionsOf(found),
      undecided: found.undecided,
    }).toEqual({
      tier: expected?.tier,
      gradientTier: expected?.gradientTier ?? expected?.tier,
      why: expected?.why,
      conditions: expected?.conditions ?? [],
      undecided: [],
    });
  });

  test('families', () => {
    expect([...familiesIn(variant, found)].sort()).toEqual([...(expected?.families ?? [])].sort());
  });

  test('the witness holds by another evaluator', () => {
    const { witness, refutes, tier, outside } = found;
    const certain = outside?.why === 'batch-coupled';
    expect(witness === undefined).toBe((tier !== 'outside' && tier !== 'label-dependent') || certain);
    if (witness === undefined || refutes === 'cocycle') return;
    const logit = found.logit ?? minus(log(subtract(exp(variant.loss), num(1))));
    const separable = found.outside?.residual ?? interaction(logit);
    const tested = refutes === 'positive' ? call('le', [variant.loss, num(0)]) : separable;
    expect(agreesAtWitness(tested, num(0), witness)).toBe(true);
    expect([witness.right.low, witness.right.high]).toEqual(['0', '0']);
  });
});

describe('what is inside a loss that is outside', () => {
  test.each<[id: string, link: string, formula: string, decreasing: string, convex: string]>([
    ['ipo', 'square', '(-1/2 / beta + u)^2', 'refuted', 'proved'],
    ['slic', 'hinge', 'max(0, 1 - u)', 'proved', 'proved'],
    ['exponential', 'exponential', 'exp(-u)', 'proved', 'proved'],
    ['cauchy', 'cauchy', 'log(1 + (-1 + u)^2)', 'refuted', 'refuted'],
    ['simper', 'linear', '-u', 'proved', 'proved'],
    // With e < 1/2 label smoothing turns up at large margins; dividing by 1 - 2e and a minus sign undo that.
    ['cdpo', 'other', '(1 - e) * softplus(-u) + e * softplus(u)', 'refuted', 'proved'],
    [
      'robust-dpo',
      'other',
      '((1 - e) / (1 - 2 * e)) * softplus(-u) + ((-e) / (1 - 2 * e)) * softplus(u)',
      'proved',
      'proved',
    ],
  ])('%s: the link', (id, name, formula, decreasing, convex) => {
    const { outside } = classified(publishedClaim(id));
    expect(outside?.link).toMatchObject({
      name,
      decreasing: { answer: decreasing },
      convex: { answer: convex },
    });
    expect(outside?.link && print(outside.link.formula)).toBe(formula);
  });

  test.each<[id: string, nearest: string, tier: Tier, logit: string]>([
    ['ipo', 'logistic-link', 'conditional', 'log(pi(w) / ref(w)) - log(pi(l) / ref(l))'],
    ['kto', 'paired', 'conditional', 'beta * (log(pi(w) / ref(w)) - log(pi(l) / ref(l)))'],
    ['bco', 'paired', 'conditional', 'beta * (log(pi(w) / ref(w)) - log(pi(l) / ref(l)))'],
    ['sppo', 'paired', 'conditional', 'log(pi(w) / ref(w)) - log(pi(l) / ref(l))'],
    ['rpo', 'without-rest', 'conditional', 'beta * (log(pi(w) / ref(w)) - log(pi(l) / ref(l)))'],
    ['cpo', 'without-rest', 'marginal', 'beta * (log(pi(w)) - log(pi(l)))'],
    ['wpo', 'without-weight', 'conditional', 'beta * (log(pi(w) / ref(w)) - log(pi(l) / ref(l)))'],
    ['cdpo', 'one-member', 'conditional', 'beta * (log(pi(w) / ref(w)) - log(pi(l) / ref(l)))'],
    ['odpo', 'without-coupling', 'conditional', 'beta * (log(pi(w) / ref(w)) - log(pi(l) / ref(l)))'],
  ])('%s: the nearest loss inside', (id, kind, tier, logit) => {
    const nearest = classified(publishedClaim(id)).outside?.nearest;
    expect(nearest && { kind: nearest.kind, tier: nearest.tier, logit: print(nearest.logit) }).toEqual({
      kind,
      tier,
      logit,
    });
  });

  test('label smoothing has both members with their weights', () => {
    const members = classified(publishedClaim('cdpo')).outside?.members ?? [];
    expect(members.map(({ weight, logit }) => [print(weight), print(logit)])).toEqual([
      ['1 - e', 'beta * (log(pi(w) / ref(w)) - log(pi(l) / ref(l)))'],
      ['e', '-beta * (log(pi(w) / ref(w)) - log(pi(l) / ref(l)))'],
    ]);
  });

  test('an unpaired loss has a term for each response', () => {
    const terms = classified(publishedClaim('sppo')).outside?.terms;
    expect(terms && [print(terms.chosen), print(terms.rejected)]).toEqual([
      '(log(pi(w) / ref(w)) - 1 / (2 * beta))^2',
      '(log(pi(l) / ref(l)) + 1 / (2 * beta))^2',
    ]);
  });
});
