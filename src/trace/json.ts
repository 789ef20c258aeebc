/** Traces written as JSON: compact and lossless. `read.ts` is the way back. */

import type { Declarations } from '../expr/declare.ts';
import { BUILT_IN } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { writeRational } from '../expr/rational.ts';
import type { Trace } from './trace.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export function exprToJson(e: Expr): Json {
  switch (e.kind) {
    case 'num':
      return ['num', writeRational(e.value)];
    case 'sym':
      return ['sym', e.name];
    case 'var':
      return ['var', e.name, e.sort];
    case 'apply':
      return ['data', e.name, ...e.args.map(exprToJson)];
    case 'add':
      return ['add', ...e.terms.map(exprToJson)];
    case 'mul':
      return ['mul', ...e.factors.map(exprToJson)];
    case 'pow':
      return ['pow', exprToJson(e.base), exprToJson(e.exponent)];
    case 'call':
      return [e.fn, ...e.args.map(exprToJson)];
    case 'sum':
      return [
        'sum',
        e.index.name,
        e.range.kind === 'tokens' ? ['tokens', exprToJson(e.range.of)] : e.range.kind,
        exprToJson(e.body),
      ];
    case 'freeze':
    case 'grad':
      return [e.kind, exprToJson(e.body)];
  }
}

export const traceToJson = (trace: Trace): Json => ({
  schema: trace.schema,
  version: trace.version,
  claim: trace.claim,
  declared: declarationsToJson(trace.declared),
  definitions: trace.definitions.map(({ id, lhs, rhs }) => ({
    id,
    lhs: exprToJson(lhs),
    rhs: exprToJson(rhs),
  })),
  stages: trace.stages.map((stage) => ({
    id: stage.id,
    start: exprToJson(stage.start),
    goal: exprToJson(stage.goal),
    relation: stage.relation,
    uses: stage.uses,
    continues: stage.continues,
    steps: stage.steps.map((step) => ({
      rule: step.rule,
      direction: step.direction,
      at: step.at,
      bindings: Object.fromEntries(Object.entries(step.bindings).map(([k, v]) => [k, exprToJson(v)])),
      after: exprToJson(step.after),
      waypoint: step.waypoint,
    })),
    remarks: stage.remarks.map(({ kind }) => kind),
  })),
});

/** Built-in data are not written: they are the same everywhere. */
const declarationsToJson = (declared: Declarations): Json => ({
  parameters: { ...declared.parameters },
  data: Object.fromEntries(
    Object.entries(declared.data)
      .filter(([name]) => !Object.hasOwn(BUILT_IN, name))
      .map(([name, datum]) => [name, { ...datum }]),
  ),
  facts: declared.facts.map(({ kind, of }) => ({ kind, of: exprToJson(of) })),
});
