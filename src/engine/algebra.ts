/** Steps by algebra: bringing one expression to another where they differ by ring operations only. */

import type { Declarations } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { sameUpToOrder } from '../expr/flat.ts';
import { isInteger } from '../expr/rational.ts';
import type { Path } from '../expr/walk.ts';
import { at, children } from '../expr/walk.ts';
import type { Step } from '../trace/trace.ts';
import { algebraStep, reached, rewriteAt, rowNamed } from './rewrite.ts';
import { looksAlgebraic, looksEqual } from './sample.ts';

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

const partnerOf = (e: Expr, wanted: readonly Expr[]): Expr | undefined =>
  wanted.find((other) => sameHead(other, e) && looksEqual(other, e));

/** Steps that turn the log-sigmoid or positive part at `path` into that of the opposite number, if that one is wanted. */
function turn(whole: Expr, path: Path, wanted: readonly Expr[], declared: Declarations): readonly Step[] {
  for (const row of TURNS) {
    const step = rewriteAt(whole, path, row, declared);
    if (step === undefined) continue;
    for (const [letter, place] of opaque(at(step.after, path) ?? step.after, path)) {
      const partner = partnerOf(letter, wanted);
      if (partner !== undefined) return [step, ...joinByAlgebra(step.after, place, partner, declared)];
    }
  }
  return [];
}
const TURNS = ['log-sigmoid-reflect', 'max-reflect'].map(rowNamed);

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
  if (isArithmetic(part) && looksAlgebraic(part, target)) return [algebraStep(whole, path, target)];
  const wanted = opaque(target).map(([e]) => e);
  for (const [letter, place] of opaque(part)) {
    if (wanted.some((e) => sameUpToOrder(e, letter))) continue;
    const partner = partnerOf(letter, wanted);
    if (partner !== undefined) steps.push(...joinByAlgebra(here(), [...path, ...place], partner, declared));
    else steps.push(...turn(here(), [...path, ...place], wanted, declared));
  }
  const now = at(here(), path);
  if (now === undefined || !sameUpToOrder(now, target)) steps.push(algebraStep(here(), path, target));
  return steps;
}
