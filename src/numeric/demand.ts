/** Whether an expression can be evaluated on a batch: everything it mentions is there. */

import type { Apply, Expr, Sort, Var } from '../expr/expr.ts';
import { children } from '../expr/walk.ts';
import type { BatchShape, Role } from './batch.ts';

export type CompileFault =
  /** Data that the batch lacks, with the argument list it was asked for. */
  | { readonly kind: 'missing-data'; readonly name: string; readonly shape: readonly Sort[] }
  | { readonly kind: 'missing-parameter'; readonly name: string; readonly available: readonly string[] }
  /** A variable no sum binds, other than the responses w and l. */
  | { readonly kind: 'free-variable'; readonly name: string; readonly sort: Sort }
  /** A batch holds two responses per prompt: it cannot be summed over responses or prompts. */
  | { readonly kind: 'unsupported-range'; readonly range: 'responses' | 'prompts' }
  /** Arguments other than those data are given for, such as a vocabulary entry used as a number. */
  | { readonly kind: 'unsupported-arguments'; readonly name: string };

const ROLE_OF: ReadonlyMap<string, Role> = new Map([
  ['w', 'chosen'],
  ['l', 'rejected'],
]);

/** The side of a pair that a response variable names: w is the chosen one, l the rejected one. */
export const roleOf = (e: Expr | undefined): Role | undefined =>
  e?.kind === 'var' && e.sort === 'response' ? ROLE_OF.get(e.name) : undefined;

/** The sorts of the arguments; a number stands for a token. */
export const sortsOf = (e: Apply): readonly Sort[] =>
  e.args.map((arg) => (arg.kind === 'var' ? arg.sort : 'token'));

/** How a datum is stored, by its name and the sorts of its arguments; undefined where the batch lacks it. */
export function storeOf(e: Apply, shape: BatchShape): DatumStore | undefined {
  const sorts = sortsOf(e).join();
  if (sorts === 'response') {
    if (e.name === 'len') return 'length';
    if (shape.distributions.has(e.name)) return 'sequence';
    return shape.perResponse.has(e.name) ? 'per-response' : undefined;
  }
  if (sorts === 'response,token') {
    if (shape.distributions.has(e.name)) return 'log-prob';
    return shape.perToken.has(e.name) ? 'per-token' : undefined;
  }
  if (sorts === 'response,token,vocab') return shape.vocabularies.has(e.name) ? 'row' : undefined;
  if (sorts === 'response,response') return shape.perPair.has(e.name) ? 'per-pair' : undefined;
  if (sorts === 'prompt' || sorts === '') return shape.perPrompt.has(e.name) ? 'per-prompt' : undefined;
  return undefined;
}
export type DatumStore =
  | 'length'
  | 'sequence'
  | 'per-response'
  | 'log-prob'
  | 'per-token'
  | 'row'
  | 'per-pair'
  | 'per-prompt';

/** The first thing `e` asks for that is not there, with `bound` the variables bound around it. */
export function findFault(
  e: Expr,
  shape: BatchShape,
  parameters: ReadonlyMap<string, number>,
  bound: readonly Var[],
): CompileFault | undefined {
  switch (e.kind) {
    case 'sym':
      return parameters.has(e.name)
        ? undefined
        : { kind: 'missing-parameter', name: e.name, available: [...parameters.keys()].sort() };
    case 'var':
      if (e.sort !== 'token') return { kind: 'unsupported-arguments', name: e.name };
      return isBound(e, bound) ? undefined : { kind: 'free-variable', name: e.name, sort: e.sort };
    case 'apply':
      return faultOfData(e, shape, bound);
    case 'sum': {
      if (e.range.kind === 'responses' || e.range.kind === 'prompts') {
        return { kind: 'unsupported-range', range: e.range.kind };
      }
      if (e.range.kind === 'tokens' && roleOf(e.range.of) === undefined) return freeVariable(e.range.of);
      return findFault(e.body, shape, parameters, [...bound, e.index]);
    }
    default:
      for (const part of children(e)) {
        const fault = findFault(part, shape, parameters, bound);
        if (fault !== undefined) return fault;
      }
      return undefined;
  }
}

const isBound = (e: Var, bound: readonly Var[]): boolean => bound.some(({ name }) => name === e.name);

const freeVariable = (e: Expr): CompileFault =>
  e.kind === 'var'
    ? { kind: 'free-variable', name: e.name, sort: e.sort }
    : { kind: 'unsupported-arguments', name: e.kind };

function faultOfData(e: Apply, shape: BatchShape, bound: readonly Var[]): CompileFault | undefined {
  const store = storeOf(e, shape);
  if (store === undefined) return { kind: 'missing-data', name: e.name, shape: sortsOf(e) };
  // Pairs are stored once, chosen first.
  if (store === 'per-pair' && (roleOf(e.args[0]) !== 'chosen' || roleOf(e.args[1]) !== 'rejected')) {
    return { kind: 'unsupported-arguments', name: e.name };
  }
  for (const arg of e.args) {
    if (arg.kind === 'num') {
      if (arg.value.d !== 1n || arg.value.n < 1n) return { kind: 'unsupported-arguments', name: e.name };
    } else if (arg.kind !== 'var') return { kind: 'unsupported-arguments', name: e.name };
    else if (arg.sort === 'response' && roleOf(arg) === undefined) return freeVariable(arg);
    else if ((arg.sort === 'token' || arg.sort === 'vocab') && !isBound(arg, bound)) return freeVariable(arg);
  }
  return undefined;
}
