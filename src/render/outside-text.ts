/** What a loss outside the framework is made of, and the change that would bring it in, as rows for a terminal. */

import type { Expr } from '../expr/expr.ts';
import { size } from '../expr/walk.ts';
import type { Answer } from '../framework/claim.ts';
import type { Member } from '../framework/members.ts';
import type { Nearest } from '../framework/nearest.ts';
import type { Outside } from '../framework/outside.ts';
import type { LinkName } from '../framework/shape.ts';
import type { Tier } from '../framework/tier.ts';
import { iffOrIf, whenPhrase } from './condition.ts';
import type { Notation } from './notation.ts';
import { phraseText } from './phrase.ts';
import type { Row } from './rows.ts';
import { unicode } from './unicode.ts';

export const LINK_SAYS: Readonly<Record<LinkName, string>> = {
  linear: 'linear',
  square: 'a square',
  hinge: 'a hinge',
  'squared-hinge': 'a squared hinge',
  exponential: 'an exponential',
  sigmoid: 'a sigmoid',
  cauchy: 'the logarithm of a square (Cauchy)',
  other: 'a function without a name here',
};

const ANSWER: Readonly<Record<Answer['answer'], (property: string) => string>> = {
  proved: (property) => property,
  refuted: (property) => `not ${property}`,
  undecided: (property) => `perhaps ${property}`,
};

export const NEAREST_SAYS: Readonly<Record<Nearest['kind'], string>> = {
  'logistic-link': 'with the logistic link on the same logit',
  'without-rest': 'without the further term',
  'logistic-link-without-rest': 'without the further term, and with the logistic link on the same logit',
  'one-member': 'by one of the logistic losses alone',
  'without-weight': 'without the weight',
  'without-coupling': 'without the terms that need both responses',
  'without-bounds': 'without the bounds around it',
  'without-factor': 'with one in place of the factor that needs a response of its own',
  'fixed-statistic': 'with the statistic of the batch a constant',
  paired: 'with one logistic link on the two arguments together',
};

export function outsideRows(outside: Outside, notation: Notation): readonly Row[] {
  const { residual, link, inner, members, rest, terms, nearest } = outside;
  const formula = (label: string, e: Expr | undefined): readonly Row[] =>
    e === undefined ? [] : [{ label, text: unicode(e, notation), formula: true }];
  return [
    ...(link === undefined
      ? []
      : [
          {
            label: 'link',
            text: `${LINK_SAYS[link.name]}; ${ANSWER[link.decreasing.answer]('decreasing')}, ${ANSWER[link.convex.answer]('convex')}`,
          },
          ...formula('', link.formula),
        ]),
    ...(residual === undefined ? formula('of', inner?.logit) : []),
    ...(inner === undefined || inner.tier === 'outside'
      ? []
      : [
          { label: 'inner tier', text: innerText(inner.tier, outside) },
          ...inner.conditions.map(({ tier, when }) => ({
            label: '',
            text: `${tier} ${iffOrIf(when)} ${phraseText(whenPhrase([when]), notation)}`,
          })),
        ]),
    ...members.map((member, i) => ({
      label: i === 0 ? 'logistic' : '',
      text: memberText(member, notation),
      formula: true,
    })),
    ...formula('plus', rest),
    ...formula('chosen', terms?.chosen),
    ...formula('rejected', terms?.rejected),
    ...residualRows(residual, notation),
    ...(nearest === undefined
      ? []
      : [
          { label: 'nearest', text: `${nearest.tier}, ${NEAREST_SAYS[nearest.kind]}:` },
          ...formula('', nearest.logit),
        ]),
  ];
}

/** Longer ones nobody reads: what they are is said instead. */
const LONGEST = 60;

function residualRows(residual: Expr | undefined, notation: Notation): readonly Row[] {
  if (residual === undefined) return [];
  const text = size(residual) > LONGEST ? SEPARABLE : unicode(residual, notation);
  return [{ label: 'must be 0', text, formula: true }];
}

/** Zero for all responses a, b, c, d if the logit u is a difference of scores, one for each label. */
export const SEPARABLE = 'u(a,b) - u(a,d) - u(c,b) + u(c,d)';

/** A link of its own is what keeps such a loss outside; elsewhere its logit has the logistic one already. */
const innerText = (tier: Tier, { link, members }: Outside): string =>
  link !== undefined && members.length === 0 ? `${tier}, if the link were logistic` : `${tier}, by itself`;

const memberText = ({ weight, logit }: Member, notation: Notation): string =>
  `(${unicode(weight, notation)}) · -log σ(${unicode(logit, notation)})`;
