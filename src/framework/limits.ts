/** What a logistic loss becomes as a hyper-parameter goes to an end of its range. */

import type { Declarations } from '../expr/declare.ts';
import type { Expr, Sym } from '../expr/expr.ts';
import { call, minus, sym } from '../expr/expr.ts';
import { some } from '../expr/walk.ts';
import { canonical, termsOf } from '../forms/canonise.ts';
import { collect, product, total } from '../forms/collect.ts';
import type { Membership } from './membership.ts';
import { scoresOf } from './score.ts';
import { usesPolicy } from './tier.ts';

/** What the loss becomes as a hyper-parameter that scales the whole moving part of the logit goes to an end. */
export interface Limit {
  readonly parameter: Sym;
  /** The loss as the parameter goes to zero. */
  readonly atZero: Expr;
  /** The loss divided by the parameter as it goes to infinity. */
  readonly atInfinity: Expr;
}

/** The limits of a logistic loss in each hyper-parameter p with u = p v, v free of p and moving with the policy. */
export function limitsOf({ logit }: Membership, declared: Declarations): readonly Limit[] {
  if (logit === undefined || scoresOf(logit, declared) === undefined) return [];
  const parameters = Object.entries(declared.parameters)
    .filter(([, is]) => is === 'positive')
    .map(([name]) => sym(name));
  return parameters.flatMap((parameter): readonly Limit[] => {
    const terms = termsOf(logit, declared) ?? [];
    const parts = terms.map((term) => splitBy(term, parameter));
    if (parts.includes(undefined)) return [];
    const known = parts.filter((part) => part !== undefined);
    const slope = total(known.filter(({ scales }) => scales).map(({ rest }) => rest));
    const offset = total(known.filter(({ scales }) => !scales).map(({ rest }) => rest));
    if (!usesPolicy(slope, declared) || usesPolicy(offset, declared)) return [];
    const written = collect(slope, declared) ?? slope;
    return [
      {
        parameter,
        atZero: canonical(call('softplus', [minus(offset)]), declared) ?? offset,
        atInfinity: call('relu', [minus(written)]),
      },
    ];
  });
}

/** A term without the parameter, or the parameter times the rest; undefined for any other way to depend on it. */
function splitBy(term: Expr, parameter: Sym): { readonly scales: boolean; readonly rest: Expr } | undefined {
  const isIn = (e: Expr): boolean => some(e, (node) => node.kind === 'sym' && node.name === parameter.name);
  if (!isIn(term)) return { scales: false, rest: term };
  const factors = term.kind === 'mul' ? term.factors : [term];
  const others = factors.filter((f) => !(f.kind === 'sym' && f.name === parameter.name));
  return others.length === factors.length - 1 && !others.some(isIn)
    ? { scales: true, rest: product(others) }
    : undefined;
}
