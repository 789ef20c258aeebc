/** A loss as a function of one logit: which logit, and which function. */

import { occursFree, same, substitute } from '../expr/binder.ts';
import type { Declarations } from '../expr/declare.ts';
import type { Expr, Sym, Var } from '../expr/expr.ts';
import { add, apply, call, divide, minus, mul, num, subtract, sym } from '../expr/expr.ts';
import type { Rational } from '../expr/rational.ts';
import { invert, negate, ONE } from '../expr/rational.ts';
import { children, mapChildren, nodes, size, some } from '../expr/walk.ts';
import { canonical, linearInLog, signOfExpr, termsOf } from '../forms/canonise.ts';
import { collect, hasData, product, total } from '../forms/collect.ts';
import { provesEqual } from '../forms/decide.ts';
import { CHOSEN, REJECTED, scoresOf } from './score.ts';
import { usesPolicy } from './tier.ts';
import { formalLogit } from './unserved.ts';

export interface Linked {
  readonly logit: Expr;
  /** The argument of the link: a name that the loss does not use. */
  readonly argument: Sym;
  /** The loss with the logit replaced by the argument; no policy is left in it. */
  readonly link: Expr;
}

/** Work for one canonical form: what takes more is no logit, and no function of one that anybody wrote. */
const BUDGET = 30_000;

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
  const form = canonical(loss, declared, BUDGET);
  return form === undefined ? undefined : linkedIn(form, argument, responses, declared);
}

function unusedName(loss: Expr, wanted: string): Sym {
  const isTaken = (name: string): boolean => some(loss, (node) => 'name' in node && node.name === name);
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
  const all = candidates(loss, responses, declared);
  const [only, another] = responses;
  // Of one response alone, whatever moves with its log-probability is a score: a line is preferred.
  const isSeparable = (logit: Expr): boolean =>
    only !== undefined && another === undefined
      ? isLinear(logit, only, declared)
      : scoresOf(logit, declared) !== undefined;
  const [separable, coupled] = [all.filter(isSeparable), all.filter((logit) => !isSeparable(logit))];
  const made = (logit: Expr): Linked | undefined => {
    const link = replaced(loss, leadOf(logit, declared), argument, declared);
    return link === undefined ? undefined : { logit, argument, link };
  };
  let best: Linked | undefined;
  for (const logit of separable) {
    const linked = made(logit);
    if (linked === undefined) continue;
    // Of u and u/tau the logit is the one that needs fewer factors in the link; of two such, the shorter one.
    if (factorsBeside(linked) === 0) return linked;
    if (best === undefined || factorsBeside(linked) <= factorsBeside(best)) best = linked;
  }
  if (best !== undefined) return best;
  // Any loss is a line of itself: only a bent link says something of a coupled logit.
  return coupled
    .toReversed()
    .map(made)
    .find((linked) => linked !== undefined && !isLine(linked, declared));
}

/** How often the argument stands in the link with a factor of its own. */
const factorsBeside = ({ link, argument }: Linked): number =>
  [...nodes(link)].filter(
    ([node]) =>
      node.kind === 'mul' &&
      node.factors.includes(argument) &&
      node.factors.some((f) => f !== argument && f.kind !== 'num'),
  ).length;

function isLinear(score: Expr, y: Var, declared: Declarations): boolean {
  const parts = linearInLog(score, apply('pi', [y]), declared);
  return parts !== undefined && !usesPolicy(parts.slope, declared) && !usesPolicy(parts.offset, declared);
}

/** Whether the link is affine in its argument, as it is written. */
const isLine = ({ link, argument }: Linked, declared: Declarations): boolean =>
  (termsOf(link, declared) ?? []).every(
    (term) =>
      !occursFree(term, argument) ||
      same(term, argument) ||
      (term.kind === 'mul' && term.factors.every((f) => same(f, argument) || !occursFree(f, argument))),
  );

/** Sums and products with the policy at all the responses, largest first, constants dropped, chosen up. */
function candidates(loss: Expr, responses: readonly Var[], declared: Declarations): readonly Expr[] {
  const found = [...nodes(loss)]
    .map(([node]) => node)
    .filter((node) => node.kind === 'add' || node.kind === 'mul' || node.kind === 'call')
    .filter((node) => isOf(node, responses) && usesPolicy(node, declared))
    .sort((a, b) => size(b) - size(a))
    .slice(0, MOST_CANDIDATES);
  const logits: Expr[] = [];
  for (const node of found) {
    const own = termsOf(node, declared, BUDGET)?.filter(hasData) ?? [];
    if (own.length > MOST_TERMS) continue;
    const logit = collect(scaled(total(own), declared), declared);
    if (logit !== undefined && isOf(logit, responses) && !logits.some((other) => same(other, logit)))
      logits.push(logit);
  }
  return logits;
}

/** A logit of more terms is a power that was multiplied out. */
const MOST_TERMS = 40;

const isOf = (e: Expr, responses: readonly Var[]): boolean => responses.every((y) => occursFree(e, y));

/** A multiple of the logit in which the first policy term counts with a positive coefficient, one if it is a number. */
function scaled(logit: Expr, declared: Declarations): Expr {
  const coefficient = coefficientOf(logit, declared);
  const number = coefficient.find((f) => f.kind === 'num');
  const size = number?.kind === 'num' ? invert(absolute(number.value)) : ONE;
  const sign = signOfExpr(product(coefficient), declared);
  return mul([num(sign === 'negative' || sign === 'nonpositive' ? negate(size) : size), logit]);
}

/** The factors beside the first policy term, of the chosen response where it occurs. */
function coefficientOf(logit: Expr, declared: Declarations): readonly Expr[] {
  const terms = termsOf(logit, declared)?.filter((term) => usesPolicy(term, declared)) ?? [];
  const first = terms.find((term) => occursFree(term, CHOSEN)) ?? terms[0];
  return first?.kind === 'mul' ? first.factors.filter((f) => !usesPolicy(f, declared)) : [];
}

const absolute = (a: Rational): Rational => (a.n < 0n ? negate(a) : a);

/** A logit with its leading policy term, by which its multiples are known. */
interface Lead {
  readonly logit: Expr;
  readonly term: Expr | undefined;
}
const leadOf = (logit: Expr, declared: Declarations): Lead => ({ logit, term: leading(logit, declared) });
const leading = (e: Expr, declared: Declarations): Expr | undefined =>
  termsOf(e, declared, BUDGET)?.find((term) => usesPolicy(term, declared));

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
  const slope = canonical(divide(own, term), declared, BUDGET);
  if (slope === undefined || usesPolicy(slope, declared) || mentionsResponse(slope)) return undefined;
  const offset = canonical(add([e, minus(mul([slope, logit]))]), declared, BUDGET);
  if (offset === undefined || usesPolicy(offset, declared)) return undefined;
  const isNought = offset.kind === 'num' && offset.value.n === 0n;
  const one = slope.kind === 'num' && slope.value.n === 1n && slope.value.d === 1n;
  const multiple = one ? by : mul([slope, by]);
  return isNought ? multiple : add([offset, multiple]);
}

/**
 * The logit of a loss whose link is the logistic one in a spelling by cases, as numerically stable code has it:
 * max(u, 0) - u + log(1 + exp(-|u|)) is softplus(-u). The candidate is read off on one side of a kink, and then
 * proved everywhere.
 */
export function logisticUnderneath(
  { logit, argument, link }: Linked,
  declared: Declarations,
): Expr | undefined {
  const [kink] = [...nodes(link)].flatMap(([e]) => kinkOf(e));
  if (kink === undefined) return undefined;
  const above = { ...declared, facts: [...declared.facts, { kind: 'positive', of: kink } as const] };
  const inside = canonical(minus(formalLogit(link)), above, BUDGET);
  if (inside === undefined || some(inside, (e) => e.kind === 'call' && e.fn !== 'log')) return undefined;
  const candidate = minus(inside);
  if (!provesEqual(link, call('softplus', [minus(candidate)]), declared)) return undefined;
  return substitute(candidate, [[argument, logit]]);
}

/** What changes sign where a function has a kink. */
function kinkOf(e: Expr): readonly Expr[] {
  if (e.kind !== 'call') return [];
  const [first, second] = e.args;
  if (first === undefined) return [];
  if (e.fn === 'abs' || e.fn === 'relu') return [first];
  return (e.fn === 'max' || e.fn === 'min') && second !== undefined ? [subtract(first, second)] : [];
}

const mentionsResponse = (e: Expr): boolean => occursFree(e, CHOSEN) || occursFree(e, REJECTED);
