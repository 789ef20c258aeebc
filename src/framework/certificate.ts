/** Proofs that a membership verdict rests on, as traces for the checker: the cocycle or separability identity. */

import { prove } from '../engine/prove.ts';
import type { Declarations } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { num } from '../expr/expr.ts';
import type { Trace } from '../trace/trace.ts';
import { cocycle, interaction } from './score.ts';
import type { Tier } from './tier.ts';

/** The identity that puts a logit into its tier: u is a cocycle, or u(a,b) - u(a,d) - u(c,b) + u(c,d) = 0. */
export function tierCertificate(
  claim: string,
  logit: Expr,
  tier: Tier,
  declared: Declarations,
): Trace | undefined {
  if (tier === 'outside') return undefined;
  const byLabel = tier === 'label-dependent';
  const start = byLabel ? interaction(logit) : cocycle(logit);
  const goal = num(0);
  return {
    schema: 'midpo/trace',
    version: 1,
    claim,
    declared,
    definitions: [],
    stages: [
      {
        id: byLabel ? 'separable' : 'cocycle',
        start,
        goal,
        relation: '=',
        uses: [],
        continues: null,
        steps: prove(start, goal, [], declared),
        remarks: [],
      },
    ],
  };
}
