/** From one loss to another in the words of the field: what is added, dropped or changed in the logit and around it. */

import { occursFree, same, substitute } from '../expr/binder.ts';
import type { Declarations } from '../expr/declare.ts';
import { datumOf } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { apply } from '../expr/expr.ts';
import { some } from '../expr/walk.ts';
import { canonical, linearInLog, termsOf } from '../forms/canonise.ts';
import { provesEqual } from '../forms/decide.ts';
import type { Core } from './core.ts';
import { coreOf } from './core.ts';
import type { DivergenceName } from './divergence.ts';
import { referencesIn } from './divergence.ts';
import { divergenceOfLogit, isPerToken, marginOf } from './families.ts';
import type { Membership } from './membership.ts';
import { CHOSEN, RESPONSE, roleOf } from './score.ts';
import type { LinkName } from './shape.ts';

type LinkWord = 'logistic' | 'mixture' | LinkName;

type Turn = 'divide-by-length' | 'multiply-by-length' | 'to-tokens' | 'to-sequences';

export type Change =
  | { readonly kind: 'link'; readonly from: LinkWord; readonly to: LinkWord }
  | { readonly kind: 'drop-reference' | 'add-reference'; readonly of: Expr }
  | { readonly kind: 'change-reference'; readonly from: Expr; readonly to: Expr }
  /** The power of the reference in the prior. */
  | { readonly kind: 'temper-reference'; readonly from: Expr; readonly to: Expr }
  | { readonly kind: Turn }
  | { readonly kind: 'change-divergence'; readonly from: DivergenceName; readonly to: DivergenceName }
  | { readonly kind: 'rescale'; readonly from: Expr; readonly to: Expr }
  /** A further term of the score of a response y. */
  | { readonly kind: 'add-term' | 'drop-term'; readonly of: Expr }
  | { readonly kind: 'add-margin' | 'drop-margin'; readonly of: Expr }
  | { readonly kind: 'change-margin'; readonly from: Expr; readonly to: Expr }
  | { readonly kind: 'add-regulariser' | 'drop-regulariser'; readonly of: Expr }
  | { readonly kind: 'add-weight' | 'drop-weight'; readonly of: Expr };

/** What a loss looks like to somebody who compares it with another. */
interface Traits {
  readonly link: LinkWord;
  readonly divergence: DivergenceName | undefined;
  readonly references: readonly string[];
  readonly power: Expr | undefined;
  readonly perToken: boolean;
  readonly tokens: boolean;
  readonly scale: Expr | undefined;
  readonly terms: readonly Expr[];
  readonly margin: Expr | undefined;
  readonly regulariser: Expr | undefined;
  readonly weight: Expr | undefined;
}

/** Undefined where one of the two has no logit of a pair: then they differ in kind. */
export function changesOf(
  left: Membership,
  right: Membership,
  declared: Declarations,
): readonly Change[] | undefined {
  const [a, b] = [traitsOf(left, declared), traitsOf(right, declared)];
  if (a === undefined || b === undefined) return undefined;
  const equal = (x: Expr, y: Expr): boolean => provesEqual(x, y, declared);
  const [from, to] = [a.divergence, b.divergence];
  const diverge = from !== undefined && to !== undefined && from !== to;
  return [
    ...(a.link === b.link ? [] : [{ kind: 'link', from: a.link, to: b.link } as const]),
    ...ofReferences(a.references, b.references),
    ...ofPowers(a, b, equal),
    ...switched(a.perToken, b.perToken, 'divide-by-length', 'multiply-by-length'),
    ...switched(a.tokens, b.tokens, 'to-tokens', 'to-sequences'),
    ...(a.scale === undefined || b.scale === undefined || equal(a.scale, b.scale)
      ? []
      : [{ kind: 'rescale', from: a.scale, to: b.scale } as const]),
    ...(diverge ? [{ kind: 'change-divergence', from, to } as const] : ofTerms(a.terms, b.terms, equal)),
    ...ofMargins(a.margin, b.margin, equal),
    ...oneSided(a.regulariser, b.regulariser, 'add-regulariser', 'drop-regulariser', equal),
    ...oneSided(a.weight, b.weight, 'add-weight', 'drop-weight', equal),
  ];
}

function traitsOf(membership: Membership, declared: Declarations): Traits | undefined {
  const core = coreOf(membership);
  if (core === undefined) return undefined;
  const { outside } = membership;
  const { logit } = core;
  const [reference, another] = referencesIn(logit, declared);
  const solved = core.prior?.kind === 'one' ? core.prior.prior : core.prior?.chosen;
  const perToken = isPerToken(logit, declared);
  const of = reference === undefined || another !== undefined ? undefined : apply(reference, [RESPONSE]);
  const fixed = core.tier === 'marginal' || core.tier === 'conditional';
  const power =
    solved === undefined || of === undefined || !fixed
      ? undefined
      : linearInLog(solved.logZeta, of, declared)?.slope;
  return {
    link: outside?.why === 'mixture' ? 'mixture' : linkWord(core),
    divergence: divergenceOfLogit(core, declared)?.name,
    references: referencesIn(logit, declared),
    power,
    perToken,
    tokens: some(
      canonical(logit, declared) ?? logit,
      (e) => e.kind === 'apply' && e.args.length > 1 && datumOf(declared, e.name)?.distribution === true,
    ),
    scale: solved?.weight,
    terms: termsOfScore(logit, declared),
    margin: marginOf(logit, declared),
    regulariser: outside?.why === 'regulariser' ? outside.rest : undefined,
    weight: outside?.why === 'weight' ? outside.members[0]?.weight : undefined,
  };
}

const linkWord = ({ link }: Core): LinkWord =>
  link === 'logistic' || link === 'unknown' ? 'logistic' : link.name;

/** The terms of the chosen response's score that are no multiples of a sequence log-probability, in y. */
function termsOfScore(logit: Expr, declared: Declarations): readonly Expr[] {
  const isLog = (e: Expr): boolean => {
    const [of] = e.kind === 'call' && e.fn === 'log' ? e.args : [];
    return of?.kind === 'apply' && of.args.length === 1 && datumOf(declared, of.name)?.distribution === true;
  };
  const own = termsOf(logit, declared)?.filter((term) => roleOf(term) === 'chosen') ?? [];
  return own
    .filter((term) => !(term.kind === 'mul' ? term.factors : [term]).some(isLog))
    .filter((term) => occursFree(term, CHOSEN))
    .map((term) => substitute(term, [[CHOSEN, RESPONSE]]));
}

function ofReferences(from: readonly string[], to: readonly string[]): readonly Change[] {
  const density = (name: string): Expr => apply(name, [RESPONSE]);
  const gone = from.filter((name) => !to.includes(name)).map(density);
  const come = to.filter((name) => !from.includes(name)).map(density);
  const [old, fresh] = [gone[0], come[0]];
  if (gone.length === 1 && come.length === 1 && old !== undefined && fresh !== undefined) {
    return [{ kind: 'change-reference', from: old, to: fresh }];
  }
  return [
    ...gone.map((of) => ({ kind: 'drop-reference', of }) as const),
    ...come.map((of) => ({ kind: 'add-reference', of }) as const),
  ];
}

type Equal = (a: Expr, b: Expr) => boolean;

const ofPowers = (a: Traits, b: Traits, equal: Equal): readonly Change[] =>
  a.power === undefined || b.power === undefined || equal(a.power, b.power)
    ? []
    : [{ kind: 'temper-reference', from: a.power, to: b.power }];

const switched = (from: boolean, to: boolean, on: Turn, off: Turn): readonly Change[] =>
  from === to ? [] : [{ kind: to ? on : off }];

function ofTerms(from: readonly Expr[], to: readonly Expr[], equal: Equal): readonly Change[] {
  const isIn = (term: Expr, list: readonly Expr[]): boolean =>
    list.some((other) => same(term, other) || equal(term, other));
  return [
    ...from.filter((term) => !isIn(term, to)).map((of) => ({ kind: 'drop-term', of }) as const),
    ...to.filter((term) => !isIn(term, from)).map((of) => ({ kind: 'add-term', of }) as const),
  ];
}

const ofMargins = (from: Expr | undefined, to: Expr | undefined, equal: Equal): readonly Change[] =>
  from !== undefined && to !== undefined
    ? equal(from, to)
      ? []
      : [{ kind: 'change-margin', from, to }]
    : oneSided(from, to, 'add-margin', 'drop-margin', equal);

type Sided = Extract<Change, { readonly of: Expr }>['kind'];
function oneSided(
  from: Expr | undefined,
  to: Expr | undefined,
  come: Sided,
  gone: Sided,
  equal: Equal,
): readonly Change[] {
  if (from !== undefined && to !== undefined && equal(from, to)) return [];
  return [
    ...(from === undefined ? [] : [{ kind: gone, of: from } as Change]),
    ...(to === undefined ? [] : [{ kind: come, of: to } as Change]),
  ];
}
