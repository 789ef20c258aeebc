/** Formula claims: what is found in a formula, what is granted beside it, and whose fault it is. */

import { describe, expect, test } from 'vitest';
import { claimFault } from '../../src/render/variant-fault.ts';
import { print } from '../../src/syntax/print.ts';
import { formulaClaim } from '../../src/variant/claim.ts';

describe('a formula claim', () => {
  test('finds its hyper-parameters, real unless assumed otherwise', () => {
    const variant = formulaClaim(' -log(sigmoid(beta * m(w) - gamma * constructor))', {
      assume: ['beta > 0', 'n integer'],
      data: ['m(y) >= 0'],
    });
    if (variant.kind !== 'variant') throw new Error(claimFault(variant));
    expect(variant).toMatchObject({
      id: 'formula',
      title: '-log(sigmoid(beta * m(w) - gamma * constructor))',
      declared: {
        parameters: { beta: 'positive', gamma: 'real', constructor: 'real', n: 'integer' },
        data: { m: { is: 'nonnegative' } },
      },
    });
    expect([...variant.parameters.keys()]).toEqual(['beta', 'gamma', 'constructor', 'n']);
    expect(print(variant.loss)).toBe('-log(sigmoid(beta * m(w) - gamma * constructor))');
  });

  test('keeps assumptions that no domain says', () => {
    const variant = formulaClaim('pi(w)^(beta - 1)', { assume: ['beta > 1', 'len(w) > len(l)'] });
    if (variant.kind !== 'variant') throw new Error(claimFault(variant));
    expect(variant.declared.facts).toHaveLength(2);
  });

  test('need not be a loss', () => {
    expect(formulaClaim('1 + 1').kind).toBe('variant');
  });

  test.each<[part: string, text: string, granted: object, words: string]>([
    ['formula', 'pi(w', {}, 'in the formula: this `(` is never closed at line 1, column 3'],
    ['formula', 'm(w)', {}, 'unknown function `m`'],
    ['assumption', 'pi(w)', { assume: ['b > 0', 'b < 0'] }, 'in an assumption: nothing is left for `b`'],
    ['data', 'pi(w)', { data: ['pi(y)'] }, 'in a declaration of data: `pi` is already the name of data'],
  ])('a fault in the %s is told apart', (part, text, granted, words) => {
    const fault = formulaClaim(text, granted);
    expect(fault).toMatchObject({ kind: 'formula-claim', part });
    if (fault.kind !== 'variant') expect(claimFault(fault)).toContain(words);
  });
});
