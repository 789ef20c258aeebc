/** Losses and implicit rewards of a training run for a terminal: a table of means, the rewards as formulas, the worst rows. */

import type { Apart } from '../numeric/column-apart.ts';
import type { SidePlan } from '../numeric/column-plan.ts';
import type { NotableRow } from '../numeric/notable.ts';
import type { Summary } from '../numeric/summary.ts';
import type { Quantity } from '../numeric/tabulate.ts';
import { QUANTITIES } from '../numeric/tabulate.ts';
import type { LogpsReport } from '../report/logps.ts';
import { plainText } from './escape.ts';
import { fill } from './fill.ts';
import { labelled, table } from './rows.ts';
import { code } from './sentence.ts';
import type { Style } from './style.ts';
import { paint } from './style.ts';
import { unicode } from './unicode.ts';
import { variantNotation } from './variant-notation.ts';

export function logpsText(report: LogpsReport, style: Style): string {
  const { variant, rows, summaries, worst, nonFinite } = report;
  const { title, bad } = paint(style);
  const lost = summaries.loss.nonFinite;
  return `${[
    `${title(plainText(variant.id))}  ${rows} ${rows === 1 ? 'row' : 'rows'}${lost === 0 ? '' : `, ${bad(`${lost} without a finite loss`)}`}`,
    '',
    ...summaryTable(report, style),
    '',
    ...labelled(facts(report), style),
    ...(nonFinite.length === 0 ? [] : ['', ...rowTable('no finite loss', nonFinite, style)]),
    ...(worst.length === 0 ? [] : ['', ...rowTable('largest losses', worst, style)]),
    '',
    ...remarks(report).flatMap((text) => fill(text, style.width, '  ')),
  ].join('\n')}\n`;
}

const NAMES: Readonly<Record<Quantity, string>> = {
  loss: 'loss',
  chosen: 'reward, chosen',
  rejected: 'reward, rejected',
  margin: 'margin',
};
const SHORT: Readonly<Record<Quantity, string>> = { ...NAMES, chosen: 'chosen', rejected: 'rejected' };

/** Six digits, more than a log of a training run has. */
const digits = (x: number | undefined): string => {
  if (x === undefined || !Number.isFinite(x)) return x === undefined ? '' : `${x}`;
  const size = Math.abs(x);
  return x !== 0 && (size < 1e-3 || size >= 1e7)
    ? `${Number(x.toPrecision(6)).toExponential()}`
    : `${Number(x.toPrecision(6))}`;
};

function summaryTable({ summaries }: LogpsReport, style: Style): readonly string[] {
  const line = (name: string, { mean, least, most }: Summary): readonly string[] => [
    name,
    digits(mean),
    digits(least?.value),
    digits(most?.value),
  ];
  const lines = QUANTITIES.flatMap((quantity) => {
    const summary = summaries[quantity];
    return summary === undefined ? [] : [line(NAMES[quantity], summary)];
  });
  return table(['', 'mean', 'least', 'most'], lines, style, [false, true, true, true]).map(
    (row) => `  ${row}`,
  );
}

function facts(report: LogpsReport): Parameters<typeof labelled>[0] {
  const { variant, settings, implicit, rows, wins, ties, plan } = report;
  const notation = variantNotation(variant, implicit.tier);
  const { scores, logit } = implicit;
  const share = `${Number(((100 * wins) / rows).toPrecision(4))} %`;
  const set = [...settings].map(
    ([name, { value, from }]) => `${plainText(name)} = ${value}${from === 'default' ? ' (default)' : ''}`,
  );
  const one = scores !== undefined && unicode(scores.chosen, notation) === unicode(scores.rejected, notation);
  return [
    ...(logit === undefined
      ? []
      : [
          {
            label: 'accuracy',
            text: `${share}: ${wins} of ${rows} margins are above 0${ties === 0 ? '' : `, ${ties} are 0`}`,
          },
        ]),
    ...(scores === undefined
      ? []
      : one
        ? [{ label: 'reward', text: unicode(scores.chosen, notation), formula: true }]
        : [
            { label: 'reward', sub: 'chosen', text: unicode(scores.chosen, notation), formula: true },
            { label: '', sub: 'rejected', text: unicode(scores.rejected, notation), formula: true },
          ]),
    ...(set.length === 0 ? [] : [{ label: 'with', text: set.join(', ') }]),
    { label: 'columns', text: columnsText(plan.chosen) },
    { label: '', text: columnsText(plan.rejected) },
  ];
}

function columnsText({ logProbs, logits, tokens, mask, lengths, perResponse, perToken }: SidePlan): string {
  const named = [
    ...[...logProbs, ...logits].map(([name, column]) => `${name}: ${column}`),
    ...(tokens === undefined ? [] : [`tokens: ${tokens.column}`]),
    ...(mask === undefined ? [] : [`mask: ${mask}`]),
    ...(lengths === undefined ? [] : [`len: ${lengths}`]),
    ...[...perResponse, ...perToken].map(([name, source]) => `${name}: ${source}`),
  ];
  return named.map(plainText).join(', ');
}

function rowTable(title: string, rows: readonly NotableRow[], style: Style): readonly string[] {
  const shown = QUANTITIES.filter((quantity) => rows.some((row) => row[quantity] !== undefined));
  const withLines = rows.some(({ line }) => line !== undefined);
  const heads = [title, 'row', ...(withLines ? ['line'] : []), ...shown.map((quantity) => SHORT[quantity])];
  const cells = rows.map((row) => [
    '',
    `${row.row}`,
    ...(withLines ? [`${row.line ?? ''}`] : []),
    ...shown.map((quantity) => digits(row[quantity])),
  ]);
  return table(
    heads,
    cells,
    style,
    heads.map((_, i) => i > 0),
  ).map((line) => `  ${line}`);
}

/** What a reader has to know of the numbers. Rows count from 0, as in arrays; lines from 1, as in editors. */
function remarks({ implicit, narrow, apart, plan, variant }: LogpsReport): readonly string[] {
  const { scores, logit, tier } = implicit;
  const types = [...new Set(narrow.values())];
  return [
    ...(logit === undefined
      ? ['No rewards: the loss is not about a difference of scores of the two responses.']
      : scores === undefined
        ? ['No rewards, only margins: the logit does not split into a score of either response.']
        : tier === 'outside'
          ? [
              `${plainText(variant.id)} is outside the framework: the rewards are the scores in the logit it is about, on the scale its formula has.`,
            ]
          : []),
    ...(types.length === 0
      ? []
      : [
          `${[...narrow.keys()].map(code).join(', ')} ${narrow.size === 1 ? 'is' : 'are'} stored as ${types.join(' and ')}: the losses are those of the numbers as stored.`,
        ]),
    ...apart.map(apartText),
    ...(plan.idle.length === 0
      ? []
      : [
          `${plan.idle.map(code).join(', ')} ${plan.idle.length === 1 ? 'is' : 'are'} not read: the loss asks for no more than the log-probabilities.`,
        ]),
    'Rows count from 0.',
  ];
}

function apartText({ column, other, row, difference }: Apart): string {
  const far = difference === 0 ? 'agrees' : `agrees up to ${digits(difference)} (row ${row})`;
  return `${code(column)} ${far} with ${code(other)}, from which the log-probabilities are taken.`;
}
