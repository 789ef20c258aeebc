/** Whatever is changed by a small mistake is not proved equal, unless it is equal after all; a refutation checks again. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide } from '../../src/forms/decide.ts';
import { verifyWitness } from '../../src/forms/verify.ts';
import { GROUND, groundExpressions, KINKED, runs, SMOOTH, sameInWorlds } from './ground.ts';
import { MUTATIONS, mutated, mutations } from './mistake.ts';
import { anyMoves, rewritten } from './rewriting.ts';
import { agreesAtWitness } from './witness-value.ts';

describe('a mistake is not proved', () => {
  test.each([
    ['smooth', SMOOTH, 700],
    ['with kinks', KINKED, 500],
  ] as const)('%s', (_, language, count) => {
    fc.assert(
      fc.property(groundExpressions(language), mutations, anyMoves(3), (e, mistake, moves) => {
        const a = rewritten(e, moves, GROUND);
        const b = mutated(e, mistake);
        if (b === undefined) return;
        const decision = decide(a, b, GROUND);
        if (decision.answer === 'proved') expect(sameInWorlds(a, b)).toBe(true);
        if (decision.answer === 'refuted') {
          expect(verifyWitness(a, b, GROUND, decision.witness)).toBe(true);
          expect(agreesAtWitness(a, b, decision.witness)).toBe(true);
        }
      }),
      runs(count),
    );
  });

  test('every kind of mistake gets made', () => {
    const made = new Set<string>();
    fc.assert(
      fc.property(groundExpressions({ ...SMOOTH, functions: KINKED.functions }), mutations, (e, mistake) => {
        if (mutated(e, mistake) !== undefined) made.add(mistake.name);
      }),
      { numRuns: 2000 },
    );
    expect(Object.keys(MUTATIONS).filter((name) => !made.has(name))).toEqual([]);
  });
});
