/** Whatever is rewritten by laws is proved equal; whatever is hard to follow at least never is refuted. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Declarations } from '../../src/expr/declare.ts';
import type { Expr } from '../../src/expr/expr.ts';
import { add, call, mul, sum, variable } from '../../src/expr/expr.ts';
import { size } from '../../src/expr/walk.ts';
import { decide } from '../../src/forms/decide.ts';
import { print } from '../../src/syntax/print.ts';
import { CORPUS } from '../corpus/corpus.ts';
import { statementOf } from '../corpus/statement.ts';
import { GROUND, groundExpressions, KINKED, runs, SMOOTH, sameInWorlds } from './ground.ts';
import { anyMoves, plainMoves, REWRITINGS, rewritten } from './rewriting.ts';

/** The answer, with the pair unless it is a proof: a failure shows what was not proved. */
function answerOf(a: Expr, b: Expr, declared: Declarations): string {
  const { answer } = decide(a, b, declared);
  return answer === 'proved' ? answer : `${answer}: ${print(a)} == ${print(b)}`;
}

describe('an expression and its rewriting', () => {
  test.each([
    ['smooth', SMOOTH, 6, 600],
    ['with kinks', KINKED, 4, 300],
  ] as const)('%s: proved', (_, language, most, count) => {
    fc.assert(
      fc.property(groundExpressions(language), plainMoves(most), (e, all) => {
        expect(answerOf(e, rewritten(e, all, GROUND), GROUND)).toBe('proved');
      }),
      runs(count),
    );
  });

  test.each([
    ['smooth', SMOOTH, 8, 300],
    ['with kinks', KINKED, 6, 200],
  ] as const)('%s, by any laws: never refuted', (_, language, most, count) => {
    fc.assert(
      fc.property(groundExpressions(language), anyMoves(most), (e, all) => {
        expect(answerOf(rewritten(e, all, GROUND), e, GROUND)).not.toMatch(/^refuted/);
      }),
      runs(count),
    );
  });
});

const [W, L] = [variable('w', 'response'), variable('l', 'response')];
const [T, S] = [variable('t', 'token'), variable('s', 'token')];

// Thousands of evaluations: a machine with other work takes minutes.
test('every rewriting keeps the value and gets used', { timeout: 240_000 }, () => {
  const used = new Set<string>();
  const language = { ...SMOOTH, functions: [...KINKED.functions, 'tanh' as const] };
  const doubleSum = (e: Expr): Expr =>
    sum(
      T,
      { kind: 'tokens', of: W },
      sum(S, { kind: 'tokens', of: L }, mul([e, call('softplus', [add([T, S])])])),
    );
  fc.assert(
    fc.property(groundExpressions(language), fc.boolean(), anyMoves(16), (single, twice, all) => {
      const e = twice ? doubleSum(single) : single;
      let here = e;
      for (const move of all) {
        const next = rewritten(here, [move], GROUND);
        if (next !== here) used.add(move.name);
        here = next;
      }
      return size(here) > 120 || sameInWorlds(e, here, GROUND, 1);
    }),
    // Always the same draw: which rewritings are used must not depend on luck.
    { numRuns: 2500, seed: 1 },
  );
  expect(Object.keys(REWRITINGS).filter((name) => !used.has(name))).toEqual([]);
});

test('a side of a published loss and its rewriting', () => {
  const rows = CORPUS.filter(
    ({ family, mode, hard }) =>
      hard !== true && mode === 'values' && ['losses', 'divergences'].includes(family),
  );
  const sides = rows.flatMap((row) => {
    const { a, b, declared } = statementOf(row);
    const parameters = {
      gamma: 'real',
      rho: 'real',
      ...declared.parameters,
      beta: 'positive',
      alpha: 'positive',
    };
    return [a, b].map((e) => ({ e, declared: { ...declared, parameters } as Declarations }));
  });
  fc.assert(
    fc.property(fc.constantFrom(...sides), plainMoves(4), ({ e, declared }, all) => {
      expect(answerOf(e, rewritten(e, all, declared), declared)).toBe('proved');
    }),
    runs(200),
  );
});
