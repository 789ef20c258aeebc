/** Families, properties and limits of a loss, as rows for a terminal. */

import type { Boundary } from '../framework/boundary.ts';
import type { DivergenceName } from '../framework/divergence.ts';
import type { Family, FamilyId } from '../framework/families.ts';
import type { Limit } from '../framework/limits.ts';
import type { Property, PropertyId } from '../framework/properties.ts';
import type { Notation } from './notation.ts';
import type { Row } from './rows.ts';
import { unicode } from './unicode.ts';
import { witnessValues } from './witness.ts';

const FAMILY_SAYS: Readonly<Record<FamilyId, string>> = {
  gpo: 'GPO: a convex link on a DPO logit',
  ipo: 'IPO: a square link on a DPO logit',
  'f-dpo': 'f-DPO: the score is a function of π/π_ref',
  'plackett-luce': 'Plackett-Luce at K = 2',
  pointwise: 'pointwise: a term for each response',
  'token-level': 'token-level',
  'reference-free': 'reference-free',
  'length-normalised': 'length-normalised',
  margin: 'with a margin',
};

/** The same in one or two words. */
export const FAMILY_NAMES: Readonly<Record<FamilyId, string>> = {
  gpo: 'GPO',
  ipo: 'IPO',
  'f-dpo': 'f-DPO',
  'plackett-luce': 'Plackett-Luce',
  pointwise: 'pointwise',
  'token-level': 'token-level',
  'reference-free': 'reference-free',
  'length-normalised': 'length-normalised',
  margin: 'margin',
};

export const DIVERGENCE_SAYS: Readonly<Record<DivergenceName, string>> = {
  'reverse-kl': 'reverse KL',
  'forward-kl': 'forward KL',
  'jensen-shannon': 'Jensen-Shannon',
  alpha: 'an alpha-divergence',
  'chi-squared': 'chi-squared',
  'chi-squared-kl': 'chi-squared plus KL',
  other: 'none of the named ones',
};

const PROPERTY_SAYS: Readonly<Record<PropertyId, string>> = {
  'falls-with-chosen': 'never rises with log π of the chosen',
  'rises-with-rejected': 'never falls with log π of the rejected',
  'convex-in-logit': 'convex in the logit',
  'partition-cancels': 'the partition function cancels',
  'blind-to-common-fall': 'stays when both log π fall alike',
  'length-free': 'free of length at given log π per token',
};

/** Properties whose witness is in the names of the loss: the others add names of their own. */
const OWN_NAMES: ReadonlySet<PropertyId> = new Set(['falls-with-chosen', 'rises-with-rejected']);

const ANSWERS = { proved: 'yes', refuted: 'no', undecided: 'undecided' } as const;

/** Families that the loss is in, and those that stay open. */
export const familyRows = (families: readonly Family[], notation: Notation): readonly Row[] =>
  families
    .filter(({ answer }) => answer !== 'no')
    .map((family, i) => ({ label: i === 0 ? 'families' : '', text: familyText(family, notation) }));

function familyText({ id, answer, by, divergence }: Family, notation: Notation): string {
  const open = answer === 'undecided' ? ' (undecided)' : '';
  if (divergence !== undefined) {
    const order = divergence.order === undefined ? '' : ` of order ${unicode(divergence.order, notation)}`;
    const derivative = unicode(divergence.derivative, notation);
    return `${FAMILY_SAYS[id]}, f′(r) = ${derivative}: ${DIVERGENCE_SAYS[divergence.name]}${order}${open}`;
  }
  return `${FAMILY_SAYS[id]}${by === undefined ? '' : `: ${unicode(by, notation)}`}${open}`;
}

export const propertyRows = (properties: readonly Property[], notation: Notation): readonly Row[] =>
  properties.map(({ id, answer }, i) => ({
    label: i === 0 ? 'properties' : '',
    text: `${PROPERTY_SAYS[id]}: ${ANSWERS[answer.answer]}${
      answer.answer === 'refuted' && OWN_NAMES.has(id)
        ? `, at ${witnessValues(answer.witness, notation)}`
        : ''
    }`,
  }));

export const limitRows = (
  limits: readonly Limit[],
  boundaries: readonly Boundary[],
  notation: Notation,
): readonly Row[] =>
  [
    ...limits.flatMap(({ parameter, atZero, atInfinity }) => {
      const name = unicode(parameter, notation);
      return [
        `${name} → 0: the loss is ${unicode(atZero, notation)}`,
        `${name} → ∞: the loss over ${name} is ${unicode(atInfinity, notation)}`,
      ];
    }),
    ...boundaries.map(
      ({ parameter, end, logit, loss, tier }) =>
        `${unicode(parameter, notation)} → ${unicode(end, notation)}: ${tier}, with the ${
          logit === undefined ? 'loss' : 'logit'
        } ${unicode(logit ?? loss, notation)}`,
    ),
  ].map((text, i) => ({ label: i === 0 ? 'limits' : '', text }));
