/** From a prior to its loss and back: the derivation is accepted, and the loss leads to the prior it was made from. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { check } from '../../src/checker/check.ts';
import { substitute } from '../../src/expr/binder.ts';
import type { Declarations } from '../../src/expr/declare.ts';
import { BUILT_IN, FIXED_DISTRIBUTION } from '../../src/expr/declare.ts';
import type { Expr } from '../../src/expr/expr.ts';
import {
  exp,
  grad,
  log,
  minus,
  mul,
  num,
  reciprocal,
  sigmoid,
  subtract,
  sym,
  variable,
} from '../../src/expr/expr.ts';
import { rational } from '../../src/expr/rational.ts';
import { provesEqual } from '../../src/forms/decide.ts';
import { deriveLoss } from '../../src/framework/derive.ts';
import type { Membership } from '../../src/framework/membership.ts';
import { classify } from '../../src/framework/membership.ts';
import { parse } from '../../src/syntax/parse.ts';

const DECLARED: Declarations = {
  parameters: { beta: 'positive', gamma: 'real', lambda: 'nonnegative', kappa: 'real' },
  data: {
    ...BUILT_IN,
    prev: FIXED_DISTRIBUTION,
    score: { is: 'real', shapes: [['response']], distribution: false, prompt: true, policy: false },
    m: {
      is: 'nonnegative',
      shapes: [['response', 'token']],
      distribution: false,
      prompt: true,
      policy: false,
    },
  },
  facts: [{ kind: 'nonzero', of: sym('kappa') }],
};
const read = (text: string): Expr =>
  parse(text, { declared: DECLARED, names: 'open', responses: ['w', 'l', 'y'], definitions: {} });
const at = (e: Expr, name: string): Expr =>
  substitute(e, [[variable('y', 'response'), variable(name, 'response')]]);

/** weight * log(pi/zeta) of the chosen less that of the rejected, under the logistic link. */
const lossOf = (weight: Expr, zeta: Expr): Expr => {
  const reward = (name: string): Expr =>
    mul([weight, log(mul([read(`pi(${name})`), at(reciprocal(zeta), name)]))]);
  return minus(log(sigmoid(subtract(reward('w'), reward('l')))));
};

/** The power of the policy in a prior; what it leaves of the weight, if that is a positive number. */
const POLICY_POWERS = [
  ['0', 1n, 1n],
  ['1/2', 1n, 2n],
  ['-1', 2n, 1n],
  ['1 / len(y)', undefined, 1n],
  ['1 - 1 / len(y)', undefined, 1n],
] as const;
const FACTORS = [
  'ref(y)',
  'prev(y)^2',
  'ref(y)^(-1/3)',
  'prev(y)^lambda',
  'exp(gamma * len(y))',
  'exp(-score(y) / beta)',
  'exp(lambda * score(y) * len(y))',
  'exp(gamma)',
  '5',
];
const WEIGHTS = ['beta', 'beta^2', '1', '3/2', 'exp(gamma)', 'beta * (1 + lambda)'];

const solvedOf = (found: Membership) => {
  if (found.prior?.kind !== 'one') throw new Error(`expected one prior, found tier ${found.tier}`);
  return found.prior.prior;
};

test('property: the loss of a prior has that prior, under the same weight', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...POLICY_POWERS),
      fc.uniqueArray(fc.constantFrom(...FACTORS), { minLength: 1, maxLength: 4 }),
      fc.constantFrom(...WEIGHTS),
      ([power, n, d], factors, weightText) => {
        const weight = read(weightText);
        const fixed = factors.map(read);
        const zeta = mul([...fixed, read(`pi(y)^(${power})`)]);
        const loss = lossOf(weight, zeta);
        const found = classify(loss, DECLARED);
        // A constant power k of the policy is absorbed: zeta^(1/(1-k)) without the policy, under weight * (1 - k).
        const share = n === undefined ? undefined : num(rational(n, d));
        const expectedWeight = share === undefined ? weight : mul([weight, share]);
        const logOfRest = log(mul(fixed));
        const expected = share === undefined ? log(zeta) : mul([reciprocal(share), logOfRest]);
        const { weight: solvedWeight, logZeta } = solvedOf(found);
        const same = (a: Expr, b: Expr): boolean => provesEqual(a, b, DECLARED);
        // With the policy in the prior any weight will do: the two priors are then to give the same reward.
        const [ours, theirs]: readonly [Expr, Expr] =
          share === undefined
            ? [reward(solvedWeight, logZeta), reward(weight, expected)]
            : [logZeta, expected];
        if (share !== undefined) expect(same(solvedWeight, expectedWeight)).toBe(true);
        const gap = subtract(ours, theirs);
        expect(same(at(gap, 'w'), at(gap, 'l'))).toBe(true);
        expect(same(at(ours, 'w'), at(ours, 'l'))).toBe(same(at(theirs, 'w'), at(theirs, 'l')));
        expect(share === undefined ? ['policy-dependent'] : ['marginal', 'conditional']).toContain(
          found.tier,
        );
      },
    ),
    { numRuns: 60 },
  );
});
const reward = (weight: Expr, logZeta: Expr): Expr => mul([weight, subtract(read('log(pi(y))'), logZeta)]);

describe('the derivation of a loss from its prior is accepted', () => {
  const derived = (loss: Expr) => {
    const { prior, tier, gradientTier } = classify(loss, DECLARED);
    if (prior === undefined) throw new Error('outside');
    return deriveLoss({ claim: 'x', declared: DECLARED, definitions: [], loss, prior, tier, gradientTier });
  };
  test.each<[what: string, loss: Expr]>([
    ['a mixture of two references', lossOf(read('beta'), read('ref(y)^(1/3) * prev(y)^(2/3)'))],
    ['a length penalty', lossOf(read('beta'), read('ref(y) * exp(-gamma * len(y))'))],
    ['a score', lossOf(read('beta^2'), read('ref(y) * exp(score(y))'))],
    ['a policy power', lossOf(read('beta'), read('pi(y)^(1 - 1/len(y))'))],
    ['a constant prior', lossOf(read('beta'), num(1))],
    ['an absolute value for a weight', lossOf(read('abs(kappa)'), read('ref(y)'))],
    ['a constant exponential', lossOf(read('1'), exp(read('gamma')))],
    [
      'a forward divergence at each token, as in TDPO1',
      lossOf(read('beta'), read('ref(y) * exp(-sum(t, y, kl(ref, pi, y, t)))')),
    ],
    [
      'weighted tokens and a reverse divergence, as in TIS-DPO',
      read(
        `-log(sigmoid(beta * (sum(t, w, m(w, t) * log(pi(w, t) / ref(w, t))) - sum(t, l, m(l, t) * log(pi(l, t) / ref(l, t))))
        - beta * (sum(t, w, m(w, t) * kl(pi, ref, w, t)) - sum(t, l, m(l, t) * kl(pi, ref, l, t)))))`.replaceAll(
          '\n',
          ' ',
        ),
      ),
    ],
    [
      'a margin, as in SimPO',
      read('-log(sigmoid(beta * (log(pi(w)) / len(w) - log(pi(l)) / len(l)) - gamma))'),
    ],
    [
      'a loss in another spelling',
      read('log(1 + exp(-(beta * (log(pi(w) / ref(w)) - log(pi(l) / ref(l))))))'),
    ],
    ['a loss in opposite terms', read('softplus(log(pi(w) / pi(l))) - log(pi(w) / pi(l))')],
  ])('%s', (_, loss) => {
    const trace = derived(loss);
    expect(check(trace)).toMatchObject({ kind: 'accepted', stages: trace.stages.length });
    expect(trace.stages.find(({ id }) => id === 'S9')?.goal).toEqual(loss);
    expect(trace.stages.find(({ id }) => id === 'S10')?.start).toEqual(grad(loss));
  });

  test('what the stages say of the prior', () => {
    const remarks = (text: string) =>
      derived(read(text)).stages.flatMap(({ id, remarks: all }) => all.map(({ kind }) => `${id} ${kind}`));
    expect(remarks('-log(sigmoid(beta * (log(pi(w) / ref(w)) - log(pi(l) / ref(l)))))')).toEqual([]);
    expect(remarks('-log(sigmoid(log(pi(w)) / len(w) - log(pi(l)) / len(l)))')).toEqual([
      'S3 frozen-prior',
      'S4 frozen-prior',
      'S7 frozen-prior',
      'S10-prior prior-gradient',
    ]);
    expect(remarks('-log(sigmoid(log(pi(w)) - log(pi(l)) - gamma))')).toEqual([
      'S3 frozen-prior',
      'S4 frozen-prior',
      'S5 one-partition',
      'S7 label-prior',
    ]);
  });
});
