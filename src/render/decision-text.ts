/** One decision of equality in rows: the answer, its conditions, the witness. */

import type { Decision } from '../forms/decide.ts';
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

export function decisionRows(decision: Decision, notation: Notation): readonly Row[] {
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
  const when = decision.when.map(alternativePhrase);
  const equal: readonly Row[] =
    when.length === 0 ? [] : [{ label: 'equal iff', text: phraseText(listed(when, ' or '), notation) }];
  if (decision.answer === 'refuted') {
    const { witness } = decision;
    return [
      ...equal,
      { label: 'differ at', text: witnessValues(witness, notation) },
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
