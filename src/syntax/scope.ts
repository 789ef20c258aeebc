/** What the names of a formula stand for. */

import type { Declarations } from '../expr/declare.ts';
import { datumOf, NOTHING_DECLARED } from '../expr/declare.ts';
import type { Expr, Sort, Var } from '../expr/expr.ts';
import { sym, variable } from '../expr/expr.ts';
import { aliasOf } from './alias.ts';
import { refuse } from './fault.ts';
import { nearest } from './nearest.ts';
import type { Token } from './token.ts';
import { CONSTANTS, FUNCTION_WORDS, isReserved, shapesOfData, shapesOfFunction } from './word.ts';

/** What a formula may use. */
export interface Scope {
  readonly declared: Declarations;
  /** Whether an undeclared bare name is a hyper-parameter (`open`) or a fault (`closed`). */
  readonly names: 'open' | 'closed';
  /** The free responses, such as `w` and `l`. */
  readonly responses: readonly string[];
  /** A file's own definitions, used like data: the sorts of their arguments by name. */
  readonly definitions: Readonly<Record<string, readonly Sort[]>>;
  /** Further free variables: the indices among the parameters of a definition, such as `t` of `g(y,t)`. */
  readonly bound?: readonly Var[];
  /** Whether `grad(e)` may be written, as rules do. */
  readonly gradients?: boolean;
}

/** The scope of a formula on its own: built-in data, free names, the responses w, l and y. */
export const FORMULA_SCOPE: Scope = Object.freeze({
  declared: NOTHING_DECLARED,
  names: 'open',
  responses: Object.freeze(['w', 'l', 'y']),
  definitions: Object.freeze({}),
});

/** A scope at a place in a formula. */
export interface Names {
  readonly scope: Scope;
  /** Free variables and the indices bound here. */
  readonly variables: ReadonlyMap<string, Var>;
  /** The names that the formula binds anywhere, to tell a forgotten binder from a hyper-parameter. */
  readonly indices: ReadonlySet<string>;
  /** The names that the formula uses without arguments. */
  readonly bare: ReadonlySet<string>;
}

/** The names at the top of a formula made of `tokens`. */
export function namesOf(tokens: readonly Token[], scope: Scope): Names {
  const variables = new Map<string, Var>([['x', variable('x', 'prompt')]]);
  for (const name of scope.responses) variables.set(name, variable(name, 'response'));
  for (const v of scope.bound ?? []) variables.set(v.name, v);

  const indices = new Set<string>();
  const bare = new Set<string>();
  for (const [i, token] of tokens.entries()) {
    if (token.kind !== 'name' || tokens[i + 1]?.text === '(') continue;
    const binds = tokens[i - 1]?.text === '(' && tokens[i - 2]?.text === 'sum' && tokens[i + 1]?.text === ',';
    (binds ? indices : bare).add(token.text);
  }
  return { scope, variables, indices, bare };
}

/** The same names within a sum over `index`. */
export const within = (names: Names, index: Var): Names => ({
  ...names,
  variables: new Map(names.variables).set(index.name, index),
});

/** The argument lists that data or a definition takes; undefined if there is no such name. */
export function shapesOf(
  { declared, definitions }: Scope,
  name: string,
): readonly (readonly Sort[])[] | undefined {
  const own = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
  return own === undefined ? datumOf(declared, name)?.shapes : [own];
}

const isParameter = ({ declared }: Scope, name: string): boolean => Object.hasOwn(declared.parameters, name);

/** Data of the framework's own stages: as bare names they are free for hyper-parameters. */
const FRAMEWORK_DATA: ReadonlySet<string> = new Set([
  'r',
  'zeta',
  'Z',
  'D',
  'kl_weight',
  'prefers',
  'objective',
  'pi_star',
]);

/** What a bare name stands for where a number is wanted. Throws FormulaError. */
export function numberNamed(names: Names, token: Token): Expr {
  const { scope } = names;
  const name = token.text;
  const found = names.variables.get(name);
  if (found?.sort === 'token') return found;
  // The prompt is implicit: as a number, `x` is a hyper-parameter like any other.
  const implicit = found?.sort === 'prompt' && (scope.names === 'open' || isParameter(scope, name));
  if (found !== undefined && !implicit)
    return refuse(token, { kind: 'wrong-sort', name, found: found.sort, expected: 'number' });
  if (isParameter(scope, name)) return sym(name);

  const shapes = shapesOf(scope, name);
  const framework = FRAMEWORK_DATA.has(name) && scope.names === 'open';
  if (shapes !== undefined && !framework)
    refuse(token, { kind: 'needs-arguments', name, expected: shapesOfData(name, shapes) });
  if (isReserved(name)) refuse(token, { kind: 'needs-arguments', name, expected: shapesOfFunction(name) });
  if (CONSTANTS.has(name)) refuse(token, { kind: 'constant-name', name });
  if (names.indices.has(name)) refuse(token, { kind: 'unbound', name, expected: 'number' });
  if (scope.names === 'open') return sym(name);
  const suggestion = nearest(name, Object.keys(scope.declared.parameters));
  return refuse(token, { kind: 'undeclared', name, suggestion });
}

/** The variable of this sort that a bare name stands for. Throws FormulaError. */
export function variableNamed(names: Names, token: Token, expected: Sort): Var {
  const name = token.text;
  const found = names.variables.get(name);
  if (found === undefined) return refuse(token, { kind: 'unbound', name, expected });
  if (found.sort !== expected) refuse(token, { kind: 'wrong-sort', name, found: found.sort, expected });
  return found;
}

/** Refuses an index name that already means something else. */
export function refuseClash({ scope }: Names, token: Token): void {
  const name = token.text;
  if (isReserved(name)) refuse(token, { kind: 'name-clash', name, with: 'function' });
  if (shapesOf(scope, name) !== undefined) refuse(token, { kind: 'name-clash', name, with: 'data' });
  if (isParameter(scope, name)) refuse(token, { kind: 'name-clash', name, with: 'parameter' });
  if (CONSTANTS.has(name)) refuse(token, { kind: 'constant-name', name });
}

/** Refuses a call of a name that is neither data, nor a definition, nor a function. */
export function refuseCall(names: Names, token: Token, datum: boolean): never {
  const { scope, variables, bare } = names;
  const name = token.text;
  const found = variables.get(name);
  if (found !== undefined) refuse(token, { kind: 'not-a-function', name, is: found.sort });
  if (isParameter(scope, name) || bare.has(name))
    refuse(token, { kind: 'not-a-function', name, is: 'number' });
  const known = [...FUNCTION_WORDS, ...Object.keys(scope.definitions), ...Object.keys(scope.declared.data)];
  const suggestion = aliasOf(name) ?? nearest(name, known);
  return refuse(token, { kind: 'unknown-function', name, suggestion, datum });
}
