/** Comparison up to the grouping and order of terms and factors: sums and products are n-ary and unordered here. */

import type { Expr } from './expr.ts';
import { writeRational } from './rational.ts';
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

/** Whether two expressions are the same up to grouping and order of terms and factors, and names of bound indices. */
export const sameUpToOrder = (a: Expr, b: Expr): boolean => a === b || orderlessKey(a) === orderlessKey(b);

/** A text that expressions share if and only if they are the same in this sense. Found once for each expression. */
export function orderlessKey(e: Expr): string {
  const known = KEYS.get(e);
  if (known !== undefined) return known;
  const key = keyUnder(e, []);
  KEYS.set(e, key);
  return key;
}
const KEYS = new WeakMap<Expr, string>();

function keyUnder(e: Expr, bound: readonly string[]): string {
  const inner = (part: Expr): string => (bound.length === 0 ? orderlessKey(part) : keyUnder(part, bound));
  switch (e.kind) {
    case 'num':
      return writeRational(e.value);
    case 'sym':
      return `'${e.name}`;
    case 'var': {
      const k = bound.lastIndexOf(e.name);
      return `${e.sort}:${k < 0 ? e.name : k}`;
    }
    case 'add':
    case 'mul':
      return `${e.kind}(${merged(e, e.kind).map(inner).sort().join()})`;
    case 'sum': {
      const of = e.range.kind === 'tokens' ? inner(e.range.of) : '';
      return `sum(${e.range.kind} ${of},${keyUnder(e.body, [...bound, e.index.name])})`;
    }
    case 'apply':
      return `@${e.name}(${e.args.map(inner).join()})`;
    case 'call':
      return `${e.fn}(${e.args.map(inner).join()})`;
    default:
      return `${e.kind}(${children(e).map(inner).join()})`;
  }
}

/** The terms or factors of a nest of sums or products. */
const merged = (e: Expr, kind: 'add' | 'mul'): readonly Expr[] =>
  e.kind === kind ? children(e).flatMap((part) => merged(part, kind)) : [e];
