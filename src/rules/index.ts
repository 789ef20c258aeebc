/** Every rule there is. Trust is enumerated: a table that is not listed here does not exist. */

import { DEFINITION, LEMMA, MODEL } from './framework.ts';
import { LOGARITHM } from './logarithm.ts';
import { LOGISTIC } from './logistic.ts';
import type { Rule } from './rule.ts';
import { SUM } from './sum.ts';

export const RULES: ReadonlyMap<string, Rule> = new Map(
  [LOGARITHM, LOGISTIC, SUM, DEFINITION, MODEL, LEMMA].flatMap((table) =>
    Object.values<Rule>(table).map((rule) => [rule.id, rule] as const),
  ),
);
