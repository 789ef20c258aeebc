/** The numbers at which losses are drawn: defaults of the files, what is said on top, and what stands still along the path. */

import type { Domain } from '../expr/declare.ts';
import { datumOf, domainOf } from '../expr/declare.ts';
import type { Sort } from '../expr/expr.ts';
import { nodes } from '../expr/walk.ts';
import type { Role } from '../numeric/batch.ts';
import { ROLES } from '../numeric/batch.ts';
import { sortsOf } from '../numeric/demand.ts';
import { usualValue } from '../numeric/path.ts';
import { nearest } from '../syntax/nearest.ts';
import { expand } from '../variant/expand.ts';
import type { Variant } from '../variant/variant.ts';

export interface Settings {
  /** Of the hyper-parameters that the loss mentions. */
  readonly parameters: ReadonlyMap<string, number>;
  /** In tokens. */
  readonly lengths: Readonly<Record<Role, number>>;
  /** What the reference gives to each token. */
  readonly probability: number;
  /** Of the data that the loss mentions, by name and role: `score chosen`. */
  readonly data: ReadonlyMap<string, number>;
}

export type SettingFault =
  | { readonly kind: 'no-value'; readonly claim: string; readonly name: string }
  | { readonly kind: 'unknown-setting'; readonly name: string; readonly suggestion: string | undefined }
  | {
      readonly kind: 'outside-domain';
      readonly name: string;
      readonly value: number;
      readonly is: Domain | 'a length' | 'a probability';
    };

const USUAL_LENGTH = 20;
const USUAL_PROBABILITY = 0.1;
const MOST_TOKENS = 10_000;
const ROLE_NAME: Readonly<Record<Role, string>> = { chosen: 'w', rejected: 'l' };
const PROBABILITY = 'ref(y,t)';

/** The settings of each claim. What is said and concerns none of them is a fault. */
export function settingsOf(
  variants: readonly Variant[],
  given: ReadonlyMap<string, number>,
): readonly Settings[] | SettingFault {
  const names = new Set(['len(y)', 'len(w)', 'len(l)', PROBABILITY]);
  const all: Settings[] = [];
  for (const variant of variants) {
    const made = ofVariant(variant, given, names);
    if ('kind' in made) return made;
    all.push(made);
  }
  for (const name of given.keys()) {
    if (!names.has(name)) return { kind: 'unknown-setting', name, suggestion: nearest(name, [...names]) };
  }
  return all;
}

function ofVariant(
  variant: Variant,
  given: ReadonlyMap<string, number>,
  names: Set<string>,
): Settings | SettingFault {
  const { loss, definitions, declared } = variant;
  const whole = expand(loss, definitions);
  const parameters = new Map<string, number>();
  const data = new Map<string, number>();
  const lengths = { chosen: USUAL_LENGTH, rejected: USUAL_LENGTH };
  for (const role of ROLES) {
    const length = given.get(`len(${ROLE_NAME[role]})`) ?? given.get('len(y)') ?? USUAL_LENGTH;
    if (!Number.isInteger(length) || length < 1 || length > MOST_TOKENS) {
      return { kind: 'outside-domain', name: `len(${ROLE_NAME[role]})`, value: length, is: 'a length' };
    }
    lengths[role] = length;
  }
  const probability = given.get(PROBABILITY) ?? USUAL_PROBABILITY;
  if (!(probability > 0 && probability < 1)) {
    return { kind: 'outside-domain', name: PROBABILITY, value: probability, is: 'a probability' };
  }
  for (const [node] of nodes(whole)) {
    if (node.kind === 'sym') {
      names.add(node.name);
      const value = given.get(node.name) ?? usual(variant, node.name);
      if (value === undefined) return { kind: 'no-value', claim: variant.id, name: node.name };
      const is = domainOf(declared, node.name);
      if (!isIn(value, is)) return { kind: 'outside-domain', name: node.name, value, is };
      parameters.set(node.name, value);
    } else if (node.kind === 'apply') {
      const datum = datumOf(declared, node.name);
      if (datum === undefined || datum.distribution || node.name === 'len') continue;
      for (const role of ROLES) {
        const heads = headsOf(node.name, sortsOf(node), role);
        for (const head of heads) names.add(head);
        const said = heads.map((head) => given.get(head)).find((value) => value !== undefined);
        const value = said ?? usualValue(datum.is, sortsOf(node), role);
        if (!isIn(value, datum.is)) {
          return { kind: 'outside-domain', name: heads[0] ?? node.name, value, is: datum.is };
        }
        data.set(`${node.name} ${role}`, value);
      }
    }
  }
  return { parameters, lengths, probability, data };
}

const usual = ({ parameters }: Variant, name: string): number | undefined => {
  const value = parameters.get(name)?.default;
  return value === undefined ? undefined : Number(value.n) / Number(value.d);
};

/** How data of one role may be spoken of, the most special first: `m(w,t)`, `m(y,t)`. */
function headsOf(name: string, sorts: readonly Sort[], role: Role): readonly string[] {
  if (sorts.filter((sort) => sort === 'response').length > 1) return [`${name}(w,l)`];
  const write = (response: string): string =>
    `${name}(${sorts.map((sort) => ({ response, token: 't', vocab: 'v', prompt: 'x' })[sort]).join(',')})`;
  return sorts.includes('response') ? [write(ROLE_NAME[role]), write('y')] : [write('')];
}

function isIn(value: number, is: Domain): boolean {
  switch (is) {
    case 'real':
      return Number.isFinite(value);
    case 'positive':
      return value > 0 && Number.isFinite(value);
    case 'nonnegative':
      return value >= 0 && Number.isFinite(value);
    case 'unit':
      return value >= 0 && value <= 1;
    case 'open-unit':
      return value > 0 && value < 1;
    case 'integer':
      return Number.isInteger(value);
    case 'boolean':
      return value === 0 || value === 1;
  }
}
