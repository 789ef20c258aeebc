/** The last part of a derivation page: what has been shown, under which conditions, and what it rests on. */

import { apply, log, minus, variable } from '../expr/expr.ts';
import type { Abbreviation } from './abbreviation.ts';
import { abbreviate } from './abbreviation.ts';
import type { Block, Equation } from './block.ts';
import type { Notation } from './notation.ts';
import type { Phrase } from './phrase.ts';
import { listed } from './phrase.ts';
import type { Derived } from './remark.ts';
import { movesWithPolicy } from './remark.ts';

const PREFERENCE = apply('prefers', [variable('w', 'response'), variable('l', 'response')]);
const LIKELIHOOD = minus(log(PREFERENCE));

/** A formula claim has no title but itself, and the page shows that as a formula. */
export const nameOf = ({ variant: { source, title } }: Derived, formula: string): Phrase[number] =>
  source.file === '' ? formula : { quote: title };

/** What has been shown; nothing where the checker refused it. */
export function resultBlocks(
  report: Derived,
  notation: Notation,
  names: readonly Abbreviation[],
): readonly Block[] {
  const { variant, verdict, trace } = report;
  const { prior, tier, gradientTier } = report.membership;
  if (verdict.kind === 'refused') return [];
  const labels = prior?.kind === 'by-label' ? 'the priors of the two labels' : 'the prior';
  const closed = trace.stages.find(({ id }) => id === 'S8')?.goal ?? variant.loss;
  const row = (right: Equation['right']): Equation => ({ left: notation.loss, sign: 'eq', right });
  const stages = new Set(trace.stages.map(({ id }) => id));
  const rests = verdict.rests.filter((id) => !stages.has(id)).map((id): Phrase => [{ rule: id }]);
  return [
    {
      kind: 'proposition',
      of: [
        'Under the assumptions above, with ',
        `${labels} and the weight above${movesWithPolicy(report) ? ' (held fixed)' : ''}, `,
        variant.source.file === '' ? '' : 'the published loss of ',
        nameOf(report, 'the given loss'),
        ' is minus the log-likelihood of the preference',
        tier === gradientTier ? '' : ', in value',
        ':',
      ],
      rows: [row(LIKELIHOOD), row(abbreviate(closed, names))],
    },
    {
      kind: 'proof',
      of: [
        'S1 to S3 show that no policy does better on the objective than the prior tilted by the reward, and that this one attains the bound. The policy is taken to be that optimum, so S4 gives the reward that it expresses; in S5 the partition function cancels between the two responses, and S6 takes minus the logarithm. S7 puts in the prior and the weight, S8 simplifies, and S9 is the loss as published. ',
        stages.has('S10') ? 'S10 is its gradient. ' : '',
        `The independent checker accepted all ${verdict.steps} steps (${verdict.stages} stages), resting on: `,
        ...listed(rests),
        '.',
      ],
    },
  ];
}
