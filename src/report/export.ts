/** One claim as facts for exported code: what it computes, from which arguments, and numbers to test it with. */

import type { Declarations } from '../expr/declare.ts';
import { datumOf } from '../expr/declare.ts';
import type { Expr, Var } from '../expr/expr.ts';
import { nodes } from '../expr/walk.ts';
import type { Membership } from '../framework/membership.ts';
import { classify } from '../framework/membership.ts';
import type { Role } from '../numeric/batch.ts';
import { ROLES } from '../numeric/batch.ts';
import { derivativeByToken } from '../numeric/gradient.ts';
import { derivativesByLogit } from '../numeric/logits.ts';
import { expand } from '../variant/expand.ts';
import type { Variant } from '../variant/variant.ts';
import type { Example } from './example.ts';
import { exampleOf, wholeDistributions } from './example.ts';
import type { Program, ProgramFault, Wanted } from './program.ts';
import { program } from './program.ts';
import type { Rewards } from './rewards.ts';
import { rewardsOf } from './rewards.ts';

export interface ExportReport {
  readonly kind: 'export';
  readonly variant: Variant;
  readonly membership: Membership;
  /** Definitions unfolded. */
  readonly loss: Expr;
  readonly rewards: Rewards;
  /** The outputs are the loss and the rewards of the chosen and the rejected response. */
  readonly forward: Program;
  /**
   * The derivatives of the loss: by the policy's token log-probabilities, one output for each role in the index 0;
   * where the loss reads the policy's whole distribution, two for each role, the second one by log pi(y,t,v) in the
   * indices 0 and 1.
   */
  readonly backward: Program;
  /** Distributions of which the whole vocabulary is read: given as logits. */
  readonly whole: ReadonlySet<string>;
  /** Undefined where the loss has no finite values at ordinary numbers. */
  readonly example: Example | undefined;
}

export interface ExportFault {
  readonly kind: 'cannot-be-exported';
  readonly fault: ProgramFault | { readonly kind: 'policy-data'; readonly name: string };
}

/** Lays out a loss for other languages. A fault where it reads what no batch of pairs holds. */
export function reportExport(variant: Variant): ExportReport | ExportFault {
  const loss = expand(variant.loss, variant.definitions);
  const policyData = policyDataIn(loss, variant.declared);
  if (policyData !== undefined) {
    return { kind: 'cannot-be-exported', fault: { kind: 'policy-data', name: policyData } };
  }
  const membership = classify(loss, variant.declared);
  const rewards = rewardsOf(loss, membership);
  const forward = program(
    [loss, rewards.chosen, rewards.rejected].map((of) => ({ of })),
    variant,
  );
  if (forward.kind !== 'program') return { kind: 'cannot-be-exported', fault: forward };
  const whole = wholeDistributions(loss);
  const backward = program(
    ROLES.flatMap((role) => derivatives(loss, role, whole.has('pi'))),
    variant,
  );
  if (backward.kind !== 'program') return { kind: 'cannot-be-exported', fault: backward };
  const example = exampleOf(loss, variant.declared, variant.parameters);
  return { kind: 'export', variant, membership, loss, rewards, forward, backward, whole, example };
}

function derivatives(loss: Expr, role: Role, whole: boolean): readonly Wanted[] {
  const free = (...variables: readonly Var[]): readonly Var[] => variables;
  if (!whole) {
    const { token, derivative } = derivativeByToken(loss, role);
    return [{ of: derivative, free: free(token) }];
  }
  const { token, entry, ofToken, ofEntry } = derivativesByLogit(loss, role);
  return [
    { of: ofToken, free: free(token) },
    { of: ofEntry, free: free(token, entry) },
  ];
}

/** Data that move with the policy in a way of their own; the first name. */
function policyDataIn(loss: Expr, declared: Declarations): string | undefined {
  for (const [node] of nodes(loss)) {
    if (node.kind === 'apply' && node.name !== 'pi' && datumOf(declared, node.name)?.policy === true)
      return node.name;
  }
  return undefined;
}
