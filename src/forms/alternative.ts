/** Conditions as data: equations that hold together, and what an expression is where they hold. */

import { same, substitute } from '../expr/binder.ts';
import type { Declarations, Fact } from '../expr/declare.ts';
import { datumOf } from '../expr/declare.ts';
import type { Apply, Expr, Sym } from '../expr/expr.ts';
import { apply, num } from '../expr/expr.ts';
import { isOne } from '../expr/rational.ts';
import { rebuild, some } from '../expr/walk.ts';
import { canonical } from './canonise.ts';
import { withCanonical } from './granted.ts';
import { signOf } from './infer.ts';
import { leafName } from './leaf.ts';
import type { Sign } from './sign.ts';

/** `left` is a hyper-parameter, or the length of a response. */
export interface Equation {
  readonly left: Sym | Apply;
  readonly right: Expr;
}
/** Equations that must hold together; no left side occurs in a right side. */
export type Alternative = readonly Equation[];

/**
 * What an equation is solved for first, and written first: hyper-parameters by name, then lengths, that of the
 * chosen response before that of the rejected one.
 */
export function compareLefts(a: Equation['left'], b: Equation['left']): number {
  if (a.kind !== b.kind) return a.kind === 'sym' ? -1 : 1;
  const [m, n] = [leafName(a), leafName(b)];
  const order = m < n ? -1 : m > n ? 1 : 0;
  return a.kind === 'sym' ? order : -order;
}

/** `e` with every occurrence of the equation's left side replaced. */
export const replace = (e: Expr, { left, right }: Equation): Expr =>
  rebuild(e, (node) => (node.kind === left.kind && same(node, left) ? right : node));

/** What the value of an expression is where all equations of an alternative hold. */
export const under = (e: Expr, alternative: Alternative, declared: Declarations): Expr =>
  alternative.reduce((part, equation) => replace(ofLength(part, equation, declared), equation), e);

/** Sums over the tokens of a response whose length an equation gives: one term, or what they are in terms of the length. */
function ofLength(e: Expr, { left, right }: Equation, declared: Declarations): Expr {
  const [response] = left.kind === 'apply' ? left.args : [];
  const summed = (node: Expr): boolean =>
    response !== undefined &&
    node.kind === 'sum' &&
    node.range.kind === 'tokens' &&
    same(node.range.of, response);
  if (response === undefined || !some(e, summed)) return e;
  const single = right.kind === 'num' && isOne(right.value);
  return single ? ofOneToken(e, response, declared) : (canonical(e, declared) ?? e);
}

/** A response of one token: sums over its tokens have one term, and the probability of that token is its own. */
function ofOneToken(e: Expr, response: Expr, declared: Declarations): Expr {
  const first = num(1);
  const unsummed = rebuild(e, (node) =>
    node.kind === 'sum' && node.range.kind === 'tokens' && same(node.range.of, response)
      ? substitute(node.body, [[node.index, first]])
      : node,
  );
  return rebuild(unsummed, (node) => {
    if (node.kind !== 'apply' || node.args.length !== 2) return node;
    const [of, token] = node.args;
    const whole = of !== undefined && same(of, response) && token !== undefined && same(token, first);
    return whole && datumOf(declared, node.name)?.distribution === true ? apply(node.name, [of]) : node;
  });
}

/** Whether an alternative is about hyper-parameters alone. */
export const isParametric = (alternative: Alternative): boolean =>
  alternative.every(({ left, right }) => left.kind === 'sym' && !mentionsData(right));

const mentionsData = (e: Expr): boolean => some(e, ({ kind }) => kind === 'apply');

/** Whether an alternative is excluded by what is granted. */
export const contradicts = (
  alternative: Alternative,
  { facts, ...rest }: Declarations,
  budget: number,
): boolean =>
  facts.some(({ kind, of }) => {
    const put = alternative.reduce<Expr>(replace, of);
    if (put === of) return false;
    const sign = withCanonical(put, { ...rest, facts: [] }, budget, signOf) ?? 'unknown';
    return EXCLUDED[kind].includes(sign);
  });

/** Whether the domains alone bar a fact. */
export const failsAlways = ({ kind, of }: Fact, declared: Declarations): boolean =>
  EXCLUDED[kind].includes(withCanonical(of, { ...declared, facts: [] }, FACT_BUDGET, signOf) ?? 'unknown');
const FACT_BUDGET = 20_000;

const EXCLUDED: Readonly<Record<Fact['kind'], readonly Sign[]>> = {
  positive: ['zero', 'nonpositive', 'negative'],
  nonnegative: ['negative'],
  nonzero: ['zero'],
  integer: [],
};
