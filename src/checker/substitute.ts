/**
 * The checker's own substitution and comparison, written a second time on purpose: a mistake would have
 * to be made twice, in two different ways, to let a wrong step through.
 */

import type { Expr, Var } from '../expr/expr.ts';
import { sum, variable } from '../expr/expr.ts';
import { children, withChildren } from '../expr/walk.ts';

/**
 * `pattern` with its metavariables (names that begin with `_`) replaced; undefined if one is unbound.
 * A metavariable may stand for something that mentions an enclosing index of the pattern: whether it may
 * is the business of the rule's free-of conditions. An index metavariable must be bound to a variable.
 */
export function instantiate(pattern: Expr, bindings: ReadonlyMap<string, Expr>): Expr | undefined {
  if ((pattern.kind === 'sym' || pattern.kind === 'var') && pattern.name.startsWith('_')) {
    const value = bindings.get(pattern.name);
    const fits = pattern.kind === 'sym' || (value?.kind === 'var' && value.sort === pattern.sort);
    return fits ? value : undefined;
  }
  const parts: Expr[] = [];
  for (const part of children(pattern)) {
    const made = instantiate(part, bindings);
    if (made === undefined) return undefined;
    parts.push(made);
  }
  if (pattern.kind !== 'sum') return parts.length === 0 ? pattern : withChildren(pattern, parts);
  const index = instantiate(pattern.index, bindings);
  const made = withChildren(pattern, parts);
  return index?.kind === 'var' && made.kind === 'sum' ? sum(index, made.range, made.body) : undefined;
}

/** `e` with nested sums and products flattened and indices named by depth: the shape compared below. */
function normal(e: Expr, bound: readonly Var[]): Expr {
  if (e.kind === 'var') {
    const k = bound.findLastIndex((v) => v.name === e.name);
    return k < 0 ? e : variable(`#${k}`, e.sort);
  }
  if (e.kind === 'sum') {
    const range = e.range.kind === 'tokens' ? { kind: e.range.kind, of: normal(e.range.of, bound) } : e.range;
    const place = variable(`#${bound.length}`, e.index.sort);
    return sum(place, range, normal(e.body, [...bound, e.index]));
  }
  const parts = children(e).map((part) => normal(part, bound));
  if (parts.length === 0) return e;
  const flat =
    e.kind === 'add'
      ? parts.flatMap((part) => (part.kind === 'add' ? part.terms : [part]))
      : e.kind === 'mul'
        ? parts.flatMap((part) => (part.kind === 'mul' ? part.factors : [part]))
        : parts;
  return withChildren(e, flat);
}

/** A text that two normal trees share exactly when they are equal up to the order of terms and factors. */
function key(e: Expr): string {
  const parts = children(e).map(key);
  switch (e.kind) {
    case 'num':
      return `${e.value.n}/${e.value.d}`;
    case 'sym':
      return `'${e.name}`;
    case 'var':
      return `${e.sort}:${e.name}`;
    case 'apply':
      return `@${e.name}(${parts.join()})`;
    case 'call':
      return `${e.fn}(${parts.join()})`;
    case 'add':
    case 'mul':
      return `${e.kind}(${parts.sort().join()})`;
    case 'sum':
      return `sum[${e.index.sort} ${e.index.name} ${e.range.kind}](${parts.join()})`;
    default:
      return `${e.kind}(${parts.join()})`;
  }
}

/** What identifies an expression up to bound names and the grouping and order of terms and factors. */
export const identity = (e: Expr): string => key(normal(e, []));

export const alike = (a: Expr, b: Expr): boolean => a === b || identity(a) === identity(b);
