/** Is a loss in the framework? The verdict for a terminal: tier, prior, conditions, witness, proof. */

import type { Declarations } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { nodes } from '../expr/walk.ts';
import type { Witness } from '../forms/witness.ts';
import { statisticsIn } from '../framework/coupled.ts';
import type { Membership, Prior, SmallerTier } from '../framework/membership.ts';
import type { Refuted } from '../framework/unserved.ts';
import type { Certificate, MembershipReport } from '../report/membership.ts';
import { expand } from '../variant/expand.ts';
import type { Variant } from '../variant/variant.ts';
import { refusalPhrase } from './checker-fault.ts';
import { iffOrIf, whenPhrase } from './condition.ts';
import { plainText } from './escape.ts';
import { fill } from './fill.ts';
import { grantedRows } from './granted-text.ts';
import type { Notation } from './notation.ts';
import { outsideRows, SEPARABLE } from './outside-text.ts';
import { phraseText } from './phrase.ts';
import { familyRows, limitRows, propertyRows } from './profile-text.ts';
import type { Row } from './rows.ts';
import { labelled } from './rows.ts';
import type { Style } from './style.ts';
import { paint } from './style.ts';
import { unicode } from './unicode.ts';
import { variantNotation } from './variant-notation.ts';
import { enclosed, witnessValues } from './witness.ts';
import { properPhrase, tierSentence, WHY_SAYS } from './words.ts';

export function membershipText(report: MembershipReport, style: Style): string {
  const { variant, membership, ratio } = report;
  const notation = variantNotation(variant, membership.tier);
  const shown: readonly Row[] =
    ratio === undefined ? [] : [{ label: '', sub: 'ratio', text: unicode(ratio, notation), formula: true }];
  const rows = [
    ...facts(variant, membership, notation, shown),
    ...familyRows(report.families, notation),
    ...propertyRows(report.properties, notation),
    ...limitRows(report.limits, report.boundaries, notation),
    ...proofRow('identity', report.identity, notation),
    ...proofRow('derivation', report.derivation, notation),
  ];
  return `${verdictLines(variant, membership, rows, notation, style).join('\n')}\n`;
}

/** The same for a loss outside, for which there is nothing to prove. */
export function outsideLines(variant: Variant, membership: Membership, style: Style): readonly string[] {
  const notation = variantNotation(variant);
  return verdictLines(variant, membership, facts(variant, membership, notation, []), notation, style);
}

function verdictLines(
  variant: Variant,
  membership: Membership,
  rows: readonly Row[],
  notation: Notation,
  style: Style,
): readonly string[] {
  const { title, good, bad, doubtful } = paint(style);
  const { tier, undecided, prior } = membership;
  const colour = tier === 'outside' ? bad : undecided.length > 0 ? doubtful : good;
  const proper = prior === undefined ? [] : [phraseText(properPhrase(prior.proper), notation)];
  return [
    `${title(plainText(variant.id))}  ${colour(tier)}`,
    ...labelled(rows, style),
    '',
    ...[tierSentence(membership), ...proper].flatMap((sentence) => fill(sentence, style.width, '  ')),
  ];
}

function facts(
  variant: Variant,
  membership: Membership,
  notation: Notation,
  ratio: readonly Row[],
): readonly Row[] {
  const { logit, tier, gradientTier, prior, conditions, outside, witness, refutes } = membership;
  return [
    ...(logit === undefined
      ? [{ label: 'loss', text: unicode(variant.loss, notation), formula: true }]
      : [
          { label: 'link', text: 'logistic' },
          { label: 'logit', text: unicode(logit, notation), formula: true },
        ]),
    ...(outside === undefined ? [] : [{ label: 'why', text: WHY_SAYS[outside.why] }]),
    ...(outside?.why === 'batch-coupled' ? ofBatch(expand(variant.loss, variant.definitions)) : []),
    ...(outside === undefined ? [] : outsideRows(outside, notation)),
    ...priorRows(prior, notation),
    ...ratio,
    ...(prior === undefined
      ? []
      : [{ label: 'weight', text: unicode(weightOf(prior), notation), formula: true }]),
    ...(tier === gradientTier
      ? []
      : [{ label: 'gradient', text: `${gradientTier}, with what stands under a stop-gradient fixed` }]),
    ...conditions.map((smaller) => ({ label: 'smaller', text: smallerText(smaller, notation) })),
    ...grantedRows(usedIn(variant), notation),
    ...(witness === undefined
      ? []
      : [
          {
            label: 'witness',
            text: refutedText(refutes, witness),
          },
          { label: '', text: `at ${witnessValues(witness, notation)}` },
        ]),
  ];
}

/** Which data couple the pairs of a batch, and how to say that they do not. */
function ofBatch(loss: Expr): readonly Row[] {
  const names = new Set(statisticsIn(loss).flatMap((e) => (e.kind === 'apply' ? [e.name] : [])));
  return [...names].map((name) => ({
    label: '',
    text: `${name}() has one value for a batch; one value for each prompt is ${name}(x)`,
  }));
}

/** What is granted about hyper-parameters that the loss has: a file may declare some for its evidence alone. */
function usedIn({ loss, definitions, declared }: Variant): Declarations {
  const names = new Set(
    [...nodes(expand(loss, definitions))].flatMap(([node]) => (node.kind === 'sym' ? [node.name] : [])),
  );
  const parameters = Object.entries(declared.parameters).filter(([name]) => names.has(name));
  return { ...declared, parameters: Object.fromEntries(parameters) };
}

/** Zero for all responses a, b, c, d if the logit u is in the next smaller tier. */
const TESTS = {
  cocycle: 'u(a,b) + u(b,c) + u(c,a)',
  separable: SEPARABLE,
} as const;

/** -log(sigmoid) is positive everywhere, and what it is of is -log(exp(loss) - 1). */
const refutedText = (refutes: Refuted | undefined, witness: Witness): string =>
  refutes === 'positive'
    ? 'the loss is not positive, as a logistic loss is,'
    : `${TESTS[refutes ?? 'separable']} is ${enclosed(witness.left)}, not 0,`;

const weightOf = (prior: Prior): Expr => (prior.kind === 'one' ? prior.prior : prior.chosen).weight;

function priorRows(prior: Prior | undefined, notation: Notation): readonly Row[] {
  if (prior === undefined) return [];
  const zeta = (e: Expr): string => `ζ(y) ∝ ${unicode(e, notation)}`;
  return prior.kind === 'one'
    ? [{ label: 'prior', text: zeta(prior.prior.zeta), formula: true }]
    : [
        { label: 'prior', sub: 'chosen', text: zeta(prior.chosen.zeta), formula: true },
        { label: '', sub: 'rejected', text: zeta(prior.rejected.zeta), formula: true },
      ];
}

function smallerText({ tier, when, weight }: SmallerTier, notation: Notation): string {
  const condition = `${tier} ${iffOrIf(when)} ${phraseText(whenPhrase([when]), notation)}`;
  if (weight === undefined) return condition;
  return `${condition}, with the weight ${unicode(weight, notation)}, which differs from pair to pair`;
}

function proofRow(label: string, certificate: Certificate | undefined, notation: Notation): readonly Row[] {
  if (certificate === undefined) return [];
  const { verdict } = certificate;
  const text =
    verdict.kind === 'accepted'
      ? `${counted(verdict.steps, 'step')} accepted by the independent checker`
      : `refused by the independent checker: ${phraseText(refusalPhrase(verdict.fault), notation)}`;
  return [{ label, text }];
}

const counted = (n: number, of: string): string => `${n} ${of}${n === 1 ? '' : 's'}`;
