/** The order of work inside one scope: plain operations and loops by turns, loops over one range made one. */

import type { Over, Scope } from '../graph.ts';
import { CONSTANT } from '../graph.ts';
import type { Plan, VectorId, VectorNode } from './vector.ts';
import { operandsOf } from './vector.ts';

/** Numbers to be written for each index of a loop. */
export interface Store {
  readonly output: number;
  readonly over: Over;
  /** What is written; with `entries`, what is added to the entry of the token itself. */
  readonly root: VectorId;
  /** Written for each entry of the vocabulary, at each token. */
  readonly entries?: VectorId;
}

export const rootsOf = ({ root, entries }: Store): readonly VectorId[] =>
  entries === undefined ? [root] : [root, entries];

export type Reduce = Extract<VectorNode, { op: 'reduce' }>;

export interface Loop {
  readonly over: Over;
  readonly level: number;
  readonly reduces: readonly (readonly [VectorId, Reduce])[];
  readonly stores: readonly Store[];
}

/** First some operations, then the loops that need them. */
export interface Stage {
  readonly operations: readonly VectorId[];
  readonly loops: readonly Loop[];
}

/** Everything of scope `scope` that `roots` and `stores` need. Loops wait only for what they read. */
export function schedule(
  plan: Plan,
  scope: Scope,
  roots: readonly VectorId[],
  stores: readonly Store[] = [],
): readonly Stage[] {
  const { nodes, scopes } = plan;
  const scopeOf = (id: VectorId): Scope => scopes[id] ?? CONSTANT;
  const stageOf = new Map<VectorId, number>();

  /** The first stage at which a node of this scope or of one inside it is there. */
  function visit(id: VectorId): number {
    if (scopeOf(id) < scope) return 0;
    const known = stageOf.get(id);
    if (known !== undefined) return known;
    const node = nodes[id];
    if (node === undefined) throw new RangeError(`no operation ${id}`);
    const ready = Math.max(0, ...operandsOf(node).map(visit));
    const stage = node.op === 'reduce' && scopeOf(id) === scope ? ready + 1 : ready;
    stageOf.set(id, stage);
    return stage;
  }

  const last = Math.max(0, ...roots.map(visit), ...stores.flatMap(rootsOf).map(visit));
  const here = [...stageOf].filter(([id]) => scopeOf(id) === scope).sort(([a], [b]) => a - b);
  const stages: Stage[] = [];
  for (let stage = 0; stage <= last; stage++) {
    const operations = here.flatMap(([id, at]) => (at === stage && nodes[id]?.op !== 'reduce' ? [id] : []));
    const reduces = here.flatMap(([id, at]): readonly (readonly [VectorId, Reduce])[] => {
      const node = nodes[id];
      return node?.op === 'reduce' && at === stage + 1 ? [[id, node]] : [];
    });
    const due = stores.filter((store) => Math.max(...rootsOf(store).map(visit)) === stage);
    const overs = new Set<Over>([...reduces.map(([, { over }]) => over), ...due.map(({ over }) => over)]);
    const loops = [...overs].map(
      (over): Loop => ({
        over,
        level: scope + 1,
        reduces: reduces.filter(([, node]) => node.over === over),
        stores: due.filter((store) => store.over === over),
      }),
    );
    stages.push({ operations, loops });
  }
  return stages;
}
