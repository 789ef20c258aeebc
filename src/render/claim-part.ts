/** The first part of a derivation page: the published loss, its prior, the framework's names, and what is granted. */

import type { Expr } from '../expr/expr.ts';
import { apply, variable } from '../expr/expr.ts';
import { RULES } from '../rules/index.ts';
import type { Rule } from '../rules/rule.ts';
import type { Abbreviation } from './abbreviation.ts';
import { abbreviate, named } from './abbreviation.ts';
import type { Block, Equation } from './block.ts';
import type { Mark } from './mark.ts';
import { lettered } from './moves.ts';
import type { Notation } from './notation.ts';
import type { Phrase } from './phrase.ts';
import { maths } from './phrase.ts';
import { BRADLEY_TERRY, citation, FRAMEWORK } from './reference.ts';
import type { Derived } from './remark.ts';
import { labelled } from './remark.ts';
import { assumptions } from './statement.ts';
import { properPhrase, tierSentence } from './words.ts';

const response = (name: string) => variable(name, 'response');
const PRIOR = apply('zeta', [response('y')]);
const WEIGHT = apply('kl_weight', []);

const paragraph = (...of: Phrase): Block => ({ kind: 'paragraph', of });
const row = (left: Expr | Mark, right: Expr, sign: Equation['sign'] = 'eq'): Equation => ({
  left,
  sign,
  right,
});

/** The published loss with its abbreviations, the prior that it is the loss of, and what sort of prior that is. */
export function claimBlocks(
  { variant, membership, verdict }: Derived,
  notation: Notation,
  names: readonly Abbreviation[],
): readonly Block[] {
  const { prior, tier, gradientTier } = membership;
  const published: readonly Block[] = [
    paragraph(
      variant.source.file === '' ? 'The loss of a pair, ' : 'The published loss of a pair, ',
      maths(response('w')),
      ' preferred to ',
      maths(response('l')),
      ':',
    ),
    {
      kind: 'display',
      rows: [
        row(notation.loss, variant.loss),
        ...variant.definitions.map(({ name, params, body }) => row(apply(name, params), body)),
      ],
    },
  ];
  if (prior === undefined) return published;
  const [weight, priors] =
    prior.kind === 'one'
      ? [prior.prior.weight, [row(PRIOR, abbreviate(prior.prior.zeta, names), 'propto')]]
      : [
          prior.chosen.weight,
          (['chosen', 'rejected'] as const).map((label) =>
            row(labelled(label, notation), abbreviate(prior[label].zeta, names), 'propto'),
          ),
        ];
  return [
    ...published,
    paragraph(
      verdict.kind === 'accepted' ? 'It is' : 'If every step held, it would be',
      ' the loss of the mutual-information framework of ',
      citation(FRAMEWORK),
      ' with weight ',
      maths(WEIGHT, 'eq', weight),
      prior.kind === 'one' ? ' and the prior' : ' and, for each label, the prior',
    ),
    { kind: 'display', rows: priors },
    ...whereBlocks(
      names.filter(({ head }) => !isDefined(head, variant)),
      priors,
    ),
    paragraph('Tier: ', { rule: tier }, `. ${tierSentence(membership)} `, ...properPhrase(prior.proper)),
    ...(tier === gradientTier
      ? []
      : [
          paragraph(
            'As a function to differentiate, with what stands under a stop-gradient fixed, its tier is ',
            { rule: gradientTier },
            '.',
          ),
        ]),
  ];
}

/** Whether a name is the file's own, which stands below the loss already. */
const isDefined = (head: Expr, { definitions }: Derived['variant']): boolean =>
  head.kind === 'apply' && definitions.some(({ name }) => name === head.name);

/** The names put in for long sums: those that the prior just shown uses, then those of later lines. */
function whereBlocks(names: readonly Abbreviation[], shown: readonly Equation[]): readonly Block[] {
  const used = shown.flatMap(({ right }) => named(right, names));
  const parts = [
    { says: 'where', of: names.filter((name) => used.includes(name)) },
    { says: 'In what follows also', of: names.filter((name) => !used.includes(name)) },
  ];
  return parts.flatMap(({ says, of }) =>
    of.length === 0
      ? []
      : [paragraph(says), { kind: 'display', rows: of.map(({ head, body }) => row(head, body)) } as const],
  );
}

/** The rows of a derivation that are of one of these kinds and are used in it. */
const usedRules = ({ trace }: Derived, kinds: readonly Rule['kind'][]): readonly Rule[] => {
  const used = new Set(trace.stages.flatMap(({ steps }) => steps.map(({ rule }) => rule)));
  return [...RULES.values()].filter(({ id, kind }) => kinds.includes(kind) && used.has(id));
};

/** What the framework's own names stand for, so far as the derivation uses them. */
export function definitionBlocks(report: Derived): readonly Block[] {
  const rows = usedRules(report, ['definition']).map(({ lhs, rhs }) =>
    row(lettered(lhs, []), lettered(rhs, [])),
  );
  if (rows.length === 0) return [];
  return [
    paragraph("The framework's objective, its partition function and the optimum:"),
    { kind: 'display', rows },
  ];
}

/** Domains and facts with what the file says of them, what is built in, and the model assumptions that are used. */
export function granted(report: Derived): readonly Phrase[] {
  const { variant } = report;
  const statements = assumptions(variant.declared).map((statement): Phrase => {
    const name = statement.flatMap((part) =>
      typeof part === 'object' && 'kind' in part && part.kind === 'sym' ? [part.name] : [],
    )[0];
    const says = name === undefined ? undefined : variant.parameters.get(name)?.says;
    return [{ maths: statement }, ...(says === undefined ? [] : [', ', { quote: says }])];
  });
  return [
    ...statements,
    ['Every response has a token, and a positive probability under every distribution named here.'],
    ...usedRules(report, ['model', 'lemma']).map(
      ({ id, says }): Phrase => [
        { rule: id },
        `: ${MODEL_SAYS.get(id) ?? says}`,
        ...(id === 'bradley-terry' ? [' of ', citation(BRADLEY_TERRY)] : []),
        '.',
      ],
    ),
  ];
}

/** What a model assumption leaves unproved, where its row in the rule table does not say it. */
const MODEL_SAYS: ReadonlyMap<string, string> = new Map([
  ['bradley-terry', 'preferences follow the model'],
  [
    'policy-is-optimal',
    'the policy is the optimum of the objective for the reward that it is to express. Where the prior moves with the policy: of the objective with the prior held fixed',
  ],
]);
