/**
 * Writes docs/logps/: the same four preference pairs in every format, and four with whole next-token distributions.
 * `npx tsx scripts/logps-examples.ts`
 */

import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { MadeColumns } from '../test/variant/tensors/make.ts';
import { jsonLines, npy, npz, parquet, safetensors } from '../test/variant/tensors/make.ts';

const FOLDER = resolve(import.meta.dirname, '../docs/logps');

/** Per token, padded to the longest response. */
const TOKENS = {
  chosen_logps: [
    [-0.5, -1.25, -0.25],
    [-2, -0.5, 0],
    [-0.125, 0, 0],
    [-1, -1, -3.5],
  ],
  rejected_logps: [
    [-1.5, -2.25],
    [-0.75, 0],
    [-3, -0.5],
    [-0.25, -0.25],
  ],
  ref_chosen_logps: [
    [-1, -1.5, -0.5],
    [-1.75, -0.5, 0],
    [-1.125, 0, 0],
    [-1, -0.5, -3],
  ],
  ref_rejected_logps: [
    [-1.25, -1],
    [-1, 0],
    [-2, -0.5],
    [-0.5, -0.75],
  ],
} as const;
const LENGTHS = { chosen_lengths: [3, 2, 1, 3], rejected_lengths: [2, 1, 2, 2] } as const;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, x) => total + x, 0);
const roleOf = (name: string): 'chosen' | 'rejected' => (name.includes('chosen') ? 'chosen' : 'rejected');

const lengths: MadeColumns = Object.fromEntries(
  Object.entries(LENGTHS).map(([name, values]) => [name, { shape: [4], values }]),
);
const sums: MadeColumns = Object.fromEntries(
  Object.entries(TOKENS).map(([name, rows]) => [name, { shape: [4], values: rows.map(sum) }]),
);
const padded: MadeColumns = Object.fromEntries(
  Object.entries(TOKENS).map(([name, rows]) => [
    name,
    { shape: [4, rows[0].length], values: rows.flatMap((row) => [...row]) },
  ]),
);
const masks: MadeColumns = Object.fromEntries(
  (['chosen', 'rejected'] as const).map((role) => {
    const width = TOKENS[`${role}_logps`][0].length;
    const rows = LENGTHS[`${role}_lengths`].map((n) =>
      Array.from({ length: width }, (_, t) => Number(t < n)),
    );
    return [`${role}_mask`, { shape: [4, width], values: rows.flat() }];
  }),
);
const tokensByLine = [0, 1, 2, 3].map((i) => {
  const fields = Object.entries(TOKENS).map(([name, rows]) => [
    name,
    rows[i]?.slice(0, LENGTHS[`${roleOf(name)}_lengths`][i]),
  ]);
  return `${JSON.stringify(Object.fromEntries(fields))}\n`;
});

/** Logits over a vocabulary of five, and the tokens they predict; -100 stands where a response has ended. */
const VOCABULARY = 5;
const distributions: MadeColumns = Object.fromEntries(
  (['chosen', 'rejected'] as const).flatMap((role, k) => {
    const lengths = LENGTHS[`${role}_lengths`];
    const width = Math.max(...lengths);
    const places = lengths.flatMap((n, i) =>
      Array.from({ length: width }, (_, t) => ({ i, t, ends: t >= n })),
    );
    const label = (i: number, t: number): number => (3 * i + 2 * t + k) % VOCABULARY;
    const logits = (shift: number): readonly number[] =>
      places.flatMap(({ i, t }) =>
        Array.from({ length: VOCABULARY }, (_, v) => ((5 * i + 3 * t + v * (v + i) + shift) % 7) / 2),
      );
    const shape = [lengths.length, width, VOCABULARY];
    return [
      [`${role}_logits`, { shape, values: logits(6 * k) }],
      [`ref_${role}_logits`, { shape, values: logits(3 + k) }],
      [
        `${role}_labels`,
        {
          shape: [lengths.length, width],
          values: places.map(({ i, t, ends }) => (ends ? -100 : label(i, t))),
        },
      ],
    ] as const;
  }),
);

/** The files by name. */
export const exampleFiles = (): Readonly<Record<string, string | Uint8Array>> => ({
  'tokens.jsonl': tokensByLine.join(''),
  'sums.jsonl': jsonLines(sums),
  'run.npz': npz({ ...padded, ...masks }),
  'logits.npz': npz(distributions),
  'run.safetensors': safetensors({ ...padded, ...lengths }),
  'run.parquet': parquet({ ...sums, ...lengths }),
  ...Object.fromEntries(
    Object.entries({ ...sums }).map(([name, made]) => [`${name}.npy`, npy(made)] as const),
  ),
});

if (import.meta.filename === process.argv[1]) {
  for (const [name, content] of Object.entries(exampleFiles())) writeFileSync(resolve(FOLDER, name), content);
}
