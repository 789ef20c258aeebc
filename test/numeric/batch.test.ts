import { describe, expect, test } from 'vitest';
import type { BatchInput } from '../../src/numeric/batch.ts';
import { batch, shapeOf } from '../../src/numeric/batch.ts';

const side = (policy: number[][], more: Partial<BatchInput['chosen']> = {}): BatchInput['chosen'] => ({
  lengths: policy.map((row) => row.length),
  logProbs: new Map([['pi', policy]]),
  ...more,
});
const good: BatchInput = { chosen: side([[-1, -2], [-3]]), rejected: side([[-4], [-5, -6]]) };

test('rows are laid out one after another', () => {
  const made = batch(good);
  if (made.kind !== 'batch') throw new Error(made.kind);
  expect([...made.chosen.offsets]).toEqual([0, 2, 3]);
  expect([...(made.rejected.logProbs.get('pi') ?? [])]).toEqual([-4, -5, -6]);
  expect([...shapeOf(made).distributions]).toEqual(['pi']);
});

test('full distributions are kept as they are, and serve for the tokens too', () => {
  const full = {
    lengths: [2],
    labels: [[1, 0]],
    rows: new Map([
      [
        'pi',
        [
          [
            [-3, -1, -2],
            [-0.5, -4, -5],
          ],
        ],
      ],
    ]),
  };
  const made = batch({ chosen: full, rejected: full });
  if (made.kind !== 'batch') throw new Error(made.kind);
  expect(made.vocabulary).toBe(3);
  expect([...(made.chosen.rows.get('pi') ?? [])]).toEqual([-3, -1, -2, -0.5, -4, -5]);
  expect(shapeOf(made)).toMatchObject({ distributions: new Set(['pi']), vocabularies: new Set(['pi']) });
});

test('names such as constructor are names', () => {
  const made = batch({
    ...good,
    perPair: new Map([
      ['constructor', [1, 2]],
      ['__proto__', [3, 4]],
    ]),
  });
  if (made.kind !== 'batch') throw new Error(made.kind);
  expect([...(made.perPair.get('__proto__') ?? [])]).toEqual([3, 4]);
  expect(made.perPair.get('toString')).toBeUndefined();
});

describe('a malformed batch is refused', () => {
  const full = { lengths: [1], labels: [[2]], rows: new Map([['pi', [[[-1, -2]]]]]) };
  test.each<[what: string, input: BatchInput, fault: object]>([
    [
      'fewer rejected than chosen',
      { ...good, rejected: side([[-1]]) },
      { kind: 'wrong-count', field: 'rejected.lengths', expected: 2, found: 1 },
    ],
    [
      'a row of another length',
      { ...good, chosen: { ...side([[-1, -2], [-3]]), lengths: [2, 2] } },
      { kind: 'wrong-count', field: 'chosen.logProbs.pi', pair: 1, expected: 2, found: 1 },
    ],
    [
      'a positive log-probability',
      { ...good, chosen: side([[-1, 1e-17], [-3]]) },
      { kind: 'bad-value', field: 'chosen.logProbs.pi', pair: 0, token: 1, found: 1e-17 },
    ],
    [
      'an impossible token',
      { ...good, chosen: side([[-1, -2], [Number.NEGATIVE_INFINITY]]) },
      { kind: 'bad-value', pair: 1, token: 0, expected: 'log-probability' },
    ],
    ['NaN', { ...good, chosen: side([[-1, Number.NaN], [-3]]) }, { kind: 'bad-value', found: Number.NaN }],
    ['an empty response', { ...good, chosen: side([[-1], []]) }, { expected: 'length', pair: 1, found: 0 }],
    [
      'a length that is no number of tokens',
      { ...good, chosen: { ...side([[-1, -2], [-3]]), lengths: [1.5, 1] } },
      { kind: 'bad-value', expected: 'length', found: 1.5 },
    ],
    [
      'an infinite score',
      { ...good, perPair: new Map([['c', [1, Number.POSITIVE_INFINITY]]]) },
      { kind: 'bad-value', field: 'perPair.c', expected: 'finite number' },
    ],
    ['a label outside the vocabulary', { chosen: full, rejected: full }, { expected: 'label', found: 2 }],
    [
      'rows without labels',
      { chosen: { lengths: [1], rows: full.rows }, rejected: { lengths: [1], rows: full.rows } },
      { kind: 'no-labels', field: 'chosen.labels' },
    ],
  ])('%s', (_, input, fault) => expect(batch(input)).toMatchObject(fault));

  test('-Infinity is let through on demand', () => {
    const input = { ...good, chosen: side([[-1, -2], [Number.NEGATIVE_INFINITY]]) };
    expect(batch(input, { impossible: true }).kind).toBe('batch');
  });
});
