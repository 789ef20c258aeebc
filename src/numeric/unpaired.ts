/** A loss of which each response has its own part: what code without pairs computes response by response. */

import { occursFree } from '../expr/binder.ts';
import type { Expr } from '../expr/expr.ts';
import { add } from '../expr/expr.ts';
import { RESPONSE } from './gradient.ts';
import { terms } from './structure.ts';

/** The terms about the chosen response and those about the rejected one; undefined where a term is about both or neither. */
export function byResponse(loss: Expr): readonly [chosen: Expr, rejected: Expr] | undefined {
  const all = terms(loss);
  const chosen = all.filter((term) => !occursFree(term, RESPONSE.rejected));
  const rejected = all.filter((term) => !occursFree(term, RESPONSE.chosen));
  const isParted = chosen.length + rejected.length === all.length;
  return isParted && chosen.every((term) => !rejected.includes(term))
    ? [add(chosen), add(rejected)]
    : undefined;
}
