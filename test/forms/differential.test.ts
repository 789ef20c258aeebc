/** Against other algebra systems: they often disagree with us, and then they are wrong. */

import { describe, expect, test } from 'vitest';
import { disagreements } from '../../bench/disagreement.ts';
import type { PeerName } from '../../bench/peers/peer.ts';
import { missing, PEERS } from '../../bench/peers/peer.ts';
import { taskOf } from '../../bench/task.ts';
import { CORPUS } from '../corpus/corpus.ts';

/** Every ninth row that all systems can express; `npm run bench -- peers` asks about all. */
const TASKS = CORPUS.flatMap((row) => taskOf(row) ?? []).filter((_, i) => i % 9 === 0);
const PATIENCE = 2;

const available = PEERS.filter((name) => missing(name) === undefined);
const results = new Map(
  // All at once: each is a process of its own.
  await Promise.all(
    available.map(async (name) => [name, await disagreements(name, TASKS, PATIENCE)] as const),
  ),
);

/** The systems that come with the tests disagree somewhere: else nothing was compared. */
const DISAGREE: ReadonlySet<PeerName> = new Set(['nerdamer', 'nerdamer-prime', 'mathjs']);

describe.each(PEERS)('%s', (name) => {
  const result = results.get(name);
  if (result === undefined) {
    test.skip(missing(name) ?? name, () => {});
    return;
  }
  const { found, unanswered } = result;

  test('is wrong wherever it disagrees with an answer of ours', () => {
    expect(found.filter(({ ours, truth }) => ours !== 'unknown' && ours !== truth)).toEqual([]);
    if (DISAGREE.has(name)) expect(found.length).toBeGreaterThan(0);
  });
  test('answers most questions', () => {
    expect(unanswered).toBeLessThan(TASKS.length / 2);
  });
});
