/** Arguments of data: a response, a token position, a vocabulary entry or the prompt. */

import type { Expr, Sort } from '../expr/expr.ts';
import { num } from '../expr/expr.ts';
import { isInteger } from '../expr/rational.ts';
import { refuse } from './fault.ts';
import type { Tree } from './grammar.ts';
import type { Reading } from './node.ts';
import { look, spanOf } from './node.ts';
import type { Names } from './scope.ts';
import { variableNamed } from './scope.ts';
import { literal } from './token.ts';

/** Reads an argument of this sort: a name, or the number of a token (1-based). Throws FormulaError. */
export function argument(reading: Reading, names: Names, node: Tree, expected: Sort): Expr {
  const seen = look(reading, node);
  if (seen.kind === 'leaf' && seen.token.kind === 'name') return variableNamed(names, seen.token, expected);
  const span = spanOf(reading, node);
  if (seen.kind === 'leaf' && expected === 'token') {
    const value = literal(seen.token);
    if (isInteger(value) && value.n > 0n) return num(value);
    refuse(span, { kind: 'token-number', text: seen.token.text });
  }
  return refuse(span, { kind: 'name-expected', expected });
}
