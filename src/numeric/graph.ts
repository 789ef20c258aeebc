/** A loss as a graph of float operations: each node once, operands before users. Plain data. */

import type { Rational } from '../expr/rational.ts';
import type { Role } from './batch.ts';
import type { ComparisonName, ScalarName } from './functions.ts';

/** An index into the nodes of a graph. */
export type NodeId = number;
/** A token position: the index of the loop at nesting level `level`, or a fixed 1-based number. */
export type TokenAt =
  | { readonly kind: 'bound'; readonly level: number }
  | { readonly kind: 'fixed'; readonly position: number };
/** What a loop runs over: the tokens of a response, or the vocabulary. */
export type Over = Role | 'vocabulary';

export type Node =
  | { readonly op: 'rational'; readonly value: Rational }
  | { readonly op: 'number'; readonly value: number }
  /** The index of the loop at `level` as a 1-based number. */
  | { readonly op: 'position'; readonly level: number }
  | { readonly op: 'length'; readonly role: Role }
  | { readonly op: 'per-response'; readonly name: string; readonly role: Role }
  | { readonly op: 'per-token'; readonly name: string; readonly role: Role; readonly token: TokenAt }
  | { readonly op: 'per-pair' | 'per-prompt'; readonly name: string }
  | { readonly op: 'log-prob'; readonly name: string; readonly role: Role; readonly token: TokenAt }
  | {
      readonly op: 'row';
      readonly name: string;
      readonly role: Role;
      readonly token: TokenAt;
      readonly level: number;
    }
  /** The log-probability of a whole response: the sum over its tokens. */
  | { readonly op: 'sequence'; readonly name: string; readonly role: Role }
  | { readonly op: 'sum'; readonly terms: readonly NodeId[] }
  | { readonly op: 'negate'; readonly of: NodeId }
  | { readonly op: 'times' | 'over' | 'gate' | 'max' | 'min'; readonly a: NodeId; readonly b: NodeId }
  | { readonly op: 'scalar'; readonly fn: ScalarName; readonly of: NodeId }
  | { readonly op: 'compare'; readonly fn: ComparisonName; readonly a: NodeId; readonly b: NodeId }
  /** log(sum of signs[i]*exp(terms[i])). */
  | { readonly op: 'log-sum'; readonly terms: readonly NodeId[]; readonly signs: readonly (1 | -1)[] }
  /** The sum of `body` over a loop; with `log`, the log of the sum of exp(body). */
  | {
      readonly op: 'each';
      readonly over: Over;
      readonly level: number;
      readonly body: NodeId;
      readonly log: boolean;
    };

/** The nodes that `node` reads. */
export function operands(node: Node): readonly NodeId[] {
  switch (node.op) {
    case 'sum':
    case 'log-sum':
      return node.terms;
    case 'negate':
    case 'scalar':
      return [node.of];
    case 'times':
    case 'over':
    case 'gate':
    case 'max':
    case 'min':
    case 'compare':
      return [node.a, node.b];
    case 'each':
      return [node.body];
    default:
      return [];
  }
}

/** -2 for constants, -1 for what changes with the pair, else the innermost loop level it changes with. */
export type Scope = number;
export const CONSTANT: Scope = -2;
export const PAIR: Scope = -1;

export interface Graph {
  readonly nodes: readonly Node[];
  readonly scopes: readonly Scope[];
  readonly root: NodeId;
}

/**
 * The nodes of one scope that `root` needs, in an order in which they can be computed. What stands in an outer
 * scope has been computed there, with the loops inside it.
 */
export function needed({ nodes, scopes }: Graph, root: NodeId, scope: Scope): readonly NodeId[] {
  const seen = new Set<NodeId>();
  const visit = (id: NodeId): void => {
    if (seen.has(id) || (scopes[id] ?? CONSTANT) < scope) return;
    seen.add(id);
    const node = nodes[id];
    if (node !== undefined) for (const below of operands(node)) visit(below);
  };
  visit(root);
  return [...seen].filter((id) => scopes[id] === scope).sort((a, b) => a - b);
}
