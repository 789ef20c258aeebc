/** What is decided by all systems: expressible rows of the corpus, and regroupings of long sums. */

import { NOTHING_DECLARED } from '../src/expr/declare.ts';
import type { Expr } from '../src/expr/expr.ts';
import { add, minus, mul, subtract, sym } from '../src/expr/expr.ts';
import type { Row } from '../test/corpus/corpus.ts';
import { CORPUS } from '../test/corpus/corpus.ts';
import type { Statement } from '../test/corpus/statement.ts';
import { statementOf } from '../test/corpus/statement.ts';
import type { Translation } from './dialect.ts';
import { translate } from './dialect.ts';

export interface Task {
  readonly id: string;
  readonly truth: 'equal' | 'different';
  readonly statement: Pick<Statement, 'a' | 'b' | 'declared'>;
  readonly translation: Translation;
  /** `expand` suffices for it: systems need not try more. */
  readonly polynomial: boolean;
}

/** The row as a task for all; undefined where it is not for all to express. */
export function taskOf(row: Row): Task | undefined {
  if (row.mode !== 'values') return undefined;
  const statement = statementOf(row);
  const { a, b, declared } = statement;
  const translation = declared.facts.length > 0 ? undefined : translate(a, b, declared);
  return translation && { id: row.id, truth: row.answer, statement, translation, polynomial: false };
}

/** The corpus rows that all systems can express: no sums, stop-gradients, indicators or assumptions beyond domains. */
export const corpusTasks = (): readonly Task[] => CORPUS.flatMap((row) => taskOf(row) ?? []);

/**
 * A token-weighted log-ratio sum over n explicit tokens, sum m_i (a_i - b_i), against sum m_i a_i - sum m_i b_i
 * in other orders; or, `different`, with one weight taken from the wrong token.
 */
export function regrouping(n: number, truth: Task['truth']): Task {
  const all = Array.from({ length: n }, (_, i) => i);
  const turned = (step: number): readonly number[] => all.map((i) => (i * step + 7) % n);
  const [m, a, b] = (['m', 'a', 'b'] as const).map(
    (letter) =>
      (i: number): Expr =>
        sym(`${letter}${i}`),
  ) as [(i: number) => Expr, (i: number) => Expr, (i: number) => Expr];
  const wrong = (i: number): number => (truth === 'different' && i === n >> 1 ? (i + 1) % n : i);
  const left = add(all.map((i) => mul([m(i), subtract(a(i), b(i))])));
  const right = add([
    ...turned(5).map((i) => mul([a(i), m(i)])),
    ...turned(3).map((i) => minus(mul([m(wrong(i)), b(i)]))),
  ]);
  const statement = { a: left, b: right, declared: NOTHING_DECLARED };
  const translation = translate(left, right, NOTHING_DECLARED);
  if (translation === undefined) throw new TypeError('a polynomial is expressible');
  return { id: `regroup-${n}-${truth}`, truth, statement, translation, polynomial: true };
}
