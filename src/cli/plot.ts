/** `midpo plot`: losses, gradient weights and implicit rewards against the margin or a length. */

import type { Marks, PlotAxis, PlotCurve, PlotReport } from '../index.ts';
import {
  jsonText,
  MOST_CURVES,
  PLOT_CURVES,
  plotCsv,
  plotFault,
  plotJson,
  plotSvg,
  reportPlot,
} from '../index.ts';
import type { ClaimOptions } from './claims.ts';
import { readLosses } from './claims.ts';
import type { Format, PlotFormat } from './format.ts';
import { formatFault, PLOT_FORMATS } from './format.ts';
import { noSymbols, readMarks } from './notation.ts';
import type { Outcome } from './outcome.ts';
import { answer, EXIT, ended, refusal } from './outcome.ts';
import { writeWhole } from './write.ts';

export interface PlotOptions extends ClaimOptions, Format<PlotFormat> {
  readonly x: PlotAxis;
  readonly y?: readonly PlotCurve[] | undefined;
  readonly range?: readonly [number, number] | undefined;
  readonly yRange?: readonly [number, number] | undefined;
  readonly margin?: number | undefined;
  readonly set?: ReadonlyMap<string, number> | undefined;
  readonly notation?: string | undefined;
}

const USUAL_RANGE: Readonly<Record<PlotAxis, readonly [number, number]>> = {
  margin: [-40, 40],
  length: [1, 60],
};
const MOST_LENGTH = 10_000;

export async function plot(claims: readonly string[], options: PlotOptions): Promise<Outcome> {
  const { x, y = PLOT_CURVES, margin = 0, set = new Map(), output } = options;
  const [from, to] = options.range ?? USUAL_RANGE[x];
  const [heads, files] = dataOrFiles(options.data ?? []);
  const misuse = formatFault(options, PLOT_FORMATS) ?? misused(options, claims, from, to, files);
  if (misuse !== undefined) return refusal(misuse);
  const marks = await readMarks(options.notation);
  if (marks !== undefined && 'exit' in marks) return marks;
  const variants = await readLosses(claims, { ...options, data: heads });
  if ('exit' in variants) return variants;
  const report = reportPlot(variants, { x, curves: y, from, to, margin, given: set });
  if (report.kind !== 'plot') return refusal(plotFault(report));

  const [file] = files;
  const isShown = output === undefined || output === '-';
  // Numbers on standard output leave no room there for the picture.
  const page =
    file === '-' && output === undefined ? await plotCsv(report) : await write(report, options, marks);
  const fault =
    (isShown ? undefined : writeWhole(output, ended(page))) ??
    (file === undefined || file === '-' ? undefined : writeWhole(file, await plotCsv(report)));
  if (fault !== undefined) return refusal(fault);
  return isShown ? answer(EXIT.holds, page) : { exit: EXIT.holds };
}

async function write(
  report: PlotReport,
  { to, yRange }: PlotOptions,
  marks: Marks | undefined,
): Promise<string> {
  switch (to) {
    case 'svg':
      return plotSvg(report, { range: yRange, marks });
    case 'csv':
      return plotCsv(report);
    case 'json':
      return jsonText(plotJson(report));
  }
}

/** `--data` declares data of formulas, as everywhere, or names the file for the numbers: only heads have brackets. */
function dataOrFiles(data: readonly string[]): readonly [heads: readonly string[], files: readonly string[]] {
  const isHead = (text: string): boolean => /\(/.test(text) && !/\.csv$/i.test(text);
  return [data.filter(isHead), data.filter((text) => !isHead(text))];
}

function misused(
  { x, to, output = '', yRange, margin, notation, expression = [] }: PlotOptions,
  claims: readonly string[],
  from: number,
  until: number,
  files: readonly string[],
): string | undefined {
  const count = claims.length + expression.length;
  if (count === 0)
    return 'at least one claim wanted, none given: an id (see `midpo list`), a derivation file (./mine.yaml) or a formula (after `=` or `-e`)';
  if (count > MOST_CURVES && to === 'svg') {
    return `${count} curves cannot be told apart: ${MOST_CURVES} at most, or all of them as numbers with --to csv`;
  }
  const named = PLOT_FORMATS.find((format) => output.toLowerCase().endsWith(`.${format}`));
  if (named !== undefined && named !== to)
    return `${output} would hold ${to}: add --to ${named}, or rename it`;
  if (files.length > 1) return '--data: one file for the numbers is enough';
  if (margin !== undefined && x === 'margin')
    return '--margin says where the margin stands still, and here it varies: add --x length';
  if (yRange !== undefined && to !== 'svg') return '--y-range is about the picture: numbers are given whole';
  if (notation !== undefined && to !== 'svg') return noSymbols(to);
  const isLength = Number.isInteger(from) && Number.isInteger(until) && from >= 1 && until <= MOST_LENGTH;
  if (x === 'length' && !isLength) return `--range: lengths are whole numbers from 1 to ${MOST_LENGTH}`;
  return undefined;
}
