/**
 * Names for the long sums over tokens of one derivation, as an author introduces them: A(y) = sum_t ..., so that the
 * lines after it stay short. Only the page changes; the proof behind it has the sums in full.
 */

import { freeNames, same, substitute } from '../expr/binder.ts';
import type { Expr, Var } from '../expr/expr.ts';
import { apply, variable } from '../expr/expr.ts';
import { children, mapChildren, nodes, type Path } from '../expr/walk.ts';
import type { Trace } from '../trace/trace.ts';
import type { Definition, Variant } from '../variant/variant.ts';
import { arrange } from './arrange.ts';
import { width } from './display.ts';
import { remembered } from './remembered.ts';
import type { Statement } from './statement.ts';

export interface Abbreviation {
  /** The name at the generic response. */
  readonly head: Expr;
  readonly body: Expr;
}

const GENERIC = variable('y', 'response');
/** Beyond this width a line asks for names, and a sum deserves one. */
const LONG = { line: 66, sum: 12 } as const;
/** Letters that formulas of the framework leave free. */
const LETTERS = [...'ABCEFGHKMNPQSTUVW'];

/** The sums that get names: those of a single response, in lines that would be too long with them. */
export function abbreviationsOf(trace: Trace, { declared, definitions }: Variant): readonly Abbreviation[] {
  const shown = trace.stages.flatMap(({ steps, goal }) => [
    ...steps.filter(({ waypoint }) => waypoint).map(({ after }) => after),
    goal,
  ]);
  const bodies: Expr[] = [];
  for (const line of shown) {
    if (width(arrange(line)) <= LONG.line) continue;
    for (const sum of outermostSums(line)) {
      const body = generic(sum);
      if (body !== undefined && !bodies.some((known) => same(known, body))) bodies.push(body);
    }
  }
  const taken = new Set([
    ...[...Object.keys(declared.parameters), ...Object.keys(declared.data)].map((name) => name.slice(0, 1)),
    ...definitions.map(({ name }) => name.slice(0, 1)),
  ]);
  const letters = LETTERS.filter((letter) => !taken.has(letter));
  return bodies.flatMap((body): readonly Abbreviation[] => {
    const known = definitions.find((definition) => isBody(definition, body));
    const name = known?.name ?? letters.shift();
    return name === undefined ? [] : [{ head: apply(name, [GENERIC]), body }];
  });
}

/** Whether a file's own definition is this sum. */
function isBody({ params, body }: Definition, of: Expr): boolean {
  const [only] = params;
  if (only === undefined || params.length > 1 || only.sort !== 'response') return false;
  return same(substitute(body, [[only, GENERIC]]), of);
}

function outermostSums(e: Expr): readonly Expr[] {
  if (isTokenSum(e)) return width(arrange(e)) < LONG.sum ? [] : [e];
  return children(e).flatMap(outermostSums);
}

const isTokenSum = (e: Expr): boolean => e.kind === 'sum' && e.range.kind === 'tokens';

/** The same at the generic response; undefined where it is about no response or several. */
function generic(e: Expr): Expr | undefined {
  const response = onlyResponse(e);
  return response && substitute(e, [[response, GENERIC]]);
}

function onlyResponse(e: Expr): Var | undefined {
  const free = freeNames(e).filter((name): name is Var => name.kind === 'var');
  const [first, ...others] = free;
  return first?.sort === 'response' && others.length === 0 ? first : undefined;
}

/** `e` with names put in. */
export const abbreviate = (e: Expr, names: readonly Abbreviation[]): Expr =>
  names.length === 0 ? e : SHORTENERS(names)(e);

const SHORTENERS = remembered((names: readonly Abbreviation[]) =>
  remembered((e: Expr) => shortened(e, names)),
);

function shortened(e: Expr, names: readonly Abbreviation[]): Expr {
  if (!isTokenSum(e)) return mapChildren(e, (part) => abbreviate(part, names));
  const response = onlyResponse(e);
  const body = response && substitute(e, [[response, GENERIC]]);
  const known = body && names.find((name) => same(name.body, body));
  return response === undefined || known === undefined
    ? mapChildren(e, (part) => abbreviate(part, names))
    : substitute(known.head, [[GENERIC, response]]);
}

/** The same for a statement. */
export const abbreviateStatement = (statement: Statement, names: readonly Abbreviation[]): Statement =>
  statement.map((part) => (typeof part === 'object' && 'kind' in part ? abbreviate(part, names) : part));

/** The part of a path that survives where names stand for sums: it ends where it would enter one of them. */
export function abbreviatePath(path: Path, e: Expr, names: readonly Abbreviation[]): Path {
  const short = abbreviate(e, names);
  if (short === e) return path;
  let [before, after]: readonly (Expr | undefined)[] = [e, short];
  for (const [i, step] of path.entries()) {
    if (before === undefined || after === undefined || before.kind !== after.kind) return path.slice(0, i);
    [before, after] = [children(before)[step], children(after)[step]];
  }
  return path;
}

/** Which of the names occur. */
export const named = (e: Expr, names: readonly Abbreviation[]): readonly Abbreviation[] => {
  const heads = new Set([...nodes(e)].map(([node]) => (node.kind === 'apply' ? node.name : '')));
  return names.filter(({ head }) => head.kind === 'apply' && heads.has(head.name));
};
