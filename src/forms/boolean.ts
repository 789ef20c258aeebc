/**
 * Data that are zero or one, told apart. Such a datum k is a number with k^2 = k: beside one only k itself is an
 * independent function of it, and 1/k is defined in one case alone. What is no polynomial in k is a table of two rows.
 */

import { freeNames, same } from '../expr/binder.ts';
import type { Declarations, Fact } from '../expr/declare.ts';
import { datumOf } from '../expr/declare.ts';
import type { Apply, Expr, Var } from '../expr/expr.ts';
import { num } from '../expr/expr.ts';
import { isInteger } from '../expr/rational.ts';
import { children, mapChildren } from '../expr/walk.ts';
import { failsAlways } from './alternative.ts';
import { needs } from './definedness.ts';
import { isBound } from './leaf.ts';

/** Differences with some {0, 1} data put in; what is granted there, and what they need to be defined. */
export interface World {
  readonly differences: readonly Expr[];
  readonly granted: readonly Fact[];
  readonly needed: readonly Fact[];
}

const MOST_BOOLEANS = 4;

/**
 * The cases in which differences must vanish, without those in which one is defined nowhere: of every {0, 1} datum
 * that stands elsewhere than in sums, products and whole powers. Undefined where they are too many.
 */
export function worldsOf(differences: readonly Expr[], declared: Declarations): readonly World[] | undefined {
  const found: Apply[] = [];
  for (const e of differences) collect(e, declared, [], false, found);
  for (const { of } of declared.facts) collect(of, declared, [], true, found);
  if (found.length > MOST_BOOLEANS) return undefined;
  return rowsOf(found).flatMap((row): readonly World[] => {
    const put = (e: Expr): Expr => (row.length === 0 ? e : withValues(e, row));
    const there = differences.map(put);
    const granted = declared.facts.map(({ kind, of }): Fact => ({ kind, of: put(of) }));
    const needed = there.flatMap((e) => needs(e, declared));
    const empty = row.length > 0 && [...granted, ...needed].some((fact) => failsAlways(fact, declared));
    return empty ? [] : [{ differences: there, granted, needed }];
  });
}

const NEUTRAL: readonly Expr['kind'][] = ['add', 'mul', 'sum', 'freeze'];

/** {0, 1} data at no bound index, other than where all above them are sums, products and whole powers. */
function collect(
  e: Expr,
  declared: Declarations,
  bound: readonly Var[],
  hidden: boolean,
  found: Apply[],
): void {
  if (e.kind === 'apply') {
    const here = hidden && datumOf(declared, e.name)?.is === 'boolean' && !mentions(e, bound);
    if (here && !found.some((other) => same(other, e))) found.push(e);
    return;
  }
  const within = e.kind === 'sum' ? [...bound, e.index] : bound;
  const below = hidden || !(NEUTRAL.includes(e.kind) || (e.kind === 'pow' && isWhole(e.exponent)));
  for (const part of children(e)) collect(part, declared, within, below, found);
}

const isWhole = (e: Expr): boolean => e.kind === 'num' && isInteger(e.value) && e.value.n > 0n;

const mentions = (e: Apply, bound: readonly Var[]): boolean =>
  freeNames(e).some((v) => v.kind === 'var' && (isBound(v) || bound.some((index) => same(index, v))));

type Row = readonly (readonly [Apply, Expr])[];

const rowsOf = (data: readonly Apply[]): readonly Row[] =>
  data.reduce<readonly Row[]>(
    (rows, datum) => rows.flatMap((row) => [0, 1].map((value): Row => [...row, [datum, num(value)]])),
    [[]],
  );

/** `e` with data replaced where their arguments are free. */
function withValues(e: Expr, row: Row): Expr {
  if (e.kind === 'apply') return row.find(([datum]) => same(datum, e))?.[1] ?? e;
  const open = e.kind === 'sum' ? row.filter(([datum]) => !mentions(datum, [e.index])) : row;
  return open.length === 0 ? e : mapChildren(e, (part) => withValues(part, open));
}
