/** Applying rows: one rewriting at one place, and strategies made of such rewritings. */

import type { Replacement } from '../expr/binder.ts';
import { freeNames, substitute } from '../expr/binder.ts';
import type { Declarations } from '../expr/declare.ts';
import { datumOf } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { add, mul, variable } from '../expr/expr.ts';
import { flatten } from '../expr/flat.ts';
import type { Path } from '../expr/walk.ts';
import { at, children, rebuild, replaceAt } from '../expr/walk.ts';
import { RULES } from '../rules/index.ts';
import type { Condition } from '../rules/rule.ts';
import type { Step } from '../trace/trace.ts';
import type { Bindings } from './match.ts';
import { matches } from './match.ts';
import { isNonnegative, isPositive } from './sign.ts';

/** A named equation: a rule, a definition or a stage. */
export interface Row {
  readonly id: string;
  readonly lhs: Expr;
  readonly rhs: Expr;
  readonly where: readonly Condition[];
  /** Where the row is not to be used although it applies. */
  readonly unless?: (part: Expr) => boolean;
}

/** A row of the tables. Throws TypeError if there is none of that name. */
export function rowNamed(id: string): Row {
  const rule = RULES.get(id);
  if (rule === undefined) throw new TypeError(`no rule ${id}`);
  // A copy is plain data: searches look at the sides of every row again and again.
  return { ...rule };
}

/**
 * The instance of a pattern under bindings. Bound indices make way for variables that are put in; what is
 * put in for numbers may mention an index of the pattern, as the rules about sums mean it.
 */
function instance(pattern: Expr, bindings: Bindings): Expr {
  const variables = [...bindings].flatMap(([name, by]): Replacement[] =>
    by.kind === 'var' ? [[variable(name, by.sort), by]] : [],
  );
  return rebuild(substitute(pattern, variables), (node) =>
    node.kind === 'sym' ? (bindings.get(node.name) ?? node) : node,
  );
}

function holds(condition: Condition, bindings: Bindings, declared: Declarations): boolean {
  const of = instance(condition.of, bindings);
  switch (condition.kind) {
    case 'positive':
    case 'nonzero':
      return isPositive(of, declared);
    case 'nonnegative':
      return isNonnegative(of, declared);
    case 'integer':
      return false;
    case 'normalised':
      return true; // for the checker to judge: it knows what was proved
    case 'constant':
      return !enters('policy', of, declared);
    case 'prompt-free':
      return !enters('prompt', of, declared);
    case 'free-of':
      return !freeNames(of).some(({ kind, name }) => kind === 'var' && name === condition.index);
  }
}

/** Whether the policy's parameters, or the prompt, may enter; names that stand for something else are to be opened first. */
const enters = (cause: 'policy' | 'prompt', e: Expr, declared: Declarations): boolean =>
  e.kind === 'apply'
    ? (datumOf(declared, e.name)?.[cause] ?? true)
    : !(e.kind === 'freeze' && cause === 'policy') &&
      !(e.kind === 'sum' && e.range.kind === 'prompts' && cause === 'prompt') &&
      children(e).some((part) => enters(cause, part, declared));

function firstOf<T>(found: Iterable<T>, test: (one: T) => boolean): T | undefined {
  for (const one of found) if (test(one)) return one;
  return undefined;
}

/** One rewriting of `whole` at `path` by a row from left to right; undefined where it does not apply. */
export function rewriteAt(whole: Expr, path: Path, row: Row, declared: Declarations): Step | undefined {
  const part = at(whole, path);
  if (part === undefined || row.unless?.(part)) return undefined;
  const bindings = firstOf(matches(row.lhs, part), (found) =>
    row.where.every((condition) => holds(condition, found, declared)),
  );
  if (bindings === undefined) return undefined;
  const after = replaceAt(whole, path, instance(row.rhs, bindings));
  if (after === undefined) return undefined;
  return {
    rule: row.id,
    direction: 'forward',
    at: path,
    bindings: Object.fromEntries(bindings),
    after,
    waypoint: false,
  };
}

/** What is being rewritten by which rows; `settled` parts are those in which no row applies, wherever they stand. */
interface Search {
  readonly whole: Expr;
  readonly rows: readonly Row[];
  readonly declared: Declarations;
  readonly settled: WeakSet<Expr>;
}

/** The first rewriting by any of the rows, innermost and leftmost first; rows earlier in the list first. */
function rewriteFirst(search: Search, part: Expr, from: Path): Step | undefined {
  const { whole, rows, declared, settled } = search;
  if (settled.has(part)) return undefined;
  for (const [i, inner] of children(part).entries()) {
    const step = rewriteFirst(search, inner, [...from, i]);
    if (step !== undefined) return step;
  }
  for (const row of rows) {
    const step = headFits(row.lhs, part) ? rewriteAt(whole, from, row, declared) : undefined;
    if (step !== undefined) return step;
  }
  // No rule takes a sum over prompts apart: everything in it depends on the prompt.
  const apart = part.kind === 'sum' && part.range.kind !== 'prompts';
  const step = apart ? multipliedOut(whole, [...from, children(part).length - 1]) : undefined;
  if (step === undefined) settled.add(part);
  return step;
}

/** Whether a pattern may match by its outermost node. */
const headFits = (pattern: Expr, e: Expr): boolean =>
  pattern.kind === 'sym' ||
  (pattern.kind === e.kind &&
    (pattern.kind !== 'call' || e.kind !== 'call' || pattern.fn === e.fn) &&
    (pattern.kind !== 'apply' || e.kind !== 'apply' || pattern.name === e.name));

/** What a sum runs over, a product of sums, as a sum of products: rules about sums then take it apart. */
function multipliedOut(whole: Expr, path: Path): Step | undefined {
  const body = flatten(at(whole, path) ?? whole);
  const factors = body.kind === 'mul' ? body.factors : [];
  const k = factors.findIndex((factor) => factor.kind === 'add');
  const sum = factors[k];
  if (sum?.kind !== 'add') return undefined;
  return algebraStep(whole, path, add(sum.terms.map((term) => flatten(mul(factors.with(k, term))))));
}

/** The part at `path` replaced by what is equal to it by ring operations, as far as the caller knows. */
export const algebraStep = (whole: Expr, path: Path, to: Expr): Step => ({
  rule: 'algebra',
  direction: 'forward',
  at: path,
  bindings: {},
  after: replaceAt(whole, path, to) ?? whole,
  waypoint: false,
});

const MOST_STEPS = 2000;

/** Rewrites until no row applies. Stops after a bounded number of steps: the caller sees what was reached. */
export function exhaust(e: Expr, rows: readonly Row[], declared: Declarations): readonly Step[] {
  const steps: Step[] = [];
  const settled = new WeakSet<Expr>();
  let here = e;
  while (steps.length < MOST_STEPS) {
    const step = rewriteFirst({ whole: here, rows, declared, settled }, here, []);
    if (step === undefined) break;
    steps.push(step);
    here = step.after;
  }
  return steps;
}

/** Steps found for the part of `whole` at `path`, as steps of the whole. */
export const within = (whole: Expr, path: Path, steps: readonly Step[]): readonly Step[] =>
  steps.map((step) => ({
    ...step,
    at: [...path, ...step.at],
    after: replaceAt(whole, path, step.after) ?? whole,
  }));

export const reached = (start: Expr, steps: readonly Step[]): Expr => steps.at(-1)?.after ?? start;

/** The steps from where `steps` lead back to `start`. */
export function reversed(start: Expr, steps: readonly Step[]): readonly Step[] {
  return steps
    .map(
      (step, i): Step => ({
        ...step,
        direction: 'backward',
        after: i === 0 ? start : reached(start, steps.slice(0, i)),
      }),
    )
    .reverse();
}
