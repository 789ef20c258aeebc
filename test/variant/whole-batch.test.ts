/**
 * Losses of a whole batch that the catalogue writes for one pair, with statistics of the batch as data: proved equal to
 * the batch loss as published, in value and gradient, for small batches.
 */

import { describe, expect, test } from 'vitest';
import type { Expr } from '../../src/expr/expr.ts';
import { add, divide, exp, freeze, log, minus, mul, num, pow, subtract, sym } from '../../src/expr/expr.ts';
import { rebuild } from '../../src/expr/walk.ts';
import { decide } from '../../src/forms/decide.ts';
import { decideGradients } from '../../src/forms/gradient.ts';
import { atPair } from '../../src/framework/score.ts';
import { parse } from '../../src/syntax/parse.ts';
import { expand } from '../../src/variant/expand.ts';
import { loadVariant } from '../../src/variant/files.ts';
import type { Variant } from '../../src/variant/variant.ts';

function variantOf(id: string): Variant {
  const variant = loadVariant(id);
  if (variant.kind !== 'variant') throw new Error(JSON.stringify(variant));
  return variant;
}

const mean = (terms: readonly Expr[]): Expr => divide(add(terms), num(terms.length));
/** A formula of `w` and `l` for the chosen response of one pair of the batch and the rejected one of another. */
const at = (formula: string, w: number, l = w): Expr => atPair(parse(formula), `w${w}`, `l${l}`);
const dpo = (w: number, l = w): Expr =>
  at('-log(sigmoid(beta * (log(pi(w) / ref(w)) - log(pi(l) / ref(l)))))', w, l);
const ratioOf = (y: 'w' | 'l', i: number): Expr => at(`log(pi(${y}) / ref(${y}))`, i);
const indices = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

/** The batch loss as published, and the statistics that belong to each of its pairs. */
interface Batch {
  readonly published: Expr;
  readonly statistics: (pair: number) => Readonly<Record<string, Expr>>;
}

/** -beta' log mean exp(-DPO / beta'), however many pairs. */
function tempered(n: number): Batch {
  const shares = indices(n).map((i) => exp(divide(minus(dpo(i)), sym('beta_prime'))));
  const average = mean(shares);
  return {
    published: mul([num(-1), sym('beta_prime'), log(average)]),
    statistics: () => ({ average }),
  };
}

/** Sorted policy margins against sorted reference margins; `partner[i]` has the reference margin of pair i's rank. */
function rankedMargins(partner: readonly number[]): Batch {
  const reference = (i: number): Expr => at('log(ref(w)) - log(ref(l))', i);
  const logit = (i: number): Expr =>
    mul([sym('beta'), subtract(at('log(pi(w)) - log(pi(l))', i), reference(partner[i] ?? i))]);
  return {
    published: mean(partner.map((_, i) => log(add([num(1), exp(minus(logit(i)))])))),
    statistics: (i) => ({ margin: reference(partner[i] ?? i) }),
  };
}

/** Sorted chosen against sorted rejected log-ratios; the chosen response of pair i meets the rejected `partner[i]`. */
function rankedResponses(partner: readonly number[]): Batch {
  return {
    published: mean(partner.map((l, w) => dpo(w, l))),
    statistics: (i) => ({
      lower: ratioOf('l', partner[i] ?? i),
      upper: ratioOf('w', partner.indexOf(i)),
    }),
  };
}

/** SimPO with a margin in standard deviations from the batch's mean, all of it held fixed. */
function standardised(n: number): Batch {
  const moved = (i: number): Expr => subtract(ratioOf('w', i), ratioOf('l', i));
  const centre = mean(indices(n).map(moved));
  const squares = indices(n).map((i) => pow(subtract(moved(i), centre), num(2)));
  const spread = pow(divide(add(squares), num(n - 1)), divide(num(1), num(2)));
  const loss = (i: number): Expr => {
    const score = divide(subtract(moved(i), centre), spread);
    const margin = add([sym('gamma'), mul([sym('alpha'), score])]);
    const u = at('beta * (log(pi(w)) / len(w) - log(pi(l)) / len(l))', i);
    return log(add([num(1), exp(minus(subtract(u, freeze(margin))))]));
  };
  return { published: mean(indices(n).map(loss)), statistics: () => ({ centre, spread }) };
}

/** The mean over the batch of the catalogue's formula, every statistic put in and held fixed. */
function ofPairs(variant: Variant, n: number, statistics: Batch['statistics']): Expr {
  const loss = expand(variant.loss, variant.definitions);
  return mean(
    indices(n).map((i) => {
      const given = new Map(Object.entries(statistics(i)));
      return rebuild(atPair(loss, `w${i}`, `l${i}`), (node) => {
        const value = node.kind === 'apply' && node.args.length === 0 ? given.get(node.name) : undefined;
        return value === undefined ? node : freeze(value);
      });
    }),
  );
}

const BATCHES: readonly (readonly [id: string, what: string, n: number, batch: Batch])[] = [
  ['dr-dpo', 'two pairs', 2, tempered(2)],
  ['dr-dpo', 'three pairs', 3, tempered(3)],
  ['aot', 'two pairs whose ranks are exchanged', 2, rankedMargins([1, 0])],
  ['aot', 'three pairs whose ranks go round', 3, rankedMargins([1, 2, 0])],
  ['aot-unpaired', 'two pairs whose ranks are exchanged', 2, rankedResponses([1, 0])],
  ['aot-unpaired', 'three pairs whose ranks go round', 3, rankedResponses([1, 2, 0])],
  ['alpha-dpo', 'two pairs', 2, standardised(2)],
];

describe.each(BATCHES)('%s of %s', (id, _, n, { published, statistics }) => {
  const variant = variantOf(id);
  const perPair = ofPairs(variant, n, statistics);

  test('is the mean of the formula for one pair, in value and gradient', () => {
    expect(decide(perPair, published, variant.declared).answer).toBe('proved');
    expect(decideGradients(perPair, published, variant.declared).answer).toBe('proved');
  });
});

/** What each comes to where the batch does nothing: DPO, or SimPO. */
const ALONE: readonly (readonly [id: string, like: string, batch: Batch])[] = [
  ['dr-dpo', 'dpo', tempered(1)],
  ['aot', 'dpo', rankedMargins([0])],
  ['aot-unpaired', 'dpo', rankedResponses([0])],
];

test.each(ALONE)('%s of one pair is %s, in value and gradient', (id, like, { statistics }) => {
  const variant = variantOf(id);
  const perPair = ofPairs(variant, 1, statistics);
  const { loss, definitions } = variantOf(like);
  const known = atPair(expand(loss, definitions), 'w0', 'l0');
  expect(decide(perPair, known, variant.declared).answer).toBe('proved');
  expect(decideGradients(perPair, known, variant.declared).answer).toBe('proved');
});

test('the mean of a Dr. DPO batch moves with the datum: another constant there gives another gradient', () => {
  const variant = variantOf('dr-dpo');
  const { published } = tempered(2);
  const wrong = ofPairs(variant, 2, () => ({ average: exp(minus(dpo(0))) }));
  expect(decideGradients(wrong, published, variant.declared).answer).toBe('refuted');
});

test('the two losses called AOT are one where the ranks agree with the pairs, and differ where they do not', () => {
  const { declared } = variantOf('aot');
  const answers = [
    [0, 1],
    [1, 0],
  ].map((partner) => decide(rankedMargins(partner).published, rankedResponses(partner).published, declared));
  expect(answers.map(({ answer }) => answer)).toEqual(['proved', 'refuted']);
});

test('AlphaDPO with its margin not held fixed has the same value and another gradient', () => {
  const { loss, definitions, declared } = variantOf('alpha-dpo');
  const published = expand(loss, definitions);
  const open = rebuild(published, (node) => (node.kind === 'freeze' ? node.body : node));
  expect(decide(open, published, declared).answer).toBe('proved');
  expect(decideGradients(open, published, declared).answer).toBe('refuted');
});
