/** The stages of a derivation as blocks: name, what it does, its lines with the rules between them, its remarks. */

import type { Expr } from '../expr/expr.ts';
import type { Stage } from '../trace/trace.ts';
import type { Block, Link } from './block.ts';
import type { Mark } from './mark.ts';
import type { Citing } from './moves.ts';
import { citations } from './moves.ts';
import type { Notation } from './notation.ts';
import type { Derived } from './remark.ts';
import { remarkPhrase } from './remark.ts';
import { unicode } from './unicode.ts';

/** The loss of a pair. */
export const LOSS: Mark = { latex: String.raw`\mathcal{L}`, text: 'L' };

const STAGES: ReadonlyMap<string, { readonly name: string; readonly says: string }> = new Map([
  [
    'S5',
    {
      name: 'Preference model',
      says: 'Each reward is the one for which the policy is optimal under the prior.',
    },
  ],
  [
    'S6',
    {
      name: 'Maximum-likelihood loss',
      says: 'The loss of a pair is minus the log-probability of its preference.',
    },
  ],
  ['S7', { name: 'The prior of this variant', says: 'The prior and the weight are put in.' }],
  ['S8', { name: 'Closed form', says: 'The logit is simplified.' }],
  ['S9', { name: 'The published loss', says: 'The closed form is the loss as it was published.' }],
]);

export function stageBlocks(report: Derived, notation: Notation): readonly Block[] {
  const { trace, variant } = report;
  const citing: Citing = {
    definitions: trace.definitions,
    stages: trace.stages,
    parameters: Object.keys(variant.declared.parameters),
    explained: new Set(),
  };
  const remarked = new Set<string>();
  return trace.stages.flatMap((stage): readonly Block[] => {
    const known = STAGES.get(stage.id);
    const remarks = stage.remarks.filter(({ kind }) => !remarked.has(kind));
    for (const { kind } of remarks) remarked.add(kind);
    return [
      { kind: 'heading', of: [{ quote: stage.id }, known === undefined ? '' : `. ${known.name}`] },
      { kind: 'paragraph', of: [known?.says ?? 'The two sides are equal.'] },
      chain(stage, trace.stages, citing, notation),
      ...remarks.flatMap((remark): readonly Block[] => {
        const of = remarkPhrase(remark, report);
        return of === undefined ? [] : [{ kind: 'note', of }];
      }),
    ];
  });
}

/** The lines of a stage. In the stages of the loss the left side is L throughout, and a line is not said twice. */
function chain(stage: Stage, all: readonly Stage[], citing: Citing, notation: Notation): Block {
  const ofLoss = stage.continues !== null || all.some(({ continues }) => continues === stage.id);
  let line = unicode(stage.start, notation);
  const links = groups(stage).map(({ from, steps }): Link => {
    const after = steps.at(-1)?.after ?? from;
    const next = unicode(after, notation);
    const to = next === line ? undefined : after;
    line = next;
    return { by: citations(from, steps, citing), to };
  });
  return {
    kind: 'chain',
    left: ofLoss ? LOSS : stage.start,
    first: ofLoss && (stage.continues === null || links.length === 0) ? stage.start : undefined,
    links,
  };
}

/** The steps that lead from one way-point to the next. */
function groups({ start, steps }: Stage): readonly { readonly from: Expr; readonly steps: Stage['steps'] }[] {
  const ends = steps.flatMap((step, i) => (step.waypoint || i === steps.length - 1 ? [i + 1] : []));
  return ends.map((end, k) => {
    const begin = ends[k - 1] ?? 0;
    return { from: steps[begin - 1]?.after ?? start, steps: steps.slice(begin, end) };
  });
}
