/** The derivation page in its three outputs: what a reader sees, and what a file cannot slip into it. */

import katex from 'katex';
import { describe, expect, test } from 'vitest';
import { derivationLatex } from '../../src/render/derivation-latex.ts';
import { derivationMarkdown } from '../../src/render/derivation-markdown.ts';
import { derivationText } from '../../src/render/derivation-text.ts';
import type { DerivationReport } from '../../src/report/derivation.ts';
import { reportDerivation } from '../../src/report/derivation.ts';
import type { Variant } from '../../src/variant/variant.ts';
import { controls, formula, HOSTILE, hostile, IDS, published } from './claims.ts';

type Derived = Extract<DerivationReport, { readonly kind: 'derived' }>;
function derived(variant: Variant): Derived {
  const report = reportDerivation(variant);
  if (report.kind !== 'derived') throw new TypeError('nothing to derive');
  return report;
}
const PLAIN = { color: false, width: 90 };
const text = (variant: Variant, style = PLAIN): string => derivationText(derived(variant), style);

/** The sources of all formulas on a Markdown page. */
const formulas = (page: string): readonly string[] => [
  ...[...page.matchAll(/\$\$\n([\s\S]*?)\n\$\$/g)].map(([, tex]) => tex ?? ''),
  ...[...page.matchAll(/\$`(.*?)`\$/g)].map(([, tex]) => tex ?? ''),
];

describe('the page for a terminal', () => {
  test('SimPO', () => {
    expect(text(published('simpo'))).toMatchInlineSnapshot(`
      "SimPO

        Meng, Xia, Chen (2024). arXiv:2405.14734.

      Claim

        The published loss of a pair, y_w preferred to y_l:

          L = -log σ(β·(log π(y_w)/|y_w| - log π(y_l)/|y_l|) - γ)

        It is the loss of the mutual-information framework with weight τ = β and, for each
        label, the prior

          ζ_chosen(y) ∝ π(y)^(1 - 1/|y|)·exp(γ/β)
          ζ_rejected(y) ∝ π(y)^(1 - 1/|y|)

        Tier: label-dependent. The prior differs for chosen and rejected responses: no single
        prior, even one that depends on the policy, carries this loss. The prior is proper on
        finitely many responses (a bound on the length is enough); without such a bound this is
        not established.

      Assumptions

        - β > 0, scale of the implicit reward
        - γ >= 0, margin by which the chosen response has to win
        - Every response has a token, and a positive probability under every distribution named
          here.
        - bradley-terry: preferences follow the Bradley-Terry model of the reward.
        - policy-is-optimal: the policy is the optimum of the objective for the reward that it
          is to express. Where the prior moves with the policy: of the objective with the prior
          held fixed.
        - gibbs-inequality: a divergence between distributions is never negative, and zero only
          between equal ones.

      S1. The objective

        Expected reward minus weighted divergence from the prior, as sums.

        J
             by objective: the objective is the expected reward minus the weighted divergence
                from the prior, J = Σ_x D(x)·(Σ_y π(y)·r(x,y) - τ·Σ_y π(y)·log(π(y)/ζ(y)))
          = Σ_x D(x)·(Σ_y π(y)·r(x,y) - τ·Σ_y π(y)·log(π(y)/ζ(y)))

      S2. Gibbs form

        The reward is absorbed into a divergence from one policy, the prior tilted by the
        reward.

        J
             by log-quotient: the logarithm turns a quotient of positive numbers into a
                difference, log(a/b) = log a - log b; here π(y) > 0 and ζ(y) > 0
          = Σ_x D(x)·(Σ_y π(y)·r(x,y) - τ·Σ_y π(y)·(log π(y) - log ζ(y)))
             by algebra (twice); here τ != 0
             by response-sum-of-sum: a sum over responses is taken term by term,
                Σ_y (a + b) = Σ_y a + Σ_y b
             by response-sum-of-product: a factor that is the same for every response stands
                before the sum, Σ_y a·b = a·Σ_y b
             by policy-is-normalised, read from right to left: the probabilities of all
                responses add up to one, Σ_y π(y) = 1
             by response-sum-of-product (4 times), read from right to left
             by response-sum-of-sum (3 times), read from right to left
             by algebra (twice), read from right to left; here τ != 0
          = Σ_x D(x)·(τ·log Z(x) - τ·Σ_y π(y)·(log π(y) - (log ζ(y) + r(x,y)/τ - log Z(x))))
             by log-exp, read from right to left: the logarithm undoes the exponential,
                log exp(a) = a
             by log-product, read from right to left: the logarithm turns a product of positive
                factors into a sum, log(a·b) = log a + log b; here ζ(y) > 0 and
                exp(r(x,y)/τ) > 0
             by log-quotient (twice), read from right to left; here ζ(y)·exp(r(x,y)/τ) > 0,
                Z(x) > 0, π(y) > 0 and ζ(y)·exp(r(x,y)/τ)/Z(x) > 0
             by optimal-policy, read from right to left: the optimum is the prior tilted by the
                reward, π*(y) = ζ(y)·exp(r(x,y)/τ)/Z(x)
          = Σ_x D(x)·(τ·log Z(x) - τ·Σ_y π(y)·log(π(y)/π*(y)))

      S3-normalised. The optimum is a policy

        The tilted prior is positive and sums to one.

        Σ_y π*(y)
             by optimal-policy
             by response-sum-of-product
             by partition-function, read from right to left: the partition function normalises
                the optimum, Z(x) = Σ_y ζ(y)·exp(r(x,y)/τ)
             by algebra; here Z(x) != 0
          = 1

      S3. No policy does better

        A divergence is never negative.

        J
             by gibbs-inequality: a divergence between distributions is never negative, and zero
                only between equal ones (cited), Σ_y p·log(p/q) >= 0; here π(y) > 0, π*(y) > 0,
                Σ_y π(y) = 1 and Σ_y π*(y) = 1
          ≤ Σ_x D(x)·(τ·log Z(x) - 0·τ)
             by algebra
          = Σ_x τ·D(x)·log Z(x)

        Note. The prior depends on the policy. Stages up to here hold with the prior frozen
        (stop-gradient); the loss agrees as a function, its gradient also flows through the
        prior.

      S3-attained. The optimum attains the bound

        Its divergence from itself is zero.

        Σ_y π*(y)·log(π*(y)/π*(y))
             by log-quotient; here π*(y) > 0
             by algebra (twice)
             by response-sum-of-sum
             by response-sum-of-product
          = 0

      S4. The reward

        The optimum is solved for the reward.

        τ·log(π(y)/ζ(y)) + τ·log Z(x)
             by policy-is-optimal: the policy is the optimum of the objective for the reward
                (assumed), π(y) = π*(y)
             by optimal-policy
             by log-quotient (twice); here ζ(y)·exp(r(x,y)/τ)/Z(x) > 0, ζ(y) > 0,
                ζ(y)·exp(r(x,y)/τ) > 0 and Z(x) > 0
             by log-product; here ζ(y) > 0 and exp(r(x,y)/τ) > 0
             by log-exp
             by algebra; here τ != 0
          = r(x,y)

      S5. Preference model

        Each reward is the one for which the policy is optimal under the prior.

        p(y_w ≻ y_l)
             by bradley-terry: preferences follow the Bradley-Terry model of the reward
                (assumed), p(y_w ≻ y_l) = σ(r(x,y_w) - r(x,y_l))
          = σ(r(x,y_w) - r(x,y_l))
             by S4 (twice), read from right to left: the result of stage S4
          = σ(τ·log(π(y_w)/ζ(y_w)) - (τ·log(π(y_l)/ζ(y_l)) + τ·log Z(x)) + τ·log Z(x))
             by algebra
          = σ(τ·log(π(y_w)/ζ(y_w)) - τ·log(π(y_l)/ζ(y_l)))

        Note. Cancelling Z(x) uses one partition function for both roles. With a prior
        normalised for each role a constant factor between the two would be absorbed, and the
        margin that it stands for would vanish.

      S6. Maximum-likelihood loss

        The loss of a pair is minus the log-probability of its preference.

        L = -log p(y_w ≻ y_l)
             by S5: the result of stage S5
          = -log σ(τ·log(π(y_w)/ζ(y_w)) - τ·log(π(y_l)/ζ(y_l)))

      S7. The prior of this variant

        The prior and the weight are put in.

        L
             by prior-chosen: ζ(y_w) = π(y_w)^(1 - 1/|y_w|)·exp(γ/β)
          = -log σ(τ·log(π(y_w)/(π(y_w)^(1 - 1/|y_w|)·exp(γ/β))) - τ·log(π(y_l)/ζ(y_l)))
             by prior-rejected: ζ(y_l) = π(y_l)^(1 - 1/|y_l|)
          = -log σ(τ·log(π(y_w)/(π(y_w)^(1 - 1/|y_w|)·exp(γ/β)))
              - τ·log(π(y_l)/π(y_l)^(1 - 1/|y_l|)))
             by weight (twice): τ = β
          = -log σ(β·log(π(y_w)/(π(y_w)^(1 - 1/|y_w|)·exp(γ/β)))
              - β·log(π(y_l)/π(y_l)^(1 - 1/|y_l|)))

        Note. The prior differs for the chosen and the rejected response: at one response their
        ratio is ζ_chosen(y)/ζ_rejected(y) = exp(γ/β). They are one prior if and only if γ = 0;
        otherwise no function of the response alone can be the prior of this loss.

      S8. Closed form

        The logit is simplified.

        L
             by log-quotient (twice); here π(y_w) > 0, π(y_w)^(1 - 1/|y_w|)·exp(γ/β) > 0,
                π(y_l) > 0 and π(y_l)^(1 - 1/|y_l|) > 0
             by log-product; here π(y_w)^(1 - 1/|y_w|) > 0 and exp(γ/β) > 0
             by log-power (twice): the logarithm takes the exponent of a positive number down,
                log(a^b) = b·log a; here π(y_w) > 0 and π(y_l) > 0
             by log-exp
             by algebra; here |y_w| != 0, β != 0 and |y_l| != 0
          = -log σ(β·(log π(y_w)/|y_w| - log π(y_l)/|y_l|) - γ)

      S9. The published loss

        The closed form is the loss as it was published.

        L = -log σ(β·(log π(y_w)/|y_w| - log π(y_l)/|y_l|) - γ)

      Result

        Proposition. Under the assumptions above, with the priors of the two labels and the
        weight above (held fixed), the published loss of SimPO is L = -log p(y_w ≻ y_l).

        The independent checker accepted all 55 steps (11 stages), resting on: gibbs-inequality,
        policy-is-optimal, bradley-terry, prior-chosen, prior-rejected and weight.
      "
    `);
  });

  test.each(IDS)('of %s names every rule of every step and what the checker accepted', (id) => {
    const report = derived(published(id));
    const page = derivationText(report, PLAIN);
    const rules = new Set(report.trace.stages.flatMap(({ steps }) => steps.map(({ rule }) => rule)));
    for (const rule of rules) expect(page).toContain(`by ${rule}`);
    const steps = report.trace.stages.reduce((n, stage) => n + stage.steps.length, 0);
    expect(page).toContain(`accepted all ${steps} steps (${report.trace.stages.length} stages)`);
  });

  test.each([60, 80, 120])('keeps its sentences within %i columns', (width) => {
    const long = text(published('r-dpo'), { color: false, width })
      .split('\n')
      .filter((l) => l.length > width);
    // A single bracketed factor may be wider than a narrow page: formulas are broken at signs only.
    expect(long.filter((line) => !/[=·]/.test(line))).toEqual([]);
  });

  test('shows side conditions as they stand at each use', () => {
    const page = text(published('h-dpo'));
    expect(page).toContain('π_ref(y_w)^(1/α) > 0');
    expect(page).toMatch(/by algebra; here .*α != 0/);
  });

  test.each([
    ['a fixed prior', published('dpo'), false],
    ['a prior of the policy', formula('-log(sigmoid(beta*(log(pi(w))/len(w) - log(pi(l))/len(l))))'), true],
    ['a margin over a fixed prior', formula('-log(sigmoid(beta*(log(pi(w)) - log(pi(l))) - 1))'), false],
  ] as const)('says that the prior is frozen, or not: %s', (_, variant, says) => {
    for (const page of [
      text(variant),
      derivationMarkdown(derived(variant)),
      derivationLatex(derived(variant), { standalone: false }),
    ]) {
      expect(page.includes('The prior depends on the policy. Stages up to here')).toBe(says);
    }
  });

  test('says where a stop-gradient makes the equality one of values', () => {
    const variant = formula(
      '-log(sigmoid(beta*(log(pi(w)) - log(pi(l))) + stopgrad(log(pi(w))) - stopgrad(log(pi(l)))))',
    );
    expect(text(variant)).toContain('equal in value');
  });

  test('a refused derivation is not called a proposition', () => {
    const report = derived(published('dpo'));
    const refused: Derived = {
      ...report,
      verdict: { kind: 'refused', fault: { stage: 'S8', step: 0, reason: { kind: 'outside-expression' } } },
    };
    const page = derivationText(refused, PLAIN);
    expect(page).not.toContain('Proposition');
    expect(page).toContain('refused this derivation: at stage S8, step 1,');
  });

  test('a loss outside has a verdict in place of a derivation', () => {
    const report = reportDerivation(formula('max(0, 1 - beta*(log(pi(w)) - log(pi(l))))'));
    expect(derivationText(report, PLAIN)).toMatch(/^formula {2}outside\n/);
  });
});

describe('the page in LaTeX', () => {
  test('the claim of DPO', () => {
    expect(
      derivationLatex(derived(published('dpo')), { standalone: false }).split('\\subsection*{S5')[0],
    ).toMatchInlineSnapshot(`
      "\\section*{DPO}

      Rafailov et al. (2023). arXiv:2305.18290.

      \\subsection*{Claim}

      The published loss of a pair, $y_w$ preferred to $y_l$:
      \\begin{align}
        \\mathcal{L} &= -\\log \\sigma\\bigl( \\beta (h(y_w) - h(y_l)) \\bigr) \\\\
        h(y) &= \\log \\frac{\\pi_\\theta(y \\mid x)}{\\pi_{\\mathrm{ref}}(y \\mid x)}
      \\end{align}

      It is the loss of the mutual-information framework with weight $\\tau = \\beta$ and the prior
      \\begin{align}
        \\zeta(y \\mid x) &\\propto \\pi_{\\mathrm{ref}}(y \\mid x)
      \\end{align}

      Tier: \\textsf{conditional}. The prior may depend on the prompt, and is fixed with respect to the policy. The prior is proper: it is bounded by a distribution over responses.

      \\subsection*{Assumptions}

      \\begin{itemize}
        \\item $\\beta > 0$, strength of the KL penalty
        \\item Every response has a token, and a positive probability under every distribution named here.
        \\item \\textsf{bradley-terry}: preferences follow the Bradley-Terry model of the reward.
        \\item \\textsf{policy-is-optimal}: the policy is the optimum of the objective for the reward that it is to express. Where the prior moves with the policy: of the objective with the prior held fixed.
        \\item \\textsf{gibbs-inequality}: a divergence between distributions is never negative, and zero only between equal ones.
      \\end{itemize}

      \\subsection*{S1. The objective}

      Expected reward minus weighted divergence from the prior, as sums.
      \\newline{\\footnotesize $\\because$ \\textsf{objective}: the objective is the expected reward minus the weighted divergence from the prior, $J = \\sum_{x} \\mathcal{D}(x) \\bigl( \\sum_{y} \\pi_\\theta(y \\mid x) r(x, y) - \\tau \\sum_{y} \\pi_\\theta(y \\mid x) \\log(\\pi_\\theta(y \\mid x)/\\zeta(y \\mid x)) \\bigr)$}
      \\begin{align}
        J &= \\sum_{x} \\mathcal{D}(x) \\left( \\sum_{y} \\pi_\\theta(y \\mid x) r(x, y) - \\tau \\sum_{y} \\pi_\\theta(y \\mid x) \\log \\frac{\\pi_\\theta(y \\mid x)}{\\zeta(y \\mid x)} \\right)
      \\end{align}

      \\subsection*{S2. Gibbs form}

      The reward is absorbed into a divergence from one policy, the prior tilted by the reward.
      \\newline{\\footnotesize $\\because$ \\textsf{log-quotient}: the logarithm turns a quotient of positive numbers into a difference, $\\log(a/b) = \\log a - \\log b$; here $\\pi_\\theta(y \\mid x) > 0$ and $\\zeta(y \\mid x) > 0$}
      \\begin{align}
        J &= \\sum_{x} \\mathcal{D}(x) \\left( \\sum_{y} \\pi_\\theta(y \\mid x) r(x, y) - \\tau \\sum_{y} \\pi_\\theta(y \\mid x) (\\log \\pi_\\theta(y \\mid x) - \\log \\zeta(y \\mid x)) \\right)
        \\intertext{\\footnotesize $\\because$ \\textsf{algebra} (twice); here $\\tau \\ne 0$\\newline
        $\\because$ \\textsf{response-sum-of-sum}: a sum over responses is taken term by term, $\\sum_{y} (a + b) = \\sum_{y} a + \\sum_{y} b$\\newline
        $\\because$ \\textsf{response-sum-of-product}: a factor that is the same for every response stands before the sum, $\\sum_{y} a b = a \\sum_{y} b$\\newline
        $\\because$ \\textsf{policy-is-normalised}, read from right to left: the probabilities of all responses add up to one, $\\sum_{y} \\pi_\\theta(y \\mid x) = 1$\\newline
        $\\because$ \\textsf{response-sum-of-product} (4 times), read from right to left\\newline
        $\\because$ \\textsf{response-sum-of-sum} (3 times), read from right to left\\newline
        $\\because$ \\textsf{algebra} (twice), read from right to left; here $\\tau \\ne 0$}
        &= \\begin{aligned}[t]
          & \\sum_{x} \\mathcal{D}(x) \\biggl( \\tau \\log Z(x) \\\\
          & \\quad {} - \\tau \\sum_{y} \\pi_\\theta(y \\mid x) \\left( \\log \\pi_\\theta(y \\mid x) - \\left( \\log \\zeta(y \\mid x) + \\frac{r(x, y)}{\\tau} - \\log Z(x) \\right) \\right) \\biggr)
        \\end{aligned}
        \\intertext{\\footnotesize $\\because$ \\textsf{log-exp}, read from right to left: the logarithm undoes the exponential, $\\log \\exp(a) = a$\\newline
        $\\because$ \\textsf{log-product}, read from right to left: the logarithm turns a product of positive factors into a sum, $\\log(a b) = \\log a + \\log b$; here $\\zeta(y \\mid x) > 0$ and $\\exp(r(x, y)/\\tau) > 0$\\newline
        $\\because$ \\textsf{log-quotient} (twice), read from right to left; here $\\zeta(y \\mid x) \\exp(r(x, y)/\\tau) > 0$, $Z(x) > 0$, $\\pi_\\theta(y \\mid x) > 0$ and $\\zeta(y \\mid x) \\exp(r(x, y)/\\tau)/Z(x) > 0$\\newline
        $\\because$ \\textsf{optimal-policy}, read from right to left: the optimum is the prior tilted by the reward, $\\pi^{*}(y \\mid x) = \\zeta(y \\mid x) \\exp(r(x, y)/\\tau)/Z(x)$}
        &= \\sum_{x} \\mathcal{D}(x) \\left( \\tau \\log Z(x) - \\tau \\sum_{y} \\pi_\\theta(y \\mid x) \\log \\frac{\\pi_\\theta(y \\mid x)}{\\pi^{*}(y \\mid x)} \\right)
      \\end{align}

      \\subsection*{S3-normalised. The optimum is a policy}

      The tilted prior is positive and sums to one.
      \\newline{\\footnotesize $\\because$ \\textsf{optimal-policy}\\newline
        $\\because$ \\textsf{response-sum-of-product}\\newline
        $\\because$ \\textsf{partition-function}, read from right to left: the partition function normalises the optimum, $Z(x) = \\sum_{y} \\zeta(y \\mid x) \\exp(r(x, y)/\\tau)$\\newline
        $\\because$ \\textsf{algebra}; here $Z(x) \\ne 0$}
      \\begin{align}
        \\sum_{y} \\pi^{*}(y \\mid x) &= 1
      \\end{align}

      \\subsection*{S3. No policy does better}

      A divergence is never negative.
      \\newline{\\footnotesize $\\because$ \\textsf{gibbs-inequality}: a divergence between distributions is never negative, and zero only between equal ones (cited), $\\sum_{y} \\mathrm{p} \\, \\log(\\mathrm{p}/q) \\ge 0$; here $\\pi_\\theta(y \\mid x) > 0$, $\\pi^{*}(y \\mid x) > 0$, $\\sum_{y} \\pi_\\theta(y \\mid x) = 1$ and $\\sum_{y} \\pi^{*}(y \\mid x) = 1$}
      \\begin{align}
        J &\\le \\sum_{x} \\mathcal{D}(x) (\\tau \\log Z(x) - 0 \\tau)
        \\intertext{\\footnotesize $\\because$ \\textsf{algebra}}
        &= \\sum_{x} \\tau \\mathcal{D}(x) \\log Z(x)
      \\end{align}

      \\subsection*{S3-attained. The optimum attains the bound}

      Its divergence from itself is zero.
      \\newline{\\footnotesize $\\because$ \\textsf{log-quotient}; here $\\pi^{*}(y \\mid x) > 0$\\newline
        $\\because$ \\textsf{algebra} (twice)\\newline
        $\\because$ \\textsf{response-sum-of-sum}\\newline
        $\\because$ \\textsf{response-sum-of-product}}
      \\begin{align}
        \\sum_{y} \\pi^{*}(y \\mid x) \\log \\frac{\\pi^{*}(y \\mid x)}{\\pi^{*}(y \\mid x)} &= 0
      \\end{align}

      \\subsection*{S4. The reward}

      The optimum is solved for the reward.
      \\newline{\\footnotesize $\\because$ \\textsf{policy-is-optimal}: the policy is the optimum of the objective for the reward (assumed), $\\pi_\\theta(y \\mid x) = \\pi^{*}(y \\mid x)$\\newline
        $\\because$ \\textsf{optimal-policy}\\newline
        $\\because$ \\textsf{log-quotient} (twice); here $\\zeta(y \\mid x) \\exp(r(x, y)/\\tau)/Z(x) > 0$, $\\zeta(y \\mid x) > 0$, $\\zeta(y \\mid x) \\exp(r(x, y)/\\tau) > 0$ and $Z(x) > 0$\\newline
        $\\because$ \\textsf{log-product}; here $\\zeta(y \\mid x) > 0$ and $\\exp(r(x, y)/\\tau) > 0$\\newline
        $\\because$ \\textsf{log-exp}\\newline
        $\\because$ \\textsf{algebra}; here $\\tau \\ne 0$}
      \\begin{align}
        \\tau \\log \\frac{\\pi_\\theta(y \\mid x)}{\\zeta(y \\mid x)} + \\tau \\log Z(x) &= r(x, y)
      \\end{align}

      "
    `);
  });

  test('a fragment is the body of the article', () => {
    const report = derived(published('simpo'));
    const [fragment, article] = [false, true].map((standalone) => derivationLatex(report, { standalone }));
    expect(article).toContain(fragment?.trim());
    expect(fragment).not.toMatch(/\\(documentclass|usepackage|begin\{document\})/);
    expect(article).toMatch(/^\\documentclass/);
    expect(article).toMatch(/\\end\{document\}\n$/);
  });

  test.each(IDS)('of %s opens and closes in pairs, with no blank line in an alignment', (id) => {
    const page = derivationLatex(derived(published(id)), { standalone: true });
    const count = (pattern: RegExp): number => page.match(pattern)?.length ?? 0;
    for (const name of ['align', 'aligned', 'itemize', 'document']) {
      expect(count(new RegExp(`\\\\begin\\{${name}\\}`, 'g'))).toBe(
        count(new RegExp(`\\\\end\\{${name}\\}`, 'g')),
      );
    }
    for (const [, body] of page.matchAll(/\\begin\{align\}([\s\S]*?)\\end\{align\}/g)) {
      expect(body).not.toMatch(/\n\s*\n|\\par/);
    }
  });
});

describe('the page in Markdown', () => {
  test('the claim of H-DPO', () => {
    expect(derivationMarkdown(derived(published('h-dpo'))).split('## S5')[0]).toMatchInlineSnapshot(`
      "# H-DPO

      ## Claim

      The published loss of a pair, $\`y_w\`$ preferred to $\`y_l\`$:

      $$
      \\mathcal{L} = -\\log \\sigma\\bigl( \\alpha \\beta (\\log \\pi_\\theta(y_w \\mid x) - \\log \\pi_\\theta(y_l \\mid x)) - \\beta (\\log \\pi_{\\mathrm{ref}}(y_w \\mid x) - \\log \\pi_{\\mathrm{ref}}(y_l \\mid x)) \\bigr)
      $$

      It is the loss of the mutual-information framework with weight $\`\\tau = \\alpha \\beta\`$ and the prior

      $$
      \\zeta(y \\mid x) \\propto \\pi_{\\mathrm{ref}}(y \\mid x)^{1/\\alpha}
      $$

      Tier: **conditional**. The prior may depend on the prompt, and is fixed with respect to the policy. The prior is proper on finitely many responses (a bound on the length is enough); without such a bound this is not established.

      ## Assumptions

      - $\`\\beta > 0\`$
      - $\`\\alpha > 0\`$
      - Every response has a token, and a positive probability under every distribution named here.
      - **bradley-terry**: preferences follow the Bradley-Terry model of the reward.
      - **policy-is-optimal**: the policy is the optimum of the objective for the reward that it is to express. Where the prior moves with the policy: of the objective with the prior held fixed.
      - **gibbs-inequality**: a divergence between distributions is never negative, and zero only between equal ones.

      ## S1. The objective

      Expected reward minus weighted divergence from the prior, as sums.

      - by **objective**: the objective is the expected reward minus the weighted divergence from the prior, $\`J = \\sum_{x} \\mathcal{D}(x) \\bigl( \\sum_{y} \\pi_\\theta(y \\mid x) r(x, y) - \\tau \\sum_{y} \\pi_\\theta(y \\mid x) \\log(\\pi_\\theta(y \\mid x)/\\zeta(y \\mid x)) \\bigr)\`$

      $$
      J = \\sum_{x} \\mathcal{D}(x) \\left( \\sum_{y} \\pi_\\theta(y \\mid x) r(x, y) - \\tau \\sum_{y} \\pi_\\theta(y \\mid x) \\log \\frac{\\pi_\\theta(y \\mid x)}{\\zeta(y \\mid x)} \\right)
      $$

      ## S2. Gibbs form

      The reward is absorbed into a divergence from one policy, the prior tilted by the reward.

      - by **log-quotient**: the logarithm turns a quotient of positive numbers into a difference, $\`\\log(a/b) = \\log a - \\log b\`$; here $\`\\pi_\\theta(y \\mid x) > 0\`$ and $\`\\zeta(y \\mid x) > 0\`$

      $$
      J = \\sum_{x} \\mathcal{D}(x) \\left( \\sum_{y} \\pi_\\theta(y \\mid x) r(x, y) - \\tau \\sum_{y} \\pi_\\theta(y \\mid x) (\\log \\pi_\\theta(y \\mid x) - \\log \\zeta(y \\mid x)) \\right)
      $$

      - by **algebra** (twice); here $\`\\tau \\ne 0\`$
      - by **response-sum-of-sum**: a sum over responses is taken term by term, $\`\\sum_{y} (a + b) = \\sum_{y} a + \\sum_{y} b\`$
      - by **response-sum-of-product**: a factor that is the same for every response stands before the sum, $\`\\sum_{y} a b = a \\sum_{y} b\`$
      - by **policy-is-normalised**, read from right to left: the probabilities of all responses add up to one, $\`\\sum_{y} \\pi_\\theta(y \\mid x) = 1\`$
      - by **response-sum-of-product** (4 times), read from right to left
      - by **response-sum-of-sum** (3 times), read from right to left
      - by **algebra** (twice), read from right to left; here $\`\\tau \\ne 0\`$

      $$
      J = \\begin{aligned}[t]
      & \\sum_{x} \\mathcal{D}(x) \\biggl( \\tau \\log Z(x) \\\\
      & \\quad {} - \\tau \\sum_{y} \\pi_\\theta(y \\mid x) \\left( \\log \\pi_\\theta(y \\mid x) - \\left( \\log \\zeta(y \\mid x) + \\frac{r(x, y)}{\\tau} - \\log Z(x) \\right) \\right) \\biggr)
      \\end{aligned}
      $$

      - by **log-exp**, read from right to left: the logarithm undoes the exponential, $\`\\log \\exp(a) = a\`$
      - by **log-product**, read from right to left: the logarithm turns a product of positive factors into a sum, $\`\\log(a b) = \\log a + \\log b\`$; here $\`\\zeta(y \\mid x) > 0\`$ and $\`\\exp(r(x, y)/\\tau) > 0\`$
      - by **log-quotient** (twice), read from right to left; here $\`\\zeta(y \\mid x) \\exp(r(x, y)/\\tau) > 0\`$, $\`Z(x) > 0\`$, $\`\\pi_\\theta(y \\mid x) > 0\`$ and $\`\\zeta(y \\mid x) \\exp(r(x, y)/\\tau)/Z(x) > 0\`$
      - by **optimal-policy**, read from right to left: the optimum is the prior tilted by the reward, $\`\\pi^{*}(y \\mid x) = \\zeta(y \\mid x) \\exp(r(x, y)/\\tau)/Z(x)\`$

      $$
      J = \\sum_{x} \\mathcal{D}(x) \\left( \\tau \\log Z(x) - \\tau \\sum_{y} \\pi_\\theta(y \\mid x) \\log \\frac{\\pi_\\theta(y \\mid x)}{\\pi^{*}(y \\mid x)} \\right)
      $$

      ## S3-normalised. The optimum is a policy

      The tilted prior is positive and sums to one.

      - by **optimal-policy**
      - by **response-sum-of-product**
      - by **partition-function**, read from right to left: the partition function normalises the optimum, $\`Z(x) = \\sum_{y} \\zeta(y \\mid x) \\exp(r(x, y)/\\tau)\`$
      - by **algebra**; here $\`Z(x) \\ne 0\`$

      $$
      \\sum_{y} \\pi^{*}(y \\mid x) = 1
      $$

      ## S3. No policy does better

      A divergence is never negative.

      - by **gibbs-inequality**: a divergence between distributions is never negative, and zero only between equal ones (cited), $\`\\sum_{y} \\mathrm{p} \\, \\log(\\mathrm{p}/q) \\ge 0\`$; here $\`\\pi_\\theta(y \\mid x) > 0\`$, $\`\\pi^{*}(y \\mid x) > 0\`$, $\`\\sum_{y} \\pi_\\theta(y \\mid x) = 1\`$ and $\`\\sum_{y} \\pi^{*}(y \\mid x) = 1\`$

      $$
      J \\le \\sum_{x} \\mathcal{D}(x) (\\tau \\log Z(x) - 0 \\tau)
      $$

      - by **algebra**

      $$
      J \\le \\sum_{x} \\tau \\mathcal{D}(x) \\log Z(x)
      $$

      ## S3-attained. The optimum attains the bound

      Its divergence from itself is zero.

      - by **log-quotient**; here $\`\\pi^{*}(y \\mid x) > 0\`$
      - by **algebra** (twice)
      - by **response-sum-of-sum**
      - by **response-sum-of-product**

      $$
      \\sum_{y} \\pi^{*}(y \\mid x) \\log \\frac{\\pi^{*}(y \\mid x)}{\\pi^{*}(y \\mid x)} = 0
      $$

      ## S4. The reward

      The optimum is solved for the reward.

      - by **policy-is-optimal**: the policy is the optimum of the objective for the reward (assumed), $\`\\pi_\\theta(y \\mid x) = \\pi^{*}(y \\mid x)\`$
      - by **optimal-policy**
      - by **log-quotient** (twice); here $\`\\zeta(y \\mid x) \\exp(r(x, y)/\\tau)/Z(x) > 0\`$, $\`\\zeta(y \\mid x) > 0\`$, $\`\\zeta(y \\mid x) \\exp(r(x, y)/\\tau) > 0\`$ and $\`Z(x) > 0\`$
      - by **log-product**; here $\`\\zeta(y \\mid x) > 0\`$ and $\`\\exp(r(x, y)/\\tau) > 0\`$
      - by **log-exp**
      - by **algebra**; here $\`\\tau \\ne 0\`$

      $$
      \\tau \\log \\frac{\\pi_\\theta(y \\mid x)}{\\zeta(y \\mid x)} + \\tau \\log Z(x) = r(x, y)
      $$

      "
    `);
  });

  test.each(IDS)('of %s has formulas that KaTeX accepts at its strictest', (id) => {
    const found = formulas(derivationMarkdown(derived(published(id))));
    expect(found.length).toBeGreaterThan(10);
    for (const tex of found) {
      expect(() => katex.renderToString(tex, { strict: 'error', throwOnError: true })).not.toThrow();
    }
  });
});

describe('what a file says stays text', () => {
  test.each(HOSTILE)('%j', (words) => {
    const report = derived(hostile(words));
    const latex = derivationLatex(report, { standalone: true });
    expect(latex).not.toMatch(/\\input|[^\\]%|\\end\{document\}[\s\S]*\\end\{document\}/);
    const markdown = derivationMarkdown(report);
    expect(markdown).not.toMatch(/<script|<img|\{\{|\{%|(?<!\\)`code|(?<!\\)\*\*bold|(?<!\\)\]\(javascript/);
    expect(markdown.split('\n').filter((line) => line.startsWith('# '))).toHaveLength(1);
    for (const page of [latex, markdown, derivationText(report, PLAIN)]) expect(controls(page)).toEqual([]);
  });
});
