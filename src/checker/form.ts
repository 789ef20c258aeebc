/** Well-formedness: every datum declared and given the right sorts, every index bound, no metavariable left. */

import type { Declarations } from '../expr/declare.ts';
import type { Apply, Expr, Sort, Var } from '../expr/expr.ts';
import { INDEX_SORT } from '../expr/expr.ts';
import { FUNCTIONS } from '../expr/function.ts';
import { children } from '../expr/walk.ts';
import type { Definition } from '../trace/trace.ts';
import type { FormFlaw, Reason } from './fault.ts';

export interface Shapes {
  /** The argument lists that each datum takes, by name. */
  readonly lists: ReadonlyMap<string, readonly (readonly Sort[])[]>;
  /** What was found to be well-formed outside all sums: steps share most of their expressions. */
  readonly sound: WeakSet<Expr>;
}

export function shapesOf({ data }: Declarations, definitions: readonly Definition[]): Shapes {
  const shapes = new Map(Object.entries(data).map(([name, datum]) => [name, datum.shapes]));
  for (const { lhs } of definitions) {
    if (lhs.kind !== 'apply') continue;
    const shape = lhs.args.flatMap((arg) => (arg.kind === 'var' ? [arg.sort] : []));
    const known = shapes.get(lhs.name) ?? [];
    if (!known.some((other) => other.join() === shape.join())) shapes.set(lhs.name, [...known, shape]);
  }
  return { lists: shapes, sound: new WeakSet() };
}

/** The first ill-formed part, undefined if there is none. Responses may be free; indices may not. */
export function illFormed(e: Expr, shapes: Shapes, bound: readonly Var[] = []): Reason | undefined {
  if (bound.length === 0 && shapes.sound.has(e)) return undefined;
  const why = flaw(e, shapes, bound);
  if (why !== undefined) return { kind: 'ill-formed', part: e, why };
  const inner = e.kind === 'sum' ? [...bound, e.index] : bound;
  for (const [i, part] of children(e).entries()) {
    // Only data, and the range of a sum, are about responses, vocabulary entries and prompts themselves.
    const asNumber = e.kind !== 'apply' && !(e.kind === 'sum' && e.range.kind === 'tokens' && i === 0);
    if (asNumber && part.kind === 'var' && part.sort !== 'token')
      return { kind: 'ill-formed', part: e, why: 'wrong-arguments' };
    const reason = illFormed(part, shapes, inner);
    if (reason !== undefined) return reason;
  }
  if (bound.length === 0) shapes.sound.add(e);
  return undefined;
}

function flaw(e: Expr, shapes: Shapes, bound: readonly Var[]): FormFlaw | undefined {
  switch (e.kind) {
    case 'sym':
      return misnamed(e.name);
    case 'var': {
      const binder = bound.findLast((v) => v.name === e.name);
      const fits =
        binder === undefined ? e.sort === 'response' || e.sort === 'prompt' : binder.sort === e.sort;
      return misnamed(e.name) ?? (fits ? undefined : 'unbound-index');
    }
    case 'apply':
      return misnamed(e.name) ?? misapplied(e, shapes.lists.get(e.name) ?? []);
    case 'call': {
      const { min, max = e.args.length } = FUNCTIONS[e.fn];
      return e.args.length >= min && e.args.length <= max ? undefined : 'wrong-arguments';
    }
    case 'sum': {
      const { index, range } = e;
      const isOverResponse =
        range.kind !== 'tokens' || (range.of.kind === 'var' && range.of.sort === 'response');
      const fits = isOverResponse && index.sort === INDEX_SORT[range.kind];
      return misnamed(index.name) ?? (fits ? undefined : 'wrong-arguments');
    }
    default:
      return undefined;
  }
}

function misnamed(name: string): FormFlaw | undefined {
  if (name.startsWith('_')) return 'metavariable';
  return /^[A-Za-z][A-Za-z0-9_]*$/.test(name) ? undefined : 'bad-name';
}

function misapplied({ args }: Apply, shapes: readonly (readonly Sort[])[]): FormFlaw | undefined {
  if (shapes.length === 0) return 'undeclared-data';
  const sortFits = (arg: Expr, sort: Sort | undefined): boolean =>
    arg.kind === 'var' ? arg.sort === sort : arg.kind === 'num' && sort === 'token';
  const fits = shapes.some(
    (shape) => shape.length === args.length && args.every((arg, i) => sortFits(arg, shape[i])),
  );
  return fits ? undefined : 'wrong-arguments';
}
