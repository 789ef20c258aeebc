/** One decision of equality in rows: the answer, its conditions, the witness. */

import type { Expr, Range } from '../expr/expr.ts';
import { some } from '../expr/walk.ts';
import type { Alternative } from '../forms/alternative.ts';
import { isParametric } from '../forms/alternative.ts';
import type { Decision } from '../forms/decide.ts';
import type { Conditions } from '../forms/solve.ts';
import type { Witness } from '../forms/witness.ts';
import { alternativePhrase } from './condition.ts';
import { tied } from './fill.ts';
import type { Notation } from './notation.ts';
import { listed, phraseText } from './phrase.ts';
import type { Row } from './rows.ts';
import { factStatement, textStatement } from './statement.ts';
import { unicode } from './unicode.ts';
import { enclosed, witnessValues } from './witness.ts';

export const ANSWER_SAYS: Readonly<Record<Decision['answer'], string>> = {
  proved: 'equal, proved',
  refuted: 'not equal, refuted',
  undecided: 'undecided',
};

const UNDECIDED: Readonly<Record<Extract<Decision, { answer: 'undecided' }>['reason'], string>> = {
  budget: 'too large for the work allowed',
  undefined: 'a side is defined nowhere',
  residual: 'neither a proof nor a point where the two differ was found',
};

/** `sides` are what was compared: they tell what a point without values leaves open. */
export function decisionRows(decision: Decision, notation: Notation, sides: readonly Expr[]): readonly Row[] {
  if (decision.answer === 'proved') {
    const { used, onlyLeft, onlyRight } = decision.licences;
    const rows = [
      ['given', used],
      ['left needs', onlyLeft],
      ['right needs', onlyRight],
    ] as const;
    return rows.flatMap(([label, facts]) =>
      facts.length === 0
        ? []
        : [
            {
              label,
              text: [...new Set(facts.map((f) => tied(textStatement(factStatement(f), notation))))].join(
                ', ',
              ),
            },
          ],
    );
  }
  const equal = conditionRows(decision, notation);
  if (decision.answer === 'refuted') {
    const { witness } = decision;
    return [
      ...equal,
      witness.values.length > 0
        ? { label: 'differ at', text: witnessValues(witness, notation) }
        : { label: 'differ', text: placeWithoutValues(witness, sides) },
      { label: 'left there', text: enclosed(witness.left) },
      { label: 'right there', text: enclosed(witness.right) },
    ];
  }
  return [
    { label: 'because', text: UNDECIDED[decision.reason] },
    ...(decision.residual === undefined
      ? []
      : [{ label: 'residual', text: unicode(decision.residual, notation), formula: true }]),
    ...equal,
  ];
}

/** Where two sides without names differ: everywhere, unless they count what a sum runs over. */
function placeWithoutValues({ over }: Witness, sides: readonly Expr[]): string {
  const sums = (over: Range['kind']): boolean =>
    sides.some((side) => some(side, (node) => node.kind === 'sum' && node.range.kind === over));
  const counts = [
    ...(sums('vocabulary') ? [`a vocabulary of ${over.vocabulary}`] : []),
    ...(sums('responses') ? [`${over.responses.length} responses`] : []),
    ...(sums('prompts') ? [`${over.prompts.length} prompts`] : []),
  ];
  return counts.length === 0 ? 'everywhere' : `over ${counts.join(' and ')}`;
}

/** When the two are equal after all; "iff" only where no condition on hyper-parameters is left out. */
function conditionRows({ when, whenData, solved }: Conditions, notation: Notation): readonly Row[] {
  const row = (label: string, alternatives: readonly Alternative[], note = ''): readonly Row[] =>
    alternatives.length === 0
      ? []
      : [
          {
            label,
            text: `${phraseText(listed(alternatives.map(alternativePhrase), ' or '), notation)}${note}`,
          },
        ];
  const onParameters = when.every(isParametric);
  if (when.length === 0) return [{ label: 'equal if', text: solved ? NEVER : NOT_FOUND }];
  if (!onParameters) return row('equal where', when, solved ? '' : OTHERS_OPEN);
  return [
    ...(solved ? row('equal iff', when) : row('equal if', when, OTHERS_OPEN)),
    ...row('or, on data', whenData),
  ];
}
const NEVER = 'never: no hyper-parameters make the two equal for all data';
const NOT_FOUND = 'no condition found: not solved';
const OTHERS_OPEN = ' (other conditions not solved)';
