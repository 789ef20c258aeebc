/** The smallest change that brings a loss in, and what it then is. */

import type { Declarations } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { canonical } from '../forms/canonise.ts';
import { standingOf } from './logit.ts';
import { type Tier, usesPolicy } from './tier.ts';

/** One change, and the logit that then stands under the log-sigmoid alone. */
export interface Nearest {
  readonly kind:
    | 'logistic-link'
    | 'without-rest'
    | 'logistic-link-without-rest'
    | 'one-member'
    | 'without-weight'
    | 'without-coupling'
    | 'without-bounds'
    | 'without-factor'
    | 'fixed-statistic'
    | 'paired';
  /** What is taken away; undefined where something is put in its place. */
  readonly drop: Expr | undefined;
  readonly logit: Expr;
  readonly tier: Tier;
}

/** The change that leaves -log(sigmoid(logit)); undefined where that is no loss or still outside. */
export function nearestOf(
  kind: Nearest['kind'],
  logit: Expr,
  drop: Expr | undefined,
  declared: Declarations,
): Nearest | undefined {
  const form = canonical(logit, declared);
  if (form === undefined || !usesPolicy(form, declared)) return undefined;
  const { tier, logit: written } = standingOf(form, declared, 'tier');
  return tier === 'outside' ? undefined : { kind, drop, logit: written, tier };
}
