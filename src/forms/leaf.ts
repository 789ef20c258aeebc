/** Leaves of canonical elements (hyper-parameters, indices, data): their names and their declared domains. */

import type { Declarations, Domain } from '../expr/declare.ts';
import { datumOf, domainOf } from '../expr/declare.ts';
import type { Apply, Expr, Range, Sym, Var } from '../expr/expr.ts';
import { INDEX_SORT, variable } from '../expr/expr.ts';
import { children } from '../expr/walk.ts';

export type Leaf = Sym | Var | Apply;

/** Names contain no quotes, blanks, brackets or commas, so different leaves have different names here. */
export function leafName(e: Expr): string {
  switch (e.kind) {
    case 'sym':
      return `'${e.name}`;
    case 'var':
      return `${e.sort} ${e.name}`;
    case 'num':
      return `${e.value.n}/${e.value.d}`;
    case 'apply':
      return `${e.name}(${e.args.map(leafName).join()})`;
    default:
      throw new TypeError(`not a leaf: ${e.kind}`);
  }
}

/** Bound indices are named #..., which no user's name can be. */
export const isBound = (v: Var): boolean => v.name.startsWith('#');

/**
 * The index of a sum in canonical form, by how many sums are nested in its body and by its range: what is
 * known of an index over the tokens of y says nothing about one over the tokens of w.
 */
export const indexAt = (level: number, range: Range): Var =>
  variable(`#${level}@${range.kind === 'tokens' ? leafName(range.of) : range.kind}`, INDEX_SORT[range.kind]);

export function boundInLeaf(e: Expr): readonly string[] {
  if (e.kind === 'var') return isBound(e) ? [e.name] : [];
  return e.kind === 'apply' ? e.args.flatMap(boundInLeaf) : [];
}

/** The declared domain of a leaf; an index is a positive integer. */
export function domainOfLeaf(declared: Declarations, leaf: Leaf): Domain {
  if (leaf.kind === 'sym') return domainOf(declared, leaf.name);
  if (leaf.kind === 'var') return 'positive';
  return datumOf(declared, leaf.name)?.is ?? 'real';
}

/** Whether a leaf is a probability, in (0, 1]. */
export const isProbability = (declared: Declarations, leaf: Leaf): boolean =>
  leaf.kind === 'apply' && (datumOf(declared, leaf.name)?.distribution ?? false);

/** How many sums are nested in an expression: an outer index is numbered above every inner one. */
export function nesting(e: Expr): number {
  let deepest = 0;
  for (const part of children(e)) deepest = Math.max(deepest, nesting(part));
  return e.kind === 'sum' ? deepest + 1 : deepest;
}

/** Whether a datum depends on the prompt without naming it among its arguments. */
export function hasHiddenPrompt(declared: Declarations, { name }: Apply): boolean {
  const datum = datumOf(declared, name);
  return datum?.prompt === true && !datum.shapes.some((shape) => shape.includes('prompt'));
}

/** The arguments as they were written: without the prompt that canonical form adds under sums over prompts. */
export const writtenArguments = (declared: Declarations, e: Apply): readonly Expr[] =>
  hasHiddenPrompt(declared, e)
    ? e.args.filter((arg) => !(arg.kind === 'var' && arg.sort === 'prompt'))
    : e.args;
