/** A loss of which each response has its own part: what code without pairs computes response by response. */

import { occursFree } from '../expr/binder.ts';
import type { Expr } from '../expr/expr.ts';
import { add } from '../expr/expr.ts';
import { RESPONSE } from './gradient.ts';

/**
 * The terms about the chosen response and those about the rejected one, grouped as they are written; undefined
 * where a term is about both or neither.
 */
export function byResponse(loss: Expr): readonly [chosen: Expr, rejected: Expr] | undefined {
  const chosen: Expr[] = [];
  const rejected: Expr[] = [];
  const sort = (e: Expr): boolean => {
    const [ofChosen, ofRejected] = [occursFree(e, RESPONSE.chosen), occursFree(e, RESPONSE.rejected)];
    if (ofChosen && ofRejected) return e.kind === 'add' && e.terms.every(sort);
    if (ofChosen) chosen.push(e);
    else rejected.push(e);
    return ofChosen || ofRejected;
  };
  return sort(loss) ? [add(chosen), add(rejected)] : undefined;
}
