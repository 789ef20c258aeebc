/** Plots as SVG: one panel for each quantity, curves told apart by dashes and by their names, nothing loaded from elsewhere. */

import type { Curve, PlotReport } from '../report/plot.ts';
import type { PlotCurve } from '../report/plot-question.ts';
import { escapeHtml } from './escape.ts';
import type { Marks } from './notation.ts';
import { axisText, curveNames, curveText, settingTexts } from './plot-label.ts';
import { spread } from './spread.ts';
import { svgText, textWidth } from './svg-text.ts';

/** More curves than this could not be told apart. */
export const MOST_CURVES = 8;

/** Strokes that differ in grey too; the colours are those of Okabe and Ito (2008), safe for the colour-blind. */
const STROKES = [
  { color: '#000000', dash: '' },
  { color: '#0072b2', dash: '7 3' },
  { color: '#d55e00', dash: '2 2.5' },
  { color: '#009e73', dash: '9 3 2 3' },
  { color: '#cc79a7', dash: '' },
  { color: '#7a6000', dash: '12 3' },
  { color: '#56b4e9', dash: '4 2 1 2 1 2' },
  { color: '#777777', dash: '5 5' },
] as const;
const strokeOf = (i: number) => STROKES[i % STROKES.length] ?? STROKES[0];

const dashed = (dash: string) => (dash === '' ? {} : { strokeDasharray: dash });

const PANEL = { width: 270, height: 190, left: 46, top: 30, bottom: 26 } as const;
const SIZE = 11;
const SMALL = 10;
const EDGE = 10;

export interface PlotSvgOptions {
  /** The range of the vertical axes; by default what the curves take. */
  readonly range?: readonly [low: number, high: number] | undefined;
  /** The user's own symbols, for all curves alike. */
  readonly marks?: Marks | undefined;
}

export async function plotSvg(report: PlotReport, { range, marks }: PlotSvgOptions = {}): Promise<string> {
  const [Plot, { parseHTML }] = await Promise.all([import('@observablehq/plot'), import('linkedom')]);
  const names = curveNames(report.curves);
  const room = EDGE + Math.max(...names.map((name) => textWidth(name, SMALL)));
  const drawn = report.question.curves.filter((y) => report.curves.some((curve) => valuesOf(curve, y)));
  const pitch = PANEL.left + PANEL.width + room;
  const width = Math.max(1, drawn.length) * pitch + EDGE;
  const panels = drawn.map((y, i) => {
    const lines = report.curves.map((curve) => within(valuesOf(curve, y), range));
    const { document } = parseHTML('<html lang="en"><body></body></html>');
    const made = Plot.plot({
      document,
      width: PANEL.left + PANEL.width,
      height: PANEL.top + PANEL.height + PANEL.bottom,
      marginLeft: PANEL.left,
      marginTop: PANEL.top,
      marginRight: 0,
      marginBottom: PANEL.bottom,
      x: { label: null, domain: [report.question.from, report.question.to], ticks: 5 },
      y: { label: null, grid: true, nice: range === undefined, ticks: 5, ...(range && { domain: range }) },
      marks: [
        Plot.frame({ stroke: '#999' }),
        ...lines.map((values, k) =>
          Plot.line(
            report.xs.map((x, j) => [x, values[j] ?? Number.NaN]),
            { stroke: strokeOf(k).color, strokeWidth: 1.6, ...dashed(strokeOf(k).dash) },
          ),
        ),
      ],
    });
    const scale = made.scale('y');
    const says = curveText(y, marks);
    const labels = labelsOf(lines, names, (value) => Number(scale?.apply(value)));
    const inner = [...made.children].filter(({ tagName }) => tagName.toLowerCase() !== 'style');
    return [
      `<g transform="translate(${i * pitch},0)" role="group" aria-label="${escapeHtml(says)}">`,
      `<text x="${PANEL.left}" y="${PANEL.top - 12}" font-size="${SIZE}">${svgText(says)}</text>`,
      `<g text-anchor="middle" font-size="${SMALL}">${inner.map((node) => node.outerHTML).join('')}</g>`,
      ...labels,
      '</g>',
    ].join('\n');
  });
  const below = PANEL.top + PANEL.height + PANEL.bottom + 14;
  const notes = filled(settingTexts(report, marks), width - PANEL.left - EDGE);
  const height = below + 10 + notes.length * 14 + EDGE;
  const title = `${names.join(', ')}: ${drawn.join(', ')} against the ${report.question.x}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="plot-title plot-desc" width="${px(width)}" height="${px(height)}" viewBox="0 0 ${px(width)} ${px(height)}" font-family="system-ui, sans-serif" fill="currentColor" color="#111">`,
    `<title id="plot-title">${escapeHtml(title)}</title>`,
    `<desc id="plot-desc">${escapeHtml(description(report, names))}</desc>`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    ...panels,
    `<text x="${PANEL.left}" y="${below}" font-size="${SIZE}" xml:space="preserve">${svgText(axisText(report.question.x, marks))}</text>`,
    ...notes.map(
      (line, i) =>
        `<text x="${PANEL.left}" y="${below + 18 + i * 14}" font-size="${SMALL}" fill="#555" xml:space="preserve">${svgText(line)}</text>`,
    ),
    '</svg>\n',
  ].join('\n');
}

const px = (x: number): string => `${Math.round(x)}`;

const valuesOf = (curve: Curve, y: PlotCurve): Float64Array | undefined => curve[y];

/** What cannot be drawn leaves a gap. */
const within = (
  values: Float64Array | undefined,
  range: readonly [number, number] | undefined,
): readonly number[] =>
  Array.from(values ?? [], (value) =>
    Number.isFinite(value) && (range === undefined || (value >= range[0] && value <= range[1]))
      ? value
      : Number.NaN,
  );

const ABOVE = 12;

/** The name of each curve beside its end, moved where two would touch, with a line that leads there. */
function labelsOf(
  lines: readonly (readonly number[])[],
  names: readonly string[],
  height: (value: number) => number,
): readonly string[] {
  const ends = lines.flatMap((values, i) => {
    const last = values.findLast((value) => !Number.isNaN(value));
    return last === undefined ? [] : [{ i, at: height(last) }];
  });
  const right = PANEL.left + PANEL.width;
  const places = spread(
    ends.map(({ at }) => at),
    ABOVE,
    [PANEL.top, PANEL.top + PANEL.height],
  );
  return ends.flatMap(({ i, at }, k) => {
    const { color, dash } = strokeOf(i);
    const to = places[k] ?? at;
    return [
      `<path d="M${right},${at.toFixed(1)}L${right + EDGE - 3},${to.toFixed(1)}" fill="none" stroke="${color}"${dash === '' ? '' : ` stroke-dasharray="${dash}"`}/>`,
      `<text x="${right + EDGE}" y="${to.toFixed(1)}" dy="0.32em" font-size="${SMALL}" fill="${color}">${escapeHtml(names[i] ?? '')}</text>`,
    ];
  });
}

/** Notes in lines as wide as the plot. */
function filled(notes: readonly string[], width: number): readonly string[] {
  const lines: string[] = [];
  for (const note of notes) {
    const before = lines.at(-1);
    const joined = before === undefined ? note : `${before};  ${note}`;
    if (before !== undefined && textWidth(joined, SMALL) <= width) lines.splice(-1, 1, joined);
    else lines.push(note);
  }
  return lines;
}

/** For those who do not see the picture: where each curve begins and ends. */
function description({ xs, curves, question }: PlotReport, names: readonly string[]): string {
  const [from, to] = [0, xs.length - 1];
  return curves
    .map((curve, i) => {
      const parts = question.curves.flatMap((y) => {
        const values = valuesOf(curve, y);
        if (values === undefined) return [];
        return [`${y} from ${number(values[from])} to ${number(values[to])}`];
      });
      return `${names[i] ?? ''}: ${parts.join(', ')}, for the ${question.x} from ${number(xs[from])} to ${number(xs[to])}.`;
    })
    .join(' ');
}

const number = (x: number | undefined): string => `${Number((x ?? Number.NaN).toPrecision(4))}`;
