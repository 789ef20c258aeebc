/** Columns of a training run: what their names mean, which of them a loss takes, and the batch they make. */

import { describe, expect, test } from 'vitest';
import { batchOfRows } from '../../src/numeric/column-batch.ts';
import { oneVocabulary } from '../../src/numeric/column-logits.ts';
import { meaningOf } from '../../src/numeric/column-name.ts';
import { planColumns } from '../../src/numeric/column-plan.ts';
import { TOKEN_COUNT } from '../../src/numeric/column-side.ts';
import type { Column } from '../../src/numeric/columns.ts';
import { needsOf } from '../../src/numeric/needs.ts';
import { formulaClaim } from '../../src/variant/claim.ts';

describe('names', () => {
  test.each<[name: string, meaning: string]>([
    ['chosen_logps', 'log-probs pi chosen'],
    ['policy_chosen_logps', 'log-probs pi chosen'],
    ['ref_chosen_logps', 'log-probs ref chosen'],
    ['reference_rejected_logps', 'log-probs ref rejected'],
    ['logps/chosen', 'log-probs pi chosen'],
    ['ref_logps/rejected', 'log-probs ref rejected'],
    ['chosen_per_token_logps', 'log-probs pi chosen'],
    ['policyRejectedLogProbs', 'log-probs pi rejected'],
    ['chosen_ref_log_probs', 'log-probs ref chosen'],
    ['rejected_policy_token_logps', 'log-probs pi rejected'],
    ['prev_chosen_logps', 'log-probs prev chosen'],
    ['chosen_mask', 'mask chosen'],
    ['rejected_completion_mask', 'mask rejected'],
    ['chosen_loss_mask', 'mask chosen'],
    ['chosen_lengths', 'lengths chosen'],
    ['len/rejected', 'lengths rejected'],
    ['chosen_num_tokens', 'lengths chosen'],
    ['chosen_tis_weights', 'other tis_weights chosen'],
    ['score/rejected', 'other score rejected'],
    ['chosen_logits', 'logits pi chosen'],
    ['policy_rejected_logits', 'logits pi rejected'],
    ['ref_chosen_logits', 'logits ref chosen'],
    ['logits/chosen', 'logits pi chosen'],
    ['reference_rejected_full_logprobs', 'logits ref rejected'],
    ['chosen_vocab_logps', 'logits pi chosen'],
    ['chosen_labels', 'labels chosen'],
    ['rejected_input_ids', 'inputs rejected'],
    ['chosen_targets', 'targets chosen'],
    ['chosen_shifted_labels', 'targets chosen'],
    // These hold something else, whatever they look like.
    ['chosen_attention_mask', 'other attention_mask chosen'],
    ['other_chosen_logps', 'other other_logps chosen'],
    ['other_chosen_logits', 'other other_logits chosen'],
    ['chosen_logits_logps', 'other logits_logps chosen'],
    ['ref_chosen_labels', 'other ref_labels chosen'],
    ['chosen_ids', 'other ids chosen'],
    ['rewards/chosen', 'other rewards chosen'],
    ['logps', 'nothing'],
    ['chosen_minus_rejected_logps', 'nothing'],
    ['prompt', 'nothing'],
    ['__proto__', 'nothing'],
  ])('%s is %s', (name, expected) => {
    const found = meaningOf(name, ['prev']);
    const words = found === undefined ? ['nothing'] : [found.kind, ...Object.values(found).slice(1)];
    expect(words.join(' ')).toBe(expected);
  });
});

/** What a formula asks for. */
function needs(formula: string, data: readonly string[] = []): ReturnType<typeof needsOf> {
  const claim = formulaClaim(formula, { data });
  if (claim.kind !== 'variant') throw new Error(JSON.stringify(claim));
  return needsOf([claim.loss], claim.declared);
}

const DPO = 'log(pi(w)/ref(w)) - log(pi(l)/ref(l))';
const SIMPO = 'log(pi(w))/len(w) - log(pi(l))/len(l)';
const WEIGHTED = 'sum(t, w, m(w,t)*log(pi(w,t))) - sum(t, l, m(l,t)*log(pi(l,t)))';
const NAMES = ['chosen_logps', 'rejected_logps', 'ref_chosen_logps', 'ref_rejected_logps'];

describe('which columns a loss takes', () => {
  test('those that it needs and no others', () => {
    expect(planColumns([...NAMES, 'prompt'], needs(SIMPO), new Map())).toMatchObject({
      columns: ['chosen_logps', 'rejected_logps'],
    });
    const plan = planColumns([...NAMES, 'chosen_m', 'm/rejected'], needs(WEIGHTED, ['m(y,t)']), new Map());
    expect(plan).toMatchObject({ columns: ['chosen_logps', 'chosen_m', 'rejected_logps', 'm/rejected'] });
  });

  test.each<[says: string, map: Record<string, string>, column: string | number]>([
    ['the words of a name', { m: 'tis_weights' }, 'chosen_tis_weights'],
    ['the role put in', { m: 'w_{role}' }, 'w_chosen'],
    ['a number', { m: '0.5' }, 0.5],
  ])('the user says which: %s', (_, map, column) => {
    const names = [...NAMES, 'chosen_tis_weights', 'rejected_tis_weights', 'w_chosen', 'w_rejected'];
    const plan = planColumns(names, needs(WEIGHTED, ['m(y,t)']), new Map(Object.entries(map)));
    expect(plan.kind === 'plan' && plan.chosen.perToken.get('m')).toBe(column);
  });

  test('a datum that is asked of one response needs a column of that one', () => {
    const one = needs('log(pi(w)) * good(w) - log(pi(l)) * bad(l)', ['good(y)', 'bad(y)']);
    const plan = planColumns([...NAMES, 'chosen_good', 'rejected_bad'], one, new Map());
    expect(plan).toMatchObject({
      columns: ['chosen_logps', 'chosen_good', 'rejected_logps', 'rejected_bad'],
    });
  });

  test.each<[what: string, names: readonly string[], formula: string, fault: object]>([
    [
      'one is lacking',
      NAMES.slice(0, 2),
      DPO,
      { kind: 'no-such-column', of: 'ref(y)', wanted: 'ref_chosen_logps', suggestion: undefined },
    ],
    [
      'one is misspelt',
      ['chosen_logpps', ...NAMES.slice(1)],
      DPO,
      { kind: 'no-such-column', suggestion: 'chosen_logpps' },
    ],
    [
      'two would do',
      [...NAMES, 'policy_chosen_logps'],
      DPO,
      { kind: 'two-columns', columns: ['chosen_logps', 'policy_chosen_logps'] },
    ],
    ['names of objects are no columns', [], 'log(pi(w)/pi(l))', { kind: 'no-such-column' }],
    [
      'whole distributions, of which nothing is there',
      NAMES,
      `${DPO} + sum(t, w, kl(pi, ref, w, t))`,
      {
        kind: 'needs-distributions',
        columns: [
          'chosen_logits',
          'rejected_logits',
          'ref_chosen_logits',
          'ref_rejected_logits',
          'chosen_labels',
          'rejected_labels',
        ],
      },
    ],
    [
      'whole distributions of one side of one model, and one side of labels',
      [...NAMES, 'chosen_logits', 'rejected_labels', 'chosen_input_ids'],
      'log(pi(w)/ref(w)) + sum(t, l, sum(v, V, pi(l,t,v)^2))',
      { kind: 'needs-distributions', columns: ['rejected_logits'] },
    ],
    [
      'labels twice',
      [...NAMES, 'chosen_logits', 'rejected_logits', 'chosen_labels', 'chosen_label', 'rejected_labels'],
      'log(pi(w)/ref(w)) + sum(t, w, sum(v, V, pi(w,t,v)^2))',
      { kind: 'two-columns', columns: ['chosen_labels', 'chosen_label'] },
    ],
  ])('%s', (_, names, formula, fault) => {
    expect(planColumns(names, needs(formula), new Map())).toMatchObject(fault);
  });

  const LOGITS = ['chosen_logits', 'rejected_logits', 'chosen_labels', 'rejected_labels'];

  test('logits where the loss asks for no more than log-probabilities', () => {
    const plan = planColumns([...NAMES, ...LOGITS], needs(DPO), new Map());
    expect(plan).toMatchObject({
      columns: [NAMES[0], NAMES[2], NAMES[1], NAMES[3]],
      idle: LOGITS.slice(0, 2),
    });
  });

  test('means of logits, as they are logged, play no part', () => {
    const names = [...NAMES, 'logits/chosen', 'logits/rejected', 'chosen_logits'];
    expect(planColumns(names, needs(DPO), new Map())).toMatchObject({ kind: 'plan', idle: [] });
  });

  test('logits in place of log-probabilities that are not there', () => {
    const plan = planColumns([...NAMES.slice(2), ...LOGITS], needs(DPO), new Map());
    expect(plan).toMatchObject({ chosen: { logits: new Map([['pi', 'chosen_logits']]) }, idle: [] });
    // Of one response alone there is nothing to compare with.
    const half = planColumns([...NAMES.slice(2), 'chosen_logits', 'chosen_labels'], needs(DPO), new Map());
    expect(half).toMatchObject({ kind: 'no-such-column', wanted: 'chosen_logps' });
  });

  test('the user says which logits', () => {
    const names = [...LOGITS, 'full_chosen', 'full_rejected'];
    const whole = needs('log(pi(w)/pi(l)) + sum(t, w, sum(v, V, pi(w,t,v)^2))');
    const plan = planColumns(names, whole, new Map([['pi', 'full_{role}']]));
    expect(plan.kind === 'plan' && plan.chosen.logits.get('pi')).toBe('full_chosen');
  });
});

const numbers = (...values: number[]): Column => ({ kind: 'numbers', values: Float64Array.from(values) });
const lists = (padded: boolean, ...rows: number[][]): Column => ({
  kind: 'lists',
  offsets: Int32Array.from([0, ...rows.map((_, i) => rows.slice(0, i + 1).flat().length)]),
  values: Float64Array.from(rows.flat()),
  padded,
});

/** The batch of these columns for a loss. */
function made(
  formula: string,
  columns: Record<string, Column>,
  lines = false,
): ReturnType<typeof batchOfRows> {
  const asked = needs(formula, ['m(y,t)']);
  const plan = planColumns(Object.keys(columns), asked, new Map());
  if (plan.kind !== 'plan') throw new Error(JSON.stringify(plan));
  const [first] = Object.values(columns);
  const count =
    first === undefined || first.kind === 'numbers' ? (first?.values.length ?? 0) : first.offsets.length - 1;
  const rows = { kind: 'rows', first: 10, count, columns: new Map(Object.entries(columns)) } as const;
  return batchOfRows(lines ? { ...rows, lines: Int32Array.of(21, 22, 23) } : rows, plan, asked);
}

/** Of the chosen response: tokens, log-probabilities, and the numbers of tokens as data. */
function chosen(formula: string, columns: Record<string, Column>): unknown {
  const batch = made(formula, columns);
  if (batch.kind !== 'batch') throw new Error(JSON.stringify(batch));
  const { offsets, logProbs, perResponse } = batch.chosen;
  return {
    offsets: [...offsets],
    pi: [...(logProbs.get('pi') ?? [])],
    counts: [...(perResponse.get(TOKEN_COUNT) ?? [])],
  };
}

describe('the batch of some rows', () => {
  const rejected_logps = numbers(-1, -1);

  test.each<[what: string, columns: Record<string, Column>, expected: object]>([
    [
      'sums',
      { chosen_logps: numbers(-1, -2) },
      { offsets: [0, 1, 2], pi: [-1, -2], counts: [Number.NaN, Number.NaN] },
    ],
    [
      'sums and lengths',
      { chosen_logps: numbers(-1, -2), chosen_lengths: numbers(3, 7) },
      { offsets: [0, 1, 2], pi: [-1, -2], counts: [3, 7] },
    ],
    [
      'ragged lists',
      { chosen_logps: lists(false, [-1], [-2, -3]) },
      { offsets: [0, 1, 3], pi: [-1, -2, -3], counts: [1, 2] },
    ],
    [
      'padded lists and lengths, whatever stands in the padding',
      { chosen_logps: lists(true, [-1, Number.NaN], [-2, -3]), chosen_lengths: numbers(1, 2) },
      { offsets: [0, 1, 3], pi: [-1, -2, -3], counts: [1, 2] },
    ],
    [
      'a mask with holes, padded to the left',
      {
        chosen_logps: lists(true, [5, -1, 5, -2], [5, 5, 5, -3]),
        chosen_mask: lists(true, [0, 1, 0, 1], [0, 0, 0, 1]),
      },
      { offsets: [0, 2, 3], pi: [-1, -2, -3], counts: [2, 1] },
    ],
    [
      'sums whose mask tells the lengths',
      { chosen_logps: numbers(-1, -2), chosen_mask: lists(true, [1, 1, 0], [0, 1, 0]) },
      { offsets: [0, 1, 2], pi: [-1, -2], counts: [2, 1] },
    ],
  ])('%s', (_, columns, expected) => {
    expect(chosen('log(pi(w)/pi(l))', { ...columns, rejected_logps })).toEqual(expected);
  });

  test('lists of one distribution beside sums of another are added up', () => {
    const batch = made(DPO, {
      chosen_logps: lists(false, [-1, -2], [-3]),
      ref_chosen_logps: numbers(-4, -5),
      rejected_logps,
      ref_rejected_logps: rejected_logps,
    });
    expect(batch.kind === 'batch' && [...(batch.chosen.logProbs.get('pi') ?? [])]).toEqual([-3, -3]);
  });

  const full = { chosen_logps: lists(true, [-1, -2], [-3, -4]), rejected_logps };
  test.each<[what: string, formula: string, columns: Record<string, Column>, fault: object]>([
    [
      'above nought',
      DPO.replaceAll('ref', 'pi'),
      { chosen_logps: numbers(-1, 1e-9), rejected_logps },
      {
        kind: 'bad-number',
        wanted: 'log-probability',
        column: 'chosen_logps',
        row: 11,
        line: 22,
        found: 1e-9,
      },
    ],
    [
      'NaN',
      'log(pi(w)/pi(l))',
      { chosen_logps: lists(false, [-1], [-1, Number.NaN]), rejected_logps },
      { kind: 'bad-number', row: 11, entry: 1, found: Number.NaN },
    ],
    [
      'no end',
      'log(pi(w)/pi(l))',
      { chosen_logps: numbers(-1, Number.NEGATIVE_INFINITY), rejected_logps },
      { kind: 'bad-number', row: 11 },
    ],
    [
      'padding that nothing tells from tokens',
      'log(pi(w)/pi(l))',
      full,
      { kind: 'padding-unknown', role: 'chosen', width: 2 },
    ],
    [
      'a mask of halves',
      'log(pi(w)/pi(l))',
      { ...full, chosen_mask: lists(true, [1, 1], [1, 0.5]) },
      { kind: 'bad-number', wanted: 'mask', row: 11, entry: 1 },
    ],
    [
      'a mask of nothing',
      'log(pi(w)/pi(l))',
      { ...full, chosen_mask: lists(true, [1, 1], [0, 0]) },
      { kind: 'no-tokens', row: 11 },
    ],
    [
      'a mask of another width',
      'log(pi(w)/pi(l))',
      { ...full, chosen_mask: lists(true, [1, 1, 0], [1, 0, 0]) },
      { kind: 'uneven', column: 'chosen_logps', found: 2, expected: 3 },
    ],
    [
      'a mask against the lengths',
      'log(pi(w)/pi(l))',
      { ...full, chosen_mask: lists(true, [1, 1], [1, 0]), chosen_lengths: numbers(2, 2) },
      { kind: 'uneven', column: 'chosen_mask', row: 11, found: 1, expected: 2 },
    ],
    [
      'a length beyond the list',
      'log(pi(w)/pi(l))',
      { ...full, chosen_lengths: numbers(2, 3) },
      { kind: 'uneven', row: 11, found: 2, expected: 3, other: 'chosen_lengths' },
    ],
    [
      'half a token',
      'log(pi(w)/pi(l))',
      { ...full, chosen_lengths: numbers(2, 0.5) },
      { kind: 'bad-number', wanted: 'length', row: 11 },
    ],
    [
      'tokens of a sum',
      WEIGHTED,
      { chosen_logps: numbers(-1, -1), rejected_logps, chosen_m: numbers(1, 1), rejected_m: numbers(1, 1) },
      { kind: 'tokens-wanted', column: 'chosen_logps' },
    ],
    [
      'the length of a sum',
      SIMPO,
      { chosen_logps: numbers(-1, -1), rejected_logps },
      { kind: 'lengths-wanted', role: 'chosen' },
    ],
    [
      'lists of different lengths',
      DPO,
      {
        chosen_logps: lists(false, [-1, -2], [-3]),
        ref_chosen_logps: lists(false, [-1, -2], [-3, -4]),
        rejected_logps,
        ref_rejected_logps: rejected_logps,
      },
      { kind: 'uneven', column: 'ref_chosen_logps', row: 11, found: 2, expected: 1 },
    ],
  ])('%s', (_, formula, columns, fault) => {
    expect(made(formula, columns, true)).toMatchObject(fault);
  });
});

/** Rows of logits, tokens of one row after those of another. */
const matrices = (padded: boolean, ...rows: number[][][]): Column => ({
  kind: 'matrices',
  offsets: Int32Array.from([0, ...rows.map((_, i) => rows.slice(0, i + 1).flat().length)]),
  width: rows[0]?.[0]?.length ?? 0,
  values: Float64Array.from(rows.flat(2)),
  padded,
});

describe('logits', () => {
  const NO = Number.NEGATIVE_INFINITY;
  const WHOLE = 'log(pi(w)/pi(l)) + sum(t, w, sum(v, V, pi(w,t,v)^2)) + sum(t, l, sum(v, V, pi(l,t,v)^2))';
  /** Log-probabilities as logits: one row of the two has two tokens. */
  const [A, B, C] = [
    [0.5, 0.25, 0.25].map(Math.log),
    [0.125, 0.375, 0.5].map(Math.log),
    [0, NO, NO],
  ] as const;
  const rejected = {
    rejected_logits: matrices(false, [[...A]], [[...A]]),
    rejected_labels: lists(false, [0], [1]),
  };
  const chosen = {
    chosen_logits: matrices(false, [[...A], [...B]], [[...C]]),
    chosen_labels: lists(false, [0, 2], [0]),
  };

  function sideOf(columns: Record<string, Column>, formula = WHOLE): object {
    const batch = made(formula, { ...rejected, ...columns });
    if (batch.kind !== 'batch') throw new Error(JSON.stringify(batch));
    const { offsets, labels, rows, logProbs } = batch.chosen;
    return {
      offsets: [...offsets],
      labels: [...labels],
      rows: [...(rows.get('pi') ?? [])],
      logProbs: [...(logProbs.get('pi') ?? [])],
    };
  }
  const expected = { offsets: [0, 2, 3], labels: [0, 2, 0], rows: [...A, ...B, ...C], logProbs: [] };
  const X = [9, Number.NaN, 9];

  test.each<[what: string, columns: Record<string, Column>]>([
    ['ragged', chosen],
    [
      'padded, labels marking with -100 what is no token',
      {
        chosen_logits: matrices(true, [[...A], [...B], X], [[...C], X, X]),
        chosen_labels: lists(true, [0, 2, -100], [0, -100, -100]),
      },
    ],
    [
      'padded, with lengths',
      {
        chosen_logits: matrices(true, [[...A], [...B], X], [[...C], X, X]),
        chosen_labels: lists(true, [0, 2, 7], [0, 7, 7]),
        chosen_lengths: numbers(2, 1),
      },
    ],
    [
      'padded to the left, with a mask and targets',
      {
        chosen_logits: matrices(true, [X, [...A], [...B]], [X, X, [...C]]),
        chosen_targets: lists(true, [7, 0, 2], [7, 7, 0]),
        chosen_mask: lists(true, [0, 1, 1], [0, 0, 1]),
      },
    ],
    [
      'after a prompt, labels beside the ids that the model took',
      {
        chosen_logits: matrices(true, [X, [...A], [...B], X], [[...C], X, X, X]),
        chosen_labels: lists(true, [-100, -100, 0, 2], [-100, 0, -100, -100]),
        chosen_input_ids: lists(true, [1, 1, 0, 2], [2, 0, 7, 7]),
      },
    ],
    [
      'after a prompt, with a mask, the last logits left out',
      {
        chosen_logits: matrices(true, [X, [...A], [...B]], [[...C], X, X]),
        chosen_mask: lists(true, [0, 0, 1, 1], [0, 1, 0, 0]),
        chosen_input_ids: lists(true, [1, 1, 0, 2], [2, 0, 7, 7]),
      },
    ],
  ])('%s', (_, columns) => {
    expect(sideOf(columns)).toEqual(expected);
  });

  test('of one token to each row, whose labels are an array of numbers', () => {
    const columns = { chosen_logits: matrices(true, [[...A]], [[...C]]), chosen_labels: numbers(1, 0) };
    expect(sideOf(columns)).toEqual({ offsets: [0, 1, 2], labels: [1, 0], rows: [...A, ...C], logProbs: [] });
  });

  test('in place of log-probabilities', () => {
    const { logProbs, rows } = sideOf(chosen, 'log(pi(w)/pi(l))') as { logProbs: number[]; rows: number[] };
    expect(rows).toEqual([]);
    for (const [k, p] of [0.5, 0.5, 1].entries()) expect(Math.exp(logProbs[k] ?? 0)).toBeCloseTo(p, 15);
  });

  test('log-probabilities beside them agree up to the roundings of short numbers', () => {
    const at = (x: number): object => {
      const logps = lists(false, [x, Math.log(0.5)], [0]);
      const batch = made(WHOLE, { ...chosen, ...rejected, chosen_logps: logps });
      return batch.kind === 'batch' ? { apart: batch.apart } : batch;
    };
    const names = { column: 'chosen_logps', other: 'chosen_logits' };
    expect(at(-0.7)).toMatchObject({ apart: [{ ...names, row: 10 }] });
    expect(at(-0.8)).toMatchObject({ ...names, kind: 'disagrees', row: 10, entry: 0, found: -0.8 });
    expect(at(Number.NaN)).toMatchObject({ kind: 'bad-number', column: 'chosen_logps' });
    // The sum of two tokens is off by as much as both.
    const sums = made(WHOLE, { ...chosen, ...rejected, chosen_logps: numbers(-1.4, -0.001) });
    expect(sums.kind === 'batch' && sums.apart[0]?.difference).toBeCloseTo(1.4 - 2 * Math.log(2), 12);
    expect(made(WHOLE, { ...chosen, ...rejected, chosen_logps: numbers(-1.4, -1) })).toMatchObject({
      kind: 'disagrees',
      row: 11,
    });
  });

  test.each<[what: string, columns: Record<string, Column>, fault: object]>([
    [
      'NaN',
      { chosen_logits: matrices(false, [[...A], [0, Number.NaN, 0]], [[...C]]) },
      { kind: 'bad-number', wanted: 'logit', row: 10, line: 21, entry: 1, vocabulary: 1 },
    ],
    [
      'no end',
      { chosen_logits: matrices(false, [[...A], [...B]], [[0, 0, Number.POSITIVE_INFINITY]]) },
      { kind: 'bad-number', wanted: 'logit', row: 11, entry: 0, vocabulary: 2 },
    ],
    [
      'nothing possible',
      { chosen_logits: matrices(false, [[...A], [NO, NO, NO]], [[...C]]) },
      { kind: 'no-distribution', row: 10, entry: 1 },
    ],
    [
      'a token that is ruled out',
      { chosen_labels: lists(false, [0, 2], [1]) },
      { kind: 'impossible-token', column: 'chosen_logits', row: 11, label: 1, entry: 0 },
    ],
    [
      'a label beyond the vocabulary',
      { chosen_labels: lists(false, [0, 3], [0]) },
      { kind: 'bad-label', column: 'chosen_labels', found: 3, size: 3, row: 10, entry: 1 },
    ],
    ['half a label', { chosen_labels: lists(false, [0, 0.5], [0]) }, { kind: 'bad-label', found: 0.5 }],
    [
      'another vocabulary',
      { rejected_logits: matrices(false, [[0, 0]], [[0, 0]]) },
      { kind: 'other-vocabulary', column: 'rejected_logits', found: 2, expected: 3, other: 'chosen_logits' },
    ],
    [
      'a row of logits too few',
      { chosen_logits: matrices(false, [[...A]], [[...C]]) },
      { kind: 'uneven', column: 'chosen_logits', found: 1, expected: 2, other: 'chosen_labels' },
    ],
    ['one number for each response', { chosen_logits: numbers(-1, -2) }, { kind: 'logits-wanted' }],
    ['one number for each token', { chosen_logits: lists(false, [-1, -2], [0]) }, { kind: 'logits-wanted' }],
    [
      'labels that may stand one further',
      {
        chosen_labels: lists(true, [-100, 2], [0, -100]),
        chosen_logits: matrices(true, [X, [...B]], [[...C], X]),
      },
      { kind: 'alignment-unknown', role: 'chosen', row: 10 },
    ],
    [
      'a response without a prompt before it',
      { chosen_input_ids: lists(false, [0, 2], [0]) },
      { kind: 'not-predicted', row: 10 },
    ],
    [
      'labels that were moved, beside ids that were not',
      {
        chosen_input_ids: lists(false, [1, 0, 2], [1, 0]),
        chosen_labels: lists(false, [-100, 2, 0], [-100, 0]),
        chosen_logits: matrices(false, [[...A], [...B], X], [[...C], X]),
      },
      { kind: 'other-label', found: 2, expected: 0, entry: 1, other: 'chosen_input_ids' },
    ],
    [
      'no tokens at all',
      { chosen_labels: lists(false, [-100, -100], [0]) },
      { kind: 'no-tokens', column: 'chosen_labels', row: 10 },
    ],
  ])('%s', (_, columns, fault) => {
    expect(made(WHOLE, { ...chosen, ...rejected, ...columns }, true)).toMatchObject(fault);
  });

  test('ids alone do not say where the prompt ends', () => {
    const { chosen_logits } = chosen;
    const columns = { chosen_logits, ...rejected, chosen_input_ids: lists(false, [0, 2], [0]) };
    expect(made(WHOLE, columns)).toMatchObject({ kind: 'prompt-unknown', role: 'chosen' });
  });

  test('rows over a vocabulary are no log-probabilities', () => {
    const columns = { chosen_logps: matrices(false, [[...A]], [[...B]]), rejected_logps: numbers(-1, -1) };
    expect(made('log(pi(w)/pi(l))', columns)).toMatchObject({ kind: 'logits-unwanted', row: 10 });
  });

  test('the vocabulary stays the same from rows to rows', () => {
    const asked = needs(WHOLE);
    const columns = { ...chosen, ...rejected };
    const plan = planColumns(Object.keys(columns), asked, new Map());
    if (plan.kind !== 'plan') throw new Error(plan.kind);
    const vocabulary = oneVocabulary();
    const rows = { kind: 'rows', first: 0, count: 2, columns: new Map(Object.entries(columns)) } as const;
    expect(batchOfRows(rows, plan, asked, vocabulary)).toMatchObject({ kind: 'batch', vocabulary: 3 });
    const wider = {
      chosen_logits: matrices(
        false,
        [
          [...A, 0],
          [...B, 0],
        ],
        [[...C, 0]],
      ),
    };
    const next = { ...rows, first: 2, columns: new Map(Object.entries({ ...columns, ...wider })) };
    expect(batchOfRows(next, plan, asked, vocabulary)).toMatchObject({
      kind: 'other-vocabulary',
      found: 4,
      expected: 3,
      other: undefined,
      row: 2,
    });
  });
});
