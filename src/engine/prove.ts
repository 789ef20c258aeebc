/** Finding a way from start to goal: both ends are expanded by rules, and the two expansions joined by algebra. */

import { same } from '../expr/binder.ts';
import type { Declarations } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { sameUpToOrder } from '../expr/flat.ts';
import { at } from '../expr/walk.ts';
import type { Step } from '../trace/trace.ts';
import { joinByAlgebra } from './algebra.ts';
import type { Row } from './rewrite.ts';
import { algebraStep, exhaust, reached, reversed, rowNamed } from './rewrite.ts';
import { looksAlgebraic } from './sample.ts';

/**
 * The rules that expand, in order of preference at one place: spellings of the logistic family towards
 * -log(sigmoid(u)), then logarithms of products and powers apart, then sums term by term.
 */
const EXPANDING = [
  'log-sigmoid-definition',
  'softplus-definition',
  'log-one-plus-definition',
  'exp-minus-one-definition',
  'root-definition',
  'relu-definition',
  'abs-definition',
  'max-positive',
  'stop-gradient-constant',
  'sigmoid-reciprocal',
  'sigmoid-odds',
  'sigmoid-reflect',
  'tanh-sigmoid',
  'tanh-reflect',
  'log-exp',
  'exp-log',
  'log-one',
  'log-one-plus',
  'log-sum',
  'log-quotient',
  'log-product',
  'log-power',
  'token-sum-of-sum',
  'token-sum-of-product',
  'vocabulary-sum-of-sum',
  'vocabulary-sum-of-product',
  'response-sum-of-sum',
  'response-sum-of-product',
  'response-sum-of-zero',
  'policy-is-normalised',
].map(rowNamed);

/** Powers that no logarithm takes down, and that are no products. */
const POWERS: readonly Row[] = ['power-exp'].map((id) => ({
  ...rowNamed(id),
  unless: (part: Expr) => part.kind === 'pow' && part.exponent.kind === 'num',
}));

/** The expansion of an expression: definitions opened, then the expanding rules until none applies. */
export function expand(e: Expr, definitions: readonly Row[], declared: Declarations): readonly Step[] {
  const rows = [...definitions, ...EXPANDING];
  const steps = exhaust(e, rows, declared);
  return [...steps, ...exhaust(reached(e, steps), [...POWERS, ...rows], declared)];
}

/**
 * Steps from start to goal. Not trusted: the checker judges them. Undefined where the two expansions do
 * not look joinable by algebra at all, which the last step would only assert.
 */
export function prove(
  start: Expr,
  goal: Expr,
  definitions: readonly Row[],
  declared: Declarations,
): readonly Step[] {
  if (sameUpToOrder(start, goal)) return [];
  const direct = joinByAlgebra(start, [], goal, declared);
  if (areSound(start, direct)) return direct;
  if (definitions.length > 0) {
    const opened = joined(start, goal, (e) => exhaust(e, definitions, declared), declared);
    if (opened.isSound) return opened.steps;
  }
  return joined(start, goal, (e) => expand(e, definitions, declared), declared).steps;
}

/** Both ends led on, and what they are led to joined; sound where every step of the joint is one of algebra. */
function joined(
  start: Expr,
  goal: Expr,
  lead: (e: Expr) => readonly Step[],
  declared: Declarations,
): { readonly steps: readonly Step[]; readonly isSound: boolean } {
  const [forth, back] = [lead(start), lead(goal)];
  const [from, meeting] = [reached(start, forth), reached(goal, back)];
  const joint = joinByAlgebra(from, [], meeting, declared);
  // The way back is given by places in `meeting`: arriving at it in another order would not do.
  const arrived = reached(from, joint);
  const turn = back.length === 0 || same(arrived, meeting) ? [] : [algebraStep(arrived, [], meeting)];
  return {
    steps: withoutDetour(start, [...forth, ...joint, ...turn, ...reversed(goal, back)]),
    isSound: areSound(from, joint),
  };
}

/** Whether every step is one of algebra, and holds. */
const areSound = (start: Expr, steps: readonly Step[]): boolean =>
  steps.every((step, i) => step.rule === 'algebra' && isSound(reached(start, steps.slice(0, i)), step));

/** Whether a step by algebra holds as an equation of rational functions. */
function isSound(before: Expr, step: Step): boolean {
  const [from, to] = [at(before, step.at), at(step.after, step.at)];
  return from !== undefined && to !== undefined && looksAlgebraic(from, to);
}

/** Drops a loop: steps between two occurrences of the same expression prove nothing. */
function withoutDetour(start: Expr, steps: readonly Step[]): readonly Step[] {
  const kept: Step[] = [];
  for (const step of steps) {
    const before = kept.findIndex((_, i) => same(reached(start, kept.slice(0, i)), step.after));
    if (before >= 0) kept.splice(before, kept.length - before);
    else kept.push(step);
  }
  return kept;
}
