/**
 * The checker's own substitution and comparison, written a second time on purpose: a mistake would have
 * to be made twice, in two different ways, to let a wrong step through.
 */

import type { Expr, Sym, Var } from '../expr/expr.ts';
import { sum, variable } from '../expr/expr.ts';
import { children, withChildren } from '../expr/walk.ts';

export const isMetavariable = ({ name }: Sym | Var): boolean => name.startsWith('_');

/**
 * `pattern` with its metavariables (names that begin with `_`) replaced; undefined if one is unbound, or
 * bound to another sort. What is put in may mention an index of the pattern: whether it may is guarded in
 * the rule tables by free-of conditions, and impossible in definitions (see `canonical`).
 */
export function instantiate(pattern: Expr, bindings: ReadonlyMap<string, Expr>): Expr | undefined {
  if ((pattern.kind === 'sym' || pattern.kind === 'var') && isMetavariable(pattern)) {
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
  return parts.length === 0 ? pattern : withChildren(pattern, parts);
}

/** The names that occur free, once for each occurrence. */
export function free(e: Expr): readonly (Sym | Var)[] {
  if (e.kind === 'sym' || e.kind === 'var') return [e];
  if (e.kind !== 'sum') return children(e).flatMap(free);
  const inBody = free(e.body).filter((v) => v.kind === 'sym' || v.name !== e.index.name);
  return e.range.kind === 'tokens' ? [...free(e.range.of), ...inBody] : inBody;
}

/** Whether a variable of this name occurs free. */
export const mentions = (e: Expr, name: string): boolean =>
  free(e).some((v) => v.kind === 'var' && v.name === name);

/** `e` with a free response turned into a metavariable, so that it stands for any response. */
export function schematic(e: Expr, name: string): Expr {
  if (e.kind === 'var') return e.name === name && e.sort === 'response' ? variable(`_${name}`, e.sort) : e;
  const parts = children(e);
  if (parts.length === 0) return e;
  const shadows = e.kind === 'sum' && e.index.name === name;
  return withChildren(
    e,
    parts.map((part, i) => (shadows && i === parts.length - 1 ? part : schematic(part, name))),
  );
}

/**
 * `e` with nested sums and products flattened and indices named by depth: the shape compared below. Its
 * indices are no names that a trace may use, so nothing that is put into it can be captured.
 */
export const canonical = (e: Expr): Expr => normal(e, []);

/** Expressions never change, so that what was found of a part without bound indices holds wherever it stands. */
function remembered<T>(found: WeakMap<Expr, T>, e: Expr, find: (e: Expr) => T): T {
  const known = found.get(e);
  if (known !== undefined) return known;
  const made = find(e);
  found.set(e, made);
  return made;
}
const [SHAPES, KEYS] = [new WeakMap<Expr, Expr>(), new WeakMap<Expr, string>()];

const normal = (e: Expr, bound: readonly Var[]): Expr =>
  bound.length === 0 ? remembered(SHAPES, e, (whole) => shape(whole, bound)) : shape(e, bound);

function shape(e: Expr, bound: readonly Var[]): Expr {
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
  const merged = e.kind === 'add' || e.kind === 'mul';
  return withChildren(e, merged ? parts.flatMap((p) => (p.kind === e.kind ? children(p) : [p])) : parts);
}

/** A text that two canonical trees share exactly when they are equal up to the order of terms and factors. */
const key = (e: Expr): string => remembered(KEYS, e, spell);
function spell(e: Expr): string {
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
      return `sum[${e.index.name} ${e.range.kind}](${parts.join()})`;
    default:
      return `${e.kind}(${parts.join()})`;
  }
}

/**
 * What identifies an expression up to bound names and the grouping and order of terms and factors. Faithful
 * for names made of letters, digits and underscores: `illFormed` refuses any other.
 */
export const identity = (e: Expr): string => key(canonical(e));

export const alike = (a: Expr, b: Expr): boolean => a === b || twins(a, b) || identity(a) === identity(b);

/** Whether two expressions have one head and parts that are alike in turn: most of a step's result is what it was. */
function twins(a: Expr, b: Expr): boolean {
  if (a.kind === 'call' ? b.kind !== 'call' || a.fn !== b.fn : a.kind !== b.kind) return false;
  if (a.kind === 'sum' && b.kind === 'sum') {
    if (a.range.kind !== b.range.kind || a.index.name !== b.index.name) return false;
  } else if (!['add', 'mul', 'pow', 'call'].includes(a.kind)) return false;
  const [left, right] = [children(a), children(b)];
  return (
    left.length === right.length &&
    left.every((part, i) => {
      const other = right[i];
      return other !== undefined && alike(part, other);
    })
  );
}
