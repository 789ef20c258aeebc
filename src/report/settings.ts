/** The values of a claim's hyper-parameters: those that are given, else the defaults of its file. */

import type { Domain } from '../expr/declare.ts';
import { toNumber } from '../expr/rational.ts';
import { isOf, meetsFacts } from '../numeric/facts.ts';
import type { Variant } from '../variant/variant.ts';

export interface Setting {
  readonly value: number;
  readonly from: 'given' | 'default';
}
export type Settings = ReadonlyMap<string, Setting>;

export type SettingFault =
  | { readonly kind: 'no-value'; readonly name: string }
  | {
      readonly kind: 'outside-its-domain';
      readonly name: string;
      readonly is: Domain;
      readonly value: number;
    }
  /** What is assumed of several hyper-parameters together does not hold. */
  | { readonly kind: 'against-assumption'; readonly names: readonly string[] };

/** A value for each of the hyper-parameters `needed`, within its domain and the declared facts. */
export function settle(
  { parameters, declared }: Variant,
  needed: ReadonlySet<string>,
  given: ReadonlyMap<string, number>,
): Settings | SettingFault {
  const settings = new Map<string, Setting>();
  for (const name of [...needed].sort()) {
    const own = parameters.get(name);
    const usual = own?.default === undefined ? undefined : toNumber(own.default);
    const value = given.get(name) ?? usual;
    if (value === undefined) return { kind: 'no-value', name };
    const is = own?.is ?? 'real';
    if (!isOf(is, value)) return { kind: 'outside-its-domain', name, is, value };
    settings.set(name, { value, from: given.has(name) ? 'given' : 'default' });
  }
  return meetsFacts(declared.facts, valuesOf(settings))
    ? settings
    : { kind: 'against-assumption', names: [...settings.keys()] };
}

export const valuesOf = (settings: Settings): ReadonlyMap<string, number> =>
  new Map([...settings].map(([name, { value }]) => [name, value]));
