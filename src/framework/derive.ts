/** The derivation, stage by stage, from the objective to the published loss (S1 to S4 are in objective.ts). */

import { joinByAlgebra } from '../engine/algebra.ts';
import { prove } from '../engine/prove.ts';
import type { Row } from '../engine/rewrite.ts';
import { reached, rowNamed } from '../engine/rewrite.ts';
import { substitute } from '../expr/binder.ts';
import type { Datum, Declarations } from '../expr/declare.ts';
import type { Apply, Expr } from '../expr/expr.ts';
import { apply, divide, log, minus, mul, sigmoid, subtract, variable } from '../expr/expr.ts';
import { flatten, sameUpToOrder } from '../expr/flat.ts';
import { collect } from '../forms/collect.ts';
import { isMetavariable } from '../rules/rule.ts';
import type { Definition, Remark, Stage, Step, Trace } from '../trace/trace.ts';
import { gradientStage, priorGradientStage } from './gradient.ts';
import { informationStages } from './information.ts';
import { unspelled } from './letters.ts';
import type { Prior } from './membership.ts';
import { objectiveStages } from './objective.ts';
import { CHOSEN, logitOf, REJECTED, RESPONSE } from './score.ts';
import { backward, everywhere, rowOf, shown, stage } from './stage.ts';
import type { Tier } from './tier.ts';
import { usesPolicy } from './tier.ts';
import { spellingOf } from './written.ts';

/** What is derived: a published loss, a file's own definitions, and the prior to start from. */
export interface Problem {
  readonly claim: string;
  readonly declared: Declarations;
  /** name(params) = body; params are variables. */
  readonly definitions: readonly {
    readonly name: string;
    readonly params: readonly { readonly name: string; readonly sort: Datum['shapes'][number][number] }[];
    readonly body: Expr;
  }[];
  readonly loss: Expr;
  readonly prior: Prior;
  readonly tier: Tier;
  readonly gradientTier: Tier;
}

const WEIGHT = apply('kl_weight', []);
const PREFERENCE = apply('prefers', [CHOSEN, REJECTED]);
const zetaOf = (y: Expr): Apply => apply('zeta', [y]);
const policyOf = (y: Expr): Apply => apply('pi', [y]);

/** weight * log(pi(y)/zeta(y)). */
const implicitReward = (y: Expr): Expr => mul([WEIGHT, log(divide(policyOf(y), zetaOf(y)))]);
const margin = flatten(subtract(implicitReward(CHOSEN), implicitReward(REJECTED)));

/** The derivation of a loss from its prior. Its steps are found, not judged: whether it holds is for the checker. */
export function deriveLoss(problem: Problem): Trace {
  const definitions = [...priorDefinitions(problem.prior), ...ownDefinitions(problem)];
  const trace = (stages: readonly Stage[]): Trace => ({
    schema: 'midpo/trace',
    version: 1,
    claim: problem.claim,
    declared: problem.declared,
    definitions,
    stages,
  });
  const frozen: readonly Remark[] =
    problem.tier === 'policy-dependent' || problem.tier === 'label-dependent'
      ? [{ kind: 'frozen-prior' }]
      : [];
  const objective = objectiveStages(frozen);
  const [preference, loss] = [preferenceStage(problem, objective), lossStage(problem)];
  const prior = priorStage(problem, loss.goal, definitions);
  const closed = closedStage(problem, prior.goal);
  const match = matchStage(problem, closed.goal, definitions);
  return trace([
    ...objective,
    preference,
    loss,
    prior,
    closed,
    match,
    gradientStage({
      declared: problem.declared,
      loss: problem.loss,
      match: isOfValues(match.steps) ? undefined : match,
      definitions: definitions.filter(isOwn),
    }),
    ...priorGradients(problem, definitions),
    ...(problem.tier === 'marginal' ? informationStages(problem.declared) : []),
  ]);
}

/** Where the policy enters a prior: at any response, or at that of each label. */
function priorGradients({ declared }: Problem, definitions: readonly Definition[]): readonly Stage[] {
  return definitions.flatMap((prior) => {
    const { id, lhs, rhs } = prior;
    if (!id.startsWith('prior') || lhs.kind !== 'apply' || !usesPolicy(rhs, declared)) return [];
    const [of = RESPONSE] = lhs.args;
    const y = of.kind === 'var' && isMetavariable(of.name) ? RESPONSE : of;
    return [priorGradientStage(id.replace('prior', 'S10-prior'), prior, zetaOf(y), declared)];
  });
}

function priorDefinitions(prior: Prior): readonly Definition[] {
  const meta = variable('_y', 'response');
  const generic = (e: Expr): Expr => substitute(e, [[RESPONSE, meta]]);
  const atResponse = (e: Expr, y: typeof RESPONSE): Expr => substitute(e, [[RESPONSE, y]]);
  const weight = prior.kind === 'one' ? prior.prior.weight : prior.chosen.weight;
  const zetas: readonly Definition[] =
    prior.kind === 'one'
      ? [{ id: 'prior', lhs: zetaOf(meta), rhs: generic(prior.prior.zeta) }]
      : [
          { id: 'prior-chosen', lhs: zetaOf(CHOSEN), rhs: atResponse(prior.chosen.zeta, CHOSEN) },
          { id: 'prior-rejected', lhs: zetaOf(REJECTED), rhs: atResponse(prior.rejected.zeta, REJECTED) },
        ];
  return [...zetas, { id: 'weight', lhs: WEIGHT, rhs: weight }];
}

const isOwn = ({ id }: Definition): boolean => id.startsWith('definition-of-');

/** A file's definition `h(y)` as an equation in metavariables. */
function ownDefinitions({ definitions }: Problem): readonly Definition[] {
  return definitions.map(({ name, params, body }) => {
    const pairs = params.map(({ name: p, sort }) => [variable(p, sort), variable(`_${p}`, sort)] as const);
    return {
      id: `definition-of-${name}`,
      lhs: apply(
        name,
        pairs.map(([, meta]) => meta),
      ),
      rhs: substitute(body, pairs),
    };
  });
}

/** S5: Bradley-Terry; the reward of each response under the prior (S4); the partition function cancels. */
function preferenceStage({ declared, tier }: Problem, objective: readonly Stage[]): Stage {
  const first = everywhere(PREFERENCE, rowNamed('bradley-terry'), declared);
  const reward = objective.find(({ id }) => id === 'S4');
  const meta = variable('_y', 'response');
  const schematic = (e: Expr): Expr => substitute(e, [[RESPONSE, meta]]);
  const rows: readonly Row[] =
    reward === undefined
      ? []
      : [{ id: 'S4', lhs: schematic(reward.goal), rhs: schematic(reward.start), where: [] }];
  const second = backward(rows.flatMap((row) => everywhere(reached(PREFERENCE, first), row, declared)));
  const here = reached(PREFERENCE, [...first, ...second]);
  const goal = sigmoid(margin);
  const third = joinByAlgebra(here, [], goal, declared);
  const remarks: readonly Remark[] = tier === 'label-dependent' ? [{ kind: 'one-partition' }] : [];
  const steps = [...shown(first), ...shown(second), ...shown(third)];
  return stage('S5', PREFERENCE, goal, steps, { uses: ['S4'], remarks });
}

/** S6: maximum likelihood. */
function lossStage({ declared }: Problem): Stage {
  const start = minus(log(PREFERENCE));
  const goal = minus(log(sigmoid(margin)));
  const row: Row = { id: 'S5', lhs: PREFERENCE, rhs: sigmoid(margin), where: [] };
  return stage('S6', start, goal, everywhere(start, row, declared), { uses: ['S5'] });
}

/** S7: the variant's prior and weight. */
function priorStage(
  { declared, tier, prior }: Problem,
  start: Expr,
  definitions: readonly Definition[],
): Stage {
  const used = definitions.filter(({ id }) => id.startsWith('prior') || id === 'weight');
  const steps: Step[] = [];
  for (const definition of used) {
    steps.push(...shown(everywhere(reached(start, steps), rowOf(definition), declared)));
  }
  const depends = prior.kind === 'one' ? usesPolicy(prior.prior.zeta, declared) : true;
  const remarks: Remark[] = [
    ...(tier === 'label-dependent' ? [{ kind: 'label-prior' } as const] : []),
    ...(depends && tier !== 'label-dependent' ? [{ kind: 'frozen-prior' } as const] : []),
  ];
  return stage('S7', start, flatten(reached(start, steps)), steps, {
    uses: used.map(({ id }) => id),
    continues: 'S6',
    remarks,
  });
}

/** S8: the closed form, collected as a paper writes it. */
function closedStage({ declared }: Problem, start: Expr): Stage {
  const spelling = spellingOf(start, declared);
  const spelled = spelling.spell(start);
  const known = spelled === start ? declared : spelling.declared();
  const u = logitOf(spelled, known);
  const collected = u === undefined ? undefined : collect(u, known);
  const goal = collected === undefined ? spelled : minus(log(sigmoid(collected)));
  const steps = unspelled(prove(spelled, goal, [], known), spelling);
  return stage('S8', start, spelling.unspell(goal), steps, { continues: 'S7' });
}

/** The closed form has no stop-gradients: those of the loss that are not of constants are opened, in value. */
const OPENED = rowNamed('stop-gradient-value');
const isOfValues = (steps: readonly Step[]): boolean => steps.some(({ rule }) => rule === OPENED.id);

/** S9: the loss as published. */
function matchStage(problem: Problem, start: Expr, definitions: readonly Definition[]): Stage {
  const own = definitions.filter(isOwn);
  const rows = [...own.map(rowOf), OPENED];
  const steps = sameUpToOrder(start, problem.loss) ? [] : prove(start, problem.loss, rows, problem.declared);
  const remarks: Remark[] = isOfValues(steps) ? [{ kind: 'value-only' }] : [];
  return stage('S9', start, problem.loss, steps, { uses: own.map(({ id }) => id), continues: 'S8', remarks });
}
