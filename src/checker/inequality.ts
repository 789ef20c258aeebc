/** What the one lemma needs: in which direction a whole moves with a part of it, and what sums to one. */

import type { Declarations } from '../expr/declare.ts';
import { datumOf } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { apply, num, sum, variable } from '../expr/expr.ts';
import type { Path } from '../expr/walk.ts';
import { children } from '../expr/walk.ts';
import type { Granted } from './condition.ts';
import { follows } from './condition.ts';
import { alike, mentions } from './substitute.ts';

type Monotony = 'rising' | 'falling' | undefined;
const turned = (m: Monotony): Monotony =>
  m === 'rising' ? 'falling' : m === 'falling' ? 'rising' : undefined;

/** Whether `e` rises or falls with its part at `path`: through sums and products with factors of known sign. */
export function monotony(e: Expr, path: Path, granted: Granted, bound: readonly string[] = []): Monotony {
  const [head, ...rest] = path;
  if (head === undefined) return 'rising';
  const part = children(e)[head];
  if (part === undefined) return undefined;
  if (e.kind === 'add') return monotony(part, rest, granted, bound);
  if (e.kind === 'sum') {
    const inBody = head === children(e).length - 1;
    return inBody ? monotony(part, rest, granted, [...bound, e.index.name]) : undefined;
  }
  if (e.kind !== 'mul') return undefined;
  let result = monotony(part, rest, granted, bound);
  for (const [i, factor] of e.factors.entries()) {
    if (i === head || follows({ kind: 'nonnegative', of: factor }, granted, bound)) continue;
    const negative = factor.kind === 'num' && factor.value.n < 0n;
    result = negative ? turned(result) : undefined;
  }
  return result;
}

/** Whether an expression is a distribution over the response `index` by declaration. */
export const isDistribution = (of: Expr, index: string, declared: Declarations): boolean =>
  of.kind === 'apply' &&
  datumOf(declared, of.name)?.distribution === true &&
  alike(of, apply(of.name, [variable(index, 'response')]));

/**
 * Whether an equation says that an expression in the response `index` sums to one. What is proved of a
 * particular response says nothing where a sum (`bound`) binds its name.
 */
export function totalsOne(
  of: Expr,
  index: string,
  proved: { readonly lhs: Expr; readonly rhs: Expr } | undefined,
  bound: readonly string[],
): boolean {
  const total = sum(variable(index, 'response'), { kind: 'responses' }, of);
  if (proved === undefined || bound.some((name) => mentions(total, name))) return false;
  return alike(proved.lhs, total) && alike(proved.rhs, num(1));
}
