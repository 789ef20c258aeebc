/** From the objective to the reward (stages S1 to S4): the same for every prior, since the prior is only a name here. */

import { prove } from '../engine/prove.ts';
import type { Row } from '../engine/rewrite.ts';
import { exhaust, reached, rewriteAt, rowNamed } from '../engine/rewrite.ts';
import type { Declarations } from '../expr/declare.ts';
import { NOTHING_DECLARED } from '../expr/declare.ts';
import type { Expr, Sum } from '../expr/expr.ts';
import { add, apply, divide, log, minus, mul, num, sum, variable } from '../expr/expr.ts';
import { nodes, replaceAt } from '../expr/walk.ts';
import type { Remark, Stage, Step } from '../trace/trace.ts';
import { RESPONSE } from './score.ts';
import { backward, stage, turned } from './stage.ts';

const PROMPT = variable('x', 'prompt');
const WEIGHT = apply('kl_weight', []);
const PARTITION = apply('Z', []);
export const policy = apply('pi', [RESPONSE]);
const prior = apply('zeta', [RESPONSE]);
const optimum = apply('pi_star', [RESPONSE]);
const reward = apply('r', [RESPONSE]);

export const overResponses = (body: Expr): Sum => sum(RESPONSE, { kind: 'responses' }, body);
export const overPrompts = (body: Expr): Sum =>
  sum(PROMPT, { kind: 'prompts' }, mul([apply('D', [PROMPT]), body]));
export const divergence = (p: Expr, q: Expr): Sum => overResponses(mul([p, log(divide(p, q))]));

const OBJECTIVE = overPrompts(
  add([overResponses(mul([policy, reward])), minus(mul([WEIGHT, divergence(policy, prior)]))]),
);
const BOUND = mul([WEIGHT, log(PARTITION)]);
const GIBBS_FORM = overPrompts(add([BOUND, minus(mul([WEIGHT, divergence(policy, optimum)]))]));

/** The stages that take the optimum: their remarks say what holds for a prior that moves with the policy. */
const OPTIMAL = ['S3', 'S4'];

/**
 * S1 the objective unfolded; S2 its Gibbs form; S3 that the optimum is a distribution, that no policy does
 * better, and that the optimum attains the bound; S4 the reward for which the policy is the optimum. They
 * mention built-in names only, so they are found once, whatever a variant declares.
 */
export function objectiveStages(remarks: readonly Remark[]): readonly Stage[] {
  found ??= findStages(NOTHING_DECLARED);
  return found.map((one) => (OPTIMAL.includes(one.id) ? { ...one, remarks } : one));
}
let found: readonly Stage[] | undefined;

function findStages(declared: Declarations): readonly Stage[] {
  const from = (start: Expr, rows: readonly Row[]): readonly Step[] => exhaust(start, rows, declared);
  const open = rowNamed('optimal-policy');
  const whole = overResponses(optimum);
  const self = divergence(optimum, optimum);
  const solved = add([mul([WEIGHT, log(divide(policy, prior))]), BOUND]);
  const optimal = from(solved, [rowNamed('policy-is-optimal')]);
  return [
    stage('S1', apply('objective', []), OBJECTIVE, onceFrom(apply('objective', []), 'objective', declared)),
    stage('S2', OBJECTIVE, GIBBS_FORM, completed(open, declared), { continues: 'S1' }),
    stage('S3-normalised', whole, num(1), normalised(whole, open, declared)),
    stage('S3', GIBBS_FORM, overPrompts(BOUND), bounded(declared), {
      continues: 'S2',
      relation: '<=',
      uses: ['S3-normalised'],
    }),
    stage('S3-attained', self, num(0), prove(self, num(0), [], declared)),
    stage('S4', solved, reward, [...optimal, ...prove(reached(solved, optimal), reward, [open], declared)]),
  ];
}

/** One rewriting of the whole. */
function onceFrom(start: Expr, id: string, declared: Declarations): readonly Step[] {
  const step = rewriteAt(start, [], rowNamed(id), declared);
  return step === undefined ? [] : [step];
}

/** Shown on the way: the prior's logarithm by itself, and the logarithms that make up that of the optimum. */
function completed(open: Row, declared: Declarations): readonly Step[] {
  const steps = prove(OBJECTIVE, GIBBS_FORM, [open], declared);
  const apart = steps.findIndex(({ rule }) => rule === 'log-quotient');
  const together = steps.findIndex(({ rule, direction }) => rule === 'log-exp' && direction === 'backward');
  return steps.map((step, i) => (i === apart || i === together - 1 ? { ...step, waypoint: true } : step));
}

/** sum_y pi*(y) = Z/Z = 1. */
function normalised(whole: Expr, open: Row, declared: Declarations): readonly Step[] {
  const opened = exhaust(whole, [open, rowNamed('response-sum-of-product')], declared);
  const folded = backward(
    exhaust(reached(whole, opened), [turned(rowNamed('partition-function'))], declared),
  );
  const steps = [...opened, ...folded];
  return [...steps, ...prove(reached(whole, steps), num(1), [], declared)];
}

/** The divergence from the optimum is at least zero, and it lowers the objective. */
function bounded(declared: Declarations): readonly Step[] {
  const wanted = divergence(policy, optimum);
  for (const [node, path] of nodes(GIBBS_FORM)) {
    if (node.kind !== 'sum' || node.range.kind !== wanted.range.kind) continue;
    const after = replaceAt(GIBBS_FORM, path, num(0));
    if (after === undefined) continue;
    const cited: Step = {
      rule: 'gibbs-inequality',
      direction: 'forward',
      at: path,
      bindings: { _p: policy, _q: optimum },
      after,
      waypoint: false,
    };
    return [cited, ...prove(after, overPrompts(BOUND), [], declared)];
  }
  throw new TypeError('the Gibbs form has no divergence');
}
