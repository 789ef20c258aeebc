/** Building stages: what every stage of a derivation is made with. */

import type { Row } from '../engine/rewrite.ts';
import { reached, rewriteAt } from '../engine/rewrite.ts';
import type { Declarations } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { nodes } from '../expr/walk.ts';
import type { Definition, Stage, Step } from '../trace/trace.ts';

/** The last step marked as a line that a careful author would show. */
export const shown = (steps: readonly Step[]): readonly Step[] =>
  steps.map((step, i) => (i === steps.length - 1 ? { ...step, waypoint: true } : step));

/** A stage that starts afresh and uses nothing, unless more is said. Its last line is shown. */
export const stage = (
  id: string,
  start: Expr,
  goal: Expr,
  steps: readonly Step[],
  more: Partial<Stage> = {},
): Stage => ({
  id,
  start,
  goal,
  relation: '=',
  steps: shown(steps),
  uses: [],
  continues: null,
  remarks: [],
  ...more,
});

export const rowOf = ({ id, lhs, rhs }: Pick<Definition, 'id' | 'lhs' | 'rhs'>): Row => ({
  id,
  lhs,
  rhs,
  where: [],
});

/** A row read from right to left, and its steps as the checker reads them. */
export const turned = (row: Row): Row => ({ ...row, lhs: row.rhs, rhs: row.lhs });
export const backward = (steps: readonly Step[]): readonly Step[] =>
  steps.map((step) => ({ ...step, direction: 'backward' }));

/** Rewrites by one row wherever it applies, outermost first, as often as it applies. */
export function everywhere(start: Expr, row: Row, declared: Declarations): readonly Step[] {
  const steps: Step[] = [];
  for (let again = true; again; ) {
    again = false;
    const here = reached(start, steps);
    for (const [, path] of nodes(here)) {
      const step = rewriteAt(here, path, row, declared);
      if (step === undefined) continue;
      steps.push(step);
      again = true;
      break;
    }
  }
  return steps;
}
