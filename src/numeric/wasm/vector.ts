/** A kernel as a graph of operations on pairs of doubles: equal operations are one node, operands before users. */

import type { Role } from '../batch.ts';
import type { Over, Scope, TokenAt } from '../graph.ts';
import { CONSTANT, PAIR } from '../graph.ts';

/** An index into the nodes of a plan. */
export type VectorId = number;

/** What is done to both lanes at once. Comparisons give all bits set or none. */
export type VectorFn =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'sqrt'
  | 'abs'
  | 'neg'
  /** NaN if either is, as Math.max. */
  | 'max'
  | 'min'
  /** b < a ? b : a, and a < b ? b : a: the first operand where it is NaN. */
  | 'least'
  | 'greatest'
  | 'eq'
  | 'lt'
  | 'le'
  | 'and'
  | 'or'
  | 'and-not'
  /** The bits of the first operand where the third has ones, else of the second. */
  | 'select'
  /** On the four 32-bit halves. */
  | 'add-halves'
  | 'sub-halves'
  | 'shift-halves-right'
  /** On the two 64-bit patterns. */
  | 'shift-left'
  /** The upper half of each lane, a signed integer, as a double. */
  | 'upper-to-double';

/** Where a number comes from that is stored once per pair. */
export interface Column {
  readonly store: 'sequence' | 'length' | 'per-response' | 'per-pair' | 'per-prompt';
  readonly name: string;
  readonly role: Role;
}

export type VectorNode =
  /** The same double in both lanes, by its bits. */
  | { readonly op: 'bits'; readonly high: number; readonly low: number }
  | { readonly op: 'column'; readonly column: Column }
  | {
      readonly op: 'token';
      readonly store: 'log-prob' | 'per-token';
      readonly name: string;
      readonly role: Role;
      readonly token: TokenAt;
    }
  /** A logit of a row: at the index of the loop at `level`, or of the token itself. */
  | {
      readonly op: 'logit';
      readonly name: string;
      readonly role: Role;
      readonly token: TokenAt;
      readonly entry: number | 'own';
    }
  | { readonly op: 'position'; readonly level: number }
  | {
      readonly op: 'apply';
      readonly fn: VectorFn;
      readonly args: readonly VectorId[];
      /** The number of bits of a shift. */
      readonly by: number;
    }
  /**
   * Over all indices of a loop: the sum of `body`, 0 if there are none, or the largest, -Infinity if there are none.
   * `greatest` passes over NaN, and is faster.
   */
  | {
      readonly op: 'reduce';
      readonly by: 'add' | 'max' | 'greatest';
      readonly over: Over;
      readonly level: number;
      readonly body: VectorId;
    };

export const operandsOf = (node: VectorNode): readonly VectorId[] =>
  node.op === 'apply' ? node.args : node.op === 'reduce' ? [node.body] : [];

/** The loop levels whose index `node` reads itself. */
function ownLevels(node: VectorNode): readonly number[] {
  const levels: number[] = [];
  if (node.op === 'position') levels.push(node.level);
  if (node.op === 'logit' && node.entry !== 'own') levels.push(node.entry);
  if ((node.op === 'token' || node.op === 'logit') && node.token.kind === 'bound')
    levels.push(node.token.level);
  return levels;
}

export interface Plan {
  readonly nodes: readonly VectorNode[];
  /** As in a graph: constants, what changes with the pair, or the innermost loop level. */
  readonly scopes: readonly Scope[];
}

/** The upper half of -0. */
export const SIGN = -(2 ** 31);
const FLOAT = new Float64Array(1);
const WORDS = new Int32Array(FLOAT.buffer);

/** The methods give the id of a node, new or known. Every platform of today stores the lower half first. */
export interface PlanBuilder extends Plan {
  readonly add: (node: VectorNode) => VectorId;
  readonly constant: (value: number) => VectorId;
  readonly bits: (high: number, low?: number) => VectorId;
  readonly apply: (fn: VectorFn, ...args: readonly VectorId[]) => VectorId;
  readonly shift: (fn: 'shift-left' | 'shift-halves-right', of: VectorId, by: number) => VectorId;
}

export function planBuilder(): PlanBuilder {
  const nodes: VectorNode[] = [];
  const levels: (readonly number[])[] = [];
  const scopes: Scope[] = [];
  const ids = new Map<string, VectorId>();

  function add(node: VectorNode): VectorId {
    // Operands are ids already, so the key is of the size of one node, and injective.
    const key = JSON.stringify(node);
    const known = ids.get(key);
    if (known !== undefined) return known;
    const below = operandsOf(node);
    const found = new Set([...ownLevels(node), ...below.flatMap((id) => levels[id] ?? [])]);
    if (node.op === 'reduce') found.delete(node.level);
    const constant =
      node.op === 'bits' || (node.op === 'apply' && below.every((id) => scopes[id] === CONSTANT));
    const id = nodes.push(node) - 1;
    levels.push([...found]);
    scopes.push(constant ? CONSTANT : Math.max(PAIR, ...found));
    ids.set(key, id);
    return id;
  }

  const bits = (high: number, low = 0): VectorId => add({ op: 'bits', high, low });
  function constant(value: number): VectorId {
    FLOAT[0] = value;
    return bits(WORDS[1] ?? 0, WORDS[0] ?? 0);
  }

  function apply(fn: VectorFn, ...args: readonly VectorId[]): VectorId {
    const [a = -1] = args;
    const of = nodes[a];
    if (of?.op === 'apply') {
      // |-x| = |x| and -(-x) = x bit for bit: what a loss and its gradient share is then found to be the same.
      const [x = a] = of.args;
      if (fn === 'abs' && of.fn === 'neg') return apply('abs', x);
      if (fn === 'neg' && of.fn === 'neg') return x;
      // -|x| is x with its sign set.
      if (fn === 'neg' && of.fn === 'abs') return apply('or', x, bits(SIGN));
    }
    return add({ op: 'apply', fn, args, by: 0 });
  }

  return {
    nodes,
    scopes,
    add,
    constant,
    bits,
    apply,
    shift: (fn, of, by) => add({ op: 'apply', fn, args: [of], by }),
  };
}
