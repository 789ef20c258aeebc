/** Conditions on data of the prompt or of the pair: found with each of them read as a hyper-parameter. */

import type { Datum, Declarations, Domain } from '../expr/declare.ts';
import { BUILT_IN, datumOf } from '../expr/declare.ts';
import type { Apply, Expr } from '../expr/expr.ts';
import { sym } from '../expr/expr.ts';
import { rebuild, some } from '../expr/walk.ts';
import type { Alternative, Equation } from '../forms/alternative.ts';
import type { SmallerTier } from './conditions.ts';
import { has } from './conditions.ts';
import { roleOf } from './score.ts';
import type { Tier } from './tier.ts';
import { isSmaller } from './tier.ts';

/** A loss in which data are named like hyper-parameters, under names that nobody can type. */
export interface Named {
  readonly loss: Expr;
  readonly declared: Declarations;
  readonly data: ReadonlyMap<string, Apply>;
}

/** Undefined where there are no such data. */
export function withDataNamed(loss: Expr, declared: Declarations): Named | undefined {
  const data = new Map<string, Apply>();
  const parameters: Record<string, Domain> = { ...declared.parameters };
  const named = rebuild(loss, (node) => {
    const datum = node.kind === 'apply' ? datumOf(declared, node.name) : undefined;
    if (node.kind !== 'apply' || datum === undefined || !isConstant(node, datum)) return node;
    const name = `${node.name}(${node.args.map((arg) => (arg.kind === 'var' ? arg.name : '')).join()})`;
    data.set(name, node);
    parameters[name] = datum.is;
    return sym(name);
  });
  return data.size === 0 ? undefined : { loss: named, declared: { ...declared, parameters }, data };
}

/** Whether a datum has one value for a pair: it is of the prompt alone, or of both responses. */
const isConstant = (node: Apply, datum: Datum): boolean =>
  !datum.policy &&
  !datum.distribution &&
  !Object.hasOwn(BUILT_IN, node.name) &&
  node.args.length > 0 &&
  (node.args.every(isPrompt) || (roleOf(node) === 'both' && node.args.every(isOfPair)));

const isOfPair = (e: Expr): boolean => e.kind === 'var' && (e.sort === 'response' || e.sort === 'prompt');
const isPrompt = (e: Expr): boolean => e.kind === 'var' && e.sort === 'prompt';

/**
 * The conditions that speak of the data, for tiers smaller than that of the loss itself, but those known without them. Those on data of the
 * prompt are as complete as they were found; a datum of the pair may also split into two of one response.
 */
export function ofData(
  conditions: readonly SmallerTier[],
  data: ReadonlyMap<string, Apply>,
  known: { readonly tier: Tier; readonly conditions: readonly SmallerTier[] },
): readonly SmallerTier[] {
  const mentions = (e: Expr): boolean => some(e, (node) => node.kind === 'sym' && data.has(node.name));
  const restored = (e: Expr): Expr =>
    rebuild(e, (node) => (node.kind === 'sym' ? (data.get(node.name) ?? node) : node));
  const back = ({ left, right }: Equation): Equation => ({
    left: left.kind === 'sym' ? (data.get(left.name) ?? left) : left,
    right: restored(right),
  });
  const without = known.conditions.flatMap(({ when }) =>
    when.kind === 'equations' ? when.alternatives : [],
  );
  const ofPrompt = [...data.values()].every(({ args }) => args.every(isPrompt));
  return conditions.flatMap(({ tier, when }): readonly SmallerTier[] => {
    if (when.kind !== 'equations' || !isSmaller(tier, known.tier)) return [];
    const speaks = (one: Alternative): boolean =>
      one.some(({ left, right }) => mentions(left) || mentions(right));
    const own = when.alternatives.filter(speaks).filter((one) => !without.some((other) => has(one, other)));
    const alternatives = own.map((one): Alternative => one.map(back));
    const complete = when.complete && ofPrompt && own.length === when.alternatives.length;
    return own.length === 0 ? [] : [{ tier, when: { kind: 'equations', alternatives, complete } }];
  });
}
