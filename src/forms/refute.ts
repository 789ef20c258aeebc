/** The search for a counterexample: readable points first, then drawn ones, then more digits; then shrinking. */

import type { Declarations, Fact } from '../expr/declare.ts';
import { datumOf } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import type { Rational } from '../expr/rational.ts';
import { sameRational } from '../expr/rational.ts';
import type { Random } from './dial.ts';
import { landmarks, seeded } from './dial.ts';
import type { Effort, Judgement } from './enclose.ts';
import { areApart, compareOutcomes, QUICK, THOROUGH } from './enclose.ts';
import type { Arithmetic, Outcome } from './interval.ts';
import type { Layout, Point } from './point.ts';
import { draw, layout, valuesAt } from './point.ts';
import type { Program, Size } from './program.ts';
import { compile, sizeOf } from './program.ts';
import type { Space } from './space.ts';
import { spaces } from './space.ts';
import { relevantFacts, survey } from './survey.ts';
import type { Witness } from './witness.ts';
import { disjoint, witnessAt } from './witness.ts';

/** When to give up. */
export interface Budget {
  /** Points tried in double precision. */
  readonly points: number;
  /** Interval operations in all, in units of one double operation; about 50 ns each. */
  readonly operations: number;
}
export const BUDGET: Budget = { points: 240, operations: 5_000_000 };

/** Points tried in one space before the next one, unless there are few spaces. */
const ROUNDS = 24;
/** Points examined with more digits, at each precision. */
const SUSPECTS = [4, 2, 1] as const;

/** A laid out search in one space. */
interface Field {
  readonly space: Space;
  readonly program: Program;
  readonly size: Size;
  readonly made: Layout;
  readonly facts: readonly Fact[];
}
interface Suspect {
  readonly field: Field;
  readonly point: Point;
}

/**
 * A point at which both sides are surely defined and their enclosures disjoint, inside all declared domains
 * and facts; undefined if none was found within the budget, which proves nothing. The same call gives
 * the same witness. Points where only definedness differs are not counterexamples here.
 */
export function refute(
  a: Expr,
  b: Expr,
  declared: Declarations,
  budget: Budget = BUDGET,
): Witness | undefined {
  const facts = relevantFacts([a, b], declared.facts);
  const exprs = [a, b, ...facts.map(({ of }) => of)];
  const found = survey(exprs);
  const extra = landmarks(found.literals);
  const isDistribution = (name: string): boolean => datumOf(declared, name)?.distribution === true;
  const purse = { points: budget.points, operations: budget.operations };
  const random = seeded(1);
  const suspects: Suspect[] = [];

  const tried = spaces(found, isDistribution);
  const rounds = Math.max(ROUNDS, Math.floor(budget.points / Math.max(1, tried.length)));
  for (const space of tried) {
    const program = compile(exprs, space);
    if (program === undefined) continue;
    // One instruction for both sides: they are the same computation.
    if (program.outputs[0] === program.outputs[1]) continue;
    const made = layout(program.inputs, space, declared, found.detail, extra);
    const field: Field = { space, program, size: sizeOf(program), made, facts };
    const witness = scan(field, rounds, random, purse, suspects);
    if (witness !== undefined) return witness;
    if (purse.points <= 0) break;
  }
  for (const [level, effort] of THOROUGH.entries()) {
    for (const { field, point } of suspects.slice(0, SUSPECTS[level])) {
      if (purse.operations < cost(field.size, effort)) continue;
      const verdict = examine(field, point, effort, purse);
      const witness = verdict === 'apart' ? shrunk(field, point, effort, purse) : undefined;
      if (witness !== undefined) return witness;
    }
  }
  return undefined;
}

interface Purse {
  points: number;
  operations: number;
}

/** What one run costs, in double operations. */
const cost = ({ plain, elementary }: Size, { weight }: Effort): number => plain + elementary * weight;

/** Tries points of one space in double precision; remembers the first few that doubles cannot separate. */
function scan(
  field: Field,
  most: number,
  random: Random,
  purse: Purse,
  suspects: Suspect[],
): Witness | undefined {
  const rounds = field.made.dials.length === 0 ? 1 : most;
  let remembered = 0;
  for (let round = 0; round < rounds; round++) {
    if (purse.points <= 0 || purse.operations <= 0) return undefined;
    purse.points--;
    const point = draw(field.made, round, random);
    const verdict = examine(field, point, QUICK, purse);
    // Enclosures that all but touch cannot be printed apart: more digits will show them apart.
    const witness = verdict === 'apart' ? shrunk(field, point, QUICK, purse) : undefined;
    if (witness !== undefined) return witness;
    if (verdict !== 'barred' && remembered < 2 && suspects.length < SUSPECTS[0]) {
      remembered++;
      suspects.push({ field, point });
    }
  }
  return undefined;
}

/** `apart`: refuted; `open`: more digits may tell; `barred`: not a point of the declared domains, or a side undefined. */
type Verdict = 'apart' | 'open' | 'barred';

function examine(field: Field, point: Point, effort: Effort, purse: Purse): Verdict {
  const { program, size, made, facts } = field;
  const values = valuesAt(made, point);
  if (values === undefined) return 'barred';
  purse.operations -= cost(size, effort);
  const judgement: Judgement<Verdict> = (arithmetic, [left = 'unknown', right = 'unknown', ...others]) => {
    if (!facts.every(({ kind }, i) => holds(arithmetic, kind, others[i] ?? 'unknown'))) return 'barred';
    if (left === 'undefined' || right === 'undefined') return 'barred';
    return areApart(arithmetic, left, right) ? 'apart' : 'open';
  };
  return effort.judge(program, values, judgement);
}

/** Whether an enclosed quantity surely has the property. */
export function holds<N>({ scalars }: Arithmetic<N>, kind: Fact['kind'], of: Outcome<N>): boolean {
  if (typeof of === 'string') return false;
  const { less, zero } = scalars;
  switch (kind) {
    case 'positive':
      return less(zero, of.low);
    case 'nonnegative':
      return !less(of.low, zero);
    case 'nonzero':
      return less(zero, of.low) || less(of.high, zero);
    case 'integer':
      return !less(of.low, of.high) && scalars.integer(of.low) !== undefined;
  }
}

/**
 * The point with the dials from `low` up to `high` at their simplest values at which the two sides stay
 * apart: all of them at once where that goes, else each half on its own. Few dials matter, so that this takes
 * a number of runs that grows with the logarithm of the number of dials.
 */
function simplified(
  field: Field,
  from: Point,
  low: number,
  high: number,
  effort: Effort,
  purse: Purse,
): Point {
  const { dials } = field.made;
  const simplest = from.map((current, d) =>
    d < low || d >= high ? current : (dials[d]?.options[0] ?? current),
  );
  const changes = simplest.some((option, d) => !sameOption(option, from[d] ?? option));
  if (!changes || purse.operations <= 0) return from;
  if (examine(field, simplest, effort, purse) === 'apart') return simplest;
  if (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const half = simplified(field, from, low, middle, effort, purse);
    return simplified(field, half, middle, high, effort, purse);
  }
  const current = from[low];
  for (const option of dials[low]?.options ?? []) {
    if (current === undefined || sameOption(option, current) || purse.operations <= 0) return from;
    const simpler = from.with(low, option);
    if (examine(field, simpler, effort, purse) === 'apart') return simpler;
  }
  return from;
}

const sameOption = (a: readonly Rational[], b: readonly Rational[]): boolean =>
  a.every((value, i) => sameRational(value, b[i] ?? value));

/** The witness at the simplest point found from one at which the two sides are apart. */
function shrunk(field: Field, from: Point, effort: Effort, purse: Purse): Witness | undefined {
  const point = simplified(field, from, 0, field.made.dials.length, effort, purse);
  const values = valuesAt(field.made, point);
  if (values === undefined) return undefined;
  const compared = effort.judge(field.program, values, (arithmetic, [left = 'unknown', right = 'unknown']) =>
    compareOutcomes(arithmetic, left, right),
  );
  return compared.kind === 'apart' && disjoint(compared.left, compared.right)
    ? witnessAt(field.space, field.program.inputs, values, compared.left, compared.right)
    : undefined;
}
