/** Comparison up to the grouping and order of terms and factors: sums and products are n-ary and unordered here. */

import { same } from './binder.ts';
import type { Expr } from './expr.ts';
import { children, rebuild, withChildren } from './walk.ts';

/** Nested sums of terms and nested products merged into one; nothing else changes. */
export const flatten = (e: Expr): Expr =>
  rebuild(e, (node) => {
    if (node.kind === 'add' && node.terms.some((term) => term.kind === 'add')) {
      return withChildren(
        node,
        node.terms.flatMap((term) => (term.kind === 'add' ? term.terms : [term])),
      );
    }
    if (node.kind === 'mul' && node.factors.some((factor) => factor.kind === 'mul')) {
      return withChildren(
        node,
        node.factors.flatMap((factor) => (factor.kind === 'mul' ? factor.factors : [factor])),
      );
    }
    return node;
  });

/** Whether two expressions are the same up to grouping and order of terms and factors (outside sums over an index). */
export const sameUpToOrder = (a: Expr, b: Expr): boolean => unordered(flatten(a), flatten(b));

function unordered(a: Expr, b: Expr): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind || a.kind === 'sum') return same(a, b);
  const [left, right] = [children(a), children(b)];
  if (left.length === 0 || left.length !== right.length) return left.length === right.length && same(a, b);
  if (a.kind === 'call' && b.kind === 'call' && a.fn !== b.fn) return false;
  if (a.kind === 'apply' && b.kind === 'apply' && a.name !== b.name) return false;
  if (a.kind !== 'add' && a.kind !== 'mul') {
    return left.every((part, i) => {
      const other = right[i];
      return other !== undefined && unordered(part, other);
    });
  }
  // Sameness is an equivalence, so taking the first partner that fits never goes wrong.
  const free = [...right];
  return left.every((part) => {
    const k = free.findIndex((other) => unordered(part, other));
    if (k >= 0) free.splice(k, 1);
    return k >= 0;
  });
}
