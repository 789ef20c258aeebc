/** Marks the parts of a formula that differ from the line before, so that an output can set it off. */

import { same } from '../expr/binder.ts';
import type { Expr } from '../expr/expr.ts';
import { apply } from '../expr/expr.ts';
import type { Path } from '../expr/walk.ts';
import { at, children, rebuild, replaceAt, withChildren } from '../expr/walk.ts';
import { isReciprocal } from './spell.ts';

/** A name that no formula can have: what it is applied to is shown, and set off. */
const CHANGED = '#changed';

export const isMarked = (e: Expr): boolean => e.kind === 'apply' && e.name === CHANGED;

/** `after` with those of its parts marked that `before` does not have in their place; as it is where all of it is new. */
export function markChanges(before: Expr, after: Expr): Expr {
  const places = changes(before, after).map((path) => visible(after, path));
  const outermost = places.filter(
    (place, i) =>
      !places.some(
        (other, k) =>
          k !== i &&
          other.every((step, depth) => step === place[depth]) &&
          (other.length < place.length || k < i),
      ),
  );
  return outermost.reduce((e, place) => {
    const part = at(e, place);
    return part === undefined || place.length === 0 ? e : (replaceAt(e, place, apply(CHANGED, [part])) ?? e);
  }, after);
}

/** Where two formulas of one shape differ; a part of another shape is one difference. */
function changes(before: Expr, after: Expr, here: Path = []): readonly Path[] {
  if (same(before, after)) return [];
  const [old, parts] = [children(before), children(after)];
  const alike =
    before.kind === after.kind &&
    old.length === parts.length &&
    parts.length > 0 &&
    // The same node over the same children is the same: what is not named by its children must agree.
    same(withChildren(before, parts), after);
  if (!alike) return [here];
  return parts.flatMap((part, i) => changes(old[i] ?? part, part, [...here, i]));
}

/** Without marks. */
export const unmarked = (e: Expr): Expr =>
  rebuild(e, (node) => (isMarked(node) && node.kind === 'apply' ? (node.args[0] ?? node) : node));

/** The path, ended before an exponent and above a denominator: a box there would spoil the layout. */
function visible(e: Expr, path: Path): Path {
  for (let length = 0; length <= path.length; length++) {
    const part = at(e, path.slice(0, length));
    if (part === undefined) return path.slice(0, Math.max(0, length - 1));
    const isExponent = part.kind === 'pow' ? !isReciprocal(part) : part.kind === 'call' && part.fn === 'exp';
    if (isExponent) return path.slice(0, length);
    const isLast = length === path.length;
    const isUnder = isLast && (isReciprocal(part) || part.kind === 'num');
    if (isUnder) return path.slice(0, Math.max(0, length - 1));
    if (part.kind === 'sum' && part.range.kind === 'tokens' && path[length] === 0)
      return path.slice(0, length);
  }
  return path;
}
