/** How far apart the priors of the two labels are. */

import type { Declarations } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { subtract } from '../expr/expr.ts';
import type { Prior } from '../framework/membership.ts';
import { density } from '../framework/prior.ts';

/** The prior of chosen responses over that of rejected ones, at one response y; undefined where there is one prior. */
export function labelRatio(prior: Prior | undefined, declared: Declarations): Expr | undefined {
  if (prior?.kind !== 'by-label') return undefined;
  return density(subtract(prior.chosen.logZeta, prior.rejected.logZeta), declared);
}
