/** Every kind of fault that reaches a user has a sentence of its own, and none leaks raw text. */

import { describe, expect, test } from 'vitest';
import type { DefinitionFlaw, Reason } from '../../src/checker/fault.ts';
import type { SampledFault } from '../../src/numeric/draws.ts';
import type { VectorsFault } from '../../src/numeric/vectors.ts';
import type { VerifyFault } from '../../src/numeric/verify.ts';
import type { UserFault } from '../../src/render/fault.ts';
import { faultText } from '../../src/render/fault.ts';
import { parse } from '../../src/syntax/parse.ts';

/** One fault for each kind: the compiler demands them all. */
type Each<F extends { readonly kind: string }> = {
  readonly [K in F['kind']]: Extract<F, { readonly kind: K }>;
};
const [a, b] = [parse('log(pi(w))'), parse('log(ref(l))')];

const REASONS: Each<Reason> = {
  'empty-trace': { kind: 'empty-trace' },
  'digest-mismatch': { kind: 'digest-mismatch' },
  'duplicate-id': { kind: 'duplicate-id', id: 'S5' },
  'bad-definition': { kind: 'bad-definition', id: 'prior', why: 'circular' },
  'too-deep': { kind: 'too-deep' },
  'ill-formed': { kind: 'ill-formed', part: a, why: 'unbound-index' },
  'unknown-stage': { kind: 'unknown-stage', id: 'S4' },
  'broken-chain': { kind: 'broken-chain', from: 'S5', expected: a, found: b },
  'unknown-rule': { kind: 'unknown-rule', rule: 'because-i-say-so' },
  'not-in-use': { kind: 'not-in-use', rule: 'prior' },
  'outside-expression': { kind: 'outside-expression' },
  'unbound-metavariable': { kind: 'unbound-metavariable', rule: 'log-product' },
  'needless-binding': { kind: 'needless-binding', name: '_c' },
  'condition-not-met': { kind: 'condition-not-met', condition: { kind: 'positive', of: a } },
  'does-not-match': { kind: 'does-not-match', expected: a, found: b },
  'wrong-result': { kind: 'wrong-result', expected: a, found: b },
  'algebra-fails': { kind: 'algebra-fails', before: a, after: b },
  'index-captured': { kind: 'index-captured', index: 't' },
  'lemma-in-equation': { kind: 'lemma-in-equation', rule: 'gibbs-inequality' },
  'wrong-direction': { kind: 'wrong-direction', rule: 'gibbs-inequality' },
  'value-in-gradient': { kind: 'value-in-gradient', rule: 'policy-is-optimal' },
  'goal-not-reached': { kind: 'goal-not-reached', reached: a, goal: b },
};
const FLAWS: Readonly<Record<DefinitionFlaw, true>> = {
  'not-a-datum': true,
  'declared-already': true,
  'repeated-argument': true,
  'free-variable': true,
  circular: true,
  overlap: true,
  domain: true,
};
const BAD = { kind: 'bad-value', field: 'chosen.lengths', pair: 3, expected: 'length', found: 0 } as const;
const VECTORS: Each<VectorsFault> = {
  'other-schema': { kind: 'other-schema', expected: 'mi-dpo-golden-1', found: 7 },
  malformed: { kind: 'malformed', path: 'cases[2].batch', expected: 'string', found: '12' },
  'malformed-batch': { kind: 'malformed-batch', path: 'batches.edge', fault: BAD },
  'unknown-batch': { kind: 'unknown-batch', path: 'cases[0].batch', name: 'edge' },
  'wrong-count': { kind: 'wrong-count', path: 'cases[0].outputs.losses', expected: [8, 16], found: 7 },
};
const RUN: Each<VerifyFault | SampledFault> = {
  'missing-data': { kind: 'missing-data', name: 'm', shape: ['response', 'token'] },
  'missing-parameter': { kind: 'missing-parameter', name: 'gamma', available: ['beta'] },
  'free-variable': { kind: 'free-variable', name: 'y', sort: 'response' },
  'unsupported-range': { kind: 'unsupported-range', range: 'responses' },
  'unsupported-arguments': { kind: 'unsupported-arguments', name: 'phi' },
  'no-such-path': { kind: 'no-such-path', name: 'm', path: 'tis_weights' },
  'malformed-data': { kind: 'malformed-data', name: 'm', path: 'tis_weights', fault: BAD },
  'no-cases': { kind: 'no-cases' },
  'not-by-response': { kind: 'not-by-response', case: 3 },
  'no-losses': { kind: 'no-losses', case: 3 },
  'no-parameters': { kind: 'no-parameters', tries: 1000 },
};
const refused = (reason: Reason): UserFault => ({ stage: 'S8', step: 2, reason });
const HERE = { start: 0, end: 1, line: 1, column: 1, lead: '', marked: 'x', tail: '' };

const FAULTS: readonly (readonly [name: string, fault: UserFault])[] = [
  ...Object.values(REASONS).map((reason) => [reason.kind, refused(reason)] as const),
  ...Object.keys(FLAWS).map(
    (why) => [why, refused({ kind: 'bad-definition', id: 'prior', why: why as DefinitionFlaw })] as const,
  ),
  ...(['undeclared-data', 'wrong-arguments', 'metavariable', 'bad-name'] as const).map(
    (why) => [why, refused({ kind: 'ill-formed', part: a, why })] as const,
  ),
  ['free-of', refused({ kind: 'condition-not-met', condition: { kind: 'free-of', of: a, index: '_t' } })],
  ...Object.values(VECTORS).map((fault) => [fault.kind, fault] as const),
  ...Object.values(RUN).map(
    (fault) => [fault.kind, { kind: 'check-failed-to-run', check: 'dpo', fault }] as const,
  ),
  ['bad-trace', { kind: 'bad-trace', at: 'stages.0', says: 'expected an expression' }],
  ['declared-differently', { kind: 'declared-differently', name: 'beta' }],
  ['unknown-claim', { kind: 'unknown-claim', name: 'smipo', suggestion: 'simpo' }],
  ['no-such-file', { kind: 'no-such-file', path: 'mine.yaml', suggestion: undefined }],
  ['file fault', { kind: 'too-deep', limit: 9, file: 'mine.yaml', field: 'loss', at: HERE }],
  ['formula', { kind: 'too-deep', limit: 9, start: 0, end: 1 }],
];

describe('a sentence', () => {
  test.each(FAULTS)('for %s', (_, fault) => {
    const said = faultText(fault);
    expect(said).toMatch(/^\S.{10,}[^.\s]/);
    expect(said).not.toMatch(/undefined|\[object|NaN|\$\{/);
  });

  test('is another one for every kind', () => {
    const said = FAULTS.map(([, fault]) => faultText(fault));
    // Two of the table are one fault given twice: a circular definition, and a formula's and a file's depth apart.
    expect(new Set(said).size).toBe(said.length - 1);
  });

  test('of the checker names stage, step and formulas', () => {
    expect(faultText(refused(REASONS['does-not-match']))).toBe(
      'refused by the independent checker: at stage S8, step 3, the rule needs log(pi(w)) but finds log(ref(l))',
    );
    expect(faultText(refused(REASONS['condition-not-met']))).toContain('log(pi(w)) > 0 does not follow');
  });

  test.each<[UserFault]>([
    [{ kind: 'declared-differently', name: '\u001b[31mx' }],
    [{ kind: 'bad-trace', at: '\u001b]0;x\u0007', says: '\u202ex' }],
    [{ kind: 'unknown-batch', path: '\u001b[2J', name: '\u009b1m' }],
    [refused({ kind: 'unknown-rule', rule: '\u001b[31m' })],
  ])('lets no terminal command through: %j', (fault) => {
    expect(faultText(fault)).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});
