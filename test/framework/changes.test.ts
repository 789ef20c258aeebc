/** From one loss to another in the words of the field. */

import { describe, expect, test } from 'vitest';
import { changesOf } from '../../src/framework/changes.ts';
import { divergenceOf } from '../../src/framework/divergence.ts';
import { classify } from '../../src/framework/membership.ts';
import { scoresOf } from '../../src/framework/score.ts';
import { changePhrase } from '../../src/render/change.ts';
import { phrasePlain } from '../../src/render/phrase.ts';
import { print } from '../../src/syntax/print.ts';
import { claim, classified, publishedClaim } from './claims.ts';
import { difference, S } from './published.ts';

function changes(from: string, to: string): readonly string[] | undefined {
  const [a, b] = [publishedClaim(from), publishedClaim(to)];
  const declared = {
    parameters: { ...a.declared.parameters, ...b.declared.parameters },
    data: { ...a.declared.data, ...b.declared.data },
    facts: [...a.declared.facts, ...b.declared.facts],
  };
  return changesOf(classify(a.loss, declared), classify(b.loss, declared), declared)?.map((change) =>
    phrasePlain(changePhrase(change)),
  );
}

test.each<[from: string, to: string, changes: readonly string[]]>([
  ['dpo', 'adpo', []],
  ['dpo', 'simpo', ['drop the reference ref(y)', 'divide by length', 'add a margin (-gamma in the logit)']],
  [
    'simpo',
    'dpo',
    ['add the reference ref(y)', 'no longer divide by length', 'drop the margin (-gamma in the logit)'],
  ],
  ['dpo', 'r-dpo', ['add alpha * len(y) to the score']],
  [
    'dpo',
    'h-dpo',
    ['take the reference to the power 1 / alpha instead of 1', 'change the weight from beta to alpha * beta'],
  ],
  ['dpo', 'dice', ['exchange the reference ref(y) for prev(y)']],
  ['dpo', 'slic', ['exchange the link (logistic for hinge)']],
  ['slic', 'ipo', ['exchange the link (hinge for square)', 'change the weight from beta to 1']],
  ['dpo', 'cdpo', ['exchange the link (logistic for mixture)']],
  ['dpo', 'ln-dpo', ['divide by length']],
  ['dpo', 'fdpo-js', ['exchange the divergence (reverse KL for Jensen-Shannon)']],
  ['dpo', 'rpo', ['add the regulariser -(lambda * log(pi(w))) / len(w)']],
  ['dpo', 'odpo', ['add a margin (-alpha * log(-score(l) + score(w)) in the logit)']],
  ['dpo', 'wpo', ['weight each pair by stopgrad(min(1, exp(log(pi(w)) / len(w) + log(pi(l)) / len(l))))']],
  [
    'dpo',
    'modpo',
    ['change the weight from beta to beta / omega', 'add -lambda / omega * score(y) to the score'],
  ],
])('%s -> %s', (from, to, expected) => {
  expect(changes(from, to)).toEqual(expected);
});

test('a loss without a logit of a pair differs in kind', () => {
  expect(changes('dpo', 'kto')).toBeUndefined();
});

describe('the derivative of an f-divergence', () => {
  const ratio = (y: string): string => `pi(${y}) / ref(${y})`;
  const divergence = (f: (r: string) => string) => {
    const variant = claim(S(`beta * ${difference((y) => f(`(${ratio(y)})`))}`), {
      assume: ['beta > 0', 'alpha > 0'],
    });
    const { logit } = classified(variant);
    const score = logit && scoresOf(logit, variant.declared)?.chosen;
    const found = score && divergenceOf(score, variant.declared);
    return found && [found.name, ...(found.order === undefined ? [] : [print(found.order)])];
  };
  test.each<[f: string, name: readonly string[]]>([
    ['log(R) + 1', ['reverse-kl']],
    ['-1 / R', ['forward-kl']],
    ['log(2 * R / (1 + R))', ['jensen-shannon']],
    ['2 * (R - 1)', ['chi-squared']],
    ['R + log(R)', ['chi-squared-kl']],
    ['(1 - R^(-alpha)) / alpha', ['alpha', 'alpha']],
    // Squared Hellinger distance: f' = 1 - r^(-1/2).
    ['1 - R^(-1/2)', ['alpha', '1/2']],
    ['R / (1 + R)', ['other']],
  ])('%s', (f, expected) => {
    expect(divergence((r) => f.replaceAll('R', r))).toEqual(expected);
  });

  test('a score that needs more than the ratio has none', () => {
    const variant = claim(S(`beta * ${difference((y) => `log(pi(${y})) - 2 * log(ref(${y}))`)}`), {});
    const { logit } = classified(variant);
    const score = logit && scoresOf(logit, variant.declared)?.chosen;
    expect(score).toBeDefined();
    expect(score && divergenceOf(score, variant.declared)).toBeUndefined();
  });
});
