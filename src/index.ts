/**
 * midpo as a library. It runs wherever JavaScript does; what needs a file system is in `midpo/node`.
 *
 *     const variant = formulaClaim('-log(sigmoid(beta * log(pi(w)/pi(l))))', { assume: ['beta > 0'] });
 *     if (variant.kind === 'variant') console.log(classify(variant).membership.tier);
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
export type { Alternative, Equation } from './forms/alternative.ts';
// Equality, decided.
export type { Decision } from './forms/decide.ts';
export { decide } from './forms/decide.ts';
export { decideGradients } from './forms/gradient.ts';
export type { Licences } from './forms/prove.ts';
export type { Witness } from './forms/witness.ts';
export type { Boundary } from './framework/boundary.ts';
// The framework.
export type { Change } from './framework/changes.ts';
export type { Answer } from './framework/claim.ts';
export type { Divergence, DivergenceName } from './framework/divergence.ts';
export type { Family, FamilyId } from './framework/families.ts';
export type { Limit } from './framework/limits.ts';
export type { Prior, Standing } from './framework/logit.ts';
export type { Member } from './framework/members.ts';
export type { Membership, Outside, SmallerTier, When, Why } from './framework/membership.ts';
export type { Nearest } from './framework/nearest.ts';
export type { Link } from './framework/outside.ts';
export type { Solved } from './framework/prior.ts';
export type { Proper } from './framework/proper.ts';
export type { Property, PropertyId } from './framework/properties.ts';
export type { LinkName, Shape } from './framework/shape.ts';
export type { Tier } from './framework/tier.ts';
export { TIERS } from './framework/tier.ts';
// Kernels: losses and gradients of large batches, compiled to WebAssembly.
export type { Batch, BatchInput, ResponsesInput, Role } from './numeric/batch.ts';
export { batch } from './numeric/batch.ts';
// Checks on random draws, which any thread can run.
export type { Crew, DrawAnswer, DrawTask, Run } from './numeric/dealt.ts';
export { compareDraw } from './numeric/dealt.ts';
// Reference vectors.
export type { Vectors, VectorsFault } from './numeric/vectors.ts';
export { readVectors } from './numeric/vectors.ts';
export type { BatchKernel, BatchResults } from './numeric/wasm/batch-kernel.ts';
export { compileBatch, layoutOf } from './numeric/wasm/batch-kernel.ts';
export { compileColumns } from './numeric/wasm/column-kernel.ts';
export type { ColumnKernel, ColumnResults, Columns, Workspace } from './numeric/wasm/column-run.ts';
// Pages: reports in words and formulas.
export { auditText } from './render/audit-text.ts';
export { catalogueText } from './render/catalogue-text.ts';
export { comparisonText } from './render/comparison-text.ts';
export { derivationHtml } from './render/derivation-html.ts';
export type { LatexOptions } from './render/derivation-latex.ts';
export { derivationBib, derivationLatex } from './render/derivation-latex.ts';
export { derivationMarkdown } from './render/derivation-markdown.ts';
export { derivationText } from './render/derivation-text.ts';
export { faultText } from './render/fault.ts';
export type { KatexFiles } from './render/html-page.ts';
export { auditJson, catalogueJson, comparisonJson, membershipJson, verificationJson } from './render/json.ts';
export { jsonText } from './render/json-text.ts';
export { logpsFault } from './render/logps-fault.ts';
export { logpsJson } from './render/logps-json.ts';
export type { RowFormat } from './render/logps-rows.ts';
export { rowsHead, rowsText } from './render/logps-rows.ts';
export { logpsText } from './render/logps-text.ts';
export { marksOf } from './render/marks.ts';
export { membershipText } from './render/membership-text.ts';
export type { Marks } from './render/notation.ts';
export { plotCsv, plotJson } from './render/plot-data.ts';
export { plotFault } from './render/plot-fault.ts';
export type { PlotSvgOptions } from './render/plot-svg.ts';
export { MOST_CURVES, plotSvg } from './render/plot-svg.ts';
export type { Target as PythonTarget } from './render/python/dialect.ts';
export { TARGETS as PYTHON_TARGETS } from './render/python/dialect.ts';
export type { PythonModule } from './render/python/module.ts';
export { pythonModule } from './render/python/module.ts';
export { exportJson } from './render/python/module-json.ts';
export type { Style } from './render/style.ts';
export type { TableColumn } from './render/table-head.ts';
export { TABLE_COLUMNS, USUAL_COLUMNS } from './render/table-head.ts';
export { tableHtml } from './render/table-html.ts';
export { tableJson } from './render/table-json.ts';
export { tableLatex } from './render/table-latex.ts';
export { tableMarkdown } from './render/table-markdown.ts';
export { tableText } from './render/table-text.ts';
export { derivationTemplate } from './render/template.ts';
export { verificationText } from './render/verification-text.ts';
// Reports: one claim end to end, facts only.
export type { AuditReport } from './report/audit.ts';
export { audit } from './report/audit.ts';
export type { CatalogueRow } from './report/catalogue.ts';
export { catalogueRow } from './report/catalogue.ts';
export type { ClashFault, ComparisonReport } from './report/comparison.ts';
export { reportComparison as compare } from './report/comparison.ts';
export type { DerivationReport } from './report/derivation.ts';
export { reportDerivation as derive } from './report/derivation.ts';
export type { ExportFault, ExportReport } from './report/export.ts';
export { reportExport } from './report/export.ts';
export type { LogpsFault, LogpsQuestion, LogpsReport } from './report/logps.ts';
export { reportLogps } from './report/logps.ts';
export type { Certificate, MembershipReport } from './report/membership.ts';
export { reportMembership as classify } from './report/membership.ts';
export type { Curve, PlotFault, PlotReport } from './report/plot.ts';
export { reportPlot } from './report/plot.ts';
export type { PlotAxis, PlotCurve, PlotQuestion } from './report/plot-question.ts';
export { PLOT_AXES, PLOT_CURVES } from './report/plot-question.ts';
export type { SettingFault, Settings } from './report/setting.ts';
export type { Abbreviation, TableReport, TableRow } from './report/table.ts';
export { reportTable } from './report/table.ts';
export { withVectorised } from './report/vectorised.ts';
export type {
  Exhibit,
  Sampling,
  VerificationFault,
  VerificationReport,
} from './report/verification.ts';
export { DEFAULT_SAMPLING, reportVerification as verify } from './report/verification.ts';
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
export type { NotationFile } from './variant/notation-file.ts';
export { readNotation } from './variant/notation-file.ts';
export { readVariant } from './variant/read.ts';
export type { Evidence, Paper, Parameter, Variant } from './variant/variant.ts';
