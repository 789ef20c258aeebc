/** Matching a rule's side against an expression: up to the order of terms and factors, first match wins. */

import { same } from '../expr/binder.ts';
import type { Expr } from '../expr/expr.ts';
import { add, mul } from '../expr/expr.ts';
import { children } from '../expr/walk.ts';
import { isMetavariable } from '../rules/rule.ts';

export type Bindings = ReadonlyMap<string, Expr>;

const join = (kind: 'add' | 'mul', parts: readonly Expr[]): Expr | undefined =>
  parts.length <= 1 ? parts[0] : kind === 'add' ? add(parts) : mul(parts);

/** Bindings under which `pattern` is `e`; undefined if there are none. */
export function match(pattern: Expr, e: Expr, bound: Bindings = new Map()): Bindings | undefined {
  if ((pattern.kind === 'sym' || pattern.kind === 'var') && isMetavariable(pattern.name)) {
    const before = bound.get(pattern.name);
    if (before !== undefined) return same(before, e) ? bound : undefined;
    const fits = pattern.kind === 'sym' || (e.kind === 'var' && e.sort === pattern.sort);
    return fits ? new Map(bound).set(pattern.name, e) : undefined;
  }
  if (pattern.kind !== e.kind) return undefined;
  switch (pattern.kind) {
    case 'num':
    case 'sym':
    case 'var':
      return same(pattern, e) ? bound : undefined;
    case 'add':
    case 'mul':
      return matchUnordered(pattern.kind, children(pattern), children(e), bound);
    case 'sum': {
      if (e.kind !== 'sum' || pattern.range.kind !== e.range.kind) return undefined;
      const withIndex = match(pattern.index, e.index, bound);
      return withIndex === undefined ? undefined : matchInOrder(children(pattern), children(e), withIndex);
    }
    default: {
      const sameHead =
        (pattern.kind === 'call' && e.kind === 'call' && pattern.fn === e.fn) ||
        (pattern.kind === 'apply' && e.kind === 'apply' && pattern.name === e.name) ||
        pattern.kind === 'pow' ||
        pattern.kind === 'freeze';
      return sameHead ? matchInOrder(children(pattern), children(e), bound) : undefined;
    }
  }
}

function matchInOrder(
  patterns: readonly Expr[],
  parts: readonly Expr[],
  bound: Bindings,
): Bindings | undefined {
  if (patterns.length !== parts.length) return undefined;
  let now: Bindings | undefined = bound;
  for (const [i, pattern] of patterns.entries()) {
    const part = parts[i];
    now = now === undefined || part === undefined ? undefined : match(pattern, part, now);
  }
  return now;
}

/** Patterns with structure first; of the lone metavariables each takes one part and the last takes what is left. */
function matchUnordered(
  kind: 'add' | 'mul',
  patterns: readonly Expr[],
  parts: readonly Expr[],
  bound: Bindings,
): Bindings | undefined {
  const lone = (p: Expr): boolean => p.kind === 'sym' && isMetavariable(p.name) && !bound.has(p.name);
  const [pattern, ...others] = [...patterns].sort((p, q) => Number(lone(p)) - Number(lone(q)));
  if (pattern === undefined) return parts.length === 0 ? bound : undefined;
  if (others.length === 0) {
    const all = join(kind, parts);
    return all === undefined ? undefined : match(pattern, all, bound);
  }
  for (const [i, part] of parts.entries()) {
    const now = match(pattern, part, bound);
    const found = now === undefined ? undefined : matchUnordered(kind, others, parts.toSpliced(i, 1), now);
    if (found !== undefined) return found;
  }
  return undefined;
}
