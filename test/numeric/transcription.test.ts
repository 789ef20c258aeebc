/** Each loss of the catalogue against a transcription by hand, on arbitrary pairs: what fails shrinks to a small one. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shapeOf } from '../../src/numeric/batch.ts';
import { compareArrays } from '../../src/numeric/compare.ts';
import { compile } from '../../src/numeric/compile.ts';
import { TRANSCRIPTIONS } from '../../src/numeric/transcription/losses.ts';
import { expand } from '../../src/variant/expand.ts';
import { catalogue, loadVariant } from '../../src/variant/files.ts';
import type { Variant } from '../../src/variant/variant.ts';
import { pairOf } from './transcription/pair.ts';

function variantOf(id: string): Variant {
  const variant = loadVariant(id);
  if (variant.kind !== 'variant') throw new Error(JSON.stringify(variant));
  return variant;
}

test('every loss of the catalogue has a transcription, and every transcription a loss', () => {
  expect(Object.keys(TRANSCRIPTIONS).sort()).toEqual([...catalogue()]);
});

describe.each(Object.entries(TRANSCRIPTIONS))('%s', (id, reference) => {
  const variant = variantOf(id);
  const loss = expand(variant.loss, variant.definitions);

  test('is what the transcription gives wherever that is a number', () => {
    let compared = 0;
    fc.assert(
      fc.property(pairOf(variant), ({ pair, batch }) => {
        const parameters = new Map(Object.entries(pair.parameters));
        const kernel = compile(loss, shapeOf(batch), parameters);
        if (kernel.kind !== 'kernel') throw new Error(JSON.stringify(kernel));
        const ours = kernel.runBounded(batch);
        expect([...kernel.run(batch)]).toEqual([...ours.values]);
        const theirs = reference(pair.w, pair.l, pair.parameters, { ...pair.perPair, ...pair.perPrompt });
        const [own = Number.NaN, other = Number.NaN] = [ours.own[0], ours.other[0]];
        // Where the formula as written loses every digit, nothing can be said of what another computes.
        if (!Number.isFinite(theirs) || !Number.isFinite(other)) return;
        compared += 1;
        const tolerance = own + other;
        const found = compareArrays(
          ours.values,
          [theirs],
          () => tolerance,
          () => undefined,
        );
        if (!found.passed) {
          throw new Error(
            `the kernel gives ${ours.values[0]}, the transcription ${theirs}; rounding explains ${tolerance}`,
          );
        }
      }),
      { numRuns: 60 },
    );
    expect(compared).toBeGreaterThan(15);
  });
});
