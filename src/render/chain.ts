/** The stages of a derivation as blocks: name, what it does, its lines with the rules between them, its remarks. */

import type { Expr } from '../expr/expr.ts';
import { RULES } from '../rules/index.ts';
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
    'S1',
    { name: 'The objective', says: 'Expected reward minus weighted divergence from the prior, as sums.' },
  ],
  [
    'S2',
    {
      name: 'Gibbs form',
      says: 'The reward is absorbed into a divergence from one policy, the prior tilted by the reward.',
    },
  ],
  [
    'S3-normalised',
    { name: 'The optimum is a policy', says: 'The tilted prior is positive and sums to one.' },
  ],
  ['S3', { name: 'No policy does better', says: 'A divergence is never negative.' }],
  ['S3-attained', { name: 'The optimum attains the bound', says: 'Its divergence from itself is zero.' }],
  ['S4', { name: 'The reward', says: 'The optimum is solved for the reward.' }],
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

/** The lines of a stage. A line is not said twice. */
function chain(stage: Stage, all: readonly Stage[], citing: Citing, notation: Notation): Block {
  const left = leftOf(stage, all);
  let line = unicode(stage.start, notation);
  const links = groups(stage).map(({ from, steps }): Link => {
    const after = steps.at(-1)?.after ?? from;
    const next = unicode(after, notation);
    const to = next === line ? undefined : after;
    line = next;
    const cites = steps.some(({ rule }) => RULES.get(rule)?.kind === 'lemma');
    return { by: citations(from, steps, citing), to, sign: cites ? 'le' : 'eq' };
  });
  return {
    kind: 'chain',
    left,
    first: left !== stage.start && (stage.continues === null || links.length === 0) ? stage.start : undefined,
    links,
  };
}

/** What a chain of stages is about, named once: the objective, the loss; a stage on its own speaks for itself. */
function leftOf(stage: Stage, all: readonly Stage[]): Expr | Mark {
  let root = stage;
  for (let before: Stage | undefined = root; before !== undefined; ) {
    root = before;
    before = all.find(({ id }) => id === root.continues);
  }
  const alone = root === stage && !all.some(({ continues }) => continues === stage.id);
  return alone || root.start.kind === 'apply' ? root.start : LOSS;
}

/** The steps that lead from one way-point to the next. */
function groups({ start, steps }: Stage): readonly { readonly from: Expr; readonly steps: Stage['steps'] }[] {
  const ends = steps.flatMap((step, i) => (step.waypoint || i === steps.length - 1 ? [i + 1] : []));
  return ends.map((end, k) => {
    const begin = ends[k - 1] ?? 0;
    return { from: steps[begin - 1]?.after ?? start, steps: steps.slice(begin, end) };
  });
}
