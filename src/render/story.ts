/** What a derivation page says, in which order: headings, sentences, displays and chains, for every output alike. */

import type { Expr } from '../expr/expr.ts';
import { apply, num, sym, variable } from '../expr/expr.ts';
import { same } from '../expr/binder.ts';
import type { DerivationReport } from '../report/derivation.ts';
import { RULES } from '../rules/index.ts';
import type { Stage, Trace } from '../trace/trace.ts';
import { refusalPhrase } from './checker-fault.ts';
import type { Mark } from './mark.ts';
import type { Citing } from './moves.ts';
import { citations } from './moves.ts';
import type { DatumMark, Notation } from './notation.ts';
import { datumMark } from './notation.ts';
import { paperPhrase } from './paper.ts';
import type { Phrase } from './phrase.ts';
import { listed, maths } from './phrase.ts';
import { remarkPhrases } from './remark.ts';
import type { Statement } from './statement.ts';
import { assumptions } from './statement.ts';
import { unicode } from './unicode.ts';
import { variantNotation } from './variant-notation.ts';
import { PROPER_SAYS, tierSentence } from './words.ts';

export type Derived = Extract<DerivationReport, { readonly kind: 'derived' }>;

/** From one line of a derivation to the next. */
export interface Link {
  readonly by: readonly Phrase[];
  /** Undefined where the new line would read like the one above it: only the spelling changed. */
  readonly to: Expr | undefined;
}
export type Block =
  | { readonly kind: 'title' | 'heading' | 'paragraph' | 'note'; readonly of: Phrase }
  | { readonly kind: 'list'; readonly items: readonly Phrase[] }
  /** Formulas that stand alone, each `left = right` or `left ∝ right`. */
  | { readonly kind: 'display'; readonly rows: readonly Equation[] }
  /** left = first = ... ; `first` is undefined where the chain goes on from the line above. */
  | {
      readonly kind: 'chain';
      readonly left: Expr | Mark;
      readonly first: Expr | undefined;
      readonly links: readonly Link[];
    };
export interface Equation {
  readonly left: Expr | Mark;
  readonly sign: 'eq' | 'propto';
  readonly right: Expr;
}

export interface Story {
  readonly notation: Notation;
  readonly blocks: readonly Block[];
}

const LOSS: Mark = { latex: String.raw`\mathcal{L}`, text: 'L' };
const Y = variable('y', 'response');
const ZETA = apply('zeta', [Y]);
const WEIGHT = apply('weight', []);
const PREFERENCE = apply('prefers', [variable('w', 'response'), variable('l', 'response')]);

const STAGES: ReadonlyMap<string, { readonly name: string; readonly says: string }> = new Map([
  [
    'S5',
    {
      name: 'Preference model',
      says: 'The reward of each response is the one for which the policy is optimal under the prior.',
    },
  ],
  [
    'S6',
    {
      name: 'Maximum-likelihood loss',
      says: 'The loss of a pair is minus the log-probability of its preference.',
    },
  ],
  ['S7', { name: 'The prior of this variant', says: 'Its prior and its weight are put in.' }],
  ['S8', { name: 'Closed form', says: 'The logit is simplified.' }],
  ['S9', { name: 'The published loss', says: 'The closed form is the loss as it was published.' }],
]);

const heading = (...of: Phrase): Block => ({ kind: 'heading', of });
const paragraph = (...of: Phrase): Block => ({ kind: 'paragraph', of });

/** The page of a derivation. Deterministic. */
export function story(report: Derived): Story {
  const { variant, membership, trace } = report;
  const notation = variantNotation(variant, membership.tier);
  const paper = paperPhrase(variant.paper);
  const about = (text: string | undefined): readonly Block[] =>
    text === undefined ? [] : [paragraph({ quote: text })];
  return {
    notation,
    blocks: [
      { kind: 'title', of: [{ quote: variant.title }] },
      ...about(variant.says),
      ...(paper.length === 0 ? [] : [paragraph(...paper, '.')]),
      ...claim(report, notation),
      heading('Assumptions'),
      { kind: 'list', items: granted(report) },
      ...stages(report, notation),
      heading('Result'),
      ...result(report),
    ],
  };

  /** The published loss, its abbreviations, its prior. */
  function claim({ membership: { prior } }: Derived, n: Notation): readonly Block[] {
    const definitions = variant.definitions.map(
      ({ name, params, body }): Equation => ({ left: apply(name, params), sign: 'eq', right: body }),
    );
    const blocks: Block[] = [
      heading('Claim'),
      paragraph('The loss of a pair, ', maths(variable('w', 'response')), ' preferred to ', maths(variable('l', 'response')), ', as it was published:'),
      { kind: 'display', rows: [{ left: LOSS, sign: 'eq', right: variant.loss }, ...definitions] },
    ];
    if (prior === undefined) return blocks;
    const weight = prior.kind === 'one' ? prior.prior.weight : prior.chosen.weight;
    const zeta = datumMark(n, 'zeta');
    const rows: readonly Equation[] =
      prior.kind === 'one'
        ? [{ left: ZETA, sign: 'propto', right: prior.prior.zeta }]
        : [
            { left: labelled(zeta, 'chosen'), sign: 'propto', right: prior.chosen.zeta },
            { left: labelled(zeta, 'rejected'), sign: 'propto', right: prior.rejected.zeta },
          ];
    return [
      ...blocks,
      paragraph(
        'It is the loss of the framework for the weight ',
        maths(WEIGHT, 'eq', weight),
        prior.kind === 'one' ? ' and the prior' : ' and one prior for each label:',
        prior.kind === 'one' ? ':' : '',
      ),
      { kind: 'display', rows },
      paragraph(
        'Tier: ',
        { rule: membership.tier },
        `. ${tierSentence(membership)} ${PROPER_SAYS[prior.proper]}`,
      ),
    ];
  }
}

const labelled = (zeta: DatumMark, label: 'chosen' | 'rejected'): Mark => ({
  latex: `${zeta.latex}_{\\mathrm{${label}}}(y${zeta.prompt ? ' \\mid x' : ''})`,
  text: `${zeta.text}_${label}(y)`,
});

/** Domains and facts, what is built in, and the model assumptions that the trace uses. */
function granted({ trace, variant }: Derived): readonly Phrase[] {
  const statements = assumptions(variant.declared).map((statement): Phrase => {
    const [first] = statement;
    const name = typeof first === 'object' && 'kind' in first && first.kind === 'sym' ? first.name : '';
    const says = statement.length === 3 || statement.length === 2 ? variant.parameters.get(name)?.says : undefined;
    return [{ maths: statement }, ...(says === undefined ? [] : [': ', { quote: says }])];
  });
  const used = new Set(trace.stages.flatMap(({ steps }) => steps.map(({ rule }) => rule)));
  const models = [...RULES.values()].filter(({ id, kind }) => kind === 'model' && used.has(id));
  return [
    ...statements,
    ['every probability under the policy and the reference is positive, every response has a token'],
    ...models.map((rule): Phrase => [{ rule: rule.id }, `: ${MODEL_SAYS.get(rule.id) ?? rule.says}`]),
  ];
}

/** What a model assumption leaves unproved here. */
const MODEL_SAYS: ReadonlyMap<string, string> = new Map([
  [
    'reward-under-prior',
    'the policy is the optimum of expected reward minus the weight times the divergence from the prior, so that the reward is as stated there; this is taken as given here (S4), and needs a prior that stays fixed while the policy is optimised',
  ],
]);

function stages(report: Derived, notation: Notation): readonly Block[] {
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
    const notes = stage.remarks
      .filter(({ kind }) => !remarked.has(kind))
      .flatMap((remark) => {
        remarked.add(remark.kind);
        return remarkPhrases(remark, report);
      });
    return [
      heading({ quote: stage.id }, known === undefined ? '' : `  ${known.name}`),
      ...(known === undefined ? [] : [paragraph(known.says)]),
      chain(stage, trace, citing, notation),
      ...notes.map((of): Block => ({ kind: 'note', of })),
    ];
  });
}

/** The lines of a stage. Where it belongs to the loss, the left side is L throughout. */
function chain(stage: Stage, trace: Trace, citing: Citing, notation: Notation): Block {
  const ofLoss = stage.continues !== null || trace.stages.some(({ continues }) => continues === stage.id);
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
