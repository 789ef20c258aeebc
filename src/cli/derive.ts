/** `midpo derive`: the stages from the objective to the closed form, in a chosen format. */

import type { DerivationReport } from '../index.ts';
import {
  derivationLatex,
  derivationMarkdown,
  derivationText,
  jsonText,
  reportDerivation,
  storedTrace,
} from '../index.ts';
import type { ClaimOptions } from './claims.ts';
import { readLoss } from './claims.ts';
import type { Format } from './format.ts';
import type { Outcome } from './outcome.ts';
import { answer, EXIT, ended, refusal } from './outcome.ts';
import { styleOfOutput } from './terminal.ts';
import { writeWhole } from './write.ts';

export interface DeriveOptions extends ClaimOptions {
  readonly to: Format;
  readonly output?: string | undefined;
}

type Derived = Extract<DerivationReport, { readonly kind: 'derived' }>;

export async function derive(claims: readonly string[], options: DeriveOptions): Promise<Outcome> {
  const claim = await readLoss(claims, options);
  if ('exit' in claim) return claim;
  const report = reportDerivation(claim);
  if (report.kind === 'outside' || report.verdict.kind === 'refused') return notDerived(report, options);
  const page = write(report, options);
  const { output } = options;
  if (output === undefined || output === '-') return answer(EXIT.holds, page);
  const fault = writeWhole(output, ended(page));
  return fault === undefined ? { exit: EXIT.holds } : refusal(fault);
}

/** To a file goes text without colours. */
function write(report: Derived, { to, output }: DeriveOptions): string {
  switch (to) {
    case 'text':
      return derivationText(report, { ...styleOfOutput(), ...(output !== undefined && { color: false }) });
    case 'latex':
      return derivationLatex(report, { standalone: true });
    case 'latex-fragment':
      return derivationLatex(report, { standalone: false });
    case 'markdown':
      return derivationMarkdown(report);
    case 'json':
      return jsonText(storedTrace(report.trace));
  }
}

/**
 * Why there is no derivation to show: for people on standard output; in any other format on standard error,
 * and no file is written.
 */
function notDerived(report: DerivationReport, { to, output }: DeriveOptions): Outcome {
  const isOpen = report.kind === 'outside' && report.membership.undecided.length > 0;
  const exit = isOpen ? EXIT.undecided : EXIT.fails;
  if (to === 'text' && output === undefined) return answer(exit, derivationText(report, styleOfOutput()));
  return { exit, err: ended(derivationText(report, { ...styleOfOutput(), color: false })) };
}
