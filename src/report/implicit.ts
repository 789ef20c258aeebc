/** The implicit rewards of a loss: the scores whose difference is the logit that the loss is about. */

import { substitute } from '../expr/binder.ts';
import type { Declarations } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { collect } from '../forms/collect.ts';
import { coreOf } from '../framework/core.ts';
import { classify } from '../framework/membership.ts';
import type { Scores } from '../framework/score.ts';
import { CHOSEN, REJECTED, RESPONSE, scoresOf } from '../framework/score.ts';
import type { Tier } from '../framework/tier.ts';
import type { Quantities } from '../numeric/tabulate.ts';

export interface Implicit {
  readonly tier: Tier;
  /** Written in the response y: weight * log(pi(y)/zeta(y)). Undefined where the logit is no difference of scores. */
  readonly scores: Scores | undefined;
  /** Undefined where the loss is about no logit of a pair. */
  readonly logit: Expr | undefined;
}

/** What a loss, definitions expanded, rewards. */
export function implicitOf(loss: Expr, declared: Declarations): Implicit {
  const membership = classify(loss, declared);
  const logit = coreOf(membership)?.logit;
  const scores = logit === undefined ? undefined : scoresOf(logit, declared);
  const tidy = (e: Expr): Expr => collect(e, declared) ?? e;
  return {
    tier: membership.tier,
    logit,
    scores: scores && { chosen: tidy(scores.chosen), rejected: tidy(scores.rejected) },
  };
}

/** Loss, rewards and margin as formulas in w and l. */
export const quantitiesOf = (loss: Expr, { scores, logit }: Implicit): Quantities<Expr> => ({
  loss,
  ...(scores && {
    chosen: substitute(scores.chosen, [[RESPONSE, CHOSEN]]),
    rejected: substitute(scores.rejected, [[RESPONSE, REJECTED]]),
  }),
  ...(logit && { margin: logit }),
});
