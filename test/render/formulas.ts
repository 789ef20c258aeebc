/** Published losses and their priors as a paper and a terminal show them, looked at as a referee would. */

import type { Expr } from '../../src/expr/expr.ts';
import { apply, divide, log, minus, mul, sum, sym, variable } from '../../src/expr/expr.ts';
import { parse } from '../../src/syntax/parse.ts';

interface Shown {
  readonly e: Expr;
  readonly latex: string;
  readonly text: string;
}

const raw = String.raw;
const W = variable('w', 'response');
const L = variable('l', 'response');
const Y = variable('y', 'response');
const T = variable('t', 'token');
const X = variable('x', 'prompt');

const H = '(log(pi(w) / ref(w)) - log(pi(l) / ref(l)))';
const TEX = {
  hw: raw`\log \frac{\pi_\theta(y_w \mid x)}{\pi_{\mathrm{ref}}(y_w \mid x)}`,
  hl: raw`\log \frac{\pi_\theta(y_l \mid x)}{\pi_{\mathrm{ref}}(y_l \mid x)}`,
  aw: raw`\frac{\log \pi_\theta(y_w \mid x)}{\lvert y_w \rvert}`,
  al: raw`\frac{\log \pi_\theta(y_l \mid x)}{\lvert y_l \rvert}`,
};

const weighted = (y: typeof W): Expr =>
  sum(
    T,
    { kind: 'tokens', of: y },
    mul([apply('m', [y, T]), log(divide(apply('pi', [y, T]), apply('ref', [y, T])))]),
  );
const objective = sum(
  X,
  { kind: 'prompts' },
  mul([apply('D', [X]), sum(Y, { kind: 'responses' }, mul([apply('pi', [Y]), apply('r', [Y])]))]),
);

export const FORMULAS: Readonly<Record<string, Shown>> = {
  'DPO, loss': {
    e: parse(`-log(sigmoid(beta * ${H}))`),
    latex: raw`-\log \sigma\left( \beta \left( ${TEX.hw} - ${TEX.hl} \right) \right)`,
    text: '-log σ(β·(log(π(y_w)/π_ref(y_w)) - log(π(y_l)/π_ref(y_l))))',
  },
  'R-DPO, loss': {
    e: parse(`-log(sigmoid(alpha * (len(w) - len(l)) + beta * ${H}))`),
    latex: raw`-\log \sigma\left( \beta \left( ${TEX.hw} - ${TEX.hl} \right) + \alpha (\lvert y_w \rvert - \lvert y_l \rvert) \right)`,
    text: '-log σ(β·(log(π(y_w)/π_ref(y_w)) - log(π(y_l)/π_ref(y_l))) + α·(|y_w| - |y_l|))',
  },
  'H-DPO, loss': {
    e: parse('-log(sigmoid(alpha*beta*(log(pi(w)) - log(pi(l))) - beta*(log(ref(w)) - log(ref(l)))))'),
    latex: raw`-\log \sigma\bigl( \alpha \beta (\log \pi_\theta(y_w \mid x) - \log \pi_\theta(y_l \mid x)) - \beta (\log \pi_{\mathrm{ref}}(y_w \mid x) - \log \pi_{\mathrm{ref}}(y_l \mid x)) \bigr)`,
    text: '-log σ(α·β·(log π(y_w) - log π(y_l)) - β·(log π_ref(y_w) - log π_ref(y_l)))',
  },
  'SimPO, loss': {
    e: parse('-log(sigmoid(beta * (log(pi(w))/len(w) - log(pi(l))/len(l)) - gamma))'),
    latex: raw`-\log \sigma\left( \beta \left( ${TEX.aw} - ${TEX.al} \right) - \gamma \right)`,
    text: '-log σ(β·(log π(y_w)/|y_w| - log π(y_l)/|y_l|) - γ)',
  },
  'SimPO, logit multiplied out, in no order': {
    e: parse('-gamma + -1*beta*log(pi(l))/len(l) + beta*log(pi(w))/len(w)'),
    latex: raw`\frac{\beta}{\lvert y_w \rvert} \log \pi_\theta(y_w \mid x) - \frac{\beta}{\lvert y_l \rvert} \log \pi_\theta(y_l \mid x) - \gamma`,
    text: '(β/|y_w|)·log π(y_w) - (β/|y_l|)·log π(y_l) - γ',
  },
  'R-DPO, prior': {
    e: parse('ref(y) * exp(-(alpha / beta) * len(y))'),
    latex: raw`\pi_{\mathrm{ref}}(y \mid x) \exp\left( -\frac{\alpha}{\beta} \lvert y \rvert \right)`,
    text: 'π_ref(y)·exp(-(α/β)·|y|)',
  },
  'H-DPO, prior': {
    e: parse('ref(y)^(1/alpha)'),
    latex: raw`\pi_{\mathrm{ref}}(y \mid x)^{1/\alpha}`,
    text: 'π_ref(y)^(1/α)',
  },
  'SimPO, prior': {
    e: parse('pi(y)^(1 - 1/len(y))'),
    latex: raw`\pi_\theta(y \mid x)^{1 - 1/\lvert y \rvert}`,
    text: 'π(y)^(1 - 1/|y|)',
  },
  'TDPO, sequential divergence': {
    e: parse('sum(t, w, kl(ref, pi, w, t))'),
    latex: raw`\sum_{t=1}^{\lvert y_w \rvert} \sum_{v \in \mathcal{V}} \pi_{\mathrm{ref}}(v \mid x, y_{w,<t}) \log \frac{\pi_{\mathrm{ref}}(v \mid x, y_{w,<t})}{\pi_\theta(v \mid x, y_{w,<t})}`,
    text: 'Σ_t Σ_v π_ref(v|y_w,<t)·log(π_ref(v|y_w,<t)/π(v|y_w,<t))',
  },
  "the framework's weight": {
    e: mul([sym('beta'), parse('1'), apply('kl_weight', [])]),
    latex: raw`\beta \tau`,
    text: 'β·τ',
  },
  'TIS-DPO, token weights': {
    e: divide(weighted(W), sym('k')),
    latex: raw`\frac{1}{k} \sum_{t=1}^{\lvert y_w \rvert} m_t(y_w) \log \frac{\pi_\theta(y_{w,t} \mid x, y_{w,<t})}{\pi_{\mathrm{ref}}(y_{w,t} \mid x, y_{w,<t})}`,
    text: '(Σ_t m_t(y_w)·log(π(y_w,t)/π_ref(y_w,t)))/k',
  },
  'TIS-DPO, rejected before chosen in the source': {
    e: parse('sum(t, w, log(pi(w,t))) - sum(t, l, log(pi(l,t)))'),
    latex: raw`\sum_{t=1}^{\lvert y_w \rvert} \log \pi_\theta(y_{w,t} \mid x, y_{w,<t}) - \sum_{t=1}^{\lvert y_l \rvert} \log \pi_\theta(y_{l,t} \mid x, y_{l,<t})`,
    text: 'Σ_t log π(y_w,t) - Σ_t log π(y_l,t)',
  },
  'IPO, loss': {
    e: parse(`(${H} - 1/(2*beta))^2`),
    latex: raw`\left( ${TEX.hw} - ${TEX.hl} - \frac{1}{2 \beta} \right)^{2}`,
    text: '(log(π(y_w)/π_ref(y_w)) - log(π(y_l)/π_ref(y_l)) - 1/(2·β))^2',
  },
  'SLiC, hinge': {
    e: parse(`max(0, 1 - beta * ${H})`),
    latex: raw`\max\left( 0, 1 - \beta \left( ${TEX.hw} - ${TEX.hl} \right) \right)`,
    text: 'max(0, 1 - β·(log(π(y_w)/π_ref(y_w)) - log(π(y_l)/π_ref(y_l))))',
  },
  'ORPO, log-odds': {
    e: parse('log(pi(w))/len(w) - log(1 - exp(log(pi(w))/len(w)))'),
    latex: raw`${TEX.aw} - \log\left( 1 - \exp\left( ${TEX.aw} \right) \right)`,
    text: 'log π(y_w)/|y_w| - log(1 - exp(log π(y_w)/|y_w|))',
  },
  'WPO, weighted loss': {
    e: parse('stopgrad(min(1, pi(w))) * -log(sigmoid(beta * log(pi(w))))'),
    latex: raw`-\operatorname{sg}[\min(1, \pi_\theta(y_w \mid x))] \log \sigma(\beta \log \pi_\theta(y_w \mid x))`,
    text: '-sg[min(1, π(y_w))]·log σ(β·log π(y_w))',
  },
  'f-DPO, Jensen-Shannon': {
    e: parse('log(2 * pi(y) / (pi(y) + ref(y)))'),
    latex: raw`\log \frac{2 \pi_\theta(y \mid x)}{\pi_\theta(y \mid x) + \pi_{\mathrm{ref}}(y \mid x)}`,
    text: 'log(2·π(y)/(π(y) + π_ref(y)))',
  },
  'the optimal policy': {
    e: parse('zeta(y) * exp(r(y) / alpha) / Z()'),
    latex: raw`\frac{1}{Z(x)} \zeta(y \mid x) \exp\left( \frac{r(x, y)}{\alpha} \right)`,
    text: 'ζ(y)·exp(r(x,y)/α)/Z(x)',
  },
  'the implicit reward': {
    e: parse('alpha * log(pi(y) / zeta(y)) + alpha * log(Z())'),
    latex: raw`\alpha \log \frac{\pi_\theta(y \mid x)}{\zeta(y \mid x)} + \alpha \log Z(x)`,
    text: 'α·log(π(y)/ζ(y)) + α·log Z(x)',
  },
  'expected reward': {
    e: objective,
    latex: raw`\sum_{x} \mathcal{D}(x) \sum_{y} \pi_\theta(y \mid x) \, r(x, y)`,
    text: 'Σ_x D(x)·Σ_y π(y)·r(x,y)',
  },
  'Bradley-Terry': {
    e: minus(log(apply('prefers', [W, L]))),
    latex: raw`-\log p(y_w \succ y_l \mid x)`,
    text: '-log p(y_w ≻ y_l)',
  },
  'sigmoid spelled out': {
    e: parse('1 / (1 + exp(-beta * u))'),
    latex: raw`\frac{1}{1 + e^{-\beta u}}`,
    text: '1/(1 + exp(-β·u))',
  },
  'functions spelled through others': {
    e: parse('log1p(exp(-u)) - logsigmoid(u) + relu(u) * expm1(u)'),
    latex: raw`\log(1 + e^{-u}) - \log \sigma(u) + (e^{u} - 1) \max(0, u)`,
    text: 'log(1 + exp(-u)) - log σ(u) + (exp(u) - 1)·max(0, u)',
  },
  'label smoothing': {
    e: parse('((1 - epsilon) * u - epsilon * s) / (1 - 2 * epsilon)'),
    latex: raw`\frac{u (1 - \epsilon) - \epsilon s}{1 - 2 \epsilon}`,
    text: '(u·(1 - ε) - ε·s)/(1 - 2·ε)',
  },
  'indicator and bounds': {
    e: parse('sum(t, w, indicator(t <= min(len(w), len(l)))) + clamp(u, 0, 1) + abs(len(w) - len(l))'),
    latex: raw`\lvert \lvert y_w \rvert - \lvert y_l \rvert \rvert + \sum_{t=1}^{\lvert y_w \rvert} \mathbf{1}[t \le \min(\lvert y_w \rvert, \lvert y_l \rvert)] + \operatorname{clamp}(u, 0, 1)`,
    text: 'abs(|y_w| - |y_l|) + Σ_{t≤|y_w|} 1[t ≤ min(|y_w|, |y_l|)] + clamp(u, 0, 1)',
  },
  numbers: {
    e: parse('0.1 * a + 1/2 * b - 2 * 3 * c'),
    latex: raw`0.1 a + \frac{b}{2} - 2 \cdot 3 c`,
    text: '0.1·a + b/2 - 2·3·c',
  },
  'roots and powers': {
    e: parse('sqrt(a) * b^(-1/2) * (-2)^n * (a^b)^c'),
    latex: raw`\frac{\sqrt{a} (a^{b})^{c} (-2)^{n}}{\sqrt{b}}`,
    text: '√(a)·(a^b)^c·(-2)^n/√(b)',
  },
  differences: {
    e: parse('-(a + b) * c - (a - b) - a / (b / c)'),
    latex: raw`-c (a + b) - (a - b) - \frac{a}{\frac{b}{c}}`,
    text: '-c·(a + b) - (a - b) - a/(b/c)',
  },
  'logarithms side by side': {
    e: parse('log(a) * log(b) + log(a * b) + log(log(a)) + log(a)^2'),
    latex: raw`\log(a) \log b + \log(a b) + \log(\log a) + (\log a)^{2}`,
    text: 'log(a)·log b + log(a·b) + log(log a) + (log a)^2',
  },
  names: {
    e: parse('beta_1 * gamma_beta_ratio * lambda_sft * e'),
    latex: raw`\beta_{1} \, \mathrm{e} \, \mathrm{gamma\_beta\_ratio} \, \lambda_{\mathrm{sft}}`,
    text: 'β_1·e·gamma_beta_ratio·λ_sft',
  },
};
