/**
 * How fast we decide, in the same run as other systems: the corpus rows all can express, and regroupings of long
 * sums. Run by tsx, which adds to the start-up only; times are medians after warming up, parsing apart.
 */

import { decide, judge } from '../src/forms/decide.ts';
import { parse } from '../src/syntax/parse.ts';
import { print } from '../src/syntax/print.ts';
import { FORMULA_SCOPE } from '../src/syntax/scope.ts';
import { growth } from './growth.ts';
import type { Answer } from './peers/answer.ts';
import { median } from './peers/answer.ts';
import type { PeerName } from './peers/peer.ts';
import { missing, PEERS, peer } from './peers/peer.ts';
import { table } from './table.ts';
import type { Task } from './task.ts';
import { corpusTasks, regrouping } from './task.ts';

/** Seconds that a peer may take for one task: a row of the corpus, a long sum. */
const PATIENCE = 5;
const LONG_PATIENCE = 30;
const LENGTHS = [16, 64, 256, 1024, 4096] as const;

interface Measured {
  readonly id: string;
  readonly truth: Task['truth'];
  /** The answer alone, which is all that the peers give. */
  readonly ours: Answer;
  /** The answer with the exact conditions under which it would be another. */
  readonly full: Answer;
  readonly peers: Readonly<Partial<Record<PeerName, Answer | 'timeout'>>>;
}

function ours({ statement: { a, b, declared } }: Task, repeat: number, by: typeof judge): Answer {
  const scope = { ...FORMULA_SCOPE, declared };
  const [left, right] = [print(a), print(b)];
  const time = (f: () => void): number => {
    const start = performance.now();
    f();
    return performance.now() - start;
  };
  const times: number[] = [];
  const parsing: number[] = [];
  let says: Answer['says'] = 'unknown';
  for (let k = 0; k < repeat; k++) {
    times.push(
      time(() => {
        const { answer } = by(a, b, declared);
        says = answer === 'proved' ? 'equal' : answer === 'refuted' ? 'different' : 'unknown';
      }),
    );
  }
  for (let k = 0; k < Math.min(repeat, 3); k++) {
    parsing.push(
      time(() => {
        parse(left, scope);
        parse(right, scope);
      }),
    );
  }
  return { says, ms: median(times.slice(Math.floor(repeat / 3))), parseMs: median(parsing) };
}

async function measure(tasks: readonly Task[], repeat: number): Promise<readonly Measured[]> {
  // Ours first, without another process beside it; one whole round for warming up.
  for (const task of tasks) ours(task, 2, decide);
  const mine = tasks.map((task) => ours(task, repeat, judge));
  const full = tasks.map((task) => ours(task, Math.min(repeat, 5), decide));
  const answers = tasks.map((): Partial<Record<PeerName, Answer | 'timeout'>> => ({}));
  for (const name of PEERS.filter((each) => missing(each) === undefined)) {
    const asked = peer(name, tasks.some(({ polynomial }) => polynomial) ? LONG_PATIENCE : PATIENCE);
    // A system that has given up on a long sum is not asked about longer ones.
    let gaveUpOn: Task['truth'] | undefined;
    for (const [i, { translation, polynomial, truth }] of tasks.entries()) {
      const question = { ...translation, polynomial, repeat: polynomial ? 2 : 3 };
      const answer = polynomial && gaveUpOn === truth ? 'timeout' : await asked.ask(question);
      if (polynomial && answer === 'timeout') gaveUpOn = truth;
      const own = answers[i];
      if (own !== undefined) own[name] = answer;
    }
    asked.stop();
  }
  return tasks.map(({ id, truth }, i) => ({
    id,
    truth,
    ours: mine[i] ?? NOTHING,
    full: full[i] ?? NOTHING,
    peers: answers[i] ?? {},
  }));
}

const NOTHING: Answer = { says: 'unknown', ms: Number.NaN, parseMs: Number.NaN };
const msOf = (answer: Answer | 'timeout' | undefined): number =>
  answer === undefined ? Number.NaN : answer === 'timeout' ? 1000 * PATIENCE : answer.ms; // a lower bound

const short = (ms: number): string => (Number.isFinite(ms) ? ms.toPrecision(3) : '-');

function summary(rows: readonly Measured[]): readonly (readonly string[])[] {
  const right = (says: Answer['says'] | 'timeout', truth: string): boolean => says === truth;
  const line = (name: string, pick: (row: Measured) => Answer | 'timeout' | undefined): readonly string[] => {
    const answered = rows.map((row) => ({ row, answer: pick(row) }));
    const says = ({ answer }: (typeof answered)[number]): Answer['says'] | 'timeout' =>
      answer === 'timeout' || answer === undefined ? 'timeout' : answer.says;
    const count = (keep: (one: (typeof answered)[number]) => boolean): string =>
      `${answered.filter(keep).length}`;
    const ratios = rows.map((row) => msOf(pick(row)) / row.ours.ms).filter(Number.isFinite);
    return [
      name,
      count((one) => right(says(one), one.row.truth)),
      count((one) => ['equal', 'different'].includes(says(one)) && !right(says(one), one.row.truth)),
      count((one) => says(one) === 'unknown'),
      count((one) => says(one) === 'timeout'),
      short(median(rows.map((row) => msOf(pick(row))).filter(Number.isFinite))),
      name === 'midpo' ? '1' : short(median(ratios)),
    ];
  };
  return [
    ['system', 'right', 'wrong', 'unknown', `>${PATIENCE} s`, 'median ms', 'median ratio'],
    line('midpo', (row) => row.ours),
    line('midpo, with conditions', (row) => row.full),
    ...PEERS.filter((name) => missing(name) === undefined).map((name) =>
      line(name, (row) => row.peers[name]),
    ),
  ];
}

function regroupTable(rows: readonly Measured[]): readonly (readonly string[])[] {
  const available = PEERS.filter((name) => missing(name) === undefined);
  const cell = (answer: Answer | 'timeout' | undefined): string =>
    answer === 'timeout' || answer === undefined ? `>${LONG_PATIENCE} s` : short(answer.ms);
  return [
    ['task', 'parse ms', 'midpo ms', 'says', ...available],
    ...rows.map(({ id, ours: own, peers }) => [
      id,
      short(own.parseMs),
      short(own.ms),
      own.says,
      ...available.map((name) => cell(peers[name])),
    ]),
  ];
}

/** Prints the comparison. */
export async function benchDecide(json: boolean): Promise<void> {
  const corpus = await measure(corpusTasks(), 15);
  const regroup = await measure(
    (['equal', 'different'] as const).flatMap((truth) => LENGTHS.map((n) => regrouping(n, truth))),
    9,
  );
  const exponents = (['equal', 'different'] as const).map((truth) =>
    growth(regroup.filter((row) => row.truth === truth).map((row, i) => [LENGTHS[i] ?? 0, row.ours.ms])),
  );
  const peakMegabytes = process.resourceUsage().maxRSS / 1024;
  if (json) {
    console.log(JSON.stringify({ corpus, regroup, growth: exponents, peakMegabytes }));
    return;
  }
  for (const name of PEERS) {
    const why = missing(name);
    if (why !== undefined) console.log(`${name}: ${why}`);
  }
  console.log(`corpus: ${corpus.length} rows that all systems can express\n${table(summary(corpus))}`);
  const equal = corpus.filter(({ truth }) => truth === 'equal');
  console.log(`\nof these, the ${equal.length} true ones\n${table(summary(equal))}`);
  console.log(`\nregrouping n token terms\n${table(regroupTable(regroup))}`);
  const [proved = Number.NaN, refuted = Number.NaN] = exponents;
  console.log(`\ngrowth: n^${proved.toFixed(2)} proved, n^${refuted.toFixed(2)} refuted`);
  console.log(`peak memory: ${peakMegabytes.toFixed(0)} MB`);
}
