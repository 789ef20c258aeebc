/** The reports as JSON: exactly the documented fields, formulas that parse, numbers that JSON can say. */

import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { DIVERGENCES } from '../../src/framework/divergence.ts';
import { FAMILIES } from '../../src/framework/families.ts';
import { PROPERTIES } from '../../src/framework/properties.ts';
import { LINK_NAMES } from '../../src/framework/shape.ts';
import { TIERS } from '../../src/framework/tier.ts';
import {
  auditJson,
  catalogueJson,
  comparisonJson,
  membershipJson,
  verificationJson,
} from '../../src/render/json.ts';
import { audit } from '../../src/report/audit.ts';
import { reportComparison } from '../../src/report/comparison.ts';
import { reportMembership } from '../../src/report/membership.ts';
import { reportVerification } from '../../src/report/verification.ts';
import { parse } from '../../src/syntax/parse.ts';
import type { Json } from '../../src/trace/json.ts';
import type { Variant } from '../../src/variant/variant.ts';
import { formula, IDS, published } from './claims.ts';

const tier = v.picklist(TIERS);
const expression = v.pipe(
  v.string(),
  v.check((text) => parse(text) !== undefined),
);
const bounds = v.tuple([v.string(), v.string()]);
const witness = v.nullable(
  v.strictObject({ values: v.record(v.string(), v.string()), left: bounds, right: bounds }),
);
const stored = v.nullable(
  v.looseObject({ schema: v.literal('midpo/trace'), digest: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)) }),
);
const answer = v.picklist(['proved', 'refuted', 'undecided']);
const outside = v.strictObject({
  why: v.string(),
  residual: v.nullable(v.string()),
  link: v.nullable(v.picklist(LINK_NAMES)),
  function: v.nullable(expression),
  argument: v.nullable(v.string()),
  decreasing: v.nullable(answer),
  convex: v.nullable(answer),
  logit: v.nullable(expression),
  tier: v.nullable(tier),
  zeta: v.nullable(expression),
  members: v.array(v.strictObject({ weight: expression, logit: expression })),
  rest: v.nullable(expression),
  terms: v.nullable(v.strictObject({ chosen: expression, rejected: expression })),
  nearest: v.nullable(v.string()),
  change: v.nullable(
    v.strictObject({ kind: v.string(), drop: v.nullable(expression), logit: expression, tier }),
  ),
});
const check = v.strictObject({
  schema: v.literal('midpo/check'),
  version: v.literal(1),
  claim: v.string(),
  link: v.nullable(v.literal('logistic')),
  logit: v.nullable(expression),
  tier,
  gradientTier: tier,
  prior: v.nullable(
    v.strictObject({
      weight: expression,
      zeta: expression,
      logZeta: expression,
      proper: v.picklist(['always', 'finite-only', 'unknown']),
      properWhen: v.array(v.string()),
      chosen: v.optional(expression),
      rejected: v.optional(expression),
      ratio: v.optional(expression),
    }),
  ),
  conditions: v.array(v.strictObject({ tier, when: v.string(), exact: v.boolean() })),
  assumptions: v.array(v.string()),
  outside: v.nullable(outside),
  families: v.array(
    v.strictObject({
      family: v.picklist(FAMILIES),
      answer: v.picklist(['yes', 'no', 'undecided']),
      by: v.nullable(expression),
      divergence: v.nullable(
        v.strictObject({ name: v.picklist(DIVERGENCES), order: v.nullable(expression) }),
      ),
    }),
  ),
  properties: v.array(v.strictObject({ property: v.picklist(PROPERTIES), answer, witness })),
  limits: v.array(v.strictObject({ parameter: v.string(), atZero: expression, atInfinity: expression })),
  boundaries: v.array(
    v.strictObject({
      parameter: v.string(),
      to: v.picklist(['0', '1']),
      tier,
      logit: v.nullable(expression),
      loss: expression,
    }),
  ),
  refutes: v.nullable(v.picklist(['cocycle', 'separable', 'positive'])),
  undecided: v.array(v.string()),
  witness,
  certificate: v.strictObject({ identity: stored, derivation: stored }),
});
const decision = v.strictObject({
  answer: v.picklist(['proved', 'refuted', 'undecided']),
  conditions: v.array(v.string()),
  when: v.array(v.string()),
  whenData: v.array(v.string()),
  solved: v.boolean(),
  witness,
  reason: v.nullable(v.picklist(['budget', 'undefined', 'residual'])),
  residual: v.nullable(v.string()),
});
const compare = v.strictObject({
  schema: v.literal('midpo/compare'),
  version: v.literal(1),
  left: v.string(),
  right: v.string(),
  assumptions: v.array(v.string()),
  values: decision,
  gradients: decision,
  changes: v.nullable(
    v.array(
      v.strictObject({
        kind: v.string(),
        from: v.optional(v.string()),
        to: v.optional(v.string()),
        of: v.optional(expression),
        says: v.string(),
      }),
    ),
  ),
});
const amount = v.union([v.pipe(v.number(), v.finite()), v.picklist(['NaN', 'Infinity', '-Infinity'])]);
const measure = {
  values: v.number(),
  worst: v.strictObject({
    abs: amount,
    rel: amount,
    ulp: amount,
    used: amount,
    at: v.nullable(v.looseObject({ case: v.number(), pair: v.number() })),
  }),
  passed: v.boolean(),
};
const verify = v.strictObject({
  schema: v.literal('midpo/verify'),
  version: v.literal(1),
  claim: v.string(),
  answer: v.picklist(['verified', 'mismatch']),
  seed: v.number(),
  checks: v.array(
    v.strictObject({
      name: v.string(),
      cases: v.number(),
      ...measure,
      gradients: v.nullable(v.strictObject(measure)),
      disagreements: v.array(v.looseObject({ ours: amount, theirs: amount, oursIsRight: v.boolean() })),
    }),
  ),
});

/** As a program reads it: written and parsed again. */
const read = (json: Json): unknown => JSON.parse(JSON.stringify(json));
const checked = (variant: Variant) => v.parse(check, read(membershipJson(reportMembership(variant))));
function compared(left: string, right: string) {
  const report = reportComparison(formula(left), formula(right));
  if ('kind' in report) throw new TypeError(report.kind);
  return v.parse(compare, read(comparisonJson(report)));
}

describe('check', () => {
  test.each(IDS)('%s', (id) => {
    const report = checked(published(id));
    expect(report.claim).toBe(id);
    expect(report.certificate.derivation).not.toBeNull();
    expect(audit(report.certificate.identity)).toMatchObject({ verdict: { kind: 'accepted' } });
    expect(audit(report.certificate.derivation)).toMatchObject({ verdict: { kind: 'accepted' } });
  });

  test('SimPO has a prior for each label and the condition under which one will do', () => {
    expect(checked(published('simpo'))).toMatchObject({
      link: 'logistic',
      tier: 'label-dependent',
      prior: {
        weight: 'beta',
        zeta: 'pi(y)^(1 - 1 / len(y)) * exp(gamma / beta)',
        chosen: 'pi(y)^(1 - 1 / len(y)) * exp(gamma / beta)',
        rejected: 'pi(y)^(1 - 1 / len(y))',
        ratio: 'exp(gamma / beta)',
      },
      conditions: [{ tier: 'policy-dependent', when: 'gamma = 0', exact: true }],
      assumptions: ['beta > 0', 'gamma >= 0'],
      outside: null,
    });
  });

  test('a loss outside has no prior and no certificate', () => {
    expect(checked(formula('(log(pi(w)) - log(pi(l)) - 1/(2*beta))^2'))).toMatchObject({
      link: null,
      logit: null,
      tier: 'outside',
      prior: null,
      outside: {
        why: 'link',
        link: 'square',
        function: '(-1/2 / beta + u)^2',
        logit: 'log(pi(w)) - log(pi(l))',
        tier: 'marginal',
        nearest: 'with the logistic link on the same logit',
        change: { kind: 'logistic-link', tier: 'marginal' },
      },
      families: expect.arrayContaining([
        { family: 'reference-free', answer: 'yes', by: null, divergence: null },
      ]),
      properties: expect.arrayContaining([{ property: 'convex-in-logit', answer: 'proved', witness: null }]),
      certificate: { identity: null, derivation: null },
    });
  });

  test('assumptions are written as they are typed', () => {
    const assume = ['beta > 0', '0 < p < 1', '0 <= q <= 1', 'n integer', 'b boolean', 'beta > p'];
    const data = ['m(y,t) >= 0', 'score(y)', 'prev(y) distribution', 'phi(w,l) > 0'];
    const variant = formula('-log(sigmoid(beta*p*q*n*b*c*(log(pi(w)/prev(w)) - log(pi(l)/prev(l)))))', {
      assume,
      data,
    });
    expect(membershipJson(reportMembership(variant))).toMatchObject({
      assumptions: [
        'beta > 0',
        '0 < p < 1',
        '0 <= q <= 1',
        'n integer',
        'b boolean',
        'c real',
        'm(y, t) >= 0',
        'score(y) real',
        'prev(y) distribution',
        'phi(w, l) > 0',
        'beta - p > 0',
      ],
    });
  });
});

describe('compare', () => {
  test('a refuted equality has its conditions and a witness in decimals', () => {
    expect(compared('alpha*log(pi(w))', 'log(pi(w))/2')).toMatchObject({
      values: { answer: 'refuted', when: ['alpha = 1/2'], conditions: [], residual: null },
    });
    expect(compared('alpha*log(pi(w))', 'log(pi(w))/2').values.witness?.values).toMatchObject({
      'pi(w)': '0.5',
    });
  });
  test('a proof tells what it used and what one side needs', () => {
    expect(compared('log(x*c)', 'log(x) + log(c)').values).toMatchObject({
      answer: 'proved',
      when: [],
      witness: null,
      conditions: expect.arrayContaining(['x > 0 (only the right side needs it)']),
    });
  });
  test('what the second loss does otherwise than the first, in order', () => {
    const a = (y: string): string => `log(pi(${y})) / len(${y})`;
    const { changes } = compared(
      '-log(sigmoid(beta * (log(pi(w) / ref(w)) - log(pi(l) / ref(l)))))',
      `-log(sigmoid(beta * (${a('w')} - ${a('l')}) - gamma))`,
    );
    expect(changes).toMatchObject([
      { kind: 'drop-reference', of: 'ref(y)', says: 'drop the reference ref(y)' },
      { kind: 'divide-by-length', says: 'divide by length' },
      { kind: 'add-margin', of: '-gamma' },
    ]);
    expect(compared('alpha', 'beta').changes).toBeNull();
  });
  test('equations of one alternative are joined by "and"', () => {
    const { when } = compared('alpha*log(pi(w)) + gamma*log(pi(l))', '0').values;
    expect(when).toEqual(['alpha = 0 and gamma = 0']);
  });
  test.each([
    ['alpha*len(w)', 'alpha*len(l)', ['alpha = 0'], ['len(w) = len(l)'], true],
    ['log(pi(w))/len(w)', 'log(pi(w))', ['len(w) = 1'], [], true],
    ['log(pi(w))', '2*log(pi(w))', [], [], true],
    ['(alpha^5 - alpha - 1)*log(pi(w))', '0', [], [], false],
  ])('conditions of %s = %s', (left, right, when, whenData, solved) => {
    expect(compared(left, right).values).toMatchObject({ when, whenData, solved });
  });
});

const VERIFIED = await reportVerification(published('dpo'), [], {
  seed: 3,
  pairs: 4,
  tokens: 5,
  vocabulary: 3,
});
if (VERIFIED.kind !== 'verification') throw new TypeError(VERIFIED.kind);

describe('verify, audit, list', () => {
  test('numbers that are not finite are strings', () => {
    expect(v.parse(verify, read(verificationJson(VERIFIED)))).toMatchObject({ answer: 'verified', seed: 3 });
    const checks = VERIFIED.checks.map((one) => ({
      ...one,
      worst: { ...one.worst, rel: Number.POSITIVE_INFINITY, ulp: Number.NaN },
    }));
    const json = v.parse(verify, read(verificationJson({ ...VERIFIED, checks, verified: false })));
    expect(json.answer).toBe('mismatch');
    expect(json.checks[0]?.worst).toMatchObject({ rel: 'Infinity', ulp: 'NaN' });
  });

  test('an audit, accepted and refused', () => {
    const json = membershipJson(reportMembership(published('dpo')));
    const { certificate } = v.parse(check, read(json));
    const found = audit(certificate.derivation);
    if (found.kind !== 'audited') throw new TypeError(found.says);
    expect(auditJson(found)).toMatchObject({
      schema: 'midpo/audit',
      verdict: 'accepted',
      stages: 12,
      fault: null,
    });
    const fault = { stage: 'S7', step: 2, reason: { kind: 'outside-expression' } } as const;
    expect(auditJson({ ...found, verdict: { kind: 'refused', fault } })).toMatchObject({
      verdict: 'refused',
      fault: { kind: 'outside-expression', stage: 'S7', step: 3 },
    });
  });

  test('the catalogue', () => {
    expect(
      catalogueJson([reportMembership(published('simpo')), reportMembership(published('r-dpo'))]),
    ).toMatchObject({
      schema: 'midpo/list',
      variants: [
        { id: 'simpo', title: 'SimPO', tier: 'label-dependent', paper: { arxiv: '2405.14734', year: 2024 } },
        { id: 'r-dpo', tier: 'conditional', paper: null },
      ],
    });
  });
});
