/**
 * Judging a trace: each step is repeated by substitution and compared. No search, no simplification,
 * nothing taken on trust but the rule tables, the declarations and the listed definitions.
 */

import type { Expr } from '../expr/expr.ts';
import { add, mul } from '../expr/expr.ts';
import type { Path } from '../expr/walk.ts';
import { children, depth, at as partAt, replaceAt } from '../expr/walk.ts';
import { RULES } from '../rules/index.ts';
import type { Condition, RuleKind } from '../rules/rule.ts';
import type { Stage, Step, Trace } from '../trace/trace.ts';
import type { Granted } from './condition.ts';
import { follows, grant } from './condition.ts';
import { badDefinition } from './definition.ts';
import type { Causes } from './dependence.ts';
import { causesOf, enters } from './dependence.ts';
import type { Fault, Reason } from './fault.ts';
import { divisors, equalByAlgebra } from './field.ts';
import type { Shapes } from './form.ts';
import { illFormed, shapesOf } from './form.ts';
import { isDistribution, monotony, totalsOne } from './inequality.ts';
import { alike, canonical, free, instantiate, isMetavariable, mentions, schematic } from './substitute.ts';

/** What an accepted trace establishes: that each stage's start equals its goal, under what it used. */
export interface Accepted {
  readonly kind: 'accepted';
  readonly stages: number;
  readonly steps: number;
  /** Model assumptions, definitions and stages the steps rest on, by id, in order of first use. */
  readonly rests: readonly string[];
}
export type Verdict = Accepted | { readonly kind: 'refused'; readonly fault: Fault };

/** One row a step may use: a rule of the tables, a definition, or an earlier stage. */
interface Row {
  readonly lhs: Expr;
  readonly rhs: Expr;
  readonly where: readonly Condition[];
}

/** What stands when a stage is judged; rows and stages grow from stage to stage. */
interface Standing {
  readonly granted: Granted;
  readonly shapes: Shapes;
  readonly causes: Causes;
  /** Definitions and finished stages, by id. */
  readonly rows: Map<string, Row>;
  readonly done: Map<string, Stage>;
  /** Rules and stages whose equation is one of values, and may not be used inside a gradient. */
  readonly values: Set<string>;
}

/** Kinds of rules that a result rests on and a reader must know of. */
const CITED: readonly (RuleKind | undefined)[] = ['model', 'value', 'lemma'];
const OF_VALUES = [...RULES.values()].filter(({ kind }) => kind === 'model' || kind === 'value');

const DEEPEST = 1000;

/** Judges a trace; the first fault is returned. Total: it never throws, whatever the expressions. */
export function check(trace: Trace): Verdict {
  const refused = (reason: Reason, stage?: string, step?: number): Verdict => ({
    kind: 'refused',
    fault: { stage, step, reason },
  });
  const { declared, definitions, stages } = trace;
  if (stages.length === 0) return refused({ kind: 'empty-trace' });
  if (expressionsOf(trace).some((e) => depth(e, DEEPEST) > DEEPEST)) return refused({ kind: 'too-deep' });
  const ids = new Set([...RULES.keys(), 'algebra']);
  for (const { id } of [...definitions, ...stages]) {
    if (ids.has(id)) return refused({ kind: 'duplicate-id', id });
    ids.add(id);
  }
  const granted = grant(declared);
  const shapes = shapesOf(granted.declared, definitions);
  for (const { of } of declared.facts) {
    const reason = illFormed(of, shapes);
    if (reason !== undefined) return refused(reason);
  }
  const bad = badDefinition(definitions, granted);
  if (bad !== undefined) return refused(bad);

  const standing: Standing = {
    granted,
    shapes,
    causes: causesOf(definitions, granted.declared),
    rows: new Map(),
    done: new Map(),
    values: new Set(OF_VALUES.map(({ id }) => id)),
  };
  for (const { id, lhs, rhs } of definitions) standing.rows.set(id, { lhs, rhs: canonical(rhs), where: [] });
  const rests = new Set<string>();
  let steps = 0;
  for (const stage of stages) {
    const found = checkStage(stage, standing);
    if ('reason' in found) return refused(found.reason, stage.id, found.step);
    for (const id of found.rests) rests.add(id);
    steps += stage.steps.length;
    // From here on this stage's equation is a row; an inequality is not.
    if (stage.relation === '=') standing.rows.set(stage.id, generalised(stage, trace));
    if (found.rests.some((id) => standing.values.has(id))) standing.values.add(stage.id);
    standing.done.set(stage.id, stage);
  }
  return { kind: 'accepted', stages: stages.length, steps, rests: [...rests] };
}

/**
 * A stage about the generic response y holds for every response if nothing is granted about y itself, by a
 * fact or by a definition. Other responses, such as w and l, are particular ones and stay so.
 */
function generalised({ start, goal }: Stage, { declared, definitions }: Trace): Row {
  const granted = [...declared.facts.map(({ of }) => of), ...definitions.map(({ lhs }) => lhs)];
  const particular = granted.some((of) => mentions(of, GENERIC));
  const forAll = (e: Expr): Expr => canonical(particular ? e : schematic(e, GENERIC));
  return { lhs: forAll(start), rhs: forAll(goal), where: [] };
}
const GENERIC = 'y';

const expressionsOf = ({ declared, definitions, stages }: Trace): readonly Expr[] => [
  ...declared.facts.map(({ of }) => of),
  ...definitions.flatMap(({ lhs, rhs }) => [lhs, rhs]),
  ...stages.flatMap(({ start, goal }) => [start, goal]),
  ...stages.flatMap(({ steps }) =>
    steps.flatMap(({ after, bindings }) => [after, ...Object.values(bindings)]),
  ),
];

type StageResult =
  | { readonly rests: readonly string[] }
  | { readonly reason: Reason; readonly step: number | undefined };

function checkStage(stage: Stage, standing: Standing): StageResult {
  const fail = (reason: Reason, step?: number): StageResult => ({ reason, step });
  for (const e of [stage.start, stage.goal]) {
    const reason = illFormed(e, standing.shapes);
    if (reason !== undefined) return fail(reason);
  }
  const unknown = stage.uses.find((id) => !standing.rows.has(id));
  if (unknown !== undefined) return fail({ kind: 'unknown-rule', rule: unknown });
  if (stage.continues !== null) {
    const before = standing.done.get(stage.continues);
    if (before === undefined) return fail({ kind: 'unknown-stage', id: stage.continues });
    if (!alike(before.goal, stage.start))
      return fail({ kind: 'broken-chain', from: before.id, expected: before.goal, found: stage.start });
  }
  const uses = new Set(stage.uses);
  const rests: string[] = [];
  let here = stage.start;
  for (const [i, step] of stage.steps.entries()) {
    const reason =
      illFormed(step.after, standing.shapes) ?? checkStep(here, step, uses, stage, standing, rests);
    if (reason !== undefined) return fail(reason, i);
    if (standing.rows.has(step.rule) || CITED.includes(RULES.get(step.rule)?.kind)) rests.push(step.rule);
    here = step.after;
  }
  if (!alike(here, stage.goal)) return fail({ kind: 'goal-not-reached', reached: here, goal: stage.goal });
  return { rests };
}

function checkStep(
  before: Expr,
  step: Step,
  uses: ReadonlySet<string>,
  { id: stage, relation }: Stage,
  standing: Standing,
  rests: string[],
): Reason | undefined {
  const { granted, rows, values } = standing;
  const part = partAt(before, step.at);
  if (part === undefined) return { kind: 'outside-expression' };
  const bound = indicesAbove(before, step.at);
  if (step.rule === 'algebra') return checkAlgebra(before, part, step, bound, granted);

  const row = RULES.get(step.rule) ?? rows.get(step.rule);
  if (row === undefined) return { kind: 'unknown-rule', rule: step.rule };
  if (RULES.get(step.rule)?.kind === 'lemma') {
    if (relation === '=') return { kind: 'lemma-in-equation', rule: step.rule };
    // The lemma's left side is at least its right side: putting the right one in must not lower the whole.
    const lowers = step.direction === 'forward' ? 'falling' : 'rising';
    if (monotony(before, step.at, granted) !== lowers) return { kind: 'wrong-direction', rule: step.rule };
  }
  const only = RULES.get(step.rule)?.only;
  if ((rows.has(step.rule) && !uses.has(step.rule)) || (only !== undefined && only !== stage)) {
    return { kind: 'not-in-use', rule: step.rule };
  }

  if (values.has(step.rule) && step.at.some((_, i) => partAt(before, step.at.slice(0, i))?.kind === 'grad')) {
    return { kind: 'value-in-gradient', rule: step.rule };
  }

  const [from, to] = step.direction === 'forward' ? [row.lhs, row.rhs] : [row.rhs, row.lhs];
  const names = [...free(from), ...free(to)];
  const captured = bound.find((index) => names.some(({ kind, name }) => kind === 'var' && name === index));
  if (captured !== undefined) return { kind: 'index-captured', index: captured };
  const bindings = new Map(Object.entries(step.bindings));
  const takesRest = from.kind === 'add' || from.kind === 'mul';
  const needed = new Set(names.filter(isMetavariable).map(({ name }) => name));
  const needless = [...bindings.keys()].find((name) => !needed.has(name) && !(takesRest && name === '_rest'));
  if (needless !== undefined) return { kind: 'needless-binding', name: needless };
  const rest = bindings.get('_rest');
  const expected = instantiate(beside(from, from, rest), bindings);
  const result = instantiate(beside(to, from, rest), bindings);
  if (expected === undefined || result === undefined)
    return { kind: 'unbound-metavariable', rule: step.rule };
  // A metavariable under a sum of the rule may mention its index: nothing granted by that name is about it.
  const inside = [...bound, ...indicesWithin(row.lhs)];
  for (const condition of row.where) {
    if (!met(condition, bindings, inside, standing, uses, rests))
      return { kind: 'condition-not-met', condition: instance(condition, bindings) };
  }
  if (!alike(part, expected)) return { kind: 'does-not-match', expected, found: part };
  return leadsTo(before, step, result);
}

/** A condition of a rule as it stands where the rule is used. */
const instance = (condition: Condition, bindings: ReadonlyMap<string, Expr>): Condition => ({
  ...condition,
  of: instantiate(condition.of, bindings) ?? condition.of,
});

/** Whether putting `result` in the step's place gives what the step says. */
function leadsTo(before: Expr, step: Step, result: Expr): Reason | undefined {
  const after = replaceAt(before, step.at, result);
  return after === undefined || !alike(after, step.after)
    ? { kind: 'wrong-result', expected: after ?? result, found: step.after }
    : undefined;
}

/** The indices bound at a path. The range of a sum, the first of its two children, is outside its index. */
function indicesAbove(e: Expr, path: Path): readonly string[] {
  const indices: string[] = [];
  let here: Expr | undefined = e;
  for (const i of path) {
    if (here?.kind === 'sum' && i === children(here).length - 1) indices.push(here.index.name);
    here = here && children(here)[i];
  }
  return indices;
}

const indicesWithin = (e: Expr): readonly string[] => [
  ...(e.kind === 'sum' ? [e.index.name] : []),
  ...children(e).flatMap(indicesWithin),
];

/** A rule about a sum or product also applies beside further terms or factors. */
function beside(side: Expr, from: Expr, rest: Expr | undefined): Expr {
  if (rest === undefined) return side;
  return from.kind === 'add' ? add([side, rest]) : from.kind === 'mul' ? mul([side, rest]) : side;
}

function met(
  condition: Condition,
  bindings: ReadonlyMap<string, Expr>,
  bound: readonly string[],
  { granted, causes, rows }: Standing,
  uses: ReadonlySet<string>,
  rests: string[],
): boolean {
  const of = instantiate(condition.of, bindings);
  if (of === undefined) return false;
  switch (condition.kind) {
    case 'free-of':
      return !mentions(of, condition.index);
    case 'constant':
      return !enters('policy', of, granted.declared, causes);
    case 'prompt-free':
      return !enters('prompt', of, granted.declared, causes);
    case 'normalised': {
      if (isDistribution(of, condition.index, granted.declared)) return true;
      const proof = [...uses].find((id) => totalsOne(of, condition.index, rows.get(id), bound));
      if (proof !== undefined) rests.push(proof);
      return proof !== undefined;
    }
    default:
      return follows({ kind: condition.kind, of }, granted, bound);
  }
}

/** A step by algebra: the part and what replaces it are the same rational function, with divisors that cannot vanish. */
function checkAlgebra(
  before: Expr,
  part: Expr,
  step: Step,
  bound: readonly string[],
  granted: Granted,
): Reason | undefined {
  const [needless] = Object.keys(step.bindings);
  if (needless !== undefined) return { kind: 'needless-binding', name: needless };
  const result = partAt(step.after, step.at);
  if (result === undefined) return { kind: 'outside-expression' };
  for (const of of [...divisors(part), ...divisors(result)]) {
    const condition = { kind: 'nonzero', of } as const;
    if (!follows(condition, granted, bound)) return { kind: 'condition-not-met', condition };
  }
  if (!equalByAlgebra(part, result)) return { kind: 'algebra-fails', before: part, after: result };
  return leadsTo(before, step, result);
}
