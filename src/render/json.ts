/** Reports as JSON for programs. Formulas are printed in the formula language; numbers that are not finite are strings. */

import type { Declarations } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import type { Decision } from '../forms/decide.ts';
import type { Membership } from '../framework/membership.ts';
import type { Disagreement, Measure, Where } from '../numeric/tally.ts';
import type { CatalogueRow } from '../report/catalogue.ts';
import type { ComparisonReport } from '../report/comparison.ts';
import type { Certificate, MembershipReport } from '../report/membership.ts';
import type { VerificationReport } from '../report/verification.ts';
import { print } from '../syntax/print.ts';
import { storedTrace } from '../trace/digest.ts';
import type { Json } from '../trace/json.ts';
import type { Paper } from '../variant/variant.ts';
import type { Audited } from './audit-text.ts';
import { changeJson } from './change-json.ts';
import { refusalPhrase } from './checker-fault.ts';
import { isExact, plainAlternative, plainWhen } from './condition.ts';
import { outsideJson } from './outside-json.ts';
import { pairJson } from './pair-json.ts';
import { phrasePlain } from './phrase.ts';
import { boundaryJson, familyJson, limitJson, propertyJson } from './profile-json.ts';
import { assumptions, factStatement, plainStatement } from './statement.ts';
import { witnessJson } from './witness-json.ts';

type Fields = { readonly [key: string]: Json };

const number = (x: number): Json => (Number.isFinite(x) ? x : `${x}`);
const formula = (e: Expr | undefined): Json => (e === undefined ? null : print(e));
const granted = (declared: Declarations): Json => assumptions(declared).map(plainStatement);

/** `midpo check`: the membership of one claim, with its proofs as `midpo audit` takes them. */
export function membershipJson(report: MembershipReport): Json {
  const { variant, membership, identity, derivation } = report;
  const { logit, tier, gradientTier, conditions, outside, undecided, witness, refutes } = membership;
  return {
    schema: 'midpo/check',
    version: 1,
    claim: variant.id,
    link: logit === undefined ? null : 'logistic',
    logit: formula(logit),
    tier,
    gradientTier,
    prior: priorJson(membership, report.ratio),
    conditions: conditions.map(({ tier: smaller, when, weight }) => ({
      tier: smaller,
      when: plainWhen(when),
      exact: isExact(when),
      ...(weight !== undefined && { weight: print(weight) }),
    })),
    assumptions: granted(variant.declared),
    outside: outside === undefined ? null : outsideJson(outside),
    families: report.families.map(familyJson),
    properties: report.properties.map(propertyJson),
    limits: report.limits.map(limitJson),
    boundaries: report.boundaries.map(boundaryJson),
    undecided,
    refutes: refutes ?? null,
    witness: witnessJson(witness),
    certificate: { identity: traceJson(identity), derivation: traceJson(derivation) },
  };
}

const traceJson = (certificate: Certificate | undefined): Json =>
  certificate === undefined ? null : storedTrace(certificate.trace);

/** Where the prior differs by label, `zeta` and `logZeta` are those of the chosen response. */
function priorJson({ prior }: Membership, ratio: Expr | undefined): Json {
  if (prior === undefined) return null;
  const { weight, zeta, logZeta } = prior.kind === 'one' ? prior.prior : prior.chosen;
  const common: Fields = {
    weight: print(weight),
    zeta: print(zeta),
    logZeta: print(logZeta),
    proper: prior.proper.answer,
    properWhen: prior.proper.when.map((fact) => plainStatement(factStatement(fact))),
  };
  if (prior.kind === 'one') return common;
  return {
    ...common,
    chosen: print(prior.chosen.zeta),
    rejected: print(prior.rejected.zeta),
    ratio: formula(ratio),
  };
}

/** `midpo compare`: equality of values and of gradients. */
export const comparisonJson = ({
  left,
  right,
  declared,
  values,
  gradients,
  changes,
}: ComparisonReport): Json => ({
  schema: 'midpo/compare',
  version: 1,
  left: left.id,
  right: right.id,
  assumptions: granted(declared),
  values: decisionJson(values),
  gradients: decisionJson(gradients),
  changes: changes === undefined ? null : changes.map(changeJson),
});

function decisionJson(decision: Decision): Json {
  const { answer } = decision;
  return {
    answer,
    conditions: answer === 'proved' ? conditionsOf(decision) : [],
    when: answer === 'proved' ? [] : decision.when.map(plainAlternative),
    whenData: answer === 'proved' ? [] : decision.whenData.map(plainAlternative),
    solved: answer === 'proved' ? true : decision.solved,
    witness: answer === 'refuted' ? witnessJson(decision.witness) : null,
    reason: answer === 'undecided' ? decision.reason : null,
    residual: answer === 'undecided' ? formula(decision.residual) : null,
  };
}

/** The licences that a proof used, then what only one side needs. */
function conditionsOf({ licences }: Extract<Decision, { readonly answer: 'proved' }>): Json {
  const { used, onlyLeft, onlyRight } = licences;
  const beside =
    (note: string) =>
    (text: string): string =>
      `${text} (only the ${note} side needs it)`;
  const plain = (facts: typeof used): readonly string[] => facts.map((f) => plainStatement(factStatement(f)));
  return [
    ...new Set([
      ...plain(used),
      ...plain(onlyLeft).map(beside('left')),
      ...plain(onlyRight).map(beside('right')),
    ]),
  ];
}

/** `midpo verify`: every numerical check with its worst differences. */
export const verificationJson = ({ variant, sampling, checks, verified }: VerificationReport): Json => ({
  schema: 'midpo/verify',
  version: 1,
  claim: variant.id,
  answer: verified ? 'verified' : 'mismatch',
  seed: sampling.seed,
  checks: checks.map((check) => ({
    name: check.name,
    cases: check.cases,
    ...measureJson(check),
    gradients: check.gradients === null ? null : measureJson(check.gradients),
    disagreements: check.disagreements.map(disagreementJson),
  })),
});

const measureJson = ({ values, worst, passed }: Measure): Fields => ({
  values,
  worst: {
    abs: number(worst.abs),
    rel: number(worst.rel),
    ulp: number(worst.ulp),
    used: number(worst.used),
    at: worst.at === undefined ? null : placeJson(worst.at),
  },
  passed,
});

const placeJson = ({ case: index, batch, pair, role, token, entry, input }: Where): Json => ({
  case: index,
  ...(batch === undefined ? {} : { batch }),
  ...(pair === undefined ? {} : { pair }),
  ...(role === undefined ? {} : { role }),
  ...(token === undefined ? {} : { token }),
  ...(entry === undefined ? {} : { entry }),
  ...(input === undefined ? {} : { input: pairJson(input) }),
});

const disagreementJson = ({ at, ours, theirs, tolerance, exact, oursIsRight }: Disagreement): Json => ({
  at: placeJson(at),
  ours: number(ours),
  theirs: number(theirs),
  tolerance: number(tolerance),
  exact: number(exact),
  oursIsRight,
});

/** `midpo audit`, and `midpo derive` where it is a refusal: what the checker said of a trace. Steps are counted from 1, as in the sentence. */
export function auditJson({ trace, verdict }: Pick<Audited, 'trace' | 'verdict'>): Json {
  const common: Fields = { schema: 'midpo/audit', version: 1, claim: trace.claim };
  if (verdict.kind === 'accepted') {
    const { stages, steps, rests } = verdict;
    return { ...common, verdict: 'accepted', stages, steps, rests, fault: null };
  }
  const { stage, step, reason } = verdict.fault;
  return {
    ...common,
    verdict: 'refused',
    stages: trace.stages.length,
    steps: null,
    rests: [],
    fault: {
      kind: reason.kind,
      stage: stage ?? null,
      step: step === undefined ? null : step + 1,
      says: phrasePlain(refusalPhrase(verdict.fault)),
    },
  };
}

/** `midpo list`: the catalogue. */
export const catalogueJson = (rows: readonly CatalogueRow[]): Json => ({
  schema: 'midpo/list',
  version: 1,
  variants: rows.map(({ variant, membership }) => ({
    id: variant.id,
    title: variant.title,
    tier: membership.tier,
    gradientTier: membership.gradientTier,
    paper: paperJson(variant.paper),
  })),
});

const paperJson = (paper: Paper | undefined): Json => (paper === undefined ? null : { ...paper });
