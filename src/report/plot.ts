/** Losses along a path of pairs: value, gradient weight and implicit reward against the margin or a length. */

import type { Expr } from '../expr/expr.ts';
import { some } from '../expr/walk.ts';
import { classify } from '../framework/membership.ts';
import { valuesOn, weightsOn } from '../numeric/curve.ts';
import type { CompileFault } from '../numeric/demand.ts';
import { dataOf, usesVocabulary } from '../numeric/draws.ts';
import type { PathPoint } from '../numeric/path.ts';
import { pathBatch, policyLogProb } from '../numeric/path.ts';
import { expand } from '../variant/expand.ts';
import type { Variant } from '../variant/variant.ts';
import type { PlotQuestion } from './plot-question.ts';
import type { SettingFault, Settings } from './setting.ts';
import { settingsOf } from './setting.ts';

/** One claim along the path. Values may be infinite or NaN where a loss is not defined. */
export interface Curve {
  readonly variant: Variant;
  readonly settings: Settings;
  readonly loss: Float64Array;
  readonly weight: Float64Array;
  /** The logit: the implicit reward of the chosen response less that of the rejected one. Undefined where there is none. */
  readonly reward: Float64Array | undefined;
}

export interface PlotReport {
  readonly kind: 'plot';
  readonly question: PlotQuestion;
  /** Where the curves are sampled. */
  readonly xs: readonly number[];
  readonly curves: readonly Curve[];
}

export type PlotFault =
  | SettingFault
  | { readonly kind: 'cannot-plot'; readonly claim: string; readonly fault: CompileFault }
  | { readonly kind: 'defined-nowhere'; readonly claim: string }
  | { readonly kind: 'no-reward'; readonly claim: string }
  /** Beyond `most` the policy would give a token a probability above one. */
  | { readonly kind: 'margin-out-of-reach'; readonly margin: number; readonly most: number };

const SAMPLES = 161;
/** No more lengths than this are tried. */
const MOST_LENGTHS = 240;

export function reportPlot(variants: readonly Variant[], question: PlotQuestion): PlotReport | PlotFault {
  const xs = samplesOf(question);
  const settings = settingsOf(variants, question.given);
  if ('kind' in settings) return settings;
  const curves: Curve[] = [];
  for (const [i, variant] of variants.entries()) {
    const own = settings[i];
    const curve = own === undefined ? undefined : curveOf(variant, own, question, xs);
    if (curve === undefined) continue;
    if ('kind' in curve) return curve;
    curves.push(curve);
  }
  const [first] = curves;
  const isBare =
    question.curves.every((y) => y === 'reward') && curves.every(({ reward }) => reward === undefined);
  if (isBare && first !== undefined) return { kind: 'no-reward', claim: first.variant.id };
  return { kind: 'plot', question, xs, curves };
}

function samplesOf({ x, from, to }: PlotQuestion): readonly number[] {
  if (x === 'margin')
    return Array.from({ length: SAMPLES }, (_, i) => from + ((to - from) * i) / (SAMPLES - 1));
  const step = Math.max(1, Math.ceil((to - from) / MOST_LENGTHS));
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);
}

function curveOf(
  variant: Variant,
  settings: Settings,
  question: PlotQuestion,
  xs: readonly number[],
): Curve | PlotFault {
  const points = xs.map((x): PathPoint => {
    const { lengths } = settings;
    return question.x === 'margin'
      ? { margin: x, lengths }
      : { margin: question.margin, lengths: { ...lengths, chosen: x } };
  });
  const fault = outOfReach(points, settings.probability);
  if (fault !== undefined) return fault;
  const loss = expand(variant.loss, variant.definitions);
  const logit = rewardOf(loss, variant);
  const all = logit === undefined ? [loss] : [loss, logit];
  const batch = pathBatch({
    points,
    probability: settings.probability,
    data: dataOf(all, variant.declared),
    given: (name, role) => settings.data.get(`${name} ${role}`),
    vocabulary: all.some((e) => some(e, usesVocabulary)),
  });
  // Where a loss moves with a statistic of its batch, its logit has that as a constant.
  const statistics = [...settings.data].map(([key, value]) => [key.split(' ')[0] ?? key, value] as const);
  const parameters = new Map([...statistics, ...settings.parameters]);
  const run = (e: Expr, on: typeof valuesOn): Float64Array | PlotFault => {
    const values = on(e, batch, parameters);
    return values instanceof Float64Array
      ? values
      : { kind: 'cannot-plot', claim: variant.id, fault: values };
  };
  const [value, weight] = [run(loss, valuesOn), run(loss, weightsOn)];
  const reward = logit === undefined ? undefined : run(logit, valuesOn);
  for (const made of [value, weight, reward]) if (made !== undefined && 'kind' in made) return made;
  if (!(value instanceof Float64Array) || !(weight instanceof Float64Array)) throw new Error('no curve');
  if (!value.some(Number.isFinite)) return { kind: 'defined-nowhere', claim: variant.id };
  return {
    variant,
    settings,
    loss: value,
    weight,
    reward: reward instanceof Float64Array ? reward : undefined,
  };
}

/** The logit of a loss inside, or that under another link; undefined where the loss has none. */
function rewardOf(loss: Expr, { declared }: Variant): Expr | undefined {
  const { logit, outside } = classify(loss, declared);
  return logit ?? outside?.inner?.logit;
}

function outOfReach(points: readonly PathPoint[], probability: number): PlotFault | undefined {
  for (const point of points) {
    const { margin, lengths } = point;
    if (
      policyLogProb(point, 'chosen', probability) < 0 &&
      policyLogProb(point, 'rejected', probability) < 0
    ) {
      continue;
    }
    const most = -2 * Math.min(lengths.chosen, lengths.rejected) * Math.log(probability);
    return { kind: 'margin-out-of-reach', margin, most };
  }
  return undefined;
}
