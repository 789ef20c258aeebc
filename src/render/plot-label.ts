/** The words of a plot: what its axes are, at which numbers it is drawn, which curve is whose. */

import type { Expr } from '../expr/expr.ts';
import { apply, divide, log, subtract, variable } from '../expr/expr.ts';
import type { Role } from '../numeric/batch.ts';
import { ROLES } from '../numeric/batch.ts';
import type { Curve, PlotReport } from '../report/plot.ts';
import type { PlotAxis, PlotCurve } from '../report/plot-question.ts';
import { plainText } from './escape.ts';
import type { Marks, Notation } from './notation.ts';
import { datumMark, defaultNotation, parameterMark, responseMark } from './notation.ts';
import { unicode } from './unicode.ts';
import { variantNotation } from './variant-notation.ts';

const RESPONSE: Readonly<Record<Role, Expr>> = {
  chosen: variable('w', 'response'),
  rejected: variable('l', 'response'),
};
const movedBy = (role: Role): Expr =>
  log(divide(apply('pi', [RESPONSE[role]]), apply('ref', [RESPONSE[role]])));
const MARGIN = subtract(movedBy('chosen'), movedBy('rejected'));
const length = (role: Role): Expr => apply('len', [RESPONSE[role]]);

export function axisText(axis: PlotAxis, marks?: Marks): string {
  const notation = defaultNotation({ marks });
  switch (axis) {
    case 'margin':
      return `margin  ${unicode(MARGIN, notation)}`;
    case 'length':
      return `tokens of the chosen response  ${unicode(length('chosen'), notation)}`;
  }
}

export function curveText(curve: PlotCurve, marks?: Marks): string {
  const notation = defaultNotation({ marks });
  const loss = notation.loss.text;
  switch (curve) {
    case 'loss':
      return `loss  ${loss}`;
    case 'weight':
      return `gradient weight  -∂${loss}/∂ ${unicode(log(apply('pi', [RESPONSE.chosen])), notation)}`;
    case 'reward':
      return `implicit reward  ${ROLES.map((role) => unicode(apply('r', [RESPONSE[role]]), notation)).join(' - ')}`;
  }
}

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
export function settingTexts({ curves, question }: PlotReport, marks?: Marks): readonly string[] {
  const names = curveNames(curves);
  const said = new Map<string, { readonly value: number; readonly of: string }[]>();
  const say = (mark: string, value: number, of: string): void => {
    const known = said.get(mark) ?? [];
    said.set(mark, known);
    known.push({ value, of });
  };
  for (const [i, { variant, settings }] of curves.entries()) {
    const notation = variantNotation(variant, undefined, marks);
    const of = names[i] ?? '';
    for (const [name, value] of settings.parameters) say(parameterMark(notation, name).text, value, of);
    for (const [key, value] of settings.data) say(dataText(key, notation), value, of);
  }
  const [first] = curves;
  return [
    ...[...said].map(([mark, all]) => `${mark} = ${valuesText(all)}`),
    ...(first === undefined ? [] : stillTexts(first, question, defaultNotation({ marks }))),
  ];
}

const dataText = (key: string, notation: Notation): string => {
  const [name = '', role] = key.split(' ');
  const mark = datumMark(notation, name);
  const at =
    mark.form === 'constant' ? '' : `(${responseMark(notation, role === 'rejected' ? 'l' : 'w').text})`;
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
  { x, margin }: PlotReport['question'],
  notation: Notation,
): readonly string[] {
  const lengthText = (role: Role): string => unicode(length(role), notation);
  const fixed = x === 'margin' ? ROLES : (['rejected'] as const);
  return [
    ...(x === 'length' ? [`margin ${margin}`] : []),
    ...(x === 'margin' && lengths.chosen === lengths.rejected
      ? [`${ROLES.map(lengthText).join(' = ')} = ${lengths.chosen} tokens`]
      : fixed.map((role) => `${lengthText(role)} = ${lengths[role]} tokens`)),
    `${datumMark(notation, 'ref').text} = ${probability} for each token`,
  ];
}
