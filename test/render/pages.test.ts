/** The verdicts for a terminal: membership, comparison, verification, audit, catalogue. */

import { describe, expect, test } from 'vitest';
import type { Audited } from '../../src/render/audit-text.ts';
import { auditText } from '../../src/render/audit-text.ts';
import { catalogueText } from '../../src/render/catalogue-text.ts';
import { comparisonText } from '../../src/render/comparison-text.ts';
import { derivationText } from '../../src/render/derivation-text.ts';
import { membershipText } from '../../src/render/membership-text.ts';
import { verificationText } from '../../src/render/verification-text.ts';
import { audit } from '../../src/report/audit.ts';
import type { ComparisonReport } from '../../src/report/comparison.ts';
import { reportComparison } from '../../src/report/comparison.ts';
import { reportDerivation } from '../../src/report/derivation.ts';
import { reportMembership } from '../../src/report/membership.ts';
import type { VerificationReport } from '../../src/report/verification.ts';
import { reportVerification } from '../../src/report/verification.ts';
import { storedTrace } from '../../src/trace/digest.ts';
import type { Variant } from '../../src/variant/variant.ts';
import { controls, formula, HOSTILE, hostile, IDS, published } from './claims.ts';

const PLAIN = { color: false, width: 90 };
const membership = (variant: Variant): string => membershipText(reportMembership(variant), PLAIN);

function compared(left: string, right: string): ComparisonReport {
  const report = reportComparison(formula(left), formula(right));
  if ('kind' in report) throw new TypeError(report.kind);
  return report;
}
const SAMPLING = { seed: 7, pairs: 4, tokens: 5, vocabulary: 3 };
const VERIFIED: VerificationReport = await (async () => {
  const report = await reportVerification(published('dpo'), [], SAMPLING);
  if (report.kind !== 'verification') throw new TypeError(report.kind);
  return report;
})();
function audited(variant: Variant): Audited {
  const { derivation } = reportMembership(variant);
  const report = audit(derivation && storedTrace(derivation.trace));
  if (report.kind !== 'audited') throw new TypeError(report.says);
  return report;
}

describe('membership', () => {
  test('SimPO', () =>
    expect(membership(published('simpo'))).toMatchInlineSnapshot(`
      "simpo  label-dependent
        link        logistic
        logit       β·(log π(y_w)/|y_w| - log π(y_l)/|y_l|) - γ
        prior       chosen    ζ(y) ∝ π(y)^(1 - 1/|y|)·exp(γ/β)
                    rejected  ζ(y) ∝ π(y)^(1 - 1/|y|)
                    ratio     exp(γ/β)
        weight      β
        smaller     policy-dependent iff γ = 0
        assuming    β > 0, γ >= 0
        witness     u(a,b) + u(b,c) + u(c,a) is between -3.00001 and -2.99999, not 0,
                    at β = 1, |y_a| = 1, π(y_a) = 0.5, |y_b| = 1, π(y_b) = 0.25, γ = 1,
                    |y_c| = 1, π(y_c) = 0.25
        families    reference-free
                    length-normalised
                    with a margin: -γ
        properties  never rises with log π of the chosen: yes
                    never falls with log π of the rejected: yes
                    convex in the logit: yes
                    the partition function cancels: yes
                    stays when both log π fall alike: no
                    free of length at given log π per token: yes
        limits      β → 0: the loss is log(1 + exp(γ))
                    β → ∞: the loss over β is max(0, -(log π(y_w)/|y_w| - log π(y_l)/|y_l|))
        identity    1 step accepted by the independent checker
        derivation  77 steps accepted by the independent checker

        The prior differs for chosen and rejected responses: no single prior, even one that
        depends on the policy, carries this loss.
        The prior is proper on finitely many responses (a bound on the length is enough);
        without such a bound this is not established.
      "
    `));
  test('DPO', () =>
    expect(membership(published('dpo'))).toMatchInlineSnapshot(`
      "dpo  conditional
        link        logistic
        logit       β·(log(π(y_w)/π_ref(y_w)) - log(π(y_l)/π_ref(y_l)))
        prior       ζ(y) ∝ π_ref(y)
        weight      β
        assuming    β > 0
        families    GPO: a convex link on a DPO logit
                    f-DPO: the score is a function of π/π_ref, f′(r) = β·log r: reverse KL
                    Plackett-Luce at K = 2
        properties  never rises with log π of the chosen: yes
                    never falls with log π of the rejected: yes
                    convex in the logit: yes
                    the partition function cancels: yes
                    stays when both log π fall alike: yes
                    free of length at given log π per token: no
        limits      β → 0: the loss is log 2
                    β → ∞: the loss over β is max(0, -(log(π(y_w)/π_ref(y_w)) -
                    log(π(y_l)/π_ref(y_l))))
        identity    1 step accepted by the independent checker
        derivation  64 steps accepted by the independent checker

        The prior may depend on the prompt, and is fixed with respect to the policy.
        The prior is proper: it is bounded by a distribution over responses.
      "
    `));
  test('a logit that couples the pair', () =>
    expect(
      membership(formula('-log(sigmoid(beta*len(l)*(log(pi(w)) - log(pi(l)))))')),
    ).toMatchInlineSnapshot(`
      "formula  outside
        link        logistic
        logit       β·|y_l|·(log π(y_w) - log π(y_l))
        why         The logit is not a difference of a score of the chosen and a score of the
                    rejected response: some part of it needs both.
        must be 0   β·|y_b|·log π(y_a) - β·|y_d|·log π(y_a) - β·|y_b|·log π(y_c)
                      + β·|y_d|·log π(y_c)
        nearest     marginal, with one in place of the factor that needs a response of its own:
                    β·(log π(y_w) - log π(y_l))
        smaller     marginal if |y_w| = |y_l|, with the weight β·|y|, which differs from pair to
                    pair
        assuming    β > 0
        witness     u(a,b) - u(a,d) - u(c,b) + u(c,d) is between -0.693148 and -0.693147, not 0,
                    at β = 1, |y_b| = 1, π(y_a) = 0.5, |y_d| = 2, π(y_c) = 0.25
        families    reference-free
        properties  never rises with log π of the chosen: yes
                    never falls with log π of the rejected: yes
                    convex in the logit: yes
                    the partition function cancels: yes
                    stays when both log π fall alike: yes
                    free of length at given log π per token: no

        No prior carries this loss, not even one that differs for chosen and rejected responses.
      "
    `));

  test.each([
    ['policy-dependent', '-log(sigmoid(beta*(log(pi(w))/len(w) - log(pi(l))/len(l))))', 'not "yes"'],
    ['marginal', '-log(sigmoid(beta*(log(pi(w)) - log(pi(l)))))', 'literal mutual-information prior'],
    ['outside', '(log(pi(w)) - log(pi(l)) - 1/(2*beta))^2', 'another link'],
  ])('%s is explained', (tier, loss, says) => {
    const page = membership(formula(loss));
    expect(page).toMatch(new RegExp(`^formula {2}${tier}\n`));
    expect(page.replace(/\s+/g, ' ')).toContain(says);
  });

  test('a datum of the batch is named, and how one of the prompt is declared', () => {
    const loss = (tau: string): string => `-log(sigmoid(beta*${tau}*log(pi(w)/pi(l))))`;
    const says = 'tau() has one value for a batch; one value for each prompt is tau(x)';
    const pageOf = (tau: string): string =>
      membership(formula(loss(tau), { assume: ['beta > 0'], data: [`${tau} > 0`] }));
    expect(pageOf('tau()').replace(/\s+/g, ' ')).toContain(says);
    expect(pageOf('tau(x)')).toMatch(/^formula {2}marginal\n/);
  });

  test('the tier of the gradient is told where it is another', () => {
    const page = membership(
      formula('-log(sigmoid(beta*(log(pi(w)) - log(pi(l))) + stopgrad(log(pi(w))) - stopgrad(log(pi(l)))))'),
    );
    expect(page).toMatch(/gradient {2,}conditional, with what stands under a stop-gradient fixed/);
  });
});

describe('comparison', () => {
  test('two losses that agree under a condition', () =>
    expect(comparisonText(compared('alpha*log(pi(w))', 'log(pi(w))/2'), PLAIN)).toMatchInlineSnapshot(`
      "comparison
        left      formula  α·log π(y_w)
        right     formula  log π(y_w)/2
        assuming  α real, β > 0

      values  not equal, refuted
        equal iff    α = 1/2
        differ at    α = 0, π(y_w) = 0.5
        left there   0
        right there  between -0.346574 and -0.346573

      gradients  not equal, refuted
        equal iff    α = 1/2
        differ at    α = 0
        left there   0
        right there  between 0.499999 and 0.500001
      "
    `));

  test('a domain that one side needs is told', () => {
    const page = comparisonText(compared('log(x*c)', 'log(x) + log(c)'), PLAIN);
    expect(page).toMatch(/right needs {2}x > 0, c > 0/);
  });
});

describe('verification', () => {
  test('tells the seed, and lines up its columns', () => {
    const page = verificationText(VERIFIED, PLAIN);
    expect(page).toMatch(/^dpo {2}verified\n/);
    expect(page).toContain('seed 7');
    const rows = page.split('\n').filter((line) => /^ {2}(?:\d| ) {2}(?:of|losses|gradients) /.test(line));
    const ends = rows.map((row) => /^.*?\S(?=\s+\S+$)/.exec(row)?.[0].length);
    expect(rows).toHaveLength(4);
    expect(new Set(ends).size).toBe(1);
  });

  test('a disagreement is explained by what decimal arithmetic finds', () => {
    const [first, ...others] = VERIFIED.checks;
    if (first === undefined) throw new TypeError('no check');
    const wrong = {
      at: { case: 1, pair: 2 },
      ours: 1,
      theirs: 2,
      tolerance: 1e-12,
      exact: 1,
      oursIsRight: true,
    };
    const failed = { ...first, passed: false, disagreements: [wrong] };
    const page = verificationText({ ...VERIFIED, verified: false, checks: [failed, ...others] }, PLAIN);
    expect(page).toMatch(/^dpo {2}mismatch\n/);
    expect(page.replace(/\s+/g, ' ')).toContain('case 1, pair 2: ours is 1, theirs is 2');
    expect(page).toContain('the formulas differ');
    const own = { ...failed, disagreements: [{ ...wrong, oursIsRight: false }] };
    expect(verificationText({ ...VERIFIED, checks: [own] }, PLAIN)).toContain('our own arithmetic');
  });
});

describe('audit and catalogue', () => {
  test('an accepted trace shows its stages and what it rests on', () => {
    const page = auditText(audited(published('dpo')), PLAIN);
    expect(page).toMatch(/^dpo {2}accepted\n/);
    expect(page).toMatch(/S8 .*\n/);
    expect(page).toMatch(/^ {2}rests on +gibbs-inequality, policy-is-optimal, bradley-terry, prior, /m);
  });

  test('an accepted bound is shown as a bound', () => {
    const lines = auditText(audited(published('dpo')), { ...PLAIN, width: 200 }).split('\n');
    const signs = lines.flatMap((line) => /^ {2}(S\S+) .*? (=|≤) /.exec(line)?.slice(1).join(' ') ?? []);
    expect(signs).toEqual([
      'S1 =',
      'S2 =',
      'S3-normalised =',
      'S3 ≤',
      'S3-attained =',
      'S4 =',
      'S5 =',
      'S6 =',
      'S7 =',
      'S8 =',
      'S9 =',
      'S10 =',
    ]);
  });

  test('a refused trace says where and why', () => {
    const report = audited(published('dpo'));
    const fault = { stage: 'S8', step: 0, reason: { kind: 'unknown-rule', rule: 'magic' } } as const;
    expect(auditText({ ...report, verdict: { kind: 'refused', fault } }, PLAIN)).toMatch(
      /^dpo {2}refused\n {2}because {3}at stage S8, step 1, there is no rule, definition or earlier stage magic\n/,
    );
  });

  test('the catalogue lines up', () => {
    const page = catalogueText(
      IDS.map((id) => reportMembership(published(id))),
      PLAIN,
    );
    expect(page).toMatchInlineSnapshot(`
      "id     title  tier             paper
      dpo    DPO    conditional      Rafailov et al. 2023, arXiv:2305.18290
      simpo  SimPO  label-dependent  Meng et al. 2024, arXiv:2405.14734
      r-dpo  R-DPO  conditional
      h-dpo  H-DPO  conditional
      "
    `);
  });
});

describe('every page', () => {
  const pages = (variant: Variant, color: boolean): readonly string[] => {
    const style = { color, width: 70 };
    return [
      membershipText(reportMembership(variant), style),
      catalogueText([reportMembership(variant)], style),
      derivationText(reportDerivation(variant), style),
      verificationText({ ...VERIFIED, variant }, style),
      auditText(audited(variant), style),
    ];
  };
  test('has colours only where they are asked for, and ends its lines with text', () => {
    for (const page of pages(published('dpo'), false)) {
      expect(page).not.toContain('\u001b');
      expect(page).not.toMatch(/[ \t]\n/);
      expect(page).toMatch(/\S\n$/);
    }
    for (const page of pages(published('dpo'), true)) expect(page).toContain('\u001b[');
  });

  test.each(HOSTILE)('lets no terminal command through: %j', (words) => {
    for (const page of pages(hostile(words), false)) expect(controls(page)).toEqual([]);
  });

  test('says the same again', () => {
    expect(pages(published('simpo'), false)).toEqual(pages(published('simpo'), false));
  });
});
