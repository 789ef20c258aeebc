/** Two claims compared, for a terminal: as values, and as functions to differentiate. */

import type { Decision } from '../forms/decide.ts';
import { coordinates } from '../forms/gradient.ts';
import type { ComparisonReport } from '../report/comparison.ts';
import { expand } from '../variant/expand.ts';
import { changesPhrase } from './change.ts';
import { ANSWER_SAYS, decisionRows } from './decision-text.ts';
import { plainText } from './escape.ts';
import { grantedRows } from './granted-text.ts';
import { phraseText } from './phrase.ts';
import { labelled } from './rows.ts';
import type { Style } from './style.ts';
import { paint } from './style.ts';
import { unicode } from './unicode.ts';
import { variantNotation } from './variant-notation.ts';

export function comparisonText(report: ComparisonReport, style: Style): string {
  const { left, right, declared, values, gradients, changes } = report;
  const { title } = paint(style);
  const notation = variantNotation({
    ...left,
    parameters: new Map([...right.parameters, ...left.parameters]),
    distributions: new Map([...right.distributions, ...left.distributions]),
    data: new Map([...right.data, ...left.data]),
    declared,
  });
  const phrase = changes === undefined ? undefined : changesPhrase(changes);
  const rows = [
    { label: 'left', sub: plainText(left.id), text: unicode(left.loss, notation), formula: true },
    { label: 'right', sub: plainText(right.id), text: unicode(right.loss, notation), formula: true },
    ...grantedRows(declared, notation),
    ...(phrase === undefined ? [] : [{ label: 'changes', text: phraseText(phrase, notation) }]),
  ];
  const sides = [left, right].map(({ loss, definitions }) => expand(loss, definitions));
  const section = (name: string, decision: Decision, because = ''): readonly string[] => [
    '',
    `${title(name)}  ${colour(decision.answer, style)(ANSWER_SAYS[decision.answer])}${because}`,
    ...labelled(decisionRows(decision, notation, sides), style),
  ];
  const constant = coordinates(sides, declared).length === 0;
  return `${[
    title('comparison'),
    ...labelled(rows, style),
    ...section('values', values),
    ...section('gradients', gradients, constant ? ': no policy in either side' : ''),
  ].join('\n')}\n`;
}

function colour(answer: Decision['answer'], style: Style): (text: string) => string {
  const { good, bad, doubtful } = paint(style);
  return { proved: good, refuted: bad, undecided: doubtful }[answer];
}
