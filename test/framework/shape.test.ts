/** The shape of a link u -> loss: its name, whether it falls, whether it is convex; each worked out by hand. */

import { describe, expect, test } from 'vitest';
import type { Domain } from '../../src/expr/declare.ts';
import { NOTHING_DECLARED } from '../../src/expr/declare.ts';
import { sym } from '../../src/expr/expr.ts';
import type { LinkName } from '../../src/framework/shape.ts';
import { shapeOf } from '../../src/framework/shape.ts';
import { parse } from '../../src/syntax/parse.ts';
import { FORMULA_SCOPE } from '../../src/syntax/scope.ts';

const [YES, NO, OPEN] = ['proved', 'refuted', 'undecided'] as const;
type Said = typeof YES | typeof NO | typeof OPEN;

const shape = (link: string, parameters: Readonly<Record<string, Domain>>) => {
  const found = shapeOf(parse(link, FORMULA_SCOPE), sym('u'), { ...NOTHING_DECLARED, parameters });
  return [found.name, found.decreasing.answer, found.convex.answer];
};

test.each<
  [link: string, parameters: Readonly<Record<string, Domain>>, name: LinkName, falls: Said, convex: Said]
>([
  ['max(0, 1 - u)', {}, 'hinge', YES, YES],
  // Increasing convex powers of a convex function that is nowhere negative.
  ['max(0, 1 - u)^2', {}, 'squared-hinge', YES, YES],
  ['relu(1 - u)^2 / 2 + 3', {}, 'squared-hinge', YES, YES],
  ['max(0, 1 - u)^3', {}, 'other', YES, YES],
  ['(1 - u)^2', {}, 'square', NO, YES],
  ['exp(-u)', {}, 'exponential', YES, YES],
  ['-sigmoid(u)', {}, 'sigmoid', YES, NO],
  ['log(1 + (1 - u)^2)', {}, 'cauchy', NO, NO],
  // The least of falling functions falls; 1 - u and 0 meet in a dent at u = 0.
  ['min(1, max(0, 1 - u))', {}, 'other', YES, NO],
  ['clamp(1 - u, 0, 2)', {}, 'other', YES, NO],
  // A step down at zero.
  ['indicator(u < 0)', {}, 'other', YES, NO],
  // (1 - p)^gamma and -log p are positive and fall, so their product does. For u -> -infinity and gamma = 2 it is
  // -u + e^u + 2u e^u, whose second derivative e^u (5 + 2u) is negative.
  ['-(1 - sigmoid(u))^gamma * log(sigmoid(u))', { gamma: 'nonnegative' }, 'other', YES, NO],
  ['-(1 - sigmoid(u))^2 * log(sigmoid(u))', {}, 'other', YES, NO],
  // At u = 0 the slope is (1 - log 2)/(4 tau) - 3/4: positive for tau < 0.102.
  [
    '-(1 - sigmoid(u / tau)) * log(sigmoid(u)) + sigmoid(u / tau) * exp(-u)',
    { tau: 'positive' },
    'other',
    NO,
    NO,
  ],
  // Label smoothing is softplus(-u) + e u: convex, and it turns up where sigmoid(-u) < e.
  ['(1 - e) * softplus(-u) + e * softplus(u)', { e: 'open-unit' }, 'other', NO, YES],
  // (softplus(-u) - e u/(1 - 2e)) where the weights are divided by 1 - 2e: convex for every e.
  ['((1 - e) * softplus(-u) - e * softplus(u)) / (1 - 2 * e)', { e: 'unit' }, 'other', NO, YES],
  // sqrt(1 + u^2) - u falls, but its slope tends to zero: no rule here sees that.
  ['sqrt(1 + u^2) - u', {}, 'other', OPEN, YES],
])('%s', (link, parameters, name, falls, convex) => {
  expect(shape(link, parameters)).toEqual([name, falls, convex]);
});

describe('a refutation can be repeated', () => {
  test.each(['-(1 - sigmoid(u))^2 * log(sigmoid(u))', 'min(1, max(0, 1 - u))'])('%s', (link) => {
    const { convex } = shapeOf(parse(link, FORMULA_SCOPE), sym('u'), NOTHING_DECLARED);
    expect(convex.answer === 'refuted' && [convex.witness.left.low, convex.witness.right.high]).toEqual([
      '1',
      '0',
    ]);
  });
});
