import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readVectors } from '../../src/numeric/vectors.ts';

const golden = (name: string): string =>
  readFileSync(new URL(`../golden/${name}.json`, import.meta.url), 'utf8');
const DPO = golden('dpo');

/** Parsed JSON, which each test changes in one place. */
interface Loose {
  schema: unknown;
  batches: Record<string, Record<'chosen' | 'rejected', Record<string, unknown[] | unknown>>>;
  cases: { batch: unknown; hyperparameters: unknown; outputs: Record<string, unknown> }[];
}
function changed(change: (file: Loose) => void): unknown {
  const file: Loose = JSON.parse(DPO);
  change(file);
  return file;
}
const atPath = (root: unknown, ...path: (string | number)[]): Record<string | number, unknown> => {
  let here = root as Record<string | number, unknown>;
  for (const key of path) here = here[key] as Record<string | number, unknown>;
  return here;
};

test.each(['dpo', 'h_dpo', 'simpo', 'r_dpo_oxrl'])('%s is read', (name) => {
  const vectors = readVectors(JSON.parse(golden(name)));
  if (vectors.kind !== 'vectors') throw new Error(JSON.stringify(vectors));
  expect([...vectors.batches.keys()]).toEqual(['random_a', 'random_b', 'edge']);
  expect(vectors.batches.get('edge')?.batch.pairs).toBe(8);
  for (const one of vectors.cases) {
    expect(one).toMatchObject({ kind: 'losses', gradients: { in: 'log-probs' } });
    expect(one.kind === 'losses' && one.losses?.length).toBe(8);
  }
});

describe('malformed files', () => {
  test.each<[what: string, json: unknown, fault: object]>([
    ['null', null, { kind: 'other-schema', found: undefined }],
    ['a list', [], { kind: 'other-schema' }],
    [
      'another schema',
      changed((f) => {
        f.schema = 'mi-dpo-golden-2';
      }),
      { kind: 'other-schema', found: 'mi-dpo-golden-2' },
    ],
    [
      'no batches',
      changed((f) => {
        atPath(f).batches = undefined;
      }),
      { kind: 'malformed', path: 'batches' },
    ],
    [
      'a length that is text',
      changed((f) => {
        atPath(f, 'batches', 'edge', 'chosen', 'lengths')[3] = '6';
      }),
      { kind: 'malformed', path: 'batches.edge.chosen.lengths[3]', expected: 'number' },
    ],
    [
      'a length that is not that of the rows',
      changed((f) => {
        atPath(f, 'batches', 'edge', 'chosen', 'lengths')[3] = 5;
      }),
      { kind: 'malformed-batch', path: 'batches.edge.chosen.policy_token_logps[3]' },
    ],
    [
      'a positive log-probability',
      changed((f) => {
        atPath(f, 'batches', 'edge', 'rejected', 'ref_token_logps', 2)[1] = 0.5;
      }),
      { kind: 'malformed-batch', path: 'batches.edge.rejected.ref_token_logps[2][1]' },
    ],
    [
      'a number spelled as text',
      changed((f) => {
        atPath(f, 'batches', 'random_a', 'chosen', 'policy_token_logps', 0)[0] = 'nan';
      }),
      { kind: 'malformed', path: 'batches.random_a.chosen.policy_token_logps[0][0]' },
    ],
    [
      'a case of an unknown batch',
      changed((f) => {
        atPath(f, 'cases', 2).batch = 'constructor';
      }),
      { kind: 'unknown-batch', path: 'cases[2].batch', name: 'constructor' },
    ],
    [
      'too few losses',
      changed((f) => {
        atPath(f, 'cases', 1, 'outputs').losses = [1, 2];
      }),
      { kind: 'wrong-count', path: 'cases[1].outputs.losses', found: 2 },
    ],
    [
      'too few numbers in a gradient',
      changed((f) => {
        atPath(f, 'cases', 0, 'outputs', 'grad_of_sum', 'chosen_policy_token_logps')[1] = [0];
      }),
      { kind: 'wrong-count', path: 'cases[0].outputs.grad_of_sum.chosen_policy_token_logps[1]', found: 1 },
    ],
    [
      'a nested hyper-parameter',
      changed((f) => {
        atPath(f, 'cases', 0, 'hyperparameters').beta = { value: 1 };
      }),
      { kind: 'malformed', path: 'cases[0].hyperparameters.beta' },
    ],
  ])('%s', (_, json, fault) => expect(readVectors(json)).toMatchObject(fault));

  test('anything at all is answered and not thrown at', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (batches, cases, source) => {
        const found = readVectors({ schema: 'mi-dpo-golden-1', variant: 'x', source, batches, cases });
        return typeof found.kind === 'string';
      }),
    );
  });
});

test('non-finite records are numbers', () => {
  const json = changed((f) => {
    atPath(f, 'cases', 0, 'outputs', 'losses')[0] = '-Infinity';
    atPath(f, 'cases', 0, 'outputs', 'losses')[1] = 'NaN';
  });
  const vectors = readVectors(json);
  if (vectors.kind !== 'vectors') throw new Error(JSON.stringify(vectors));
  const [first] = vectors.cases;
  const losses = first?.kind === 'losses' ? first.losses : undefined;
  expect([...(losses ?? [])].slice(0, 2)).toEqual([Number.NEGATIVE_INFINITY, Number.NaN]);
});

test('full distributions and gradients in logits are read', () => {
  const side = {
    lengths: [2],
    labels: [[1, 0]],
    policy_logprobs: [
      [
        [-1, -2],
        [-3, -4],
      ],
    ],
    ref_logprobs: [
      [
        [-5, '-Infinity'],
        [-7, -8],
      ],
    ],
  };
  const logits = [
    [
      [0.1, 0.2],
      [0.3, 0.4],
    ],
  ];
  const vectors = readVectors({
    schema: 'mi-dpo-golden-1',
    variant: 'made up',
    source: { repo: 'a/b', function: 'f', commit: 'c' },
    batches: { only: { chosen: side, rejected: side } },
    cases: [
      {
        batch: 'only',
        hyperparameters: { beta: 0.1 },
        outputs: {
          losses: [1],
          grad_of_sum: { chosen_policy_logits: logits, rejected_policy_logits: logits },
        },
      },
    ],
  });
  if (vectors.kind !== 'vectors') throw new Error(JSON.stringify(vectors));
  const { chosen, vocabulary } = vectors.batches.get('only')?.batch ?? {};
  expect(vocabulary).toBe(2);
  expect([...(chosen?.rows.get('ref') ?? [])]).toEqual([-5, Number.NEGATIVE_INFINITY, -7, -8]);
  const values = Float64Array.of(0.1, 0.2, 0.3, 0.4);
  expect(vectors.cases[0]).toMatchObject({
    gradients: { in: 'logits', values: { chosen: values, rejected: values } },
  });
});
