/** Families beside the framework that a loss belongs to, each decided from its canonical form. */

import { occursFree, substitute } from '../expr/binder.ts';
import type { Declarations } from '../expr/declare.ts';
import { datumOf } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { add, apply, log, mul, num, variable } from '../expr/expr.ts';
import { some } from '../expr/walk.ts';
import { canonical, termsOf } from '../forms/canonise.ts';
import { collect, total } from '../forms/collect.ts';
import { provesEqual } from '../forms/decide.ts';
import { differentiate } from '../forms/differentiate.ts';
import { thaw } from '../forms/gradient.ts';
import type { Answer } from './claim.ts';
import type { Core } from './core.ts';
import { coreOf } from './core.ts';
import { statisticsIn } from './coupled.ts';
import type { Divergence } from './divergence.ts';
import { divergenceOf, referencesIn } from './divergence.ts';
import type { Membership } from './membership.ts';
import type { Role } from './score.ts';
import { CHOSEN, REJECTED, RESPONSE, roleOf, scoresOf } from './score.ts';
import { usesPolicy } from './tier.ts';

export const FAMILIES = [
  /** A convex function of a DPO logit (Tang et al. 2024). */
  'gpo',
  /** A square of a DPO logit minus a constant. */
  'ipo',
  /** The score is a function of pi/ref alone (Wang et al. 2023). */
  'f-dpo',
  /** The probability of a ranking of two items under one score. */
  'plackett-luce',
  /** A sum of a term for each response. */
  'pointwise',
  /** Single tokens enter, not only whole responses. */
  'token-level',
  /** No distribution besides the policy. */
  'reference-free',
  /** The log-probability counts per token. */
  'length-normalised',
  /** The chosen response has to win by something that the policy does not move. */
  'margin',
] as const;
export type FamilyId = (typeof FAMILIES)[number];

export interface Family {
  readonly id: FamilyId;
  readonly answer: 'yes' | 'no' | 'undecided';
  /** The link, the margin, or f' in the ratio r: what makes it one. */
  readonly by: Expr | undefined;
  readonly divergence: Divergence | undefined;
}

export function familiesOf(loss: Expr, membership: Membership, declared: Declarations): readonly Family[] {
  const core = coreOf(membership);
  const form = canonical(core?.logit ?? loss, declared) ?? core?.logit ?? loss;
  const divergence = core === undefined ? undefined : divergenceOfLogit(core, declared);
  const margin = core === undefined ? undefined : marginOf(core.logit, declared);
  const link = core === undefined || typeof core.link === 'string' ? undefined : core.link;
  const onDpo = core !== undefined && isDpoLogit(core, declared);
  const family = (id: FamilyId, holds: boolean, more: Partial<Family> = {}): Family => ({
    id,
    answer: holds ? 'yes' : 'no',
    by: undefined,
    divergence: undefined,
    ...more,
  });
  const bare = referencesIn(form, declared).length === 0;
  const convex: Answer['answer'] = core?.link === 'logistic' ? 'proved' : (link?.convex.answer ?? 'refuted');
  return [
    family('gpo', onDpo && convex === 'proved', {
      ...(onDpo && convex === 'undecided' ? { answer: 'undecided' } : {}),
      by: onDpo && convex !== 'refuted' ? link?.formula : undefined,
    }),
    family('ipo', onDpo && link?.name === 'square'),
    family('f-dpo', divergence?.convex === true, {
      ...(divergence?.convex === false ? { answer: 'undecided' } : {}),
      by: divergence?.derivative,
      divergence,
    }),
    family('plackett-luce', core?.link === 'logistic' && hasOneScore(membership)),
    family('pointwise', termsOf(loss, declared)?.every((term) => roleOf(term) !== 'both') ?? false),
    family(
      'token-level',
      some(form, (node) => isToken(node, declared)),
    ),
    // A number of the batch may well be made of references.
    family('reference-free', bare, bare && statisticsIn(loss).length > 0 ? { answer: 'undecided' } : {}),
    family('length-normalised', core !== undefined && isPerToken(core.logit, declared)),
    family('margin', margin !== undefined, { by: margin }),
  ];
}

const hasOneScore = ({ tier }: Membership): boolean => tier !== 'outside' && tier !== 'label-dependent';

const isToken = (e: Expr, declared: Declarations): boolean =>
  e.kind === 'apply' && e.args.length > 1 && datumOf(declared, e.name)?.distribution === true;

/** A multiple of log(pi/ref) for a fixed distribution ref. */
function isDpoLogit({ prior, logit }: Core, declared: Declarations): boolean {
  if (prior?.kind !== 'one') return false;
  return referencesIn(logit, declared).some((name) =>
    provesEqual(prior.prior.logZeta, log(apply(name, [RESPONSE])), declared),
  );
}

/** The f-divergence whose derivative is the score, where that is a function of pi/ref alone. */
export function divergenceOfLogit({ prior, logit }: Core, declared: Declarations): Divergence | undefined {
  const score = prior?.kind === 'one' ? scoresOf(logit, declared)?.chosen : undefined;
  return score === undefined ? undefined : divergenceOf(score, declared);
}

/**
 * The terms of a logit without the policy that are about no response alone, unless exchanging the roles turns
 * them round: what the chosen response has to win by, with the sign that it has in the logit.
 */
export function marginOf(logit: Expr, declared: Declarations): Expr | undefined {
  const all = termsOf(logit, declared) ?? [];
  // Terms of the policy that need both responses are not beside a margin: the data next to them belong to them.
  if (all.some((term) => usesPolicy(term, declared) && roleOf(term) === 'both')) return undefined;
  const terms = all.filter((term) => !usesPolicy(term, declared));
  const shared = total(terms.filter((term) => roleOf(term) === 'both' || roleOf(term) === 'neither'));
  const other = variable('a', 'response');
  const exchanged = substitute(shared, [
    [CHOSEN, other],
    [REJECTED, CHOSEN],
  ]);
  const both = add([shared, substitute(exchanged, [[other, REJECTED]])]);
  if (provesEqual(both, num(0), declared)) return undefined;
  const whole = total([shared, ...unmatched(terms, declared)]);
  return collect(whole, declared) ?? whole;
}

/**
 * Of terms that are about one response alone, and no distribution, those that the other response has no counterpart
 * of: with a margin beside them they are a part of it, and no score.
 */
function unmatched(terms: readonly Expr[], declared: Declarations): readonly Expr[] {
  const isLoose = (e: Expr): boolean =>
    !some(e, (node) => node.kind === 'apply' && datumOf(declared, node.name)?.distribution === true);
  const of = (role: Role): readonly Expr[] => terms.filter((e) => roleOf(e) === role && isLoose(e));
  const generic = (e: Expr): Expr =>
    substitute(
      e,
      [CHOSEN, REJECTED].map((y) => [y, RESPONSE] as const),
    );
  const lacks = (term: Expr, others: readonly Expr[]): boolean =>
    !others.some((other) => provesEqual(add([generic(term), generic(other)]), num(0), declared));
  const [chosen, rejected] = [of('chosen'), of('rejected')];
  return [
    ...chosen.filter((term) => lacks(term, rejected)),
    ...rejected.filter((term) => lacks(term, chosen)),
  ];
}

/** The policy's coefficient falls as one over the length, for both responses. */
export function isPerToken(logit: Expr, declared: Declarations): boolean {
  return [CHOSEN, REJECTED].every((y) => {
    const policy = apply('pi', [y]);
    const slope = thaw(differentiate(logit, policy));
    const hasLength = (e: Expr): boolean => {
      const form = canonical(e, declared);
      return form === undefined || some(form, (node) => node.kind === 'apply' && node.name === 'len');
    };
    const enters = occursFree(logit, y) && hasLength(slope);
    return enters && !hasLength(mul([slope, apply('len', [y])]));
  });
}
