/** Columns of a training run: what their names mean, which of them a loss takes, and the batch they make. */

import { describe, expect, test } from 'vitest';
import { batchOfRows } from '../../src/numeric/column-batch.ts';
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
    // These hold something else, whatever they look like.
    ['chosen_attention_mask', 'other attention_mask chosen'],
    ['other_chosen_logps', 'other other_logps chosen'],
    ['chosen_logits', 'other logits chosen'],
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
    ['whole distributions', NAMES, `${DPO} + sum(t, w, kl(pi, ref, w, t))`, { kind: 'needs-distributions' }],
  ])('%s', (_, names, formula, fault) => {
    expect(planColumns(names, needs(formula), new Map())).toMatchObject(fault);
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
  const count = first?.kind === 'lists' ? first.offsets.length - 1 : (first?.values.length ?? 0);
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
