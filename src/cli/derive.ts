/** `midpo derive`: the stages from the objective to the closed form, in a chosen format. */

import type { DerivationReport, Fault, Marks } from '../index.ts';
import {
  auditJson,
  derivationBib,
  derivationHtml,
  derivationLatex,
  derivationMarkdown,
  derivationText,
  derive as deriveClaim,
  faultText,
  jsonText,
  storedTrace,
} from '../index.ts';
import type { ClaimOptions } from './claims.ts';
import { readLoss } from './claims.ts';
import type { DerivationFormat, Format } from './format.ts';
import { DERIVATION_FORMATS, formatFault } from './format.ts';
import { katexFiles } from './katex.ts';
import { noSymbols, readMarks } from './notation.ts';
import type { Outcome } from './outcome.ts';
import { answer, document, EXIT, ended, refusal } from './outcome.ts';
import { styleOfOutput } from './terminal.ts';
import { writeWhole } from './write.ts';

export interface DeriveOptions extends ClaimOptions, Format<DerivationFormat> {
  readonly steps?: true | undefined;
  readonly highlight?: true | undefined;
  readonly notation?: string | undefined;
  readonly bib?: string | undefined;
}

/** Whether the page goes to standard output. */
const isShown = (output: string | undefined): output is '-' | undefined =>
  output === undefined || output === '-';

type Derived = Extract<DerivationReport, { readonly kind: 'derived' }>;
type Outside = Exclude<DerivationReport, Derived>;

export async function derive(claims: readonly string[], options: DeriveOptions): Promise<Outcome> {
  const misplaced = formatFault(options, DERIVATION_FORMATS) ?? misplacedOption(options);
  if (misplaced !== undefined) return refusal(misplaced);
  const marks = await readMarks(options.notation);
  if (marks !== undefined && 'exit' in marks) return marks;
  const claim = await readLoss(claims, options);
  if ('exit' in claim) return claim;
  const report = deriveClaim(claim);
  if (report.kind === 'outside') return hasNone(report, options);
  if (report.verdict.kind === 'refused') return refused(report, report.verdict.fault, options, marks);
  const page = await write(report, options, marks);
  const { output, bib } = options;
  const fault =
    (isShown(output) ? undefined : writeWhole(output, ended(page))) ??
    (bib === undefined ? undefined : writeWhole(bib, derivationBib(report)));
  if (fault !== undefined) return refusal(fault);
  return isShown(output) ? answer(EXIT.holds, page) : { exit: EXIT.holds };
}

/** An option that says nothing to the format that is asked for. */
function misplacedOption({ to, highlight, bib, notation }: DeriveOptions): string | undefined {
  const isLatex = to === 'latex' || to === 'latex-fragment';
  if (highlight === true && !isLatex)
    return '--highlight is for LaTeX: add --to latex or --to latex-fragment';
  if (bib !== undefined && !isLatex) return '--bib is for LaTeX: add --to latex or --to latex-fragment';
  const isNamed = to === 'json' && notation !== undefined;
  return isNamed ? noSymbols(to) : undefined;
}

/** To a file goes text without colours. */
async function write(report: Derived, options: DeriveOptions, marks: Marks | undefined): Promise<string> {
  const { to, output, steps = false, highlight = false, bib } = options;
  switch (to) {
    case 'text': {
      const style = { ...styleOfOutput(), ...(output !== undefined && { color: false }) };
      return derivationText(report, style, { marks, steps });
    }
    case 'latex':
      return derivationLatex(report, { standalone: true, highlight, marks });
    case 'latex-fragment':
      return derivationLatex(report, {
        standalone: false,
        steps,
        highlight,
        cites: bib !== undefined,
        marks,
      });
    case 'markdown':
      return derivationMarkdown(report, { marks });
    case 'quarto':
      return derivationMarkdown(report, { marks, flavour: 'quarto' });
    case 'html':
      return derivationHtml(report, katexFiles(), { marks });
    case 'json':
      return jsonText(storedTrace(report.trace));
  }
}

/** A loss outside has no derivation: why, for people on standard output, in any other format on standard error. No file is written. */
function hasNone(report: Outside, { to, output }: DeriveOptions): Outcome {
  const exit = report.membership.undecided.length > 0 ? EXIT.undecided : EXIT.fails;
  if (isShown(output) && to === 'text') return answer(exit, derivationText(report, styleOfOutput()));
  return { exit, err: ended(derivationText(report, { ...styleOfOutput(), color: false })) };
}

/**
 * A derivation that the independent checker refused: the verdict and then the attempt for people on standard output,
 * the verdict for programs there, in any other format on standard error. No file is written.
 */
function refused(
  report: Derived,
  fault: Fault,
  { to, output, steps }: DeriveOptions,
  marks: Marks | undefined,
): Outcome {
  if (isShown(output) && to === 'json') return document(EXIT.fails, auditJson(report));
  if (isShown(output) && to === 'text')
    return answer(EXIT.fails, derivationText(report, styleOfOutput(), { marks, steps: steps === true }));
  return {
    exit: EXIT.fails,
    err: `${report.variant.id} is not derived, and nothing is written: ${faultText(fault)}\n`,
  };
}
