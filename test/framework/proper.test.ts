/** Which priors are normalisable where responses may be of any length, each with the argument that decides it. */

import { describe, expect, test } from 'vitest';
import type { Proper } from '../../src/framework/proper.ts';
import { bothProper } from '../../src/framework/proper.ts';
import { print } from '../../src/syntax/print.ts';
import { claim, classified } from './claims.ts';

const GRANTED = {
  assume: ['b > 0', 'k >= 0', '0 < c < 1', 'a > 0', 's real'],
  data: ['prev(y)', 'score(y)', 'm(y)', 'q(y) >= 0'],
};

/** What is found of a prior, through the loss of weight b that has it. */
function properOf(zeta: (y: string) => string, policy = (y: string) => `pi(${y})`): Proper {
  const reward = (y: string): string => `log(${policy(y)}) - (${zeta(y)})`;
  const variant = claim(`-log(sigmoid(b * ((${reward('w')}) - (${reward('l')}))))`, GRANTED);
  const { prior } = classified(variant);
  if (prior === undefined) throw new Error('expected a prior');
  return prior.proper;
}
const written = ({ answer, when }: Proper): string =>
  [answer, ...when.map(({ kind, of }) => `${kind}: ${print(of)}`)].join('; ');

type Row = readonly [what: string, logZeta: (y: string) => string, proper: string];

describe('a prior given by its logarithm', () => {
  test.each<Row>([
    // It sums to one.
    ['the reference', (y) => `log(ref(${y}))`, 'always'],
    // exp(-k |y|) <= 1.
    ['the reference, shorter favoured', (y) => `log(ref(${y})) - k*len(${y})`, 'always'],
    // For s < 0 the reference may fall more slowly than exp(-s |y|) grows: with the probability 2^-n of n tokens in
    // all, exp(|y|) makes a divergent sum, exp(|y|/2) a convergent one.
    ['the reference, lengths weighted', (y) => `log(ref(${y})) - s*len(${y})`, 'unknown; nonnegative: s'],
    ['the reference, longer favoured', (y) => `log(ref(${y})) + b*len(${y})`, 'unknown'],
    // ref^2 <= ref, as ref <= 1.
    ['the square of the reference', (y) => `2*log(ref(${y}))`, 'always'],
    // sum ref^c may diverge: it is the sum over lengths n of (number of responses)^(1-c) where they are equally likely.
    ['a root of the reference', (y) => `c*log(ref(${y}))`, 'unknown'],
    ['a power of the reference', (y) => `log(ref(${y}))/a`, 'unknown; nonnegative: -1 + 1 / a'],
    // Infinitely many responses of one and the same mass.
    ['a constant', () => '0', 'finite-only'],
    // ref^-1 >= 1.
    ['the reciprocal of the reference', (y) => `-log(ref(${y}))`, 'finite-only'],
    ['longer responses favoured', (y) => `k*len(${y})`, 'finite-only'],
    // Converges if and only if exp(k) is more than the number of tokens that may go on a response.
    ['shorter responses favoured', (y) => `-b*len(${y})`, 'unknown'],
    // At most ref: a score of at least zero only lowers it.
    ['the reference, a penalty', (y) => `log(ref(${y})) - q(${y})`, 'always'],
    // A score of either sign, without bound.
    ['the reference, a score', (y) => `log(ref(${y})) + score(${y})`, 'unknown'],
    // exp(s tanh) lies between exp(-|s|) and exp(|s|).
    ['the reference, a bounded score', (y) => `log(ref(${y})) + s*tanh(score(${y}))`, 'always'],
    ['a bounded score alone', (y) => `s*tanh(score(${y}))`, 'finite-only'],
    // 0 < sigmoid < 1.
    ['the reference, a gate', (y) => `log(ref(${y})) + log(sigmoid(score(${y})))`, 'always'],
    // Nothing says that the square root of a distribution has a finite sum, though its exponent is at least zero.
    ['a factor with an exponent below one', (y) => `log(ref(${y})) - c*log(ref(${y}))`, 'unknown'],
  ])('%s', (_, logZeta, proper) => {
    expect(written(properOf(logZeta))).toBe(proper);
  });

  // sum pi^c ref^(1-c) <= (sum pi)^c (sum ref)^(1-c) = 1, by Hölder's inequality; whatever the power 0 < c < 1.
  test('a geometric mean of distributions', () => {
    const proper = properOf(
      (y) => `c*log(ref(${y})) + (1 - c)*log(pi(${y}))`,
      (y) => `pi(${y})`,
    );
    expect(written(proper)).toBe('always');
  });

  // The weight is c * b, and what is left of the policy after it is nothing: a constant.
  test('a policy at the power of the weight', () => {
    expect(written(properOf((y) => `(1 - c)*log(pi(${y}))`))).toBe('finite-only');
  });
});

describe('priors of both labels', () => {
  const [always, never, unknown]: readonly [Proper, Proper, Proper] = [
    { answer: 'always', when: [] },
    { answer: 'finite-only', when: [] },
    { answer: 'unknown', when: [] },
  ];
  test.each([
    ['both proper', always, always, 'always'],
    ['both improper', never, never, 'finite-only'],
    ['one of them not', always, never, 'unknown'],
    ['one of them open', always, unknown, 'unknown'],
  ] as const)('%s', (_, chosen, rejected, answer) => {
    expect(bothProper(chosen, rejected)).toEqual({ answer, when: [] });
  });
});
