/** What is left of a whole: 1 - p is positive for a share p, and for nothing that only looks like one. */

import { describe, expect, test } from 'vitest';
import { check } from '../../src/checker/check.ts';
import type { Declarations } from '../../src/expr/declare.ts';
import { BUILT_IN } from '../../src/expr/declare.ts';
import { apply, num, variable } from '../../src/expr/expr.ts';
import { parse } from '../../src/syntax/parse.ts';
import { stage, trace } from './traces.ts';

const DECLARED: Declarations = {
  parameters: { p: 'open-unit', q: 'open-unit', u: 'unit', f: 'boolean', x: 'positive', n: 'nonnegative' },
  data: {
    ...BUILT_IN,
    share: { is: 'open-unit', shapes: [['response']], distribution: false, prompt: true, policy: false },
  },
  facts: [],
};
const LEFT = apply('zeta', [variable('_y', 'response')]);

/** Whether a prior may be defined by the expression: it has to be positive. */
function isPositive(text: string): boolean {
  const rhs = parse(text.replaceAll('y', '_y'), {
    declared: DECLARED,
    names: 'open',
    responses: ['_y'],
    definitions: {},
    bound: [],
  });
  const verdict = check(
    trace([stage(num(1), [])], { declared: DECLARED, definitions: [{ id: 'prior', lhs: LEFT, rhs }] }),
  );
  if (verdict.kind === 'refused') expect(verdict.fault.reason).toMatchObject({ why: 'domain' });
  return verdict.kind === 'accepted';
}

describe('is positive', () => {
  test.each([
    '1 - p',
    '-p + 1',
    '1 - p*q',
    '1 - p*u',
    '1 - sigmoid(log(ref(y)))',
    '1 - share(y)',
    'p*ref(y) + (1 - p)*pi(y)',
    'ref(y)^(-u) * (1 - p)',
    'ref(y) + (1 - u)*pi(y)',
  ])('%s', (text) => {
    expect(isPositive(text)).toBe(true);
  });
});

describe('does not follow to be positive', () => {
  test.each([
    ['the share may be the whole', '1 - u'],
    ['it may be the whole of a product', '1 - u*f'],
    ['a flag', '1 - f'],
    ['a positive number', '1 - x'],
    ['a probability, of which there may be one only', '1 - ref(y)'],
    ['a share taken twice', '1 - 2*p'],
    ['two shares taken', '1 - p - q'],
    ['of less than one', '1/2 - p'],
    ['a share added', '-1 + p'],
    ['over a share', '1 - 1/p'],
    ['a root of no share', '1 - x*p'],
    ['the opposite of the whole', '-1 - p'],
    ['a mixture with one weight of any sign', 'x*ref(y) + (1 - x)*pi(y)'],
    ['two parts that may both be nothing', 'n*ref(y) + (1 - u)*pi(y)'],
  ])('%s: %s', (_, text) => {
    expect(isPositive(text)).toBe(false);
  });
});
