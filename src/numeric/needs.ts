/** What formulas ask of a batch: distributions, tokens, lengths, and data of their own by the arguments they take. */

import type { Declarations } from '../expr/declare.ts';
import { datumOf } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { nodes } from '../expr/walk.ts';
import type { Role } from './batch.ts';
import { roleOf, sortsOf } from './demand.ts';

/** Of a response, of its tokens, of the two responses together, or of what they answer. */
export type DatumScope = 'perResponse' | 'perToken' | 'perPair' | 'perPrompt';
type Roles = ReadonlySet<Role>;

export interface Needs {
  /** Distributions, and the responses whose probabilities are asked for. */
  readonly distributions: ReadonlyMap<string, Roles>;
  /** Further data. The responses are none where a datum is of both together. */
  readonly data: ReadonlyMap<string, { readonly scope: DatumScope; readonly roles: Roles }>;
  /** The responses whose single tokens are asked for. */
  readonly tokens: Roles;
  /** The responses whose lengths are asked for. */
  readonly lengths: Roles;
  /** The distributions that are asked for whole, with every entry of the vocabulary. */
  readonly whole: ReadonlySet<string>;
  readonly parameters: ReadonlySet<string>;
}

const SCOPES: ReadonlyMap<string, DatumScope> = new Map([
  ['response', 'perResponse'],
  ['response,token', 'perToken'],
  ['response,response', 'perPair'],
  ['prompt', 'perPrompt'],
  ['', 'perPrompt'],
]);

/** What these formulas ask for, taken together. */
export function needsOf(formulas: readonly Expr[], declared: Declarations): Needs {
  const distributions = new Map<string, Set<Role>>();
  const data = new Map<string, { readonly scope: DatumScope; readonly roles: Set<Role> }>();
  const [tokens, lengths] = [new Set<Role>(), new Set<Role>()];
  const parameters = new Set<string>();
  const whole = new Set<string>();
  let vocabulary = false;
  const put = (set: Set<Role>, role: Role | undefined): Set<Role> =>
    role === undefined ? set : set.add(role);
  for (const [node] of formulas.flatMap((e) => [...nodes(e)])) {
    if (node.kind === 'sym') parameters.add(node.name);
    if (node.kind === 'sum' && node.range.kind === 'tokens') put(tokens, roleOf(node.range.of));
    if (node.kind === 'sum' && node.range.kind === 'vocabulary') vocabulary = true;
    if (node.kind !== 'apply') continue;
    const { name } = node;
    const role = roleOf(node.args[0]);
    const sorts = sortsOf(node);
    if (sorts.includes('token')) put(tokens, role);
    if (name === 'len') put(lengths, role);
    else if (datumOf(declared, name)?.distribution === true) {
      distributions.set(name, put(distributions.get(name) ?? new Set(), role));
      if (sorts.includes('vocab')) whole.add(name);
    } else {
      const scope = SCOPES.get(sorts.join()) ?? 'perToken';
      const roles = data.get(name)?.roles ?? new Set<Role>();
      data.set(name, { scope, roles: scope === 'perPair' ? roles : put(roles, role) });
    }
  }
  // What asks for the size of the vocabulary alone finds it in any of them.
  if (vocabulary && whole.size === 0) for (const name of distributions.keys()) whole.add(name);
  return { distributions, data, tokens, lengths, whole, parameters };
}
