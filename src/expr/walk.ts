/** Looking into an expression: children, paths, rebuilding, measuring. Paths count children from 0. */

import type { Expr, Range } from './expr.ts';
import { add, apply, call, freeze, grad, mul, pow, sum } from './expr.ts';

/** A position in an expression: the child to take at each level. The empty path is the expression itself. */
export type Path = readonly number[];

const NONE: readonly Expr[] = Object.freeze([]);

/** The direct sub-expressions in order. A token sum has its response first, then its body. */
export function children(e: Expr): readonly Expr[] {
  switch (e.kind) {
    case 'num':
    case 'sym':
    case 'var':
      return NONE;
    case 'apply':
    case 'call':
      return e.args;
    case 'add':
      return e.terms;
    case 'mul':
      return e.factors;
    case 'pow':
      return [e.base, e.exponent];
    case 'sum':
      return e.range.kind === 'tokens' ? [e.range.of, e.body] : [e.body];
    case 'freeze':
    case 'grad':
      return [e.body];
  }
}

function child(parts: readonly Expr[], i: number): Expr {
  const part = parts[i];
  if (part === undefined) throw new RangeError(`expected a child at ${i}`);
  return part;
}

/** The same node over other children, as many as `children` gives. Throws RangeError if there are too few. */
export function withChildren(e: Expr, parts: readonly Expr[]): Expr {
  switch (e.kind) {
    case 'num':
    case 'sym':
    case 'var':
      return e;
    case 'apply':
      return apply(e.name, parts);
    case 'call':
      return call(e.fn, parts);
    case 'add':
      return add(parts);
    case 'mul':
      return mul(parts);
    case 'pow':
      return pow(child(parts, 0), child(parts, 1));
    case 'sum': {
      const range: Range = e.range.kind === 'tokens' ? { kind: 'tokens', of: child(parts, 0) } : e.range;
      return sum(e.index, range, child(parts, e.range.kind === 'tokens' ? 1 : 0));
    }
    case 'freeze':
      return freeze(child(parts, 0));
    case 'grad':
      return grad(child(parts, 0));
  }
}

/** Applies `f` to each child; gives back `e` itself when nothing changed, so that sharing survives. */
export function mapChildren(e: Expr, f: (part: Expr, index: number) => Expr): Expr {
  const parts = children(e);
  if (parts.length === 0) return e;
  let changed = false;
  const next = parts.map((part, i) => {
    const to = f(part, i);
    if (to !== part) changed = true;
    return to;
  });
  return changed ? withChildren(e, next) : e;
}

/** Rebuilds from the leaves up. `f` sees each node with its children already rebuilt. */
export function rebuild(e: Expr, f: (node: Expr) => Expr): Expr {
  return f(mapChildren(e, (part) => rebuild(part, f)));
}

/** The sub-expression at a path, undefined where the path leaves the tree. */
export function at(e: Expr, path: Path): Expr | undefined {
  let here: Expr | undefined = e;
  for (const step of path) {
    if (here === undefined) return undefined;
    here = children(here)[step];
  }
  return here;
}

/** `e` with the part at `path` replaced; undefined where the path leaves the tree. */
export function replaceAt(e: Expr, path: Path, part: Expr): Expr | undefined {
  const [head, ...rest] = path;
  if (head === undefined) return part;
  const parts = children(e);
  const old = parts[head];
  if (old === undefined) return undefined;
  const inner = replaceAt(old, rest, part);
  return inner === undefined ? undefined : withChildren(e, parts.with(head, inner));
}

/** Every sub-expression, outermost first, each with its path. */
export function* nodes(e: Expr, path: Path = []): Generator<readonly [Expr, Path]> {
  yield [e, path];
  let i = 0;
  for (const part of children(e)) yield* nodes(part, [...path, i++]);
}

/** Whether some sub-expression satisfies `test`. */
export function some(e: Expr, test: (node: Expr) => boolean): boolean {
  return test(e) || children(e).some((part) => some(part, test));
}

/** The number of nodes. */
export function size(e: Expr): number {
  let count = 1;
  for (const part of children(e)) count += size(part);
  return count;
}

/** The height of the tree, or `limit + 1` if it is higher: safe on trees too deep for recursion. */
export function depth(e: Expr, limit: number): number {
  let level: readonly Expr[] = [e];
  for (let height = 0; height <= limit; height++) {
    const next: Expr[] = [];
    for (const node of level) for (const part of children(node)) next.push(part);
    if (next.length === 0) return height + 1;
    level = next;
  }
  return limit + 1;
}
