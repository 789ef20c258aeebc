/** The special forms: binders, indicator and stop-gradient, and the macros, which are unfolded as they are read. */

import { freshName } from '../expr/binder.ts';
import type { Expr, Range } from '../expr/expr.ts';
import {
  add,
  apply,
  call,
  divide,
  exp,
  freeze,
  INDEX_SORT,
  log,
  minus,
  mul,
  sum,
  variable,
} from '../expr/expr.ts';
import { argument } from './argument.ts';
import { refuse } from './fault.ts';
import type { Tree } from './grammar.ts';
import { nearest } from './nearest.ts';
import type { Reading } from './node.ts';
import { look, spanOf } from './node.ts';
import type { Names } from './scope.ts';
import { refuseClash, shapesOf, variableNamed, within } from './scope.ts';
import type { FormName } from './word.ts';
import { rangeNamed } from './word.ts';

/** A call being read: where, under which names, and how to read what stands inside. */
export interface Site {
  readonly reading: Reading;
  readonly names: Names;
  readonly args: readonly Tree[];
  readonly build: (node: Tree, names: Names) => Expr;
}

export interface Form {
  /** The number of arguments. */
  readonly takes: number;
  readonly read: (site: Site) => Expr;
}

export const FORM_READERS: Readonly<Record<FormName, Form>> = {
  sum: { takes: 3, read: readSum },
  indicator: { takes: 1, read: readIndicator },
  stopgrad: { takes: 1, read: (site) => freeze(numberAt(site, 0)) },
  /** Kullback-Leibler divergence of two next-token distributions at one position. */
  kl: {
    takes: 4,
    read: (site) => overVocabulary(site, 2, ([p, q]) => mul([p, log(divide(p, q))])),
  },
  /** Shannon entropy of a next-token distribution at one position, in nats. */
  entropy: {
    takes: 3,
    read: (site) => minus(overVocabulary(site, 1, ([p]) => mul([p, log(p)]))),
  },
  logaddexp: {
    takes: 2,
    read: (site) => log(add([exp(numberAt(site, 0)), exp(numberAt(site, 1))])),
  },
};

function nodeAt({ args }: Site, i: number): Tree {
  const node = args[i];
  if (node === undefined) throw new RangeError(`no argument ${i}`);
  return node;
}

const numberAt = (site: Site, i: number): Expr => site.build(nodeAt(site, i), site.names);

function readSum(site: Site): Expr {
  const { reading, names, build } = site;
  const over = rangeOf(site);
  const seen = look(reading, nodeAt(site, 0));
  if (seen.kind !== 'leaf' || seen.token.kind !== 'name') {
    return refuse(spanOf(reading, nodeAt(site, 0)), {
      kind: 'name-expected',
      expected: INDEX_SORT[over.kind],
    });
  }
  refuseClash(names, seen.token);
  const index = variable(seen.token.text, INDEX_SORT[over.kind]);
  return sum(index, over, build(nodeAt(site, 2), within(names, index)));
}

function rangeOf(site: Site): Range {
  const { reading, names } = site;
  const seen = look(reading, nodeAt(site, 1));
  if (seen.kind !== 'leaf' || seen.token.kind !== 'name') {
    return refuse(spanOf(reading, nodeAt(site, 1)), { kind: 'range-expected' });
  }
  const range = rangeNamed(seen.token.text);
  if (range !== undefined) return range;
  if (!names.variables.has(seen.token.text)) refuse(seen.token, { kind: 'range-expected' });
  return { kind: 'tokens', of: variableNamed(names, seen.token, 'response') };
}

function readIndicator(site: Site): Expr {
  const { reading, names, build } = site;
  let node = nodeAt(site, 0);
  let seen = look(reading, node);
  for (; seen.kind === 'group'; seen = look(reading, node)) node = seen.inner;
  if (seen.kind !== 'binary') return refuse(spanOf(reading, node), { kind: 'comparison-expected' });
  const { mark, left, right } = seen;
  const sides = (): [Expr, Expr] => [build(left, names), build(right, names)];
  switch (mark) {
    case '<=':
      return call('le', sides());
    case '<':
      return call('lt', sides());
    case '==':
      return call('eq', sides());
    case '>=':
      return call('le', sides().reverse());
    case '>':
      return call('lt', sides().reverse());
    default:
      return refuse(spanOf(reading, node), { kind: 'comparison-expected' });
  }
}

/** Sums over the vocabulary a body made of `count` next-token distributions at the response and token that follow them. */
function overVocabulary(site: Site, count: 1 | 2, body: (entries: readonly [Expr, Expr]) => Expr): Expr {
  const { reading, names } = site;
  const distributions = site.args.slice(0, count).map((node) => distributionNamed(site, node));
  const y = argument(reading, names, nodeAt(site, count), 'response');
  const t = argument(reading, names, nodeAt(site, count + 1), 'token');
  const v = freshName(variable('v', 'vocab'), [y, t]);
  const entry = (i: number): Expr => apply(distributions[i] ?? '', [y, t, v]);
  return sum(v, { kind: 'vocabulary' }, body([entry(0), entry(count - 1)]));
}

function distributionNamed({ reading, names }: Site, node: Tree): string {
  const { scope } = names;
  const isDistribution = (name: string): boolean =>
    shapesOf(scope, name)?.some((sorts) => sorts.join() === 'response,token,vocab') ?? false;
  const seen = look(reading, node);
  if (seen.kind === 'leaf' && isDistribution(seen.token.text)) return seen.token.text;
  const span = spanOf(reading, node);
  const name = reading.text.slice(span.start, span.end);
  const known = [...Object.keys(scope.declared.data), ...Object.keys(scope.definitions)].filter(
    isDistribution,
  );
  return refuse(span, { kind: 'not-a-distribution', name, suggestion: nearest(name, known) });
}
