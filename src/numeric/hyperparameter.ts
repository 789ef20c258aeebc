/** The settings of a reference implementation, as numbers that formulas can name. */

import type { Parameters } from './compile.ts';

export type Hyperparameter = number | boolean | string | readonly number[];

/** Numbers and booleans (0 and 1) can stand in a formula, those of a list as `name_1`, `name_2`; text cannot. */
export function numeric(settings: ReadonlyMap<string, Hyperparameter>): Parameters {
  const numbers = new Map<string, number>();
  for (const [name, value] of settings) {
    if (typeof value === 'number' || typeof value === 'boolean') numbers.set(name, Number(value));
    else if (typeof value !== 'string') {
      for (const [i, x] of value.entries()) numbers.set(`${name}_${i + 1}`, x);
    }
  }
  return numbers;
}
