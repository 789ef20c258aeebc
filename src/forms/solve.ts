/** When does a difference vanish? Exact conditions on hyper-parameters, and on lengths of responses. */

import { same } from '../expr/binder.ts';
import type { Declarations } from '../expr/declare.ts';
import { domainOf } from '../expr/declare.ts';
import type { Apply, Expr } from '../expr/expr.ts';
import { apply, num, pow, subtract } from '../expr/expr.ts';
import { nodes, rebuild, size, some } from '../expr/walk.ts';
import type { Alternative, Equation } from './alternative.ts';
import { compareLefts, contradicts, isParametric, replace, under } from './alternative.ts';
import { canonical } from './canonise.ts';
import { needs } from './definedness.ts';
import { withCanonical } from './granted.ts';
import { provesEqual } from './prove.ts';
import type { Unknowns } from './unknown.ts';
import { vanishes } from './vanish.ts';
import type { Asked, Found } from './vanishing.ts';
import { vanishing } from './vanishing.ts';

/** When two sides that differ are equal after all. */
export interface Conditions {
  /** On hyper-parameters, for all data; where there are none, on lengths of responses, for all other data. */
  readonly when: readonly Alternative[];
  /** On lengths too, beside those on hyper-parameters. */
  readonly whenData: readonly Alternative[];
  /** Whether the sides are equal for all data only under the conditions on hyper-parameters that are given. */
  readonly solved: boolean;
}
export const NOT_SOLVED: Conditions = { when: [], whenData: [], solved: false };

/** Two expressions that are to be equal. */
export type Pair = readonly [Expr, Expr];

const MOST_ALTERNATIVES = 12;
/** Beyond this many nodes nobody reads a condition, and finding one costs more than the decision. */
const LARGEST = 4000;
const MOST_STEPS = 150;

/** The conditions under which every pair is equal. Each alternative is substituted back and proved. */
export function conditions(pairs: readonly Pair[], declared: Declarations, budget: number): Conditions {
  const problem = problemOf(pairs, declared, budget);
  if (problem === undefined) return NOT_SOLVED;
  const { alternatives: parametric, complete } = checked(
    vanishing(problem.differences, declared, problem.asked('parameters')),
    problem,
  );
  const onLengths = conditionsOnLengths(problem).filter((one) => !isParametric(one));
  const data = distinct([...parametric, ...onLengths], declared, budget).filter((one) => !isParametric(one));
  return {
    when: parametric.length > 0 ? parametric : data,
    whenData: parametric.length > 0 ? data : [],
    solved: complete,
  };
}

/**
 * The alternatives under which a = b, empty where none was found. With `data`, conditions on lengths are
 * given where there is none on hyper-parameters.
 */
export function solve(
  a: Expr,
  b: Expr,
  declared: Declarations,
  budget: number,
  on: 'parameters' | 'data' = 'data',
): readonly Alternative[] {
  const { when } = conditions([[a, b]], declared, budget);
  return on === 'data' ? when : when.filter(isParametric);
}

interface Problem {
  readonly pairs: readonly Pair[];
  readonly differences: readonly Expr[];
  readonly declared: Declarations;
  readonly budget: number;
  readonly asked: (unknowns: Unknowns) => Asked;
}

function problemOf(pairs: readonly Pair[], declared: Declarations, budget: number): Problem | undefined {
  const differences = pairs.map(([a, b]) => subtract(a, b));
  if (differences.reduce((sum, e) => sum + size(e), 0) > LARGEST) return undefined;
  const ofParameters = differences
    .flatMap((e) => needs(e, declared))
    .filter(({ of }) => !some(of, ({ kind }) => kind === 'apply' || kind === 'var'));
  const asked = (unknowns: Unknowns): Asked => ({
    unknowns,
    data: 'all',
    purse: { steps: MOST_STEPS, operations: budget },
  });
  // Where one pair is defined for no data, nothing is said of the others.
  return {
    pairs,
    differences,
    declared: { ...declared, facts: [...declared.facts, ...ofParameters] },
    budget,
    asked,
  };
}

/** Lengths as unknowns; and responses of one token, over which sums have one term. */
function conditionsOnLengths(problem: Problem): readonly Alternative[] {
  const { differences, declared, asked } = problem;
  const lengths = lengthsIn(differences);
  if (lengths.length === 0 || lengths.length > MOST_LENGTHS) return [];
  const general = vanishing(differences, declared, asked('parameters and lengths'));
  const ones = lengths.map((left): Equation => ({ left, right: num(1) }));
  const single = subsets(ones).flatMap((these): readonly Alternative[] => {
    const found = vanishing(
      differences.map((e) => under(e, these, declared)),
      declared,
      asked('parameters'),
    );
    return found.alternatives.map((more) => [...these, ...more]);
  });
  return checked({ alternatives: [...general.alternatives, ...single], complete: false }, problem)
    .alternatives;
}
const MOST_LENGTHS = 3;

/** The lengths that occur, and those of responses whose tokens are summed over. */
function lengthsIn(exprs: readonly Expr[]): readonly Apply[] {
  const found: Apply[] = [];
  for (const e of exprs) {
    for (const [node] of nodes(e)) {
      const length =
        node.kind === 'sum' && node.range.kind === 'tokens' ? apply('len', [node.range.of]) : node;
      if (length.kind !== 'apply' || length.name !== 'len' || found.some((other) => same(other, length)))
        continue;
      const [of] = length.args;
      if (of?.kind === 'var' && of.sort === 'response') found.push(length);
    }
  }
  return found;
}

/** All non-empty subsets, small ones first. */
const subsets = <T>(of: readonly T[]): readonly (readonly T[])[] =>
  of
    .reduce<readonly (readonly T[])[]>((all, one) => all.concat(all.map((set) => set.concat(one))), [[]])
    .filter((set) => set.length > 0)
    .sort((a, b) => a.length - b.length);

/** The alternatives inside the domains, each proved; what fails its proof leaves the rest incomplete. */
function checked(found: Found, { pairs, declared, budget }: Problem): Found {
  const settled = distinct(
    found.alternatives
      .flatMap((one) => settle(one, declared, budget) ?? [])
      .filter((one) => !contradicts(one, declared, budget)),
    declared,
    budget,
  );
  const proves = (one: Alternative): boolean =>
    pairs.every((pair) => provesUnder(pair, one, declared, budget));
  const proved = withoutIdle(settled.filter(proves), proves, declared, budget);
  const few = proved.length <= MOST_ALTERNATIVES;
  return {
    alternatives: few ? proved : [],
    complete:
      found.complete &&
      few &&
      settled.every((one) => proved.some((other) => implies(one, other, declared, budget))),
  };
}

/** Where a hyper-parameter that is zero or one was told apart and its value does not matter, nothing is said of it. */
function withoutIdle(
  alternatives: readonly Alternative[],
  proves: (one: Alternative) => boolean,
  declared: Declarations,
  budget: number,
): readonly Alternative[] {
  const isSwitch = ({ left }: Equation): boolean =>
    left.kind === 'sym' && domainOf(declared, left.name) === 'boolean';
  if (!alternatives.some((one) => one.some(isSwitch))) return alternatives;
  const widened = alternatives.map((one) =>
    one.filter(isSwitch).reduce((kept, equation) => {
      const wider = kept.filter((other) => other !== equation);
      return proves(wider) ? wider : kept;
    }, one),
  );
  return distinct(widened, declared, budget);
}

/** Every right side free of the left sides, in canonical form. */
function settle(
  alternative: Alternative,
  declared: Declarations,
  budget: number,
): readonly [Alternative] | undefined {
  const settled: Equation[] = [];
  for (const { left, right } of [...alternative].reverse()) {
    const value = canonical(settled.reduce<Expr>(replace, right), declared, budget);
    if (value === undefined) return undefined;
    settled.unshift({ left, right: rebuild(value, rootWritten) });
  }
  return [settled.sort((one, other) => compareLefts(one.left, other.left))];
}

/** 2^(1/2) for exp(1/2 * log(2)). */
function rootWritten(e: Expr): Expr {
  const [exponent] = e.kind === 'call' && e.fn === 'exp' ? e.args : [];
  const [c, log, more] = exponent?.kind === 'mul' ? exponent.factors : [];
  if (c?.kind !== 'num' || log?.kind !== 'call' || log.fn !== 'log' || more !== undefined) return e;
  const [base] = log.args;
  return base?.kind === 'num' ? pow(base, c) : e;
}

const provesUnder = (
  [a, b]: Pair,
  alternative: Alternative,
  declared: Declarations,
  budget: number,
): boolean => provesEqual(under(a, alternative, declared), under(b, alternative, declared), declared, budget);

const implies = (a: Alternative, b: Alternative, declared: Declarations, budget: number): boolean =>
  b.every(
    ({ left, right }) =>
      withCanonical(a.reduce<Expr>(replace, subtract(left, right)), declared, budget, vanishes) ?? false,
  );

/** Without the alternatives that say more than an earlier one, or than another one altogether. */
function distinct(
  alternatives: readonly Alternative[],
  declared: Declarations,
  budget: number,
): readonly Alternative[] {
  return alternatives.filter(
    (one, i) =>
      !alternatives.some(
        (other, k) =>
          k !== i &&
          implies(one, other, declared, budget) &&
          (k < i || !implies(other, one, declared, budget)),
      ),
  );
}
