/** `midpo derive`: the stages from the objective to the closed form, in a chosen format. */

import type { DerivationReport, Marks } from '../index.ts';
import {
  derivationBib,
  derivationHtml,
  derivationLatex,
  derivationMarkdown,
  derivationText,
  derive as deriveClaim,
  jsonText,
  storedTrace,
} from '../index.ts';
import type { ClaimOptions } from './claims.ts';
import { readLoss } from './claims.ts';
import type { DerivationFormat } from './format.ts';
import { katexFiles } from './katex.ts';
import { noSymbols, readMarks } from './notation.ts';
import type { Outcome } from './outcome.ts';
import { answer, EXIT, ended, refusal } from './outcome.ts';
import { styleOfOutput } from './terminal.ts';
import { writeWhole } from './write.ts';

export interface DeriveOptions extends ClaimOptions {
  readonly to: DerivationFormat;
  readonly output?: string | undefined;
  readonly steps?: true | undefined;
  readonly highlight?: true | undefined;
  readonly notation?: string | undefined;
  readonly bib?: string | undefined;
}

type Derived = Extract<DerivationReport, { readonly kind: 'derived' }>;

export async function derive(claims: readonly string[], options: DeriveOptions): Promise<Outcome> {
  const misplaced = misplacedOption(options);
  if (misplaced !== undefined) return refusal(misplaced);
  const marks = await readMarks(options.notation);
  if (marks !== undefined && 'exit' in marks) return marks;
  const claim = await readLoss(claims, options);
  if ('exit' in claim) return claim;
  const report = deriveClaim(claim);
  if (report.kind === 'outside' || report.verdict.kind === 'refused')
    return notDerived(report, options, marks);
  const page = await write(report, options, marks);
  const { output, bib } = options;
  const isShown = output === undefined || output === '-';
  const fault =
    (isShown ? undefined : writeWhole(output, ended(page))) ??
    (bib === undefined ? undefined : writeWhole(bib, derivationBib(report)));
  if (fault !== undefined) return refusal(fault);
  return isShown ? answer(EXIT.holds, page) : { exit: EXIT.holds };
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

/**
 * Why there is no derivation to show: for people on standard output; in any other format on standard error,
 * and no file is written.
 */
function notDerived(
  report: DerivationReport,
  { to, output }: DeriveOptions,
  marks: Marks | undefined,
): Outcome {
  const isOpen = report.kind === 'outside' && report.membership.undecided.length > 0;
  const exit = isOpen ? EXIT.undecided : EXIT.fails;
  if (to === 'text' && output === undefined)
    return answer(exit, derivationText(report, styleOfOutput(), { marks }));
  return { exit, err: ended(derivationText(report, { ...styleOfOutput(), color: false }, { marks })) };
}
