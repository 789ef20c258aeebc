/** What a derivation page says and in which order, for every output alike. */

import type { Paper } from '../variant/variant.ts';
import { abbreviationsOf } from './abbreviation.ts';
import type { Block, Chain } from './block.ts';
import { stageBlocks } from './chain.ts';
import { refusedPhrase } from './checker-fault.ts';
import { claimBlocks, definitionBlocks, granted } from './claim-part.ts';
import { conditionItems } from './condition-list.ts';
import type { Marks, Notation } from './notation.ts';
import type { Phrase } from './phrase.ts';
import { BRADLEY_TERRY, citation, FRAMEWORK, references } from './reference.ts';
import type { Derived } from './remark.ts';
import { nameOf, resultBlocks } from './result-part.ts';
import { variantNotation } from './variant-notation.ts';

export interface Story {
  readonly notation: Notation;
  readonly blocks: readonly Block[];
}

const heading = (text: string): Block => ({ kind: 'heading', of: [text] });
const paragraph = (...of: Phrase): Block => ({ kind: 'paragraph', of });

/** The papers that the page of a derivation cites. */
export const papersOf = ({ variant: { paper } }: Derived): readonly Paper[] => [
  ...(paper === undefined ? [] : [paper]),
  FRAMEWORK,
  BRADLEY_TERRY,
];

/** The page of a derivation, in the house's marks or the user's. Deterministic. */
export function story(report: Derived, marks?: Marks): Story {
  const { variant, membership, trace, verdict } = report;
  const notation = variantNotation(variant, membership.tier, marks);
  const names = abbreviationsOf(trace, variant);
  const stages = stageBlocks(report, notation, names);
  const conditions = conditionItems(stages.filter((block): block is Chain => block.kind === 'chain'));
  const result = resultBlocks(report, notation, names);
  return {
    notation,
    blocks: [
      { kind: 'title', of: [nameOf(report, 'A loss given as a formula')] },
      ...(verdict.kind === 'refused' ? [paragraph(...refusedPhrase(verdict.fault))] : []),
      ...(variant.says === undefined ? [] : [paragraph({ quote: variant.says })]),
      ...(variant.paper === undefined ? [] : [paragraph('Published in ', citation(variant.paper), '.')]),
      heading('Claim'),
      ...claimBlocks(report, notation, names),
      heading('Definitions and assumptions'),
      ...definitionBlocks(report),
      { kind: 'list', items: granted(report) },
      heading('Derivation'),
      ...stages,
      ...(result.length === 0 ? [] : [heading('Result'), ...result]),
      ...(conditions.length === 0
        ? []
        : [
            heading('Conditions'),
            paragraph('What the steps asked for, at the responses that stand there:'),
            { kind: 'list', items: conditions } satisfies Block,
          ]),
      heading('References'),
      { kind: 'references', items: references(papersOf(report)) },
    ],
  };
}
