/** The page of findings: what the framework unifies, tier by tier, from the catalogue itself. */

import type { Expr } from '../expr/expr.ts';
import type { Tier } from '../framework/tier.ts';
import { TIERS } from '../framework/tier.ts';
import type { MembershipReport } from '../report/membership.ts';
import { iffOrIf, whenPhrase } from './condition.ts';
import { escapeMarkdown } from './escape.ts';
import { LINK_SAYS, NEAREST_SAYS } from './outside-text.ts';
import { maths, phraseMarkdown } from './phrase.ts';
import { FAMILY_NAMES } from './profile-text.ts';
import { variantNotation } from './variant-notation.ts';
import { TIER_SAYS } from './words.ts';

const HEADS: Readonly<Record<Tier, string>> = {
  marginal: 'Marginal: one prior over responses',
  conditional: 'Conditional: a prior fixed with respect to the policy',
  'policy-dependent': 'Policy-dependent: a prior that moves with the policy',
  'label-dependent': 'Label-dependent: one prior for chosen, another for rejected responses',
  outside: 'Outside',
};

/** The page in Markdown: prose around tables that are computed from the reports. */
export function findingsPage(reports: readonly MembershipReport[], prose: string): string {
  const sections = TIERS.flatMap((tier) => {
    const own = reports.filter(({ membership }) => membership.tier === tier);
    if (own.length === 0)
      return [`## ${HEADS[tier]}`, `${TIER_SAYS[tier]} No loss of the catalogue as published.`];
    return [`## ${HEADS[tier]}`, TIER_SAYS[tier], tier === 'outside' ? outsideTable(own) : insideTable(own)];
  });
  return `${[prose.trim(), counts(reports), ...sections].join('\n\n')}\n`;
}

function counts(reports: readonly MembershipReport[]): string {
  const row = TIERS.map((tier) => {
    const own = reports.filter(({ membership }) => membership.tier === tier);
    return `| ${tier} | ${own.length} | ${own.map(({ variant }) => variant.id).join(', ')} |`;
  });
  return ['| tier | losses | which |', '| --- | ---: | --- |', ...row].join('\n');
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

function insideTable(reports: readonly MembershipReport[]): string {
  const rows = reports.map((report) => {
    const { membership, families } = report;
    const prior = membership.prior;
    const solved =
      prior === undefined ? [] : prior.kind === 'one' ? [prior.prior] : [prior.chosen, prior.rejected];
    const formulas = solved.map(({ zeta }) => formula(zeta, report)).join(' and ');
    const weight = solved[0] === undefined ? '' : formula(solved[0].weight, report);
    const gradient = membership.gradientTier === membership.tier ? '' : membership.gradientTier;
    const ofFamilies = families.filter(({ answer }) => answer === 'yes').map(({ id }) => FAMILY_NAMES[id]);
    const cells = [name(report), formulas, weight, gradient, conditions(report), ofFamilies.join(', ')];
    return `| ${cells.map(cell).join(' | ')} |`;
  });
  return [
    '| loss | prior, up to a factor | weight | as a function to differentiate | smaller tier | families |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function outsideTable(reports: readonly MembershipReport[]): string {
  const rows = reports.map((report) => {
    const { outside } = report.membership;
    const link = outside?.link === undefined ? '' : LINK_SAYS[outside.link.name];
    const inner = outside?.inner === undefined || outside.inner.tier === 'outside' ? '' : outside.inner.tier;
    const nearest =
      outside?.nearest === undefined ? '' : `${NEAREST_SAYS[outside.nearest.kind]}: ${outside.nearest.tier}`;
    const ofFamilies = report.families
      .filter(({ answer }) => answer === 'yes')
      .map(({ id }) => FAMILY_NAMES[id]);
    const cells = [
      name(report),
      outside?.why ?? '',
      link,
      inner,
      nearest,
      conditions(report),
      ofFamilies.join(', '),
    ];
    return `| ${cells.map(cell).join(' | ')} |`;
  });
  return [
    '| loss | why | link | tier of its logit | nearest loss inside | inside | families |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

const name = ({ variant }: MembershipReport): string => escapeMarkdown(variant.title);

const formula = (e: Expr, { variant, membership }: MembershipReport): string =>
  phraseMarkdown([maths(e)], variantNotation(variant, membership.tier));

const conditions = ({ variant, membership }: MembershipReport): string =>
  membership.conditions
    .map(
      ({ tier, when }) =>
        `${tier} ${iffOrIf(when)} ${phraseMarkdown(whenPhrase([when]), variantNotation(variant))}`,
    )
    .join('; ');
