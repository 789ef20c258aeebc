/** The remarks of a derivation: what a stage means, and under which reservation it holds. */

import { apply } from '../expr/expr.ts';
import { usesPolicy } from '../framework/tier.ts';
import type { DerivationReport } from '../report/derivation.ts';
import type { Remark } from '../trace/trace.ts';
import { whenPhrase } from './condition.ts';
import type { Mark } from './mark.ts';
import type { DatumMark } from './notation.ts';
import { datumMark, defaultNotation } from './notation.ts';
import type { Phrase } from './phrase.ts';
import { maths } from './phrase.ts';

export type Derived = Extract<DerivationReport, { readonly kind: 'derived' }>;

/** Whether the prior depends on the policy, so that it has to be held still where the optimum is taken. */
export const movesWithPolicy = ({ variant, membership: { prior } }: Derived): boolean => {
  if (prior === undefined) return false;
  const solved = prior.kind === 'one' ? [prior.prior] : [prior.chosen, prior.rejected];
  return solved.some(({ logZeta }) => usesPolicy(logZeta, variant.declared));
};

const FROZEN: Phrase = [
  'The prior depends on the policy. Stages up to here hold with the prior frozen (stop-gradient); the loss agrees as a function, its gradient also flows through the prior.',
];

const REMARKS: Readonly<Record<Remark['kind'], (report: Derived) => Phrase | undefined>> = {
  // By label the prior need not depend on the policy: a margin alone does not.
  'frozen-prior': (report) => (movesWithPolicy(report) ? FROZEN : undefined),
  'label-prior': ({ ratio, membership }) => [
    'The prior differs for the chosen and the rejected response',
    ...(ratio === undefined ? [] : [': at one response their ratio is ', maths(RATIO, 'eq', ratio)]),
    '. ',
    ...(membership.conditions.length === 0
      ? []
      : [
          'They are one prior if and only if ',
          ...whenPhrase(membership.conditions.map(({ when }) => when)),
          '; otherwise ',
        ]),
    membership.undecided.length > 0
      ? 'whether one function of the response could be the prior of this loss is not decided.'
      : 'no function of the response alone can be the prior of this loss.',
  ],
  'one-partition': () => [
    'Cancelling ',
    maths(PARTITION),
    ' uses one partition function for both roles. With a prior normalised for each role a constant factor between the two would be absorbed, and the margin that it stands for would vanish.',
  ],
  'value-only': () => [
    'The two sides are equal in value. As functions to differentiate they differ: what stands under a stop-gradient is a constant in one and not in the other.',
  ],
};

const ZETA: DatumMark = datumMark(defaultNotation(), 'zeta');
const PARTITION = apply('Z', []);

/** The prior of one label at the generic response; such a prior always depends on more than the response. */
export const labelled = (label: 'chosen' | 'rejected'): Mark => ({
  latex: `${ZETA.latex}_{\\mathrm{${label}}}(y \\mid x)`,
  text: `${ZETA.text}_${label}(y)`,
});
const RATIO: Mark = {
  latex: `${labelled('chosen').latex} / ${labelled('rejected').latex}`,
  text: `${labelled('chosen').text}/${labelled('rejected').text}`,
};

/** Undefined where the remark does not apply to this prior. */
export const remarkPhrase = (remark: Remark, report: Derived): Phrase | undefined =>
  REMARKS[remark.kind](report);
