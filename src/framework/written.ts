/** A logit and its prior in the spelling of the loss: its mixtures, powers and functions are letters while the prior is solved for. */

import { isPositive } from '../engine/sign.ts';
import { substitute } from '../expr/binder.ts';
import type { Declarations } from '../expr/declare.ts';
import type { Call, Expr } from '../expr/expr.ts';
import { apply, log, mul, subtract } from '../expr/expr.ts';
import { compareRationals, isInteger, ZERO } from '../expr/rational.ts';
import { children, size, some } from '../expr/walk.ts';
import { signOfExpr } from '../forms/canonise.ts';
import { collect } from '../forms/collect.ts';
import { provesEqual } from '../forms/decide.ts';
import { needs } from '../forms/definedness.ts';
import { thaw } from '../forms/gradient.ts';
import type { Letters } from './letters.ts';
import { letters } from './letters.ts';
import type { Prior, Standing } from './logit.ts';
import { tierOfPrior } from './logit.ts';
import type { Solved } from './prior.ts';
import { priorOf, weightOf } from './prior.ts';
import type { Proper } from './proper.ts';
import { bothProper, properness } from './proper.ts';
import { CHOSEN, REJECTED, RESPONSE, scoresOf } from './score.ts';
import { usesPolicy, usesPrompt } from './tier.ts';

/** Functions that canonical form writes by others. */
const RESPELLED: readonly Call['fn'][] = ['sqrt', 'tanh', 'clamp', 'max', 'min', 'relu', 'abs'];

/** A part that canonical form would spell in another way; one that a logarithm is taken of is positive with it. */
interface Part {
  readonly of: Expr;
  readonly isLogged: boolean;
}

/** The outermost such parts. */
function respelled(e: Expr): readonly Part[] {
  if (!isAboutData(e)) return [];
  if (e.kind === 'call' && e.fn === 'log') return e.args.flatMap(underLog);
  const isPower = e.kind === 'pow' && !(e.exponent.kind === 'num' && isInteger(e.exponent.value));
  const isOther = e.kind === 'call' && RESPELLED.includes(e.fn);
  const isNest = e.kind === 'pow' && isNested(e.base);
  if (isNest) return [{ of: e.base, isLogged: false }];
  return isPower || isOther ? [{ of: e, isLogged: false }] : children(e).flatMap(respelled);
}

/** A logarithm is taken apart into those of factors and bases: what is left of these is spelled as it is. */
function underLog(e: Expr): readonly Part[] {
  if (!isAboutData(e)) return [];
  if (e.kind === 'pow') return [...underLog(e.base), ...respelled(e.exponent)];
  if (e.kind === 'call' && (e.fn === 'exp' || e.fn === 'sigmoid')) return e.args.flatMap(respelled);
  if (e.kind === 'call' && e.fn === 'sqrt') return e.args.flatMap(underLog);
  const isNegated = children(e).some((f) => f.kind === 'num' && compareRationals(f.value, ZERO) < 0);
  return e.kind === 'mul' && !isNegated ? e.factors.flatMap(underLog) : [{ of: e, isLogged: true }];
}

/** A sum with sums in it, which canonical form multiplies out. */
const isNested = (e: Expr): boolean =>
  e.kind === 'add' &&
  e.terms.some((term) => term.kind === 'mul' && term.factors.some(({ kind }) => kind === 'add'));

const isAboutData = (e: Expr): boolean => e.kind !== 'apply' && some(e, ({ kind }) => kind === 'var');

/** Letters for the parts of an expression that canonical form would respell, and for those that `isLetter` picks. */
export function spellingOf(
  e: Expr,
  declared: Declarations,
  isLetter: (part: Expr) => boolean = () => false,
): Letters {
  const parts = new Map(respelled(e).map(({ of, isLogged }) => [of, isLogged]));
  // The logarithm of a product does not say that its factors are positive: two may be negative.
  const known = { ...declared, facts: [...declared.facts, ...needs(e, declared)] };
  const isLogged = (part: Expr): boolean =>
    parts.get(part) === true && signOfExpr(part, known) === 'positive';
  return letters(
    (part) => parts.has(part) || isLetter(part),
    declared,
    (part) => ({
      is: isLogged(part) || isPositive(part, declared) ? 'positive' : 'real',
      prompt: usesPrompt(part, declared),
      policy: usesPolicy(part, declared),
    }),
  );
}

/**
 * A standing with logit and prior in the spelling of the logit as it is `written`: where that is proved to be the
 * same and of the same tier, unless the canonical spelling is visibly positive and shorter, or alone visibly positive.
 */
export function asWritten(standing: Standing, written: Expr, declared: Declarations): Standing {
  const { prior } = standing;
  const u = thaw(written);
  const spelling = spellingOf(u, declared);
  const spelled = spelling.spell(u);
  if (prior === undefined || spelled === u) return standing;
  const { unspell } = spelling;
  const granted = spelling.declared();
  const scores = scoresOf(spelled, granted);
  const logit = collect(spelled, granted);
  if (scores === undefined || logit === undefined) return standing;
  const weight = weightOf(scores.chosen, granted);
  const solved = (score: Expr): Solved => {
    const found = priorOf(score, weight, granted);
    return { weight: unspell(found.weight), logZeta: unspell(found.logZeta), zeta: unspell(found.zeta) };
  };
  const [chosen, rejected] = [solved(scores.chosen), solved(scores.rejected)];
  const properOf = ({ logZeta }: Solved): Proper =>
    properness(collect(logZeta, declared) ?? logZeta, declared);
  const known = provesEqual(chosen.weight, solutions(prior)[0].weight, declared) ? prior.proper : undefined;
  const found: Prior =
    prior.kind === 'one'
      ? { kind: 'one', prior: chosen, proper: known ?? properOf(chosen) }
      : {
          kind: 'by-label',
          chosen,
          rejected,
          proper: known ?? bothProper(properOf(chosen), properOf(rejected)),
        };
  return isBetter(found, prior, declared) ? { ...standing, logit: unspell(logit), prior: found } : standing;
}

/** The solutions for the chosen and for the rejected response. */
const solutions = (prior: Prior): readonly [chosen: Solved, rejected: Solved] =>
  prior.kind === 'one' ? [prior.prior, prior.prior] : [prior.chosen, prior.rejected];

/** Whether a prior is another spelling of one before it, and one to be preferred. */
function isBetter(prior: Prior, before: Prior, declared: Declarations): boolean {
  const [now, then] = [solutions(prior), solutions(before)];
  const parts = (list: readonly Solved[]): readonly Expr[] =>
    list.flatMap(({ weight, zeta }) => [weight, zeta]);
  const length = (list: readonly Solved[]): number => parts(list).reduce((total, e) => total + size(e), 0);
  const areVisible = (list: readonly Solved[]): boolean => parts(list).every((e) => isPositive(e, declared));
  if (areVisible(then) && (!areVisible(now) || length(now) > length(then))) return false;
  const tiers = (list: readonly Solved[]): string =>
    list.map(({ logZeta }) => tierOfPrior(logZeta, declared)).join();
  return tiers(now) === tiers(then) && provesEqual(marginOf(now), marginOf(then), declared);
}

/** The logit that priors of both labels stand for: what they leave open is free of the response, and cancels. */
function marginOf([chosen, rejected]: readonly [Solved, Solved]): Expr {
  const reward = ({ weight, logZeta }: Solved): Expr =>
    mul([weight, subtract(log(apply('pi', [RESPONSE])), logZeta)]);
  return subtract(
    substitute(reward(chosen), [[RESPONSE, CHOSEN]]),
    substitute(reward(rejected), [[RESPONSE, REJECTED]]),
  );
}
