/** Matching a rule's side against an expression: every way it fits, up to the order of terms and factors. */

import { occursFree, same, substitute } from '../expr/binder.ts';
import type { Expr, Sum, Var } from '../expr/expr.ts';
import { add, mul, sum } from '../expr/expr.ts';
import { children } from '../expr/walk.ts';
import { isMetavariable } from '../rules/rule.ts';

export type Bindings = ReadonlyMap<string, Expr>;

const join = (kind: 'add' | 'mul', parts: readonly Expr[]): Expr | undefined =>
  parts.length <= 1 ? parts[0] : kind === 'add' ? add(parts) : mul(parts);

/** All bindings under which `pattern` is `e`, found one by one as they are asked for. */
export function* matches(pattern: Expr, e: Expr, bound: Bindings = new Map()): Generator<Bindings> {
  if ((pattern.kind === 'sym' || pattern.kind === 'var') && isMetavariable(pattern.name)) {
    const before = bound.get(pattern.name);
    const fits =
      before === undefined
        ? pattern.kind === 'sym' || (e.kind === 'var' && e.sort === pattern.sort)
        : same(before, e);
    if (fits) yield new Map(bound).set(pattern.name, e);
  } else if (pattern.kind === 'num' || pattern.kind === 'sym' || pattern.kind === 'var') {
    if (same(pattern, e)) yield bound;
  } else if (sameHead(pattern, e)) {
    if (pattern.kind === 'sum' && e.kind === 'sum' && !same(pattern.index, e.index)) {
      // The rule's letters are spoken of in the rule's own index.
      if (!occursFree(e.body, pattern.index)) yield* matches(pattern, reindexed(e, pattern.index), bound);
      return;
    }
    yield* pattern.kind === 'add' || pattern.kind === 'mul'
      ? inAnyOrder(pattern.kind, children(pattern), children(e), bound)
      : inOrder(children(pattern), children(e), bound);
  }
}

/** The first way in which `pattern` is `e`; undefined if there is none. */
export function match(pattern: Expr, e: Expr): Bindings | undefined {
  const [first] = matches(pattern, e);
  return first;
}

function sameHead(a: Expr, b: Expr): boolean {
  switch (a.kind) {
    case 'apply':
      return b.kind === 'apply' && a.name === b.name;
    case 'call':
      return b.kind === 'call' && a.fn === b.fn;
    case 'sum':
      return b.kind === 'sum' && a.range.kind === b.range.kind;
    default:
      return a.kind === b.kind;
  }
}

const reindexed = (e: Sum, index: Var): Expr => sum(index, e.range, substitute(e.body, [[e.index, index]]));

function* inOrder(patterns: readonly Expr[], parts: readonly Expr[], bound: Bindings): Generator<Bindings> {
  const [pattern, ...others] = patterns;
  const [part, ...rest] = parts;
  if (pattern === undefined || part === undefined) {
    if (patterns.length === parts.length) yield bound;
    return;
  }
  for (const now of matches(pattern, part, bound)) yield* inOrder(others, rest, now);
}

/** Patterns with structure first; of the lone metavariables each takes one part and the last takes what is left. */
function* inAnyOrder(
  kind: 'add' | 'mul',
  patterns: readonly Expr[],
  parts: readonly Expr[],
  bound: Bindings,
): Generator<Bindings> {
  const lone = (p: Expr): boolean => p.kind === 'sym' && isMetavariable(p.name) && !bound.has(p.name);
  const [pattern, ...others] = [...patterns].sort((p, q) => Number(lone(p)) - Number(lone(q)));
  if (pattern === undefined) {
    if (parts.length === 0) yield bound;
  } else if (others.length === 0) {
    const all = join(kind, parts);
    if (all !== undefined) yield* matches(pattern, all, bound);
  } else {
    for (const [i, part] of parts.entries()) {
      for (const now of matches(pattern, part, bound))
        yield* inAnyOrder(kind, others, parts.toSpliced(i, 1), now);
    }
  }
}
