/** The tiers: what a loss's prior is allowed to depend on, smallest first. */

import type { Declarations } from '../expr/declare.ts';
import { datumOf } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { some } from '../expr/walk.ts';

export const TIERS = ['marginal', 'conditional', 'policy-dependent', 'label-dependent', 'outside'] as const;
export type Tier = (typeof TIERS)[number];

export const isSmaller = (a: Tier, b: Tier): boolean => TIERS.indexOf(a) < TIERS.indexOf(b);

/** Whether the policy's parameters enter an expression. */
export const usesPolicy = (e: Expr, declared: Declarations): boolean =>
  some(e, (node) => node.kind === 'apply' && (datumOf(declared, node.name)?.policy ?? false));

/** Whether an expression depends on the prompt, through data that do. */
export const usesPrompt = (e: Expr, declared: Declarations): boolean =>
  some(e, (node) => node.kind === 'apply' && (datumOf(declared, node.name)?.prompt ?? true));
