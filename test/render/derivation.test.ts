/** The derivation page in its three outputs: what a reader sees, and what a file cannot slip into it. */

import katex from 'katex';
import { describe, expect, test } from 'vitest';
import { derivationBib, derivationLatex } from '../../src/render/derivation-latex.ts';
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
  ...[...page.matchAll(/\$`(.*?)`\$|(?<![\\$])\$(?![$`])(.*?)(?<!\\)\$/g)].map(
    ([, ours, quarto]) => ours ?? quarto ?? '',
  ),
];

describe('the page for a terminal', () => {
  test('a rule about a name that pages spell out says so in words, not by an equation of two like sides', () => {
    const bent = formula(
      '-log(sigmoid(beta*(log(pi(w)/ref(w)) - log(pi(l)/ref(l))) - relu(len(w) - len(l))))',
      {
        assume: ['beta > 0', 'len(w) > len(l)'],
      },
    );
    const page = text(bent);
    expect(page).toMatch(/relu-definition.*: relu is the larger of\s+zero\s+and\s+its\s+argument\n/);
    expect(page).not.toMatch(/max\(0, a\) =\s+max\(0, a\)/);
    const steps = derivationText(derived(bent), PLAIN, { steps: true });
    expect(steps).toMatch(/relu-definition.*:\s+respells\s+max\(0,/);
    expect(steps).not.toMatch(/relu-definition[^:\n]*:\s+regroups/);
  });
  test('SimPO', () => {
    expect(text(published('simpo'))).toMatchInlineSnapshot(`
      "SimPO

        Published in Meng et al. (2024).

      Claim

        The published loss of a pair, y_w preferred to y_l:

          L = -log σ(β·(log π(y_w)/|y_w| - log π(y_l)/|y_l|) - γ)

        It is the loss of the mutual-information framework of Tutnov et al. (2025) with weight
        τ = β and, for each label, the prior

          ζ_chosen(y) ∝ π(y)^(1 - 1/|y|)·exp(γ/β)
          ζ_rejected(y) ∝ π(y)^(1 - 1/|y|)

        Tier: label-dependent. The prior differs for chosen and rejected responses: no single
        prior, even one that depends on the policy, carries this loss. The prior is proper on
        finitely many responses (a bound on the length is enough); without such a bound this is
        not established.

      Definitions and assumptions

        The framework's objective, its partition function and the optimum:

          J = Σ_x D(x)·(Σ_y π(y)·r(x,y) - τ·Σ_y π(y)·log(π(y)/ζ(y)))
          Z(x) = Σ_y ζ(y)·exp(r(x,y)/τ)
          π*(y) = ζ(y)·exp(r(x,y)/τ)/Z(x)

        - β > 0, scale of the implicit reward
        - γ >= 0, margin by which the chosen response has to win
        - Every response has a token, and a positive probability under every distribution named
          here.
        - bradley-terry: preferences follow the model of Bradley and Terry (1952).
        - policy-is-optimal: the policy is the optimum of the objective for the reward that it
          is to express. Where the prior moves with the policy: of the objective with the prior
          held fixed.
        - gibbs-inequality: a divergence between distributions is never negative, and zero only
          between equal ones.

      Derivation

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
             by algebra
          ≤ Σ_x τ·D(x)·log Z(x)

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
        ratio is ζ_chosen(y)/ζ_rejected(y) = exp(γ/β). They are one prior if and only if γ = 0.
        Otherwise no function of the response alone can be the prior of this loss.

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

      S10. The gradient

        The gradient of the published loss, in those of the log-probabilities of the policy.

        ∇L = ∇[-log σ(β·(log π(y_w)/|y_w| - log π(y_l)/|y_l|) - γ)]
             by grad-scale: a factor that the policy does not enter stands before the gradient,
                ∇[a·c] = c·∇[a]
             by grad-log-sigmoid: the chain rule for the log-sigmoid, ∇log σ(u) = σ(-u)·∇[u]
          = -σ(-(β·(log π(y_w)/|y_w| - log π(y_l)/|y_l|) - γ))·∇[β·(log π(y_w)/|y_w|
              - log π(y_l)/|y_l|) - γ]
             by grad-add (twice): the gradient is taken term by term, ∇[a + b] = ∇[a] + ∇[b]
             by grad-scale (4 times)
             by grad-constant: what the policy does not enter has no gradient, nor has what
                stands under a stop-gradient, ∇[c] = 0
             by algebra (twice); here |y_w| != 0 and |y_l| != 0
          = -β·σ(γ - β·(log π(y_w)/|y_w| - log π(y_l)/|y_l|))·((1/|y_w|)·∇log π(y_w)
              - (1/|y_l|)·∇log π(y_l))

      S10-prior-chosen. The gradient through the prior

        The prior moves with the policy; held fixed, as where the optimum is taken, it would
        have no gradient.

        ∇log ζ(y_w)
             by prior-chosen
          = ∇[log(π(y_w)^(1 - 1/|y_w|)·exp(γ/β))]
             by log-product; here π(y_w)^(1 - 1/|y_w|) > 0 and exp(γ/β) > 0
             by log-power; here π(y_w) > 0
             by log-exp
             by grad-add
             by grad-scale
             by grad-constant
             by algebra; here |y_w| != 0
          = (1 - 1/|y_w|)·∇log π(y_w)

        Note. With the prior held fixed, as the optimum is taken, this gradient would be zero.
        The gradient of the loss contains it: loss and framework agree in value, and in gradient
        only where it vanishes.

      S10-prior-rejected. The gradient through the prior

        The prior moves with the policy; held fixed, as where the optimum is taken, it would
        have no gradient.

        ∇log ζ(y_l)
             by prior-rejected
          = ∇[log(π(y_l)^(1 - 1/|y_l|))]
             by log-power; here π(y_l) > 0
             by grad-scale
          = (1 - 1/|y_l|)·∇log π(y_l)

      Result

        Proposition. Under the assumptions above, with the priors of the two labels and the
        weight above (held fixed), the published loss of SimPO is minus the log-likelihood of
        the preference:

          L = -log p(y_w ≻ y_l)
          L = -log σ(β·(log π(y_w)/|y_w| - log π(y_l)/|y_l|) - γ)

        Proof. S1 to S3 show that no policy does better on the objective than the prior tilted
        by the reward, and that this one attains the bound. The policy is taken to be that
        optimum, so S4 gives the reward that it expresses; in S5 the partition function cancels
        between the two responses, and S6 takes minus the logarithm. S7 puts in the prior and
        the weight, S8 simplifies, and S9 is the loss as published. S10 is its gradient. The
        independent checker accepted all 77 steps (14 stages), resting on: gibbs-inequality,
        policy-is-optimal, bradley-terry, prior-chosen, prior-rejected and weight.

      Conditions

        What the steps asked for, at the responses that stand there:

        - π(y) > 0 in S2, S3, S8, S10-prior-chosen and S10-prior-rejected
        - ζ(y) > 0 in S2 and S4
        - τ != 0 in S2 and S4
        - exp(r(x,y)/τ) > 0 in S2 and S4
        - ζ(y)·exp(r(x,y)/τ) > 0 in S2 and S4
        - Z(x) > 0 in S2 and S4
        - ζ(y)·exp(r(x,y)/τ)/Z(x) > 0 in S2 and S4
        - Z(x) != 0 in S3-normalised
        - π*(y) > 0 in S3 and S3-attained
        - Σ_y π(y) = 1 in S3
        - Σ_y π*(y) = 1 in S3
        - π(y_w)^(1 - 1/|y_w|)·exp(γ/β) > 0 in S8
        - π(y)^(1 - 1/|y|) > 0 in S8 and S10-prior-chosen
        - exp(γ/β) > 0 in S8 and S10-prior-chosen
        - |y| != 0 in S8, S10 and S10-prior-chosen
        - β != 0 in S8

      References

        - Meng, Xia, Chen (2024). arXiv:2405.14734
        - Tutnov, Grosnit, Bou-Ammar (2025). Many of Your DPOs are Secretly One: Attempting
          Unification Through Mutual Information. arXiv:2501.01544
        - Bradley, Terry (1952). Rank Analysis of Incomplete Block Designs: I. The Method of
          Paired Comparisons. Biometrika 39(3/4), 324-345
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

describe('every step on the page for a terminal', () => {
  test.each(IDS)('of %s is there, numbered, with the part that it rewrites', (id) => {
    const report = derived(published(id));
    const page = derivationText(report, PLAIN, { steps: true });
    for (const { id: stage, steps } of report.trace.stages) {
      const numbers = [...page.matchAll(new RegExp(`^ +${stage}\\.(\\d+) `, 'gm'))].map(([, k]) => Number(k));
      expect(numbers).toEqual(steps.map((_, i) => i + 1));
    }
    expect(page).toContain('S5.1 bradley-terry: p(y_w ≻ y_l) = σ(r(x,y_w) - r(x,y_l))');
  });

  test('a bound is told from an equality', () => {
    expect(derivationText(derived(published('dpo')), { ...PLAIN, width: 200 }, { steps: true })).toMatch(
      /S3\.1 gibbs-inequality .*: Σ_y π\(y\)·log\(π\(y\)\/π\*\(y\)\) >= 0/,
    );
  });
});

describe('the page in LaTeX', () => {
  test('the claim of DPO', () => {
    expect(
      derivationLatex(derived(published('dpo')), { standalone: false }).split('\\subsection*{S5')[0],
    ).toMatchInlineSnapshot(`
      "\\ifcsname proposition\\endcsname\\else\\newtheorem{proposition}{Proposition}\\fi
      \\ifcsname proof\\endcsname\\else
        \\newenvironment{proof}{\\par\\noindent\\textit{Proof.} }{\\hspace*{\\fill}$\\square$\\par}
      \\fi
      \\begingroup
      \\setlength{\\emergencystretch}{3em}
      \\csname @beginparpenalty\\endcsname=10000

      \\section*{DPO}

      Published in Rafailov et al. (2023).

      \\subsection*{Claim}

      The published loss of a pair, $y_w$ preferred to $y_l$:
      \\begin{align}
        \\mathcal{L} &= -\\log \\sigma\\bigl( \\beta (h(y_w) - h(y_l)) \\bigr) \\\\
        h(y) &= \\log \\frac{\\pi_\\theta(y \\mid x)}{\\pi_{\\mathrm{ref}}(y \\mid x)}
      \\end{align}

      It is the loss of the mutual-information framework of Tutnov et al. (2025) with weight $\\tau = \\beta$ and the prior
      \\begin{align}
        \\zeta(y \\mid x) &\\propto \\pi_{\\mathrm{ref}}(y \\mid x)
      \\end{align}

      Tier: \\textsf{conditional}. The prior may depend on the prompt, and is fixed with respect to the policy. The prior is proper: it is bounded by a distribution over responses.

      \\subsection*{Definitions and assumptions}

      The framework's objective, its partition function and the optimum:
      \\begin{align}
        J &= \\sum_{x} \\mathcal{D}(x) \\left( \\sum_{y} \\pi_\\theta(y \\mid x) \\, r(x, y) - \\tau \\sum_{y} \\pi_\\theta(y \\mid x) \\log \\frac{\\pi_\\theta(y \\mid x)}{\\zeta(y \\mid x)} \\right) \\\\
        Z(x) &= \\sum_{y} \\zeta(y \\mid x) \\exp\\left( \\frac{r(x, y)}{\\tau} \\right) \\\\
        \\pi^{*}(y \\mid x) &= \\frac{1}{Z(x)} \\zeta(y \\mid x) \\exp\\left( \\frac{r(x, y)}{\\tau} \\right)
      \\end{align}

      \\begin{itemize}
        \\setlength{\\itemsep}{0pt}\\setlength{\\parskip}{0pt}
        \\item $\\beta > 0$, strength of the KL penalty
        \\item Every response has a token, and a positive probability under every distribution named here.
        \\item \\textsf{bradley-terry}: preferences follow the model of Bradley and Terry (1952).
        \\item \\textsf{policy-is-optimal}: the policy is the optimum of the objective for the reward that it is to express. Where the prior moves with the policy: of the objective with the prior held fixed.
        \\item \\textsf{gibbs-inequality}: a divergence between distributions is never negative, and zero only between equal ones.
      \\end{itemize}

      \\subsection*{Derivation}

      \\paragraph{S1. The objective.}

      Expected reward minus weighted divergence from the prior, as sums.

      {\\raggedright
      {\\footnotesize $\\because$ \\textsf{objective}}
      \\begin{align}
        J &= \\sum_{x} \\mathcal{D}(x) \\left( \\sum_{y} \\pi_\\theta(y \\mid x) \\, r(x, y) - \\tau \\sum_{y} \\pi_\\theta(y \\mid x) \\log \\frac{\\pi_\\theta(y \\mid x)}{\\zeta(y \\mid x)} \\right) \\label{midpo:dpo:S1}
      \\end{align}
      \\par}

      \\paragraph{S2. Gibbs form.}

      The reward is absorbed into a divergence from one policy, the prior tilted by the reward.

      {\\raggedright
      {\\footnotesize $\\because$ \\textsf{log-quotient} (as $\\pi_\\theta(y \\mid\\nobreak x) > 0$ and $\\zeta(y \\mid\\nobreak x) > 0$)}
      \\begin{align}
        J &= \\sum_{x} \\mathcal{D}(x) \\left( \\sum_{y} \\pi_\\theta(y \\mid x) \\, r(x, y) - \\tau \\sum_{y} \\pi_\\theta(y \\mid x) (\\log \\pi_\\theta(y \\mid x) - \\log \\zeta(y \\mid x)) \\right)
        \\intertext{\\footnotesize $\\because$ \\textsf{algebra} (twice; as $\\tau \\ne 0$), \\textsf{response-sum-of-sum}, \\textsf{response-sum-of-product}, \\textsf{policy-is-normalised} (reversed), \\textsf{response-sum-of-product} (4 times, reversed), \\textsf{response-sum-of-sum} (3 times, reversed), \\textsf{algebra} (twice, reversed; as $\\tau \\ne 0$)}
        &= \\!\\begin{aligned}[t]
          & \\sum_{x} \\mathcal{D}(x) \\biggl( \\tau \\log Z(x) \\\\
          & \\quad {} - \\tau \\sum_{y} \\pi_\\theta(y \\mid x) \\left( \\log \\pi_\\theta(y \\mid x) - \\left( \\log \\zeta(y \\mid x) + \\frac{r(x, y)}{\\tau} - \\log Z(x) \\right) \\right) \\biggr)
        \\end{aligned}
        \\intertext{\\footnotesize $\\because$ \\textsf{log-exp} (reversed), \\textsf{log-product} (reversed; as $\\zeta(y \\mid\\nobreak x) > 0$ and $\\exp(r(x, y)/\\tau) > 0$), \\textsf{log-quotient} (twice, reversed; as $\\zeta(y \\mid\\nobreak x) \\penalty900 \\exp(r(x, y)/\\tau) > 0$, $Z(x) > 0$, $\\pi_\\theta(y \\mid\\nobreak x) > 0$ and $\\zeta(y \\mid\\nobreak x) \\penalty900 \\exp(r(x, y)/\\tau)/Z(x) > 0$), \\textsf{optimal-policy} (reversed)}
        &= \\sum_{x} \\mathcal{D}(x) \\left( \\tau \\log Z(x) - \\tau \\sum_{y} \\pi_\\theta(y \\mid x) \\log \\frac{\\pi_\\theta(y \\mid x)}{\\pi^{*}(y \\mid x)} \\right) \\label{midpo:dpo:S2}
      \\end{align}
      \\par}

      \\paragraph{S3-normalised. The optimum is a policy.}

      The tilted prior is positive and sums to one.

      {\\raggedright
      {\\footnotesize $\\because$ \\textsf{optimal-policy}, \\textsf{response-sum-of-product}, \\textsf{partition-function} (reversed), \\textsf{algebra} (as $Z(x) \\ne 0$)}
      \\begin{align}
        \\sum_{y} \\pi^{*}(y \\mid x) &= 1 \\label{midpo:dpo:S3-normalised}
      \\end{align}
      \\par}

      \\paragraph{S3. No policy does better.}

      A divergence is never negative.

      {\\raggedright
      {\\footnotesize $\\because$ \\textsf{gibbs-inequality} (as $\\pi_\\theta(y \\mid\\nobreak x) > 0$, $\\pi^{*}(y \\mid\\nobreak x) > 0$, $\\sum_{y} \\pi_\\theta(y \\mid\\nobreak x) = 1$ and $\\sum_{y} \\pi^{*}(y \\mid\\nobreak x) = 1$), \\textsf{algebra}}
      \\begin{align}
        J &\\le \\sum_{x} \\tau \\mathcal{D}(x) \\log Z(x) \\label{midpo:dpo:S3}
      \\end{align}
      \\par}

      \\paragraph{S3-attained. The optimum attains the bound.}

      Its divergence from itself is zero.

      {\\raggedright
      {\\footnotesize $\\because$ \\textsf{log-quotient} (as $\\pi^{*}(y \\mid\\nobreak x) > 0$), \\textsf{algebra} (twice), \\textsf{response-sum-of-sum}, \\textsf{response-sum-of-product}}
      \\begin{align}
        \\sum_{y} \\pi^{*}(y \\mid x) \\log \\frac{\\pi^{*}(y \\mid x)}{\\pi^{*}(y \\mid x)} &= 0 \\label{midpo:dpo:S3-attained}
      \\end{align}
      \\par}

      \\paragraph{S4. The reward.}

      The optimum is solved for the reward.

      {\\raggedright
      {\\footnotesize $\\because$ \\textsf{policy-is-optimal}, \\textsf{optimal-policy}, \\textsf{log-quotient} (twice; as $\\zeta(y \\mid\\nobreak x) \\penalty900 \\exp(r(x, y)/\\tau)/Z(x) > 0$, $\\zeta(y \\mid\\nobreak x) > 0$, $\\zeta(y \\mid\\nobreak x) \\penalty900 \\exp(r(x, y)/\\tau) > 0$ and $Z(x) > 0$), \\textsf{log-product} (as $\\zeta(y \\mid\\nobreak x) > 0$ and $\\exp(r(x, y)/\\tau) > 0$), \\textsf{log-exp}, \\textsf{algebra} (as $\\tau \\ne 0$)}
      \\begin{align}
        \\tau \\log \\frac{\\pi_\\theta(y \\mid x)}{\\zeta(y \\mid x)} + \\tau \\log Z(x) &= r(x, y) \\label{midpo:dpo:S4}
      \\end{align}
      \\par}

      \\paragraph{S5. Preference model.}

      Each reward is the one for which the policy is optimal under the prior.

      {\\raggedright
      {\\footnotesize $\\because$ \\textsf{bradley-terry}}
      \\begin{align}
        p(y_w \\succ y_l \\mid x) &= \\sigma(r(x, y_w) - r(x, y_l))
        \\intertext{\\footnotesize $\\because$ \\textsf{S4}~\\eqref{midpo:dpo:S4} (twice, reversed)}
        &= \\sigma\\left( \\tau \\log \\frac{\\pi_\\theta(y_w \\mid x)}{\\zeta(y_w \\mid x)} - \\left( \\tau \\log \\frac{\\pi_\\theta(y_l \\mid x)}{\\zeta(y_l \\mid x)} + \\tau \\log Z(x) \\right) + \\tau \\log Z(x) \\right)
        \\intertext{\\footnotesize $\\because$ \\textsf{algebra}}
        &= \\sigma\\left( \\tau \\log \\frac{\\pi_\\theta(y_w \\mid x)}{\\zeta(y_w \\mid x)} - \\tau \\log \\frac{\\pi_\\theta(y_l \\mid x)}{\\zeta(y_l \\mid x)} \\right) \\label{midpo:dpo:S5}
      \\end{align}
      \\par}

      \\paragraph{S6. Maximum-likelihood loss.}

      The loss of a pair is minus the log-probability of its preference.
      \\begin{align}
        \\mathcal{L} &= -\\log p(y_w \\succ y_l \\mid x)
        \\intertext{\\footnotesize $\\because$ \\textsf{S5}~\\eqref{midpo:dpo:S5}}
        &= -\\log \\sigma\\left( \\tau \\log \\frac{\\pi_\\theta(y_w \\mid x)}{\\zeta(y_w \\mid x)} - \\tau \\log \\frac{\\pi_\\theta(y_l \\mid x)}{\\zeta(y_l \\mid x)} \\right) \\label{midpo:dpo:S6}
      \\end{align}

      \\paragraph{S7. The prior of this variant.}

      The prior and the weight are put in.

      {\\raggedright
      {\\footnotesize $\\because$ \\textsf{prior} (twice)}
      \\begin{align}
        \\mathcal{L} &= -\\log \\sigma\\left( \\tau \\log \\frac{\\pi_\\theta(y_w \\mid x)}{\\pi_{\\mathrm{ref}}(y_w \\mid x)} - \\tau \\log \\frac{\\pi_\\theta(y_l \\mid x)}{\\pi_{\\mathrm{ref}}(y_l \\mid x)} \\right)
        \\intertext{\\footnotesize $\\because$ \\textsf{weight} (twice)}
        &= -\\log \\sigma\\left( \\beta \\log \\frac{\\pi_\\theta(y_w \\mid x)}{\\pi_{\\mathrm{ref}}(y_w \\mid x)} - \\beta \\log \\frac{\\pi_\\theta(y_l \\mid x)}{\\pi_{\\mathrm{ref}}(y_l \\mid x)} \\right) \\label{midpo:dpo:S7}
      \\end{align}
      \\par}

      \\paragraph{S8. Closed form.}

      The logit is simplified.

      {\\raggedright
      {\\footnotesize $\\because$ \\textsf{algebra}}
      \\begin{align}
        \\mathcal{L} &= -\\log \\sigma\\left( \\beta \\left( \\log \\frac{\\pi_\\theta(y_w \\mid x)}{\\pi_{\\mathrm{ref}}(y_w \\mid x)} - \\log \\frac{\\pi_\\theta(y_l \\mid x)}{\\pi_{\\mathrm{ref}}(y_l \\mid x)} \\right) \\right) \\label{midpo:dpo:S8}
      \\end{align}
      \\par}

      \\paragraph{S9. The published loss.}

      The closed form is the loss as it was published.

      {\\raggedright
      {\\footnotesize $\\because$ \\textsf{definition-of-h} (twice, reversed)}
      \\begin{align}
        \\mathcal{L} &= -\\log \\sigma\\bigl( \\beta (h(y_w) - h(y_l)) \\bigr) \\label{midpo:dpo:S9}
      \\end{align}
      \\par}

      \\paragraph{S10. The gradient.}

      The gradient of the published loss, in those of the log-probabilities of the policy.
      \\begin{align}
        \\nabla_{\\theta} \\mathcal{L} &= \\nabla_{\\theta} \\bigl[ -\\log \\sigma\\bigl( \\beta (h(y_w) - h(y_l)) \\bigr) \\bigr]
        \\intertext{\\footnotesize $\\because$ \\textsf{S9}~\\eqref{midpo:dpo:S9} (reversed)}
        &= \\nabla_{\\theta} \\left[ -\\log \\sigma\\left( \\beta \\left( \\log \\frac{\\pi_\\theta(y_w \\mid x)}{\\pi_{\\mathrm{ref}}(y_w \\mid x)} - \\log \\frac{\\pi_\\theta(y_l \\mid x)}{\\pi_{\\mathrm{ref}}(y_l \\mid x)} \\right) \\right) \\right]
        \\intertext{\\footnotesize $\\because$ \\textsf{grad-scale}, \\textsf{grad-log-sigmoid}}
        &= \\!\\begin{aligned}[t]
          & -\\sigma\\left( -\\beta \\left( \\log \\frac{\\pi_\\theta(y_w \\mid x)}{\\pi_{\\mathrm{ref}}(y_w \\mid x)} - \\log \\frac{\\pi_\\theta(y_l \\mid x)}{\\pi_{\\mathrm{ref}}(y_l \\mid x)} \\right) \\right) \\\\
          & {} \\times \\nabla_{\\theta} \\left[ \\beta \\left( \\log \\frac{\\pi_\\theta(y_w \\mid x)}{\\pi_{\\mathrm{ref}}(y_w \\mid x)} - \\log \\frac{\\pi_\\theta(y_l \\mid x)}{\\pi_{\\mathrm{ref}}(y_l \\mid x)} \\right) \\right]
        \\end{aligned}
        \\intertext{\\footnotesize $\\because$ \\textsf{log-quotient} (twice; as $\\pi_\\theta(y \\mid\\nobreak x) > 0$ and $\\pi_{\\mathrm{ref}}(y \\mid\\nobreak x) > 0$), \\textsf{grad-scale} (twice), \\textsf{grad-add} (3 times), \\textsf{grad-constant} (twice; as $\\nabla_{\\theta} \\log \\pi_{\\mathrm{ref}}(y \\mid\\nobreak x) = 0$), \\textsf{algebra}}
        &= \\!\\begin{aligned}[t]
          & -\\beta \\sigma\\left( -\\beta \\left( \\log \\frac{\\pi_\\theta(y_w \\mid x)}{\\pi_{\\mathrm{ref}}(y_w \\mid x)} - \\log \\frac{\\pi_\\theta(y_l \\mid x)}{\\pi_{\\mathrm{ref}}(y_l \\mid x)} \\right) \\right) \\\\
          & {} \\times (\\nabla_{\\theta} \\log \\pi_\\theta(y_w \\mid x) - \\nabla_{\\theta} \\log \\pi_\\theta(y_l \\mid x))
        \\end{aligned} \\label{midpo:dpo:S10}
      \\end{align}

      \\subsection*{Result}

      \\begin{proposition}
      Under the assumptions above, with the prior and the weight above, the published loss of DPO is minus the log-likelihood of the preference:
      \\begin{align}
        \\mathcal{L} &= -\\log p(y_w \\succ y_l \\mid x) \\\\
        &= -\\log \\sigma\\left( \\beta \\left( \\log \\frac{\\pi_\\theta(y_w \\mid x)}{\\pi_{\\mathrm{ref}}(y_w \\mid x)} - \\log \\frac{\\pi_\\theta(y_l \\mid x)}{\\pi_{\\mathrm{ref}}(y_l \\mid x)} \\right) \\right)
      \\end{align}
      \\end{proposition}

      \\begin{proof}
      S1 to S3 show that no policy does better on the objective than the prior tilted by the reward, and that this one attains the bound. The policy is taken to be that optimum, so S4 gives the reward that it expresses; in S5 the partition function cancels between the two responses, and S6 takes minus the logarithm. S7 puts in the prior and the weight, S8 simplifies, and S9 is the loss as published. S10 is its gradient. The independent checker accepted all 64 steps (12 stages), resting on: \\textsf{gibbs-inequality}, \\textsf{policy-is-optimal}, \\textsf{bradley-terry}, \\textsf{prior}, \\textsf{weight} and \\textsf{definition-of-h}.
      \\end{proof}

      \\subsection*{Conditions}

      What the steps asked for, at the responses that stand there:

      \\begin{itemize}
        \\setlength{\\itemsep}{0pt}\\setlength{\\parskip}{0pt}
        \\item $\\pi_\\theta(y \\mid\\nobreak x) > 0$ in S2, S3 and S10
        \\item $\\zeta(y \\mid\\nobreak x) > 0$ in S2 and S4
        \\item $\\tau \\ne 0$ in S2 and S4
        \\item $\\exp(r(x, y)/\\tau) > 0$ in S2 and S4
        \\item $\\zeta(y \\mid\\nobreak x) \\penalty900 \\exp(r(x, y)/\\tau) > 0$ in S2 and S4
        \\item $Z(x) > 0$ in S2 and S4
        \\item $\\zeta(y \\mid\\nobreak x) \\penalty900 \\exp(r(x, y)/\\tau)/Z(x) > 0$ in S2 and S4
        \\item $Z(x) \\ne 0$ in S3-normalised
        \\item $\\pi^{*}(y \\mid\\nobreak x) > 0$ in S3 and S3-attained
        \\item $\\sum_{y} \\pi_\\theta(y \\mid\\nobreak x) = 1$ in S3
        \\item $\\sum_{y} \\pi^{*}(y \\mid\\nobreak x) = 1$ in S3
        \\item $\\pi_{\\mathrm{ref}}(y \\mid\\nobreak x) > 0$ in S10
        \\item $\\nabla_{\\theta} \\log \\pi_{\\mathrm{ref}}(y \\mid\\nobreak x) = 0$ in S10
      \\end{itemize}

      \\subsection*{References}

      \\begin{itemize}
        \\setlength{\\itemsep}{0pt}\\setlength{\\parskip}{0pt}
        \\item Rafailov et al. (2023). arXiv:2305.18290.
        \\item Tutnov, Grosnit, Bou-Ammar (2025). Many of Your DPOs are Secretly One: Attempting Unification Through Mutual Information. arXiv:2501.01544.
        \\item Bradley, Terry (1952). Rank Analysis of Incomplete Block Designs: I. The Method of Paired Comparisons. Biometrika 39(3/4), 324-345.
      \\end{itemize}

      \\par
      \\endgroup
      "
    `);
  });

  test('a fragment has the body of the article, and nothing that an article has once', () => {
    const report = derived(published('simpo'));
    const fragment = derivationLatex(report, { standalone: false });
    const article = derivationLatex(report, { standalone: true, steps: false });
    const stages = /\\subsection\*\{Derivation\}[\s\S]*\\subsection\*\{Conditions\}/.exec(fragment)?.[0];
    expect(stages).toMatch(/\\paragraph\{S9\./);
    expect(article).toContain(stages);
    expect(fragment).not.toMatch(/\\(documentclass|usepackage|begin\{document\}|bibitem|cite\{)/);
    expect(article).toMatch(/^\\documentclass/);
    expect(article).toMatch(/\\end\{document\}\n$/);
  });

  test('every single step is in the appendix of an article, and in a fragment if wanted', () => {
    const report = derived(published('r-dpo'));
    const count = (options: Parameters<typeof derivationLatex>[1]): number =>
      derivationLatex(report, options).match(/\\item\[\\normalfont /g)?.length ?? 0;
    const steps = report.trace.stages.reduce((n, stage) => n + stage.steps.length, 0);
    expect(count({ standalone: true })).toBe(steps);
    expect(count({ standalone: false })).toBe(0);
    expect(count({ standalone: false, steps: true })).toBe(steps);
  });

  test('what is cited has an entry, and a fragment cites where the user has the entries', () => {
    const report = derived(published('dpo'));
    const keys = (text: string, command: string): readonly string[] =>
      [...text.matchAll(new RegExp(`${command}\\{(.*?)[,}]`, 'g'))].map(([, key]) => key ?? '').sort();
    const article = derivationLatex(report, { standalone: true });
    const cited = keys(article, String.raw`\\cite`);
    expect(cited).toEqual(['bradley1952rank', 'rafailov2023230518290', 'tutnov2025many']);
    expect(keys(article, String.raw`\\bibitem`)).toEqual(cited);
    const fragment = derivationLatex(report, { standalone: false, cites: true });
    expect(keys(fragment, String.raw`\\cite`)).toEqual(cited);
    expect(keys(derivationBib(report), '@misc')).toEqual(cited);
  });

  test('what a line changes is set off, and nothing else', () => {
    const page = derivationLatex(derived(published('dpo')), { standalone: false, highlight: true });
    const stage = /\\paragraph\{S7\.[\s\S]*?\\par\}/.exec(page)?.[0] ?? '';
    const boxes = [...stage.matchAll(/\\midpochanged\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}/g)].map(
      ([, of]) => of,
    );
    const ref = (role: string): string => String.raw`\pi_{\mathrm{ref}}(y_${role} \mid x)`;
    expect(boxes).toEqual([ref('w'), ref('l'), String.raw`\beta`, String.raw`\beta`]);
    expect(derivationLatex(derived(published('dpo')), { standalone: false })).not.toContain('midpochanged');
  });

  test('long sums over tokens have names, and only there', () => {
    const kl = (y: string) => `sum(t, ${y}, kl(ref, pi, ${y}, t))`;
    const loss = `-log(sigmoid(beta*(log(pi(w)) - log(pi(l))) - beta*(${kl('l')} - ${kl('w')})))`;
    const page = text(formula(loss));
    expect(page).toMatch(/where\n\n {4}A\(y\) = Σ_t Σ_v /);
    expect(page).toMatch(/= -log σ\(.*A\(y_w\)/);
    expect(text(published('dpo'))).not.toContain('A(y');
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

      It is the loss of the mutual-information framework of Tutnov et al. (2025) with weight $\`\\tau = \\alpha \\beta\`$ and the prior

      $$
      \\zeta(y \\mid x) \\propto \\pi_{\\mathrm{ref}}(y \\mid x)^{1/\\alpha}
      $$

      Tier: **conditional**. The prior may depend on the prompt, and is fixed with respect to the policy. The prior is proper on finitely many responses (a bound on the length is enough). Without such a bound it is proper if $\`1/\\alpha - 1 \\ge 0\`$, being bounded by a distribution then; otherwise this is not established.

      ## Definitions and assumptions

      The framework's objective, its partition function and the optimum:

      $$
      J = \\sum_{x} \\mathcal{D}(x) \\left( \\sum_{y} \\pi_\\theta(y \\mid x) \\, r(x, y) - \\tau \\sum_{y} \\pi_\\theta(y \\mid x) \\log \\frac{\\pi_\\theta(y \\mid x)}{\\zeta(y \\mid x)} \\right)
      $$

      $$
      Z(x) = \\sum_{y} \\zeta(y \\mid x) \\exp\\left( \\frac{r(x, y)}{\\tau} \\right)
      $$

      $$
      \\pi^{*}(y \\mid x) = \\frac{1}{Z(x)} \\zeta(y \\mid x) \\exp\\left( \\frac{r(x, y)}{\\tau} \\right)
      $$

      - $\`\\beta > 0\`$
      - $\`\\alpha > 0\`$
      - Every response has a token, and a positive probability under every distribution named here.
      - **bradley-terry**: preferences follow the model of Bradley and Terry (1952).
      - **policy-is-optimal**: the policy is the optimum of the objective for the reward that it is to express. Where the prior moves with the policy: of the objective with the prior held fixed.
      - **gibbs-inequality**: a divergence between distributions is never negative, and zero only between equal ones.

      ## Derivation

      ### S1. The objective

      Expected reward minus weighted divergence from the prior, as sums.

      - by **objective**: the objective is the expected reward minus the weighted divergence from the prior, $\`J = \\sum_{x} \\mathcal{D}(x) \\bigl( \\sum_{y} \\pi_\\theta(y \\mid x) \\, r(x, y) - \\tau \\sum_{y} \\pi_\\theta(y \\mid x) \\log(\\pi_\\theta(y \\mid x)/\\zeta(y \\mid x)) \\bigr)\`$

      $$
      J = \\sum_{x} \\mathcal{D}(x) \\left( \\sum_{y} \\pi_\\theta(y \\mid x) \\, r(x, y) - \\tau \\sum_{y} \\pi_\\theta(y \\mid x) \\log \\frac{\\pi_\\theta(y \\mid x)}{\\zeta(y \\mid x)} \\right)
      $$

      ### S2. Gibbs form

      The reward is absorbed into a divergence from one policy, the prior tilted by the reward.

      - by **log-quotient**: the logarithm turns a quotient of positive numbers into a difference, $\`\\log(a/b) = \\log a - \\log b\`$; here $\`\\pi_\\theta(y \\mid x) > 0\`$ and $\`\\zeta(y \\mid x) > 0\`$

      $$
      J = \\sum_{x} \\mathcal{D}(x) \\left( \\sum_{y} \\pi_\\theta(y \\mid x) \\, r(x, y) - \\tau \\sum_{y} \\pi_\\theta(y \\mid x) (\\log \\pi_\\theta(y \\mid x) - \\log \\zeta(y \\mid x)) \\right)
      $$

      - by **algebra** (twice); here $\`\\tau \\ne 0\`$
      - by **response-sum-of-sum**: a sum over responses is taken term by term, $\`\\sum_{y} (a + b) = \\sum_{y} a + \\sum_{y} b\`$
      - by **response-sum-of-product**: a factor that is the same for every response stands before the sum, $\`\\sum_{y} a b = a \\sum_{y} b\`$
      - by **policy-is-normalised**, read from right to left: the probabilities of all responses add up to one, $\`\\sum_{y} \\pi_\\theta(y \\mid x) = 1\`$
      - by **response-sum-of-product** (4 times), read from right to left
      - by **response-sum-of-sum** (3 times), read from right to left
      - by **algebra** (twice), read from right to left; here $\`\\tau \\ne 0\`$

      $$
      J = \\begin{aligned}
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

      <details>
      <summary>All 20 steps of S2</summary>

      Each step rewrites one part of the formula: it is shown before and after; all else stays. A rule that is reversed is read from right to left.

      - S2.1: **log-quotient** (as $\`\\pi_\\theta(y \\mid x) > 0\`$ and $\`\\zeta(y \\mid x) > 0\`$): $\`\\log(\\pi_\\theta(y \\mid x)/\\zeta(y \\mid x)) = \\log \\pi_\\theta(y \\mid x) - \\log \\zeta(y \\mid x)\`$
      - S2.2: **algebra**: $\`\\pi_\\theta(y \\mid x) (\\log \\pi_\\theta(y \\mid x) - \\log \\zeta(y \\mid x)) = \\pi_\\theta(y \\mid x) \\log \\pi_\\theta(y \\mid x) - \\pi_\\theta(y \\mid x) \\log \\zeta(y \\mid x)\`$
      - S2.3: **response-sum-of-sum**: $\`\\sum_{y} (\\pi_\\theta(y \\mid x) \\log \\pi_\\theta(y \\mid x) - \\pi_\\theta(y \\mid x) \\log \\zeta(y \\mid x)) = \\sum_{y} \\pi_\\theta(y \\mid x) \\log \\pi_\\theta(y \\mid x) + \\sum_{y} (-\\pi_\\theta(y \\mid x) \\log \\zeta(y \\mid x))\`$
      - S2.4: **response-sum-of-product**: $\`\\sum_{y} (-\\pi_\\theta(y \\mid x) \\log \\zeta(y \\mid x)) = -\\sum_{y} \\pi_\\theta(y \\mid x) \\log \\zeta(y \\mid x)\`$
      - S2.5: **algebra** (as $\`\\tau \\ne 0\`$): $\`\\mathcal{D}(x) \\bigl( \\sum_{y} \\pi_\\theta(y \\mid x) \\, r(x, y) - \\tau \\bigl( \\sum_{y} \\pi_\\theta(y \\mid x) \\log \\pi_\\theta(y \\mid x) - \\sum_{y} \\pi_\\theta(y \\mid x) \\log \\zeta(y \\mid x) \\bigr) \\bigr) = \\mathcal{D}(x) \\bigl( \\tau \\log Z(x) - \\tau \\bigl( \\sum_{y} \\pi_\\theta(y \\mid x) \\log \\pi_\\theta(y \\mid x) - \\bigl( \\sum_{y} \\pi_\\theta(y \\mid x) \\log \\zeta(y \\mid x) - \\log Z(x) + \\bigl( \\sum_{y} \\pi_\\theta(y \\mid x) \\, r(x, y) \\bigr)/\\tau \\bigr) \\bigr) \\bigr)\`$
      - S2.6: **policy-is-normalised** (reversed): $\`1 = \\sum_{y} \\pi_\\theta(y \\mid x)\`$
      - S2.7: **response-sum-of-product** (reversed): $\`\\log(Z(x)) \\sum_{y} \\pi_\\theta(y \\mid x) = \\sum_{y} \\pi_\\theta(y \\mid x) \\log Z(x)\`$
      - S2.8: **response-sum-of-product** (reversed): $\`-\\sum_{y} \\pi_\\theta(y \\mid x) \\log Z(x) = \\sum_{y} (-\\pi_\\theta(y \\mid x) \\log Z(x))\`$
      - S2.9: **response-sum-of-product** (reversed): $\`\\bigl( \\sum_{y} \\pi_\\theta(y \\mid x) \\, r(x, y) \\bigr)/\\tau = \\sum_{y} \\pi_\\theta(y \\mid x) \\, r(x, y)/\\tau\`$
      - S2.10: **response-sum-of-sum** (reversed): $\`\\sum_{y} \\pi_\\theta(y \\mid x) \\, r(x, y)/\\tau + \\sum_{y} (-\\pi_\\theta(y \\mid x) \\log Z(x)) = \\sum_{y} (\\pi_\\theta(y \\mid x) \\, r(x, y)/\\tau - \\pi_\\theta(y \\mid x) \\log Z(x))\`$
      - S2.11: **response-sum-of-sum** (reversed): $\`\\sum_{y} \\pi_\\theta(y \\mid x) \\log \\zeta(y \\mid x) + \\sum_{y} (\\pi_\\theta(y \\mid x) \\, r(x, y)/\\tau - \\pi_\\theta(y \\mid x) \\log Z(x)) = \\sum_{y} (\\pi_\\theta(y \\mid x) \\log \\zeta(y \\mid x) + \\pi_\\theta(y \\mid x) \\, r(x, y)/\\tau - \\pi_\\theta(y \\mid x) \\log Z(x))\`$
      - S2.12: **algebra** (reversed; as $\`\\tau \\ne 0\`$): $\`\\pi_\\theta(y \\mid x) \\log \\zeta(y \\mid x) + \\pi_\\theta(y \\mid x) \\, r(x, y)/\\tau - \\pi_\\theta(y \\mid x) \\log Z(x) = \\pi_\\theta(y \\mid x) (\\log \\zeta(y \\mid x) + r(x, y)/\\tau - \\log Z(x))\`$
      - S2.13: **response-sum-of-product** (reversed): $\`-\\sum_{y} \\pi_\\theta(y \\mid x) (\\log \\zeta(y \\mid x) + r(x, y)/\\tau - \\log Z(x)) = \\sum_{y} \\bigl( -\\pi_\\theta(y \\mid x) (\\log \\zeta(y \\mid x) + r(x, y)/\\tau - \\log Z(x)) \\bigr)\`$
      - S2.14: **response-sum-of-sum** (reversed): $\`\\sum_{y} \\pi_\\theta(y \\mid x) \\log \\pi_\\theta(y \\mid x) + \\sum_{y} \\bigl( -\\pi_\\theta(y \\mid x) (\\log \\zeta(y \\mid x) + r(x, y)/\\tau - \\log Z(x)) \\bigr) = \\sum_{y} \\bigl( \\pi_\\theta(y \\mid x) \\log \\pi_\\theta(y \\mid x) - \\pi_\\theta(y \\mid x) (\\log \\zeta(y \\mid x) + r(x, y)/\\tau - \\log Z(x)) \\bigr)\`$
      - S2.15: **algebra** (reversed; as $\`\\tau \\ne 0\`$): $\`\\pi_\\theta(y \\mid x) \\log \\pi_\\theta(y \\mid x) - \\pi_\\theta(y \\mid x) (\\log \\zeta(y \\mid x) + r(x, y)/\\tau - \\log Z(x)) = \\pi_\\theta(y \\mid x) \\bigl( \\log \\pi_\\theta(y \\mid x) - (\\log \\zeta(y \\mid x) + r(x, y)/\\tau - \\log Z(x)) \\bigr)\`$
      - S2.16: **log-exp** (reversed): $\`r(x, y)/\\tau = \\log \\exp(r(x, y)/\\tau)\`$
      - S2.17: **log-product** (reversed; as $\`\\zeta(y \\mid x) > 0\`$ and $\`\\exp(r(x, y)/\\tau) > 0\`$): $\`\\log \\zeta(y \\mid x) + \\log \\exp(r(x, y)/\\tau) = \\log(\\zeta(y \\mid x) \\exp(r(x, y)/\\tau))\`$
      - S2.18: **log-quotient** (reversed; as $\`\\zeta(y \\mid x) \\exp(r(x, y)/\\tau) > 0\`$ and $\`Z(x) > 0\`$): $\`\\log(\\zeta(y \\mid x) \\exp(r(x, y)/\\tau)) - \\log Z(x) = \\log(\\zeta(y \\mid x) \\exp(r(x, y)/\\tau)/Z(x))\`$
      - S2.19: **log-quotient** (reversed; as $\`\\pi_\\theta(y \\mid x) > 0\`$ and $\`\\zeta(y \\mid x) \\exp(r(x, y)/\\tau)/Z(x) > 0\`$): $\`\\log \\pi_\\theta(y \\mid x) - \\log(\\zeta(y \\mid x) \\exp(r(x, y)/\\tau)/Z(x)) = \\log\\bigl( \\pi_\\theta(y \\mid x)/(\\zeta(y \\mid x) \\exp(r(x, y)/\\tau)/Z(x)) \\bigr)\`$
      - S2.20: **optimal-policy** (reversed): $\`\\zeta(y \\mid x) \\exp(r(x, y)/\\tau)/Z(x) = \\pi^{*}(y \\mid x)\`$

      </details>

      ### S3-normalised. The optimum is a policy

      The tilted prior is positive and sums to one.

      - by **optimal-policy**
      - by **response-sum-of-product**
      - by **partition-function**, read from right to left: the partition function normalises the optimum, $\`Z(x) = \\sum_{y} \\zeta(y \\mid x) \\exp(r(x, y)/\\tau)\`$
      - by **algebra**; here $\`Z(x) \\ne 0\`$

      $$
      \\sum_{y} \\pi^{*}(y \\mid x) = 1
      $$

      <details>
      <summary>All 4 steps of S3-normalised</summary>

      Each step rewrites one part of the formula: it is shown before and after; all else stays. A rule that is reversed is read from right to left.

      - S3-normalised.1: **optimal-policy**: $\`\\pi^{*}(y \\mid x) = \\zeta(y \\mid x) \\exp(r(x, y)/\\tau)/Z(x)\`$
      - S3-normalised.2: **response-sum-of-product**: $\`\\sum_{y} \\zeta(y \\mid x) \\exp(r(x, y)/\\tau)/Z(x) = \\bigl( \\sum_{y} \\zeta(y \\mid x) \\exp(r(x, y)/\\tau) \\bigr)/Z(x)\`$
      - S3-normalised.3: **partition-function** (reversed): $\`\\sum_{y} \\zeta(y \\mid x) \\exp(r(x, y)/\\tau) = Z(x)\`$
      - S3-normalised.4: **algebra** (as $\`Z(x) \\ne 0\`$): $\`Z(x)/Z(x) = 1\`$

      </details>

      ### S3. No policy does better

      A divergence is never negative.

      - by **gibbs-inequality**: a divergence between distributions is never negative, and zero only between equal ones (cited), $\`\\sum_{y} \\mathrm{p} \\, \\log(\\mathrm{p}/q) \\ge 0\`$; here $\`\\pi_\\theta(y \\mid x) > 0\`$, $\`\\pi^{*}(y \\mid x) > 0\`$, $\`\\sum_{y} \\pi_\\theta(y \\mid x) = 1\`$ and $\`\\sum_{y} \\pi^{*}(y \\mid x) = 1\`$
      - by **algebra**

      $$
      J \\le \\sum_{x} \\tau \\mathcal{D}(x) \\log Z(x)
      $$

      <details>
      <summary>All 2 steps of S3</summary>

      Each step rewrites one part of the formula: it is shown before and after; all else stays. A rule that is reversed is read from right to left.

      - S3.1: **gibbs-inequality** (as $\`\\pi_\\theta(y \\mid x) > 0\`$, $\`\\pi^{*}(y \\mid x) > 0\`$, $\`\\sum_{y} \\pi_\\theta(y \\mid x) = 1\`$ and $\`\\sum_{y} \\pi^{*}(y \\mid x) = 1\`$): $\`\\sum_{y} \\pi_\\theta(y \\mid x) \\log(\\pi_\\theta(y \\mid x)/\\pi^{*}(y \\mid x)) \\ge 0\`$
      - S3.2: **algebra**: $\`\\mathcal{D}(x) (\\tau \\log Z(x) - 0 \\tau) = \\tau \\mathcal{D}(x) \\log Z(x)\`$

      </details>

      ### S3-attained. The optimum attains the bound

      Its divergence from itself is zero.

      - by **log-quotient**; here $\`\\pi^{*}(y \\mid x) > 0\`$
      - by **algebra** (twice)
      - by **response-sum-of-sum**
      - by **response-sum-of-product**

      $$
      \\sum_{y} \\pi^{*}(y \\mid x) \\log \\frac{\\pi^{*}(y \\mid x)}{\\pi^{*}(y \\mid x)} = 0
      $$

      <details>
      <summary>All 5 steps of S3-attained</summary>

      Each step rewrites one part of the formula: it is shown before and after; all else stays. A rule that is reversed is read from right to left.

      - S3-attained.1: **log-quotient** (as $\`\\pi^{*}(y \\mid x) > 0\`$): $\`\\log(\\pi^{*}(y \\mid x)/\\pi^{*}(y \\mid x)) = \\log \\pi^{*}(y \\mid x) - \\log \\pi^{*}(y \\mid x)\`$
      - S3-attained.2: **algebra**: $\`\\pi^{*}(y \\mid x) (\\log \\pi^{*}(y \\mid x) - \\log \\pi^{*}(y \\mid x)) = \\pi^{*}(y \\mid x) \\log \\pi^{*}(y \\mid x) - \\pi^{*}(y \\mid x) \\log \\pi^{*}(y \\mid x)\`$
      - S3-attained.3: **response-sum-of-sum**: $\`\\sum_{y} (\\pi^{*}(y \\mid x) \\log \\pi^{*}(y \\mid x) - \\pi^{*}(y \\mid x) \\log \\pi^{*}(y \\mid x)) = \\sum_{y} \\pi^{*}(y \\mid x) \\log \\pi^{*}(y \\mid x) + \\sum_{y} (-\\pi^{*}(y \\mid x) \\log \\pi^{*}(y \\mid x))\`$
      - S3-attained.4: **response-sum-of-product**: $\`\\sum_{y} (-\\pi^{*}(y \\mid x) \\log \\pi^{*}(y \\mid x)) = -\\sum_{y} \\pi^{*}(y \\mid x) \\log \\pi^{*}(y \\mid x)\`$
      - S3-attained.5: **algebra**: $\`\\sum_{y} \\pi^{*}(y \\mid x) \\log \\pi^{*}(y \\mid x) - \\sum_{y} \\pi^{*}(y \\mid x) \\log \\pi^{*}(y \\mid x) = 0\`$

      </details>

      ### S4. The reward

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

      <details>
      <summary>All 7 steps of S4</summary>

      Each step rewrites one part of the formula: it is shown before and after; all else stays. A rule that is reversed is read from right to left.

      - S4.1: **policy-is-optimal**: $\`\\pi_\\theta(y \\mid x) = \\pi^{*}(y \\mid x)\`$
      - S4.2: **optimal-policy**: $\`\\pi^{*}(y \\mid x) = \\zeta(y \\mid x) \\exp(r(x, y)/\\tau)/Z(x)\`$
      - S4.3: **log-quotient** (as $\`\\zeta(y \\mid x) \\exp(r(x, y)/\\tau)/Z(x) > 0\`$ and $\`\\zeta(y \\mid x) > 0\`$): $\`\\log\\bigl( \\zeta(y \\mid x) \\exp(r(x, y)/\\tau)/(Z(x) \\, \\zeta(y \\mid x)) \\bigr) = \\log(\\zeta(y \\mid x) \\exp(r(x, y)/\\tau)/Z(x)) - \\log \\zeta(y \\mid x)\`$
      - S4.4: **log-quotient** (as $\`\\zeta(y \\mid x) \\exp(r(x, y)/\\tau) > 0\`$ and $\`Z(x) > 0\`$): $\`\\log(\\zeta(y \\mid x) \\exp(r(x, y)/\\tau)/Z(x)) = \\log(\\zeta(y \\mid x) \\exp(r(x, y)/\\tau)) - \\log Z(x)\`$
      - S4.5: **log-product** (as $\`\\zeta(y \\mid x) > 0\`$ and $\`\\exp(r(x, y)/\\tau) > 0\`$): $\`\\log(\\zeta(y \\mid x) \\exp(r(x, y)/\\tau)) = \\log \\zeta(y \\mid x) + \\log \\exp(r(x, y)/\\tau)\`$
      - S4.6: **log-exp**: $\`\\log \\exp(r(x, y)/\\tau) = r(x, y)/\\tau\`$
      - S4.7: **algebra** (as $\`\\tau \\ne 0\`$): $\`\\tau (\\log \\zeta(y \\mid x) + r(x, y)/\\tau - \\log Z(x) - \\log \\zeta(y \\mid x)) + \\tau \\log Z(x) = r(x, y)\`$

      </details>

      #"
    `);
  });

  test.each(IDS)('of %s has formulas that KaTeX accepts at its strictest', (id) => {
    for (const flavour of ['github', 'quarto'] as const) {
      const found = formulas(derivationMarkdown(derived(published(id)), { flavour }));
      expect(found.length).toBeGreaterThan(10);
      for (const tex of found) {
        expect(() => katex.renderToString(tex, { strict: 'error', throwOnError: true }), tex).not.toThrow();
        // KaTeX takes the option of an environment for something to print.
        expect(tex).not.toContain('}[');
      }
    }
  });
});

test.each(IDS)('the claim of %s defines no name twice', (id) => {
  const [claim = ''] = text(published(id)).split('Definitions and assumptions');
  const names = [...claim.matchAll(/^ {4}(\w+)\([^)]*\) = /gm)].map(([, name]) => name);
  expect(new Set(names).size).toBe(names.length);
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
