/** What is known inside one sum says nothing about another: pairs that differ and were, or could be, called equal. */

import { expect, test } from 'vitest';
import { NOTHING_DECLARED } from '../../src/expr/declare.ts';
import { decide } from '../../src/forms/decide.ts';
import { parse } from '../../src/syntax/parse.ts';

test.each([
  // The logarithm needs len(y) + 1 - t > 0 for tokens of y; at a token of a longer w it may be negative.
  [
    'a need of one sum under the index of another',
    'sum(t, y, log(len(y) + 1 - t)) + sum(t, w, abs(len(y) + 1 - t))',
    'sum(t, y, log(len(y) + 1 - t)) + sum(t, w, len(y) + 1 - t)',
  ],
  // The prompt is implicit in pi(y): it is no constant of a sum over prompts.
  ['a probability under a sum over prompts', 'sum(x, X, D(x) * pi(y))', 'pi(y)'],
])('%s is not proved', (_, left, right) => {
  expect(decide(parse(left), parse(right), NOTHING_DECLARED).answer).not.toBe('proved');
});
