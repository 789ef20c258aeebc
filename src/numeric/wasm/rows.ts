/** Rows of logits and of gradients by logits go in and out of a kernel's memory a few at a time. */

import type { Role } from '../batch.ts';

/** What a running kernel calls. Positions are tokens of a role, counted within the block. */
export interface RowCalls {
  /** Brings rows of a role into memory, beginning with one; gives how many. */
  readonly fetch: (role: Role, position: number) => number;
  /** Takes the finished row of a gradient out of memory. */
  readonly take: (role: Role, position: number) => void;
}

export const NO_ROWS: RowCalls = { fetch: () => 0, take: () => undefined };

/** One direction of one array of rows: the whole in the batch, a few or one in memory. */
interface Slot {
  readonly role: Role;
  readonly from: Float64Array;
  readonly to: Float64Array;
}

export interface BlockOfRows {
  readonly vocabulary: number;
  /** The position in the batch of the first token of the block. */
  readonly origin: Readonly<Record<Role, number>>;
  readonly slots: readonly Slot[];
  readonly taken: readonly Slot[];
}

export interface RowTraffic extends RowCalls {
  /** Says what the next run is about. */
  readonly begin: (block: BlockOfRows) => void;
}

export function rowTraffic(): RowTraffic {
  let block: BlockOfRows = { vocabulary: 0, origin: { chosen: 0, rejected: 0 }, slots: [], taken: [] };
  return {
    begin(next) {
      block = next;
    },
    fetch(role, position) {
      const { vocabulary, origin, slots } = block;
      let count = 1;
      for (const { role: of, from, to } of slots) {
        if (of !== role) continue;
        const start = (origin[role] + position) * vocabulary;
        const rows = from.subarray(start, start + to.length);
        to.set(rows);
        count = Math.max(1, rows.length / Math.max(1, vocabulary));
      }
      return count;
    },
    take(role, position) {
      for (const { role: of, from, to } of block.taken) {
        if (of === role) to.set(from, (block.origin[role] + position) * block.vocabulary);
      }
    },
  };
}
