/** Steps by algebra: bringing one expression to another where they differ by ring operations only. */

import type { Declarations } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { sameUpToOrder } from '../expr/flat.ts';
import { isInteger } from '../expr/rational.ts';
import type { Path } from '../expr/walk.ts';
import { at, children, replaceAt } from '../expr/walk.ts';
import { provesEqual } from '../forms/decide.ts';
import type { Step } from '../trace/trace.ts';
import { reached } from './rewrite.ts';

const isArithmetic = (e: Expr): boolean =>
  e.kind === 'num' ||
  e.kind === 'add' ||
  e.kind === 'mul' ||
  (e.kind === 'pow' && e.exponent.kind === 'num' && isInteger(e.exponent.value));

/** The largest parts that algebra treats as letters, with their paths. */
function opaque(e: Expr, path: Path = []): readonly (readonly [Expr, Path])[] {
  if (!isArithmetic(e)) return [[e, path]];
  return children(e).flatMap((part, i) => (e.kind === 'pow' && i === 1 ? [] : opaque(part, [...path, i])));
}

const sameHead = (a: Expr, b: Expr): boolean =>
  a.kind === b.kind &&
  children(a).length === children(b).length &&
  (a.kind !== 'call' || (b.kind === 'call' && a.fn === b.fn)) &&
  (a.kind !== 'apply' || (b.kind === 'apply' && a.name === b.name));

export const algebraStep = (whole: Expr, path: Path, to: Expr): Step => ({
  rule: 'algebra',
  direction: 'forward',
  at: path,
  bindings: {},
  after: replaceAt(whole, path, to) ?? whole,
  waypoint: false,
});

/**
 * Steps that replace the part of `whole` at `path` by `target`, each by algebra at the smallest place:
 * the arguments of a function are brought together first, then the sums and products around it.
 * The caller has reason to believe the two equal; the checker will see whether they are.
 */
export function joinByAlgebra(
  whole: Expr,
  path: Path,
  target: Expr,
  declared: Declarations,
): readonly Step[] {
  const part = at(whole, path);
  if (part === undefined || sameUpToOrder(part, target)) return [];
  const steps: Step[] = [];
  const here = (): Expr => reached(whole, steps);
  if (!isArithmetic(part) && sameHead(part, target)) {
    for (const [i, to] of children(target).entries()) {
      steps.push(...joinByAlgebra(here(), [...path, i], to, declared));
    }
    return steps;
  }
  const wanted = opaque(target).map(([e]) => e);
  for (const [letter, place] of opaque(part)) {
    if (wanted.some((e) => sameUpToOrder(e, letter))) continue;
    const partner = wanted.find((e) => sameHead(e, letter) && provesEqual(e, letter, declared));
    if (partner !== undefined) steps.push(...joinByAlgebra(here(), [...path, ...place], partner, declared));
  }
  const now = at(here(), path);
  if (now === undefined || !sameUpToOrder(now, target)) steps.push(algebraStep(here(), path, target));
  return steps;
}
