/** Every rule there is. Trust is enumerated: a table that is not listed here does not exist. */

import { DEFINITION, INFORMATION, LEMMA, MODEL } from './framework.ts';
import { GRADIENT, VALUE } from './gradient.ts';
import { LOGARITHM } from './logarithm.ts';
import { LOGISTIC } from './logistic.ts';
import { PIECEWISE } from './piecewise.ts';
import type { Rule } from './rule.ts';
import { SUM } from './sum.ts';

export const RULES: ReadonlyMap<string, Rule> = new Map(
  [LOGARITHM, LOGISTIC, PIECEWISE, SUM, GRADIENT, DEFINITION, INFORMATION, MODEL, VALUE, LEMMA].flatMap(
    (table) => Object.values<Rule>(table).map((rule) => [rule.id, rule] as const),
  ),
);
