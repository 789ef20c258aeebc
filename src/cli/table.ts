/** `midpo table`: several losses side by side, as a paper compares them. */

import type { Marks, TableColumn, TableReport, Variant } from '../index.ts';
import {
  faultText,
  jsonText,
  reportTable,
  tableHtml,
  tableJson,
  tableLatex,
  tableMarkdown,
  tableText,
} from '../index.ts';
import { catalogue, loadVariant } from '../node.ts';
import type { ClaimOptions } from './claims.ts';
import { readLosses } from './claims.ts';
import type { Format, TableFormat } from './format.ts';
import { formatFault, TABLE_FORMATS } from './format.ts';
import { katexFiles } from './katex.ts';
import { noSymbols, readMarks } from './notation.ts';
import type { Outcome } from './outcome.ts';
import { answer, EXIT, ended, refusal } from './outcome.ts';
import { styleOfOutput } from './terminal.ts';
import { writeWhole } from './write.ts';

export interface TableOptions extends ClaimOptions, Format<TableFormat> {
  readonly columns: readonly TableColumn[];
  readonly notation?: string | undefined;
}

/** Without claims it is the table of the whole catalogue. */
export async function table(claims: readonly string[], options: TableOptions): Promise<Outcome> {
  const given = claims.length + (options.expression?.length ?? 0);
  if (given === 0 && [...(options.assume ?? []), ...(options.data ?? [])].length > 0) {
    return refusal(
      '--assume and --data are about formulas, and there is none: the table is of the catalogue',
    );
  }
  const misuse = formatFault(options, TABLE_FORMATS);
  if (misuse !== undefined) return refusal(misuse);
  if (options.to === 'json' && options.notation !== undefined) return refusal(noSymbols('json'));
  const marks = await readMarks(options.notation);
  if (marks !== undefined && 'exit' in marks) return marks;
  const variants = given === 0 ? all() : await readLosses(claims, options);
  if ('exit' in variants) return variants;
  const page = await write(reportTable(variants), options, marks);
  const { output } = options;
  if (output === undefined || output === '-') return answer(EXIT.holds, page);
  const fault = writeWhole(output, ended(page));
  return fault === undefined ? { exit: EXIT.holds } : refusal(fault);
}

function all(): readonly Variant[] | Outcome {
  const variants: Variant[] = [];
  for (const id of catalogue()) {
    const variant = loadVariant(id);
    if (variant.kind !== 'variant') return refusal(faultText(variant));
    variants.push(variant);
  }
  return variants;
}

/** To a file goes text without colours. */
async function write(
  report: TableReport,
  { to, columns, output }: TableOptions,
  marks: Marks | undefined,
): Promise<string> {
  switch (to) {
    case 'text':
      return tableText(
        report,
        columns,
        { ...styleOfOutput(), ...(output !== undefined && { color: false }) },
        { marks },
      );
    case 'latex':
      return tableLatex(report, columns, { standalone: true, marks });
    case 'latex-fragment':
      return tableLatex(report, columns, { standalone: false, marks });
    case 'html':
      return tableHtml(report, columns, katexFiles(), { marks });
    case 'markdown':
      return tableMarkdown(report, columns, { marks });
    case 'json':
      return jsonText(tableJson(report, columns));
  }
}
