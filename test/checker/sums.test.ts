/** Sums over responses are linear; nothing is taken out of a sum over prompts, since all in it depends on the prompt. */

import { describe, expect, test } from 'vitest';
import type { Trace } from '../../src/trace/trace.ts';
import { DECLARED, outcome, read } from './formulas.ts';
import { stage, step, trace } from './traces.ts';

const rewritten = (
  from: string,
  rule: string,
  to: string,
  bindings: Record<string, string>,
  at: number[] = [],
) =>
  trace(
    [
      stage(read(from), [
        step(rule, read(to), {
          at,
          bindings: Object.fromEntries(Object.entries(bindings).map(([name, e]) => [name, read(e)])),
        }),
      ]),
    ],
    { declared: DECLARED },
  );

describe('sums over responses and over prompts', () => {
  const product = 'response-sum-of-product';
  test.each<[what: string, forged: Trace, outcome: string]>([
    [
      'a factor free of the response',
      rewritten('sum(y, Y, g(w) * r(y))', product, 'g(w) * sum(y, Y, r(y))', { _a: 'g(w)', _b: 'r(y)' }),
      'accepted',
    ],
    [
      'a factor of the prompt, within the sum over prompts',
      rewritten(
        'sum(x, X, D(x) * sum(y, Y, Z() * pi(y)))',
        product,
        'sum(x, X, D(x) * (Z() * sum(y, Y, pi(y))))',
        { _a: 'Z()', _b: 'pi(y)' },
        [0, 1],
      ),
      'accepted',
    ],
    [
      'a factor of the response',
      rewritten('sum(y, Y, g(y) * r(y))', product, 'g(y) * sum(y, Y, r(y))', { _a: 'g(y)', _b: 'r(y)' }),
      'condition-not-met: free-of',
    ],
    [
      'a factor of the response by another name',
      rewritten('sum(z, Y, g(z) * r(z))', product, 'g(z) * sum(y, Y, r(y))', { _a: 'g(z)', _b: 'r(y)' }),
      'does-not-match',
    ],
    [
      'a factor of the response caught by the sum outside',
      rewritten(
        'sum(y, Y, sum(y, Y, g(y) * r(y)))',
        product,
        'sum(y, Y, g(y) * sum(y, Y, r(y)))',
        { _a: 'g(y)', _b: 'r(y)' },
        [0],
      ),
      'condition-not-met: free-of',
    ],
    [
      'a factor put in and caught',
      rewritten(
        'sum(y, Y, g(y) * sum(z, Y, r(z)))',
        product,
        'sum(y, Y, sum(y, Y, g(y) * r(y)))',
        { _a: 'g(y)', _b: 'r(y)' },
        [0],
      ),
      'condition-not-met: free-of',
    ],
    [
      'a factor of the prompt out of its sum',
      rewritten('sum(x, X, D(x) * Z())', product, 'Z() * sum(x, X, D(x))', { _a: 'Z()', _b: 'D(x)' }),
      'does-not-match',
    ],
    [
      'a number out of a sum over prompts',
      rewritten('sum(x, X, 2 * D(x))', product, '2 * sum(x, X, D(x))', { _a: '2', _b: 'D(x)' }),
      'does-not-match',
    ],
    [
      'a factor of the prompt by algebra',
      rewritten('sum(x, X, D(x) * Z())', 'algebra', 'Z() * sum(x, X, D(x))', {}),
      'algebra-fails',
    ],
    [
      'a factor of the prompt past both sums',
      rewritten(
        'sum(y, Y, pi(y) * sum(x, X, D(x) * r(y)))',
        'algebra',
        'sum(y, Y, pi(y) * r(y) * sum(x, X, D(x)))',
        {},
        [0],
      ),
      'algebra-fails',
    ],
    [
      'prompts one by one',
      rewritten('sum(x, X, D(x) + Z())', 'response-sum-of-sum', 'sum(x, X, D(x)) + sum(x, X, Z())', {
        _a: 'D(x)',
        _b: 'Z()',
      }),
      'does-not-match',
    ],
    ['zero for each prompt', rewritten('sum(x, X, 0)', 'response-sum-of-zero', '0', {}), 'does-not-match'],
    ['all prompts together', rewritten('sum(x, X, D(x))', 'policy-is-normalised', '1', {}), 'does-not-match'],
    [
      'another distribution',
      rewritten('sum(y, Y, ref(y))', 'policy-is-normalised', '1', {}),
      'does-not-match',
    ],
    [
      'one response for all',
      rewritten('sum(y, Y, pi(w))', 'policy-is-normalised', '1', {}),
      'does-not-match',
    ],
  ])('%s', (_, forged, expected) => expect(outcome(forged)).toBe(expected));
});
