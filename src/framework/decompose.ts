/** A loss that is not logistic in one logit, taken apart as far as that goes. */

import type { Declarations } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { call, minus, num, subtract, sym } from '../expr/expr.ts';
import { isZero, plus, ZERO } from '../expr/rational.ts';
import { some } from '../expr/walk.ts';
import type { Alternative } from '../forms/alternative.ts';
import { under } from '../forms/alternative.ts';
import { canonical, termsOf } from '../forms/canonise.ts';
import { collect, hasData, product, total } from '../forms/collect.ts';
import { solve } from '../forms/solve.ts';
import type { Linked } from './link.ts';
import { linkedTo } from './link.ts';
import { standingOf } from './logit.ts';
import type { Member, Parts } from './members.ts';
import { areOpposite, termsAsWritten } from './members.ts';
import { nearestOf } from './nearest.ts';
import type { Link, Outside, Why } from './outside.ts';
import { NOTHING } from './outside.ts';
import type { Role } from './score.ts';
import { CHOSEN, cocycle, REJECTED, roleOf, scoresOf, vanishes } from './score.ts';
import { shapeOf } from './shape.ts';
import { isSmaller, usesPolicy } from './tier.ts';

/** A loss without a logit of its own. */
export function outsideOf(loss: Expr, parts: Parts, declared: Declarations): Outside {
  const line = lineOf(loss, declared);
  if (line !== undefined) return linkOutside(line, parts, declared);
  const terms = unpairedTerms(loss, declared);
  if (terms !== undefined) return unpaired(terms, declared);
  const found = ofMembers(loss, parts, declared);
  if (found !== undefined) return found;
  const linked = linkedTo(loss, declared);
  if (linked !== undefined) return linkOutside(linked, parts, declared);
  return besides(loss, declared) ?? { ...NOTHING, why: some(loss, isCall) ? 'link' : 'pair-coupled' };
}

function linkOutside(linked: Linked, parts: Parts, declared: Declarations): Outside {
  return {
    ...NOTHING,
    why: 'link',
    link: linkOf(linked, declared),
    inner: standingOf(linked.logit, declared),
    nearest: nearestOf('logistic-link', linked.logit, undefined, declared),
    ways: waysOf(parts, declared),
  };
}

const linkOf = ({ argument, link: formula }: Linked, declared: Declarations): Link => ({
  argument,
  formula,
  ...shapeOf(formula, argument, declared),
});

/** A function of one logit, and further terms that are about one response each. */
function besides(loss: Expr, declared: Declarations): Outside | undefined {
  const written = termsAsWritten(loss, declared);
  const rest = total(written.filter((term) => roleOf(term) !== 'both'));
  const paired = written.filter((term) => roleOf(term) === 'both');
  const linked = isNought(rest) || paired.length === 0 ? undefined : linkedTo(total(paired), declared);
  if (linked === undefined) return undefined;
  const inner = standingOf(linked.logit, declared);
  const nearest = nearestOf('logistic-link-without-rest', linked.logit, rest, declared);
  return { ...NOTHING, why: 'regulariser', link: linkOf(linked, declared), inner, rest, nearest };
}

const isCall = (e: Expr): boolean => e.kind === 'call';

/** The loss as a linear function of a logit: s(l) - s(w) up to a constant. */
function lineOf(loss: Expr, declared: Declarations): Linked | undefined {
  const terms = termsOf(loss, declared) ?? [];
  const moving = total(terms.filter((term) => roleOf(term) !== 'neither'));
  const fixed = terms.filter((term) => roleOf(term) === 'neither');
  if (scoresOf(moving, declared) === undefined) return undefined;
  if (vanishes(cocycle(moving), declared).answer !== 'proved') return undefined;
  const argument = sym('u');
  const logit = collect(minus(moving), declared) ?? minus(moving);
  return { logit, argument, link: total([...fixed, minus(argument)]) };
}

/** What the loss says of each response, where no term needs both: as it is written, else in canonical terms. */
function unpairedTerms(loss: Expr, declared: Declarations): Outside['terms'] {
  const isApart = (terms: readonly Expr[]): boolean => terms.every((term) => roleOf(term) !== 'both');
  const written = termsAsWritten(loss, declared);
  const terms = isApart(written) ? written : (termsOf(loss, declared) ?? [loss]);
  if (!isApart(terms)) return undefined;
  const of = (...roles: readonly Role[]): Expr =>
    constantsTogether(terms.filter((term) => roles.includes(roleOf(term))));
  return { chosen: of('chosen', 'neither'), rejected: of('rejected') };
}

/** A sum whose numbers are added up. */
function constantsTogether(terms: readonly Expr[]): Expr {
  const number = terms.reduce((sum, e) => (e.kind === 'num' ? plus(sum, e.value) : sum), ZERO);
  const others = terms.filter((e) => e.kind !== 'num');
  return total(isZero(number) ? others : [num(number), ...others]);
}

/** Each response under a link of its own: the two arguments together are a logit of the pair. */
function unpaired(terms: NonNullable<Outside['terms']>, declared: Declarations): Outside {
  const up = linkedTo(terms.chosen, declared, [CHOSEN])?.logit;
  const down = linkedTo(terms.rejected, declared, [REJECTED])?.logit;
  const together = up === undefined || down === undefined ? undefined : subtract(up, down);
  const nearest = together === undefined ? undefined : nearestOf('paired', together, undefined, declared);
  return { ...NOTHING, why: 'unpaired', terms, nearest };
}

/** A weighted sum of logistic losses, and more; undefined where no logistic loss is in it. */
function ofMembers(loss: Expr, parts: Parts, declared: Declarations): Outside | undefined {
  const { members, rest } = parts;
  const [first, ...others] = members;
  if (first === undefined) return undefined;
  const oneLogit = others.every((member) => areOpposite(first, member, declared));
  const live = members.some(({ weight }) => usesPolicy(weight, declared) && weight.kind !== 'freeze');
  // With another function of the same logit beside or around it the loss is one link of that logit.
  if (oneLogit && (live || usesPolicy(rest, declared)) && linkedTo(loss, declared) !== undefined)
    return undefined;

  const standings = members.map(({ logit }) => standingOf(logit, declared, 'tier'));
  const best = standings.reduce((a, b) => (isSmaller(b.tier, a.tier) ? b : a));
  const why: Why = isNought(rest) ? (others.length > 0 ? 'mixture' : 'weight') : 'regulariser';
  const drop =
    why === 'regulariser'
      ? rest
      : why === 'weight'
        ? first.weight
        : members.find((_, i) => standings[i] !== best)?.weight;
  const kind = ({ regulariser: 'without-rest', weight: 'without-weight', mixture: 'one-member' } as const)[
    why
  ];
  return {
    ...NOTHING,
    why,
    inner: standingOf(best.logit, declared),
    members: members.map((member, i) => ({ ...member, logit: standings[i]?.logit ?? member.logit })),
    rest: isNought(rest) ? undefined : (collect(rest, declared) ?? rest),
    link:
      why !== 'regulariser' && oneLogit
        ? mixedLink(members, members[standings.indexOf(best)], declared)
        : undefined,
    nearest: nearestOf(kind, best.logit, drop, declared),
    ways: waysOf(parts, declared),
  };
}

const isNought = (e: Expr): boolean => e.kind === 'num' && e.value.n === 0n;

/** Members of one logit and of its opposite as one link of that logit; undefined where a weight depends on data. */
function mixedLink(
  members: readonly Member[],
  upright: Member | undefined,
  declared: Declarations,
): Link | undefined {
  if (members.some(({ weight }) => hasData(weight))) return undefined;
  const argument = sym('u');
  const formula = total(
    members.map((member) => {
      const of = member === upright ? minus(argument) : argument;
      return product([member.weight, call('softplus', [of])]);
    }),
  );
  return { argument, formula, ...shapeOf(formula, argument, declared) };
}

const SOLVING = 500_000;

/** Equations that leave one member with weight one, and nothing else. */
function waysOf({ members, rest }: Parts, declared: Declarations): readonly Alternative[] {
  return members.flatMap((kept) => {
    const gone = members.filter((member) => member !== kept).map(({ weight }) => weight);
    const needs = [subtract(kept.weight, num(1)), ...gone, rest];
    const [first = num(0), ...others] = needs.filter((e) => !isNought(canonical(e, declared) ?? e));
    return solve(first, num(0), declared, SOLVING).filter((alternative) =>
      others.every((e) => isNought(canonical(under(e, alternative, declared), declared) ?? e)),
    );
  });
}
