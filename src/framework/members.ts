/** A loss taken apart: logistic losses times weights, and what is left. */

import type { Declarations } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { add, minus, mul, num } from '../expr/expr.ts';
import { isOne, MINUS_ONE, ONE, sameRational, times } from '../expr/rational.ts';
import { canonical, logisticLogit, signOfExpr, termsOf } from '../forms/canonise.ts';
import { product, total } from '../forms/collect.ts';
import { constantFirst } from './prior.ts';
import { usesPolicy } from './tier.ts';

/** weight * -log(sigmoid(logit)). */
export interface Member {
  readonly weight: Expr;
  readonly logit: Expr;
}

export interface Parts {
  readonly members: readonly Member[];
  /** The sum of all other terms; zero where there are none. */
  readonly rest: Expr;
}

/** More terms than that are no sum that anybody wrote down. */
const MOST_TERMS = 40;

/** The logistic losses that a loss is a sum of, from the terms as they are written, else from the canonical ones. */
export function partsOf(loss: Expr, declared: Declarations): Parts {
  const written = sorted(termsAsWritten(loss, declared), declared);
  if (written.members.length > 0) return written;
  const others = termsOf(loss, declared) ?? [];
  return others.length <= MOST_TERMS ? sorted(others, declared) : written;
}

/** The terms of a sum, products with one sum as a factor multiplied out. */
export function termsAsWritten(e: Expr, declared: Declarations): readonly Expr[] {
  if (e.kind === 'add') return e.terms.flatMap((term) => termsAsWritten(term, declared));
  if (e.kind === 'freeze') return [e];
  const [only, another] = e.kind === 'mul' ? e.factors.filter((f) => isLive(f, declared)) : [];
  if (e.kind !== 'mul' || only === undefined || another !== undefined) return [e];
  const inner = termsAsWritten(only, declared);
  const beside = e.factors.filter((f) => f !== only);
  return inner.length === 1 ? [e] : inner.flatMap((term) => termsAsWritten(mul([...beside, term]), declared));
}

/** Whether the policy enters outside stop-gradients. */
const isLive = (e: Expr, declared: Declarations): boolean => e.kind !== 'freeze' && usesPolicy(e, declared);

function sorted(all: readonly Expr[], declared: Declarations): Parts {
  const members: Member[] = [];
  const rest: Expr[] = [];
  for (const term of all) {
    const member = memberOf(term, declared);
    if (member === undefined) rest.push(term);
    else join(members, member, declared);
  }
  const kept = members.filter(({ weight }) => signOfExpr(weight, declared) !== 'zero');
  return righted({ members: kept, rest: canonical(total(rest), declared) ?? total(rest) }, declared);
}

/**
 * -log(sigmoid(u)) is -log(sigmoid(-u)) - u: a member is turned round where that leaves fewer further terms, so that
 * a loss that is nothing but logistic losses is seen to be.
 */
function righted({ members, rest }: Parts, declared: Declarations): Parts {
  const turned = [...members];
  let left = rest;
  let terms = countOf(left, declared);
  for (const [i, { weight, logit }] of members.entries()) {
    if (terms === 0) break;
    const without = add([left, minus(mul([weight, logit]))]);
    const fewer = countOf(without, declared);
    if (fewer >= terms) continue;
    turned[i] = { weight, logit: canonical(minus(logit), declared) ?? minus(logit) };
    left = canonical(without, declared) ?? without;
    terms = fewer;
  }
  return { members: turned, rest: left };
}

const countOf = (e: Expr, declared: Declarations): number =>
  termsOf(e, declared)?.length ?? Number.POSITIVE_INFINITY;

/** A product in which one factor is a logistic loss, or minus one. */
function memberOf(term: Expr, declared: Declarations): Member | undefined {
  const factors = flat(term);
  for (const [i, factor] of factors.entries()) {
    if (factor.kind === 'num' || !isLive(factor, declared)) continue;
    const beside = factors.toSpliced(i, 1);
    const plain = logitOf(factor, declared);
    if (plain !== undefined) return { weight: weightOf(beside), logit: plain };
    const negative = logitOf(minus(factor), declared);
    if (negative !== undefined) {
      return { weight: weightOf([num(-1), ...beside]), logit: negative };
    }
  }
  return undefined;
}

/** By canonical form, or where that hides it as written. */
const logitOf = (e: Expr, declared: Declarations): Expr | undefined =>
  logisticLogit(e, declared) ?? writtenLogit(e);

/** The logit as it is written: of softplus(-u), -logsigmoid(u), -log(sigmoid(u)). */
export function writtenLogit(e: Expr): Expr | undefined {
  if (e.kind === 'call' && e.fn === 'softplus') return e.args.map(minus)[0];
  const [first, of, another] = e.kind === 'mul' ? e.factors : [];
  const isMinus = first?.kind === 'num' && sameRational(first.value, MINUS_ONE) && another === undefined;
  if (!isMinus || of?.kind !== 'call') return undefined;
  const [inner] = of.args;
  if (of.fn === 'logsigmoid') return inner;
  return of.fn === 'log' && inner?.kind === 'call' && inner.fn === 'sigmoid' ? inner.args[0] : undefined;
}

const flat = (e: Expr): readonly Expr[] => (e.kind === 'mul' ? e.factors.flatMap(flat) : [e]);

/** A weight as it is written, its numbers multiplied. */
function weightOf(factors: readonly Expr[]): Expr {
  const number = factors.reduce((c, f) => (f.kind === 'num' ? times(c, f.value) : c), ONE);
  const others = factors.filter((f) => f.kind !== 'num');
  return product(isOne(number) && others.length > 0 ? others : [num(number), ...others]);
}

/** Members of one logit become one. */
function join(members: Member[], member: Member, declared: Declarations): void {
  const i = members.findIndex(({ logit }) => isZero(add([logit, minus(member.logit)]), declared));
  const before = members[i];
  if (before === undefined) members.push(member);
  else members[i] = { ...before, weight: constantFirst(add([before.weight, member.weight]), declared) };
}

const isZero = (e: Expr, declared: Declarations): boolean => {
  const found = canonical(e, declared);
  return found?.kind === 'num' && found.value.n === 0n;
};

/** Whether two logits are each other's opposite, as those of the two labels are. */
export const areOpposite = (a: Member, b: Member, declared: Declarations): boolean =>
  isZero(add([a.logit, b.logit]), declared);
