/** A loss that is not logistic in one logit: why not, what it is made of, and the smallest change that brings it in. */

import type { Declarations } from '../expr/declare.ts';
import { BUILT_IN } from '../expr/declare.ts';
import type { Expr, Sym } from '../expr/expr.ts';
import { add, call, minus, num, subtract, sym } from '../expr/expr.ts';
import { nodes, rebuild, some } from '../expr/walk.ts';
import { canonical, termsOf } from '../forms/canonise.ts';
import { collect, product, total } from '../forms/collect.ts';
import type { Alternative } from '../forms/solve.ts';
import { solve } from '../forms/solve.ts';
import { under } from './conditions.ts';
import type { Linked } from './link.ts';
import { linkedTo } from './link.ts';
import type { Standing } from './logit.ts';
import { standingOf } from './logit.ts';
import type { Member, Parts } from './members.ts';
import { areOpposite, termsAsWritten } from './members.ts';
import type { Role } from './score.ts';
import { CHOSEN, cocycle, coupling, REJECTED, roleOf, scoresOf, vanishes } from './score.ts';
import type { Shape } from './shape.ts';
import { shapeOf } from './shape.ts';
import { isSmaller, type Tier, usesPolicy } from './tier.ts';

export type Why =
  | 'link'
  | 'mixture'
  | 'regulariser'
  | 'weight'
  | 'pair-coupled'
  | 'batch-coupled'
  | 'unpaired'
  | 'not-a-loss';

/** A function of one real argument, written in that argument. */
export interface Link extends Shape {
  readonly argument: Sym;
  readonly formula: Expr;
}

/** One change, and the logit that then stands under the log-sigmoid alone. */
export interface Nearest {
  readonly kind:
    | 'logistic-link'
    | 'without-rest'
    | 'one-member'
    | 'without-weight'
    | 'without-coupling'
    | 'fixed-statistic'
    | 'paired';
  /** What is taken away; undefined where something is put in its place. */
  readonly drop: Expr | undefined;
  readonly logit: Expr;
  readonly tier: Tier;
}

export interface Outside {
  readonly why: Why;
  /** Pair-coupled: what must vanish for all responses. */
  readonly residual: Expr | undefined;
  /** The link, where the loss is a function of one logit. */
  readonly link: Link | undefined;
  /** The logit, with the prior that it would have under the logistic link. */
  readonly inner: Standing | undefined;
  /** Logistic losses that the loss is a weighted sum of, besides `rest`. */
  readonly members: readonly Member[];
  readonly rest: Expr | undefined;
  /** Unpaired: what the loss says of each response. */
  readonly terms: { readonly chosen: Expr; readonly rejected: Expr } | undefined;
  readonly nearest: Nearest | undefined;
  /** Each set of equations makes the loss another one, which may be inside. */
  readonly ways: readonly Alternative[];
}

const NOTHING = {
  residual: undefined,
  link: undefined,
  inner: undefined,
  members: [],
  rest: undefined,
  terms: undefined,
  nearest: undefined,
  ways: [],
} as const satisfies Omit<Outside, 'why'>;

export const notALoss: Outside = { ...NOTHING, why: 'not-a-loss' };

/** A logit with terms that mention both responses: without them it is separable. */
export function coupledOutside(standing: Standing, declared: Declarations): Outside {
  const drop = coupling(standing.logit, declared);
  const left = subtract(standing.logit, drop);
  const known = { ...NOTHING, why: 'pair-coupled', residual: standing.residual, inner: standing } as const;
  return { ...known, nearest: nearestOf('without-coupling', left, drop, declared) };
}

/** The statistics of a batch that an expression uses: declared data that belong to no response, token or prompt. */
export const statisticsIn = (e: Expr): readonly Expr[] =>
  [...nodes(e)].flatMap(([node]) =>
    node.kind === 'apply' && node.args.length === 0 && !Object.hasOwn(BUILT_IN, node.name) ? [node] : [],
  );

/** A logit that moves with the rest of the batch: with the statistic a constant, it is what `inner` says. */
export function batchOutside(logit: Expr, declared: Declarations): Outside {
  const names = new Set<string>();
  const fixed = rebuild(logit, (node) => {
    if (statisticsIn(node)[0] !== node || node.kind !== 'apply') return node;
    names.add(node.name);
    return sym(node.name);
  });
  const nearest = nearestOf('fixed-statistic', fixed, undefined, declared);
  return { ...NOTHING, why: 'batch-coupled', inner: standingOf(fixed, declared, 'these'), nearest };
}

/** The change that leaves -log(sigmoid(logit)); undefined where that is no loss or still outside. */
function nearestOf(
  kind: Nearest['kind'],
  logit: Expr,
  drop: Expr | undefined,
  declared: Declarations,
): Nearest | undefined {
  const form = canonical(logit, declared);
  if (form === undefined || !usesPolicy(form, declared)) return undefined;
  const { tier, logit: written } = standingOf(form, declared, 'these');
  return tier === 'outside' ? undefined : { kind, drop, logit: written, tier };
}

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
  return { ...NOTHING, why: 'regulariser', link: linkOf(linked, declared), inner, rest };
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
  const of = (...roles: readonly Role[]): Expr => total(terms.filter((term) => roles.includes(roleOf(term))));
  return { chosen: of('chosen', 'neither'), rejected: of('rejected') };
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

  const standings = members.map(({ logit }) => standingOf(logit, declared, 'these'));
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
    link: why === 'mixture' && oneLogit ? mixedLink(members, declared) : undefined,
    nearest: nearestOf(kind, best.logit, drop, declared),
    ways: waysOf(parts, declared),
  };
}

const isNought = (e: Expr): boolean => e.kind === 'num' && e.value.n === 0n;

/** (sum of weights) as a link of the logit of the first member: its opposite takes the opposite argument. */
function mixedLink(members: readonly Member[], declared: Declarations): Link | undefined {
  const argument = sym('u');
  const [first] = members;
  if (first === undefined || members.some(({ weight }) => some(weight, (e) => e.kind === 'apply'))) {
    return undefined;
  }
  const formula = add(
    members.map((member) => {
      const of = member === first ? minus(argument) : argument;
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
      others.every((e) => isNought(canonical(under(e, alternative), declared) ?? e)),
    );
  });
}
