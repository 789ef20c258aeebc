/**
 * The mutual-information reading of a prior that is the same for every prompt: its mean divergence is the mutual
 * information of prompt and response and its divergence from the policy's marginal, which is the best prior.
 */

import { algebraStep, reached, rewriteAt, rowNamed } from '../engine/rewrite.ts';
import type { Declarations } from '../expr/declare.ts';
import { datumOf } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { add, apply, divide, log, mul, num, subtract } from '../expr/expr.ts';
import type { Path } from '../expr/walk.ts';
import { replaceAt } from '../expr/walk.ts';
import type { Stage, Step } from '../trace/trace.ts';
import { divergence, overPrompts, overResponses, policy } from './objective.ts';
import { RESPONSE } from './score.ts';
import { backward, rowOf, stage, turned } from './stage.ts';

const MARGINAL = apply('policy_marginal', [RESPONSE]);
const PRIOR = apply('prior_density', [RESPONSE]);
const INFORMATION = apply('mutual_information', []);
const GAP = divergence(MARGINAL, PRIOR);
/** E_x KL(pi || prior), and the same for the marginal. */
const MEAN = overPrompts(divergence(policy, PRIOR));
const LEAST = overPrompts(divergence(policy, MARGINAL));
const DECOMPOSED = add([INFORMATION, GAP]);

/**
 * I0 that the marginal and the prior are distributions; I1 the decomposition; I2 that the mutual information is
 * the least mean divergence, and that the marginal attains it. For priors that the prompt does not enter.
 */
export function informationStages(declared: Declarations): readonly Stage[] {
  const density = datumOf(declared, 'prior_density');
  // What its definition says, known before it is opened.
  const known: Declarations =
    density === undefined
      ? declared
      : { ...declared, data: { ...declared.data, prior_density: { ...density, prompt: false } } };
  const proved = (id: string, start: Expr, goal: Expr, moves: readonly Move[]): Stage =>
    stage(id, start, goal, followed(start, moves, known));
  return [
    proved('I0-marginal', overResponses(MARGINAL), num(1), MARGINAL_TOTAL),
    proved('I0-prior', overResponses(PRIOR), num(1), PRIOR_TOTAL),
    proved('I1', MEAN, DECOMPOSED, DECOMPOSITION),
    {
      ...proved('I2', INFORMATION, MEAN, BOUND),
      relation: '<=',
      uses: ['I0-marginal', 'I0-prior', 'I1'],
    },
    proved('I2-attained', LEAST, INFORMATION, [folded([], 'mutual-information')]),
  ];
}

type Move = (here: Expr, declared: Declarations) => Step | undefined;

/** The moves one after the other, up to the first that cannot be made. */
function followed(start: Expr, moves: readonly Move[], declared: Declarations): readonly Step[] {
  const steps: Step[] = [];
  for (const move of moves) {
    const step = move(reached(start, steps), declared);
    if (step === undefined) break;
    steps.push(step);
  }
  return steps;
}

const by =
  (path: Path, id: string): Move =>
  (here, declared) =>
    rewriteAt(here, path, rowNamed(id), declared);
const folded =
  (path: Path, id: string): Move =>
  (here, declared) => {
    const step = rewriteAt(here, path, turned(rowNamed(id)), declared);
    return step && backward([step])[0];
  };
const regrouped =
  (path: Path, to: Expr): Move =>
  (here) =>
    algebraStep(here, path, to);
const line =
  (move: Move): Move =>
  (here, declared) => {
    const step = move(here, declared);
    return step && { ...step, waypoint: true };
  };

const PROMPTS = apply('D', [overPrompts(num(1)).index]);

const MARGINAL_TOTAL: readonly Move[] = [
  by([0], 'policy-marginal'),
  folded([], 'prompts-and-responses'),
  by([0], 'response-sum-of-product'),
  by([0, 1], 'policy-is-normalised'),
  regrouped([0], PROMPTS),
  by([], 'prompts-are-normalised'),
];

const PRIOR_TOTAL: readonly Move[] = [
  by([0], 'prior-density'),
  by([], 'response-sum-of-product'),
  regrouped([], num(1)),
];

const logRatio = (p: Expr, q: Expr): Expr => log(divide(p, q));
const apart = (p: Expr, q: Expr): Expr => subtract(log(p), log(q));
const [INNER, OUTER] = [logRatio(policy, MARGINAL), logRatio(MARGINAL, PRIOR)];

/** log(pi/prior) = log(pi/marginal) + log(marginal/prior), and the second one does not depend on the prompt. */
const DECOMPOSITION: readonly Move[] = [
  by([0, 1, 0, 1], 'log-quotient'),
  regrouped([0, 1, 0, 1], add([apart(policy, MARGINAL), apart(MARGINAL, PRIOR)])),
  folded([0, 1, 0, 1, 0], 'log-quotient'),
  line(folded([0, 1, 0, 1, 1], 'log-quotient')),
  regrouped([0, 1, 0], add([mul([policy, INNER]), mul([policy, OUTER])])),
  by([0, 1], 'response-sum-of-sum'),
  regrouped(
    [0],
    add([
      mul([PROMPTS, overResponses(mul([policy, INNER]))]),
      mul([PROMPTS, overResponses(mul([policy, OUTER]))]),
    ]),
  ),
  by([], 'prompt-sum-of-sum'),
  line(folded([0], 'mutual-information')),
  folded([1, 0], 'response-sum-of-product'),
  by([1], 'prompts-and-responses'),
  regrouped([1, 0, 0], mul([OUTER, mul([PROMPTS, policy])])),
  by([1, 0], 'prompt-sum-of-product'),
  folded([1, 0, 1], 'policy-marginal'),
];

/** A divergence of nothing less than zero is added. */
const BOUND: readonly Move[] = [
  regrouped([], add([INFORMATION, num(0)])),
  (here) => ({
    rule: 'gibbs-inequality',
    direction: 'backward',
    at: [1],
    bindings: { _p: MARGINAL, _q: PRIOR },
    after: replaceAt(here, [1], GAP) ?? here,
    waypoint: true,
  }),
  (here, declared) => {
    const step = rewriteAt(here, [], turned(rowOf({ id: 'I1', lhs: MEAN, rhs: DECOMPOSED })), declared);
    return step && backward([step])[0];
  },
];
