/** The remarks of a derivation: what a stage means, and under which reservation it holds. */

import { apply } from '../expr/expr.ts';
import { usesPolicy } from '../framework/tier.ts';
import type { DerivationReport } from '../report/derivation.ts';
import type { Remark } from '../trace/trace.ts';
import { isExact, whenPhrase } from './condition.ts';
import type { Mark } from './mark.ts';
import type { Notation } from './notation.ts';
import { datumMark, responseMark } from './notation.ts';
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

const REMARKS: Readonly<Record<Remark['kind'], (report: Derived, notation: Notation) => Phrase | undefined>> =
  {
    // By label the prior need not depend on the policy: a margin alone does not.
    'frozen-prior': (report) => (movesWithPolicy(report) ? FROZEN : undefined),
    'label-prior': ({ ratio, membership }, notation) => [
      'The prior differs for the chosen and the rejected response',
      ...(ratio === undefined
        ? []
        : [': at one response their ratio is ', maths(ratioMark(notation), 'eq', ratio)]),
      '. ',
      ...(membership.conditions.length === 0
        ? []
        : [
            `They are one prior ${membership.conditions.every(({ when }) => isExact(when)) ? 'if and only if' : 'if'} `,
            ...whenPhrase(membership.conditions.map(({ when }) => when)),
            '. ',
          ]),
      membership.undecided.length > 0
        ? 'Whether one function of the response could be the prior of this loss is not decided.'
        : `${membership.conditions.length === 0 ? 'No' : 'Otherwise no'} function of the response alone can be the prior of this loss.`,
    ],
    'one-partition': () => [
      'Cancelling ',
      maths(PARTITION),
      ' uses one partition function for both roles. With a prior normalised for each role a constant factor between the two would be absorbed, and the margin that it stands for would vanish.',
    ],
    'published-gradient': () => [
      'This is the gradient of the published loss. The closed form equals that loss in value only, so its gradient would be another one.',
    ],
    'prior-gradient': () => [
      'With the prior held fixed, as the optimum is taken, this gradient would be zero. The gradient of the loss contains it: loss and framework agree in value, and in gradient only where it vanishes.',
    ],
    'value-only': () => [
      'The two sides are equal in value. As functions to differentiate they differ: what stands under a stop-gradient is a constant in one and not in the other.',
    ],
  };

const PARTITION = apply('Z', []);

/** The prior of one label at the generic response; such a prior always depends on more than the response. */
export function labelled(label: 'chosen' | 'rejected', notation: Notation): Mark {
  const zeta = datumMark(notation, 'zeta');
  const head = /(?<!\\)_/.test(zeta.latex) ? `{${zeta.latex}}` : zeta.latex;
  const y = responseMark(notation, 'y');
  return {
    latex: `${head}_{\\mathrm{${label}}}(${y.latex} \\mid ${notation.prompt.latex})`,
    text: `${zeta.text}_${label}(${y.text})`,
  };
}

function ratioMark(notation: Notation): Mark {
  const [over, under] = [labelled('chosen', notation), labelled('rejected', notation)];
  return { latex: `${over.latex} / ${under.latex}`, text: `${over.text}/${under.text}` };
}

/** Undefined where the remark does not apply to this prior. */
export const remarkPhrase = (remark: Remark, report: Derived, notation: Notation): Phrase | undefined =>
  REMARKS[remark.kind](report, notation);
