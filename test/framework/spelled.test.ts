/** Losses as people spell them: which derivations the independent checker accepts, with which prior, and which it refuses, and why. */

import { describe, expect, test } from 'vitest';
import type { Fault } from '../../src/checker/fault.ts';
import { audit } from '../../src/report/audit.ts';
import type { DerivationReport } from '../../src/report/derivation.ts';
import { reportDerivation } from '../../src/report/derivation.ts';
import { print } from '../../src/syntax/print.ts';
import { storedTrace } from '../../src/trace/digest.ts';
import { claim } from './claims.ts';

type Derived = Extract<DerivationReport, { readonly kind: 'derived' }>;

/** The loss -log(sigmoid(s(w) - s(l))) of a score of the response y. */
const ofScore = (score: string): string => ofLogit(`${at(score, 'w')} - (${at(score, 'l')})`);
const ofLogit = (logit: string): string => `-log(sigmoid(${logit}))`;
/** The response y of a score as another one. */
const at = (score: string, response: string): string => score.replaceAll(/\by\b/g, response);

function derived(loss: string, assume: readonly string[], data: readonly string[] = []): Derived {
  const report = reportDerivation(claim(loss, { assume: ['beta > 0', ...assume], data }));
  if (report.kind !== 'derived') throw new Error(`outside: ${loss}`);
  return report;
}
const faultOf = ({ verdict }: Derived): Fault | undefined =>
  verdict.kind === 'refused' ? verdict.fault : undefined;
const priorOf = ({ membership: { prior } }: Derived): readonly [weight: string, zeta: string] => {
  if (prior?.kind !== 'one') throw new Error('one prior expected');
  return [print(prior.prior.weight), print(prior.prior.zeta)];
};

const RATIO = 'log(pi(y)/ref(y))';
const OLD = ['old(y) distribution'];
const MARGIN = '(log(pi(w)/ref(w)) - log(pi(l)/ref(l)))';

describe('the derivation is accepted', () => {
  test.each<
    [
      what: string,
      loss: string,
      granted: { readonly assume?: readonly string[]; readonly data?: readonly string[] },
      weight: string,
      zeta: string,
    ]
  >([
    [
      'a mixture of two references',
      ofScore('beta*log(pi(y)/(lam*ref(y) + (1 - lam)*old(y)))'),
      { assume: ['0 < lam < 1'], data: OLD },
      'beta',
      'lam * ref(y) + (1 - lam) * old(y)',
    ],
    [
      'the same with the mixing weight on the other',
      ofScore('beta*(log(pi(y)) - log((1 - lam)*ref(y) + lam*old(y)))'),
      { assume: ['0 <= lam <= 1', 'lam > 0'], data: OLD },
      'beta',
      '(1 - lam) * ref(y) + lam * old(y)',
    ],
    [
      'a mixture with the policy',
      ofScore('beta*log(pi(y)/(lam*pi(y) + (1 - lam)*ref(y)))'),
      { assume: ['0 < lam < 1'] },
      'beta',
      'lam * pi(y) + (1 - lam) * ref(y)',
    ],
    [
      'a mixture with the policy over the reference',
      ofScore('beta*log((lam*pi(y) + (1 - lam)*ref(y))/ref(y))'),
      { assume: ['0 < lam < 1'] },
      'beta',
      '(pi(y) * ref(y)) / (lam * pi(y) + (1 - lam) * ref(y))',
    ],
    ['a power of the length', ofScore('beta*log(pi(y))/len(y)^k'), {}, 'beta', 'pi(y)^(1 - 1 / len(y)^k)'],
    [
      'a discount per token',
      ofScore('beta*sum(t, y, g^(t - 1)*log(pi(y,t)/ref(y,t)))'),
      { assume: ['0 < g <= 1'] },
      'beta',
      'pi(y) * exp(-(sum(t, y, g^(t - 1) * log(pi(y, t))) - sum(t, y, g^(t - 1) * log(ref(y, t)))))',
    ],
    [
      'a clamped log-ratio',
      ofScore(`beta*clamp(${RATIO}, -c, c)`),
      { assume: ['c > 0'] },
      'beta',
      'pi(y) * exp(-clamp(log(pi(y) / ref(y)), -c, c))',
    ],
    [
      'the positive part',
      ofScore(`beta*relu(${RATIO})`),
      {},
      'beta',
      'pi(y) * exp(-relu(log(pi(y) / ref(y))))',
    ],
    [
      'a bounded log-ratio',
      ofScore(`beta*tanh(${RATIO})`),
      {},
      'beta',
      'pi(y) * exp(-tanh(log(pi(y) / ref(y))))',
    ],
    [
      'the root of the ratio',
      ofScore('beta*sqrt(pi(y)/ref(y))'),
      {},
      'beta',
      'pi(y) * exp(-sqrt(pi(y) / ref(y)))',
    ],
    [
      'the positive part of what is positive',
      ofLogit(`beta*${MARGIN} - alpha*relu(len(w) - len(l))`),
      { assume: ['len(w) > len(l)'] },
      'beta',
      'ref(y) * exp(alpha / beta * len(y))',
    ],
    ['the hyperbolic tangent', `log(2) - log(1 + tanh(beta*${MARGIN}/2))`, {}, 'beta', 'ref(y)'],
    [
      'the hyperbolic tangent of the opposite',
      `log(2) - log(1 - tanh(-beta*${MARGIN}/2))`,
      {},
      'beta',
      'ref(y)',
    ],
    ['the absolute value of the weight', ofLogit(`abs(beta)*${MARGIN}`), {}, 'beta', 'ref(y)'],
    [
      'a weight that is a product of positive factors',
      ofLogit(`(beta^2 - 1)*${MARGIN}`),
      { assume: ['beta > 1'] },
      '(beta - 1) * (beta + 1)',
      'ref(y)',
    ],
    [
      'a weight granted as it is',
      ofLogit(`(a*b - c)*${MARGIN}`),
      { assume: ['a*b > c'] },
      'a * b - c',
      'ref(y)',
    ],
    [
      'a sum of weights',
      ofLogit(`(alpha + beta)*${MARGIN}`),
      { assume: ['alpha > 0'] },
      'alpha + beta',
      'ref(y)',
    ],
    [
      'a further multiple with its gradient stopped',
      ofLogit(`beta*${MARGIN} + alpha*stopgrad(${MARGIN})`),
      { assume: ['alpha > 0'] },
      'alpha + beta',
      'ref(y)',
    ],
  ])('%s', (_, loss, { assume = [], data = [] }, weight, zeta) => {
    const report = derived(loss, assume, data);
    expect(faultOf(report)).toBeUndefined();
    expect(priorOf(report)).toEqual([weight, zeta]);
    // As it is stored, too.
    const again = audit(JSON.parse(JSON.stringify(storedTrace(report.trace))));
    expect(again.kind === 'audited' && again.verdict.kind).toBe('accepted');
  });
});

describe('the derivation is refused where what is positive is not proved to be', () => {
  test.each<[what: string, score: string, assume: readonly string[], missing: string]>([
    ['the complement of the reference', 'beta*log(pi(y)/(1 - ref(y)))', [], '1 - ref(_y)'],
    ['the complement of the policy', 'beta*log(pi(y)/(1 - pi(y)))', [], '1 - pi(_y)'],
    ['minus the log-probability', 'beta*log(pi(y)/(-log(pi(y))))', [], '-log(pi(_y))'],
    ['a factor beside a positive one', 'beta*log(pi(y)/(ref(y)*(1 - ref(y))))', [], '1 - ref(_y)'],
    [
      'a mixture whose weights may be negative',
      'beta*log(pi(y)/(lam*ref(y) + (1 - lam)*old(y)))',
      ['lam > 0'],
      'lam * ref(_y) + (1 - lam) * old(_y)',
    ],
  ])('%s', (_, score, assume, missing) => {
    const reason = faultOf(derived(ofScore(score), assume, OLD))?.reason;
    expect(reason).toMatchObject({ kind: 'bad-definition', id: 'prior', why: 'domain' });
    expect(reason?.kind === 'bad-definition' && reason.of && print(reason.of)).toBe(missing);
  });
});
