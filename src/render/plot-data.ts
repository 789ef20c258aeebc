/** The numbers of a plot, for other programs: CSV with a line for each point of each curve, or JSON. */

import type { Curve, PlotReport } from '../report/plot.ts';
import type { Json } from '../trace/json.ts';
import { curveNames } from './plot-label.ts';

/** `claim`, the quantity along the axis, then `loss`, `weight` and `reward`; empty where a claim has no such quantity. */
export async function plotCsv({ curves, question, xs }: PlotReport): Promise<string> {
  const { csvFormat } = await import('d3-dsv');
  const names = curveNames(curves);
  const rows = curves.flatMap((curve, i) =>
    xs.map((x, k) => ({
      claim: names[i] ?? '',
      [question.x]: `${x}`,
      ...Object.fromEntries(question.curves.map((y) => [y, cellOf(curve[y]?.[k])])),
    })),
  );
  return `${csvFormat(rows, ['claim', question.x, ...question.curves])}\n`;
}

const cellOf = (value: number | undefined): string => (value === undefined ? '' : `${value}`);

export const plotJson = ({ curves, question, xs }: PlotReport): Json => ({
  schema: 'midpo/plot',
  version: 1,
  x: question.x,
  xs,
  curves: curves.map((curve) => ({
    claim: curve.variant.id,
    title: curve.variant.title,
    settings: settingsJson(curve),
    loss: numbers(curve.loss),
    weight: numbers(curve.weight),
    reward: curve.reward === undefined ? null : numbers(curve.reward),
  })),
});

function settingsJson({ settings: { parameters, lengths, probability, data } }: Curve): Json {
  return {
    parameters: Object.fromEntries(parameters),
    lengths: { ...lengths },
    probability,
    data: Object.fromEntries(data),
  };
}

const numbers = (values: Float64Array): Json =>
  Array.from(values, (value) => (Number.isFinite(value) ? value : `${value}`));
