/** What a derivation page says and in which order, for every output alike. */

import { apply, log, minus, variable } from '../expr/expr.ts';
import { RULES } from '../rules/index.ts';
import type { Variant } from '../variant/variant.ts';
import type { Block, Equation } from './block.ts';
import { LOSS, stageBlocks } from './chain.ts';
import { refusalPhrase } from './checker-fault.ts';
import type { Notation } from './notation.ts';
import { paperPhrase } from './paper.ts';
import type { Phrase } from './phrase.ts';
import { listed, maths } from './phrase.ts';
import type { Derived } from './remark.ts';
import { labelled, movesWithPolicy } from './remark.ts';
import { assumptions } from './statement.ts';
import { variantNotation } from './variant-notation.ts';
import { PROPER_SAYS, tierSentence } from './words.ts';

export interface Story {
  readonly notation: Notation;
  readonly blocks: readonly Block[];
}

const response = (name: string) => variable(name, 'response');
const PREFERENCE = apply('prefers', [response('w'), response('l')]);
const LIKELIHOOD = minus(log(PREFERENCE));
const PRIOR = apply('zeta', [response('y')]);
const WEIGHT = apply('kl_weight', []);

const heading = (text: string): Block => ({ kind: 'heading', of: [text] });
const paragraph = (...of: Phrase): Block => ({ kind: 'paragraph', of });

/** The page of a derivation. Deterministic. */
export function story(report: Derived): Story {
  const { variant, membership } = report;
  const notation = variantNotation(variant, membership.tier);
  const paper = paperPhrase(variant.paper);
  return {
    notation,
    blocks: [
      { kind: 'title', of: [nameOf(variant, 'A loss given as a formula')] },
      ...(variant.says === undefined ? [] : [paragraph({ quote: variant.says })]),
      ...(paper.length === 0 ? [] : [paragraph(...paper, '.')]),
      heading('Claim'),
      ...claim(report),
      heading('Assumptions'),
      { kind: 'list', items: granted(report) },
      ...stageBlocks(report, notation),
      heading('Result'),
      ...result(report),
    ],
  };
}

/** A formula claim has no title but itself, and the page shows that as a formula. */
const nameOf = ({ source, title }: Variant, formula: string): Phrase[number] =>
  source.file === '' ? formula : { quote: title };

/** The published loss with its abbreviations, the prior that it is the loss of, and what sort of prior that is. */
function claim({ variant, membership }: Derived): readonly Block[] {
  const abbreviations = variant.definitions.map(
    ({ name, params, body }): Equation => ({ left: apply(name, params), sign: 'eq', right: body }),
  );
  const { prior, tier, gradientTier } = membership;
  const loss: Equation = { left: LOSS, sign: 'eq', right: variant.loss };
  const published: readonly Block[] = [
    paragraph(
      variant.source.file === '' ? 'The loss of a pair, ' : 'The published loss of a pair, ',
      maths(response('w')),
      ' preferred to ',
      maths(response('l')),
      ':',
    ),
    { kind: 'display', rows: [loss, ...abbreviations] },
  ];
  if (prior === undefined) return published;
  const weight = prior.kind === 'one' ? prior.prior.weight : prior.chosen.weight;
  return [
    ...published,
    paragraph(
      'It is the loss of the mutual-information framework with weight ',
      maths(WEIGHT, 'eq', weight),
      prior.kind === 'one' ? ' and the prior' : ' and, for each label, the prior',
    ),
    {
      kind: 'display',
      rows:
        prior.kind === 'one'
          ? [{ left: PRIOR, sign: 'propto', right: prior.prior.zeta }]
          : [
              { left: labelled('chosen'), sign: 'propto', right: prior.chosen.zeta },
              { left: labelled('rejected'), sign: 'propto', right: prior.rejected.zeta },
            ],
    },
    paragraph('Tier: ', { rule: tier }, `. ${tierSentence(membership)} ${PROPER_SAYS[prior.proper]}`),
    ...(tier === gradientTier
      ? []
      : [
          paragraph(
            'As a function to differentiate, with what stands under a stop-gradient fixed, its tier is ',
            { rule: gradientTier },
            '.',
          ),
        ]),
  ];
}

/** Domains and facts with what the file says of them, what is built in, and the model assumptions that are used. */
function granted({ trace, variant }: Derived): readonly Phrase[] {
  const statements = assumptions(variant.declared).map((statement): Phrase => {
    const name = statement.flatMap((part) =>
      typeof part === 'object' && 'kind' in part && part.kind === 'sym' ? [part.name] : [],
    )[0];
    const says = name === undefined ? undefined : variant.parameters.get(name)?.says;
    return [{ maths: statement }, ...(says === undefined ? [] : [', ', { quote: says }])];
  });
  const used = new Set(trace.stages.flatMap(({ steps }) => steps.map(({ rule }) => rule)));
  const models = [...RULES.values()].filter(
    ({ id, kind }) => (kind === 'model' || kind === 'lemma') && used.has(id),
  );
  return [
    ...statements,
    ['Every response has a token, and a positive probability under every distribution named here.'],
    ...models.map(({ id, says }): Phrase => [{ rule: id }, `: ${MODEL_SAYS.get(id) ?? says}.`]),
  ];
}

/** What a model assumption leaves unproved, where its row in the rule table does not say it. */
const MODEL_SAYS: ReadonlyMap<string, string> = new Map([
  [
    'policy-is-optimal',
    'the policy is the optimum of the objective for the reward that it is to express. Where the prior moves with the policy: of the objective with the prior held fixed',
  ],
]);

/** What has been shown, or where the checker stopped. */
function result(report: Derived): readonly Block[] {
  const { variant, trace, verdict } = report;
  const { prior, tier, gradientTier } = report.membership;
  if (verdict.kind === 'refused') {
    return [
      paragraph(
        'Not established. The independent checker refused this derivation: ',
        ...refusalPhrase(verdict.fault),
        '.',
      ),
    ];
  }
  const labels = prior?.kind === 'by-label' ? 'the priors of the two labels' : 'the prior';
  const stages = new Set(trace.stages.map(({ id }) => id));
  const rests = verdict.rests.filter((id) => !stages.has(id)).map((id): Phrase => [{ rule: id }]);
  return [
    paragraph(
      'Proposition. Under the assumptions above, with ',
      `${labels} and the weight above${movesWithPolicy(report) ? ' (held fixed)' : ''}, `,
      variant.source.file === '' ? '' : 'the published loss of ',
      nameOf(variant, 'the given loss'),
      ' is ',
      maths(LOSS, 'eq', LIKELIHOOD),
      tier === gradientTier ? '.' : ', in value.',
    ),
    paragraph(
      `The independent checker accepted all ${verdict.steps} steps (${verdict.stages} stages), resting on: `,
      ...listed(rests),
      '.',
    ),
  ];
}
