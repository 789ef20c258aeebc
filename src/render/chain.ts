/** The stages of a derivation as blocks: name, what it does, its lines with the rules between them, its remarks. */

import { same } from '../expr/binder.ts';
import type { Expr } from '../expr/expr.ts';
import type { Stage } from '../trace/trace.ts';
import type { Abbreviation } from './abbreviation.ts';
import { abbreviate, abbreviateStatement } from './abbreviation.ts';
import type { Block, Chain, Link } from './block.ts';
import type { Mark } from './mark.ts';
import type { Citing } from './moves.ts';
import { isBound, reasonsOf, singleSteps } from './moves.ts';
import type { Notation } from './notation.ts';
import type { Piece } from './phrase.ts';
import type { Derived } from './remark.ts';
import { remarkPhrase } from './remark.ts';
import { unicode } from './unicode.ts';

const PRIOR_GRADIENT = {
  name: 'The gradient through the prior',
  says: 'The prior moves with the policy; held fixed, as where the optimum is taken, it would have no gradient.',
};

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
  [
    'S10',
    {
      name: 'The gradient',
      says: 'The gradient of the published loss, in those of the log-probabilities of the policy.',
    },
  ],
  ['S10-prior', PRIOR_GRADIENT],
  ['S10-prior-chosen', PRIOR_GRADIENT],
  ['S10-prior-rejected', PRIOR_GRADIENT],
  [
    'I0-marginal',
    { name: 'The marginal is a distribution', says: 'It is the mean of the policy over the prompts.' },
  ],
  [
    'I0-prior',
    { name: 'The prior is a distribution', says: 'On finitely many responses: it is divided by its total.' },
  ],
  [
    'I1',
    {
      name: 'Divergence and mutual information',
      says: 'For a prior that is the same for every prompt, the mean divergence is the mutual information and the divergence of the marginal from the prior.',
    },
  ],
  [
    'I2',
    {
      name: 'The best prior',
      says: 'The mutual information is the least mean divergence that any prior leaves.',
    },
  ],
  [
    'I2-attained',
    { name: 'The marginal attains it', says: 'With the marginal as the prior nothing is added.' },
  ],
]);

/** The stages, with names put in for long sums. */
export function stageBlocks(
  report: Derived,
  notation: Notation,
  names: readonly Abbreviation[],
): readonly Block[] {
  const { trace, variant } = report;
  const citing: Citing = {
    definitions: trace.definitions,
    stages: trace.stages,
    parameters: Object.keys(variant.declared.parameters),
    explained: new Set(),
    names,
  };
  const remarked = new Set<string>();
  const shortPiece = (piece: Piece): Piece =>
    typeof piece === 'object' && 'maths' in piece
      ? { maths: abbreviateStatement(piece.maths, names) }
      : piece;
  return trace.stages.flatMap((stage): readonly Block[] => {
    const known = STAGES.get(stage.id);
    const remarks = stage.remarks.filter(({ kind }) => !remarked.has(kind));
    for (const { kind } of remarks) remarked.add(kind);
    return [
      { kind: 'subheading', of: [{ quote: stage.id }, known === undefined ? '' : `. ${known.name}`] },
      { kind: 'paragraph', of: [known?.says ?? 'The two sides are equal.'] },
      chain(stage, trace.stages, citing, notation),
      ...remarks.flatMap((remark): readonly Block[] => {
        const of = remarkPhrase(remark, report, notation);
        return of === undefined ? [] : [{ kind: 'note', of: of.map(shortPiece) }];
      }),
    ];
  });
}

/** The lines of a stage. */
function chain(stage: Stage, all: readonly Stage[], citing: Citing, notation: Notation): Chain {
  const left = leftOf(stage, all, notation);
  const short = (e: Expr): Expr => abbreviate(e, citing.names);
  const start = short(stage.start);
  const news = newsFrom(start, notation);
  const links = groups(stage).map(
    ({ from, steps }): Link => ({
      by: reasonsOf(from, steps, citing),
      steps: () => {
        const single = newsFrom(short(from), notation);
        return singleSteps(from, steps, citing.names).map((step) => ({ ...step, to: single(step.to) }));
      },
      to: news(short(steps.at(-1)?.after ?? from)),
      sign: steps.some(isBound) ? 'le' : 'eq',
    }),
  );
  return {
    kind: 'chain',
    id: stage.id,
    left,
    start,
    first: left !== stage.start && (stage.continues === null || links.length === 0) ? start : undefined,
    links,
  };
}

/** Keeps a line from being said twice: gives back what reads otherwise than the line before, undefined for the rest. */
function newsFrom(start: Expr, notation: Notation): (e: Expr) => Expr | undefined {
  let line = unicode(start, notation);
  return (e) => {
    const next = unicode(e, notation);
    const isNew = next !== line;
    line = next;
    return isNew ? e : undefined;
  };
}

/** What a chain of stages is about, named once: the objective, the loss; a stage on its own speaks for itself. */
function leftOf(stage: Stage, all: readonly Stage[], notation: Notation): Expr | Mark {
  const { start } = stage;
  if (start.kind === 'grad' && all.some(({ goal }) => same(goal, start.body))) return gradientOf(notation);
  let root = stage;
  for (let before: Stage | undefined = root; before !== undefined; ) {
    root = before;
    before = all.find(({ id }) => id === root.continues);
  }
  const alone = root === stage && !all.some(({ continues }) => continues === stage.id);
  return alone || root.start.kind === 'apply' ? root.start : notation.loss;
}

const gradientOf = ({ theta, loss }: Notation): Mark => ({
  latex: `\\nabla_{${theta.latex}} ${loss.latex}`,
  text: `∇${loss.text}`,
});

/** The steps that lead from one way-point to the next. */
function groups({ start, steps }: Stage): readonly { readonly from: Expr; readonly steps: Stage['steps'] }[] {
  const ends = steps.flatMap((step, i) => (step.waypoint || i === steps.length - 1 ? [i + 1] : []));
  return ends.map((end, k) => {
    const begin = ends[k - 1] ?? 0;
    return { from: steps[begin - 1]?.after ?? start, steps: steps.slice(begin, end) };
  });
}
