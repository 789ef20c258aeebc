/** Well-formedness: every datum declared and given the right sorts, every index bound, no metavariable left. */

import type { Declarations } from '../expr/declare.ts';
import { datumOf } from '../expr/declare.ts';
import type { Apply, Expr, Var } from '../expr/expr.ts';
import { children } from '../expr/walk.ts';
import type { Definition } from '../trace/trace.ts';
import type { Reason } from './fault.ts';

/** The first ill-formed part, undefined if there is none. Responses may be free; indices may not. */
export function illFormed(
  e: Expr,
  declared: Declarations,
  definitions: readonly Definition[],
  bound: readonly Var[] = [],
): Reason | undefined {
  if ((e.kind === 'sym' || e.kind === 'var') && e.name.startsWith('_'))
    return { kind: 'ill-formed', part: e, why: 'metavariable' };
  if (e.kind === 'var' && (e.sort === 'token' || e.sort === 'vocab')) {
    const known = bound.some((v) => v.name === e.name && v.sort === e.sort);
    if (!known) return { kind: 'ill-formed', part: e, why: 'unbound-index' };
  }
  if (e.kind === 'apply') {
    const why = misapplied(e, declared, definitions);
    if (why !== undefined) return { kind: 'ill-formed', part: e, why };
  }
  const inner = e.kind === 'sum' ? [...bound, e.index] : bound;
  for (const part of children(e)) {
    const reason = illFormed(part, declared, definitions, inner);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function misapplied(
  e: Apply,
  declared: Declarations,
  definitions: readonly Definition[],
): 'undeclared-data' | 'wrong-arguments' | undefined {
  const sortFits = (arg: Expr, sort: string): boolean =>
    arg.kind === 'var' ? arg.sort === sort : arg.kind === 'num' && sort === 'token';
  const shapes = [
    ...(datumOf(declared, e.name)?.shapes ?? []),
    ...definitions.flatMap(({ lhs }) =>
      lhs.kind === 'apply' && lhs.name === e.name
        ? [lhs.args.map((arg) => (arg.kind === 'var' ? arg.sort : 'response'))]
        : [],
    ),
  ];
  if (shapes.length === 0) return 'undeclared-data';
  const fits = shapes.some(
    (shape) => shape.length === e.args.length && e.args.every((arg, i) => sortFits(arg, shape[i] ?? '')),
  );
  return fits ? undefined : 'wrong-arguments';
}
