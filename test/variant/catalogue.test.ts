/** The catalogue: every file reads, is what it expects to be, derives, and reproduces the code it names. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Expr } from '../../src/expr/expr.ts';
import { add, mul, num } from '../../src/expr/expr.ts';
import { FAMILIES } from '../../src/framework/families.ts';
import type { Vectors } from '../../src/numeric/vectors.ts';
import { readVectors } from '../../src/numeric/vectors.ts';
import { isAsked } from '../../src/numeric/verify.ts';
import { reportMembership } from '../../src/report/membership.ts';
import { reportVerification, verifyExhibit } from '../../src/report/verification.ts';
import { catalogue, loadVariant, readVectorsFile, vectorsCatalogue } from '../../src/variant/files.ts';
import type { Evidence, Variant } from '../../src/variant/variant.ts';

function variantOf(id: string): Variant {
  const variant = loadVariant(id);
  if (variant.kind !== 'variant') throw new Error(JSON.stringify(variant));
  return variant;
}
function vectorsOf(name: string): Vectors {
  const file = readVectorsFile(name);
  if (file.kind !== 'json') throw new Error(file.kind);
  const vectors = readVectors(file.value);
  if (vectors.kind !== 'vectors') throw new Error(JSON.stringify(vectors));
  return vectors;
}
const VARIANTS = catalogue().map((id) => [id, variantOf(id)] as const);
const EVIDENCE = VARIANTS.flatMap(([id, variant]) =>
  variant.evidence.map(
    (evidence, i) => [`${id}, evidence ${i}: ${evidence.vectors}`, variant, evidence] as const,
  ),
);

describe.each(VARIANTS)('%s', (_, variant) => {
  const { membership, identity, derivation } = reportMembership(variant);

  test('is what its file expects', () => {
    const { tier, gradientTier, outside, undecided } = membership;
    expect({ tier, gradientTier, why: outside?.why }).toMatchObject(variant.expect);
    expect(variant.expect.tier).toBeDefined();
    expect(undecided).toEqual([]);
  });

  test('is proved to be, and derived, wherever it is inside', () => {
    const inside = membership.tier !== 'outside';
    expect(identity?.verdict.kind).toBe(inside ? 'accepted' : undefined);
    expect(derivation?.verdict.kind).toBe(inside ? 'accepted' : undefined);
  });

  test('says what its names mean', () => {
    expect(variant.says?.length).toBeGreaterThan(40);
    for (const [, { says, latex }] of [...variant.parameters, ...variant.distributions, ...variant.data]) {
      expect(says).toBeDefined();
      expect(latex).toBeDefined();
    }
    for (const { default: usual } of variant.parameters.values()) expect(usual).toBeDefined();
    for (const { says } of variant.evidence) expect(says).toBeDefined();
  });

  test('holds on random pairs: closed form, and gradient against finite differences', async () => {
    const sampling = { seed: 7, pairs: 14, tokens: 6, vocabulary: 4 };
    const report = await reportVerification(variant, [], sampling);
    expect(report).toMatchObject({ kind: 'verification', verified: true });
  });
});

describe.each(EVIDENCE)('%s', (_, variant, evidence) => {
  test('is reproduced, values and gradients', () => {
    const vectors = vectorsOf(evidence.vectors);
    const check = verifyExhibit(variant, { name: evidence.vectors, vectors, evidence });
    expect(check).toMatchObject({ kind: 'check', passed: true, disagreements: [] });
    if (check.kind !== 'check') return;
    expect(check.worst.used).toBeLessThanOrEqual(1);
    // Pairs are made without gradients; all other code was differentiated.
    if (evidence.selects === undefined) expect(check.gradients).toMatchObject({ passed: true });
  });
});

/** Records of NaN leave only our own formula to compare with. */
const TELLING = EVIDENCE.filter(([, , { gives }]) => gives === undefined);

describe.each(TELLING)('%s', (_, variant, evidence) => {
  test('is not reproduced by a loss that is off by one part in ten thousand million', () => {
    const vectors = vectorsOf(evidence.vectors);
    const { selects, loss = variant.loss } = evidence;
    // Term by term: some code gives a number for each response.
    const off = (e: Expr): Expr =>
      e.kind === 'add' ? add(e.terms.map(off)) : mul([num({ n: 10n ** 10n + 1n, d: 10n ** 10n }), e]);
    const mutant = selects === undefined ? { loss: off(loss) } : { selects: off(selects) };
    const check = verifyExhibit(variant, { name: 'mutant', vectors, evidence: { ...evidence, ...mutant } });
    expect(check).toMatchObject({ kind: 'check', passed: false });
    expect(check.kind === 'check' && check.disagreements.every(({ oursIsRight }) => oursIsRight)).toBe(true);
  });
});

test('every file of vectors is read, and every case of it is somebody’s evidence', () => {
  const asked = (name: string, one: Vectors['cases'][number]): readonly Evidence[] =>
    VARIANTS.flatMap(([, { evidence }]) =>
      evidence.filter(({ vectors, where, batches }) => {
        const question = { where, ...(batches !== undefined && { batches: new Set(batches) }) };
        return vectors === name && isAsked(question, one);
      }),
    );
  const names = vectorsCatalogue();
  expect(names.length).toBe(32);
  const unused = names.flatMap((name) =>
    vectorsOf(name).cases.flatMap((one, i) => (asked(name, one).length === 0 ? [`${name} ${i}`] : [])),
  );
  expect(unused).toEqual([]);
});

test('no code knows a variant by its name', () => {
  const src = new URL('../../src/', import.meta.url);
  // Transcriptions are data, named by a field of the derivation files: a file of another name may ask for one.
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && name !== join('numeric', 'transcription', 'losses.ts'),
  );
  // Some losses share their name with a family of losses, which the framework knows by its form.
  const ids = catalogue().filter((id) => !FAMILIES.some((family) => family === id));
  const told = files.flatMap((name) => {
    const text = readFileSync(new URL(name, src), 'utf8');
    return ids.flatMap((id) =>
      text.includes(`'${id}'`) || text.includes(`"${id}"`) ? [`${name}: ${id}`] : [],
    );
  });
  expect(files.length).toBeGreaterThan(100);
  expect(told).toEqual([]);
});
