/** Published losses as formulas, each with what is granted about its names. */

export interface Published {
  readonly id: string;
  readonly loss: string;
  readonly assume: readonly string[];
  readonly data: readonly string[];
}

export const h = (y: string): string => `log(pi(${y}) / ref(${y}))`;
export const a = (y: string): string => `log(pi(${y})) / len(${y})`;
export const difference = (s: (y: string) => string): string => `(${s('w')} - (${s('l')}))`;
export const S = (u: string): string => `-log(sigmoid(${u}))`;
export const d = difference(h);
export const dpo = `beta * ${d}`;
export const forward = (y: string): string => `sum(t, ${y}, kl(ref, pi, ${y}, t))`;
const masked = (y: string): string => `sum(t, ${y}, m(${y}, t) * log(pi(${y}, t) / ref(${y}, t)))`;
const reverse =
  (m: string) =>
  (y: string): string =>
    `sum(t, ${y}, ${m}(${y}, t) * kl(pi, ref, ${y}, t))`;
const odds = (y: string): string => `(${a(y)} - log(1 - exp(${a(y)})))`;
const ratio = (y: string): string => `pi(${y}) / ref(${y})`;
/** Tokens beyond the shorter response count alpha. */
const shared = (y: string): string =>
  `sum(t, ${y}, (indicator(t <= min(len(w), len(l))) + alpha * indicator(min(len(w), len(l)) < t)) * log(pi(${y}, t) / ref(${y}, t)))`;

const BETA = ['beta > 0'];
const published = (
  id: string,
  loss: string,
  assume: readonly string[] = [],
  data: readonly string[] = [],
): Published => ({ id, loss, assume: [...BETA, ...assume], data });

export const PUBLISHED: readonly Published[] = [
  published('dpo', S(dpo)),
  published('adpo', S(dpo)),
  published(
    'dice',
    S(`beta * ${difference((y) => `log(pi(${y}) / prev(${y}))`)}`),
    [],
    ['prev(y) distribution'],
  ),
  published('h-dpo', S('alpha * beta * (log(pi(w)) - log(pi(l))) - beta * (log(ref(w)) - log(ref(l)))'), [
    'alpha > 0',
  ]),
  published('simpo', S(`beta * ${difference(a)} - gamma`), ['gamma >= 0']),
  published('r-dpo', S(`${dpo} + alpha * (len(w) - len(l))`), ['alpha >= 0']),
  published('tdpo1', S(`${dpo} - beta * (${forward('l')} - ${forward('w')})`)),
  published('tdpo2', S(`${dpo} - alpha * beta * (${forward('l')} - stopgrad(${forward('w')}))`), [
    'alpha > 0',
  ]),
  published(
    'tis-dpo',
    S(`beta * ${difference(masked)} - alpha * beta * ${difference(reverse('m'))}`),
    ['alpha >= 0'],
    ['m(y,t) >= 0'],
  ),
  published(
    'sparsepo',
    S(`beta * ${difference(masked)} - beta * (${reverse('md')('l')} - ${reverse('md')('w')})`),
    [],
    ['m(y,t) >= 0', 'md(y,t) >= 0'],
  ),
  published('sdpo', S(`beta * ${difference(masked)}`), [], ['m(y,t) boolean']),
  published(
    'rainbowpo',
    S(
      `beta * phi * (${difference(a)} - m * (log(ref(w)) / len(w) - log(ref(l)) / len(l)) - (1 - m) * gamma)`,
    ),
    ['phi > 0', '0 <= m <= 1', 'gamma >= 0'],
  ),
  published('ln-dpo', S(`beta * (${h('w')} / len(w) - ${h('l')} / len(l))`)),
  published('modpo', S(`(${dpo} - lambda * (score(w) - score(l))) / omega`), ['omega > 0'], ['score(y)']),
  published(
    'sipo',
    `omega * (${S(dpo)}) + (1 - omega) * (${S(`beta * ${difference((y) => `log(pi(${y}) / ref2(${y}))`)}`)})`,
    ['0 < omega < 1'],
    ['ref2(y) distribution'],
  ),
  published(
    'kto',
    `1 - sigmoid(beta * (${h('w')} - z())) + 1 - sigmoid(beta * (z() - ${h('l')}))`,
    [],
    ['z() >= 0'],
  ),
  published('ipo', `(${d} - 1 / (2 * beta))^2`),
  published('ipo-avg', `(${h('w')} / len(w) - ${h('l')} / len(l) - 1 / (2 * beta))^2`),
  published('slic', `max(0, 1 - ${dpo})`),
  published('cdpo', `(1 - e) * (${S(dpo)}) + e * (${S(`-(${dpo})`)})`, ['0 <= e', 'e < 1/2']),
  published('robust-dpo', `((1 - e) * (${S(dpo)}) - e * (${S(`-(${dpo})`)})) / (1 - 2 * e)`, [
    '0 <= e',
    'e < 1/2',
  ]),
  published('cpo', `${S('beta * (log(pi(w)) - log(pi(l)))')} - lambda * log(pi(w))`, ['lambda >= 0']),
  published('rpo', `${S(dpo)} - lambda * ${a('w')}`, ['lambda >= 0']),
  published('orpo', `-(${a('w')}) + lambda * (${S(`${odds('w')} - ${odds('l')}`)})`, ['lambda > 0']),
  published('fdpo-js', S(`beta * ${difference((y) => `log(2 * ${ratio(y)} / (1 + ${ratio(y)}))`)}`)),
  published('fdpo-forward', S(`beta * (ref(l) / pi(l) - ref(w) / pi(w))`)),
  published('fdpo-alpha', S(`beta * ${difference((y) => `(1 - (${ratio(y)})^(-alpha)) / alpha`)}`), [
    '0 < alpha < 1',
  ]),
  published('chi-po', S(`beta * ${difference((y) => `(${ratio(y)} + ${h(y)})`)}`)),
  published('dpop', S(`beta * (${d} - lambda * max(0, -${h('w')}))`), ['lambda >= 0']),
  published('odpo', S(`${dpo} - alpha * log(score(w) - score(l))`), ['alpha >= 0'], ['score(y)']),
  published('ld-dpo', S(`beta * (${shared('w')} - ${shared('l')})`), ['0 <= alpha <= 1']),
  published('wpo', `stopgrad(min(1, exp(${a('w')} + ${a('l')}))) * (${S(dpo)})`),
  published(
    'exo',
    `sigmoid(${dpo}) * (logsigmoid(${dpo}) - log(1 - e)) + sigmoid(-(${dpo})) * (logsigmoid(-(${dpo})) - log(e))`,
    ['0 < e < 1'],
  ),
  published(
    'nca',
    `softplus(-beta * ${h('w')}) + softplus(beta * ${h('w')}) / 2 + softplus(beta * ${h('l')}) / 2`,
  ),
  published('sppo', `(${h('w')} - 1 / (2 * beta))^2 + (${h('l')} + 1 / (2 * beta))^2`),
  published(
    'alpha-dpo',
    S(`beta * ${difference(a)} - stopgrad(gamma + alpha * (${d} - mu()) / sd())`),
    ['gamma >= 0', 'alpha >= 0'],
    ['mu()', 'sd() > 0'],
  ),
  published(
    'alpha-dpo-not-standardised',
    S(`beta * ${difference(a)} - gamma - alpha * stopgrad(${h('w')} / len(w) - ${h('l')} / len(l))`),
    ['gamma >= 0', 'alpha >= 0'],
  ),
  published(
    'beta-dpo',
    S(`beta * (1 + alpha * (stopgrad(beta * ${d}) - M())) * ${d}`),
    ['alpha > 0'],
    ['M()'],
  ),
  published('cal-dpo', `${S(d)} + (${h('w')} - 1 / (2 * beta))^2 + (${h('l')} + 1 / (2 * beta))^2`),
  published('simper', `-exp(${a('w')}) + exp(${a('l')})`),
  published('alphapo', S(`beta * ${difference((y) => `(1 - exp(-alpha * ${a(y)})) / alpha`)} - gamma`), [
    'alpha > 0',
    'gamma >= 0',
  ]),
  published('apo-zero', `1 - sigmoid(beta * ${h('w')}) + sigmoid(beta * ${h('l')})`),
  published('apo-down', `sigmoid(beta * ${h('w')}) + 1 - sigmoid(${dpo})`),
  published(
    'bco',
    `${S(`beta * ${h('w')} - delta()`)} - log(sigmoid(-(beta * ${h('l')} - delta())))`,
    [],
    ['delta()'],
  ),
  published(
    'discopop',
    `softplus(-(${dpo})) * sigmoid(-(${dpo}) / tau) + exp(-(${dpo})) * sigmoid(${dpo} / tau)`,
    ['tau > 0'],
  ),
  published('dr-dpo', `-k * (sigmoid(${dpo})^(1 / k) / M() - 1 + log(M()))`, ['k > 0'], ['M() > 0']),
  published('aot', S(`beta * (log(pi(w)) - log(pi(l)) - q())`), [], ['q()']),
  published(
    'aot-unpaired',
    `${S(`beta * (${h('w')} - lower())`)} - log(sigmoid(beta * (upper() - ${h('l')})))`,
    [],
    ['lower()', 'upper()'],
  ),
  published('focal', `-(1 - sigmoid(${dpo}))^gamma * log(sigmoid(${dpo}))`, ['gamma >= 0']),
  published('exponential', `exp(-(${dpo}))`),
  published('cauchy', `log(1 + (${dpo} - 1)^2)`),
  published('sft', '-log(pi(w))', []),
];
