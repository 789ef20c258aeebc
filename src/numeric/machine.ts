/** Runs a graph on a batch, in any arithmetic: one closure per node, made once per run. */

import type { Arithmetic } from './arithmetic.ts';
import { logSum } from './arithmetic.ts';
import type { Batch, Responses, Role } from './batch.ts';
import type { Graph, Node, NodeId, Over, Scope, TokenAt } from './graph.ts';
import { CONSTANT, needed, PAIR } from './graph.ts';
import type { LogProbabilities } from './normalise.ts';
import { logProbabilities } from './normalise.ts';

const NONE = new Float64Array(0);

/** Where the evaluation stands. */
interface Place {
  pair: number;
  /** The 0-based index of each enclosing loop. */
  readonly indices: number[];
}

/** Evaluates the root of the graph at a pair, with the given 0-based indices of the free variables. */
export type Evaluate<T> = (pair: number, free?: readonly number[]) => T;

/**
 * Binds a graph to a batch that has what the graph loads. Constants are computed at once, the rest at
 * each evaluation; what does not depend on a loop is computed outside it. A token position beyond the end
 * of its response gives NaN. Machines on one batch may share what they read it with: it normalises each row once.
 */
export function machine<T>(
  graph: Graph,
  batch: Batch,
  arithmetic: Arithmetic<T>,
  logProbs: LogProbabilities<T> = logProbabilities(batch, arithmetic),
): Evaluate<T> {
  const unset = arithmetic.given(Number.NaN);
  const registers: T[] = graph.nodes.map(() => unset);
  const place: Place = { pair: 0, indices: [] };
  const read = (id: NodeId): T => registers[id] ?? unset;

  const steps = (root: NodeId, scope: Scope): readonly (() => void)[] =>
    needed(graph, root, scope).map((id) => {
      const node = graph.nodes[id];
      const compute = node === undefined ? () => unset : operation(node);
      return () => {
        registers[id] = compute();
      };
    });

  const operation = (node: Node): (() => T) => {
    switch (node.op) {
      case 'sum': {
        const { terms } = node;
        return () => arithmetic.sum(terms.length, (i) => read(terms[i] ?? -1));
      }
      case 'negate':
        return () => arithmetic.negate(read(node.of));
      case 'times':
      case 'over':
      case 'gate':
      case 'max':
      case 'min': {
        const apply = arithmetic[node.op];
        return () => apply(read(node.a), read(node.b));
      }
      case 'scalar':
        return () => arithmetic.scalar(node.fn, read(node.of));
      case 'compare':
        return () => arithmetic.compare(node.fn, read(node.a), read(node.b));
      case 'log-sum':
        return () =>
          logSum(
            arithmetic,
            node.terms.length,
            (i) => node.signs[i] ?? 1,
            (i) => read(node.terms[i] ?? -1),
          );
      case 'each': {
        const body = steps(node.body, node.level);
        const term = (i: number): T => {
          place.indices[node.level] = i;
          for (const step of body) step();
          return read(node.body);
        };
        const count = counter(node.over, batch, place);
        return node.log
          ? () => logSum(arithmetic, count(), () => 1, term)
          : () => arithmetic.sum(count(), term);
      }
      default:
        return load(node, batch, place, arithmetic, logProbs);
    }
  };

  for (const constant of steps(graph.root, CONSTANT)) constant();
  const perPair = steps(graph.root, PAIR);
  // A root that varies with free indices needs their scopes too, outermost first.
  const perFree = range(graph.scopes[graph.root] ?? PAIR).map((level) => steps(graph.root, level));
  let computed: readonly number[] = [];
  return (pair, free = []) => {
    place.pair = pair;
    // What does not depend on the indices that have changed is there already.
    let changed = pair !== computed[0];
    if (changed) for (const step of perPair) step();
    for (const [level, steps] of perFree.entries()) {
      const index = free[level] ?? Number.NaN;
      changed ||= index !== computed[level + 1];
      // Set here: loops of the scopes further out have used the same place.
      place.indices[level] = index;
      if (changed) for (const step of steps) step();
    }
    computed = [pair, ...free];
    return read(graph.root);
  };
}

/** 0 .. last */
const range = (last: number): readonly number[] => Array.from({ length: Math.max(0, last + 1) }, (_, i) => i);

const startOf = (side: Responses, pair: number): number => side.offsets[pair] ?? 0;
const lengthOf = (side: Responses, pair: number): number => startOf(side, pair + 1) - startOf(side, pair);

function counter(over: Over, batch: Batch, place: Place): () => number {
  if (over === 'vocabulary') return () => batch.vocabulary;
  const side = batch[over];
  return () => lengthOf(side, place.pair);
}

/** The flat position of a token; NaN beyond the end of the response. */
function locate(role: Role, token: TokenAt, batch: Batch, place: Place): () => number {
  const side = batch[role];
  return () => {
    const t = token.kind === 'fixed' ? token.position - 1 : (place.indices[token.level] ?? Number.NaN);
    return t < lengthOf(side, place.pair) ? startOf(side, place.pair) + t : Number.NaN;
  };
}

type Load = Exclude<
  Node,
  {
    op:
      | 'sum'
      | 'negate'
      | 'times'
      | 'over'
      | 'gate'
      | 'max'
      | 'min'
      | 'scalar'
      | 'compare'
      | 'log-sum'
      | 'each';
  }
>;

function load<T>(
  node: Load,
  batch: Batch,
  place: Place,
  { given, rational, sum }: Arithmetic<T>,
  logProbs: LogProbabilities<T>,
): () => T {
  const column = (values: Float64Array | undefined): (() => T) => {
    return () => given(values?.[place.pair] ?? Number.NaN);
  };
  switch (node.op) {
    case 'rational':
      return () => rational(node.value);
    case 'number':
      return () => given(node.value);
    case 'position':
      return () => given((place.indices[node.level] ?? Number.NaN) + 1);
    case 'length': {
      const side = batch[node.role];
      return () => given(lengthOf(side, place.pair));
    }
    case 'per-response':
      return column(batch[node.role].perResponse.get(node.name));
    case 'per-pair':
      return column(batch.perPair.get(node.name));
    case 'per-prompt':
      return column(batch.perPrompt.get(node.name));
    case 'per-token': {
      const values = batch[node.role].perToken.get(node.name) ?? NONE;
      const position = locate(node.role, node.token, batch, place);
      return () => given(values[position()] ?? Number.NaN);
    }
    case 'log-prob': {
      const read = logProbs.ofToken(node.name, node.role);
      const position = locate(node.role, node.token, batch, place);
      return () => read(position());
    }
    case 'row': {
      const read = logProbs.ofEntry(node.name, node.role);
      const position = locate(node.role, node.token, batch, place);
      const { level } = node;
      return () => read(position(), place.indices[level] ?? Number.NaN);
    }
    case 'sequence': {
      const side = batch[node.role];
      const read = logProbs.ofToken(node.name, node.role);
      return () => {
        const start = startOf(side, place.pair);
        return sum(lengthOf(side, place.pair), (i) => read(start + i));
      };
    }
  }
}
