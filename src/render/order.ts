/** In which order a paper writes the terms of a sum and the factors of a product. */

import type { Expr } from '../expr/expr.ts';
import { nodes, some } from '../expr/walk.ts';
import { isMarked, unmarked } from './highlight.ts';
import { isNegative, isReciprocal } from './spell.ts';

/** The framework's own weight on the divergence: the one hyper-parameter that is written as data, `kl_weight()`. */
const isWeight = (e: Expr): boolean => e.kind === 'apply' && e.name === 'kl_weight' && e.args.length === 0;

/** Made of numbers and hyper-parameters only. An exponential is written after the data, whatever is in it. */
export const isCoefficient = (e: Expr): boolean =>
  !(e.kind === 'call' && e.fn === 'exp') &&
  !some(
    e,
    (node) =>
      (node.kind === 'apply' && !isWeight(node) && !isMarked(node)) ||
      node.kind === 'var' ||
      node.kind === 'sum',
  );

const isNumeric = (e: Expr): boolean =>
  isCoefficient(e) && !some(e, (node) => node.kind === 'sym' || node.kind === 'apply');

/** Smaller keys come first; keys are compared entry by entry. */
type Key = readonly number[];

const compareKeys = (a: Key, b: Key): number =>
  a.reduce((order, entry, i) => (order !== 0 ? order : entry - (b[i] ?? 0)), 0);

/** Sorts by key; what has equal keys keeps its order. */
const sortByKey = (list: readonly Expr[], key: (e: Expr) => Key): readonly Expr[] =>
  list
    .map((e) => ({ e, key: key(unmarked(e)) }))
    .sort((a, b) => compareKeys(a.key, b.key))
    .map(({ e }) => e);

/** The policy before the reference, both before other data, lengths last. */
function dataRank(names: ReadonlySet<string>): number {
  if (names.has('pi')) return 0;
  if (names.has('ref')) return 1;
  return [...names].some((name) => name !== 'len') ? 2 : 3;
}

/** What joins both responses, then the chosen one, then any, then the rejected one. */
function responseRank(responses: ReadonlySet<string>): number {
  if (responses.has('w')) return responses.has('l') ? 0 : 1;
  return responses.has('l') ? 3 : 2;
}

function termKey(e: Expr): Key {
  if (isNumeric(e)) return [isNegative(e) ? 3 : 0];
  if (isCoefficient(e)) return [2];
  const names = new Set<string>();
  const responses = new Set<string>();
  let sums = 0;
  for (const [node] of nodes(e)) {
    if (node.kind === 'apply') names.add(node.name);
    if (node.kind === 'var' && node.sort === 'response') responses.add(node.name);
    if (node.kind === 'sum') sums = 1;
  }
  return [1, sums, dataRank(names), responseRank(responses)];
}

/**
 * The terms of a spelled sum in display order: a positive number, data (chosen before rejected), hyper-parameters
 * such as margins, a negative number; but a positive term leads if there is one.
 */
export function orderTerms(terms: readonly Expr[]): readonly Expr[] {
  const sorted = sortByKey(terms, termKey);
  const leader = sorted.findIndex((term) => !isNegative(term));
  const lead = sorted[leader];
  return lead === undefined ? sorted : [lead, ...sorted.toSpliced(leader, 1)];
}

/** Numbers, hyper-parameters, other coefficients, data. */
function factorBlock(e: Expr): number {
  if (e.kind === 'num') return 0;
  if (e.kind === 'pow' && isNumeric(e)) return 1;
  if (nameOf(e) !== undefined) return 2;
  return isCoefficient(e) ? 3 : 4;
}

/** Sums and bare logs reach to the right, so they come last. */
function factorShape(e: Expr): number {
  switch (e.kind) {
    case 'pow':
      return isReciprocal(e) ? 1 : factorShape(e.base);
    case 'add':
      return 1;
    case 'freeze':
      return 2;
    case 'grad':
      return 4;
    case 'call':
      return e.fn === 'log' ? 3 : e.fn === 'exp' ? 4 : 2;
    case 'sum':
      return 5;
    default:
      return 0;
  }
}

/** Gradients, and sums of them, come after everything else: -beta sigmoid(-u) (grad log p - grad log q). */
export const hasGradient = (e: Expr): boolean => some(e, ({ kind }) => kind === 'grad');

/** The name of a hyper-parameter or of a power of one. */
function nameOf(e: Expr): string | undefined {
  if (e.kind === 'sym' || (e.kind === 'apply' && isWeight(e))) return e.name;
  return e.kind === 'pow' && !isReciprocal(e) ? nameOf(e.base) : undefined;
}

/** The factors of a spelled product in display order: numbers, hyper-parameters by name, data, logs, exponentials, sums, gradients. */
export function orderFactors(factors: readonly Expr[]): readonly Expr[] {
  const byName = factors.toSorted((a, b) => {
    const [left = '', right = ''] = [nameOf(unmarked(a)), nameOf(unmarked(b))];
    return left < right ? -1 : left > right ? 1 : 0;
  });
  return sortByKey(byName, (e) => [factorBlock(e), hasGradient(e) ? 1 : 0, factorShape(e)]);
}
