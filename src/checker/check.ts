/**
 * Judging a trace: each step is repeated by substitution and compared. No search, no simplification,
 * nothing taken on trust but the rule tables, the declarations and the listed definitions.
 */

import type { Declarations } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { add, mul } from '../expr/expr.ts';
import { at as partAt, replaceAt } from '../expr/walk.ts';
import { RULES } from '../rules/index.ts';
import type { Condition } from '../rules/rule.ts';
import type { Stage, Step, Trace } from '../trace/trace.ts';
import { follows, mentions } from './condition.ts';
import { definitionFlaw } from './definition.ts';
import type { Fault, Reason } from './fault.ts';
import { divisors, equalByAlgebra } from './field.ts';
import { illFormed } from './form.ts';
import { alike, instantiate } from './substitute.ts';

/** What an accepted trace establishes: that each stage's start equals its goal, under what it used. */
export interface Accepted {
  readonly kind: 'accepted';
  readonly stages: number;
  readonly steps: number;
  /** Model assumptions and definitions the steps rest on, by id, in order of first use. */
  readonly rests: readonly string[];
}
export type Verdict = Accepted | { readonly kind: 'refused'; readonly fault: Fault };

/** One row a step may use: a rule of the tables, a definition, or an earlier stage. */
interface Row {
  readonly lhs: Expr;
  readonly rhs: Expr;
  readonly where: readonly Condition[];
}

export function check(trace: Trace): Verdict {
  const refused = (reason: Reason, stage?: string, step?: number): Verdict => ({
    kind: 'refused',
    fault: { stage, step, reason },
  });
  if (trace.stages.length === 0) return refused({ kind: 'empty-trace' });
  const ids = [
    ...RULES.keys(),
    'algebra',
    ...trace.definitions.map(({ id }) => id),
    ...trace.stages.map(({ id }) => id),
  ];
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice !== undefined) return refused({ kind: 'duplicate-id', id: twice });

  const rows = new Map<string, Row>();
  for (const [i, definition] of trace.definitions.entries()) {
    const why = definitionFlaw(definition, trace.definitions.slice(0, i), trace.declared);
    if (why !== undefined) return refused({ kind: 'bad-definition', id: definition.id, why });
    rows.set(definition.id, { lhs: definition.lhs, rhs: definition.rhs, where: [] });
  }
  const rests: string[] = [];
  let steps = 0;
  const done: Stage[] = [];
  for (const stage of trace.stages) {
    const found = checkStage(stage, done, rows, trace);
    if ('reason' in found) return refused(found.reason, stage.id, found.step);
    for (const id of found.rests) if (!rests.includes(id)) rests.push(id);
    steps += stage.steps.length;
    // From here on this stage's equation is a row. Its responses are particular ones; it is not generalised.
    rows.set(stage.id, { lhs: stage.start, rhs: stage.goal, where: [] });
    done.push(stage);
  }
  return { kind: 'accepted', stages: trace.stages.length, steps, rests };
}

type StageResult =
  | { readonly rests: readonly string[] }
  | { readonly reason: Reason; readonly step: number | undefined };

function checkStage(
  stage: Stage,
  done: readonly Stage[],
  rows: ReadonlyMap<string, Row>,
  trace: Trace,
): StageResult {
  const fail = (reason: Reason, step?: number): StageResult => ({ reason, step });
  for (const e of [stage.start, stage.goal]) {
    const reason = illFormed(e, trace.declared, trace.definitions);
    if (reason !== undefined) return fail(reason);
  }
  const unknown = stage.uses.find((id) => !rows.has(id));
  if (unknown !== undefined) return fail({ kind: 'unknown-rule', rule: unknown });
  if (stage.continues !== null) {
    const before = done.find(({ id }) => id === stage.continues);
    if (before === undefined) return fail({ kind: 'unknown-stage', id: stage.continues });
    if (!alike(before.goal, stage.start)) {
      return fail({ kind: 'broken-chain', from: before.id, expected: before.goal, found: stage.start });
    }
  }
  const rests: string[] = [];
  let here = stage.start;
  for (const [i, step] of stage.steps.entries()) {
    const reason =
      illFormed(step.after, trace.declared, trace.definitions) ??
      checkStep(here, step, stage, rows, trace.declared);
    if (reason !== undefined) return fail(reason, i);
    if (rows.has(step.rule) || RULES.get(step.rule)?.kind === 'model') rests.push(step.rule);
    here = step.after;
  }
  if (!alike(here, stage.goal)) return fail({ kind: 'goal-not-reached', reached: here, goal: stage.goal });
  return { rests };
}

function checkStep(
  before: Expr,
  step: Step,
  stage: Stage,
  rows: ReadonlyMap<string, Row>,
  declared: Declarations,
): Reason | undefined {
  const part = partAt(before, step.at);
  if (part === undefined) return { kind: 'outside-expression' };
  if (step.rule === 'algebra') return checkAlgebra(before, part, step, declared);

  const row = RULES.get(step.rule) ?? rows.get(step.rule);
  if (row === undefined) return { kind: 'unknown-rule', rule: step.rule };
  if (rows.has(step.rule) && !stage.uses.includes(step.rule)) return { kind: 'not-in-use', rule: step.rule };

  const bindings = new Map(Object.entries(step.bindings));
  const [from, to] = step.direction === 'forward' ? [row.lhs, row.rhs] : [row.rhs, row.lhs];
  const rest = bindings.get('_rest');
  const expected = instantiate(beside(from, from, rest), bindings);
  const result = instantiate(beside(to, from, rest), bindings);
  if (expected === undefined || result === undefined)
    return { kind: 'unbound-metavariable', rule: step.rule };
  const needless = [...bindings.keys()].find(
    (name) => name !== '_rest' && !mentions(from, name) && !mentions(to, name) && !bindsIndex(row, name),
  );
  if (needless !== undefined) return { kind: 'needless-binding', name: needless };
  for (const condition of row.where) {
    if (!met(condition, bindings, declared)) return { kind: 'condition-not-met', condition };
  }
  if (!alike(part, expected)) return { kind: 'does-not-match', expected, found: part };
  const after = replaceAt(before, step.at, result);
  if (after === undefined || !alike(after, step.after)) {
    return { kind: 'wrong-result', expected: after ?? result, found: step.after };
  }
  return undefined;
}

/** A rule about a sum or product also applies beside further terms or factors. */
function beside(side: Expr, from: Expr, rest: Expr | undefined): Expr {
  if (rest === undefined) return side;
  return from.kind === 'add' ? add([side, rest]) : from.kind === 'mul' ? mul([side, rest]) : side;
}

const bindsIndex = ({ lhs, rhs }: Row, name: string): boolean => hasIndex(lhs, name) || hasIndex(rhs, name);
function hasIndex(e: Expr, name: string): boolean {
  return e.kind === 'sum' && (e.index.name === name || hasIndex(e.body, name));
}

function met(condition: Condition, bindings: ReadonlyMap<string, Expr>, declared: Declarations): boolean {
  const of = instantiate(condition.of, bindings);
  if (of === undefined) return false;
  if (condition.kind !== 'free-of') return follows({ kind: condition.kind, of }, declared);
  const index = bindings.get(condition.index);
  return index?.kind === 'var' && !mentions(of, index.name);
}

/** A step by algebra: the part and what replaces it are the same rational function, with divisors that cannot vanish. */
function checkAlgebra(before: Expr, part: Expr, step: Step, declared: Declarations): Reason | undefined {
  const result = partAt(step.after, step.at);
  if (result === undefined) return { kind: 'outside-expression' };
  for (const of of [...divisors(part), ...divisors(result)]) {
    if (!follows({ kind: 'nonzero', of }, declared))
      return { kind: 'condition-not-met', condition: { kind: 'nonzero', of } };
  }
  if (!equalByAlgebra(part, result)) return { kind: 'algebra-fails', before: part, after: result };
  const after = replaceAt(before, step.at, result);
  return after === undefined || !alike(after, step.after)
    ? { kind: 'wrong-result', expected: after ?? result, found: step.after }
    : undefined;
}
