/** The logit that a loss is about, inside or outside, with its link. */

import type { Expr } from '../expr/expr.ts';
import type { Prior } from './logit.ts';
import type { Membership } from './membership.ts';
import type { Link } from './outside.ts';
import type { Tier } from './tier.ts';

export interface Core {
  readonly logit: Expr;
  /** `unknown` where the loss is more than a function of the logit. */
  readonly link: 'logistic' | Link | 'unknown';
  /** What the logit's prior depends on, or would under the logistic link. */
  readonly tier: Tier;
  readonly prior: Prior | undefined;
}

/** Undefined where no logit of a pair was found. */
export function coreOf({ logit, tier, prior, outside }: Membership): Core | undefined {
  if (logit !== undefined) return { logit, link: 'logistic', tier, prior };
  if (outside?.inner === undefined) return undefined;
  const { inner, why, link = 'unknown' } = outside;
  return { ...inner, link: why === 'regulariser' ? 'unknown' : link };
}
