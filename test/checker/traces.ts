/** Traces to judge: derivations of known losses, one-stage proofs written by hand, and ways to tamper with both. */

import type { Declarations } from '../../src/expr/declare.ts';
import { NOTHING_DECLARED } from '../../src/expr/declare.ts';
import type { Expr } from '../../src/expr/expr.ts';
import { reportDerivation } from '../../src/report/derivation.ts';
import type { Stage, Step, Trace } from '../../src/trace/trace.ts';
import { formulaClaim } from '../../src/variant/claim.ts';
import { loadVariant } from '../../src/variant/files.ts';

const derivedBy = (variant: ReturnType<typeof loadVariant | typeof formulaClaim>): Trace => {
  if (variant.kind !== 'variant') throw new Error(`no variant: ${JSON.stringify(variant)}`);
  const report = reportDerivation(variant);
  if (report.kind !== 'derived') throw new Error('the loss is outside');
  return report.trace;
};

/** The derivation of a loss of the catalogue. */
export const derivationOf = (id: string): Trace => derivedBy(loadVariant(id));
/** The derivation of a formula. */
export const derivationOfFormula = (text: string, assume: readonly string[]): Trace =>
  derivedBy(formulaClaim(text, { assume }));

/** A step as short as it can be said: forward, at the root, nothing bound. */
export const step = (rule: string, after: Expr, more: Partial<Step> = {}): Step => ({
  rule,
  direction: 'forward',
  at: [],
  bindings: {},
  waypoint: false,
  ...more,
  after,
});

export const stage = (start: Expr, steps: readonly Step[], more: Partial<Stage> = {}): Stage => ({
  id: 'only',
  start,
  goal: steps.at(-1)?.after ?? start,
  relation: '=',
  uses: [],
  continues: null,
  steps,
  remarks: [],
  ...more,
});

export const trace = (stages: readonly Stage[], more: Partial<Trace> = {}): Trace => ({
  schema: 'midpo/trace',
  version: 1,
  claim: 'by hand',
  declared: NOTHING_DECLARED,
  definitions: [],
  stages,
  ...more,
});

/** One stage that reaches its goal in one step. */
export const oneStep = (
  start: Expr,
  rule: string,
  after: Expr,
  { at, bindings, direction, uses, ...more }: Partial<Step & Stage & Trace> = {},
): Trace => {
  const how: Partial<Step> = {
    ...(at && { at }),
    ...(bindings && { bindings }),
    ...(direction && { direction }),
  };
  return trace([stage(start, [step(rule, after, how)], { uses: uses ?? [] })], more);
};

/** The hyper-parameters are positive, but for those named. */
export const positives = (...names: readonly string[]): Declarations => ({
  ...NOTHING_DECLARED,
  parameters: Object.fromEntries(names.map((name) => [name, 'positive'])),
});

export const editStage = (t: Trace, id: string, change: (s: Stage) => Partial<Stage>): Trace => ({
  ...t,
  stages: t.stages.map((s) => (s.id === id ? { ...s, ...change(s) } : s)),
});

export const editStep = (t: Trace, id: string, k: number, change: (s: Step) => Partial<Step>): Trace =>
  editStage(t, id, ({ steps }) => ({ steps: steps.map((s, i) => (i === k ? { ...s, ...change(s) } : s)) }));

export const editDefinition = (
  t: Trace,
  id: string,
  change: Partial<Trace['definitions'][number]>,
): Trace => ({
  ...t,
  definitions: t.definitions.map((d) => (d.id === id ? { ...d, ...change } : d)),
});
