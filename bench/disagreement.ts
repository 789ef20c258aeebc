/** Where another system gives a different answer from ours on a row of the corpus, and what is true. */

import { decide } from '../src/forms/decide.ts';
import { print } from '../src/syntax/print.ts';
import type { Answer } from './peers/answer.ts';
import type { PeerName } from './peers/peer.ts';
import { missing, PEERS, peer } from './peers/peer.ts';
import { table } from './table.ts';
import type { Task } from './task.ts';
import { corpusTasks } from './task.ts';

const PATIENCE = 5;

export interface Disagreement {
  readonly id: string;
  readonly peer: PeerName;
  readonly left: string;
  readonly right: string;
  readonly theirs: Answer['says'];
  readonly ours: Answer['says'];
  /** What the corpus records, found by a program that shares no code with any of the systems. */
  readonly truth: 'equal' | 'different';
}

function answerOf({ statement: { a, b, declared } }: Task): Answer['says'] {
  const { answer } = decide(a, b, declared);
  return answer === 'proved' ? 'equal' : answer === 'refuted' ? 'different' : 'unknown';
}

/** The definite answers of one peer that differ from ours, and how many tasks it did not answer. */
export async function disagreements(
  name: PeerName,
  tasks: readonly Task[],
  patience = PATIENCE,
): Promise<{ readonly found: readonly Disagreement[]; readonly unanswered: number }> {
  const asked = peer(name, patience);
  const found: Disagreement[] = [];
  let unanswered = 0;
  for (const task of tasks) {
    const answer = await asked.ask({ ...task.translation, polynomial: task.polynomial, repeat: 1 });
    if (answer === 'timeout' || answer.says === 'unknown') {
      unanswered++;
      continue;
    }
    const own = answerOf(task);
    if (own === answer.says) continue;
    const { a, b } = task.statement;
    found.push({
      id: task.id,
      peer: name,
      left: print(a),
      right: print(b),
      theirs: answer.says,
      ours: own,
      truth: task.truth,
    });
  }
  asked.stop();
  return { found, unanswered };
}

/** Prints the table of all disagreements. */
export async function benchPeers(json: boolean): Promise<void> {
  const tasks = corpusTasks();
  const all: Disagreement[] = [];
  const counts: string[][] = [['peer', 'tasks', 'unanswered', 'disagrees', 'it is wrong', 'we are wrong']];
  for (const name of PEERS) {
    const why = missing(name);
    if (why !== undefined) {
      counts.push([`${name}: ${why}`]);
      continue;
    }
    const { found, unanswered } = await disagreements(name, tasks);
    const wrong = (who: 'theirs' | 'ours'): number =>
      found.filter((one) => one[who] !== 'unknown' && one[who] !== one.truth).length;
    counts.push([
      name,
      ...[tasks.length, unanswered, found.length, wrong('theirs'), wrong('ours')].map(String),
    ]);
    all.push(...found);
  }
  if (json) {
    console.log(JSON.stringify(all));
    return;
  }
  for (const { id, peer: name, left, right, theirs, ours, truth } of all) {
    console.log(
      `${name} says ${theirs}, midpo says ${ours}, it is ${truth}: ${id}\n    ${left}\n    ${right}`,
    );
  }
  console.log(table(counts));
}
