/** Against other algebra systems: they often disagree with us, and then they are wrong. */

import { beforeAll, describe, expect, test } from 'vitest';
import type { Disagreement } from '../../bench/disagreement.ts';
import { disagreements } from '../../bench/disagreement.ts';
import type { PeerName } from '../../bench/peers/peer.ts';
import { missing } from '../../bench/peers/peer.ts';
import { taskOf } from '../../bench/task.ts';
import { CORPUS } from '../corpus/corpus.ts';

/** Every eighth row that all systems can express; `npm run bench -- peers` asks about all. */
const TASKS = CORPUS.flatMap((row) => taskOf(row) ?? []).filter((_, i) => i % 8 === 0);
const PATIENCE = 4;

/** The systems that come with the tests must disagree somewhere: else nothing was compared. */
describe.each<[PeerName, 'disagrees' | 'may agree']>([
  ['nerdamer', 'disagrees'],
  ['nerdamer-prime', 'disagrees'],
  ['mathjs', 'disagrees'],
  ['sympy', 'may agree'],
  ['maxima', 'may agree'],
])('%s', (name, expected) => {
  const why = missing(name);
  if (why !== undefined) {
    test.skip(why, () => {});
    return;
  }
  let found: readonly Disagreement[] = [];
  let unanswered = TASKS.length;
  beforeAll(async () => {
    ({ found, unanswered } = await disagreements(name, TASKS, PATIENCE));
  }, 300_000);

  test('is wrong wherever it disagrees with an answer of ours', () => {
    expect(found.filter(({ ours, truth }) => ours !== 'unknown' && ours !== truth)).toEqual([]);
    if (expected === 'disagrees') expect(found.length).toBeGreaterThan(0);
  });
  test('answers most questions', () => {
    expect(unanswered).toBeLessThan(TASKS.length / 2);
  });
});
