/** A loss as a function of one logit: which logit, and which function. */

import { occursFree } from '../expr/binder.ts';
import type { Declarations } from '../expr/declare.ts';
import type { Expr, Sym, Var } from '../expr/expr.ts';
import { add, divide, minus, mul, sym } from '../expr/expr.ts';
import { children, mapChildren, nodes, size, some } from '../expr/walk.ts';
import { canonical, signOfExpr, termsOf } from '../forms/canonise.ts';
import { collect, hasData, product, total } from '../forms/collect.ts';
import { CHOSEN, interaction, REJECTED, vanishes } from './score.ts';
import { usesPolicy } from './tier.ts';

export interface Linked {
  readonly logit: Expr;
  /** The argument of the link: a name that the loss does not use. */
  readonly argument: Sym;
  /** The loss with the logit replaced by the argument; no policy is left in it. */
  readonly link: Expr;
}

/** How many sub-expressions are tried as a logit. */
const MOST_CANDIDATES = 16;

/**
 * The logit that a loss is a function of, and that function. A logit is any sub-expression, written or canonical,
 * such that nothing of the policy is left once it and its affine images are replaced; a separable one is preferred,
 * then the largest. Undefined where none does.
 */
export function linkedTo(
  loss: Expr,
  declared: Declarations,
  responses: readonly Var[] = [CHOSEN, REJECTED],
): Linked | undefined {
  const argument = unusedName(loss, 'u');
  const written = linkedIn(loss, argument, responses, declared);
  if (written !== undefined) return written;
  const form = canonical(loss, declared);
  return form === undefined ? undefined : linkedIn(form, argument, responses, declared);
}

function unusedName(loss: Expr, wanted: string): Sym {
  const isTaken = (name: string): boolean =>
    some(loss, (node) => 'name' in node && node.name === name);
  let name = wanted;
  for (let k = 1; isTaken(name); k++) name = `${wanted}_${k}`;
  return sym(name);
}

function linkedIn(
  loss: Expr,
  argument: Sym,
  responses: readonly Var[],
  declared: Declarations,
): Linked | undefined {
  const made: Linked[] = [];
  for (const logit of candidates(loss, responses, declared)) {
    const link = replaced(loss, leadOf(logit, declared), argument, declared);
    if (link === undefined) continue;
    const linked: Linked = { logit, argument, link };
    if (responses.length < 2 || vanishes(interaction(logit), declared).answer === 'proved') return linked;
    made.push(linked);
  }
  return made.at(-1);
}

/** Sums and products with the policy at all the responses, largest first, constants dropped, chosen up. */
function candidates(loss: Expr, responses: readonly Var[], declared: Declarations): readonly Expr[] {
  const found = [...nodes(loss)]
    .map(([node]) => node)
    .filter((node) => node.kind === 'add' || node.kind === 'mul' || node.kind === 'call')
    .filter((node) => isOf(node, responses) && usesPolicy(node, declared))
    .sort((a, b) => size(b) - size(a))
    .slice(0, MOST_CANDIDATES);
  return found.flatMap((node) => {
    const own = termsOf(node, declared)?.filter(hasData) ?? [];
    const logit = collect(upright(total(own), declared), declared);
    return logit === undefined || !isOf(logit, responses) ? [] : [logit];
  });
}

const isOf = (e: Expr, responses: readonly Var[]): boolean => responses.every((y) => occursFree(e, y));

/** The logit or its negative: the one in which the first policy term of the chosen response counts positively. */
function upright(logit: Expr, declared: Declarations): Expr {
  const leading = termsOf(logit, declared)?.find(
    (term) => usesPolicy(term, declared) && occursFree(term, CHOSEN),
  );
  const factors = leading?.kind === 'mul' ? leading.factors : [leading];
  const coefficient = factors.filter((f) => f !== undefined && !usesPolicy(f, declared));
  const sign = signOfExpr(product(coefficient.flatMap((f) => (f === undefined ? [] : [f]))), declared);
  return sign === 'negative' || sign === 'nonpositive' ? minus(logit) : logit;
}

/** A logit with its leading policy term, by which its multiples are known. */
interface Lead {
  readonly logit: Expr;
  readonly term: Expr | undefined;
}
const leadOf = (logit: Expr, declared: Declarations): Lead => ({ logit, term: leading(logit, declared) });
const leading = (e: Expr, declared: Declarations): Expr | undefined =>
  termsOf(e, declared)?.find((term) => usesPolicy(term, declared));

/** `e` with every k * logit + m, for k and m free of the policy, replaced; undefined where the policy stays. */
function replaced(e: Expr, lead: Lead, by: Sym, declared: Declarations): Expr | undefined {
  if (!usesPolicy(e, declared)) return e;
  const affine = asMultiple(e, lead, by, declared);
  if (affine !== undefined) return affine;
  if (e.kind === 'apply' || e.kind === 'sum') return undefined;
  if (e.kind === 'add') return ofSum(e.terms, lead, by, declared);
  const parts = children(e).map((part) => replaced(part, lead, by, declared));
  if (parts.includes(undefined)) return undefined;
  return mapChildren(e, (part, i) => parts[i] ?? part);
}

/** The terms that are functions of the logit each, and the others together as a multiple of it. */
function ofSum(terms: readonly Expr[], lead: Lead, by: Sym, declared: Declarations): Expr | undefined {
  const own = terms.map((term) => replaced(term, lead, by, declared));
  const left = terms.filter((_, i) => own[i] === undefined);
  const done = own.filter((term) => term !== undefined);
  if (left.length === 0) return total(done);
  const together = left.length === terms.length ? undefined : asMultiple(total(left), lead, by, declared);
  return together === undefined ? undefined : total([...done, together]);
}

function asMultiple(e: Expr, { logit, term }: Lead, by: Sym, declared: Declarations): Expr | undefined {
  const own = leading(e, declared);
  if (own === undefined || term === undefined) return undefined;
  const slope = canonical(divide(own, term), declared);
  if (slope === undefined || usesPolicy(slope, declared) || mentionsResponse(slope)) return undefined;
  const offset = canonical(add([e, minus(mul([slope, logit]))]), declared);
  if (offset === undefined || usesPolicy(offset, declared)) return undefined;
  const isNought = offset.kind === 'num' && offset.value.n === 0n;
  const one = slope.kind === 'num' && slope.value.n === 1n && slope.value.d === 1n;
  const scaled = one ? by : mul([slope, by]);
  return isNought ? scaled : add([offset, scaled]);
}

const mentionsResponse = (e: Expr): boolean => occursFree(e, CHOSEN) || occursFree(e, REJECTED);
