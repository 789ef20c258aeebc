/**
 * midpo as a library. It runs wherever JavaScript does; what needs a file system is in `midpo/node`.
 *
 *     const variant = formulaClaim('-log(sigmoid(beta * log(pi(w)/pi(l))))', { assume: ['beta > 0'] });
 *     if (variant.kind === 'variant') console.log(reportMembership(variant).membership.tier);
 *
 * Bad input is answered with a fault, data tagged by `kind`, that `faultText` puts into words; only `parse`
 * throws (FormulaError).
 */

// Proofs as data, and the independent judge of them.
export type { Accepted, Verdict } from './checker/check.ts';
export { check } from './checker/check.ts';
export type { Fault } from './checker/fault.ts';
// Expressions, and what is granted about their names.
export { freeNames } from './expr/binder.ts';
export type { Datum, Declarations, Domain, Fact } from './expr/declare.ts';
export { BUILT_IN, NOTHING_DECLARED } from './expr/declare.ts';
export type { Expr, Sort, Sym, Var } from './expr/expr.ts';
export type { Rational } from './expr/rational.ts';
// Equality, decided.
export type { Decision, Licences } from './forms/decide.ts';
export { decide } from './forms/decide.ts';
export { decideGradients } from './forms/gradient.ts';
export type { Alternative, Equation } from './forms/solve.ts';
export type { Witness } from './forms/witness.ts';
// The framework.
export type { Membership, Outside, SmallerTier, Why } from './framework/membership.ts';
export { classify } from './framework/membership.ts';
export type { Tier } from './framework/tier.ts';
export { TIERS } from './framework/tier.ts';
// Reference vectors.
export type { Vectors, VectorsFault } from './numeric/vectors.ts';
export { readVectors } from './numeric/vectors.ts';
// Pages: reports in words and formulas.
export { auditText } from './render/audit-text.ts';
export { catalogueText } from './render/catalogue-text.ts';
export { comparisonText } from './render/comparison-text.ts';
export { derivationLatex } from './render/derivation-latex.ts';
export { derivationMarkdown } from './render/derivation-markdown.ts';
export { derivationText } from './render/derivation-text.ts';
export { faultText } from './render/fault.ts';
export { auditJson, catalogueJson, comparisonJson, membershipJson, verificationJson } from './render/json.ts';
export { jsonText } from './render/json-text.ts';
export { membershipText } from './render/membership-text.ts';
export type { Style } from './render/style.ts';
export { verificationText } from './render/verification-text.ts';
// Reports: one claim end to end, facts only.
export type { AuditReport } from './report/audit.ts';
export { audit } from './report/audit.ts';
export type { CatalogueRow } from './report/catalogue.ts';
export { catalogueRow } from './report/catalogue.ts';
export type { ClashFault, ComparisonReport } from './report/comparison.ts';
export { reportComparison } from './report/comparison.ts';
export type { DerivationReport } from './report/derivation.ts';
export { reportDerivation } from './report/derivation.ts';
export type { Certificate, MembershipReport } from './report/membership.ts';
export { reportMembership } from './report/membership.ts';
export type {
  Exhibit,
  Progress,
  Sampling,
  VerificationFault,
  VerificationReport,
} from './report/verification.ts';
export { DEFAULT_SAMPLING, reportVerification } from './report/verification.ts';
export { readAssumption, readDatum } from './syntax/assume.ts';
export type { FormulaFault } from './syntax/fault.ts';
export { FormulaError } from './syntax/fault.ts';
export { nearest } from './syntax/nearest.ts';
export { parse } from './syntax/parse.ts';
export { print } from './syntax/print.ts';
export type { Scope } from './syntax/scope.ts';
export { FORMULA_SCOPE } from './syntax/scope.ts';
export { storedTrace } from './trace/digest.ts';
export type { Json } from './trace/json.ts';
export type { StoredTrace, TraceFault } from './trace/read.ts';
export { readTrace } from './trace/read.ts';
export type { Stage, Step, Trace } from './trace/trace.ts';
// Claims: derivation files and formulas.
export type { Granted } from './variant/claim.ts';
export { assuming, formulaClaim } from './variant/claim.ts';
export { expand } from './variant/expand.ts';
export type { ClaimFault, FileFault, FormulaClaimFault, VariantFault } from './variant/fault.ts';
export { readVariant } from './variant/read.ts';
export type { Evidence, Paper, Parameter, Variant } from './variant/variant.ts';
