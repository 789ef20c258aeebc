/** What occurs in a group of expressions: free names, sums, how closely each datum is looked at, literals. */

import type { Fact } from '../expr/declare.ts';
import type { Apply, Expr, Sum, Var } from '../expr/expr.ts';
import type { Rational } from '../expr/rational.ts';
import { children } from '../expr/walk.ts';

export interface Survey {
  /** Hyper-parameters and data by name, as `sym beta` and `data pi`. */
  readonly names: ReadonlySet<string>;
  /** Free variables by name, in order of first occurrence. */
  readonly free: ReadonlyMap<string, Var>;
  readonly sums: ReadonlySet<Sum['range']['kind']>;
  /** For each response whose tokens are looked at, the greatest explicit token number, at least 1. */
  readonly tokensOf: ReadonlyMap<string, number>;
  /** The same for responses that a sum binds; 0 if their tokens are not looked at. */
  readonly tokensOfBound: number;
  /** For each datum the greatest number of arguments: 1 for `pi(y)`, 3 for `pi(y,t,v)`. */
  readonly detail: ReadonlyMap<string, number>;
  readonly literals: readonly Rational[];
}

/** Linear in the number of distinct nodes per binder; safe on deep and on shared trees. */
export function survey(exprs: readonly Expr[]): Survey {
  const names = new Set<string>();
  const free = new Map<string, Var>();
  const sums = new Set<Sum['range']['kind']>();
  const tokensOf = new Map<string, number>();
  const detail = new Map<string, number>();
  const literals: Rational[] = [];
  let tokensOfBound = 0;

  const look = (response: Expr | undefined, token: number, bound: ReadonlySet<string>): void => {
    if (response?.kind !== 'var') return;
    if (bound.has(response.name)) tokensOfBound = Math.max(tokensOfBound, token);
    else tokensOf.set(response.name, Math.max(tokensOf.get(response.name) ?? 1, token));
  };
  const lookAt = (e: Apply, bound: ReadonlySet<string>): void => {
    names.add(`data ${e.name}`);
    detail.set(e.name, Math.max(detail.get(e.name) ?? 0, e.args.length));
    let response: Expr | undefined;
    for (const arg of e.args) {
      if (arg.kind === 'var' && arg.sort === 'response') response = arg;
      else if (arg.kind === 'num') look(response, Number(arg.value.n), bound);
      else if (arg.kind === 'var' && arg.sort === 'token') look(response, 1, bound);
    }
  };

  // A frame is a set of bound names with the nodes already seen under it.
  interface Frame {
    readonly bound: ReadonlySet<string>;
    readonly seen: Set<Expr>;
  }
  const pending: [Expr, Frame][] = [];
  const top: Frame = { bound: new Set(), seen: new Set() };
  for (const e of exprs.toReversed()) pending.push([e, top]);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [e, frame] = next;
    if (frame.seen.has(e)) continue;
    frame.seen.add(e);
    switch (e.kind) {
      case 'num':
        literals.push(e.value);
        break;
      case 'sym':
        names.add(`sym ${e.name}`);
        break;
      case 'var':
        if (!frame.bound.has(e.name) && !free.has(e.name)) free.set(e.name, e);
        break;
      case 'sum': {
        sums.add(e.range.kind);
        const inner = { bound: new Set([...frame.bound, e.index.name]), seen: new Set<Expr>() };
        pending.push([e.body, inner]);
        if (e.range.kind === 'tokens') {
          look(e.range.of, 1, frame.bound);
          pending.push([e.range.of, frame]);
        }
        break;
      }
      default: {
        if (e.kind === 'apply') lookAt(e, frame.bound);
        for (const part of children(e).toReversed()) {
          // A number among a datum's arguments is a token's position, not a quantity.
          if (e.kind !== 'apply' || part.kind !== 'num') pending.push([part, frame]);
        }
      }
    }
  }
  return { names, free, sums, tokensOf, tokensOfBound, detail, literals };
}

/** The facts that restrict what occurs in `exprs`, directly or through names that other such facts mention. */
export function relevantFacts(exprs: readonly Expr[], facts: readonly Fact[]): readonly Fact[] {
  if (facts.length === 0) return facts;
  const names = new Set(survey(exprs).names);
  const left = new Map(facts.map((fact) => [fact, survey([fact.of]).names]));
  const found = new Set<Fact>();
  for (let grew = true; grew; ) {
    grew = false;
    for (const [fact, mentioned] of left) {
      if (mentioned.size > 0 && ![...mentioned].some((name) => names.has(name))) continue;
      found.add(fact);
      left.delete(fact);
      for (const name of mentioned) names.add(name);
      grew = true;
    }
  }
  return facts.filter((fact) => found.has(fact));
}
