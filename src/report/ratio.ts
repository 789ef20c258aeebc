/** How far apart the priors of the two labels are. */

import type { Declarations } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { exp, subtract } from '../expr/expr.ts';
import { collect } from '../forms/collect.ts';
import type { Prior } from '../framework/membership.ts';

/** The prior of chosen responses over that of rejected ones, at one response y; undefined where there is one prior. */
export function labelRatio(prior: Prior | undefined, declared: Declarations): Expr | undefined {
  if (prior?.kind !== 'by-label') return undefined;
  const raw = subtract(prior.chosen.logZeta, prior.rejected.logZeta);
  return exp(collect(raw, declared) ?? raw);
}
