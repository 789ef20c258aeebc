/** Plots: numbers that can be worked out by hand, pictures that are valid and safe, faults that say what is wrong. */

import { describe, expect, test } from 'vitest';
import { plotCsv, plotJson } from '../../src/render/plot-data.ts';
import { plotFault } from '../../src/render/plot-fault.ts';
import { plotSvg } from '../../src/render/plot-svg.ts';
import { spread } from '../../src/render/spread.ts';
import { svgText } from '../../src/render/svg-text.ts';
import type { PlotReport } from '../../src/report/plot.ts';
import { reportPlot } from '../../src/report/plot.ts';
import type { PlotQuestion } from '../../src/report/plot-question.ts';
import { PLOT_CURVES } from '../../src/report/plot-question.ts';
import { catalogue, loadVariant } from '../../src/variant/files.ts';
import type { Variant } from '../../src/variant/variant.ts';
import { controls, formula, HOSTILE, hostile } from './claims.ts';

const QUESTION: PlotQuestion = {
  x: 'margin',
  curves: PLOT_CURVES,
  from: -40,
  to: 40,
  margin: 0,
  given: new Map(),
};
const load = (id: string): Variant => {
  const variant = loadVariant(id);
  if (variant.kind !== 'variant') throw new Error(id);
  return variant;
};
function drawn(ids: readonly (string | Variant)[], question: Partial<PlotQuestion> = {}): PlotReport {
  const variants = ids.map((id) => (typeof id === 'string' ? load(id) : id));
  const report = reportPlot(variants, { ...QUESTION, ...question });
  if (report.kind !== 'plot') throw new Error(plotFault(report));
  return report;
}
/** A curve's quantity at each x, and what it should be. */
function follows(
  report: PlotReport,
  y: 'loss' | 'weight' | 'reward',
  expected: (x: number) => number,
  curve = 0,
): void {
  const values = report.curves[curve]?.[y];
  for (const [i, x] of report.xs.entries()) expect(values?.[i]).toBeCloseTo(expected(x), 9);
}
const sigmoid = (u: number): number => 1 / (1 + Math.exp(-u));
const softplus = (u: number): number => Math.log1p(Math.exp(u));

describe('against the margin', () => {
  test('DPO: softplus(-beta m), its weight beta sigmoid(-beta m), its reward beta m', () => {
    const report = drawn(['dpo'], { given: new Map([['beta', 0.2]]) });
    follows(report, 'loss', (m) => softplus(-0.2 * m));
    follows(report, 'weight', (m) => 0.2 * sigmoid(-0.2 * m));
    follows(report, 'reward', (m) => 0.2 * m);
  });
  test('SimPO: a margin per token, the other lengths cancel with the reference', () => {
    const report = drawn(['simpo'], {
      given: new Map([
        ['gamma', 0],
        ['len(y)', 10],
      ]),
    });
    follows(report, 'reward', (m) => (2 * m) / 10);
    follows(report, 'weight', (m) => (2 / 10) * sigmoid((-2 * m) / 10));
  });
  test('IPO: a square about half the reciprocal of beta, no implicit reward under the logistic link but its logit', () => {
    const report = drawn(['ipo']);
    follows(report, 'loss', (m) => (m - 5) ** 2);
    follows(report, 'weight', (m) => -2 * (m - 5));
  });
  test('through whole distributions the weight is the slope of the loss: of the margin the chosen response has half', () => {
    // About the chosen response alone, so that the slope along the path is half of its own.
    const ofChosen = formula('sum(t, w, kl(ref, pi, w, t) + kl(pi, ref, w, t)) - beta * log(pi(w))', {});
    const { xs, curves } = drawn([ofChosen], {
      from: -1,
      to: 1,
      given: new Map([
        ['beta', 0.3],
        ['len(y)', 3],
      ]),
    });
    const [curve] = curves;
    for (let i = 1; i < xs.length - 1; i += 20) {
      const [before = 0, here = 0, after = 0] = [curve?.loss[i - 1], curve?.weight[i], curve?.loss[i + 1]];
      expect(here).toBeCloseTo((-2 * (after - before)) / (2 / 80), 5);
    }
  });
  test('TDPO at the reference is DPO', () => {
    const { xs, curves } = drawn(['tdpo1'], {
      curves: ['loss', 'weight'],
      given: new Map([['len(y)', 4]]),
      from: -2,
      to: 2,
    });
    const mirrored = drawn(['dpo'], { given: new Map([['beta', 0.1]]), from: -2, to: 2 });
    const [curve] = curves;
    if (curve === undefined) throw new Error();
    const middle = xs.indexOf(0);
    // At the reference both divergences and their slopes vanish: there TDPO is DPO.
    expect(curve.loss[middle]).toBeCloseTo(Math.log(2), 12);
    expect(curve.weight[middle]).toBeCloseTo(mirrored.curves[0]?.weight[middle] ?? Number.NaN, 12);
  });
  test('a stop-gradient stands still in the weight, not in the loss', () => {
    const frozen = formula('-log(sigmoid(beta * (log(pi(w)) - stopgrad(log(pi(w))) - log(pi(l)/ref(l)))))');
    const report = drawn([frozen], { given: new Map([['beta', 1]]) });
    follows(report, 'loss', (m) => softplus(-m / 2));
    follows(report, 'weight', (m) => sigmoid(-m / 2));
  });
});

describe('against the length', () => {
  test('R-DPO: the loss moves with the difference of the lengths', () => {
    const report = drawn(['r-dpo'], { x: 'length', from: 1, to: 40, given: new Map([['alpha', 0.05]]) });
    follows(report, 'reward', (n) => 0.05 * (n - 20));
    expect(report.xs).toHaveLength(40);
  });
  test('the margin stands where it is put', () => {
    follows(drawn(['dpo'], { x: 'length', from: 1, to: 30, margin: 2 }), 'reward', () => 0.2);
  });
});

test.each(catalogue())('%s can be drawn', (id) => {
  const report = drawn([id], { x: 'length', from: 19, to: 22, margin: 1 });
  expect(report.curves[0]?.loss.some(Number.isFinite)).toBe(true);
  expect(report.curves[0]?.weight.some(Number.isFinite)).toBe(true);
});

describe('the picture', () => {
  test.each([
    ['one', ['dpo']],
    ['many', ['dpo', 'simpo', 'ipo', 'slic', 'cdpo', 'r-dpo', 'h-dpo', 'kto']],
  ])('is well-formed, described, and loads nothing: %s', async (_, ids) => {
    const svg = await plotSvg(drawn(ids));
    const { DOMParser } = await import('linkedom');
    const root = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
    expect(root?.querySelector('title')?.textContent).toContain('against the margin');
    expect(root?.querySelector('desc')?.textContent).toMatch(/loss from .* to /);
    expect(svg).not.toMatch(/<script|href=|url\(|<style|<image|NaN|undefined/);
    expect(svg.match(/<svg/g)).toHaveLength(1);
    expect(svg.match(/aria-label="line"/g)).toHaveLength(ids.length * 3);
  });
  test('curves are told apart by more than their colour', async () => {
    const svg = await plotSvg(drawn(['dpo', 'simpo', 'ipo', 'slic'], { curves: ['loss'] }));
    const dashes = [...svg.matchAll(/<g [^>]*aria-label="line"[^>]*>/g)].map(
      (found) => /stroke-dasharray="([^"]*)"/.exec(found[0])?.[1] ?? '',
    );
    expect(new Set(dashes).size).toBe(4);
  });
  test('is the same every time', async () => {
    const report = drawn(['dpo', 'ipo']);
    expect(await plotSvg(report)).toBe(await plotSvg(report));
  });
  test('keeps to the range it is given', async () => {
    const svg = await plotSvg(drawn(['ipo'], { curves: ['loss'] }), { range: [0, 10] });
    const ys = [...svg.matchAll(/[ML][\d.]+,(-?[\d.]+)/g)].map((found) => Number(found[1]));
    expect(Math.min(...ys)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...ys)).toBeLessThanOrEqual(221);
  });
  test.each(HOSTILE)('text of a file stays text: %j', async (text) => {
    const svg = await plotSvg(drawn([hostile(text)], { given: new Map([['beta', 0.1]]) }));
    expect(svg).not.toMatch(/<script|<img|onerror=y>/);
    expect(controls(svg)).toEqual([]);
  });
});

describe('the numbers', () => {
  test('as CSV: a line for each point of each claim', async () => {
    const report = drawn(['dpo', 'kto'], { curves: ['loss', 'reward'] });
    const lines = (await plotCsv(report)).trimEnd().split('\n');
    expect(lines[0]).toBe('claim,margin,loss,reward');
    expect(lines).toHaveLength(1 + 2 * report.xs.length);
    expect(lines[1]).toMatch(/^DPO,-40,4\.0181/);
    expect(lines.at(-1)).toMatch(/^KTO,40,[\d.]+,$/);
  });
  test('as JSON: what is infinite is a string', () => {
    const report = drawn([formula('log(abs(log(pi(w)/ref(w)) - log(pi(l)/ref(l)))) * beta')], {
      given: new Map([['beta', 1]]),
    });
    expect(JSON.stringify(plotJson(report))).toMatch(/"-?Infinity"/);
  });
});

test.each<[says: RegExp, ids: readonly (string | Variant)[], question: Partial<PlotQuestion>]>([
  [/did you mean `beta`/, ['dpo'], { given: new Map([['bta', 1]]) }],
  [/`beta` is -1, which is not positive/, ['dpo'], { given: new Map([['beta', -1]]) }],
  [/no value.*--set beta/, [formula('-log(sigmoid(beta * log(pi(w)/pi(l))))')], {}],
  [/may lie between -92\.1 and 92\.1/, ['dpo'], { from: -100, to: 100 }],
  [/no implicit reward/, ['kto'], { curves: ['reward'] }],
  [/`ref\(y,t\)` is 1, which is not a probability/, ['dpo'], { given: new Map([['ref(y,t)', 1]]) }],
  [/`len\(w\)` is 2\.5/, ['dpo'], { given: new Map([['len(w)', 2.5]]) }],
  [/no finite value/, [formula('log(-1 - exp(log(pi(w)))) + log(pi(l))', {})], {}],
  [/no claim has `constructor`/, ['dpo'], { given: new Map([['constructor', 1]]) }],
])('%s', (says, ids, question) => {
  expect(() => drawn(ids, question)).toThrow(says);
});

test.each<[wishes: readonly number[], places: readonly number[]]>([
  [
    [10, 50],
    [10, 50],
  ],
  [
    [10, 10],
    [10, 20],
  ],
  [
    [98, 99, 100],
    [80, 90, 100],
  ],
  [
    [50, 0],
    [50, 0],
  ],
])('labels at %j stand at %j', (wishes, places) => {
  expect(spread(wishes, 10, [0, 100])).toEqual(places);
});

test('subscripts and minus signs are set as such', () => {
  expect(svgText('π_ref(y_w) - 2')).toBe(
    'π<tspan dy="0.25em" font-size="75%">ref</tspan><tspan dy="-0.19em">(y</tspan><tspan dy="0.25em" font-size="75%">w</tspan><tspan dy="-0.19em">) − 2</tspan>',
  );
});
