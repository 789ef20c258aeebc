/** A batch in blocks small enough for a kernel's memory, each a run of pairs with their tokens. */

import type { Batch, Role } from '../batch.ts';
import { ROLES } from '../batch.ts';

interface Span {
  readonly from: number;
  readonly until: number;
}

export interface Block extends Span {
  readonly tokens: Readonly<Record<Role, Span>>;
}

/** Pairs, and tokens of one role, in memory at a time; a single pair may have more tokens. */
const MOST_PAIRS = 4096;
const MOST_TOKENS = 2 ** 15;

export function blocksOf(batch: Batch): readonly Block[] {
  const at = (role: Role, pair: number): number => batch[role].offsets[pair] ?? 0;
  const blocks: Block[] = [];
  let from = 0;
  while (from < batch.pairs) {
    const fits = (until: number): boolean =>
      until - from <= MOST_PAIRS && ROLES.every((role) => at(role, until) - at(role, from) <= MOST_TOKENS);
    let until = from + 1;
    while (until < batch.pairs && fits(until + 1)) until += 1;
    const span = (role: Role): Span => ({ from: at(role, from), until: at(role, until) });
    blocks.push({ from, until, tokens: { chosen: span('chosen'), rejected: span('rejected') } });
    from = until;
  }
  return blocks;
}
