/** The gradient of the loss (stage S10), and that of the prior where it moves with the policy. */

import { differentiated } from '../engine/gradient.ts';
import { prove } from '../engine/prove.ts';
import { exhaust, reached, rewriteAt, rowNamed, within } from '../engine/rewrite.ts';
import type { Declarations } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { grad, log, minus, mul, num, sigmoid } from '../expr/expr.ts';
import { flatten, sameUpToOrder } from '../expr/flat.ts';
import { at, some } from '../expr/walk.ts';
import { termsOf } from '../forms/canonise.ts';
import { collect, product, total } from '../forms/collect.ts';
import type { Definition, Stage, Step } from '../trace/trace.ts';
import { letters, unspelled } from './letters.ts';
import { constantFirst } from './prior.ts';
import { logitOf } from './score.ts';
import { backward, everywhere, rowOf, shown, stage, turned } from './stage.ts';
import { spellingOf } from './written.ts';

/** What the stage of the gradient starts from and may use. */
export interface Differentiable {
  readonly declared: Declarations;
  readonly loss: Expr;
  /** The stage that ends with the loss; undefined where it holds in value only. */
  readonly match: Stage | undefined;
  /** The file's own definitions. */
  readonly definitions: readonly Definition[];
}

const isGradient = (e: Expr): boolean => e.kind === 'grad';
const isFrozen = (e: Expr): boolean => e.kind === 'freeze';

/**
 * S10: the gradient of the published loss, in those of log-probabilities. Where the closed form is the loss in
 * value only its gradient is another one, and the published loss is simplified with its stop-gradients closed.
 */
export function gradientStage(problem: Differentiable): Stage {
  const { declared, loss, match } = problem;
  const start = grad(loss);
  const first = match === undefined ? simplified(start, problem) : [...matched(start, match, declared)];
  const opened = [...shown(first), ...chained(reached(start, first), declared)];
  const here = reached(start, opened);
  const last = collected(here, declared);
  const uses = match === undefined ? problem.definitions.map(({ id }) => id) : [match.id];
  return stage('S10', start, reached(here, last), [...opened, ...last], {
    uses,
    remarks: match === undefined ? [{ kind: 'published-gradient' }] : [],
  });
}

/** From the published loss back to the closed form: once, for the closed form may have the loss as a part. */
function matched(start: Expr, match: Stage, declared: Declarations): readonly Step[] {
  if (sameUpToOrder(match.start, match.goal)) return [];
  const row = turned(rowOf({ id: match.id, lhs: match.start, rhs: match.goal }));
  const step = rewriteAt(start, [0], row, declared);
  return step === undefined ? [] : backward([step]);
}

/** The loss as -log sigmoid of a collected logit, stop-gradients taken as letters. */
function simplified(start: Expr, { declared, loss, definitions }: Differentiable): readonly Step[] {
  const opened = exhaust(start, definitions.map(rowOf), declared);
  const here = at(reached(start, opened), [0]) ?? loss;
  const frozen = letters(isFrozen, declared);
  const spelled = frozen.spell(here);
  const known = frozen.declared();
  const u = logitOf(spelled, known);
  const written = u === undefined ? undefined : collect(u, known);
  if (written === undefined) return opened;
  const steps = unspelled(prove(spelled, minus(log(sigmoid(written))), [], known), frozen);
  return [...opened, ...within(reached(start, opened), [0], steps)];
}

/** Minus the log-sigmoid by the chain rule, shown with the gradient of the logit still to be taken. */
function chained(start: Expr, declared: Declarations): readonly Step[] {
  const front = rewriteAt(start, [], rowNamed('grad-scale'), declared);
  const chain = front && rewriteAt(front.after, [1], rowNamed('grad-log-sigmoid'), declared);
  return front === undefined || chain === undefined ? [] : shown([front, chain]);
}

/** The gradients taken, and what they come to as it is printed. */
function collected(start: Expr, declared: Declarations): readonly Step[] {
  const taken: Step[] = [];
  for (const path of places(start)) {
    const [whole, part] = [reached(start, taken), at(start, path)];
    if (part !== undefined) taken.push(...within(whole, path, differentiated(part, declared)));
  }
  const here = reached(start, taken);
  const scores = spellingOf(here, declared, (e) => isGradient(e) || isFrozen(e));
  const spelled = flatten(scores.spell(here));
  const known = scores.declared();
  const goal = printed(spelled, known) ?? spelled;
  const steps = [...taken, ...unspelled(prove(scores.spell(here), goal, [], known), scores)];
  return arranged(steps, scores.unspell(goal));
}

/** The last line in the order it is printed in, where the steps lead to it up to order. */
function arranged(steps: readonly Step[], goal: Expr): readonly Step[] {
  const last = steps.at(-1);
  if (last === undefined || !sameUpToOrder(last.after, goal)) return steps;
  return steps.with(-1, { ...last, after: goal });
}

/** Where the outermost gradients stand. */
function places(e: Expr, path: readonly number[] = []): readonly (readonly number[])[] {
  if (isGradient(e)) return [path];
  const parts = e.kind === 'add' ? e.terms : e.kind === 'mul' ? e.factors : [];
  return parts.flatMap((part, i) => places(part, [...path, i]));
}

/** Minus a sigmoid times a collected sum, its common factor in front: -beta sigmoid(-u) (...). */
function printed(e: Expr, declared: Declarations): Expr | undefined {
  const factors = factorsOf(e);
  const weight = factors.find((f) => f.kind === 'call' && f.fn === 'sigmoid');
  const [argument] = weight?.kind === 'call' ? weight.args : [];
  if (weight === undefined || argument === undefined) return written(e, declared);
  const rest = written(mul(factors.filter((f) => f !== weight)), declared);
  const turnedLogit = collect(argument, declared);
  if (rest === undefined || turnedLogit === undefined) return undefined;
  if (rest.kind === 'add') {
    const turned = written(minus(rest), declared);
    return turned && mul([num(-1), sigmoid(turnedLogit), turned]);
  }
  const parts = factorsOf(rest);
  const front = parts.filter((f) => !hasLetter(f));
  return mul([...front, sigmoid(turnedLogit), ...parts.filter(hasLetter)]);
}

const isLetter = (e: Expr): boolean => e.kind === 'apply' && e.name.startsWith('letter#');
const hasLetter = (e: Expr): boolean => some(e, isLetter);

/** A sum by letters: those of whole responses first; terms with one and the same letter as its coefficient times it. */
function written(e: Expr, declared: Declarations): Expr | undefined {
  const terms = termsOf(e, declared);
  if (terms === undefined) return undefined;
  const [only] = terms.map(owner);
  if (only !== undefined && terms.length > 1 && terms.every((t) => same(owner(t), only))) {
    const slopes = terms.map((t) => product(factorsOf(t).filter((f) => !same(f, only))));
    return mul([constantFirst(total(slopes), declared), only]);
  }
  const groups = [terms.filter(owner), terms.filter((t) => owner(t) === undefined)];
  const parts = groups.flatMap((group) => (group.length === 0 ? [] : [collect(total(group), declared)]));
  const known = parts.filter((part) => part !== undefined);
  return known.length < parts.length ? undefined : flatten(total(known));
}
const factorsOf = (e: Expr): readonly Expr[] => (e.kind === 'mul' ? e.factors : [e]);
const owner = (term: Expr): Expr | undefined => factorsOf(term).find(isLetter);
const same = (a: Expr | undefined, b: Expr): boolean => a !== undefined && sameUpToOrder(a, b);

/** The gradient of the logarithm of a prior that moves with the policy: what a frozen prior lacks. */
export function priorGradientStage(id: string, prior: Definition, zeta: Expr, declared: Declarations): Stage {
  const start = grad(log(zeta));
  const first = shown(everywhere(start, rowOf(prior), declared));
  const here = reached(start, first);
  const last = collected(here, declared);
  return stage(id, start, reached(here, last), [...first, ...last], {
    uses: [prior.id],
    remarks: [{ kind: 'prior-gradient' }],
  });
}
