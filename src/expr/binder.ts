/** Variables and binders: what is free, alpha-equivalence, capture-avoiding substitution. */

import type { Expr, Sym, Var } from './expr.ts';
import { sum, variable } from './expr.ts';
import { sameRational } from './rational.ts';
import { children, mapChildren } from './walk.ts';

/** Hyper-parameters and variables live apart: a parameter `t` is never captured by an index `t`. */
const sameName = (a: Sym | Var, b: Sym | Var): boolean => a.kind === b.kind && a.name === b.name;

/** Whether `name` occurs free in `e`. */
export function occursFree(e: Expr, name: Sym | Var): boolean {
  if (e.kind === 'sym' || e.kind === 'var') return sameName(e, name);
  if (e.kind === 'sum') {
    const inRange = e.range.kind === 'tokens' && occursFree(e.range.of, name);
    return inRange || (!sameName(e.index, name) && occursFree(e.body, name));
  }
  return children(e).some((part) => occursFree(part, name));
}

/** The free hyper-parameters and variables, each once, in order of first occurrence. */
export function freeNames(e: Expr): readonly (Sym | Var)[] {
  const found: (Sym | Var)[] = [];
  const visit = (node: Expr, bound: readonly Var[]): void => {
    if (node.kind === 'sym' || node.kind === 'var') {
      const seen = (other: Sym | Var): boolean => sameName(other, node);
      if (!bound.some(seen) && !found.some(seen)) found.push(node);
    } else if (node.kind === 'sum') {
      if (node.range.kind === 'tokens') visit(node.range.of, bound);
      visit(node.body, [...bound, node.index]);
    } else {
      for (const part of children(node)) visit(part, bound);
    }
  };
  visit(e, []);
  return found;
}

/** Structural equality up to the names of bound indices. */
export function same(a: Expr, b: Expr): boolean {
  return sameUnder(a, b, []);
}

function sameUnder(a: Expr, b: Expr, bound: readonly (readonly [Var, Var])[]): boolean {
  if (a === b && bound.length === 0) return true;
  switch (a.kind) {
    case 'num':
      return b.kind === 'num' && sameRational(a.value, b.value);
    case 'sym':
      return b.kind === 'sym' && a.name === b.name;
    case 'var': {
      if (b.kind !== 'var' || a.sort !== b.sort) return false;
      // The innermost binder that binds either name decides.
      const pair = bound.findLast(([left, right]) => left.name === a.name || right.name === b.name);
      return pair === undefined ? a.name === b.name : pair[0].name === a.name && pair[1].name === b.name;
    }
    case 'apply':
      return b.kind === 'apply' && a.name === b.name && sameAll(a.args, b.args, bound);
    case 'call':
      return b.kind === 'call' && a.fn === b.fn && sameAll(a.args, b.args, bound);
    case 'sum':
      return (
        b.kind === 'sum' &&
        a.index.sort === b.index.sort &&
        a.range.kind === b.range.kind &&
        (a.range.kind !== 'tokens' ||
          (b.range.kind === 'tokens' && sameUnder(a.range.of, b.range.of, bound))) &&
        sameUnder(a.body, b.body, [...bound, [a.index, b.index]])
      );
    default:
      return a.kind === b.kind && sameAll(children(a), children(b), bound);
  }
}

function sameAll(a: readonly Expr[], b: readonly Expr[], bound: readonly (readonly [Var, Var])[]): boolean {
  return (
    a.length === b.length &&
    a.every((part, i) => {
      const other = b[i];
      return other !== undefined && sameUnder(part, other, bound);
    })
  );
}

/** A name derived from `name` that occurs free in none of `avoid`. */
export function freshName(index: Var, avoid: readonly Expr[]): Var {
  let candidate = index;
  for (let k = 1; avoid.some((e) => occursFree(e, candidate)); k++) {
    candidate = variable(`${index.name}_${k}`, index.sort);
  }
  return candidate;
}

/** What to put for which name. */
export type Replacement = readonly [name: Sym | Var, by: Expr];

/**
 * `e` with every free occurrence of each name replaced, all at once. Bound indices are renamed where
 * they would capture a variable of what is put in.
 */
export function substitute(e: Expr, replacements: readonly Replacement[]): Expr {
  if (replacements.length === 0) return e;
  if (e.kind === 'sym' || e.kind === 'var') {
    return replacements.find(([name]) => sameName(name, e))?.[1] ?? e;
  }
  if (e.kind !== 'sum') return mapChildren(e, (part) => substitute(part, replacements));

  const range =
    e.range.kind === 'tokens' ? { kind: e.range.kind, of: substitute(e.range.of, replacements) } : e.range;
  const inner = replacements.filter(([name]) => !sameName(name, e.index) && occursFree(e.body, name));
  const captures = inner.some(([, by]) => occursFree(by, e.index));
  const index = captures ? freshName(e.index, [e.body, ...inner.map(([, by]) => by)]) : e.index;
  const renaming: readonly Replacement[] = captures ? [[e.index, index]] : [];
  return sum(index, range, substitute(e.body, [...inner, ...renaming]));
}
