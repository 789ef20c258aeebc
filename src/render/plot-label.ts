/** The words of a plot: what its axes are, at which numbers it is drawn, which curve is whose. */

import type { Expr } from '../expr/expr.ts';
import { apply, divide, log, subtract, variable } from '../expr/expr.ts';
import type { Role } from '../numeric/batch.ts';
import { ROLES } from '../numeric/batch.ts';
import type { Curve, PlotAxis, PlotCurve, PlotReport } from '../report/plot.ts';
import { plainText } from './escape.ts';
import type { Notation } from './notation.ts';
import { datumMark, defaultNotation, parameterMark } from './notation.ts';
import { unicode } from './unicode.ts';
import { variantNotation } from './variant-notation.ts';

const HOUSE = defaultNotation();
const RESPONSE: Readonly<Record<Role, Expr>> = {
  chosen: variable('w', 'response'),
  rejected: variable('l', 'response'),
};
const movedBy = (role: Role): Expr =>
  log(divide(apply('pi', [RESPONSE[role]]), apply('ref', [RESPONSE[role]])));
const lengthText = (role: Role): string => unicode(apply('len', [RESPONSE[role]]), HOUSE);

export const MARGIN_TEXT: string = unicode(subtract(movedBy('chosen'), movedBy('rejected')), HOUSE);
const CHOSEN_TEXT = unicode(log(apply('pi', [RESPONSE.chosen])), HOUSE);
const REWARDS = ROLES.map((role) => unicode(apply('r', [RESPONSE[role]]), HOUSE));

export const AXIS_TEXT: Readonly<Record<PlotAxis, string>> = {
  margin: `margin  ${MARGIN_TEXT}`,
  length: `tokens of the chosen response  ${lengthText('chosen')}`,
};
export const CURVE_TEXT: Readonly<Record<PlotCurve, string>> = {
  loss: 'loss  L',
  weight: `gradient weight  -∂L/∂ ${CHOSEN_TEXT}`,
  reward: `implicit reward  ${REWARDS.join(' - ')}`,
};

const LONGEST = 22;
/** What a curve is called; formulas, whose titles are long, by number. */
export function curveNames(curves: readonly Curve[]): readonly string[] {
  const formulas = curves.filter(isFormula);
  const names = curves.map((curve) => {
    if (isFormula(curve)) return formulas.length === 1 ? 'formula' : `formula ${formulas.indexOf(curve) + 1}`;
    const title = Array.from(plainText(curve.variant.title));
    return title.length <= LONGEST ? title.join('') : `${title.slice(0, LONGEST - 1).join('')}…`;
  });
  // The same claim twice is told apart by its place.
  return names.map((name, i) => (names.indexOf(name) === i ? name : `${name} (${i + 1})`));
}
const isFormula = ({ variant }: Curve): boolean => variant.source.file === '';

/** `β = 0.1 (DPO), 2 (SimPO)`: every number at which the curves are drawn, in the order of the claims. */
export function settingTexts({ curves, question }: PlotReport): readonly string[] {
  const names = curveNames(curves);
  const said = new Map<string, { readonly value: number; readonly of: string }[]>();
  const say = (mark: string, value: number, of: string): void => {
    const known = said.get(mark) ?? [];
    said.set(mark, known);
    known.push({ value, of });
  };
  for (const [i, { variant, settings }] of curves.entries()) {
    const notation = variantNotation(variant);
    const of = names[i] ?? '';
    for (const [name, value] of settings.parameters) say(parameterMark(notation, name).text, value, of);
    for (const [key, value] of settings.data) say(dataText(key, notation), value, of);
  }
  const [first] = curves;
  return [
    ...[...said].map(([mark, all]) => `${mark} = ${valuesText(all)}`),
    ...(first === undefined ? [] : stillTexts(first, question.x, question.margin)),
  ];
}

const ROLE_BELOW: Readonly<Record<Role, string>> = { chosen: 'y_w', rejected: 'y_l' };
const dataText = (key: string, notation: Notation): string => {
  const [name = '', role] = key.split(' ');
  const mark = datumMark(notation, name);
  const at = mark.form === 'constant' ? '' : `(${ROLE_BELOW[role === 'rejected' ? 'rejected' : 'chosen']})`;
  return `${mark.text}${at}`;
};

function valuesText(all: readonly { readonly value: number; readonly of: string }[]): string {
  const values = [...new Set(all.map(({ value }) => value))];
  if (values.length === 1) return `${values[0]}`;
  return values
    .map((value) => `${value} (${all.flatMap((one) => (one.value === value ? [one.of] : [])).join(' · ')})`)
    .join(', ');
}

/** What stands still along the path. */
function stillTexts(
  { settings: { lengths, probability } }: Curve,
  x: PlotAxis,
  margin: number,
): readonly string[] {
  const fixed = x === 'margin' ? ROLES : (['rejected'] as const);
  return [
    ...(x === 'length' ? [`margin ${margin}`] : []),
    ...(x === 'margin' && lengths.chosen === lengths.rejected
      ? [`${ROLES.map(lengthText).join(' = ')} = ${lengths.chosen} tokens`]
      : fixed.map((role) => `${lengthText(role)} = ${lengths[role]} tokens`)),
    `π_ref = ${probability} for each token`,
  ];
}
