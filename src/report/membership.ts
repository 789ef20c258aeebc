/** One claim against the framework: its membership, families and properties, and the certificates that the checker accepted. */

import type { Verdict } from '../checker/check.ts';
import { check } from '../checker/check.ts';
import type { Expr } from '../expr/expr.ts';
import type { Boundary } from '../framework/boundary.ts';
import { boundariesOf } from '../framework/boundary.ts';
import { tierCertificate } from '../framework/certificate.ts';
import type { Family } from '../framework/families.ts';
import { familiesOf } from '../framework/families.ts';
import type { Limit } from '../framework/limits.ts';
import { limitsOf } from '../framework/limits.ts';
import type { Membership } from '../framework/membership.ts';
import { classify } from '../framework/membership.ts';
import type { Property } from '../framework/properties.ts';
import { propertiesOf } from '../framework/properties.ts';
import type { Trace } from '../trace/trace.ts';
import { expand } from '../variant/expand.ts';
import type { Variant } from '../variant/variant.ts';
import { derive } from './derivation.ts';
import { labelRatio } from './ratio.ts';

/** A proof and what the checker said of it. */
export interface Certificate {
  readonly trace: Trace;
  readonly verdict: Verdict;
}

export interface MembershipReport {
  readonly variant: Variant;
  readonly membership: Membership;
  /** The prior of chosen responses over that of rejected ones; undefined where there is one prior. */
  readonly ratio: Expr | undefined;
  /** The identity behind the tier; undefined for a loss outside. */
  readonly identity: Certificate | undefined;
  readonly families: readonly Family[];
  readonly properties: readonly Property[];
  readonly limits: readonly Limit[];
  readonly boundaries: readonly Boundary[];
  /** From the prior to the published loss; undefined for a loss outside. */
  readonly derivation: Certificate | undefined;
}

export function reportMembership(variant: Variant): MembershipReport {
  const loss = expand(variant.loss, variant.definitions);
  const membership = classify(loss, variant.declared);
  const trace =
    membership.logit === undefined
      ? undefined
      : tierCertificate(variant.id, membership.logit, membership.tier, variant.declared);
  const derivation = derive(variant, membership);
  return {
    variant,
    membership,
    ratio: labelRatio(membership.prior, variant.declared),
    families: familiesOf(loss, membership, variant.declared),
    properties: propertiesOf(loss, membership, variant.declared),
    limits: limitsOf(membership, variant.declared),
    boundaries: boundariesOf(loss, membership, variant.declared),
    identity: trace === undefined ? undefined : { trace, verdict: check(trace) },
    derivation: derivation === undefined ? undefined : { trace: derivation, verdict: check(derivation) },
  };
}
