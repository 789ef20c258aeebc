/** Whatever is rewritten by laws is proved equal: values and gradients. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Declarations } from '../../src/expr/declare.ts';
import type { Expr } from '../../src/expr/expr.ts';
import { sym } from '../../src/expr/expr.ts';
import { decide } from '../../src/forms/decide.ts';
import { print } from '../../src/syntax/print.ts';
import { CORPUS } from '../corpus/corpus.ts';
import { statementOf } from '../corpus/statement.ts';
import { GROUND, groundExpressions, KINKED, runs, SMOOTH, sameInWorlds } from './ground.ts';
import { moves, REWRITINGS, rewritten } from './rewriting.ts';

const extra = fc.constantFrom('gamma', 'beta', 'rho').map(sym);
const positive = fc.constantFrom('beta', 'alpha').map(sym);

const pairOf = ([e, all]: readonly [Expr, Parameters<typeof rewritten>[1]]): readonly [Expr, Expr] => [
  e,
  rewritten(e, all, GROUND),
];
const answerOf = (a: Expr, b: Expr, declared: Declarations): string => {
  const { answer } = decide(a, b, declared);
  return answer === 'proved' ? answer : `${answer}: ${print(a)} == ${print(b)}`;
};

describe('random expressions', () => {
  test.each([
    ['smooth', SMOOTH, 6, 700],
    ['with kinks', KINKED, 4, 300],
  ] as const)('%s', (_, language, most, count) => {
    fc.assert(
      fc.property(fc.tuple(groundExpressions(language), moves(extra, positive, most)), (drawn) => {
        const [a, b] = pairOf(drawn);
        expect(answerOf(a, b, GROUND)).toBe('proved');
        expect(answerOf(b, a, GROUND)).toBe('proved');
      }),
      runs(count),
    );
  });
});

test('every rewriting keeps the value and gets used', () => {
  const used = new Set<string>();
  fc.assert(
    fc.property(groundExpressions({ ...SMOOTH, functions: KINKED.functions }), moves(extra, positive, 1), (e, all) => {
      const to = rewritten(e, all, GROUND);
      if (to !== e) for (const { name } of all) used.add(name);
      return sameInWorlds(e, to, GROUND, 3);
    }),
    { numRuns: 3000 },
  );
  expect(Object.keys(REWRITINGS).filter((name) => !used.has(name))).toEqual([]);
});

describe('sides of the corpus', () => {
  const rows = CORPUS.filter(({ family, mode, hard }) => !hard && mode === 'values' && ['losses', 'divergences', 'logistic', 'tokens'].includes(family));
  const statements = rows.map((row) => ({ row, ...statementOf(row) }));
  test('a side rewritten is the same side', () => {
    fc.assert(
      fc.property(fc.constantFrom(...statements), fc.boolean(), moves(extra, fc.constantFrom(sym('tau')), 4), (statement, first, all) => {
        const e = first ? statement.a : statement.b;
        const declared = { ...statement.declared, parameters: { ...statement.declared.parameters, tau: 'positive' as const } };
        expect(answerOf(e, rewritten(e, all, declared), declared)).toBe('proved');
      }),
      runs(300),
    );
  });
});
