/** How a loss behaves: each property proved, refuted with a point where it fails, or undecided. */

import type { Datum, Declarations } from '../expr/declare.ts';
import { datumOf } from '../expr/declare.ts';
import type { Expr, Sym } from '../expr/expr.ts';
import { add, apply, call, exp, minus, mul, num, sym } from '../expr/expr.ts';
import { rebuild, some } from '../expr/walk.ts';
import { canonical, termsOf } from '../forms/canonise.ts';
import { collect, product, total } from '../forms/collect.ts';
import { coordinates } from '../forms/gradient.ts';
import type { Answer } from './claim.ts';
import { all, equalEverywhere, nowhereNegative, nowherePositive } from './claim.ts';
import { coreOf } from './core.ts';
import { referencesIn } from './divergence.ts';
import type { Membership } from './membership.ts';
import { scoresOf } from './score.ts';
import { usesPolicy } from './tier.ts';

export const PROPERTIES = [
  /** The loss falls as the log-probability of the chosen response grows. */
  'falls-with-chosen',
  /** The loss rises as the log-probability of the rejected response grows. */
  'rises-with-rejected',
  /** The link is convex in the logit. */
  'convex-in-logit',
  /** Adding a constant of the prompt to the reward changes nothing: the partition function cancels. */
  'partition-cancels',
  /** The loss stays when both log-probabilities fall by the same amount: nothing holds the chosen one up. */
  'blind-to-common-fall',
  /** At given log-probabilities per token the length does not matter. */
  'length-free',
] as const;
export type PropertyId = (typeof PROPERTIES)[number];

export interface Property {
  readonly id: PropertyId;
  readonly answer: Answer;
}

/** What the loss becomes as a hyper-parameter that scales the whole moving part of the logit goes to an end. */
export interface Limit {
  readonly parameter: Sym;
  /** The loss as the parameter goes to zero. */
  readonly atZero: Expr;
  /** The loss divided by the parameter as it goes to infinity. */
  readonly atInfinity: Expr;
}

export function propertiesOf(
  loss: Expr,
  membership: Membership,
  declared: Declarations,
): readonly Property[] {
  const core = coreOf(membership);
  const link = core?.link;
  const proved: Answer = { answer: 'proved' };
  // A loss that is more than a function of one logit has no link to be convex.
  const convex = link === 'logistic' ? [proved] : typeof link === 'object' ? [link.convex] : [];
  return [
    { id: 'falls-with-chosen', answer: along('w', loss, membership, declared) },
    { id: 'rises-with-rejected', answer: along('l', loss, membership, declared) },
    ...convex.map((answer) => ({ id: 'convex-in-logit', answer }) as const),
    { id: 'partition-cancels', answer: partitionCancels(loss, membership, declared) },
    { id: 'blind-to-common-fall', answer: commonFall(loss, membership, declared) },
    { id: 'length-free', answer: lengthFree(membership.logit ?? loss, declared) },
  ];
}

/** The sign of the gradient; of a logistic loss it is that of minus the logit's. */
function along(label: 'w' | 'l', loss: Expr, { logit }: Membership, declared: Declarations): Answer {
  const frozen = some(loss, (node) => node.kind === 'freeze');
  const of = logit === undefined || frozen ? loss : minus(logit);
  const own = coordinates([of], declared).filter(({ of: { args } }) => {
    const [y] = args;
    return y?.kind === 'var' && y.name === label;
  });
  // A whole distribution has a coordinate for each entry, and not all of them are to rise together.
  if (own.some(({ of: { args } }) => args.length > 2)) return { answer: 'undecided' };
  const sign = label === 'w' ? nowherePositive : nowhereNegative;
  return all(own.map(({ derivative }) => sign(derivative(of), declared)));
}

const POSITIVE = 'positive' as const;

/** `e` with every probability of these names multiplied by one constant, and that constant declared. */
function shifted(e: Expr, names: readonly string[], declared: Declarations) {
  const factor = sym('common_factor');
  const shift = rebuild(e, (node) =>
    node.kind === 'apply' && names.includes(node.name) && node.args.length === 1 ? mul([factor, node]) : node,
  );
  return {
    shift,
    declared: { ...declared, parameters: { ...declared.parameters, [factor.name]: POSITIVE } },
  };
}

/**
 * Rewards enter as differences wherever the loss is a function of f(w) - g(l). With further terms the reference
 * is scaled, which adds a constant to every reward; without a reference such terms are about no reward.
 */
function partitionCancels(loss: Expr, membership: Membership, declared: Declarations): Answer {
  const core = coreOf(membership);
  const references = referencesIn(loss, declared);
  const separable = core !== undefined && core.tier !== 'outside';
  if (separable && (core.link !== 'unknown' || references.length === 0)) return { answer: 'proved' };
  const { shift, declared: known } = shifted(loss, references.length > 0 ? references : ['pi'], declared);
  return equalEverywhere(shift, loss, known);
}

/** Sequence probabilities only: a common fall of tokens is not one number. */
function commonFall(loss: Expr, { logit }: Membership, declared: Declarations): Answer {
  const of = logit ?? loss;
  const form = canonical(of, declared) ?? of;
  const byToken = some(
    form,
    (node) => usesPolicy(node, declared) && node.kind === 'apply' && node.args.length > 1,
  );
  if (byToken) return { answer: 'undecided' };
  const { shift, declared: known } = shifted(form, ['pi'], declared);
  return equalEverywhere(shift, form, known);
}

const PACE: Datum = {
  is: 'real',
  shapes: [['response']],
  distribution: false,
  prompt: true,
  policy: false,
};

/** With every sequence probability the power of a pace to the length: does the length still enter? */
function lengthFree(e: Expr, declared: Declarations): Answer {
  const form = canonical(e, declared) ?? e;
  if (some(form, (node) => node.kind === 'sum')) return { answer: 'undecided' };
  const paces: Record<string, Datum> = {};
  const paced = rebuild(form, (node) => {
    if (node.kind !== 'apply' || datumOf(declared, node.name)?.distribution !== true) return node;
    const pace = `pace_${node.name}`;
    paces[pace] = PACE;
    return exp(mul([apply('len', node.args), apply(pace, node.args)]));
  });
  const known = { ...declared, data: { ...declared.data, ...paces } };
  const longer = rebuild(paced, (node) =>
    node.kind === 'apply' && node.name === 'len' ? add([node, num(1)]) : node,
  );
  return equalEverywhere(longer, paced, known);
}

/** The limits of a logistic loss in each hyper-parameter p with u = p v, v free of p and moving with the policy. */
export function limitsOf({ logit }: Membership, declared: Declarations): readonly Limit[] {
  if (logit === undefined || scoresOf(logit, declared) === undefined) return [];
  const parameters = Object.entries(declared.parameters)
    .filter(([, is]) => is === 'positive')
    .map(([name]) => sym(name));
  return parameters.flatMap((parameter): readonly Limit[] => {
    const terms = termsOf(logit, declared) ?? [];
    const parts = terms.map((term) => splitBy(term, parameter));
    if (parts.includes(undefined)) return [];
    const known = parts.filter((part) => part !== undefined);
    const slope = total(known.filter(({ scales }) => scales).map(({ rest }) => rest));
    const offset = total(known.filter(({ scales }) => !scales).map(({ rest }) => rest));
    if (!usesPolicy(slope, declared) || usesPolicy(offset, declared)) return [];
    const written = collect(slope, declared) ?? slope;
    return [
      {
        parameter,
        atZero: canonical(call('softplus', [minus(offset)]), declared) ?? offset,
        atInfinity: call('relu', [minus(written)]),
      },
    ];
  });
}

/** A term without the parameter, or the parameter times the rest; undefined for any other way to depend on it. */
function splitBy(term: Expr, parameter: Sym): { readonly scales: boolean; readonly rest: Expr } | undefined {
  const isIn = (e: Expr): boolean => some(e, (node) => node.kind === 'sym' && node.name === parameter.name);
  if (!isIn(term)) return { scales: false, rest: term };
  const factors = term.kind === 'mul' ? term.factors : [term];
  const others = factors.filter((f) => !(f.kind === 'sym' && f.name === parameter.name));
  return others.length === factors.length - 1 && !others.some(isIn)
    ? { scales: true, rest: product(others) }
    : undefined;
}
