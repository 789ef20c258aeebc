/** What a loss becomes as a hyper-parameter goes to an end of its range that the range does not contain. */

import { substitute } from '../expr/binder.ts';
import type { Datum, Declarations, Domain } from '../expr/declare.ts';
import type { Expr, Num, Sym } from '../expr/expr.ts';
import { add, apply, call, log, minus, mul, num, subtract, sym } from '../expr/expr.ts';
import { rebuild, size, some } from '../expr/walk.ts';
import { canonical, signOfExpr } from '../forms/canonise.ts';
import { collect } from '../forms/collect.ts';
import { provesEqual } from '../forms/decide.ts';
import { needs } from '../forms/definedness.ts';
import { differentiate } from '../forms/differentiate.ts';
import { thaw } from '../forms/gradient.ts';
import type { Membership } from './membership.ts';
import { tiersOf } from './membership.ts';
import { CHOSEN } from './score.ts';
import type { Tier } from './tier.ts';
import { isSmaller, usesPolicy } from './tier.ts';

export interface Boundary {
  readonly parameter: Sym;
  readonly end: Num;
  /** The limit of the logit; undefined where the loss itself was taken to its limit. */
  readonly logit: Expr | undefined;
  readonly loss: Expr;
  readonly tier: Tier;
}

/** Ends that a range does not contain. */
const ENDS: Readonly<Partial<Record<Domain, readonly Num[]>>> = {
  positive: [num(0)],
  'open-unit': [num(0), num(1)],
};

/** Larger logits have no limit that anybody reads. */
const LARGEST = 400;
const BUDGET = 200_000;

/**
 * Limits that are losses inside the framework: of the logit, or of the loss itself where that is outside.
 * A limit is the value at the end where that exists, else the first derivative of what is divided by the distance.
 */
export function boundariesOf(
  loss: Expr,
  { logit, tier }: Membership,
  declared: Declarations,
): readonly Boundary[] {
  const of = logit ?? loss;
  if (size(of) > LARGEST) return [];
  return Object.entries(declared.parameters).flatMap(([name, is]): readonly Boundary[] => {
    const parameter = sym(name);
    if (!mentions(of, parameter)) return [];
    const ends = (ENDS[is] ?? []).filter((end) => isReachable(parameter, end, declared));
    return ends.flatMap((end): readonly Boundary[] => {
      const limit = limitAt(of, parameter, end, declared);
      if (limit === undefined || !usesPolicy(limit, declared)) return [];
      const whole = logit === undefined ? limit : call('softplus', [minus(limit)]);
      const reached = tiersOf(whole, declared).tier;
      if (reached === 'outside' || (logit === undefined && !isSmaller(reached, tier))) return [];
      const written = collect(limit, declared) ?? limit;
      return [{ parameter, end, logit: logit && written, loss: logit ? whole : written, tier: reached }];
    });
  });
}

/** Whether no further assumption keeps the hyper-parameter away from the end. */
const isReachable = (parameter: Sym, end: Num, { facts, ...rest }: Declarations): boolean =>
  facts.every(({ of }) => {
    const put = substitute(of, [[parameter, end]]);
    return !mentions(of, parameter) || signOfExpr(put, { ...rest, facts: [] }, BUDGET) !== 'negative';
  });

const mentions = (e: Expr, { name }: Sym): boolean =>
  some(e, (node) => node.kind === 'sym' && node.name === name);

const usesFunction = (e: Expr, parameter: Sym, functions: ReadonlySet<string>): boolean =>
  some(e, (node) => node.kind === 'call' && functions.has(node.fn) && mentions(node, parameter));
const STEPPED: ReadonlySet<string> = new Set(['le', 'lt', 'eq']);
const KINKED: ReadonlySet<string> = new Set(['abs', 'relu', 'max', 'min', 'clamp']);

/** Nothing but steps is discontinuous where it is defined. */
function limitAt(e: Expr, parameter: Sym, end: Num, declared: Declarations): Expr | undefined {
  if (usesFunction(e, parameter, STEPPED)) return undefined;
  const value = valueAt(e, parameter, end, declared);
  if (value !== undefined) return value;
  const distance = subtract(parameter, end);
  const numerator = canonical(mul([distance, e]), declared, BUDGET);
  if (numerator === undefined || usesFunction(numerator, parameter, KINKED)) return undefined;
  const start = valueAt(numerator, parameter, end, declared);
  if (start === undefined || !provesEqual(start, num(0), declared, BUDGET)) return undefined;
  return slopeAt(numerator, parameter, end, declared);
}

/** The value at the end of the range where everything in the expression is known to be defined there. */
function valueAt(e: Expr, parameter: Sym, end: Num, declared: Declarations): Expr | undefined {
  const put = (part: Expr): Expr => substitute(part, [[parameter, end]]);
  const open: Declarations = {
    ...declared,
    parameters: { ...declared.parameters, [parameter.name]: 'real' },
    facts: declared.facts.filter(({ of }) => !mentions(of, parameter)),
  };
  const isDefined = needs(e, open).every(
    ({ kind, of }) =>
      !mentions(of, parameter) || kind === 'integer' || GOOD[kind].has(signOfExpr(put(of), open, BUDGET)),
  );
  return isDefined ? canonical(put(e), open, BUDGET) : undefined;
}

const GOOD = {
  positive: new Set<string>(['positive']),
  nonnegative: new Set<string>(['zero', 'positive', 'nonnegative']),
  nonzero: new Set<string>(['positive', 'negative']),
} as const;

/** A positive datum whose logarithm is the distance from the end: what has a derivative here are data. */
const STEP = 'step from the end';
const STEP_DATUM: Datum = {
  is: 'positive',
  shapes: [['response']],
  distribution: false,
  prompt: false,
  policy: false,
};

function slopeAt(e: Expr, parameter: Sym, end: Num, declared: Declarations): Expr | undefined {
  const step = apply(STEP, [CHOSEN]);
  const known = { ...declared, data: { ...declared.data, [STEP]: STEP_DATUM } };
  const moved = substitute(e, [[parameter, add([end, log(step)])]]);
  const slope = thaw(differentiate(moved, step));
  const atEnd = rebuild(slope, (node) => (node.kind === 'apply' && node.name === STEP ? num(1) : node));
  return canonical(atEnd, known, BUDGET);
}
