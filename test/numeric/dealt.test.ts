/** A check is the same whoever compares its draws, in whatever order they are done; the first fault in order ends it. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BUILT_IN } from '../../src/expr/declare.ts';
import type { Expr } from '../../src/expr/expr.ts';
import { add, apply, call, minus, mul, num, subtract } from '../../src/expr/expr.ts';
import type { Compared, Crew, DrawTask } from '../../src/numeric/dealt.ts';
import { ALONE, compareDraw, verifyDraws } from '../../src/numeric/dealt.ts';
import type { SampledQuestion } from '../../src/numeric/draws.ts';
import { beta, dpo, l, logistic, logRatio, tdpo, w } from './formulas.ts';

const QUESTION: SampledQuestion = {
  name: 'dealt',
  declared: { parameters: { beta: 'positive' }, data: BUILT_IN, facts: [] },
  seed: 4,
  pairs: 60,
  tokens: 5,
  vocabulary: 4,
  draws: 10,
};

const margin = mul([beta, subtract(logRatio(w), logRatio(l))]);
const closedForm = (published: Expr, derived: Expr): Compared => ({
  kind: 'closed-form',
  published,
  derived,
});
/** It differs where beta is below 1: in some draws, not in all. */
const LARGE_BETA = logistic(mul([call('max', [beta, num(1)]), subtract(logRatio(w), logRatio(l))]));

/** A crew to which everything goes and comes as a copy, and whose members take their time: the turns of each draw. */
function crewOf(size: number, turns: readonly number[], seen: DrawTask[] = []): Crew {
  return {
    size,
    async compare(task) {
      const copy = structuredClone(task);
      seen.push(copy);
      for (let k = turns[task.plan.index % turns.length] ?? 0; k > 0; k--) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      return structuredClone(await compareDraw(copy));
    },
  };
}

describe('the answer does not depend on the crew', () => {
  test.each<[what: string, compared: Compared, passed: boolean]>([
    ['a closed form', closedForm(dpo, call('softplus', [minus(margin)])), true],
    ['full distributions', closedForm(tdpo, add([tdpo, num(0)])), true],
    ['a mutant at some hyper-parameters', closedForm(dpo, LARGE_BETA), false],
    ['a gradient', { kind: 'gradient', loss: dpo }, true],
    ['a compiled kernel', { kind: 'vectorised', loss: dpo }, true],
  ])('%s', async (_, compared, passed) => {
    const pairs = compared.kind === 'gradient' ? 8 : QUESTION.pairs;
    const alone = await verifyDraws(compared, { ...QUESTION, pairs });
    expect(alone).toMatchObject({ kind: 'check', passed });
    for (const crew of [crewOf(1, [0]), crewOf(2, [3, 0]), crewOf(7, [5, 4, 3, 2, 1, 0])]) {
      expect(await verifyDraws(compared, { ...QUESTION, pairs }, { crew })).toEqual(alone);
    }
  });

  test('whatever the pairs, the draws, the size of the crew and its pace', async () => {
    const property = fc.asyncProperty(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 6 }),
      fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 8 }),
      async (pairs, draws, size, turns) => {
        const question = { ...QUESTION, tokens: 2, pairs, draws };
        const mutant = closedForm(dpo, LARGE_BETA);
        const alone = await verifyDraws(mutant, question);
        expect(await verifyDraws(mutant, question, { crew: crewOf(size, turns) })).toEqual(alone);
      },
    );
    await fc.assert(property, { numRuns: 15 });
  });

  test('a mismatch names the worst place of all and the first three disagreements', async () => {
    const mutant = closedForm(dpo, LARGE_BETA);
    const check = await verifyDraws(mutant, QUESTION, { crew: crewOf(3, [4, 0, 2]) });
    if (check.kind !== 'check') throw new Error(check.kind);
    // Each draw by itself, the simplest way there is to find them.
    const tasks: DrawTask[] = [];
    await verifyDraws(mutant, QUESTION, { crew: crewOf(1, [0], tasks) });
    const parts = await Promise.all(
      tasks.map((task) => compareDraw({ ...task, wanted: { values: 99, gradients: 99 } })),
    );
    const found = parts.map((part) => {
      if ('kind' in part) throw new Error(part.kind);
      return part;
    });
    const most = Math.max(...found.map(({ values }) => values.worst.used));
    const worst = found.find(({ values }) => values.worst.used === most);
    expect(most).toBeGreaterThan(1);
    expect(found.at(-1)?.values.passed).toBe(true);
    expect(check.passed).toBe(false);
    expect(check.worst).toMatchObject({ used: most, at: worst?.values.worst.at });
    const first = (of: 'values' | 'gradients') => found.flatMap((one) => one[of].disagreements).slice(0, 3);
    expect(check.disagreements).toEqual([...first('values'), ...first('gradients')]);
    expect(first('values')).toHaveLength(3);
  });

  test('disagreements are re-examined as long as some are wanted, and no longer', async () => {
    const seen: DrawTask[] = [];
    await verifyDraws(closedForm(dpo, logistic(minus(margin))), QUESTION, { crew: crewOf(2, [0], seen) });
    expect(seen.map(({ wanted }) => wanted.values)).toEqual([3, 3, 3, 0, 0, 0, 0, 0, 0, 0]);
    const none = seen.at(-1);
    if (none === undefined) throw new Error('nothing was dealt');
    expect(await compareDraw(none)).toMatchObject({ values: { passed: false, disagreements: [] } });
  });
});

describe('a run', () => {
  test('tells of every draw in its order, and has few at hand', async () => {
    let [begun, most] = [0, 0];
    const told: number[] = [];
    const pace = crewOf(3, [9, 0, 4]);
    const crew: Crew = {
      size: 3,
      async compare(task) {
        begun += 1;
        most = Math.max(most, begun - told.length);
        return await pace.compare(task);
      },
    };
    const onProgress = (done: number, all: number) => told.push(done / all);
    await verifyDraws({ kind: 'gradient', loss: dpo }, { ...QUESTION, pairs: 10 }, { crew, onProgress });
    expect(told).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
    expect(most).toBe(5);
  });

  test.each<[what: string, faults: readonly number[], first: number]>([
    ['one fault', [4], 4],
    ['a later one that is known earlier', [6, 4], 4],
    ['a fault at the very end', [9], 9],
  ])('ends with the first fault in order: %s', async (_, faults, first) => {
    const pace = crewOf(4, [7, 6, 5, 4, 3, 2, 1, 0]);
    const told: number[] = [];
    const crew: Crew = {
      size: 4,
      compare: async (task) => {
        const { index } = task.plan;
        const answer = await pace.compare(task);
        return faults.includes(index) ? { kind: 'no-parameters', tries: index } : answer;
      },
    };
    const run = { crew, onProgress: (done: number) => told.push(done) };
    expect(await verifyDraws(closedForm(dpo, dpo), QUESTION, run)).toEqual({
      kind: 'no-parameters',
      tries: first,
    });
    expect(told).toHaveLength(first);
  });

  test.each<[what: string, compared: Compared, facts: readonly Expr[], kind: string]>([
    ['data that batches lack', closedForm(dpo, apply('prev', [w])), [], 'missing-data'],
    ['facts that cannot be met', closedForm(dpo, dpo), [minus(beta)], 'no-parameters'],
  ])('has the same fault with any crew: %s', async (_, compared, facts, kind) => {
    const declared = { ...QUESTION.declared, facts: facts.map((of) => ({ kind: 'positive', of }) as const) };
    for (const crew of [ALONE, crewOf(3, [2, 0])]) {
      expect(await verifyDraws(compared, { ...QUESTION, declared }, { crew })).toMatchObject({ kind });
    }
  });

  test('fails where a member of the crew fails, also where others fail after it', async () => {
    const pace = crewOf(3, [5, 1, 3]);
    const crew: Crew = {
      size: 3,
      async compare(task) {
        if (task.plan.index >= 2) throw new Error(`lost draw ${task.plan.index}`);
        return await pace.compare(task);
      },
    };
    await expect(verifyDraws(closedForm(dpo, dpo), QUESTION, { crew })).rejects.toThrow('lost draw 2');
  });
});
