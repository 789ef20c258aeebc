/** What a kernel reads: the arrays behind the loads of a plan, each once. */

import type { Role } from '../batch.ts';
import { ROLES } from '../batch.ts';
import type { Column, Plan, VectorNode } from './vector.ts';

export type Source =
  | { readonly kind: 'offsets'; readonly role: Role }
  | { readonly kind: 'column'; readonly column: Column }
  | {
      readonly kind: 'token';
      readonly store: 'log-prob' | 'per-token';
      readonly name: string;
      readonly role: Role;
    }
  /** Rows of logits, of which a few at a time are in memory. */
  | { readonly kind: 'rows'; readonly name: string; readonly role: Role }
  | { readonly kind: 'labels'; readonly role: Role };

export const sourceKey = (source: Source): string => JSON.stringify(source);

/** The sources of one load, none for what is not loaded. */
export function sourcesOf(node: VectorNode, flat: boolean): readonly Source[] {
  switch (node.op) {
    case 'column':
      return node.column.store === 'length' && !flat ? [] : [{ kind: 'column', column: node.column }];
    case 'token':
      return [{ kind: 'token', store: node.store, name: node.name, role: node.role }];
    case 'logit': {
      const { name, role, entry } = node;
      const rows: Source = { kind: 'rows', name, role };
      return entry === 'own' ? [rows, { kind: 'labels', role }] : [rows];
    }
    default:
      return [];
  }
}

/** Everything a plan reads, in a fixed order; `labelled` are the roles whose labels are read besides. */
export function sources(plan: Plan, flat: boolean, labelled: readonly Role[]): readonly Source[] {
  const found = new Map<string, Source>();
  const offsets = flat ? [] : ROLES.map((role): Source => ({ kind: 'offsets', role }));
  const labels = labelled.map((role): Source => ({ kind: 'labels', role }));
  for (const source of [...offsets, ...labels, ...plan.nodes.flatMap((node) => sourcesOf(node, flat))]) {
    found.set(sourceKey(source), source);
  }
  return [...found.values()];
}
