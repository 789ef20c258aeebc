/** A row of the corpus as the decision procedure takes it: two expressions and what is granted. */

import type { Declarations } from '../../src/expr/declare.ts';
import { NOTHING_DECLARED } from '../../src/expr/declare.ts';
import type { Expr } from '../../src/expr/expr.ts';
import type { Decision } from '../../src/forms/decide.ts';
import { decide } from '../../src/forms/decide.ts';
import { decideGradients } from '../../src/forms/gradient.ts';
import { readAssumption, readDatum } from '../../src/syntax/assume.ts';
import { parse } from '../../src/syntax/parse.ts';
import type { Scope } from '../../src/syntax/scope.ts';
import { FORMULA_SCOPE } from '../../src/syntax/scope.ts';
import type { Row } from './corpus.ts';

export interface Statement {
  readonly a: Expr;
  readonly b: Expr;
  readonly declared: Declarations;
  readonly scope: Scope;
}

export function statementOf(row: Pick<Row, 'left' | 'right' | 'assume' | 'data'>): Statement {
  const withData = row.data.reduce((known, text) => readDatum(text, known), NOTHING_DECLARED);
  const declared = row.assume.reduce((known, text) => readAssumption(text, known), withData);
  const scope = { ...FORMULA_SCOPE, declared };
  return { a: parse(row.left, scope), b: parse(row.right, scope), declared, scope };
}

/** The decision in the mode that the row asks for. */
export const decideRow = (row: Row, { a, b, declared }: Statement = statementOf(row)): Decision =>
  (row.mode === 'gradients' ? decideGradients : decide)(a, b, declared);
