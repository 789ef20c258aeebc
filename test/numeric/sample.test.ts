import { describe, expect, test } from 'vitest';
import { DOMAINS } from '../../src/expr/declare.ts';
import { portableLog, random } from '../../src/numeric/random.ts';
import { sampleBatch, sampleNumber } from '../../src/numeric/sample.ts';
import { ulpDistance } from '../../src/numeric/ulp.ts';

const bytes = (seed: number): readonly number[] => {
  const { chosen, rejected } = sampleBatch({ seed, pairs: 20, tokens: 9, vocabulary: 5 });
  return [chosen, rejected].flatMap(({ logProbs, rows }) =>
    [...logProbs.values(), ...rows.values()].flatMap((values) => [...new Uint8Array(values.buffer)]),
  );
};

describe('random batches', () => {
  test('the same seed gives the same bytes, another seed others', () => {
    expect(bytes(7)).toEqual(bytes(7));
    expect(bytes(7)).not.toEqual(bytes(8));
    expect(bytes(1)).not.toEqual(bytes(1 + 2 ** 32));
  });

  test('the stream is frozen: these are its first numbers for seed 1', () => {
    const draw = random(1);
    expect([draw.unit(), draw.unit(), draw.integer(1, 6)]).toMatchInlineSnapshot(`
      [
        0.5686059948349658,
        0.8893939367683266,
        3,
      ]
    `);
  });

  test('extremes are in every batch', () => {
    const { chosen, rejected, pairs } = sampleBatch({ seed: 3, pairs: 14, tokens: 12 });
    const sums = Array.from({ length: pairs }, (_, i) =>
      (chosen.logProbs.get('pi') ?? new Float64Array(0))
        .slice(chosen.offsets[i], chosen.offsets[i + 1])
        .reduce((a, b) => a + b),
    );
    expect(Math.min(...sums)).toBeLessThan(-2e3);
    expect(Math.max(...sums)).toBeGreaterThan(-1e-10);
    const lengths = Array.from(
      { length: pairs },
      (_, i) => (chosen.offsets[i + 1] ?? 0) - (chosen.offsets[i] ?? 0),
    );
    expect(lengths).toContain(1);
    const same = (side: typeof chosen, i: number): boolean =>
      String(side.logProbs.get('pi')?.slice(side.offsets[i], side.offsets[i + 1])) ===
      String(side.logProbs.get('ref')?.slice(side.offsets[i], side.offsets[i + 1]));
    expect(lengths.some((_, i) => same(chosen, i) && same(rejected, i))).toBe(true);
  });

  test('rows are normalised', () => {
    const { chosen, vocabulary } = sampleBatch({ seed: 5, pairs: 7, tokens: 4, vocabulary: 6 });
    const rows = chosen.rows.get('ref') ?? new Float64Array(0);
    for (let start = 0; start < rows.length; start += vocabulary) {
      const total = rows.slice(start, start + vocabulary).reduce((sum, x) => sum + Math.exp(x), 0);
      expect(Math.abs(total - 1)).toBeLessThan(1e-14);
    }
  });

  test.each(DOMAINS)('numbers that are %s are so', (is) => {
    const draw = random(11);
    const all = Array.from({ length: 200 }, () => sampleNumber(is, draw));
    const holds: Record<typeof is, (x: number) => boolean> = {
      real: Number.isFinite,
      positive: (x) => x > 0,
      nonnegative: (x) => x >= 0,
      unit: (x) => x >= 0 && x <= 1,
      'open-unit': (x) => x > 0 && x < 1,
      integer: Number.isInteger,
      boolean: (x) => x === 0 || x === 1,
    };
    expect(all.filter((x) => !holds[is](x))).toEqual([]);
    expect(new Set(all).size).toBeGreaterThan(1);
  });

  test.each([1e-9, 0.1, 0.5, 0.7, 0.99, 1, 2, 1e9])('the portable logarithm of %d', (x) => {
    expect(ulpDistance(portableLog(x), Math.log(x))).toBeLessThanOrEqual(4);
  });
});
