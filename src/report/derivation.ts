/** One claim derived: the trace from the prior to the published loss, judged. */

import { check, type Verdict } from '../checker/check.ts';
import type { Expr } from '../expr/expr.ts';
import { deriveLoss } from '../framework/derive.ts';
import type { Membership } from '../framework/membership.ts';
import { classify } from '../framework/membership.ts';
import type { Trace } from '../trace/trace.ts';
import { expand } from '../variant/expand.ts';
import type { Variant } from '../variant/variant.ts';
import { labelRatio } from './ratio.ts';

export type DerivationReport =
  | {
      readonly kind: 'derived';
      readonly variant: Variant;
      readonly membership: Membership;
      /** The prior of chosen responses over that of rejected ones; undefined where there is one prior. */
      readonly ratio: Expr | undefined;
      readonly trace: Trace;
      readonly verdict: Verdict;
    }
  /** The loss has no prior of any tier: there is nothing to derive it from. */
  | { readonly kind: 'outside'; readonly variant: Variant; readonly membership: Membership };

/** The trace that derives a variant's loss from its prior; undefined where it has none. */
export function derive(variant: Variant, membership: Membership): Trace | undefined {
  const { prior, tier, gradientTier } = membership;
  if (prior === undefined) return undefined;
  return deriveLoss({
    claim: variant.id,
    declared: variant.declared,
    definitions: variant.definitions,
    loss: variant.loss,
    prior,
    tier,
    gradientTier,
  });
}

export function reportDerivation(variant: Variant): DerivationReport {
  const membership = classify(expand(variant.loss, variant.definitions), variant.declared);
  const trace = derive(variant, membership);
  return trace === undefined
    ? { kind: 'outside', variant, membership }
    : {
        kind: 'derived',
        variant,
        membership,
        ratio: labelRatio(membership.prior, variant.declared),
        trace,
        verdict: check(trace),
      };
}
